"""What `avowal score PATH…` reads: the articles of files and folders, one at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from avowal.data.document_formats import SUFFIXES, read_file
from avowal.data.document_paths import PathProblem, explain, find_files
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
    """

    id: str
    text: str
    path: str = field(default="", compare=False)


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
) -> Iterator[Document | DocumentError]:
    """The articles that `paths` name, holding no more than a file or a batch of rows in memory.

    Folders are searched through for .txt, .md, .html, .htm, .jsonl, .jsonl.gz, .jsonl.zst, .csv and
    .parquet, in the order of their names, hidden ones left out. A path may be a pattern, as
    ``"news/**/*.txt"``, and ``"-"`` is JSONL from standard input. All text must be UTF-8; of an
    HTML page it is the main text, as trafilatura finds it. Whatever cannot be read comes as a
    `DocumentError` in its place, and the rest goes on.

    A file's id is its path relative to the folder given (its name, where the file itself was
    given), with enclosing folders in front where several of `paths` would share one. A row's is
    what stands in `id_column`, else its file's id with ``:LINE``.

    Example:
        >>> for item in read_documents(["articles"]):  # doctest: +SKIP
        ...     print(item.id if isinstance(item, Document) else item)
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    columns = Columns(text=text_column, id=id_column)
    ids = SeenIds()
    for shown, own_id, row in _all_rows([os.fspath(path) for path in paths], columns):
        if isinstance(row, RowProblem):
            yield DocumentError(shown + row.place, row.reason)
            continue
        path = shown + row.place
        article_id = row.id or own_id + row.place
        if ids.add(article_id):
            yield Document(article_id, row.text, path)
        else:
            yield DocumentError(
                path, f"the id {article_id!r} is taken by an earlier article; give it another"
            )


def _all_rows(paths: list[str], columns: Columns) -> Iterator[tuple[str, str, Row | RowProblem]]:
    """Each row with the path to show and the id of its file; standard input comes last."""
    files = [Path(path) for path in paths if path != STANDARD_INPUT]
    for found in find_files(files, SUFFIXES) if files else ():
        if isinstance(found, PathProblem):
            yield found.path, "", RowProblem("", found.reason)
            continue
        shown = printable(str(found.path))
        for row in _tolerant(read_file(found.path, columns)):
            yield shown, found.id, row
    if STANDARD_INPUT in paths:
        for row in _tolerant(read_jsonl_rows(sys.stdin.buffer, columns)):
            yield STANDARD_INPUT, STANDARD_INPUT, row


def _tolerant(rows: Iterator[Row | RowProblem]) -> Iterator[Row | RowProblem]:
    try:
        yield from rows
    except UnreadableError as error:
        yield RowProblem(error.place, error.reason)
    except OSError as error:
        yield RowProblem("", explain(error))
