"""Offsets in UTF-16 code units, which is how JavaScript counts, to and from code points."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate


class Utf16Offsets:
    """Converts offsets into one text."""

    def __init__(self, text: str) -> None:
        self._units = list(accumulate((1 + (ord(c) > 0xFFFF) for c in text), initial=0))

    def from_code_points(self, offset: int) -> int:
        return self._units[offset]

    def to_code_points(self, units: int) -> int:
        """The code point that begins at `units`.

        Raises:
            ValueError: where that is beyond the text or within a code point.
        """
        place = bisect_left(self._units, units)
        if place == len(self._units):
            raise ValueError(
                f"offset {units} is beyond the text, which has {self._units[-1]} UTF-16 code units"
            )
        if self._units[place] != units:
            raise ValueError(f"offset {units} is within a character, counted in UTF-16 code units")
        return place
