"""Where content that was found over a paragraph's end belongs to one of the paragraphs alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from avowal.inference.labels import TokenSpan
from avowal.inference.linking import Link
from avowal.inference.quotation import QuotedText
from avowal.inference.windows import Tokens

_SENTENCE_END = re.compile(r"[.!?…](?![^\W_])")


def within_paragraphs(text: str, tokens: Tokens, links: Sequence[Link]) -> list[Link]:
    """Links without what their contents hold of a paragraph that does not go on from the other.

    Past a blank line content goes on inside quotation marks, after a colon, or, where no quotation
    was closed before that line, as far as a sentence ends there. Of paragraphs that do not belong
    together the one nearest to the cue is kept.
    """
    if not any(_blank_lines(tokens, piece) for item in links for piece in item.content):
        return list(links)
    quoted = QuotedText(text)
    return [
        replace(
            item,
            content=tuple(_nearest(text, tokens, p, item.cue, quoted) for p in item.content),
        )
        for item in links
    ]


def _blank_lines(tokens: Tokens, piece: TokenSpan) -> list[int]:
    """The tokens of a piece, but for its first, that a blank line stands before."""
    first, last = np.searchsorted(tokens.paragraphs, [piece[0], piece[1] - 1], side="right")
    found: list[int] = tokens.paragraphs[first:last].tolist()
    return found


def _nearest(
    text: str, tokens: Tokens, piece: TokenSpan, cue: TokenSpan | None, quoted: QuotedText
) -> TokenSpan:
    start, end = piece
    starts = [start]
    for begin in _blank_lines(tokens, piece):
        offset, before = int(tokens.offsets[begin, 0]), int(tokens.offsets[begin - 1, 0])
        # Two characters more: the mark after the piece, or a quotation mark and that.
        rest = text[offset : int(tokens.offsets[end - 1, 1]) + 2]
        if quoted.covers(offset) or text[before] == ":":
            continue
        if quoted.covers(before) or not _SENTENCE_END.search(rest):
            starts.append(begin)
    spans = zip(starts, [*starts[1:], end], strict=True)
    low, high = cue or (start, start)
    return min(spans, key=lambda span: max(span[0] - high, low - span[1]))
