"""Annotated articles as windows for the joint model: roles, what each cue owns, and sentences.

Targets of tokens are probabilities (tokens, labels), as `avowal.train.soft_labels` has them.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import torch
from torch.utils.data import Dataset

from avowal.data.label_rows import Labels
from avowal.data.plover import ROOTS, PloverSentence
from avowal.data.records import Article
from avowal.inference.joint import LONGEST_SENTENCE, distance
from avowal.inference.labels import LABELS, Floats, Halves, Ints, TokenSpan, encode, token_span
from avowal.inference.windows import Tokens, Window, WindowBuilder, around, tiles
from avowal.train.attribution_features import CueLexicon, jittered, role_spans
from avowal.train.intent_examples import UNKNOWN
from avowal.train.soft_labels import begun, mix_in, softened


@dataclass(frozen=True, slots=True)
class MarkedCue:
    """A cue, gold or false, and the targets (tokens of the window, labels) of what it owns."""

    span: TokenSpan
    targets: Halves


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence in tokens of the window, with what is known of it.

    Attributes:
        threat, sanction: a probability, or `UNKNOWN`.
        root: index in `ROOTS`, or -1.
    """

    span: TokenSpan
    threat: float
    sanction: float
    root: int = -1


@dataclass(frozen=True, slots=True)
class JointWindow:
    """A window with all that is known of it; token spans count from the window's first token.

    `targets` are the roles' (tokens, labels).
    """

    window: Window
    targets: Halves
    cues: list[MarkedCue] = field(default_factory=list)
    sentences: list[LabelledSentence] = field(default_factory=list)


class Cue(NamedTuple):
    """A cue of an article, gold or false, and the label ids (tokens of the article,) of what it
    owns, or None where nobody annotated it."""

    span: TokenSpan
    labels: Ints | None


class Taught(NamedTuple):
    """What a teacher says of an article.

    Attributes:
        roles: (tokens, labels) probabilities.
        owned: of each cue, the tokens around it, and their (tokens, labels) probabilities.
        intents: (sentences, 2) probabilities of threat and sanction.
    """

    roles: Halves
    owned: Sequence[tuple[TokenSpan, Halves]]
    intents: Floats


def article_windows(
    article: Article,
    tokens: Tokens,
    cues: Sequence[Cue],
    builder: WindowBuilder,
    size: int,
    overlap: int,
    *,
    attributed: bool,
    taught: Taught | None = None,
    share: float = 0.0,
) -> list[JointWindow]:
    """Windows over an article; one in which nothing is known is left out.

    Args:
        attributed: whether its attributions are annotated.
        taught: a teacher's answers for the article, its cues and its sentences.
        share: how much the teacher counts where there are annotations too, from 0 to 1.
    """
    known = encode(len(tokens), role_spans(article.statements, tokens)) if attributed else None
    roles = softened(len(tokens), known)
    owned = [softened(len(tokens), cue.labels) for cue in cues]
    if taught:
        mix_in(roles, (0, len(tokens)), taught.roles, share)
        for targets, ((first, last), answers) in zip(owned, taught.owned, strict=True):
            # Where a crop begins in the middle of a span its first token is said to begin one.
            skipped = int(first > 0)
            mix_in(targets, (first + skipped, last), answers[skipped:], share)
    sentences = _sentences(article, tokens, taught, share)
    out = []
    for start, end in tiles(len(tokens), size, overlap):
        inside = [
            replace(sentence, span=(a - start, b - start))
            for sentence in sentences
            for a, b in [sentence.span]
            if start <= a and b <= end
        ]
        if not attributed and not inside and not taught:
            continue
        marks = [
            MarkedCue((a - start, b - start), begun(targets, start, end))
            for (a, b), targets in zip((cue.span for cue in cues), owned, strict=True)
            if start <= a and b <= end
        ]
        window = builder.build(tokens, (start, end))
        out.append(JointWindow(window, begun(roles, start, end), marks, inside))
    return out


def article_cues(
    article: Article,
    tokens: Tokens,
    lexicon: CueLexicon,
    candidates: Sequence[TokenSpan],
    false_rate: float,
    jitter: float,
    rng: random.Random,
) -> list[Cue]:
    """The annotated cues of an article, and false ones.

    Args:
        candidates: false cues that come first; `lexicon` finds the rest.
        false_rate: false cues for each gold cue.
        jitter: the share of marks that are off by a token, as a predicted cue may be.
    """
    found = []
    for statement in article.statements:
        cue = statement.cue and token_span(tokens.offsets, statement.cue.start, statement.cue.end)
        if cue:
            labels = encode(len(tokens), role_spans([statement], tokens))
            shaken = jittered(cue, len(tokens), rng) if rng.random() < jitter else cue
            found.append(Cue(shaken, labels))
    expected = len(found) * false_rate
    count = int(expected) + (rng.random() < expected % 1)
    chosen = list(candidates[: (count + 1) // 2])
    for span in lexicon.false_cues(article, count - len(chosen), rng):
        if mark := token_span(tokens.offsets, span.start, span.end):
            chosen.append(mark)
    nothing = encode(len(tokens), [])
    return found + [Cue(mark, nothing) for mark in chosen]


def _sentences(
    article: Article, tokens: Tokens, taught: Taught | None, share: float
) -> list[LabelledSentence]:
    found = []
    for index, sentence in enumerate(article.sentences):
        known = [UNKNOWN if v is None else float(v) for v in (sentence.threat, sentence.sanction)]
        if taught:
            answers = [float(answer) for answer in taught.intents[index]]
            known = [
                answer if value == UNKNOWN else (1 - share) * value + share * answer
                for value, answer in zip(known, answers, strict=True)
            ]
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
        softened(end, None),
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
        mask_id: the token that stands in for one that is hidden.
        masked: the share of tokens that are hidden each time, at random.
    """

    padding: int
    cue_window: int
    cues: int
    types: bool
    mask_id: int = 0
    masked: float = 0.0

    def __call__(self, windows: Sequence[JointWindow]) -> dict[str, torch.Tensor]:
        width = max(len(w.window.input_ids) for w in windows)
        ids = np.full((len(windows), width), self.padding, dtype=np.int64)
        mask = np.zeros_like(ids)
        labels = np.zeros((len(windows), width, len(LABELS)), dtype=np.float32)
        # The batch itself is the seed: a resumed run draws what it would have drawn, and another
        # epoch has other batches.
        seed = zlib.crc32(b"".join(w.window.input_ids.tobytes() for w in windows))
        rng, noise = random.Random(seed), np.random.default_rng(seed)
        cues: list[tuple[int, Ints, Ints, Halves]] = []
        sentences: list[tuple[int, Ints]] = []
        known: list[tuple[float, float]] = []
        roots: list[int] = []
        for row, item in enumerate(windows):
            positions = item.window.positions
            ids[row, : len(item.window.input_ids)] = item.window.input_ids
            mask[row, : len(item.window.input_ids)] = 1
            if self.masked:
                ids[row, positions[noise.random(len(positions)) < self.masked]] = self.mask_id
            labels[row, positions] = item.targets
            for cue in _some(item.cues, self.cues, rng):
                start, end = around(len(positions), cue.span, self.cue_window)
                index = np.arange(start, end)
                owned = begun(cue.targets, start, end)
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
        batch["cue_labels"] = _rows([owned for _, _, _, owned in cues])
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


def _rows(parts: Sequence[Halves]) -> Floats:
    width = max((len(part) for part in parts), default=0)
    out = np.zeros((len(parts), width, len(LABELS)), dtype=np.float32)
    for row, part in enumerate(parts):
        out[row, : len(part)] = part
    return out


def _filled(parts: Sequence[Ints], value: int) -> Ints:
    width = max((len(part) for part in parts), default=0)
    out = np.full((len(parts), width), value, dtype=np.int64)
    for row, part in enumerate(parts):
        out[row, : len(part)] = part
    return out
