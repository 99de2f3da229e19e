"""Quotations that a content begins with are its own to their end."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from avowal.inference.labels import TokenSpan
from avowal.inference.linking import Link
from avowal.inference.quotation import QuotedText
from avowal.inference.windows import Tokens

_LETTER = re.compile(r"[^\W_]")
_CLOSING = "”“»\"\u2019'"


def whole_quotations(text: str, tokens: Tokens, links: Sequence[Link]) -> list[Link]:
    """Links whose contents do not end within a quotation that they hold from its beginning on.

    They are carried on to the mark that closes it, unless what is left of the quotation holds a
    part of any link.
    """
    quoted = QuotedText(text)
    parts = (span for item in links for span in (item.source, item.cue, *item.content))
    taken = sorted(span for span in parts if span)
    farthest = list(accumulate((end for _, end in taken), max, initial=0))

    def whole(piece: TokenSpan) -> TokenSpan:
        start, end = piece
        last = int(tokens.offsets[end - 1, 1])
        found = quoted.range_at(last - 1)
        if found is None or text[found[1] - 1] not in _CLOSING:
            return piece
        if not _LETTER.search(text, last, found[1]):
            return piece
        opens = not _LETTER.search(text, found[0], max(found[0], int(tokens.offsets[start, 0])))
        if not opens or not _LETTER.search(text, found[0], last):
            return piece
        reached = bisect_left(tokens.offsets[:, 0], found[1])
        place = bisect_left(taken, (end, end))
        begun = place < len(taken) and taken[place][0] < reached
        return piece if begun or farthest[place] > end else (start, reached)

    return [replace(item, content=tuple(map(whole, item.content))) for item in links]
