"""Annotated articles as windows for the joint model: roles, what each cue owns, and sentences."""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch.utils.data import Dataset

from avowal.data.label_rows import Labels
from avowal.data.plover import ROOTS, PloverSentence
from avowal.data.records import Article
from avowal.inference.joint import LONGEST_SENTENCE, distance
from avowal.inference.labels import Ints, TokenSpan, encode, token_span
from avowal.inference.windows import Tokens, Window, WindowBuilder, around, tiles
from avowal.train.attribution_features import (
    IGNORED,
    CueLexicon,
    begun_inside,
    jittered,
    role_spans,
)
from avowal.train.intent_examples import UNKNOWN


@dataclass(frozen=True, slots=True)
class MarkedCue:
    """A cue, gold or false, and the label ids (tokens of the window,) of what it owns."""

    span: TokenSpan
    labels: Ints


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence in tokens of the window, with what is known of it.

    Attributes:
        threat, sanction: 1.0, 0.0, or `UNKNOWN`.
        root: index in `ROOTS`, or -1.
    """

    span: TokenSpan
    threat: float
    sanction: float
    root: int = -1


@dataclass(frozen=True, slots=True)
class JointWindow:
    """A window with all that is known of it; token spans count from the window's first token.

    `labels` are the roles' label ids, all `IGNORED` where attributions are not annotated.
    """

    window: Window
    labels: Ints
    cues: list[MarkedCue] = field(default_factory=list)
    sentences: list[LabelledSentence] = field(default_factory=list)


def article_windows(
    article: Article,
    tokens: Tokens,
    builder: WindowBuilder,
    size: int,
    overlap: int,
    *,
    attributed: bool,
    lexicon: CueLexicon,
    candidates: Sequence[TokenSpan],
    false_rate: float,
    jitter: float,
    rng: random.Random,
) -> list[JointWindow]:
    """Windows over an article; one in which nothing is known is left out.

    Args:
        attributed: whether its attributions are annotated.
        candidates: false cues that come first; `lexicon` finds the rest.
        false_rate: false cues for each gold cue.
        jitter: the share of marks that are off by a token, as a predicted cue may be.
    """
    roles = encode(len(tokens), role_spans(article.statements, tokens))
    cues = []
    if attributed:
        cues = _cues(article, tokens, lexicon, candidates, false_rate, jitter, rng)
    sentences = _sentences(article, tokens)
    out = []
    for start, end in tiles(len(tokens), size, overlap):
        inside = [
            LabelledSentence((a - start, b - start), s.threat, s.sanction)
            for s in sentences
            for a, b in [s.span]
            if start <= a and b <= end
        ]
        if not attributed and not inside:
            continue
        marks = [
            MarkedCue((a - start, b - start), begun_inside(labels[start:end]))
            for (a, b), labels in cues
            if start <= a and b <= end
        ]
        labels = begun_inside(roles[start:end]) if attributed else np.full(end - start, IGNORED)
        out.append(JointWindow(builder.build(tokens, (start, end)), labels, marks, inside))
    return out


def _cues(
    article: Article,
    tokens: Tokens,
    lexicon: CueLexicon,
    candidates: Sequence[TokenSpan],
    false_rate: float,
    jitter: float,
    rng: random.Random,
) -> list[tuple[TokenSpan, Ints]]:
    found = []
    for statement in article.statements:
        cue = statement.cue and token_span(tokens.offsets, statement.cue.start, statement.cue.end)
        if cue:
            labels = encode(len(tokens), role_spans([statement], tokens))
            shaken = jittered(cue, len(tokens), rng) if rng.random() < jitter else cue
            found.append((shaken, labels))
    expected = len(found) * false_rate
    count = int(expected) + (rng.random() < expected % 1)
    chosen = list(candidates[: (count + 1) // 2])
    for span in lexicon.false_cues(article, count - len(chosen), rng):
        if mark := token_span(tokens.offsets, span.start, span.end):
            chosen.append(mark)
    nothing = encode(len(tokens), [])
    return found + [(mark, nothing) for mark in chosen]


def _sentences(article: Article, tokens: Tokens) -> list[LabelledSentence]:
    found = []
    for sentence in article.sentences:
        known = [UNKNOWN if v is None else v for v in (sentence.threat, sentence.sanction)]
        span = token_span(tokens.offsets, sentence.start, sentence.end)
        if span and known != [UNKNOWN, UNKNOWN]:
            found.append(LabelledSentence(span, known[0], known[1]))
    return found


def coded_window(
    sentence: PloverSentence,
    labels: Labels | None,
    tokens: Tokens,
    builder: WindowBuilder,
    size: int,
) -> JointWindow:
    """A single sentence with its root code, and our labels where they are known."""
    end = min(len(tokens), size)
    known = labels or Labels(UNKNOWN, UNKNOWN)
    return JointWindow(
        builder.build(tokens, (0, end)),
        np.full(end, IGNORED),
        [],
        [LabelledSentence((0, end), known.threat, known.sanction, ROOTS.index(sentence.root))],
    )


class JointDataset(Dataset[JointWindow]):
    """Windows in a list; `lengths` group those of like length into a batch."""

    def __init__(self, windows: Sequence[JointWindow]) -> None:
        self.windows = list(windows)
        self.lengths = [len(w.window.input_ids) for w in self.windows]

    def __len__(self) -> int:
        return len(self.windows)

    def __getitem__(self, index: int) -> JointWindow:
        return self.windows[index]


@dataclass(frozen=True, slots=True)
class JointCollator:
    """Batches of windows as tensors.

    Cues and sentences of all windows stand one after another, each with its window's row and the
    places of its tokens among the encoder's positions.

    Attributes:
        cue_window: tokens around a cue that it may own.
        cues: the most cues taken of a window each time, at random.
        types: whether the encoder knows token types.
    """

    padding: int
    cue_window: int
    cues: int
    types: bool

    def __call__(self, windows: Sequence[JointWindow]) -> dict[str, torch.Tensor]:
        width = max(len(w.window.input_ids) for w in windows)
        ids = np.full((len(windows), width), self.padding, dtype=np.int64)
        mask = np.zeros_like(ids)
        labels = np.full((len(windows), width), IGNORED, dtype=np.int64)
        # The batch itself is the seed: a resumed run draws what it would have drawn, and another
        # epoch has other batches.
        rng = random.Random(zlib.crc32(b"".join(w.window.input_ids.tobytes() for w in windows)))
        cues: list[tuple[int, Ints, Ints, Ints]] = []
        sentences: list[tuple[int, Ints]] = []
        known: list[tuple[float, float]] = []
        roots: list[int] = []
        for row, item in enumerate(windows):
            positions = item.window.positions
            ids[row, : len(item.window.input_ids)] = item.window.input_ids
            mask[row, : len(item.window.input_ids)] = 1
            labels[row, positions] = item.labels
            for cue in _some(item.cues, self.cues, rng):
                start, end = around(len(positions), cue.span, self.cue_window)
                index = np.arange(start, end)
                owned = begun_inside(cue.labels[start:end])
                cues.append((row, positions[index], distance(index, cue.span), owned))
            for sentence in item.sentences:
                start, end = sentence.span
                end = min(end, start + LONGEST_SENTENCE)
                sentences.append((row, positions[start:end]))
                known.append((sentence.threat, sentence.sanction))
                roots.append(sentence.root)
        batch: dict[str, Any] = {"input_ids": ids, "attention_mask": mask, "labels": labels}
        if self.types:
            batch["token_type_ids"] = np.zeros_like(ids)
        batch |= _padded("cue", [(r, p) for r, p, _, _ in cues])
        batch["cue_distance"] = _filled([d for _, _, d, _ in cues], 1)
        batch["cue_labels"] = _filled([o for _, _, _, o in cues], IGNORED)
        batch |= _padded("sentence", sentences)
        batch["intents"] = np.array(known, dtype=np.float32).reshape(-1, 2)
        batch["roots"] = np.array(roots, dtype=np.int64)
        return {name: torch.from_numpy(value) for name, value in batch.items()}


def _some(cues: Sequence[MarkedCue], most: int, rng: random.Random) -> Sequence[MarkedCue]:
    return cues if len(cues) <= most else rng.sample(cues, most)


def _padded(name: str, parts: Sequence[tuple[int, Ints]]) -> dict[str, Ints]:
    positions = _filled([p for _, p in parts], 0)
    valid = _filled([np.ones(len(p), dtype=np.int64) for _, p in parts], 0)
    rows = np.array([row for row, _ in parts], dtype=np.int64)
    return {f"{name}_rows": rows, f"{name}_positions": positions, f"{name}_valid": valid}


def _filled(parts: Sequence[Ints], value: int) -> Ints:
    width = max((len(part) for part in parts), default=0)
    out = np.full((len(parts), width), value, dtype=np.int64)
    for row, part in enumerate(parts):
        out[row, : len(part)] = part
    return out
