"""Two models' answers on one sentence: who is asked, and what stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avowal.inference.second_opinion import SURE, SecondOpinion

LABELS = ("threat", "sanction", "root:AID")
Rows = list[tuple[float, float]]


class First:
    """Answers each text with the same probabilities."""

    labels = LABELS

    def __init__(self, rows: Rows) -> None:
        self.rows = np.array(rows)

    def logits(self, texts: Sequence[str], sentences: Any, read: Any = None) -> list[Any]:
        return [np.ones((len(spans), 3), dtype=np.float32) for spans in sentences]

    def __call__(self, texts: Sequence[str], sentences: Any, read: Any = None) -> list[Any]:
        return [self.rows.copy() for _ in texts]


class Second(First):
    """Answers those sentences that it is asked about, and keeps what it was asked."""

    def of_chosen(self, texts: Sequence[str], sentences: Any, chosen: Any) -> list[Any]:
        self.asked = list(zip(texts, chosen, strict=True))
        return [self.rows[places] for places in chosen]

    def logits(self, texts: Sequence[str], sentences: Any, read: Any = None) -> list[Any]:
        return [np.full((len(spans), 3), 3, dtype=np.float32) for spans in sentences]


def opinion(first: Rows, second: Rows, texts: int = 1) -> tuple[list[Any], Second]:
    other = Second(second)
    both = SecondOpinion(First(first), other)  # type: ignore[arg-type]
    spans = [[(i, i + 1) for i in range(len(first))]] * texts
    return both(["x" * len(first)] * texts, spans), other


def test_only_the_unsure_are_asked_again() -> None:
    first = [(0.01, 0.02), (0.5, 0.01), (0.99, 0.4), (0.99, 0.95)]
    [found], other = opinion(first, [(0.9, 0.9)] * 4)
    assert [places for _, places in other.asked] == [[1, 2]]
    assert found[0].tolist() == list(first[0])
    assert found[3].tolist() == list(first[3])
    # The log-odds of 0.5 are 0, so the mean has half the log-odds of 0.9: odds of 9 become 3.
    assert found[1, 0] == pytest.approx(0.75)


def test_a_text_of_which_all_is_sure_is_not_read_again() -> None:
    found, other = opinion([(0.01, 0.99)], [(0.5, 0.5)], texts=2)
    assert other.asked == []
    assert [f.tolist() for f in found] == [[[0.01, 0.99]]] * 2


@given(st.lists(st.tuples(*[st.floats(0, 1)] * 4), min_size=1, max_size=8))
def test_what_stands_lies_between_the_two(rows: list[tuple[float, float, float, float]]) -> None:
    first, second = [r[:2] for r in rows], [r[2:] for r in rows]
    [found], _ = opinion(first, second)
    for (a, b, c, d), answer in zip(rows, found.tolist(), strict=True):
        for one, other, stands in ((a, c, answer[0]), (b, d, answer[1])):
            assert min(one, other) - 1e-3 <= stands <= max(one, other) + 1e-3
    sure = [all(p >= SURE or p <= 1 - SURE for p in row) for row in first]
    assert all(f == list(r) for f, r, s in zip(found.tolist(), first, sure, strict=True) if s)


def test_raw_scores_are_the_mean_of_both() -> None:
    both = SecondOpinion(First([(0.1, 0.1)]), Second([(0.1, 0.1)]))  # type: ignore[arg-type]
    assert both.labels == LABELS
    [scores] = both.logits(["x"], [[(0, 1)]])
    assert scores.tolist() == [[2.0, 2.0, 2.0]]
