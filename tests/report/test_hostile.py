"""Hostile text in articles, names, file names and titles: shown as text, never run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from scored_articles import HOSTILE, write_scored

from avowal import Article, Sentence, Span, Statement
from avowal.data.records import Speaker
from avowal.report import write_report
from avowal.report.payload import in_script

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Open = Callable[..., "Page"]


def test_hostile_text_is_text_everywhere(open_page: Open, tmp_path: Path) -> None:
    text = f"{HOSTILE} said {HOSTILE}\r\n{'“' * 100_000}\n<!--<script>"
    end = len(HOSTILE)
    statement = Statement(
        Span.of(text, 0, end),
        Span.of(text, end + 1, end + 5),
        (Span.of(text, end + 6, len(text)),),
        HOSTILE,
        "mixed",
        0.9,
        0.9,
        0.9,
    )
    formula = Statement(None, None, (Span.of(text, 0, 3),), "=1+1", None, 0.9, 0.1, 0.1)
    article = Article(
        "2026-02-03 <img src=x onerror=window.hacked=1>'\"&.txt",
        text,
        (Sentence(0, len(text), 0.9, 0.9),),
        (statement, formula),
        speakers=(Speaker(HOSTILE, HOSTILE, (), 1, 1, 1),),
    )
    scores, texts = write_scored([article], tmp_path)
    out = tmp_path / "out.html"
    assert write_report(scores, [str(texts)], out, title=HOSTILE)

    page = open_page(out)
    assert page.locator("h1").text_content() == HOSTILE
    assert page.locator("td.speaker").first.text_content() == HOSTILE
    assert page.locator("td.article").first.text_content() == article.id
    assert page.locator(".open").first.text_content() == statement.content[0].text
    assert page.locator(".open bdi").count() == 2
    page.locator(".open").first.click()
    page.wait_for_selector("#reader .current")
    assert page.locator("#reader-title").text_content() == article.id
    assert page.locator("#reader-text").text_content() == text
    for part in ("name", "role"):
        assert page.locator(f"#reader-speakers .{part}").text_content() == HOSTILE
    page.locator("#reader-speakers button").click()
    page.wait_for_selector("#reader-speakers [aria-pressed=true]")
    assert page.locator("#reader script, #reader img, td script, td img, h1 script").count() == 0
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("csvCell('=1+1')") == "'=1+1"
    assert page.evaluate("csvCell('a\"b,c')") == '"a""b,c"'


def test_the_policy_stops_what_an_escape_would_miss(browser: Browser, report: Path) -> None:
    page = browser.new_page()
    page.goto(report.as_uri())
    blocked = page.evaluate(
        """() => new Promise((resolve) => {
          document.addEventListener('securitypolicyviolation', (e) => resolve(e.violatedDirective));
          const made = document.createElement('script');
          made.textContent = 'window.hacked = 1';
          document.body.append(made);
        })"""
    )
    assert blocked == "script-src-elem"
    assert page.evaluate("window.hacked") is None
    page.close()


def test_the_policy_names_no_source_but_hashes(report: Path) -> None:
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]+)"', report.read_text("utf-8"))
    assert policy.startswith("default-src &#x27;none&#x27;")
    assert "unsafe" not in policy
    assert "http" not in policy


@given(st.text())
def test_json_in_a_script_stays_whole(text: str) -> None:
    written = in_script(json.dumps({text: text}, ensure_ascii=False))
    assert "<" not in written
    assert json.loads(written) == {text: text}
