"""Whether torch has a GPU to run a model on, told without importing torch where there is none.

Importing torch takes two seconds, and most machines that score have no GPU. NVIDIA's driver says
how many devices it lets this process use, which `CUDA_VISIBLE_DEVICES` may limit.
"""

from __future__ import annotations

import ctypes
import sys
from importlib.util import find_spec
from pathlib import Path

_DRIVERS = (
    ("nvcuda.dll",)
    if sys.platform == "win32"
    # the second is where NixOS keeps drivers, of which its loader does not know
    else ("libcuda.so.1", "/run/opengl-driver/lib/libcuda.so.1")
)
_AMD = Path("/dev/kfd")


def has_cuda() -> bool:
    """Whether torch is installed, with what it needs to run a model on a GPU, and finds one."""
    if find_spec("torch") is None or find_spec("transformers") is None:
        return False
    if "torch" not in sys.modules and not may_have_gpu():
        return False
    import torch

    return bool(torch.cuda.is_available())


def may_have_gpu() -> bool:
    """Whether NVIDIA's driver offers a device, or AMD's is there, which torch calls CUDA too."""
    return _AMD.exists() or any(map(_offers_device, _DRIVERS))


def _offers_device(driver: str) -> bool:
    try:
        library = ctypes.CDLL(driver)
        count = ctypes.c_int(0)
        return (
            not library.cuInit(0)
            and not library.cuDeviceGetCount(ctypes.byref(count))
            and (count.value > 0)
        )
    except (OSError, AttributeError):  # no such library, or one of that name that is no driver
        return False
