"""The project's own JSONL: one article a line, as gold data with text or as scores without it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from avowal.data.article_json import parse_article
from avowal.data.errors import FormatError
from avowal.data.json_values import parse_object
from avowal.data.records import Article
from avowal.data.utf8 import numbered_lines


def write_article(article: Article, handle: IO[str], with_text: bool = True) -> None:
    """Write `article` as one line to a text file opened as UTF-8.

    Without text it is a line as `avowal score` writes it (see `read_scores`).

    Raises:
        ValueError: where a score is NaN or infinite, which JSON cannot hold.
    """
    handle.write(json_line(article.to_dict(with_text=with_text)) + "\n")


def write_jsonl(articles: Iterable[Article], path: str | os.PathLike[str]) -> None:
    """Write `articles` with their texts, a line each.

    Raises:
        ValueError: where a score is NaN or infinite, which JSON cannot hold.
        OSError: where the file cannot be written.
    """
    write_objects((article.to_dict() for article in articles), path)


def write_objects(records: Iterable[dict[str, Any]], path: str | os.PathLike[str]) -> None:
    """Write JSON objects of whatever form, a line each (see `write_jsonl` for its errors)."""
    with Path(path).open("w", encoding="utf-8", newline="\n") as handle:
        for record in records:
            handle.write(json_line(record) + "\n")


def json_line(record: dict[str, Any]) -> str:
    """A JSON object on one line, with the characters of its strings as they are.

    Raises:
        ValueError: where a number is NaN or infinite, which JSON cannot hold.
    """
    return json.dumps(record, ensure_ascii=False, allow_nan=False)


def read_jsonl(path: str | os.PathLike[str]) -> Iterator[Article]:
    """The articles of a JSONL file with their texts, one at a time; blank lines are skipped.

    Raises:
        FormatError: at the first line that is not an article, naming the field that is wrong.
        OSError: where the file cannot be read.
    """
    return _read(path, with_text=True)


def read_scores(path: str | os.PathLike[str]) -> Iterator[Article]:
    """The articles of a file that `avowal score` wrote: without text, so ``article.text == ""``.

    Offsets are checked as far as that allows: a span is as long as its text.

    Raises:
        FormatError: at the first line that is not an article, naming the field that is wrong.
        OSError: where the file cannot be read.
    """
    return _read(path, with_text=False)


def read_objects(path: str | os.PathLike[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSONL file of whatever form with the numbers of their lines.

    Blank lines are skipped.

    Raises:
        FormatError: at the first line that is no JSON object.
        OSError: where the file cannot be read.
    """
    with Path(path).open("rb") as handle:
        for line in numbered_lines(handle):
            if line.is_blank():
                continue
            try:
                record = parse_object(line.decode())
            except ValueError as error:
                raise FormatError(path, line.number, str(error)) from error
            yield line.number, record


def _read(path: str | os.PathLike[str], *, with_text: bool) -> Iterator[Article]:
    for number, record in read_objects(path):
        try:
            article = parse_article(record, with_text=with_text)
        except ValueError as error:
            raise FormatError(path, number, str(error)) from error
        yield article
