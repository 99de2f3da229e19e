"""`avowal.train.attribution_metrics`: DESIGN's figures, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avowal.data.records import Span, Statement
from avowal.train.attribution_metrics import FIGURES, WordIndex, count, match
from avowal.train.bootstrap import figures

#       words: 0   1    2      3     4     5  6    7    8  9   10  11    12
TEXT = "“No,” said Ana Belu of Ruhnia; trade ends, Bo Kern added."
#       0 “  1 No  2 ,  3 ”  4 said  5 Ana  6 Belu  7 of  8 Ruhnia  9 ;  10 trade  11 ends
#       12 ,  13 Bo  14 Kern  15 added  16 .


def span(piece: str) -> Span:
    return Span.of(TEXT, TEXT.index(piece), TEXT.index(piece) + len(piece))


def say(source: str | None, cue: str | None, *content: str) -> Statement:
    return Statement(
        span(source) if source else None, span(cue) if cue else None, tuple(map(span, content))
    )


NO = say("Ana Belu of Ruhnia", "said", "“No,”")
TRADE = say("Bo Kern", "added", "trade ends")


def counts(gold: list[Statement], predicted: list[Statement]) -> dict[str, tuple[int, ...]]:
    rows = count(TEXT, gold, predicted)
    assert rows.shape == (len(FIGURES), 3)
    return {name: tuple(row) for name, row in zip(FIGURES, rows.tolist(), strict=True)}


def test_counts_by_hand() -> None:
    predicted = [
        say("Ana Belu", "said", "No"),  # half of the source's words, a quarter of the content's
        say("Bo Kern", "added", "trade ends, Bo"),  # two of the four words are right
        say(None, None, "Ruhnia"),
    ]
    assert counts([NO, TRADE], predicted) == {
        "exact_source": (1, 2, 2),
        "exact_cue": (2, 2, 2),
        "exact_content": (0, 3, 2),
        "overlap_source": (4, 4, 6),
        "overlap_cue": (2, 2, 2),
        "overlap_content": (3, 6, 6),
        # 2 * 1 / (1 + 4) = 0.4 is too little; 2 * 2 / (4 + 2) = 0.67 is enough
        "content_found": (1, 3, 2),
        "statement": (1, 3, 2),
    }


def test_one_half_is_enough() -> None:
    # content: 2 * 1 / (1 + 3); source: 2 * 1 / (1 + 3)
    gold = say("Ana Belu of", "said", "trade ends,")
    assert counts([gold], [say("Belu", "said", "ends")])["statement"] == (1, 1, 1)
    # content as before; source: 2 * 1 / (1 + 4)
    gold = say("Ana Belu of Ruhnia", "said", "trade ends,")
    found = counts([gold], [say("Belu", "said", "ends")])
    assert (found["content_found"], found["statement"]) == ((1, 1, 1), (0, 1, 1))


def test_sources_agree_where_neither_has_one_and_not_where_one_has() -> None:
    bare, named = say(None, "added", "trade ends"), TRADE
    for gold, predicted, right in ((bare, bare, 1), (bare, named, 0), (named, bare, 0)):
        found = counts([gold], [predicted])
        assert found["content_found"] == (1, 1, 1)
        assert found["statement"] == (right, 1, 1)


def test_the_cue_of_a_statement_does_not_matter() -> None:
    assert counts([TRADE], [say("Bo Kern", None, "trade ends")])["statement"] == (1, 1, 1)


def test_pieces_of_content_are_counted_apart_and_compared_together() -> None:
    gold = say("Bo Kern", "added", "No", "trade", "ends")
    predicted = say("Bo Kern", "added", "No", "trade ends")
    found = counts([gold], [predicted])
    assert found["exact_content"] == (1, 2, 3)
    assert found["overlap_content"] == (3, 3, 3)
    assert found["statement"] == (1, 1, 1)
    # One piece of three leaves 2 * 1 / (1 + 3), one of four too little.
    assert counts([gold], [say("Bo Kern", None, "ends")])["statement"] == (1, 1, 1)
    longer = say("Bo Kern", "added", "No", "trade", "ends", "added")
    assert counts([longer], [say("Bo Kern", None, "ends")])["statement"] == (0, 1, 1)


def test_a_pair_is_matched_one_to_one() -> None:
    assert counts([TRADE], [TRADE, TRADE, TRADE])["statement"] == (1, 3, 1)
    assert counts([TRADE, TRADE], [TRADE])["statement"] == (1, 1, 2)
    assert counts([TRADE, TRADE], [TRADE, TRADE])["statement"] == (2, 2, 2)
    assert counts([TRADE], [TRADE, TRADE, TRADE])["exact_source"] == (1, 3, 1)


def test_the_most_shared_content_is_matched_first() -> None:
    """A greedy match would give the first prediction to the first gold and leave one over."""
    index = WordIndex(TEXT)
    gold = [say(None, None, "trade ends"), say(None, None, "trade ends, Bo")]
    predicted = [say(None, None, "trade ends, Bo"), say(None, None, "trade")]
    contents, complete = match(index, gold, predicted)
    assert sorted(contents) == sorted(complete) == [(0, 1), (1, 0)]


def test_of_equal_contents_the_one_with_the_right_source_is_meant() -> None:
    a, b = say("Ana Belu", "said", "trade ends"), say("Bo Kern", "added", "trade ends")
    for predicted in ([a, b], [b, a]):
        assert counts([a, b], predicted)["statement"] == (2, 2, 2)


def test_statements_without_content_are_roles_alone() -> None:
    bare = say("Bo Kern", "added")
    found = counts([bare, NO], [NO])
    assert found["statement"] == found["content_found"] == (1, 1, 1)
    assert found["exact_cue"] == (1, 1, 2)
    contents, complete = match(WordIndex(TEXT), [bare, NO], [NO])
    assert contents == complete == [(1, 0)]


@pytest.mark.parametrize("gold", [[], [NO, TRADE]])
@pytest.mark.parametrize("predicted", [[], [NO]])
def test_nothing_gold_or_nothing_predicted(
    gold: list[Statement], predicted: list[Statement]
) -> None:
    found = counts(gold, predicted)
    right = int(bool(gold and predicted))
    assert found["statement"] == (right, len(predicted), len(gold))
    assert found["exact_source"] == (right, len(predicted), len(gold))
    assert found["overlap_content"] == (4 * right, 4 * len(predicted), 6 if gold else 0)


def test_a_word_touched_in_part_is_a_word() -> None:
    index = WordIndex("Don't go 3.5")
    assert index.words([Span(1, 2, "o")]) == {0}
    assert index.words([Span(0, 5, "Don't")]) == {0, 1, 2}
    assert index.words([Span(5, 6, " ")]) == frozenset()
    assert index.words([Span(0, 4, "Don'"), Span(9, 12, "3.5")]) == {0, 1, 4, 5, 6}


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(st.integers(0, len(TEXT) - 1))
    return Span.of(TEXT, start, draw(st.integers(start + 1, len(TEXT))))


statements = st.lists(
    st.builds(
        Statement,
        source=st.none() | spans(),
        cue=st.none() | spans(),
        content=st.lists(spans(), max_size=3).map(tuple),
    ),
    max_size=4,
)


@given(gold=statements, predicted=statements)
def test_figures_lie_between_0_and_100(gold: list[Statement], predicted: list[Statement]) -> None:
    rows = count(TEXT, gold, predicted)
    assert (rows[:, 0] <= rows[:, 1]).all()
    assert (rows[:, 0] <= rows[:, 2]).all()
    for figure in figures(FIGURES, rows[None], resamples=3).values():
        for value in (figure.f1, figure.precision, figure.recall, figure.low, figure.high):
            assert 0 <= value <= 100
    # Gold and prediction are judged alike.
    assert (count(TEXT, predicted, gold)[:6] == rows[:6, [0, 2, 1]]).all()


@given(gold=statements)
def test_gold_against_itself_is_100(gold: list[Statement]) -> None:
    # Content of white space alone has no words to share, and agrees with all of its kind.
    rows = count(TEXT, gold, gold)
    assert (rows == rows[:, :1]).all()
    found = figures(FIGURES, np.array([rows]), resamples=2)
    assert {(f.f1, f.precision, f.recall) for f in found.values()} == {(100.0, 100.0, 100.0)}
