"""Statements as a flat table, one row each, in CSV or Parquet."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from avowal.data.arrow import load_pyarrow
from avowal.data.records import Article, Statement

Value = str | int | float | None

COLUMNS: dict[str, type[str] | type[int] | type[float]] = {
    "id": str,
    "speaker": str,
    "source": str,
    "source_start": int,
    "source_end": int,
    "cue": str,
    "cue_start": int,
    "cue_end": int,
    "content": str,
    "content_start": int,
    "content_end": int,
    "content_offsets": str,
    "quotation": str,
    "confidence": float,
    "threat": float,
    "sanction": float,
    "speaker_start": int,
    "speaker_end": int,
    "speaker_confidence": float,
}

_PIECES_JOINED_BY = " … "
_ROWS_A_GROUP = 10_000
# what a spreadsheet takes for the start of a formula
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class TableWriter:
    """Writes the statements of articles to a table, as they come.

    A ``.csv`` is UTF-8; a cell of text that a spreadsheet would run as a formula gets an apostrophe
    in front. A ``.parquet`` holds the text as it is, with whole numbers and floats in columns of
    their type.

    Example:
        >>> with TableWriter("statements.csv") as table:  # doctest: +SKIP
        ...     for article in articles:
        ...         table.write(article)

    Raises:
        ValueError: where `path` ends in another suffix.
        ImportError: for Parquet without pyarrow.
        OSError: where the file cannot be opened.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        path = Path(path)
        try:
            backend = _BACKENDS[path.suffix.lower()]
        except KeyError:
            raise ValueError(
                f"{path}: a table must end in {' or '.join(_BACKENDS)}, not {path.suffix!r}"
            ) from None
        self._backend = backend(path)

    def write(self, article: Article) -> None:
        """Add a row for each of the article's statements."""
        for statement in article.statements:
            self._backend.add(statement_row(article.id, statement))

    def close(self) -> None:
        """Write what is left and close the file."""
        self._backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # after an error too: what was scored until then stays readable
        self.close()


def write_table(articles: Iterable[Article], path: str | os.PathLike[str]) -> None:
    """Write the statements of `articles` to a table at `path` (see `TableWriter`)."""
    with TableWriter(path) as table:
        for article in articles:
            table.write(article)


def statement_row(article_id: str, statement: Statement) -> list[Value]:
    """A statement as the values of `COLUMNS`, None where it has none."""
    source, cue, content = statement.source, statement.cue, statement.content
    return [
        article_id,
        statement.speaker,
        source.text if source else None,
        source.start if source else None,
        source.end if source else None,
        cue.text if cue else None,
        cue.start if cue else None,
        cue.end if cue else None,
        _PIECES_JOINED_BY.join(piece.text for piece in content) if content else None,
        content[0].start if content else None,
        content[-1].end if content else None,
        ";".join(f"{piece.start}-{piece.end}" for piece in content) if content else None,
        statement.quotation,
        statement.confidence,
        statement.threat,
        statement.sanction,
        statement.speaker_mention.start if statement.speaker_mention else None,
        statement.speaker_mention.end if statement.speaker_mention else None,
        statement.speaker_confidence,
    ]


class _Csv:
    def __init__(self, path: Path) -> None:
        self._handle = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._handle)
        self._writer.writerow(COLUMNS)

    def add(self, row: list[Value]) -> None:
        self._writer.writerow(map(_harmless, row))

    def close(self) -> None:
        self._handle.close()


def _harmless(value: Value) -> Value:
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


class _Parquet:
    def __init__(self, path: Path) -> None:
        self._pyarrow = load_pyarrow()
        types = {
            str: self._pyarrow.string(),
            int: self._pyarrow.int64(),
            float: self._pyarrow.float64(),
        }
        self._schema = self._pyarrow.schema([(name, types[kind]) for name, kind in COLUMNS.items()])
        self._writer = self._pyarrow.parquet.ParquetWriter(path, self._schema)
        self._rows: list[list[Value]] = []

    def add(self, row: list[Value]) -> None:
        self._rows.append(row)
        if len(self._rows) == _ROWS_A_GROUP:
            self._flush()

    def close(self) -> None:
        try:
            if self._rows:
                self._flush()
        finally:
            self._writer.close()

    def _flush(self) -> None:
        columns = [list(column) for column in zip(*self._rows, strict=True)]
        self._writer.write_table(self._pyarrow.table(columns, schema=self._schema))
        self._rows.clear()


_BACKENDS: dict[str, type[_Csv] | type[_Parquet]] = {".csv": _Csv, ".parquet": _Parquet}
TABLE_SUFFIXES: tuple[str, ...] = tuple(_BACKENDS)
