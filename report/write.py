"""`avowal report`: scores and articles in, one HTML file out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from avowal.data.utf8 import printable
from avowal.inference.outputs import refuse_overwriting
from avowal.report.document import document
from avowal.report.payload import Rows, packed
from avowal.report.sources import Entry, join, read_scored


def write_report(
    scores: str | os.PathLike[str],
    articles: Sequence[str],
    out: str | os.PathLike[str],
    *,
    title: str | None = None,
    text_column: str = "text",
    id_column: str = "id",
    date_column: str = "date",
) -> bool:
    """Write a report on scored articles as one HTML file, which needs nothing else to open.

    An article whose text is missing or was changed is named on standard error; its statements stay
    in the report.

    Args:
        scores: the JSONL file that `avowal score --out` wrote.
        articles: the paths that were scored.
        out: the file to write.
        title: the report's; by default the name of `scores`.
        text_column: column of the text in rows.
        id_column: column of the id in rows.
        date_column: column of the date in rows, in ISO 8601. An article without one has the date
            in its page's metadata or its path, if any.

    Returns:
        Whether every scored article is there with its text.

    Raises:
        FormatError: where a line of `scores` is not an article.
        ValueError: where `scores` holds no article or two of one id, or `out` is an input.
        RuntimeError: where the extra `report` is not installed.
        OSError: where a file cannot be read or written.
    """
    out = Path(out)
    refuse_overwriting([*articles, os.fspath(scores)], [out])
    scored = read_scored(scores)
    entries = join(
        scored,
        articles,
        text_column=text_column,
        id_column=id_column,
        date_column=date_column,
    )
    rows, problems = Rows(), _Problems()
    blobs = ((rows.add(entry), packed(entry)) for entry in problems.watch(entries))
    pieces = document(title or Path(scores).name, blobs, (rows.to_json() for _ in range(1)))
    start = next(pieces)  # before the file is opened: without the extra, an older report stays
    with out.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(start)
        handle.writelines(pieces)
    problems.report()
    print(
        f"{len(rows.articles):,} articles, {len(rows.statements):,} statements, "
        f"{out.stat().st_size / 1e6:.1f} MB: {out}",
        file=sys.stderr,
    )
    return not problems.missing


class _Problems:
    """Names articles that come without their text, and counts dates that are none."""

    def __init__(self) -> None:
        self.missing = 0
        self._odd_dates: list[tuple[str, str]] = []

    def watch(self, entries: Iterator[Entry]) -> Iterator[Entry]:
        for entry in entries:
            name = printable(entry.article.id)
            if entry.problem:
                self.missing += 1
                print(f"without text: {name}: {entry.problem}", file=sys.stderr)
            if entry.odd_date:
                self._odd_dates.append((name, entry.odd_date))
            yield entry

    def report(self) -> None:
        if self._odd_dates:
            name, date = self._odd_dates[0]
            print(
                f"{len(self._odd_dates)} dates not understood, the first {date!r} in {name}; "
                "write them as YYYY-MM-DD",
                file=sys.stderr,
            )
