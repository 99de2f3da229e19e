"""`avowal.inference.script_lines`: what a transcript gives to the name before a colon."""

from __future__ import annotations

import time

import numpy as np
import pytest
from scripted_models import place, word_tokenizer

from avowal.inference.labels import TokenSpan
from avowal.inference.linking import Link
from avowal.inference.passes import Tagged
from avowal.inference.script_lines import by_script
from avowal.inference.windows import tokenize


def said(text: str, *links: tuple[str, str, str]) -> list[tuple[str, str, list[str]]]:
    """Source, cue and contents of what becomes of links that are given as words of the text."""
    [tokens] = tokenize(word_tokenizer(), [text])

    def words(span: TokenSpan | None) -> str:
        return text[tokens.offsets[span[0], 0] : tokens.offsets[span[1] - 1, 1]] if span else ""

    chosen = [
        (
            Link(
                place(text, tokens, source) if source else None,
                place(text, tokens, cue) if cue else None,
                tuple(place(text, tokens, piece) for piece in content.split("|")),
            ),
            0.5,
        )
        for source, cue, content in links
    ]
    tagged = Tagged(np.full((len(tokens), 3), 0.5, dtype=np.float32), [])
    found = by_script(text, tokens, tagged, chosen)
    return [(words(i.source), words(i.cue), [words(p) for p in i.content]) for i, _ in found]


QUOTED = "Rain fell.\n\nAna Belu: “We are done. It rains.”\n\nBo left."


def test_a_quotation_is_its_names() -> None:
    assert said(QUOTED) == [("Ana Belu", "", ["“We are done. It rains.”"])]


def test_content_that_has_no_source_is_given_one() -> None:
    text = "Bo Kim: We are done\nAna: It rains"
    found = said(text, ("", "", "We are done"), ("", "", "It rains"))
    assert found == [("Bo Kim", "", ["We are done"]), ("Ana", "", ["It rains"])]


def test_a_quotation_is_taken_from_another_line() -> None:
    text = "Bo expects it to rain.\n\nAna Belu: “We are done.”"
    assert said(text, ("Bo", "expects", "it to rain|“We are done.”")) == [
        ("Bo", "expects", ["it to rain"]),
        ("Ana Belu", "", ["“We are done.”"]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Bo said one thing: “We are done.”",
        "Image: “We are done.”",
        "the mayor: “We are done.”",
        "One Two Three Four Five: “We are done.”",
        "Ana Belu: it rains",
        "Ana Belu:",
        "",
    ],
)
def test_nothing_else_is_a_script_line(text: str) -> None:
    assert said(text) == []


def test_a_line_that_says_who_speaks_stays() -> None:
    text = "BREAKING NEWS: “We are done,” Ana said."
    link = ("Ana", "said", "“We are done,”")
    assert said(text, link) == [("Ana", "said", ["“We are done,”"])]
    text = "Ana Belu: We are done"
    link = ("Ana Belu", ":", "We are done")
    assert said(text, link) == [("Ana Belu", ":", ["We are done"])]


def test_a_surname_is_no_cue() -> None:
    found = said(QUOTED, ("Ana", "Belu", "“We are done. It rains.”"))
    assert found == [("Ana Belu", "", ["“We are done. It rains.”"])]


def test_time_is_linear_in_the_lines() -> None:
    def seconds(lines: int) -> float:
        text = "Ana Belu: “We are done.”\n" * lines
        begun = time.perf_counter()
        assert len(said(text)) == lines
        return time.perf_counter() - begun

    seconds(50)
    assert seconds(4000) < 8 * max(seconds(1000), 0.05)
