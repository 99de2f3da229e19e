"""What several tests need: the repository, the corpora, the models that ship, a browser, a hub."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from local_hub import LocalHub, local_hub

if TYPE_CHECKING:
    from playwright.sync_api import Browser


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
    for task in ("attribution", "intent", "joint"):
        path = repository / "models" / f"{task}-mini" / "onnx" / "model_quantized.onnx"
        # a checkout without Git LFS has a short text in place of the weights
        if not path.is_file() or path.stat().st_size < 100_000:
            pytest.skip(f"no shipped model at {path}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, the system's or Playwright's own; without either the test is skipped."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    installed = shutil.which("chromium") or shutil.which("google-chrome")
    with api.sync_playwright() as playwright:
        if not (installed or Path(playwright.chromium.executable_path).is_file()):
            pytest.skip("no Chromium: install it, or run `playwright install chromium`")
        found = playwright.chromium.launch(executable_path=installed, args=["--no-sandbox"])
        yield found
        found.close()


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
