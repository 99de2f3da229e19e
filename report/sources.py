"""Scores joined with the texts they were made from, article by article."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from avowal.data.documents import Document, DocumentError, read_documents
from avowal.data.jsonl import read_scores
from avowal.data.records import Article
from avowal.report.dates import date_in_path, parse_date


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of the report.

    Attributes:
        article: with its text, or with none where there is a `problem`.
        day: its date, where one is known.
        problem: why its text cannot be shown, and what to do about it.
        odd_date: a date that was given but is none.
    """

    article: Article
    day: date | None = None
    problem: str | None = None
    odd_date: str | None = None


def read_scored(path: str | os.PathLike[str]) -> dict[str, Article]:
    """The articles of a file that `avowal score` wrote, by id and without text.

    Raises:
        FormatError: at the first line that is not an article, naming the field that is wrong.
        ValueError: where the file has no article, or two of one id.
        OSError: where it cannot be read.
    """
    scored: dict[str, Article] = {}
    for article in read_scores(path):
        if article.id in scored:
            raise ValueError(f"{os.fspath(path)}: two articles have the id {article.id!r}")
        scored[article.id] = article
    if not scored:
        raise ValueError(f"{os.fspath(path)}: no article in it; write it with avowal score --out")
    return scored


def join(
    scored: dict[str, Article],
    paths: Iterable[str],
    *,
    text_column: str = "text",
    id_column: str = "id",
    date_column: str = "date",
) -> Iterator[Entry]:
    """Every article of `scored` with its text and date, in the order of `paths`.

    Those whose text is not there come last, and say so. Articles that were not scored are left out.
    """
    missing = dict(scored)
    unread: list[DocumentError] = []
    found = read_documents(
        paths, text_column=text_column, id_column=id_column, date_column=date_column
    )
    for item in found:
        if isinstance(item, DocumentError):
            unread.append(item)
        elif item.id in missing:
            yield _entry(missing.pop(item.id), item)
    reason = "no article of this id; give --articles the same paths as avowal score"
    if unread:
        reason += f" (could not read {unread[0]})"
    for article in missing.values():
        yield Entry(article, date_in_path(article.id), problem=reason)


def _entry(article: Article, document: Document) -> Entry:
    day = parse_date(document.date) if document.date else None
    odd = document.date if document.date and day is None else None
    day = day or date_in_path(article.id)
    if not _fits(article, document.text):
        changed = "the text is not the one that was scored; score it anew"
        return Entry(article, day, problem=changed, odd_date=odd)
    return Entry(replace(article, text=document.text), day, odd_date=odd)


def _fits(article: Article, text: str) -> bool:
    spans = (
        span
        for statement in article.statements
        for span in (statement.source, statement.cue, *statement.content)
        if span
    )
    return all(sentence.end <= len(text) for sentence in article.sentences) and all(
        text[span.start : span.end] == span.text for span in spans
    )
