"""What `avowal score PATH…` reads: the articles of files and folders, one at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from avowal.data.document_formats import SUFFIXES, read_file
from avowal.data.document_paths import PathProblem, SourceFile, explain, find_files
from avowal.data.document_rows import (
    Columns,
    Row,
    RowProblem,
    UnreadableError,
    read_jsonl_rows,
)
from avowal.data.seen_ids import SeenIds
from avowal.data.utf8 import printable

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Document:
    """An article to score: its text exactly as decoded, and an id that no other one has.

    `path` is where it came from: the path as given, with ``:LINE`` for a row of a file.
    `date` is what its row or page gives, as it is written there, where dates were asked for.
    """

    id: str
    text: str
    path: str = field(default="", compare=False)
    date: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentError:
    """An article that cannot be scored.

    Attributes:
        path: the path as given, with ``:LINE`` for a row of a file.
        reason: what is wrong, and after a semicolon what to do about it.
    """

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


def read_documents(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    text_column: str = "text",
    id_column: str = "id",
    date_column: str | None = None,
) -> Iterator[Document | DocumentError]:
    """The articles that `paths` name, holding no more than a file or a batch of rows in memory.

    Folders are searched through for .txt, .md, .html, .htm, .jsonl, .jsonl.gz, .jsonl.zst, .csv and
    .parquet, in the order of their names, hidden ones left out. A path may be a pattern, as
    ``"news/**/*.txt"``, and ``"-"`` is JSONL from standard input. All text must be UTF-8; of an
    HTML page it is the main text, as trafilatura finds it. Whatever cannot be read comes as a
    `DocumentError` in its place, and the rest goes on.

    A file's id is its path relative to the folder given (its name, where the file itself was
    given), with enclosing folders in front where several of `paths` would share one. A row's is
    what stands in `id_column`, else its file's id with ``:LINE``. With a `date_column`, rows have
    the date that stands there, and HTML pages the one in their metadata.

    Example:
        >>> for item in read_documents(["articles"]):  # doctest: +SKIP
        ...     print(item.id if isinstance(item, Document) else item)
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    columns = Columns(text=text_column, id=id_column, date=date_column)
    names = [os.fspath(path) for path in paths]
    unique = UniqueIds()
    for source in find_sources(names):
        yield from map(unique.check, read_source(source, columns))


def find_sources(paths: Sequence[str]) -> Iterator[SourceFile | PathProblem]:
    """What `read_documents` reads, a file at a time; standard input comes last."""
    files = [Path(path) for path in paths if path != STANDARD_INPUT]
    if files:
        yield from find_files(files, SUFFIXES)
    if STANDARD_INPUT in paths:
        yield SourceFile(Path(STANDARD_INPUT), STANDARD_INPUT)


def read_source(
    source: SourceFile | PathProblem, columns: Columns
) -> Iterator[Document | DocumentError]:
    """The articles of one of `find_sources`, whatever their ids are elsewhere."""
    if isinstance(source, PathProblem):
        yield DocumentError(source.path, source.reason)
        return
    shown = printable(str(source.path))
    for row in _rows(source.path, columns):
        path = shown + row.place
        if isinstance(row, RowProblem):
            yield DocumentError(path, row.reason)
        else:
            yield Document(row.id or source.id + row.place, row.text, path, row.date)


class UniqueIds:
    """Sees that no two articles have one id."""

    def __init__(self) -> None:
        self._seen = SeenIds()

    def check(self, item: Document | DocumentError) -> Document | DocumentError:
        """`item`, or an error in place of an article whose id an earlier one has."""
        if isinstance(item, DocumentError) or self._seen.add(item.id):
            return item
        return DocumentError(
            item.path, f"the id {item.id!r} is taken by an earlier article; give it another"
        )


def _rows(path: Path, columns: Columns) -> Iterator[Row | RowProblem]:
    try:
        if path == Path(STANDARD_INPUT):
            yield from read_jsonl_rows(sys.stdin.buffer, columns)
        else:
            yield from read_file(path, columns)
    except UnreadableError as error:
        yield RowProblem(error.place, error.reason)
    except OSError as error:
        yield RowProblem("", explain(error))
