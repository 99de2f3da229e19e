"""The attribution model's two passes over tokenized articles.

Pass one reads an article in overlapping windows and finds every role. Pass two reads a window
around each cue with that cue marked and finds what it owns, as semantic-role labelling does for a
predicate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from avowal.inference.labels import (
    LABELS,
    ROLES,
    Floats,
    Halves,
    Ints,
    TokenSpan,
    begin,
    best_labels,
    decode,
)
from avowal.inference.model_folder import ModelError, ModelFolder
from avowal.inference.runtime import Runtime, run_batched
from avowal.inference.windows import (
    Tokens,
    Window,
    WindowBuilder,
    around,
    clipped,
    special_ids,
    takeover,
    tiles,
    token_id,
)

if TYPE_CHECKING:
    from tokenizers import Tokenizer

OVERLAP = 64
PART = 256
ROWS = 32
CUE = ROLES.index("cue")


@dataclass(frozen=True, slots=True)
class Tagged:
    """Pass one of one article.

    Attributes:
        roles: (tokens, 3) probability of each of `ROLES`.
        spans: the (role, start, end) token spans of the best valid labelling, in order.
        states: (tokens, hidden) the encoder's states, where a joint model has read the article.
    """

    roles: Floats
    spans: list[tuple[str, int, int]]
    states: Halves | None = None


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


Reading = tuple[Sequence[Tokens], Sequence[Tagged]]
"""Texts as tokens, and pass one of each."""


class Marked(NamedTuple):
    """A cue of an article whose owned spans are asked for."""

    tokens: Tokens
    tagged: Tagged
    cue: TokenSpan


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
        """Pass one, in windows that overlap."""
        ranges, windows = reading_windows(self._builder, articles, self._size)
        scores = iter(self._scores(windows))
        found = [
            merged(spans, [next(scores) for _ in spans], len(LABELS), tokens.starts)
            for spans, tokens in zip(ranges, articles, strict=True)
        ]
        return tagged_as(found, [None] * len(found))

    def own(self, marked: Sequence[Marked]) -> list[Owned]:
        """Pass two, over the cues of any number of articles at once."""
        found = []
        for first in range(0, len(marked), PART):
            part = marked[first : first + PART]
            windows = [
                self._builder.build(m.tokens, around(len(m.tokens), m.cue, self._cue_size), m.cue)
                for m in part
            ]
            spans = [(window.start, window.end) for window in windows]
            found += owned([m.cue for m in part], spans, self._scores(windows))
        return found

    def _scores(self, windows: Sequence[Window]) -> list[Floats]:
        rows = [(window.input_ids, window.token_type_ids) for window in windows]
        logits = run_batched(self._runtime, rows, self._padding)
        return [
            log_softmax(scores[window.positions])
            for window, scores in zip(windows, logits, strict=True)
        ]


def reading_windows(
    builder: WindowBuilder, articles: Sequence[Tokens], size: int
) -> tuple[list[list[TokenSpan]], list[Window]]:
    """The token spans of each article's overlapping windows, and the windows of all in order."""
    ranges = [tiles(len(tokens), size, min(OVERLAP, size // 2)) for tokens in articles]
    windows = [
        builder.build(tokens, span)
        for tokens, spans in zip(articles, ranges, strict=True)
        for span in spans
    ]
    return ranges, windows


def merged(spans: Sequence[TokenSpan], parts: Sequence[Any], width: int, starts: Ints) -> Any:
    """(tokens, width) of overlapping windows: of what two share, each says one part (`takeover`).

    Args:
        spans: the windows' token spans, in order; together they cover the text.
        parts: (tokens of the window, width) for each; their kind of number is kept.
        starts: the tokens at which a sentence may begin.
    """
    kind = parts[0].dtype if parts else np.float32
    out = np.zeros((spans[-1][1] if spans else 0, width), dtype=kind)
    for index, ((start, end), part) in enumerate(zip(spans, parts, strict=True)):
        low = takeover((start, spans[index - 1][1]), starts) if index else 0
        out[low:end] = part[low - start :]
    return out


def tagged_as(scores: Sequence[Floats], states: Sequence[Halves | None]) -> list[Tagged]:
    """Pass one of articles from (tokens, labels) log-probabilities of each, and their states."""
    return [
        Tagged(role_probabilities(s), decode(row), held)
        for s, row, held in zip(scores, best_of(scores), states, strict=True)
    ]


def best_of(scores: Sequence[Floats]) -> list[Ints]:
    """The best valid labelling (tokens,) of each of (tokens, labels) log-probabilities.

    Rows of like length are decoded together, a step for all at once.
    """
    order = sorted(range(len(scores)), key=lambda row: len(scores[row]))
    out: list[Ints] = [np.zeros(0, dtype=np.int64)] * len(scores)
    for first in range(0, len(order), ROWS):
        group = order[first : first + ROWS]
        width = len(scores[group[-1]])
        padded = np.zeros((len(group), width, len(LABELS)), dtype=np.float32)
        valid = np.zeros((len(group), width), dtype=bool)
        for place, row in enumerate(group):
            padded[place, : len(scores[row])] = scores[row]
            valid[place, : len(scores[row])] = True
        for row, labels in zip(group, best_labels(padded, valid), strict=True):
            out[row] = labels[: len(scores[row])]
    return out


def owned(
    cues: Sequence[TokenSpan], windows: Sequence[TokenSpan], scores: Sequence[Floats]
) -> list[Owned]:
    """Pass two of cues from (tokens of the window, labels) log-probabilities."""
    return [
        Owned(
            clipped(cue, window),
            window,
            role_probabilities(s),
            [(r, a + window[0], b + window[0]) for r, a, b in decode(row)],
        )
        for cue, window, s, row in zip(cues, windows, scores, best_of(scores), strict=True)
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
