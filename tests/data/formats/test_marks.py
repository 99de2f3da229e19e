"""`avowal.data.formats.marks`: what people draw, read with tolerance, and what makes no sense."""

from __future__ import annotations

import pytest

from avowal.data.formats.marks import Mark, unweave
from avowal.data.records import Span, Statement

TEXT = "Ana said yes and no."
ANA, SAID = Span(0, 3, "Ana"), Span(4, 8, "said")
YES, NO = Span(9, 12, "yes"), Span(17, 19, "no")
MARKS = {
    "ana": Mark("Source", 0, 3),
    "said": Mark("Cue", 4, 8),
    "yes": Mark("Content", 9, 12),
    "no": Mark("Content", 17, 19),
}


def statements(*links: tuple[str, str]) -> list[Statement]:
    return [joined.statement for joined in unweave(TEXT, MARKS, links)]


@pytest.mark.parametrize(
    "links",
    [
        [("said", "ana"), ("said", "yes"), ("said", "no")],
        [("ana", "said"), ("yes", "said"), ("no", "said")],
        [("said", "ana"), ("said", "yes"), ("yes", "no")],
        [("said", "ana"), ("said", "ana"), ("ana", "yes"), ("said", "yes"), ("yes", "no")],
    ],
    ids=["from the cue", "to the cue", "by way of another", "twice"],
)
def test_links_may_be_drawn_in_several_ways(links: list[tuple[str, str]]) -> None:
    assert statements(*links) == [Statement(ANA, SAID, (YES, NO))]


def test_a_mark_without_links_is_a_statement_of_its_own() -> None:
    assert statements(("ana", "no")) == [
        Statement(ANA, None, (NO,)),
        Statement(None, SAID, ()),
        Statement(None, None, (YES,)),
    ]


def test_several_sources_become_the_span_from_first_to_last() -> None:
    marks = {**MARKS, "bo": Mark("Source", 13, 16)}
    (joined,) = unweave(TEXT, marks, [("said", key) for key in ("bo", "ana", "yes", "no")])
    assert joined.statement.source == Span(0, 16, "Ana said yes and")


@pytest.mark.parametrize(
    ("links", "reason"),
    [
        ([("said", "maybe")], "a link to 'maybe', which is no source, cue or content here"),
        ([("said", "said")], "a link between two cues, 'said' and 'said'"),
        ([("yes", "no"), ("no", "yes")], "'yes' is linked in a circle"),
        ([("ana", "ana")], "'ana' is linked in a circle"),
    ],
)
def test_links_that_make_no_sense(links: list[tuple[str, str]], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        statements(*links)


def test_a_mark_outside_the_text() -> None:
    with pytest.raises(ValueError, match=r"span \[18, 30\) is not inside a text of 20 characters"):
        unweave(TEXT, {"x": Mark("Cue", 18, 30)}, ())
