"""Files of lines as binary streams: plain, or compressed by gzip or Zstandard."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, cast

from avowal.data.document_rows import UnreadableError


@contextmanager
def open_stream(path: Path) -> Iterator[BinaryIO]:
    """Open `path` for reading; what it holds is decompressed where its name ends in .gz or .zst.

    Raises:
        UnreadableError: where the compressed data are damaged or cut off, or the package for them
            is missing.
        OSError: where the file cannot be opened.
    """
    suffix = path.suffix.lower()
    if suffix not in (".gz", ".zst"):
        with path.open("rb") as handle:
            yield handle
        return
    kind, opener = "gzip", cast(Any, gzip)
    damages: tuple[type[Exception], ...] = (EOFError, gzip.BadGzipFile, zlib.error)
    if suffix == ".zst":
        opener = _zstandard()
        kind, damages = "Zstandard", (EOFError, opener.ZstdError)
    try:
        with opener.open(path, "rb") as compressed:
            yield cast(BinaryIO, compressed)
    except damages as error:
        raise UnreadableError(
            f"damaged or cut off as {kind} ({error}); compress it anew; "
            "the rows from the damage on were not read"
        ) from None


def _zstandard() -> Any:
    for name in ("compression.zstd", "backports.zstd"):  # Python's own from 3.14 on
        try:
            return import_module(name)
        except ImportError:
            continue
    raise UnreadableError("Zstandard needs a package: pip install 'avowal[zstd]'")
