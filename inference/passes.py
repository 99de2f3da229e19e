"""The attribution model's two passes over tokenized articles.

Pass one reads an article in overlapping windows and finds every role. Pass two reads a window
around each cue with that cue marked and finds what it owns, as semantic-role labelling does for a
predicate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from avowal.inference.labels import LABELS, ROLES, Floats, TokenSpan, begin, best_labels, decode
from avowal.inference.model_folder import ModelError, ModelFolder
from avowal.inference.runtime import Runtime, run_batched
from avowal.inference.windows import (
    Tokens,
    Window,
    WindowBuilder,
    around,
    clipped,
    special_ids,
    tiles,
    token_id,
)

if TYPE_CHECKING:
    from tokenizers import Tokenizer

OVERLAP = 64
CUE = ROLES.index("cue")


@dataclass(frozen=True, slots=True)
class Tagged:
    """Pass one of one article.

    Attributes:
        roles: (tokens, 3) probability of each of `ROLES`.
        spans: the (role, start, end) token spans of the best valid labelling, in order.
    """

    roles: Floats
    spans: list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Owned:
    """Pass two of one marked cue; all spans are token spans of the article.

    Attributes:
        mark: the tokens that were marked, all of them in the window.
        window: the tokens that were read.
        roles: (tokens of the window, 3) probability of each of `ROLES`.
        spans: the (role, start, end) token spans found.
    """

    mark: TokenSpan
    window: TokenSpan
    roles: Floats
    spans: list[tuple[str, int, int]]

    def mean(self, role: str, span: TokenSpan) -> float:
        """The mean probability of `role` over tokens of the window."""
        low = self.window[0]
        return float(self.roles[span[0] - low : span[1] - low, ROLES.index(role)].mean())


class AttributionModel:
    """The token classifier behind both passes, on any runtime."""

    def __init__(
        self, folder: ModelFolder, runtime: Runtime, tokenizer: Tokenizer | None = None
    ) -> None:
        if folder.labels() != LABELS:
            raise ValueError(
                f"{folder.path} has the labels {', '.join(folder.labels())}; "
                f"an attribution model has {', '.join(LABELS)}"
            )
        if not folder.settings.get("marks", True):
            raise ModelError(
                f"{folder.path} is a plain tagger, the first step of an attribution model: "
                "train the second from it"
            )
        self.tokenizer = tokenizer or folder.tokenizer()
        tokens = folder.special_tokens()
        self._padding = token_id(self.tokenizer, tokens["pad"])
        self._builder = WindowBuilder(
            special_ids(self.tokenizer, tokens["start"], tokens["end"]),
            folder.setting("cue_mark"),
            paragraphs=bool(folder.settings.get("paragraphs", False)),
        )
        self._size = int(folder.setting("window"))
        self._cue_size = int(folder.setting("cue_window"))
        self._runtime = runtime

    def tag(self, articles: Sequence[Tokens]) -> list[Tagged]:
        """Pass one. Where windows overlap, a token is judged where it is farthest from an edge."""
        overlap = min(OVERLAP, self._size // 2)
        ranges = [tiles(len(tokens), self._size, overlap) for tokens in articles]
        windows = [
            self._builder.build(tokens, span)
            for tokens, spans in zip(articles, ranges, strict=True)
            for span in spans
        ]
        scores = iter(self._scores(windows))
        tagged = []
        for tokens, spans in zip(articles, ranges, strict=True):
            merged = np.zeros((len(tokens), len(LABELS)), dtype=np.float32)
            for index, (start, end) in enumerate(spans):
                low = (start + spans[index - 1][1]) // 2 if index else 0
                merged[low:end] = next(scores)[low - start :]
            valid = np.ones((1, len(tokens)), dtype=bool)
            labels = best_labels(merged[None], valid)[0]
            tagged.append(Tagged(role_probabilities(merged), decode(labels)))
        return tagged

    def own(self, marked: Sequence[tuple[Tokens, TokenSpan]]) -> list[Owned]:
        """Pass two, over the cues of any number of articles at once."""
        owned = []
        for first in range(0, len(marked), 256):
            part = [
                self._builder.build(tokens, around(len(tokens), cue, self._cue_size), cue)
                for tokens, cue in marked[first : first + 256]
            ]
            scores = self._scores(part)
            width = max(len(s) for s in scores)
            padded = np.zeros((len(part), width, len(LABELS)), dtype=np.float32)
            valid = np.zeros((len(part), width), dtype=bool)
            for row, s in enumerate(scores):
                padded[row, : len(s)] = s
                valid[row, : len(s)] = True
            labels = best_labels(padded, valid)
            for row, (window, s) in enumerate(zip(part, scores, strict=True)):
                found = decode(labels[row, : len(s)])
                owned.append(
                    Owned(
                        clipped(marked[first + row][1], (window.start, window.end)),
                        (window.start, window.end),
                        role_probabilities(s),
                        [(r, a + window.start, b + window.start) for r, a, b in found],
                    )
                )
        return owned

    def _scores(self, windows: Sequence[Window]) -> list[Floats]:
        rows = [(window.input_ids, window.token_type_ids) for window in windows]
        logits = run_batched(self._runtime, rows, self._padding)
        return [
            log_softmax(scores[window.positions])
            for window, scores in zip(windows, logits, strict=True)
        ]


def log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    out: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return out


def role_probabilities(scores: Floats) -> Floats:
    """(tokens, 3) probabilities of `ROLES` from (tokens, labels) log-probabilities."""
    probabilities = np.exp(scores)
    return np.stack(
        [probabilities[:, begin(r)] + probabilities[:, begin(r) + 1] for r in ROLES], axis=1
    )


def cue_candidates(tagged: Tagged, threshold: float) -> list[TokenSpan]:
    """The cues of pass one and other runs of tokens likely enough to be one, in order."""
    cues = [(start, end) for role, start, end in tagged.spans if role == "cue"]
    likely = tagged.roles[:, CUE] >= threshold
    for start, end in cues:
        # A neighbour of a cue is its blurred edge, not a cue of its own.
        likely[max(0, start - 1) : end + 1] = False
    edges = np.flatnonzero(np.diff(likely.astype(np.int8), prepend=0, append=0))
    runs = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return sorted(cues + runs)
