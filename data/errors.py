"""Errors that the readers of annotation formats raise."""

from __future__ import annotations

import os


class FormatError(ValueError):
    """A file does not follow the format it should be in.

    The message is ``path:line: reason``, as compilers write it, so that an editor can jump there.

    Attributes:
        path: the file, as it was given to the reader.
        line: the number of the offending line, counted from 1.
        reason: what is wrong with it.
    """

    def __init__(self, path: str | os.PathLike[str], line: int, reason: str) -> None:
        super().__init__(f"{os.fspath(path)}:{line}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason

    def __reduce__(self) -> tuple[type[FormatError], tuple[str | os.PathLike[str], int, str]]:
        # an exception is pickled by its message alone, which this constructor does not take
        return (type(self), (self.path, self.line, self.reason))
