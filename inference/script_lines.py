"""Script lines, as transcripts and broadcasts have them: "Ana Belu: “We are done.”"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from avowal.inference.labels import TokenSpan, token_span
from avowal.inference.linking import Link, without_cue
from avowal.inference.name_words import words
from avowal.inference.passes import Tagged
from avowal.inference.quotation import QuotedText
from avowal.inference.windows import Tokens

_WORD = r"[^\W\d_a-z][\w.\u2019'()-]*"
_NAME = rf"{_WORD}(?: (?:of|the|for|and|de|van|von|al|{_WORD})){{0,3}}"
_LINE = re.compile(rf"^[^\S\n]*(?P<name>{_NAME}):[^\S\n]*(?=\S)", re.MULTILINE)
# what stands before a colon and does not speak
_LABELS = words(
    "image photo picture video audio note source breaking exclusive update correction watch listen"
    " opinion analysis live related headline title caption"
)


def by_script(
    text: str, tokens: Tokens, tagged: Tagged, chosen: Sequence[tuple[Link, float]]
) -> list[tuple[Link, float]]:
    """Give what stands after a name and a colon at a line's beginning to that name, with no cue.

    It is a content that begins there, of whomever, or else a quotation. Where it is the name's
    already, or the same line says by a cue of its own who speaks, it stays as it is.
    """
    lines = list(_script_lines(text, tokens))
    if not lines:
        return list(chosen)
    found = list(chosen)
    begins = {piece[0]: (i, piece) for i, (item, _) in enumerate(found) for piece in item.content}
    cues = sorted(item.cue[0] for item, _ in found if item.cue)
    quoted = QuotedText(text)
    for source, start, end in lines:
        place = bisect_left(cues, start)
        if place < len(cues) and cues[place] < end:
            continue
        owner = begins.get(start) or begins.get(start + 1)
        quotation = quoted.range_at(int(tokens.offsets[start, 0]))
        if owner:
            index, piece = owner
            item, confidence = found[index]
            # A surname that was taken for a cue leaves its statement half a source.
            if _begins_in(item.source, source) and not _begins_in(item.cue, source):
                continue
            left = tuple(other for other in item.content if other != piece)
            found[index] = (replace(item, content=left), confidence)
        elif quotation:
            piece = (start, bisect_left(tokens.offsets[:, 0], quotation[1]))
        else:
            continue
        found.append((replace(without_cue(piece, tagged), source=source), 0.0))
    return [(item, confidence) for item, confidence in found if item.content]


def _begins_in(span: TokenSpan | None, name: TokenSpan) -> bool:
    return span is not None and name[0] <= span[0] < name[1]


def _script_lines(text: str, tokens: Tokens) -> Iterator[tuple[TokenSpan, int, int]]:
    """The name of each script line, and the tokens after its colon."""
    starts = tokens.offsets[:, 0]
    for match in _LINE.finditer(text):
        name = match["name"]
        source = token_span(tokens.offsets, match.start("name"), match.end("name"))
        end = text.find("\n", match.end())
        first, last = np.searchsorted(starts, [match.end(), end if end >= 0 else len(text)])
        if source and name[0].isupper() and name.casefold() not in _LABELS and first < last:
            yield source, int(first), int(last)
