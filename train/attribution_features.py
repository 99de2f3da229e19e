"""Annotated articles as labelled windows for the attribution model, in both of its modes.

A window without a marked cue has every role labelled; one with a marked cue has only what that cue
owns, and the cue itself where it is one. Expressions that often are cues and here are not one stand
among the marked cues with nothing to own, so that the model learns to refuse them.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from avowal.data.records import Article, Span, Statement
from avowal.inference.labels import Ints, TokenSpan, encode, token_span
from avowal.inference.windows import Tokens, Window, WindowBuilder, around, tiles

IGNORED = -100


@dataclass(frozen=True, slots=True)
class LabelledWindow:
    """A model input with one label id a position; special tokens are `IGNORED`."""

    window: Window
    labels: Ints
    marked: bool


@dataclass(frozen=True, slots=True)
class CueLexicon:
    """How often each lower-cased expression, where it stands, is a cue: a rate in (0, 1]."""

    rates: dict[str, float]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, articles: Sequence[Article], minimum: int = 5, rate: float = 0.1) -> CueLexicon:
        """Count the cues of `articles`; keep those seen `minimum` times at `rate` or more."""
        cues = Counter(
            statement.cue.text.lower()
            for article in articles
            for statement in article.statements
            if statement.cue and re.match(r"\w.*\w$", statement.cue.text)
        )
        frequent = [cue for cue, count in cues.items() if count >= minimum]
        pattern = cls._pattern(frequent)
        seen = Counter(
            match.group().lower()
            for article in articles
            for match in pattern.finditer(article.text)
        )
        rates = {cue: min(1.0, cues[cue] / seen[cue]) for cue in frequent if seen[cue]}
        rates = {cue: value for cue, value in rates.items() if value >= rate}
        return cls(rates, cls._pattern(list(rates)))

    @staticmethod
    def _pattern(cues: list[str]) -> re.Pattern[str]:
        longest_first = sorted(cues, key=lambda cue: (-len(cue), cue))
        choices = "|".join(re.escape(cue) for cue in longest_first) or "(?!)"
        return re.compile(rf"\b(?:{choices})\b", re.IGNORECASE)

    def false_cues(self, article: Article, count: int, rng: random.Random) -> list[Span]:
        """Up to `count` expressions of `article` that look like cues and belong to none."""
        taken = [statement.cue for statement in article.statements if statement.cue]
        found = [
            Span.of(article.text, *match.span())
            for match in self.pattern.finditer(article.text)
            if not any(c.start < match.end() and match.start() < c.end for c in taken)
        ]
        weighted = [(rng.random() ** (1 / self.rates[span.text.lower()]), span) for span in found]
        weighted.sort(key=lambda pair: (-pair[0], pair[1].start))
        return [span for _, span in weighted[:count]]


def tag_windows(
    article: Article, tokens: Tokens, builder: WindowBuilder, size: int, overlap: int
) -> list[LabelledWindow]:
    """Windows over the whole article, with every role labelled."""
    labels = encode(len(tokens), role_spans(article.statements, tokens))
    return [
        _labelled(builder.build(tokens, (start, end)), labels, marked=False)
        for start, end in tiles(len(tokens), size, overlap)
    ]


def cue_windows(
    article: Article,
    tokens: Tokens,
    builder: WindowBuilder,
    size: int,
    lexicon: CueLexicon,
    false_rate: float,
    jitter: float,
    rng: random.Random,
) -> list[LabelledWindow]:
    """A window for each cue, with what it owns, and `false_rate` times as many false cues.

    A share `jitter` of the marks is a token longer or shorter at one side than the gold cue, as a
    predicted cue may be; the labels stay.
    """
    windows = []
    for statement in article.statements:
        cue = statement.cue and token_span(tokens.offsets, statement.cue.start, statement.cue.end)
        if not cue:
            continue
        labels = encode(len(tokens), role_spans([statement], tokens))
        shaken = jittered(cue, len(tokens), rng) if rng.random() < jitter else cue
        windows.append(_marked(tokens, builder, size, shaken, labels))
    expected = len(windows) * false_rate
    count = int(expected) + (rng.random() < expected % 1)
    nothing = encode(len(tokens), [])
    for span in lexicon.false_cues(article, count, rng):
        if mark := token_span(tokens.offsets, span.start, span.end):
            windows.append(_marked(tokens, builder, size, mark, nothing))
    return windows


def role_spans(statements: Sequence[Statement], tokens: Tokens) -> list[tuple[str, int, int]]:
    """Token spans by role, contents first: where roles overlap, the shorter kinds win."""
    spans: list[tuple[str, Span]] = []
    spans += [("content", piece) for s in statements for piece in s.content]
    spans += [("source", s.source) for s in statements if s.source]
    spans += [("cue", s.cue) for s in statements if s.cue]
    return [
        (role, *found)
        for role, span in spans
        if (found := token_span(tokens.offsets, span.start, span.end))
    ]


def _marked(
    tokens: Tokens, builder: WindowBuilder, size: int, mark: TokenSpan, labels: Ints
) -> LabelledWindow:
    window = builder.build(tokens, around(len(tokens), mark, size), mark)
    return _labelled(window, labels, marked=True)


def _labelled(window: Window, labels: Ints, *, marked: bool) -> LabelledWindow:
    out = encode(len(window.input_ids), []) + IGNORED
    out[window.positions] = begun_inside(labels[window.start : window.end])
    return LabelledWindow(window, out, marked)


def begun_inside(labels: Ints) -> Ints:
    """A part of a row of labels: a span that began before it is labelled as beginning with it."""
    part = labels.copy()
    if len(part) and part[0] > 0 and part[0] % 2 == 0:  # B is odd, I even
        part[0] -= 1
    return part


def jittered(cue: TokenSpan, length: int, rng: random.Random) -> TokenSpan:
    """A cue that is a token longer or shorter at one side, where the text allows."""
    start, end = rng.choice(
        [(cue[0] - 1, cue[1]), (cue[0], cue[1] + 1), (cue[0] + 1, cue[1]), (cue[0], cue[1] - 1)]
    )
    return (start, end) if 0 <= start < end <= length else cue
