"""What a file holds, by its suffix: one article as a whole, or one a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from avowal.data.document_rows import (
    Columns,
    Row,
    RowProblem,
    UnreadableError,
    read_csv_rows,
    read_jsonl_rows,
    read_parquet_rows,
)
from avowal.data.streams import open_stream
from avowal.data.utf8 import NotTextError, NotUtf8Error, decode


def read_file(path: Path, columns: Columns) -> Iterator[Row | RowProblem]:
    """The articles of a file with one of `SUFFIXES`.

    Raises:
        UnreadableError: where the file, or what is left of it, cannot be read as what it should be.
        OSError: where it cannot be opened.
    """
    if path.stat().st_size == 0:
        raise UnreadableError("the file is empty; remove it or give it a text")
    try:
        yield from _READERS[suffix_of(path.name)](path, columns)
    except (NotTextError, NotUtf8Error) as error:
        raise UnreadableError(str(error)) from error


def suffix_of(name: str) -> str:
    """Which of `SUFFIXES` a file's name ends with, in whatever case; empty where it has none."""
    lower = name.lower()
    return next((suffix for suffix in SUFFIXES if lower.endswith(suffix)), "")


def _read_jsonl(path: Path, columns: Columns) -> Iterator[Row | RowProblem]:
    with open_stream(path) as handle:
        yield from read_jsonl_rows(handle, columns)


def _read_text(path: Path, columns: Columns) -> Iterator[Row]:
    yield Row("", None, _decoded(path))


def _read_html(path: Path, columns: Columns) -> Iterator[Row]:
    # a slow import, which nobody but readers of HTML should wait for
    import trafilatura

    page = _decoded(path)
    try:
        text = trafilatura.extract(page, include_comments=False)
    except Exception as error:  # whatever a page of the open web makes a parser stumble over
        raise UnreadableError(
            f"the page cannot be parsed ({type(error).__name__}: {error}); give its text as .txt"
        ) from error
    if text is None or not text.strip():
        raise UnreadableError("no main text found in the page; give its text as .txt")
    yield Row("", None, text, _page_date(page) if columns.date else None)


def _page_date(page: str) -> str | None:
    import trafilatura

    try:
        date: str | None = trafilatura.extract_metadata(page).date
    except Exception:  # as above, but an article can do without its date
        return None
    return date


def _decoded(path: Path) -> str:
    text = decode(path.read_bytes())
    if not text.strip():
        raise UnreadableError("the file is empty but for whitespace; remove it or give it a text")
    return text


_READERS: dict[str, Callable[[Path, Columns], Iterator[Row | RowProblem]]] = {
    ".txt": _read_text,
    ".md": _read_text,
    ".html": _read_html,
    ".htm": _read_html,
    ".jsonl": _read_jsonl,
    ".jsonl.gz": _read_jsonl,
    ".jsonl.zst": _read_jsonl,
    ".csv": read_csv_rows,
    ".parquet": read_parquet_rows,
}
SUFFIXES: tuple[str, ...] = tuple(_READERS)
