"""Threat and sanction of sentences: the sentence classifier with its context, calibrated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from avowal.inference.confidence import Calibration
from avowal.inference.labels import TokenSpan
from avowal.inference.model_folder import ModelFolder
from avowal.inference.runtime import Row, Runtime, run_batched
from avowal.inference.windows import Tokens, special_ids, token_id, tokenize

if TYPE_CHECKING:
    from tokenizers import Tokenizer

INTENTS = ("threat", "sanction")


def pair(
    sentence: Sequence[int], before: Sequence[int], special: Mapping[str, int], size: int
) -> Row:
    """A sentence as first segment and what stands before it as second, at most `size` tokens.

    The sentence is cut at its end where it alone is too long; the context at its beginning.
    """
    sentence = sentence[: size - 3]
    room = size - 3 - len(sentence)
    before = before[len(before) - room :] if len(before) > room else before
    start, end = special["start"], special["end"]
    ids = [start, *sentence, end]
    types = [0] * len(ids)
    if len(before):
        ids += [*before, end]
        types += [1] * (len(before) + 1)
    return np.array(ids, dtype=np.int64), np.array(types, dtype=np.int64)


def sentence_rows(
    tokens: Tokens,
    sentences: Sequence[TokenSpan],
    special: Mapping[str, int],
    context: int,
    size: int,
) -> list[Row]:
    """The model's input for each sentence of a text.

    Args:
        sentences: character offsets, in order.
        context: how many sentences before each one are its second segment.
        size: the most tokens of an input.
    """
    starts = np.searchsorted(tokens.offsets[:, 1], [s for s, _ in sentences], side="right")
    ends = np.searchsorted(tokens.offsets[:, 0], [e for _, e in sentences], side="left")
    ids = tokens.ids.tolist()
    return [
        pair(ids[start:end], ids[starts[max(0, index - context)] : start], special, size)
        for index, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True))
    ]


@dataclass(frozen=True, slots=True)
class _Settings:
    context: int
    size: int
    calibrations: tuple[Calibration, ...]


class IntentModel:
    """The sentence classifier: a probability of threat and of sanction for each sentence.

    Args:
        folder: an intent model.
        runtime: what runs it.
        tokenizer: the folder's own, where it has been read already.
    """

    def __init__(
        self, folder: ModelFolder, runtime: Runtime, tokenizer: Tokenizer | None = None
    ) -> None:
        self.labels = folder.labels()
        if self.labels[: len(INTENTS)] != INTENTS:
            raise ValueError(f"{folder.path} does not begin its labels with {', '.join(INTENTS)}")
        self._tokenizer = tokenizer or folder.tokenizer()
        names = folder.special_tokens()
        self._padding = token_id(self._tokenizer, names["pad"])
        self._special = special_ids(self._tokenizer, names["start"], names["end"])
        self._runtime = runtime
        self._settings = _Settings(
            int(folder.setting("context")),
            int(folder.setting("max_length")),
            calibrations(folder),
        )

    def logits(
        self, texts: Sequence[str], sentences: Sequence[Sequence[TokenSpan]]
    ) -> list[NDArray[np.float32]]:
        """Raw scores, (sentences, labels) for each text.

        Args:
            sentences: the character offsets of each text's sentences.
        """
        return self._logits(texts, sentences, [range(len(spans)) for spans in sentences])

    def __call__(
        self,
        texts: Sequence[str],
        sentences: Sequence[Sequence[TokenSpan]],
        read: object = None,
    ) -> list[NDArray[np.float64]]:
        """Calibrated probabilities of `INTENTS`, (sentences, 2) for each text.

        Args:
            read: what a joint model would go by; this one reads for itself.
        """
        return self.of_chosen(texts, sentences, [range(len(spans)) for spans in sentences])

    def of_chosen(
        self,
        texts: Sequence[str],
        sentences: Sequence[Sequence[TokenSpan]],
        chosen: Sequence[Sequence[int]],
    ) -> list[NDArray[np.float64]]:
        """Calibrated probabilities of `INTENTS`, (chosen, 2) for each text.

        Args:
            chosen: the places, among each text's sentences, of those to read; what stands before
                them is their context.
        """
        found = self._logits(texts, sentences, chosen)
        return [calibrated(scores, self._settings.calibrations) for scores in found]

    def _logits(
        self,
        texts: Sequence[str],
        sentences: Sequence[Sequence[TokenSpan]],
        chosen: Sequence[Sequence[int]],
    ) -> list[NDArray[np.float32]]:
        settings = self._settings
        rows: list[Row] = []
        for tokens, spans, places in zip(
            tokenize(self._tokenizer, texts), sentences, chosen, strict=True
        ):
            its = sentence_rows(tokens, spans, self._special, settings.context, settings.size)
            rows += [its[place] for place in places]
        scores = run_batched(self._runtime, rows, self._padding)
        return by_text(scores, chosen, len(self.labels))


class SentenceIntents(Protocol):
    """What labels sentences: a sentence classifier, a joint model, or both.

    Attributes:
        labels: what the columns of `logits` stand for; the first are `INTENTS`.
    """

    labels: tuple[str, ...]

    def logits(
        self, texts: Sequence[str], sentences: Sequence[Sequence[TokenSpan]]
    ) -> list[NDArray[np.float32]]:
        """Raw scores, (sentences, labels) for each text."""
        ...

    def __call__(
        self, texts: Sequence[str], sentences: Sequence[Sequence[TokenSpan]], read: Any = None
    ) -> list[NDArray[np.float64]]:
        """Calibrated probabilities of `INTENTS`, (sentences, 2) for each text.

        Args:
            sentences: the character offsets of each text's sentences.
            read: what `Attributor.read` gave of the texts.
        """
        ...


def by_text(
    scores: Iterable[NDArray[np.float32]],
    sentences: Sequence[Sequence[Any]],
    labels: int,
) -> list[NDArray[np.float32]]:
    """The scores (labels,) of all sentences in order, as (sentences, labels) for each text."""
    left = iter(scores)
    return [
        np.array([next(left) for _ in spans], dtype=np.float32).reshape(-1, labels)
        for spans in sentences
    ]


def calibrations(folder: ModelFolder) -> tuple[Calibration, ...]:
    """The calibration of each of `INTENTS` that a model folder was given, or none."""
    fitted = folder.settings.get("calibration", {})
    return tuple(
        Calibration.from_dict(fitted[name]) if name in fitted else Calibration((1.0,), 0.0)
        for name in INTENTS
    )


def calibrated(
    scores: NDArray[np.float32], calibrations: Sequence[Calibration]
) -> NDArray[np.float64]:
    """Probabilities of `INTENTS`, (sentences, 2), from raw scores (sentences, labels)."""
    raw = 1 / (1 + np.exp(-scores[:, : len(INTENTS)].astype(np.float64)))
    columns = [one(raw[:, index, None]) for index, one in enumerate(calibrations)]
    return np.stack(columns, axis=1)
