"""A batch run: documents read, scored and written as they come, with errors kept apart."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from avowal.data.document_formats import SUFFIXES
from avowal.data.documents import Document, DocumentError, read_documents
from avowal.data.jsonl import write_article
from avowal.data.tables import TableWriter
from avowal.inference.scorer import Scorer
from avowal.inference.view import statement_table

LOG_EVERY = 10.0


def score_paths(
    paths: Sequence[str],
    *,
    load_scorer: Callable[[], Scorer],
    out: Path | None = None,
    table: Path | None = None,
    text_column: str = "text",
    id_column: str = "id",
) -> bool:
    """Score every document at `paths` and write the results as they are made.

    A document that cannot be read is named on standard error and the rest goes on.

    Args:
        out: the JSONL file; with none, statements are shown on standard output.
        table: a .csv or .parquet file with one row a statement.

    Returns:
        Whether every document was scored.

    Raises:
        ValueError: for an output that is or would become an input, or a table of unknown kind.
    """
    _refuse_overwriting(paths, [path for path in (out, table) if path])
    errors: list[DocumentError] = []
    console = Console(stderr=True)
    begun = time.monotonic()
    scored = 0
    # before the outputs are opened: without a model, older results must stay as they are
    scorer = load_scorer()
    with ExitStack() as stack:
        rows = stack.enter_context(TableWriter(table)) if table else None
        handle = stack.enter_context(out.open("w", encoding="utf-8", newline="\n")) if out else None
        documents = _readable(
            read_documents(paths, text_column=text_column, id_column=id_column), errors, console
        )
        notice = stack.enter_context(_Notice(console))
        for article in scorer.stream(documents):
            if handle:
                write_article(article, handle, with_text=False)
            else:
                Console().print(statement_table(article))
            if rows:
                rows.write(article)
            scored += 1
            notice.advance(article.id)
    seconds = time.monotonic() - begun
    summary = f"{scored} {'article' if scored == 1 else 'articles'} scored in {seconds:.1f} s"
    if errors:
        summary += f", {len(errors)} not scored"
    print(summary, file=sys.stderr)
    return not errors


def _readable(
    found: Iterator[Document | DocumentError], errors: list[DocumentError], console: Console
) -> Iterator[Document]:
    for item in found:
        if isinstance(item, DocumentError):
            errors.append(item)
            console.print(f"not scored: {item}", markup=False, highlight=False, soft_wrap=True)
        else:
            yield item


def _refuse_overwriting(paths: Sequence[str], outputs: Sequence[Path]) -> None:
    inputs = [Path(path).resolve() for path in paths]
    for output in outputs:
        place = output.resolve()
        if not place.parent.is_dir():
            raise FileNotFoundError(f"{output}: its folder {place.parent} does not exist")
        if place in inputs:
            raise ValueError(f"{output} is an input too; write the result elsewhere")
        within = any(folder.is_dir() and place.is_relative_to(folder) for folder in inputs)
        if within and place.suffix.lower() in SUFFIXES:
            raise ValueError(
                f"{output} is in a folder that is scored, so it would be read as an article; "
                "write the result elsewhere"
            )
    if len(outputs) != len({output.resolve() for output in outputs}):
        raise ValueError(f"{outputs[0]} is named for two outputs")


class _Notice:
    """Progress: a bar on a terminal, a log line now and then elsewhere."""

    def __init__(self, console: Console) -> None:
        self._bar = (
            Progress(
                TextColumn("scoring"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("articles"),
                TimeElapsedColumn(),
                TextColumn("{task.description}", markup=False),
                console=console,
                transient=True,
            )
            if console.is_terminal
            else None
        )
        self._count = 0
        self._said = time.monotonic()

    def __enter__(self) -> _Notice:
        if self._bar:
            self._bar.start()
            self._task = self._bar.add_task("", total=None)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def advance(self, name: str) -> None:
        self._count += 1
        if self._bar:
            self._bar.update(self._task, advance=1, description=name)
        elif time.monotonic() - self._said > LOG_EVERY:
            self._said = time.monotonic()
            print(f"{self._count} articles scored, last {name}", file=sys.stderr)
