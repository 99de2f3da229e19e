"""The joint model: an article is read once, and gives its roles, owners and sentence labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from avowal.inference.intent import INTENTS, by_text, calibrated, calibrations
from avowal.inference.joint_runtime import JointRuntime
from avowal.inference.labels import LABELS, Floats, Halves, Ints, TokenSpan, token_span
from avowal.inference.model_folder import ModelError, ModelFolder
from avowal.inference.passes import (
    PART,
    Marked,
    Owned,
    Reading,
    Tagged,
    log_softmax,
    merged,
    owned,
    reading_windows,
    tagged_as,
)
from avowal.inference.windows import (
    Tokens,
    WindowBuilder,
    around,
    special_ids,
    token_id,
    tokenize,
)

if TYPE_CHECKING:
    from tokenizers import Tokenizer

LONGEST_SENTENCE = 128


class JointModel:
    """The one reading of an article, with the two passes' interface of `AttributionModel`."""

    def __init__(
        self, folder: ModelFolder, runtime: JointRuntime, tokenizer: Tokenizer | None = None
    ) -> None:
        if folder.labels() != LABELS:
            raise ModelError(
                f"{folder.path} has the labels {', '.join(folder.labels())}; "
                f"a joint model has {', '.join(LABELS)}"
            )
        self.tokenizer = tokenizer or folder.tokenizer()
        tokens = folder.special_tokens()
        self._padding = token_id(self.tokenizer, tokens["pad"])
        self._builder = WindowBuilder(
            special_ids(self.tokenizer, tokens["start"], tokens["end"]),
            "token_type_ids",
            paragraphs=True,
        )
        self._size = int(folder.setting("window"))
        self._cue_size = int(folder.setting("cue_window"))
        self.runtime = runtime

    def tag(self, articles: Sequence[Tokens]) -> list[Tagged]:
        """Read articles: every role, and the states that the other answers are computed from."""
        found = self.read(articles)
        return tagged_as([scores for scores, _ in found], [states for _, states in found])

    def read(self, articles: Sequence[Tokens]) -> list[tuple[Floats, Halves]]:
        """Log-probabilities (tokens, labels) and states (tokens, hidden) of each article."""
        ranges, windows = reading_windows(self._builder, articles, self._size)
        answers = iter(self.runtime.encode([w.input_ids for w in windows], self._padding))
        places = iter(windows)
        found = []
        for spans, tokens in zip(ranges, articles, strict=True):
            logits, states = [], []
            for _ in spans:
                positions = next(places).positions
                row_logits, row_states = next(answers)
                logits.append(log_softmax(row_logits[positions]))
                states.append(row_states[positions])
            width = states[0].shape[1] if states else 0
            found.append(
                (
                    merged(spans, logits, len(LABELS), tokens.starts),
                    merged(spans, states, width, tokens.starts),
                )
            )
        return found

    def own(self, marked: Sequence[Marked]) -> list[Owned]:
        """What each cue owns, over the cues of any number of articles at once."""
        found: list[Owned] = []
        for first in range(0, len(marked), PART):
            part = marked[first : first + PART]
            spans, scores = self.owner_scores(part)
            found += owned([m.cue for m in part], spans, scores)
        return found

    def owner_scores(self, marked: Sequence[Marked]) -> tuple[list[TokenSpan], list[Floats]]:
        """The tokens around each cue, and the log-probabilities (tokens, labels) of its roles."""
        spans = [around(len(m.tokens), m.cue, self._cue_size) for m in marked]
        logits = self.runtime.own(
            [states_of(m.tagged, span) for m, span in zip(marked, spans, strict=True)],
            [distance(np.arange(*span), m.cue) for m, span in zip(marked, spans, strict=True)],
        )
        return spans, [log_softmax(x) for x in logits]


class JointIntent:
    """Threat and sanction of sentences from a joint model's reading.

    Attributes:
        labels: what the columns of `logits` stand for; the first are `INTENTS`.
    """

    def __init__(self, folder: ModelFolder, model: JointModel) -> None:
        self.labels = tuple(folder.setting("intents"))
        if self.labels[: len(INTENTS)] != INTENTS:
            raise ModelError(f"{folder.path} does not begin its intents with {', '.join(INTENTS)}")
        self._model = model
        self._calibrations = calibrations(folder)

    def logits(
        self,
        texts: Sequence[str],
        sentences: Sequence[Sequence[TokenSpan]],
        read: Reading | None = None,
    ) -> list[NDArray[np.float32]]:
        """Raw scores, (sentences, labels) for each text.

        Args:
            sentences: the character offsets of each text's sentences.
            read: what the joint model has read of the texts already.
        """
        if read is None:
            tokens: Sequence[Tokens] = tokenize(self._model.tokenizer, texts)
            read = tokens, self._model.tag(tokens)
        rows: list[Floats] = []
        for tokens_of_it, tagged, spans in zip(*read, sentences, strict=True):
            for start, end in spans:
                first, last = token_span(tokens_of_it.offsets, start, end) or (0, 0)
                rows.append(states_of(tagged, (first, min(last, first + LONGEST_SENTENCE))))
        scores = self._model.runtime.classify(rows, len(self.labels))
        return by_text(scores, sentences, len(self.labels))

    def __call__(
        self,
        texts: Sequence[str],
        sentences: Sequence[Sequence[TokenSpan]],
        read: Reading | None = None,
    ) -> list[NDArray[np.float64]]:
        """Calibrated probabilities of `INTENTS`, (sentences, 2) for each text."""
        found = self.logits(texts, sentences, read)
        return [calibrated(scores, self._calibrations) for scores in found]


def states_of(tagged: Tagged, span: TokenSpan) -> Floats:
    """The states (tokens, hidden) of a span; in between they are held at half precision, since a
    long article has many."""
    if tagged.states is None:
        raise ValueError("a joint model goes by its own reading, and this is another's")
    return tagged.states[slice(*span)].astype(np.float32)


def distance(index: Ints, cue: TokenSpan) -> Ints:
    """How far tokens are from a cue: negative before it, 0 in it."""
    start, end = cue
    return np.where(index < start, index - start, np.where(index >= end, index - end + 1, 0))
