"""What `avowal score PATH…` reads: the articles of files and folders, one at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from avowal.data.document_formats import SUFFIXES, read_file
from avowal.data.document_paths import PathProblem, explain, find_files
from avowal.data.document_rows import Columns, Row, RowProblem, UnreadableError
from avowal.data.utf8 import printable


@dataclass(frozen=True, slots=True)
class Document:
    """An article to score: its text exactly as decoded, and an id that no other one has."""

    id: str
    text: str


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

    Folders are searched through for .txt, .md, .html, .htm, .jsonl, .csv and .parquet, in the order
    of their names, hidden ones left out. All text must be UTF-8; of an HTML page it is the main
    text, as trafilatura finds it. Whatever cannot be read comes as a `DocumentError` in its place,
    and the rest goes on.

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
    taken: set[str] = set()
    for found in find_files([Path(path) for path in paths], SUFFIXES):
        if isinstance(found, PathProblem):
            yield DocumentError(found.path, found.reason)
            continue
        for row in _rows(found.path, columns):
            path = printable(str(found.path)) + row.place
            if isinstance(row, RowProblem):
                yield DocumentError(path, row.reason)
                continue
            article_id = row.id or found.id + row.place
            if article_id in taken:
                yield DocumentError(
                    path, f"the id {article_id!r} is taken by an earlier article; give it another"
                )
                continue
            taken.add(article_id)
            yield Document(article_id, row.text)


def _rows(path: Path, columns: Columns) -> Iterator[Row | RowProblem]:
    try:
        yield from read_file(path, columns)
    except UnreadableError as error:
        yield RowProblem(error.place, error.reason)
    except OSError as error:
        yield RowProblem("", explain(error))
