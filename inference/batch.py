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
from avowal.data.records import Article
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
    refuse_overwriting(paths, [path for path in (out, table) if path])
    batch = Batch(load_scorer, read_documents(paths, text_column=text_column, id_column=id_column))
    with ExitStack() as stack:
        rows = stack.enter_context(TableWriter(table)) if table else None
        handle = stack.enter_context(out.open("w", encoding="utf-8", newline="\n")) if out else None
        for article in batch.articles():
            if handle:
                write_article(article, handle, with_text=False)
            else:
                Console().print(statement_table(article))
            if rows:
                rows.write(article)
    return batch.report()


class Batch:
    """Documents that are scored as they come; those that cannot be read are named and counted.

    Made before the outputs are opened: without a model, older results must stay as they are.
    """

    def __init__(
        self, load_scorer: Callable[[], Scorer], found: Iterator[Document | DocumentError]
    ) -> None:
        self._begun = time.monotonic()
        self._scorer = load_scorer()
        self._found = found
        self._console = Console(stderr=True)
        self._scored = 0
        self._errors = 0

    def articles(self) -> Iterator[Article]:
        """The scored articles, one at a time."""
        with _Notice(self._console) as notice:
            for article in self._scorer.stream(self._readable()):
                yield article
                self._scored += 1
                notice.advance(article.id)

    def report(self) -> bool:
        """Sum the run up on standard error; returns whether every document was scored."""
        seconds = time.monotonic() - self._begun
        articles = "article" if self._scored == 1 else "articles"
        summary = f"{self._scored} {articles} scored in {seconds:.1f} s"
        if self._errors:
            summary += f", {self._errors} not scored"
        print(summary, file=sys.stderr)
        return not self._errors

    def _readable(self) -> Iterator[Document]:
        for item in self._found:
            if isinstance(item, DocumentError):
                self._errors += 1
                self._console.print(
                    f"not scored: {item}", markup=False, highlight=False, soft_wrap=True
                )
            else:
                yield item


def refuse_overwriting(
    paths: Sequence[str], outputs: Sequence[Path], *, of_texts: bool = False
) -> None:
    """See that no output is an input or would be read as one.

    Args:
        of_texts: whether the outputs are folders of texts.

    Raises:
        ValueError: where one is or would, or where two outputs are one.
        FileNotFoundError: where an output's folder does not exist.
    """
    inputs = [Path(path).resolve() for path in paths]
    for output in outputs:
        place = output.resolve()
        if not place.parent.is_dir():
            raise FileNotFoundError(f"{output}: its folder {place.parent} does not exist")
        if place in inputs:
            raise ValueError(f"{output} is an input too; write the result elsewhere")
        within = any(folder.is_dir() and place.is_relative_to(folder) for folder in inputs)
        if within and (of_texts or place.suffix.lower() in SUFFIXES):
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
