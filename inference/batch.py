"""A batch run: documents read, scored and written as they come, with errors kept apart."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rich.console import Console

from avowal.data.documents import Document, DocumentError, read_documents
from avowal.data.jsonl import json_line
from avowal.data.records import Article
from avowal.inference.outputs import Outputs, refuse_overwriting
from avowal.inference.pipeline import Chunk, score_documents
from avowal.inference.progress import Notice
from avowal.inference.run_folder import RunError, RunFolder, advanced
from avowal.inference.scorer import Scorer
from avowal.inference.view import statement_table

STANDARD_OUTPUT = Path("-")

Item = Document | DocumentError


@dataclass(slots=True)
class Tally:
    """How many articles were scored and how many were not."""

    scored: int = 0
    failed: int = 0

    def __str__(self) -> str:
        articles = "article" if self.scored == 1 else "articles"
        return f"{self.scored} {articles} scored"


def score_paths(
    paths: Sequence[str],
    *,
    load_scorer: Callable[[], Scorer],
    settings: Callable[[], Mapping[str, str]] = dict,
    out: Path | None = None,
    table: Path | None = None,
    errors: Path | None = None,
    overwrite: bool = False,
    text_column: str = "text",
    id_column: str = "id",
) -> bool:
    """Score every document at `paths` and write the results as they are made.

    A document that cannot be read or scored is named on standard error and in `errors`, and the
    rest goes on. With `out` or `table` the run can be killed at any moment, and called again with
    the same arguments it goes on where it stood (see `avowal.inference.run_folder`).

    Args:
        settings: says what the records depend on beside the input, as
            `avowal.inference.identity` does; a run goes on only where that is the same.
        out: the JSONL file, a line an article, or .parquet with a row an article; ``-`` is standard
            output. With neither `out` nor `table` statements are shown on standard output.
        table: a .csv or .parquet file with one row a statement, made at the end.
        errors: the JSONL file of what was not scored; by default beside the first output.
        overwrite: begin anew and write over what is there.

    Returns:
        Whether every document was scored.

    Raises:
        RunError: where the outputs are of another run, or the input has changed since it began.
        ValueError: for an output that is or would become an input, or a table of unknown kind.
        KeyboardInterrupt: after saying how to go on.
    """
    on_disk = None if out == STANDARD_OUTPUT else out
    outputs = Outputs.of(on_disk, table, errors) if on_disk or table else None
    if outputs:
        refuse_overwriting(paths, outputs.files)
    batch = Batch(load_scorer, read_documents(paths, text_column=text_column, id_column=id_column))
    if outputs is None or out == STANDARD_OUTPUT:
        for article in batch.articles():
            if out:
                print(json_line(article.to_dict(with_text=False)), flush=True)
            else:
                Console().print(statement_table(article))
        return batch.report()
    with RunFolder(
        outputs.target,
        errors=outputs.errors,
        derived=outputs.derived,
        settings=settings(),
        overwrite=overwrite,
    ) as run:
        return _kept(batch, run, outputs)


def _kept(batch: Batch, run: RunFolder, outputs: Outputs) -> bool:
    """A run on disk, from where it stands to its end."""
    begun = run.progress
    batch.tally = Tally(begun.scored, begun.failed)
    try:
        batch.skip(begun.items, begun.digest)
        if begun.complete:
            batch.expect_nothing()
        else:
            for chunk in batch.chunks():
                run.write(chunk.items, chunk.scored)
        run.finish(outputs.derive)
    except (KeyboardInterrupt, OSError) as error:
        kept = f"{Tally(run.progress.scored)} so far; the same command goes on from there"
        if isinstance(error, OSError):
            raise RunError(f"{error}: {kept}") from error
        print(f"interrupted: {kept}", file=sys.stderr)
        raise
    return batch.report(outputs.errors)


class Batch:
    """Documents that are scored as they come; those that cannot be are named and counted.

    Made before the outputs are opened: without a model, older results must stay as they are.
    """

    def __init__(self, load_scorer: Callable[[], Scorer], found: Iterator[Item]) -> None:
        self._begun = time.monotonic()
        self._scorer = load_scorer()
        self._found = found
        self.tally = Tally()

    def skip(self, count: int, digest: str) -> None:
        """Pass over the first `count` documents, which must have this digest.

        Raises:
            RunError: where they have another, or there are fewer.
        """
        found, read = "", 0
        for item in islice(self._found, count):
            found, read = advanced(found, item), read + 1
        if (found, read) != (digest, count):
            raise RunError(
                f"the input has changed since the run began: its first {count} articles are not "
                f"those that were scored; {_REMEDY}"
            )

    def expect_nothing(self) -> None:
        """See that the input is at its end.

        Raises:
            RunError: where it is not.
        """
        if next(self._found, None) is not None:
            raise RunError(
                f"the input has grown since the run was complete; score what is new apart, "
                f"or {_REMEDY}"
            )

    def chunks(self) -> Iterator[Chunk]:
        """What comes of the documents, in their order."""
        with Notice(self.tally.scored) as notice:
            for chunk in score_documents(self._scorer, self._found):
                yield chunk
                for item in chunk.scored:
                    if isinstance(item, DocumentError):
                        self.tally.failed += 1
                        notice.not_scored(item)
                    else:
                        self.tally.scored += 1
                        notice.scored(item.id)

    def articles(self) -> Iterator[Article]:
        """The scored articles, one at a time."""
        for chunk in self.chunks():
            yield from (item for item in chunk.scored if isinstance(item, Article))

    def report(self, errors: Path | None = None) -> bool:
        """Sum the run up on standard error; returns whether every document was scored."""
        seconds = time.monotonic() - self._begun
        summary = f"{self.tally} in {seconds:.1f} s"
        if self.tally.failed:
            summary += f", {self.tally.failed} not scored"
            summary += f": see {errors}" if errors else ""
        print(summary, file=sys.stderr)
        return not self.tally.failed


_REMEDY = "restore it, name another output, or begin anew with --overwrite"
