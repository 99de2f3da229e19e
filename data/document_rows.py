"""Files of many articles, a row each: JSONL, CSV and Parquet, read a batch of rows at a time."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from avowal.data.arrow import load_pyarrow
from avowal.data.json_values import parse_object
from avowal.data.utf8 import (
    Line,
    NotTextError,
    NotUtf8Error,
    has_lone_surrogate,
    numbered_lines,
    printable,
)

# far above any article, so that a quotation mark that is never closed cannot fill the memory
_LONGEST_CELL = 50_000_000
_PARQUET_BATCH = 256
_LONE_CARRIAGE_RETURN = re.compile(r"(?<=\r)(?!\n)")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a row keeps its article's text, id and date; dates are read where `date` is given."""

    text: str = "text"
    id: str = "id"
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """An article's text, and its id and date (as it is written there) where the row has them.

    `place` says where in its file it stands: ``:12`` for line 12, nothing for a whole file.
    """

    place: str
    id: str | None
    text: str
    date: str | None = None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why the row at `place` gives no article; the rows after it are read all the same."""

    place: str
    reason: str


class UnreadableError(Exception):
    """A file, or what is left of it, gives no article."""

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


def read_jsonl_rows(handle: BinaryIO, columns: Columns) -> Iterator[Row | RowProblem]:
    """The articles of a stream with one JSON object a line; blank lines are skipped.

    Raises:
        UnreadableError: where the stream turns out to be empty or binary.
    """
    empty = True
    for line in numbered_lines(handle):
        if line.is_blank():
            continue
        empty = False
        place = f":{line.number}"
        try:
            record = parse_object(line.decode())
        except NotTextError as error:
            raise UnreadableError(str(error), place) from None
        except NotUtf8Error as error:
            yield RowProblem(place, str(error))
        except ValueError as error:
            yield RowProblem(place, f"{error}; each line must be one JSON object")
        else:
            yield _row(place, record, columns)
    if empty:
        raise UnreadableError("the file is empty; remove it or give it articles")


def read_csv_rows(path: Path, columns: Columns) -> Iterator[Row | RowProblem]:
    """The articles of a CSV file whose first row names the columns; a row's place is its line.

    Raises:
        UnreadableError: without a text column or rows, or from where the quoting is broken or the
            bytes are not UTF-8: there is no telling where the next row starts.
    """
    # the limit belongs to the whole process, so it is only ever raised
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    with path.open("rb") as handle:
        rows = csv.reader(_csv_lines(numbered_lines(handle)), strict=True)
        first = 1
        header: list[str] | None = None
        empty = True
        while True:
            try:
                cells = next(rows)
            except StopIteration:
                break
            except csv.Error as error:
                raise UnreadableError(
                    f"{error}; check the quotation marks; the rows from here on were not read",
                    f":{first}",
                ) from None
            place, first = f":{first}", rows.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = cells
                _require_column(header, columns)
                continue
            empty = False
            if len(cells) == len(header):
                yield _row(place, dict(zip(header, cells, strict=True)), columns)
            else:
                yield RowProblem(
                    place,
                    f"{len(cells)} cells where the header has {len(header)}; "
                    "cells with commas or line ends must stand in quotation marks",
                )
    if empty:
        raise UnreadableError(
            "the file is empty; remove it or give it articles"
            if header is None
            else "the file has a header and no row; remove it or give it articles"
        )


def read_parquet_rows(path: Path, columns: Columns) -> Iterator[Row | RowProblem]:
    """The articles of a Parquet file; a row's place is its number, counted from 1.

    Raises:
        UnreadableError: without the text column or pyarrow, or where the file is not Parquet.
    """
    try:
        pyarrow = load_pyarrow()
    except ImportError as error:
        raise UnreadableError(str(error)) from None
    number = 0
    try:
        with path.open("rb") as handle, pyarrow.parquet.ParquetFile(handle) as file:
            names = list(file.schema_arrow.names)
            _require_column(names, columns)
            asked = (columns.text, columns.id, columns.date)
            wanted = [name for name in asked if name is not None and name in names]
            for batch in file.iter_batches(batch_size=_PARQUET_BATCH, columns=wanted):
                for index in range(batch.num_rows):
                    number += 1
                    yield _parquet_row(f":{number}", batch, index, wanted, columns)
    except pyarrow.ArrowException as error:
        raise UnreadableError(f"not a readable Parquet file ({error}); write it anew") from None
    if number == 0:
        raise UnreadableError("the file has no row; remove it or give it articles")


def _parquet_row(
    place: str, batch: Any, index: int, names: list[str], columns: Columns
) -> Row | RowProblem:
    try:
        values = {name: batch.column(name)[index].as_py() for name in names}
    except UnicodeDecodeError as error:
        return RowProblem(
            place, f"a cell is not UTF-8 (at its byte {error.start}); convert it to UTF-8"
        )
    return _row(place, values, columns)


def _csv_lines(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        try:
            text = line.decode()
        except (NotTextError, NotUtf8Error) as error:
            raise UnreadableError(
                f"{error}; the rows from here on were not read", f":{line.number}"
            ) from None
        # old Macintosh files end their rows with a carriage return alone
        yield from _LONE_CARRIAGE_RETURN.split(text) if "\r" in text else (text,)


def _require_column(names: list[str], columns: Columns) -> None:
    if columns.text not in names:
        raise UnreadableError(
            f"no column {columns.text!r}, only {_listed(names)}; "
            "name the one that holds the text with --text-column"
        )


def _row(place: str, values: Mapping[str, object], columns: Columns) -> Row | RowProblem:
    if columns.text not in values:
        return RowProblem(
            place,
            f"no text: no field {columns.text!r}, only {_listed(values)}; "
            "name the one that holds the text with --text-column",
        )
    text, own_id = values[columns.text], values.get(columns.id)
    if text is None:
        return RowProblem(place, f"no text: {columns.text!r} is null; give the row a text")
    if not isinstance(text, str):
        return RowProblem(
            place, f"{columns.text!r} is of type {type(text).__name__}; it must be a string"
        )
    if not text.strip():
        return RowProblem(place, f"no text: {columns.text!r} is empty; give the row a text")
    if has_lone_surrogate(text):
        return RowProblem(
            place,
            f"{columns.text!r} holds half of a surrogate pair (\\ud800 to \\udfff); remove it",
        )
    if isinstance(own_id, int) and not isinstance(own_id, bool):
        own_id = str(own_id)
    if own_id is not None and not isinstance(own_id, str):
        return RowProblem(
            place,
            f"{columns.id!r} is of type {type(own_id).__name__}; "
            "an id must be a string or a whole number",
        )
    if own_id and has_lone_surrogate(own_id):
        return RowProblem(
            place, f"{columns.id!r} holds half of a surrogate pair (\\ud800 to \\udfff); remove it"
        )
    date = values.get(columns.date) if columns.date else None
    return Row(
        place,
        own_id if own_id and own_id.strip() else None,
        text,
        None if date is None else printable(str(date)),
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(printable(name)) for name in names) or "none"
