"""Spans that were cut within a phrase, after a word that begins one: "in", "the", "and"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from avowal.inference.labels import TokenSpan
from avowal.inference.linking import Link
from avowal.inference.name_words import ABBREVIATED_TITLES, words
from avowal.inference.windows import Tokens

# No clause ends with these where a word follows.
_BEGINS = words(
    "a an the of and or to in for with from at by as is are was were which that his her their its"
    " my our your"
)
# Of cues, "said in a" notice, and of sources, "the" world's polluters; after other words of theirs,
# as in "called for", comes what is no part of them.
_CUE_BEGINS = words("a an the in on at of from his her their its")
_SOURCE_BEGINS = words("a an the")
_ENDS = frozenset('.,;:!?)]}”“"»\u2013\u2014\u2026')
# The most tokens that a phrase is looked for: what goes on longer without a comma is no phrase.
FARTHEST = 40
# The same of sources and cues.
NEAR = 12


def whole_phrases(text: str, tokens: Tokens, links: Sequence[Link]) -> list[Link]:
    """Links none of whose spans ends with a word that begins a phrase.

    They go on to the next punctuation mark; a content also to whatever a link holds, and a source
    or cue to a content with "that". Where a source or cue follows a content at once the word goes
    instead, and with it a piece that was nothing else.
    """
    named = np.zeros(len(tokens) + 1, dtype=bool)
    taken = named.copy()
    for item in links:
        for span in (item.source, item.cue):
            if span:
                named[slice(*span)] = True
        for piece in item.content:
            taken[slice(*piece)] = True
    taken |= named

    def whole(piece: TokenSpan) -> TokenSpan:
        start, end = piece
        if not _opens(text, tokens, end - 1, _BEGINS):
            return piece
        if named[end]:
            while end > start and _opens(text, tokens, end - 1, _BEGINS):
                end -= 1
            return start, end
        return start, _reached(text, tokens, taken, end, FARTHEST) or end

    def completed(piece: TokenSpan | None, begins: frozenset[str]) -> TokenSpan | None:
        if piece is None or taken[piece[1]] or not _opens(text, tokens, piece[1] - 1, begins):
            return piece
        last = _reached(text, tokens, taken, piece[1], NEAR)
        if last is None or (taken[last] and _word(text, tokens, last) != "that"):
            return piece
        return piece[0], last

    out = []
    for item in links:
        pieces = tuple(whole(piece) for piece in item.content)
        if pieces != item.content:
            pieces = tuple(p for p in pieces if p[0] < p[1]) or item.content
        source = completed(item.source, _SOURCE_BEGINS)
        cue = completed(item.cue, _CUE_BEGINS)
        if (source, cue, pieces) != (item.source, item.cue, item.content):
            item = replace(item, source=source, cue=cue, content=pieces)
        out.append(item)
    return out


def _reached(
    text: str, tokens: Tokens, taken: NDArray[np.bool_], start: int, farthest: int
) -> int | None:
    """The first token from `start` on that is taken or ends a phrase, or none near enough."""
    for last in range(start, min(start + farthest, len(tokens))):
        low, high = tokens.offsets[last - 1].tolist(), int(tokens.offsets[last, 0])
        ends = text[high] in _ENDS and not _abbreviates(text, low[0], high)
        if taken[last] or ends or "\n" in text[low[1] : high]:
            return last
    return None


def _abbreviates(text: str, start: int, stop: int) -> bool:
    """Whether a full stop is that of "Mr.", "U.S." or "3.5"."""
    word = text[start:stop]
    title = word.casefold() in ABBREVIATED_TITLES | {"mr", "mrs", "ms", "dr", "st"}
    return text[stop] == "." and (
        text[stop + 1 : stop + 2].isalnum() or (word.isupper() and len(word) == 1) or title
    )


def _word(text: str, tokens: Tokens, place: int) -> str:
    return text[slice(*tokens.offsets[place].tolist())].lower()


def _opens(text: str, tokens: Tokens, place: int, begins: frozenset[str]) -> bool:
    """Whether a token is a word of `begins` that another word follows."""
    if place + 1 >= len(tokens):
        return False
    start, end = tokens.offsets[place].tolist()
    after = int(tokens.offsets[place + 1, 0])
    alone = place == 0 or not text[start - 1].isalnum()
    return (
        alone
        and _word(text, tokens, place) in begins
        and text[end:after] == " "
        and (text[after].isalnum() or text[after] == "$")
    )
