"""Label ids of tokens as probabilities (tokens, labels), so that a teacher's can be mixed in.

A token's row is 0 and 1 where it is annotated, and zeros where nothing is known of it.
"""

from __future__ import annotations

import numpy as np

from avowal.inference.labels import LABELS, ROLES, Halves, Ints, TokenSpan, begin


def softened(length: int, labels: Ints | None) -> Halves:
    """The probabilities of label ids (tokens,), or zeros for `length` tokens without any."""
    if labels is None:
        return np.zeros((length, len(LABELS)), dtype=np.float16)
    return np.eye(len(LABELS), dtype=np.float16)[labels]


def mix_in(targets: Halves, span: TokenSpan, answers: Halves, share: float) -> None:
    """Mix a teacher's probabilities for the tokens of `span` into `targets`.

    Args:
        share: how much they count where something is annotated; elsewhere they stand alone.
    """
    part = targets[slice(*span)]
    known = part.any(axis=1, keepdims=True)
    part[:] = np.where(known, (1 - share) * part + share * answers, answers)


def begun(targets: Halves, start: int, end: int) -> Halves:
    """A part of a row of tokens: a span that began before it is said to begin with it."""
    part = targets[start:end].copy()
    for role in ROLES:
        first = begin(role)
        part[:1, first] += part[:1, first + 1]
        part[:1, first + 1] = 0
    return part
