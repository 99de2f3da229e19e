"""What answers in a run: digests of the models and how they are run, to see that they stay."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from avowal.inference.loading import TASKS, find_models
from avowal.inference.model_folder import HEADS, JOINT, ONNX, SETTINGS, WEIGHTS, ModelFolder
from avowal.inference.runtime import choose_runtime
from avowal.version import __version__

_SETTINGS = ("avowal.json", "config.json", "tokenizer.json", "tokenizer_config.json")
_BLOCK = 1 << 18  # small enough to stay in a processor's cache between reading and digesting


def identity(model: str | Path = "mini", device: str = "auto") -> dict[str, str]:
    """What a run's records depend on beside its input, as names and values to compare.

    Args:
        model, device: as `avowal.load` takes them.

    Raises:
        FileNotFoundError, ModelError, RuntimeError, ValueError: as `avowal.load` does.
    """
    folders = find_models(model)
    runtimes = {
        task: choose_runtime(folder, device)
        for task, folder in folders.items()
        if task in (*TASKS, JOINT)
    }
    return {
        "avowal": __version__,
        **{
            f"the {task} model": _digest(folders[task], runtimes.get(task))
            for task in sorted(folders)
        },
        "the runtime": " and ".join(sorted(set(runtimes.values()))),
    }


def _digest(folder: ModelFolder, runtime: str | None) -> str:
    if runtime is None:
        return _hash([folder.path / name for name in (SETTINGS, WEIGHTS)])
    names = [folder.path / name for name in _SETTINGS]
    if runtime.startswith("onnx"):
        names.append(folder.path / ONNX)
        if folder.task == JOINT:
            names += [folder.path / name for name in HEADS.values()]
    else:
        names += sorted(folder.path.glob("*.safetensors"))
    return _hash(names)


def _hash(names: list[Path]) -> str:
    digest = blake2b(digest_size=8)
    block = memoryview(bytearray(_BLOCK))
    for path in names:
        with path.open("rb", buffering=0) as handle:
            digest.update(b"%d:" % path.stat().st_size)
            while length := handle.readinto(block):
                digest.update(block[:length])
    return digest.hexdigest()
