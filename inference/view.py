"""An article's statements as a table for a terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from avowal.data.records import Article, Statement
from avowal.inference.intent import INTENTS

SHOWN = 0.5


def show(article: Article) -> None:
    """Print an article's statements on standard output."""
    Console().print(statement_table(article))


def statement_table(article: Article) -> Table:
    """Who said what, with the labels whose probability is at least one half."""
    table = Table(title=Text(_plain(article.id)), title_justify="left", box=box.SIMPLE, expand=True)
    table.add_column("speaker", ratio=2)
    table.add_column("cue", ratio=1)
    table.add_column("content", ratio=6)
    table.add_column("labels", width=8)
    for statement in article.statements:
        labels = [name for name in INTENTS if (getattr(statement, name) or 0.0) >= SHOWN]
        table.add_row(
            Text(_plain(_who(statement))),
            Text(_plain(statement.cue.text) if statement.cue else ""),
            Text(_plain(" … ".join(piece.text for piece in statement.content))),
            Text(" ".join(labels), style="bold red" if labels else ""),
        )
    return table


def _who(statement: Statement) -> str:
    """The name, the words that stand for it, or both where they differ."""
    words = statement.source.text if statement.source else ""
    if not statement.speaker:
        return words
    return statement.speaker if statement.speaker in words else f"{statement.speaker} ({words})"


def _plain(text: str) -> str:
    """Text without line breaks or the control characters that a terminal would obey."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
