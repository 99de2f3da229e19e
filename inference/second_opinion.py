"""Threat and sanction by two models: the joint one, and the sentence classifier if it is unsure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from avowal.inference.confidence import pooled
from avowal.inference.intent import INTENTS, IntentModel
from avowal.inference.joint import JointIntent
from avowal.inference.labels import TokenSpan
from avowal.inference.passes import Reading

SURE = 0.7


class SecondOpinion:
    """The joint model's reading answers for most sentences; of those with a probability between
    1 - `SURE` and `SURE`, for either label, the sentence classifier is asked as well, and the mean
    of their log-odds stands. The two err on different sentences, so the mean is better than
    either (`docs/experiments.md`), and few sentences of a newspaper need it.

    Attributes:
        labels: what the columns of `logits` stand for; the first are `INTENTS`.
    """

    def __init__(self, first: JointIntent, second: IntentModel) -> None:
        self.labels = first.labels if first.labels == second.labels else INTENTS
        self._first = first
        self._second = second

    def logits(
        self,
        texts: Sequence[str],
        sentences: Sequence[Sequence[TokenSpan]],
        read: Reading | None = None,
    ) -> list[NDArray[np.float32]]:
        """The mean of both models' raw scores, (sentences, labels) for each text."""
        width = len(self.labels)
        pairs = zip(
            self._first.logits(texts, sentences, read),
            self._second.logits(texts, sentences),
            strict=True,
        )
        return [np.float32(0.5) * (a[:, :width] + b[:, :width]) for a, b in pairs]

    def __call__(
        self,
        texts: Sequence[str],
        sentences: Sequence[Sequence[TokenSpan]],
        read: Reading | None = None,
    ) -> list[NDArray[np.float64]]:
        """Calibrated probabilities of `INTENTS`, (sentences, 2) for each text."""
        found = self._first(texts, sentences, read)
        unsure = [np.flatnonzero(((p > 1 - SURE) & (p < SURE)).any(axis=1)).tolist() for p in found]
        asked = [index for index, places in enumerate(unsure) if places]
        others = self._second.of_chosen(
            [texts[i] for i in asked], [sentences[i] for i in asked], [unsure[i] for i in asked]
        )
        for index, other in zip(asked, others, strict=True):
            found[index][unsure[index]] = pooled(found[index][unsure[index]], other)
        return found
