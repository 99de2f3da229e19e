"""The page in Chromium: paste, drop, score, click through, keyboard only; safe and accessible."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from serve_support import SlowScorer, serving

from avowal import Scorer
from avowal.markup import legend

pytest.importorskip("playwright", reason="playwright is not installed")

TEXT = "Ana warned of a strike.\n\nBo said no. Cy denied an embargo.\n\nAna said never.\n"
HOSTILE = (
    '</div><script>window.hacked=1</script><img src=x onerror="window.hacked=1">'
    "\u202eAna\u202c warned of a strike. &lt;b&gt; Bo said no.\0 \u2066"
)
SIZES = {"phone": (360, 740), "desk": (1400, 900)}


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """The page at `/`; what it asked for and said on its console must be harmless."""
    with opened(browser, address) as found:
        yield found


@contextmanager
def opened(browser: Any, address: str, **options: Any) -> Iterator[Any]:
    """A page in a context of its own, watched for requests elsewhere and for errors."""
    asked: list[str] = []
    said: list[str] = []

    def hear(message: Any) -> None:
        if "Content Security Policy" in message.text:
            said.append(message.text)

    context = browser.new_context(**options)
    try:
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("console", hear)
        page.goto(address)
        yield page
    finally:
        context.close()
    assert asked
    assert all(url.startswith((address, "data:")) for url in asked)
    assert said == []


def score(page: Any, text: str) -> None:
    page.fill("#text", text)
    page.click("#score")
    page.wait_for_selector("#status:has-text('statement')")


def texts(page: Any, selector: str) -> list[str]:
    return [found.strip() for found in page.locator(selector).all_inner_texts()]


def test_the_legend_is_that_of_reports(client: Any) -> None:
    assert client.get("/").text.count(legend()) == 1


def test_paste_and_score(page: Any) -> None:
    page.fill("#text", TEXT)
    page.press("#text", "Control+Enter")
    page.wait_for_selector("#statements button")
    assert page.text_content("#article") == TEXT
    assert page.text_content("#status") == "4 statements: 1 threat, 2 sanctions."
    assert texts(page, "#article [data-source]") == ["Ana", "Bo", "Cy", "Ana"]
    assert texts(page, "#article [data-cue]") == ["warned", "said", "denied", "said"]
    assert page.locator("#article [data-labels~=threat]").all_inner_texts() != []
    assert texts(page, "#statements .label.threat") == ["threat 0.98"]
    assert texts(page, "#statements .what") == ["strike", "no", "embargo", "never"]
    assert texts(page, "#speakers button") == ["Ana (2)", "Bo (1)", "Cy (1)"]


def test_a_click_leads_to_the_place_and_back(page: Any) -> None:
    score(page, TEXT)
    page.locator("#statements button").nth(2).click()
    assert page.evaluate("document.activeElement.textContent") == "Cy"
    assert texts(page, "#article .chosen") == ["Cy", "denied", "embargo"]
    page.locator("#article [data-cue='1']").click()
    assert page.get_attribute("#statements [aria-current]", "data-place") == "1"
    assert texts(page, "#article .chosen") == ["Bo", "said", "no"]


def test_a_speaker_filters_the_statements(page: Any) -> None:
    score(page, TEXT)
    page.locator("#speakers button").first.click()
    assert texts(page, "#statements li:visible .what") == ["strike", "never"]
    assert page.text_content("#shown") == "2 statements by Ana."
    page.locator("#speakers button").first.click()
    assert page.locator("#statements li:visible").count() == 4


def test_keyboard_alone(page: Any) -> None:
    page.keyboard.press("Tab")
    page.keyboard.insert_text(TEXT)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#statements button")
    seen = []
    for _ in range(20):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.closest('[id]').id"))
        if seen[-1] == "statements":
            break
    assert list(dict.fromkeys(seen)) == ["file", "article", "speakers", "statements"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Bo"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.place") == "1"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.dataset.place") == "0"


DROP = """([name, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
}"""


def test_a_file_is_dropped_or_opened(page: Any, tmp_path: Path) -> None:
    page.evaluate(DROP, ["a.txt", list(TEXT.encode())])
    page.wait_for_selector("#statements button")
    assert page.text_content("#article") == TEXT
    path = tmp_path / "b.txt"
    path.write_text("Cy said yes.", encoding="utf-8")
    page.set_input_files("#file", path)
    page.wait_for_selector("#status:has-text('1 statement:')")
    assert page.text_content("#article") == "Cy said yes."


def test_a_file_that_is_no_text_is_refused_by_its_name_as_text(page: Any) -> None:
    name = "<img src=x onerror=window.hacked=1>\u202e.txt"
    page.evaluate(DROP, [name, [255, 254, 0]])
    page.wait_for_selector("#status.error")
    assert page.text_content("#status").startswith(
        "<img src=x onerror=window.hacked=1>\ufffd.txt is"
    )
    assert page.evaluate("window.hacked") is None
    assert page.is_hidden("#results")


def test_hostile_text_is_shown_as_text(page: Any) -> None:
    page.evaluate("text => { document.getElementById('text').value = text }", HOSTILE)
    page.evaluate("document.getElementById('text').value += '\\ud800'")
    page.click("#score")
    page.wait_for_selector("#statements button")
    # HTML has no NUL, and half a surrogate pair is no character
    assert page.text_content("#article") == HOSTILE.replace("\0", "\ufffd") + "\ufffd"
    assert page.locator("#article script, #article img").count() == 0
    assert page.evaluate("window.hacked") is None
    control = page.locator("#article [data-control='U+202E']")
    assert control.evaluate("e => getComputedStyle(e).unicodeBidi") in (
        "isolate",
        "isolate-override",
    )
    assert texts(page, "#speakers button") == ["Ana (1)", "Bo (1)"]


def test_a_script_that_got_in_would_not_run(browser: Any, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    page.evaluate("document.body.innerHTML = '<img src=x onerror=window.hacked=1>'")
    page.wait_for_timeout(500)
    assert page.evaluate("window.hacked") is None
    assert any("Content Security Policy" in line for line in said)
    context.close()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Paste an article first."),
        ('"' * 1_000_000, "The body is larger than 1,000,000 bytes"),
        ('"' * 200_000, "String should have at most 100000 characters"),
        ("FAIL", "The server failed on this request"),
    ],
    ids=["empty", "megabyte of quotes", "too long", "failing"],
)
def test_what_cannot_be_scored_is_said(page: Any, text: str, said: str) -> None:
    page.evaluate("text => { document.getElementById('text').value = text }", text)
    page.click("#score")
    page.wait_for_selector("#status.error")
    assert said in page.text_content("#status")
    assert page.is_enabled("#score")


def test_a_server_that_is_gone_is_said(browser: Any, scripted_models: Scorer) -> None:
    with serving(SlowScorer(scripted_models)) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(address)
    page.fill("#text", TEXT)
    page.click("#score")
    page.wait_for_selector("#status.error")
    assert page.text_content("#status") == "The server does not answer."
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_serious(browser: Any, address: str, scheme: str, size: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    width, height = SIZES[size]
    viewport = {"width": width, "height": height}
    with opened(
        browser,
        address,
        color_scheme=scheme,
        viewport=viewport,
        reduced_motion="reduce",
        bypass_csp=True,  # axe is put in as a script
    ) as page:
        found = violations(Axe().run(page))
        score(page, TEXT * 6)
        page.locator("#statements button").first.click()
        page.locator("#speakers button").first.click()
        found += violations(Axe().run(page))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if folder := os.environ.get("AVOWAL_SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"page-{size}-{scheme}.png", full_page=True)
    assert found == []


def violations(results: Any) -> list[str]:
    return [
        f"{found['id']}: {node['html']}"
        for found in results.response["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]
