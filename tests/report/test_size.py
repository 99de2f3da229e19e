"""Two thousand articles in one report: small enough to send, quick enough to open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from scored_articles import made_articles, write_scored

from avowal.report import write_report

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]


def test_two_thousand_articles(open_page: Open, tmp_path: Path) -> None:
    scores, texts = write_scored(list(made_articles(2000)), tmp_path)
    out = tmp_path / "report.html"
    assert write_report(scores, [str(texts)], out)
    assert out.stat().st_size < 30_000_000
    open_page(out)  # the browser itself is warm
    page = open_page(out)
    page.wait_for_selector("#statements .open")
    # three seconds on a machine that does nothing else; a test may share its own
    assert (
        page.evaluate("performance.timing.domComplete - performance.timing.navigationStart") < 9_000
    )
    page.locator("#statements .open").last.click()
    page.wait_for_selector("#reader .current")
    page.keyboard.press("Escape")
    page.locator("[name=words]").fill("strait grain")
    page.wait_for_function("() => !document.getElementById('shown').innerText.startsWith('50,000')")
