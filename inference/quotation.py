"""Which parts of an article stand inside quotation marks, and how a statement's content is quoted.

Curly, straight and angle marks are read line by line; single marks only where they cannot be
apostrophes. All is computed once for an article, in time linear in its length.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import itemgetter

from avowal.data.records import Quotation, Span

_CLOSERS = {"“": "”", "„": "“”", "«": "»", '"': '"'}
_OPENER_OF_STRAY = {"”": "“", "»": "«"}
_MARK = re.compile(r"[“”„«»\"]|\n\s*")
_LETTER = re.compile(r"[^\W_]")

_SINGLE_OPENING = re.compile(r"(?<![\w.,!?…%)\]'\u2019])['\u2018](?=[\w“\"«$€£…\[(¿¡])")
_SINGLE_CLOSING = re.compile(r"(?<=\S)['\u2019](?![\w'\u2019])")
_ELISION = re.compile(r"(?:n['\u2019]|em|tis|twas|til|till|cause|bout|round|\d0s|\d\d)(?!\w)", re.I)
_PLURAL_POSSESSIVE = re.compile(r"(?<=s)['\u2019]\s+\w", re.I)
_LINE = re.compile(r"[^\n]+")
_NEXT_LINE = re.compile(r"\n{1,4}\u2018")  # a quotation of several paragraphs


def quotation_kind(
    text: str, content: Sequence[Span], quoted: Sequence[tuple[int, int]] | None = None
) -> Quotation:
    """How `content` is quoted in `text`: direct, indirect or mixed, as `QuotedText.kind` has it.

    Give `quoted`, the `quoted_ranges` of the text, to ask for many statements of one article.

    Example:
        >>> text = 'She called it "absurd" and left.'
        >>> quotation_kind(text, [Span.of(text, 14, 22)])
        'direct'
    """
    return QuotedText(text, quoted).kind(content)


def quoted_ranges(text: str) -> list[tuple[int, int]]:
    """The parts of `text` inside quotation marks, marks included: in order, disjoint.

    A quotation that no mark closes ends with its line, unless the next mark of its kind before a
    blank line is a closing one; so a quotation of several paragraphs, each opened and only the
    last closed, gives a range a paragraph.
    """
    return _merged(sorted([*_double_ranges(text), *_single_ranges(text)]))


class QuotedText:
    """The quoted ranges of one article, for any number of look-ups by bisection."""

    def __init__(self, text: str, ranges: Sequence[tuple[int, int]] | None = None) -> None:
        self.text = text
        self.ranges = quoted_ranges(text) if ranges is None else ranges

    def covers(self, offset: int) -> bool:
        """Whether the character at `offset` is inside quotation marks."""
        return self.range_at(offset) is not None

    def range_at(self, offset: int) -> tuple[int, int] | None:
        """The quoted range that holds `offset`."""
        index = bisect_right(self.ranges, offset, key=_start) - 1
        return self.ranges[index] if index >= 0 and offset < self.ranges[index][1] else None

    def kind(self, content: Sequence[Span]) -> Quotation:
        """Direct where all letters and digits of `content` are quoted, indirect where none is.

        Content without a letter is direct where any of its characters is quoted.
        """
        inside = outside = touched = False
        for piece in content:
            for start, end, quoted in self._parts(piece.start, piece.end):
                touched |= quoted
                if _LETTER.search(self.text, start, end):
                    inside |= quoted
                    outside |= not quoted
            if inside and outside:
                return "mixed"
        if outside:
            return "indirect"
        return "direct" if inside or touched else "indirect"

    def _parts(self, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        """`[start, end)` cut at the borders of the quoted ranges."""
        index = max(bisect_right(self.ranges, start, key=_start) - 1, 0)
        for opening, closing in self.ranges[index : bisect_left(self.ranges, end, key=_start)]:
            if closing <= start:
                continue
            if start < opening:
                yield start, opening, False
                start = opening
            stop = min(closing, end)
            yield start, stop, True
            start = stop
        if start < end:
            yield start, end, False


_start = itemgetter(0)


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in ranges:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


class _Family:
    """One kind of marks while an article is read: what is open, and what was closed."""

    def __init__(self) -> None:
        self.ranges: list[tuple[int, int]] = []
        self.start: int | None = None
        self.closers = ""
        self.nested = False  # an opening mark stood inside the open or last quotation
        self.waiting: int | None = None  # the end of a line that may have ended the quotation

    def open(self, at: int, closers: str) -> None:
        if self.waiting is not None:
            self.end_line()
        if self.start is None:
            self.start, self.closers, self.nested = at, closers, False
        else:
            self.nested = True

    def close(self, at: int) -> None:
        if self.start is not None:
            self.ranges.append((self.start, at))
            self.start = self.waiting = None
        elif self.nested and self.ranges:
            self.ranges[-1] = (self.ranges[-1][0], at)
            self.nested = False

    def end_line(self) -> None:
        """End an open quotation where its line ended."""
        if self.start is not None and self.waiting is not None:
            self.ranges.append((self.start, self.waiting))
        self.start = self.waiting = None


def _double_ranges(text: str) -> list[tuple[int, int]]:
    curly, angle, straight = _Family(), _Family(), _Family()
    families = {"“": curly, "”": curly, "„": curly, "«": angle, "»": angle, '"': straight}
    everything = (curly, angle, straight)
    for match in _MARK.finditer(text):
        mark, at = match[0], match.start()
        if mark[0] == "\n":
            for family in everything:
                if family.start is None:
                    family.nested = False
                elif mark.count("\n") > 1:
                    family.waiting = at if family.waiting is None else family.waiting
                    family.end_line()
                elif family.waiting is None:
                    family.waiting = at
            continue
        family = families[mark]
        if family.waiting is not None and not _looks_closing(text, at):
            family.end_line()
        if family.start is not None and mark in family.closers:
            family.close(at + 1)
        elif mark == '"':
            if not text[at - 1 : at].isdigit():  # 12" is a length
                family.open(at, '"')
        elif mark in _CLOSERS:
            family.open(at, _CLOSERS[mark])
        elif _looks_closing(text, at):
            family.close(at + 1)
        else:
            family.open(at, mark + _OPENER_OF_STRAY[mark])
    for family in everything:
        if family.start is not None and family.waiting is None:
            family.waiting = len(text)
        family.end_line()
    return [found for family in everything for found in family.ranges]


def _looks_closing(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return bool(before.strip()) and before not in "(—\u2013[" and not after.isalnum()


def _single_ranges(text: str) -> Iterator[tuple[int, int]]:
    if "'" not in text and "\u2018" not in text:
        return
    for line in _LINE.finditer(text):
        openings = [
            match.start()
            for match in _SINGLE_OPENING.finditer(text, line.start(), line.end())
            if not _ELISION.match(text, match.end())
        ]
        for index, opening in enumerate(openings):
            last = index + 1 == len(openings)
            limit = line.end() if last else openings[index + 1]
            closing = _single_closing(text, opening + 1, limit)
            if closing is not None:
                yield opening, closing + 1
            elif last and opening == line.start() and _NEXT_LINE.match(text, line.end()):
                yield opening, line.end()


def _single_closing(text: str, start: int, end: int) -> int | None:
    """The mark that closes a single quotation, past the apostrophes of plural possessives."""
    first = None
    for match in _SINGLE_CLOSING.finditer(text, start, end):
        at = match.start()
        if not _PLURAL_POSSESSIVE.match(text, at):
            if first is None or text[at - 1] in ".,!?…;—":
                return at
        elif first is None:
            first = at
    return first
