"""Words and punctuation marks of a text, for formats that mark whole tokens only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

_TOKEN = re.compile(r"\w+|[^\w\s]|\s+")


def tokenize(text: str, cuts: Iterable[int]) -> list[tuple[int, int]]:
    """The tokens of `text`, runs of whitespace among them, so that they cover it without a gap.

    Args:
        cuts: offsets at which a token has to end and the next to begin, within a word if need be,
            so that whatever begins or ends there is made of whole tokens.
    """
    ends = {match.end() for match in _TOKEN.finditer(text)}
    return list(pairwise(sorted({0, *ends, *cuts})))
