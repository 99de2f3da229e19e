"""What the page reads: statements as rows, and each article as HTML, compressed.

Articles are nine tenths of a report and few of them are opened, so each is a blob of its own that
the page unpacks when it shows it.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from avowal.data.records import QUOTATIONS, Speaker, Statement
from avowal.markup import THRESHOLD, escape, mark_up
from avowal.report.sources import Entry

COLUMNS = (
    "article",
    "place",
    "speaker",
    "source",
    "cue",
    "content",
    "start",
    "end",
    "quotation",
    "confidence",
    "threat",
    "sanction",
)


class Rows:
    """Gathers the statements of articles: a row each, with names and ids stored once."""

    def __init__(self) -> None:
        self.statements: list[list[Any]] = []
        self.articles: list[list[Any]] = []
        self._speakers: dict[str, int] = {}

    def add(self, entry: Entry) -> int:
        """Add an article's statements; returns the article's place, counted from 0."""
        number = len(self.articles)
        article = entry.article
        day = entry.day.isoformat() if entry.day else None
        heard = {statement.speaker for statement in article.statements}
        speakers = [self._counted(speaker) for speaker in article.speakers if speaker.name in heard]
        self.articles.append([article.id, day, speakers])
        for place, statement in enumerate(article.statements):
            self.statements.append([number, place, *self._values(statement)])
        return number

    def to_json(self) -> str:
        """The rows as JSON that may stand in a ``<script>``: no ``<`` is left in it."""
        record = {
            "threshold": THRESHOLD,
            "columns": COLUMNS,
            "articles": self.articles,
            "speakers": list(self._speakers),
            "statements": self.statements,
        }
        return in_script(json.dumps(record, ensure_ascii=False, separators=(",", ":")))

    def _values(self, statement: Statement) -> list[Any]:
        source, cue, content = statement.source, statement.cue, statement.content
        return [
            self._speaker(statement.speaker),
            source.text if source else None,
            cue.text if cue else None,
            " … ".join(piece.text for piece in content),
            content[0].start if content else None,
            content[-1].end if content else None,
            QUOTATIONS.index(statement.quotation) if statement.quotation else None,
            _rounded(statement.confidence),
            _rounded(statement.threat),
            _rounded(statement.sanction),
        ]

    def _counted(self, speaker: Speaker) -> list[Any]:
        counts = (speaker.statements, speaker.threats, speaker.sanctions)
        return [self._speaker(speaker.name), speaker.role, *counts]

    def _speaker(self, name: str | None) -> int | None:
        if name is None:
            return None
        # the filter's field holds one line
        return self._speakers.setdefault(" ".join(name.split()), len(self._speakers))


def in_script(json_text: str) -> str:
    """JSON with every ``<`` escaped, so that none of it can end the ``<script>`` around it."""
    return json_text.replace("<", "\\u003c")


def packed(entry: Entry) -> str:
    """The article as the page shows it: marked-up HTML, as zlib data in base64."""
    article = entry.article
    if entry.problem:
        markup = f"<em>{escape(entry.problem)}</em>"
    else:
        markup = mark_up(article.text, article.statements, article.sentences)
    return base64.b64encode(zlib.compress(markup.encode("utf-8"), 9)).decode("ascii")


def _rounded(probability: float | None) -> float | None:
    return None if probability is None else round(probability, 3)
