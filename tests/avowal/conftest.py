"""The command line as tests call it, and scripted models for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from scripted_models import scripted_runtime, write_folder

from avowal.cli import main

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two models that follow a script, which `avowal score --model` takes."""
    monkeypatch.setattr("avowal.inference.loading.open_runtime", scripted_runtime)
    folder = tmp_path / "scripted-models"
    for task in ("attribution", "intent"):
        write_folder(folder / task, task)
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line and gives its exit code and what it said on standard error."""

    def call(*arguments: object) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        code = stopped.value.code
        assert isinstance(code, int | None)
        return code or 0, capsys.readouterr().err

    return call
