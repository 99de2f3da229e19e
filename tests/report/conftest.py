"""A browser without a network for the tests of the report, and reports to open in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from scored_articles import made_articles, write_scored

from avowal import Article
from avowal.report import write_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Open = Callable[..., "Page"]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens a file; the test fails if the page runs into an error or asks for anything else."""
    contexts, wrong = [], []

    def call(path: Path, *, width: int = 1400, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url == path.as_uri() or asked.url.startswith(("data:", "blob:"))
                else wrong.append(f"asks for {asked.url}")
            ),
        )
        page.goto(path.as_uri())
        return page

    yield call
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(scope="session")
def made() -> list[Article]:
    return list(made_articles(12, statements=10))


@pytest.fixture(scope="session")
def report(made: list[Article], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on the twelve articles of `made`."""
    folder = tmp_path_factory.mktemp("report")
    scores, texts = write_scored(made, folder)
    out = folder / "report.html"
    assert write_report(scores, [str(texts)], out, title="Norvale, spring")
    return out
