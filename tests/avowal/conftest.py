"""Models for the command line: scripted ones, and those that ship."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripted_models import scripted_runtime, write_folder


@pytest.fixture(scope="session")
def shipped(repository: Path) -> None:
    """The models that ship; without them the test is skipped."""
    for task in ("attribution", "intent"):
        path = repository / "models" / f"{task}-mini" / "onnx" / "model_quantized.onnx"
        # a checkout without Git LFS has a short text in place of the weights
        if not path.is_file() or path.stat().st_size < 100_000:
            pytest.skip(f"no shipped model at {path}")


@pytest.fixture
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two models that follow a script, which `avowal score --model` takes."""
    monkeypatch.setattr("avowal.inference.loading.open_runtime", scripted_runtime)
    folder = tmp_path / "scripted-models"
    for task in ("attribution", "intent"):
        write_folder(folder / task, task)
    return folder
