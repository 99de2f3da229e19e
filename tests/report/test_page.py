"""The report in a browser: filter, sort, click through, read, save, all by mouse or by keyboard."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from avowal import Article, Statement

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]


def statements(made: list[Article]) -> list[Statement]:
    return [statement for article in made for statement in article.statements]


def shown(page: Page) -> list[str]:
    return page.locator("#statements tbody .open").all_inner_texts()


def column(page: Page, name: str) -> list[str]:
    return page.locator(f"#statements td.{name}").all_inner_texts()


def set_filter(page: Page, name: str, value: str) -> None:
    before = page.locator("#shown").inner_text()
    field = page.locator(f"[name={name}]")
    if name == "label":
        field.select_option(value)
    else:
        field.fill(value)
    page.wait_for_function(
        "before => document.getElementById('shown').innerText !== before", arg=before
    )


def test_it_shows_every_statement_page_by_page(
    open_page: Open, report: Path, made: list[Article]
) -> None:
    page = open_page(report)
    assert page.title().startswith("Norvale, spring")
    assert page.locator("#totals").inner_text() == "12 articles, 120 statements"
    seen = shown(page)
    while page.locator("#next").is_enabled():
        page.locator("#next").click()
        seen += shown(page)
    assert seen == [statement.content[0].text for statement in statements(made)]


@pytest.mark.parametrize(
    ("label", "test"),
    [
        ("threat", lambda s: s.threat >= 0.5),
        ("sanction", lambda s: s.sanction >= 0.5),
        ("either", lambda s: s.threat >= 0.5 or s.sanction >= 0.5),
        ("neither", lambda s: s.threat < 0.5 and s.sanction < 0.5),
    ],
)
def test_the_label_filter(
    open_page: Open,
    report: Path,
    made: list[Article],
    label: str,
    test: Callable[[Statement], bool],
) -> None:
    page = open_page(report)
    set_filter(page, "label", label)
    wanted = [s.content[0].text for s in statements(made) if test(s)]
    assert 0 < len(wanted) < 120
    assert shown(page) == wanted[:50]
    assert page.locator("#shown").inner_text().startswith(f"{len(wanted)} of 120 statements")


def test_filters_add_up_and_clear(open_page: Open, report: Path, made: list[Article]) -> None:
    page = open_page(report)
    set_filter(page, "speaker", "ana b")
    assert {"Ana Belu", "Hana Belu"} == set(column(page, "speaker"))
    set_filter(page, "speaker", "ana belu")
    wanted = [s for s in statements(made) if s.source and s.source.text == "Ana Belu"]
    assert shown(page) == [s.content[0].text for s in wanted]
    set_filter(page, "words", wanted[0].content[0].text[:60].upper())
    assert shown(page) == [wanted[0].content[0].text]
    page.get_by_role("button", name="Clear").click()
    page.wait_for_function("() => document.getElementById('shown').innerText.startsWith('120 of')")


def test_articles_and_dates_filter(open_page: Open, report: Path, made: list[Article]) -> None:
    page = open_page(report)
    set_filter(page, "article", "item-00003")
    assert shown(page) == [s.content[0].text for s in made[3].statements]
    set_filter(page, "article", "")
    set_filter(page, "from", "2026-01-11")
    assert shown(page) == [s.content[0].text for a in made[10:] for s in a.statements]
    set_filter(page, "to", "2026-01-11")
    assert set(column(page, "date")) == {"2026-01-11"}


def test_sorting_by_each_column(open_page: Open, report: Path) -> None:
    page = open_page(report)
    for name in ("speaker", "article", "date", "threat", "sanction"):
        head = page.locator(f"[data-sort={name}]")
        head.click()
        first = column(page, name)
        direction = page.locator(f"th.{name}").get_attribute("aria-sort")
        head.click()
        second = column(page, name)
        assert page.locator(f"th.{name}").get_attribute("aria-sort") != direction
        rising, falling = (first, second) if direction == "ascending" else (second, first)
        assert rising == sorted(rising, key=sort_key)
        assert falling == sorted(falling, key=sort_key, reverse=True)
        assert rising != falling


def sort_key(text: str) -> float | str:
    return float(text.removesuffix(" %")) if text.endswith("%") else text


def test_a_statement_opens_at_its_place(open_page: Open, report: Path, made: list[Article]) -> None:
    page = open_page(report)
    wanted = made[2].statements[6]
    page.locator("#statements .open").nth(26).click()
    page.wait_for_selector("#reader .current")
    assert page.locator("#reader-title").inner_text() == made[2].id
    assert page.locator("#reader-text").text_content() == made[2].text
    for role, span in (
        ("source", wanted.source),
        ("cue", wanted.cue),
        ("content", wanted.content[0]),
    ):
        marked = page.locator(f"#reader-text .current[data-{role}]").all_text_contents()
        assert span
        assert "".join(marked) == span.text
    inside = page.evaluate(
        """() => {
          const box = document.querySelector('#reader .current').getBoundingClientRect();
          const around = document.getElementById('reader-text').getBoundingClientRect();
          return box.top >= around.top && box.bottom <= around.bottom;
        }"""
    )
    assert inside


def test_the_reader_follows_the_view_and_the_articles(
    open_page: Open, report: Path, made: list[Article]
) -> None:
    page = open_page(report)
    set_filter(page, "label", "threat")
    threats = [(a, s) for a in made for s in a.statements if (s.threat or 0) >= 0.5]
    page.locator("#statements .open").first.click()
    for article, statement in threats[:4]:
        page.wait_for_function(
            "text => [...document.querySelectorAll('#reader .current[data-content]')]"
            ".map((e) => e.textContent).join('') === text",
            arg=statement.content[0].text,
        )
        assert page.locator("#reader-title").inner_text() == article.id
        page.locator("#later-statement").click()
    at = next(i for i, a in enumerate(made) if a.id == page.locator("#reader-title").inner_text())
    page.locator("#later-article").click()
    page.wait_for_function(
        "text => document.getElementById('reader-text').textContent === text",
        arg=made[at + 1].text,
    )
    assert page.locator("#reader-date").inner_text() == f"2026-01-{at + 2:02}"


def test_it_works_by_keyboard_alone(open_page: Open, report: Path, made: list[Article]) -> None:
    page = open_page(report)
    focused = "document.activeElement.textContent"
    page.keyboard.press("Tab")
    page.keyboard.type("Ana Belu")
    page.wait_for_function("() => !document.getElementById('shown').innerText.startsWith('120 of')")
    wanted = [
        s.content[0].text for s in statements(made) if s.source and s.source.text == "Ana Belu"
    ]
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(focused) == wanted[0]:
            break
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == wanted[1]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_selector("#reader .current")
    page.keyboard.press("Escape")
    assert not page.locator("#reader").is_visible()
    assert page.evaluate(focused) == wanted[0]


def test_the_csv_is_the_view(
    open_page: Open, report: Path, made: list[Article], tmp_path: Path
) -> None:
    page = open_page(report)
    set_filter(page, "label", "sanction")
    with page.expect_download() as download:
        page.locator("#download").click()
    download.value.save_as(tmp_path / "view.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "view.csv").read_text("utf-8-sig"))))
    wanted = [(a, s) for a in made for s in a.statements if (s.sanction or 0) >= 0.5]
    assert len(rows) == len(wanted)
    for row, (article, statement) in zip(rows, wanted, strict=True):
        assert row["id"] == article.id
        assert row["speaker"] == (statement.speaker or "")
        assert row["content"] == statement.content[0].text
        assert article.text[int(row["start"]) : int(row["end"])] == row["content"]
        assert float(row["sanction"]) == statement.sanction


def test_the_charts_count_the_view_and_lead_into_it(
    open_page: Open, report: Path, made: list[Article]
) -> None:
    page = open_page(report)
    counts: dict[str, int] = {}
    for s in statements(made):
        if s.speaker and (s.threat or 0) >= 0.5:
            counts[s.speaker] = counts.get(s.speaker, 0) + 1
    page.get_by_text("The figures, by speaker").click()
    for row in page.locator("#by-speaker-figures tr").all()[1:]:
        name, threats, _ = row.inner_text().split("\t")
        assert int(threats) == counts.get(name.strip(), 0)
    drawn = page.evaluate("drawn['by-date'].data.datasets[0].data.reduce((a, b) => a + b)")
    assert drawn == sum((s.threat or 0) >= 0.5 for s in statements(made))
    page.get_by_text("The figures, by date").click()
    first = page.locator("#by-date-figures button").first
    day = first.inner_text()
    first.click()
    assert set(column(page, "date")) == {day}


def test_no_statement_in_view(open_page: Open, report: Path) -> None:
    page = open_page(report)
    set_filter(page, "words", "nobody said this")
    assert shown(page) == []
    assert "No threat or sanction" in page.locator("#by-speaker-note").inner_text()
    assert page.locator("#page").inner_text() == "page 1 of 1"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1400])
def test_nothing_serious_for_axe_and_nothing_beside_the_screen(
    open_page: Open, report: Path, width: int, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(report, width=width, scheme=scheme)
    for part in ("page", "reader", "speakers"):
        if part == "reader":
            page.locator("#statements .open").first.click()
            page.wait_for_selector("#reader .current")
        elif part == "speakers":
            page.locator("#reader-speakers").evaluate("box => { box.open = true; }")
            page.locator("#reader-speakers button").first.click()
        found = axe.run(page).response
        assert len(found["passes"]) > 10
        serious = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
        assert serious == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_heads_stand_side_by_side_on_a_telephone(open_page: Open, report: Path) -> None:
    page = open_page(report, width=360)
    boxes = [head.bounding_box() for head in page.locator("#statements th button").all()]
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            assert one
            assert other
            beside = (
                one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
            )
            below = one["y"] + one["height"] <= other["y"]
            assert beside or below
