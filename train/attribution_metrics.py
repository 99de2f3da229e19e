"""DESIGN's metrics of attribution, as counts of each document that add up.

*exact*: spans of a role with the same start and end. *overlap*: word tokens that carry a role (as
in Citron's evaluation, Newell et al., 2018). *statement*: attributions matched one to one, most
shared content first; a pair counts where both the contents' and the sources' token F1 is at least
one half.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from avowal.data.records import Span, Statement
from avowal.inference.labels import ROLES

FIGURES = (
    *(f"exact_{role}" for role in ROLES),
    *(f"overlap_{role}" for role in ROLES),
    "content_found",
    "statement",
)
ENOUGH = 0.5
_WORD = re.compile(r"\w+|[^\w\s]")

Words = frozenset[int]


class WordIndex:
    """The word tokens of a text."""

    def __init__(self, text: str) -> None:
        matches = [match.span() for match in _WORD.finditer(text)]
        self._starts = [start for start, _ in matches]
        self._ends = [end for _, end in matches]

    def words(self, spans: Iterable[Span]) -> Words:
        """The words that any of `spans` touches."""
        return frozenset(
            index
            for span in spans
            for index in range(
                bisect_right(self._ends, span.start), bisect_left(self._starts, span.end)
            )
        )


def spans_of(statement: Statement, role: str) -> tuple[Span, ...]:
    if role == "content":
        return statement.content
    span = statement.source if role == "source" else statement.cue
    return (span,) if span else ()


def count(
    text: str, gold: Sequence[Statement], predicted: Sequence[Statement]
) -> NDArray[np.int64]:
    """The counts (figures, 3) of one document: matched, predicted and gold, by `FIGURES`."""
    index = WordIndex(text)
    rows: list[tuple[int, int, int]] = []
    overlaps: list[tuple[int, int, int]] = []
    for role in ROLES:
        expected = [span for s in gold for span in spans_of(s, role)]
        found = [span for s in predicted for span in spans_of(s, role)]
        a = Counter((span.start, span.end) for span in expected)
        b = Counter((span.start, span.end) for span in found)
        rows.append(((a & b).total(), b.total(), a.total()))
        x, y = index.words(expected), index.words(found)
        overlaps.append((len(x & y), len(y), len(x)))
    contents, complete = match(index, gold, predicted)
    sizes = (sum(bool(s.content) for s in predicted), sum(bool(s.content) for s in gold))
    return np.array(
        [*rows, *overlaps, (len(contents), *sizes), (len(complete), *sizes)], dtype=np.int64
    )


def match(
    index: WordIndex, gold: Sequence[Statement], predicted: Sequence[Statement]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Matched pairs of (gold, predicted) indices: those whose contents agree, and of them those
    whose sources agree too."""
    a = [i for i, statement in enumerate(gold) if statement.content]
    b = [i for i, statement in enumerate(predicted) if statement.content]
    if not a or not b:
        return [], []
    contents = _agreements([gold[i] for i in a], [predicted[i] for i in b], index, "content")
    sources = _agreements([gold[i] for i in a], [predicted[i] for i in b], index, "source")
    # Among equal contents the pair with the right source is the one meant.
    rows, columns = linear_sum_assignment(-(contents + 0.01 * sources))
    pairs = [(r, c) for r, c in zip(rows, columns, strict=True) if contents[r, c] >= ENOUGH]
    agreeing = [(r, c) for r, c in pairs if sources[r, c] >= ENOUGH]
    return [(a[r], b[c]) for r, c in pairs], [(a[r], b[c]) for r, c in agreeing]


def _agreements(
    gold: Sequence[Statement], predicted: Sequence[Statement], index: WordIndex, role: str
) -> NDArray[np.float64]:
    a = [index.words(spans_of(statement, role)) for statement in gold]
    b = [index.words(spans_of(statement, role)) for statement in predicted]
    return np.array([[f1(x, y) for y in b] for x in a], dtype=np.float64)


def f1(a: Words, b: Words) -> float:
    """Of two sets of words; of two empty ones 1."""
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0
