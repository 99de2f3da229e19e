"""The parts of a statement as whole words: a tokenizer's tokens may be pieces of one."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from avowal.inference.labels import TokenSpan
from avowal.inference.linking import Link
from avowal.inference.windows import Tokens

# The most pieces of a word that are gone through: scripts without spaces have no such words.
LONGEST = 32


def whole_words(text: str, tokens: Tokens, item: Link) -> Link:
    """A link whose parts neither begin nor end within a word.

    A word belongs to the part that has its first token, or else to the one that has any. A link
    of which a part would be left with nothing stays as it is.
    """
    parts = [span for span in (item.source, item.cue, *item.content) if span]

    def whole(span: TokenSpan) -> TokenSpan:
        start, end = span
        while end < span[1] + LONGEST and _goes_on(text, tokens, end):
            end += 1
        begin = start
        while begin > start - LONGEST and _goes_on(text, tokens, begin):
            begin -= 1
        if any(low <= begin < high for low, high in parts if (low, high) != span):
            begin = start
            while begin < end and _goes_on(text, tokens, begin):
                begin += 1
        return begin, end

    if not any(_goes_on(text, tokens, place) for span in parts for place in span):
        return item
    source = whole(item.source) if item.source else None
    cue = whole(item.cue) if item.cue else None
    content = tuple(whole(piece) for piece in item.content)
    found = [span for span in (source, cue, *content) if span]
    if any(start >= end for start, end in found) or _overlap(found):
        return item
    return replace(item, source=source, cue=cue, content=content)


# Within a word: of "www.flag.nz", of 3.5, and of U.S.
_STOP = re.compile(r"(?<=[^\W_])\.(?=[a-z\d])|(?<=\b[^\W_a-z\d])\.(?=[^\W_a-z])")


def _goes_on(text: str, tokens: Tokens, place: int) -> bool:
    """Whether the token at `place` goes on with the word of the one before it."""
    if not 0 < place < len(tokens):
        return False
    before, start = int(tokens.offsets[place - 1, 1]), int(tokens.offsets[place, 0])
    if before != start:
        return False
    if text[before - 1] == "." or text[start] == ".":
        return bool(_STOP.match(text, before - 1 if text[before - 1] == "." else start))
    return text[before - 1].isalnum() and text[start].isalnum()


def _overlap(spans: list[TokenSpan]) -> bool:
    return any(a[1] > b[0] for a, b in pairwise(sorted(spans)))
