"""Bytes to text, nothing changed: UTF-8 alone, line ends kept, what is wrong told by its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


class NotTextError(ValueError):
    """The bytes are not text at all, or text of two bytes a character."""


class NotUtf8Error(ValueError):
    """The bytes are text in another encoding than UTF-8."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, its end included: its number from 1 and its first byte's offset from 0."""

    number: int
    offset: int
    raw: bytes

    def decode(self) -> str:
        """The line's text (see the function `decode`)."""
        return decode(self.raw, self.offset)

    def is_blank(self) -> bool:
        """Whether nothing but whitespace stands on the line."""
        return not self.raw.removeprefix(_BOM).strip()


def decode(raw: bytes, offset: int = 0) -> str:
    """Decode UTF-8, dropping a byte order mark at the start of the file.

    Args:
        raw: a whole file, or a piece of it that does not cut a character.
        offset: where `raw` starts in its file.

    Raises:
        NotTextError: for UTF-16 and for bytes with a NUL among them.
        NotUtf8Error: naming the first offending byte and its offset in the file.
    """
    if offset == 0:
        if raw.startswith(_UTF16_BOMS):
            raise NotTextError(
                "UTF-16, not UTF-8; convert it, for instance with: iconv -f utf-16 -t utf-8"
            )
        if raw.startswith(_BOM):
            raw, offset = raw[len(_BOM) :], len(_BOM)
    nul = raw.find(b"\0")
    if nul >= 0:
        raise NotTextError(
            f"a binary file (NUL byte at offset {offset + nul}); give its text as UTF-8"
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotUtf8Error(
            f"not UTF-8 (byte 0x{raw[error.start]:02x} at offset {offset + error.start}); "
            "convert it, for instance with: iconv -f windows-1252 -t utf-8"
        ) from None


def numbered_lines(handle: BinaryIO) -> Iterator[Line]:
    """The lines of a binary file, which end with a line feed and nothing else."""
    offset = 0
    for number, raw in enumerate(handle, start=1):
        yield Line(number, offset, raw)
        offset += len(raw)


def has_lone_surrogate(text: str) -> bool:
    """Whether `text` holds half of a surrogate pair, which no UTF-8 file can hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def printable(text: str) -> str:
    """`text` with lone surrogates written as ``\\udc80``, as in the name of an oddly named file."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
