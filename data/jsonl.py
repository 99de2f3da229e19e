"""The project's own JSONL: one article a line, as gold data with text or as scores without it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from avowal.data.article_json import parse_article, parse_object
from avowal.data.errors import FormatError
from avowal.data.records import Article
from avowal.data.utf8 import numbered_lines


def write_article(article: Article, handle: IO[str], with_text: bool = True) -> None:
    """Write `article` as one line to a text file opened as UTF-8.

    Without text it is a line as `avowal score` writes it (see `read_scores`).

    Raises:
        ValueError: where a score is NaN or infinite, which JSON cannot hold.
    """
    record = article.to_dict(with_text=with_text)
    handle.write(json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")


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


def _read(path: str | os.PathLike[str], *, with_text: bool) -> Iterator[Article]:
    with Path(path).open("rb") as handle:
        for line in numbered_lines(handle):
            if line.is_blank():
                continue
            try:
                article = parse_article(parse_object(line.decode()), with_text=with_text)
            except ValueError as error:
                raise FormatError(path, line.number, str(error)) from error
            yield article
