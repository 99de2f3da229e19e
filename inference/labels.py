"""The token labels of the attribution model, and spans of tokens to and from them.

Labels are BIO tags over the three roles of an attribution (Ramshaw and Marcus, 1995).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

ROLES = ("source", "cue", "content")
LABELS = ("O", *(f"{prefix}-{role}" for role in ROLES for prefix in "BI"))

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]
Ints = NDArray[np.int64]
TokenSpan = tuple[int, int]


def begin(role: str) -> int:
    """The index of a role's B label; its I label follows it."""
    return 1 + 2 * ROLES.index(role)


_IMPOSSIBLE = -1e9
_START = np.zeros(len(LABELS), dtype=np.float32)
_STEP = np.zeros((len(LABELS), len(LABELS)), dtype=np.float32)
for _role in ROLES:
    _inside = begin(_role) + 1
    _START[_inside] = _IMPOSSIBLE
    _STEP[[i for i in range(len(LABELS)) if i not in (_inside, _inside - 1)], _inside] = _IMPOSSIBLE


def token_span(offsets: Ints, start: int, end: int) -> TokenSpan | None:
    """The tokens that overlap the characters `[start, end)`, as a half-open range.

    Args:
        offsets: (tokens, 2) character offsets in order of the text.
    """
    first = int(np.searchsorted(offsets[:, 1], start, side="right"))
    last = int(np.searchsorted(offsets[:, 0], end, side="left"))
    return (first, last) if first < last else None


def encode(length: int, spans: Iterable[tuple[str, int, int]]) -> Ints:
    """BIO label ids of `length` tokens for (role, start, end) spans; a later span wins.

    What it leaves of an earlier one behind it begins anew there.
    """
    labels = np.zeros(length, dtype=np.int64)
    for role, start, end in spans:
        start, end = max(start, 0), min(end, length)
        if start < end:
            labels[start:end] = begin(role) + 1
            labels[start] = begin(role)
            if end < length and labels[end] and labels[end] % 2 == 0:
                labels[end] -= 1
            if end < length and labels[end] > 0 and labels[end] % 2 == 0:
                labels[end] -= 1
    return labels


def best_labels(scores: Floats, mask: NDArray[np.bool_]) -> Ints:
    """The best valid label sequence of each row, by Viterbi: no I without its B or I before it.

    Args:
        scores: (rows, tokens, labels) log-probabilities or logits.
        mask: (rows, tokens), False at padding, which stands at the end and gets O.

    Returns:
        (rows, tokens) label ids.
    """
    rows, length, count = scores.shape
    if length == 0:
        return np.zeros((rows, 0), dtype=np.int64)
    scores = np.where(mask[:, :, None], scores, _IMPOSSIBLE)
    scores[:, :, 0] = np.where(mask, scores[:, :, 0], 0.0)
    back = np.zeros((rows, length, count), dtype=np.int8)
    total = scores[:, 0] + _START
    for step in range(1, length):
        paths = total[:, :, None] + _STEP
        back[:, step] = paths.argmax(axis=1)
        total = paths.max(axis=1) + scores[:, step]
        # Only differences matter; a sum over a book's tokens would leave no digits for them.
        total -= total.max(axis=1, keepdims=True)
    best = np.zeros((rows, length), dtype=np.int64)
    best[:, -1] = total.argmax(axis=1)
    row = np.arange(rows)
    for step in range(length - 1, 0, -1):
        best[:, step - 1] = back[row, step, best[:, step]]
    return best


def decode(labels: Ints) -> list[tuple[str, int, int]]:
    """The (role, start, end) spans of one valid row of label ids, in order."""
    spans: list[tuple[str, int, int]] = []
    starts = np.flatnonzero(labels % 2 == 1)
    for start in starts.tolist():
        inside = int(labels[start]) + 1
        end = start + 1
        while end < len(labels) and labels[end] == inside:
            end += 1
        spans.append((ROLES[(inside - 2) // 2], start, end))
    return spans
