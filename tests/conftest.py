"""What several tests need: the repository, the corpora, the models that ship, and a hub."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from local_hub import LocalHub, local_hub


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root folder of the repository."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def corpora(repository: Path) -> Path:
    """The folder of the corpora; without one the test is skipped."""
    named = os.environ.get("AVOWAL_DATA")
    usual = [repository / "corpora", repository.parent / "shared" / "data"]
    for folder in [Path(named).resolve()] if named else usual:
        if folder.is_dir():
            return folder
    pytest.skip("no corpora: run scripts/fetch_corpora.py, or set AVOWAL_DATA")


@pytest.fixture(scope="session")
def corpus(corpora: Path) -> Callable[[str], Path]:
    """Finds a part of the corpora by its path below them; without it the test is skipped."""

    def find(part: str) -> Path:
        if not (corpora / part).exists():
            pytest.skip(f"{corpora} has no {part}: run scripts/fetch_corpora.py")
        return corpora / part

    return find


@pytest.fixture(scope="session")
def shipped(repository: Path) -> None:
    """The models that ship; without them the test is skipped."""
    for task in ("attribution", "intent"):
        path = repository / "models" / f"{task}-mini" / "onnx" / "model_quantized.onnx"
        # a checkout without Git LFS has a short text in place of the weights
        if not path.is_file() or path.stat().st_size < 100_000:
            pytest.skip(f"no shipped model at {path}")


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LocalHub]:
    """A hub of the tests' own, which "secret" may write to, in place of the public one."""
    from huggingface_hub import constants

    with local_hub("secret") as found:
        monkeypatch.setattr(constants, "ENDPOINT", found.address)
        monkeypatch.setattr(
            constants,
            "HUGGINGFACE_CO_URL_TEMPLATE",
            found.address + "/{repo_id}/resolve/{revision}/{filename}",
        )
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        yield found
