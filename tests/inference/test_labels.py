"""`avowal.inference.labels`: valid BIO, and spans to labels and back."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from avowal.inference.labels import (
    LABELS,
    ROLES,
    Ints,
    begin,
    best_labels,
    decode,
    encode,
    token_span,
)

SCORES = st.integers(1, 4).flatmap(
    lambda length: arrays(np.float32, (2, length, len(LABELS)), elements=st.integers(-9, 9))
)


def is_valid(labels: Ints) -> bool:
    """No I without the B or I of its role right before it."""
    inside = [0, *labels.tolist()]
    return all(b == 0 or b % 2 == 1 or a in (b, b - 1) for a, b in pairwise(inside))


def value(scores: np.ndarray, labels: Ints) -> float:
    return float(scores[np.arange(len(labels)), labels].sum())


def test_an_inside_label_follows_its_begin_label() -> None:
    for role in ROLES:
        assert LABELS[begin(role)] == f"B-{role}"
        assert LABELS[begin(role) + 1] == f"I-{role}"


@settings(max_examples=40, deadline=None)
@given(SCORES)
def test_the_best_labels_are_valid_and_none_valid_are_better(scores: np.ndarray) -> None:
    length = scores.shape[1]
    found = best_labels(scores, np.ones(scores.shape[:2], dtype=bool))
    every = [
        np.array(labels)
        for labels in product(range(len(LABELS)), repeat=length)
        if is_valid(np.array(labels))
    ]
    for row, labels in zip(scores, found, strict=True):
        assert is_valid(labels)
        assert value(row, labels) == max(value(row, other) for other in every)


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(1, 30), st.integers(0, 10))
def test_padding_is_outside_and_changes_nothing(
    data: st.DataObject, length: int, padding: int
) -> None:
    # noise, so that no two labellings are equally good
    noise = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    scores = noise.normal(0, 3, (1, length + padding, len(LABELS))).astype(np.float32)
    mask = np.arange(length + padding)[None] < length
    padded = best_labels(scores, mask)[0]
    alone = best_labels(scores[:, :length], mask[:, :length])[0]
    assert padded[:length].tolist() == alone.tolist()
    assert not padded[length:].any()


def test_a_text_of_no_tokens_has_no_labels() -> None:
    scores = np.zeros((1, 0, len(LABELS)), dtype=np.float32)
    assert best_labels(scores, np.ones((1, 0), dtype=bool)).shape == (1, 0)
    assert decode(encode(0, [])) == []


def test_the_end_of_a_very_long_text_is_decoded_as_exactly_as_its_beginning() -> None:
    # a sum of 200,000 scores in single precision has no digits left for a difference of 0.01
    length = 200_000
    scores = np.full((1, length, len(LABELS)), -30.0, dtype=np.float32)
    scores[:, :, 0] = -20.0
    scores[:, -5:, begin("cue")] = -19.99
    labels = best_labels(scores, np.ones((1, length), dtype=bool))[0]
    assert decode(labels) == [("cue", length - n, length - n + 1) for n in range(5, 0, -1)]


@st.composite
def disjoint_spans(draw: st.DrawFn) -> tuple[int, list[tuple[str, int, int]]]:
    spans, at = [], 0
    for role, gap, length in draw(
        st.lists(st.tuples(st.sampled_from(ROLES), st.integers(0, 3), st.integers(1, 4)))
    ):
        spans.append((role, at + gap, at + gap + length))
        at += gap + length
    return at + draw(st.integers(0, 3)), spans


@given(disjoint_spans())
def test_spans_become_labels_and_the_same_spans_again(
    case: tuple[int, list[tuple[str, int, int]]],
) -> None:
    length, spans = case
    labels = encode(length, spans)
    assert is_valid(labels)
    assert decode(labels) == spans


def test_spans_that_stick_out_are_cut_and_those_outside_dropped() -> None:
    spans = [("source", -3, 2), ("content", 4, 9), ("cue", 7, 8), ("cue", -4, -1)]
    assert decode(encode(6, spans)) == [("source", 0, 2), ("content", 4, 6)]


def test_where_spans_overlap_the_later_one_wins() -> None:
    assert decode(encode(6, [("content", 0, 4), ("cue", 2, 5)])) == [
        ("content", 0, 2),
        ("cue", 2, 5),
    ]
    assert decode(encode(9, [("content", 0, 9), ("cue", 2, 4)])) == [
        ("content", 0, 2),
        ("cue", 2, 4),
        ("content", 4, 9),
    ]


@given(
    st.lists(st.tuples(st.sampled_from(ROLES), st.integers(-2, 12), st.integers(1, 6)), max_size=6)
)
def test_labels_are_valid_however_spans_overlap(rows: list[tuple[str, int, int]]) -> None:
    spans = [(role, start, start + length) for role, start, length in rows]
    labels = encode(12, spans)
    assert is_valid(labels)
    roles = [next((r for r, a, b in spans[::-1] if a <= token < b), None) for token in range(12)]
    assert [ROLES[(x - 1) // 2] if x else None for x in labels.tolist()] == roles


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 3, (0, 1)),
        (0, 4, (0, 1)),  # the space belongs to no token
        (1, 2, (0, 1)),  # within a token
        (2, 5, (0, 2)),
        (0, 11, (0, 3)),
        (3, 4, None),  # the space alone
        (8, 20, (2, 3)),
        (20, 30, None),
    ],
)
def test_token_span(start: int, end: int, expected: tuple[int, int] | None) -> None:
    offsets = np.array([(0, 3), (4, 7), (8, 11)])
    assert token_span(offsets, start, end) == expected


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3)), max_size=8), st.data())
def test_token_span_is_the_tokens_that_overlap(
    pieces: list[tuple[int, int]], data: st.DataObject
) -> None:
    offsets, at = [], 0
    for gap, length in pieces:
        offsets.append((at + gap, at + gap + length))
        at += gap + length
    start = data.draw(st.integers(0, at + 2))
    end = data.draw(st.integers(start + 1, at + 3))
    overlapping = [i for i, (a, b) in enumerate(offsets) if a < end and start < b]
    expected = (overlapping[0], overlapping[-1] + 1) if overlapping else None
    assert token_span(np.array(offsets, dtype=np.int64).reshape(-1, 2), start, end) == expected
