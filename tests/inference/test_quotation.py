"""`avowal.inference.quotation`: what stands inside quotation marks, whatever marks they are."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avowal.data.records import QUOTATIONS, Quotation, Span
from avowal.inference.quotation import QuotedText, quotation_kind, quoted_ranges

MARKED = st.text(st.sampled_from("ab s1.,\n“”\"‘’'«»„ —"), max_size=80)


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in quoted_ranges(text)]


def kind(text: str, *pieces: str) -> Quotation:
    return quotation_kind(
        text, [Span(at := text.index(piece), at + len(piece), piece) for piece in pieces]
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “no” and “yes”.", ["“no”", "“yes”"]),
        ('He said "no" and "yes".', ['"no"', '"yes"']),
        ("Elle dit «non» ici.", ["«non»"]),
        ("Sie sagt „nein“ heute.", ["„nein“"]),
        ("Han sade ”nej” i dag.", ["”nej”"]),
        # a quotation of three paragraphs, and one of two with straight marks
        ("“One.\n\n“Two.\n\n“Three,” he said.", ["“One.", "“Two.", "“Three,”"]),
        ('"One.\n\n"Two," he said.', ['"One.', '"Two,"']),
        # a mark that is never closed does not reach the next paragraph
        ("She said “open.\n\nNot quoted, “but this” is.", ["“open.", "“but this”"]),
        ('She said "open.\n\nNot quoted, "but this" is.', ['"open.', '"but this"']),
        ("“We go.\nWe stay,” wrapped.", ["“We go.\nWe stay,”"]),
        # nested
        ("“He said ‘never’ twice,” she said.", ["“He said ‘never’ twice,”"]),
        ("“He said “never” twice,” she said.", ["“He said “never” twice,”"]),
        ("‘He said “never” twice,’ she said.", ["‘He said “never” twice,’"]),
        # single marks and apostrophes
        ("‘We don’t know,’ he said.", ["‘We don’t know,’"]),
        ("‘The ministers’ view is clear,’ he said.", ["‘The ministers’ view is clear,’"]),
        ("'We will act' says Belu", ["'We will act'"]),
        ("It’s the players’ game, rock ’n’ roll of the ’90s.", []),
        ("It's the players' game, rock 'n' roll of the '90s players' union.", []),
        ("‘One.\n\n‘Two,’ he said.", ["‘One.", "‘Two,’"]),
        ('A 12" pipe, "he said" later.', ['"he said"']),
    ],
)
def test_quoted_ranges(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


INTERRUPTED = "“We will answer,” she said, “and they know it. We have said so.”"


@pytest.mark.parametrize(
    ("text", "pieces", "expected"),
    [
        (INTERRUPTED, ["“We will answer,”", "“and they know it. We have said so.”"], "direct"),
        (INTERRUPTED, ["We will answer", "and they know it", "We have said so."], "direct"),
        ("She said that they would answer.", ["that they would answer"], "indirect"),
        ("She said the plan was “absurd”.", ["the plan was “absurd”"], "mixed"),
        ("She called it “absurd”.", ["“absurd”"], "direct"),
        ("She called it “absurd”.", ["absurd"], "direct"),
        (
            "He said they’d go to the players’ house.",
            ["they’d go to the players’ house"],
            "indirect",
        ),
        ("“Yes,” he said, adding that it was late.", ["“Yes,”", "that it was late"], "mixed"),
        ("Belu: “One.\n\n“Two.”", ["“One.\n\n“Two.”"], "direct"),
        ("He said “…” again", ["“…”"], "direct"),
        ("He said … again", ["…"], "indirect"),
    ],
)
def test_quotation_kind(text: str, pieces: list[str], expected: Quotation) -> None:
    assert kind(text, *pieces) == expected


def test_no_content_is_indirect() -> None:
    assert quotation_kind("“All of it.”", []) == "indirect"


def test_ranges_given_are_used() -> None:
    text = "He said “no”."
    span = [Span.of(text, 9, 11)]
    assert quotation_kind(text, span, quoted_ranges(text)) == "direct"
    assert quotation_kind(text, span, []) == "indirect"


@given(MARKED | st.text(max_size=60))
def test_ranges_are_ordered_disjoint_and_inside(text: str) -> None:
    ranges = quoted_ranges(text)
    assert all(0 <= start < end <= len(text) for start, end in ranges)
    assert all(first[1] <= second[0] for first, second in pairwise(ranges))


@given(MARKED, st.data())
def test_kind_agrees_with_a_look_at_each_letter(text: str, data: st.DataObject) -> None:
    offsets = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    pairs = [sorted(pair) for pair in data.draw(st.lists(offsets, max_size=3))]
    content = [Span.of(text, start, end) for start, end in pairs if start < end]
    article = QuotedText(text)
    letters = {
        article.covers(at)
        for piece in content
        for at in range(piece.start, piece.end)
        if text[at].isalnum()
    }
    found = article.kind(content)
    assert found in QUOTATIONS
    if letters:
        assert found == (
            "mixed" if len(letters) == 2 else "direct" if True in letters else "indirect"
        )


@pytest.mark.parametrize(
    "part",
    ["“a ", "‘a ", "s’ a ", '"a', "“a\n", "”", "‘s’ ", "\n", "«a» „b“ ", "“a ‘b’ s’ c,’ ”\n"],
)
def test_time_is_linear(part: str) -> None:
    text = part * (1_000_000 // len(part))
    start = time.perf_counter()
    quoted_ranges(text)
    assert time.perf_counter() - start < 10
