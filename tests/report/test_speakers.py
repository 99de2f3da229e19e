"""The speakers of an article in the report's reader: who is listed, and what choosing one does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from scored_articles import made_articles, write_scored

from avowal import Article, Statement
from avowal.data.records import Speaker
from avowal.report import write_report

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

LIST = "#reader-speakers"


def read(page: Page, number: int = 0) -> None:
    """Open the statement of that number in its article."""
    page.locator("#statements .open").nth(number).click()
    page.wait_for_selector("#reader .current")


def wait_for_statement(page: Page, statement: Statement) -> None:
    page.wait_for_function(
        "text => [...document.querySelectorAll('#reader .current[data-content]')]"
        ".map((e) => e.textContent).join('') === text",
        arg=statement.content[0].text,
    )


def choose(page: Page, name: str) -> None:
    page.locator(f"{LIST} button", has_text=name).click()


def pressed(page: Page) -> list[str]:
    return page.locator(f"{LIST} [aria-pressed=true] .name").all_inner_texts()


def by(name: str, made: list[Article]) -> list[Statement]:
    return [s for a in made for s in a.statements if s.source and s.source.text == name]


def shown(speaker: Speaker) -> list[str]:
    counts = [f"{speaker.statements} statement{'s' * (speaker.statements > 1)}"]
    for number, label in ((speaker.threats, "threat"), (speaker.sanctions, "sanction")):
        if number:
            counts.append(f"{number} {label}{'s' * (number > 1)}")
    return [part for part in (speaker.name, speaker.role, ", ".join(counts)) if part]


def test_each_speaker_is_listed_with_role_and_counts(
    open_page: Open, report: Path, made: list[Article]
) -> None:
    page = open_page(report)
    read(page, 10)
    for article in made[1:4]:
        page.wait_for_function(
            "title => document.getElementById('reader-title').innerText === title", arg=article.id
        )
        page.wait_for_function(
            f"count => document.querySelectorAll('{LIST} li').length === count",
            arg=len(article.speakers),
        )
        items = page.locator(f"{LIST} li").all_inner_texts()
        assert [item.split("\n") for item in items] == [shown(s) for s in article.speakers]
        page.locator("#later-article").click()
    listed = [speaker for article in made[1:4] for speaker in article.speakers]
    assert {bool(s.role) for s in listed} == {bool(s.threats) for s in listed} == {True, False}


def test_a_speaker_chosen_is_what_is_read_on(
    open_page: Open, report: Path, made: list[Article]
) -> None:
    page = open_page(report)
    read(page, 20)
    name = made[2].speakers[-1].name
    all_over, here = by(name, made), by(name, made[2:3])
    place = all_over.index(here[0])
    assert 0 < place < len(all_over) - 1
    choose(page, name)
    wait_for_statement(page, here[0])
    assert page.locator("[name=speaker]").input_value() == name
    assert pressed(page) == [name]
    said = page.locator("#reader-statement").inner_text()
    assert said.startswith(f"{place + 1} of {len(all_over)} in view. {name}: ")
    page.locator("#later-statement").click()
    wait_for_statement(page, all_over[place + 1])
    page.locator("#close").click()
    table = page.locator("#statements .open").all_inner_texts()
    assert table == [s.content[0].text for s in all_over]


def test_chosen_again_everybody_is_back_at_the_same_place(
    open_page: Open, report: Path, made: list[Article]
) -> None:
    page = open_page(report)
    read(page)
    name = made[0].speakers[2].name
    choose(page, name)
    [first, *_] = by(name, made[:1])
    wait_for_statement(page, first)
    choose(page, name)
    page.wait_for_function(
        "() => document.getElementById('reader-statement').innerText.includes('of 120 in view')"
    )
    wait_for_statement(page, first)
    assert pressed(page) == []
    assert page.locator("[name=speaker]").input_value() == ""
    page.locator("#later-article").click()
    name = made[1].speakers[0].name
    choose(page, name)
    wait_for_statement(page, by(name, made[1:2])[0])


def test_other_filters_give_way_only_where_they_hide_all_that_a_speaker_says(
    open_page: Open, report: Path, made: list[Article]
) -> None:
    page = open_page(report)
    page.locator("[name=label]").select_option("threat")
    page.wait_for_function("() => !document.getElementById('shown').innerText.startsWith('120 of')")
    read(page)
    title = page.locator("#reader-title").inner_text()
    [article] = [a for a in made if a.id == title]
    threatens = next(s for s in article.speakers if s.threats)
    choose(page, threatens.name)
    threats = [s for s in by(threatens.name, [article]) if (s.threat or 0) >= 0.5]
    wait_for_statement(page, threats[0])
    assert page.locator("[name=label]").input_value() == "threat"
    peaceful = next(s for s in article.speakers if not s.threats)
    choose(page, peaceful.name)
    wait_for_statement(page, by(peaceful.name, [article])[0])
    assert page.locator("[name=label]").input_value() == ""
    assert page.locator("[name=speaker]").input_value() == peaceful.name
    assert page.locator("#reader-title").inner_text() == title


def test_speakers_are_chosen_by_keyboard(
    open_page: Open, report: Path, made: list[Article]
) -> None:
    page = open_page(report)
    page.locator("#statements .open").nth(40).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#reader .current")
    focused = "document.activeElement.textContent"
    for speaker in (made[4].speakers[-1], made[4].speakers[-2]):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(focused).startswith(speaker.name)
        page.keyboard.press("Enter")
        [first, *_] = by(speaker.name, made[4:5])
        wait_for_statement(page, first)
        assert pressed(page) == [speaker.name]
        assert page.evaluate(focused).startswith(speaker.name)
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.matches('#statements .open')")
    assert page.evaluate(focused) == first.content[0].text


def test_on_a_telephone_the_list_opens_above_the_text(
    open_page: Open, report: Path, made: list[Article]
) -> None:
    page = open_page(report, width=360)
    read(page)
    assert not page.locator(f"{LIST} button").first.is_visible()
    page.get_by_text(f"{len(made[0].speakers)} speakers").press("Enter")
    choose(page, made[0].speakers[1].name)
    wait_for_statement(page, by(made[0].speakers[1].name, made[:1])[0])
    above, below = (page.locator(part).bounding_box() for part in (LIST, "#reader-text"))
    assert above
    assert below
    assert above["y"] + above["height"] <= below["y"]
    assert below["height"] > 150
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_where_nobody_is_listed_there_is_no_list(open_page: Open, tmp_path: Path) -> None:
    [article] = made_articles(1, statements=3)
    # of scores that were edited, and of ones from before there were speakers in them
    silent = Speaker("Nobody", None, (), 1, 0, 0)
    made = [replace(article, speakers=(silent,)), replace(article, id="b.txt", speakers=())]
    scores, texts = write_scored(made, tmp_path)
    out = tmp_path / "report.html"
    assert write_report(scores, [str(texts)], out)
    page = open_page(out)
    for number in (0, 3):
        read(page, number)
        assert not page.locator(LIST).is_visible()
        page.keyboard.press("Escape")


def test_a_name_of_two_lines_is_filtered_by(open_page: Open, tmp_path: Path) -> None:
    [article] = made_articles(1, statements=3)
    first = replace(article.statements[0], speaker="Ana\nBelu")
    speakers = (Speaker("Ana\nBelu", None, (), 1, 0, 0),)
    made = [replace(article, statements=(first, *article.statements[1:]), speakers=speakers)]
    scores, texts = write_scored(made, tmp_path)
    out = tmp_path / "report.html"
    assert write_report(scores, [str(texts)], out)
    page = open_page(out)
    read(page, 2)
    choose(page, "Ana Belu")
    wait_for_statement(page, first)
    assert pressed(page) == ["Ana Belu"]
