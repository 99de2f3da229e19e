"""`avowal.inference.gpu`: whether there is a GPU, and that torch is not imported to find none."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from avowal.inference import gpu

# NVIDIA's driver hides all its devices where this is set to nothing
NO_GPU = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}
without_amd = pytest.mark.skipif(Path("/dev/kfd").exists(), reason="AMD's driver is here")


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], env=NO_GPU, capture_output=True, text=True, timeout=120
    )


@without_amd
@pytest.mark.usefixtures("shipped")
def test_scoring_without_a_gpu_does_not_import_torch(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("“No,” said Ana Belu.", encoding="utf-8")
    command = ["score", str(article), "--out", str(tmp_path / "out.jsonl")]
    found = python(
        "import sys, avowal\n"
        "from avowal.cli import main\n"
        "avowal.load().score(['No, said Ana Belu.'])\n"
        f"try: main({command!r})\n"
        "except SystemExit as end: print(end.code, 'torch' in sys.modules)\n"
    )
    assert found.stdout.split() == ["0", "False"]
    assert (tmp_path / "out.jsonl").stat().st_size


@without_amd
@pytest.mark.usefixtures("shipped")
def test_a_gpu_that_is_asked_for_and_not_there_is_an_error() -> None:
    found = python("import avowal; avowal.load(device='cuda')")
    assert found.stderr.splitlines()[-1] == (
        "RuntimeError: device 'cuda' needs a GPU and torch with CUDA: pip install 'avowal[gpu]'"
    )


class Driver:
    """NVIDIA's driver with `count` devices; `code` is what it answers when it is initialized."""

    def __init__(self, count: int, code: int = 0) -> None:
        self.count, self.code = count, code

    def cuInit(self, flags: int) -> int:  # noqa: N802
        return self.code

    def cuDeviceGetCount(self, count: Any) -> int:  # noqa: N802
        count._obj.value = self.count
        return 0


@pytest.mark.parametrize(
    ("driver", "offers"),
    [(Driver(2), True), (Driver(0), False), (Driver(2, code=100), False), (object(), False)],
)
def test_the_driver_says_whether_there_is_a_device(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, driver: object, offers: bool
) -> None:
    monkeypatch.setattr(gpu, "_AMD", tmp_path / "none")
    monkeypatch.setattr("ctypes.CDLL", lambda name: driver)
    assert gpu.may_have_gpu() is offers


def test_no_driver_is_no_device(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(gpu, "_AMD", tmp_path / "none")
    monkeypatch.setattr(gpu, "_DRIVERS", ("libnobody-has-this.so.1",))
    assert not gpu.may_have_gpu()


@pytest.mark.parametrize("available", [True, False])
def test_where_there_may_be_a_gpu_torch_decides(
    monkeypatch: pytest.MonkeyPatch, available: bool
) -> None:
    for name in ("torch", "transformers"):
        module = ModuleType(name)
        module.__spec__ = ModuleSpec(name, None)
        monkeypatch.setitem(sys.modules, name, module)
    cuda = SimpleNamespace(is_available=lambda: available)
    monkeypatch.setattr(sys.modules["torch"], "cuda", cuda, raising=False)
    monkeypatch.setattr(gpu, "may_have_gpu", lambda: True)
    assert gpu.has_cuda() is available
