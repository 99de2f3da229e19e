"""A batch run: documents read, scored and written as they come, with errors kept apart."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from avowal.data.documents import DocumentError, read_documents
from avowal.data.jsonl import json_line
from avowal.data.records import Article
from avowal.inference.engine import Engine, LocalEngine
from avowal.inference.outputs import Outputs, refuse_overwriting
from avowal.inference.progress import Notice
from avowal.inference.run_folder import RunError, RunFolder
from avowal.inference.scorer import Scorer

STANDARD_OUTPUT = Path("-")


def score_paths(
    paths: Sequence[str],
    *,
    load_scorer: Callable[[], Scorer],
    load_engine: Callable[[], Engine] | None = None,
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
        load_engine: what scores in place of a scorer in this process; for outputs on disk alone.
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
    outputs = None
    if out == STANDARD_OUTPUT or (out is None and table is None):
        if table or errors:
            raise ValueError("a table and a file of errors need an output on disk: name an --out")
    else:
        outputs = Outputs.of(out, table, errors)
        refuse_overwriting(paths, outputs.files)
    tally = Tally()
    # the scorer before the outputs: without a model, older results must stay as they are
    if load_engine is None:
        found = read_documents(paths, text_column=text_column, id_column=id_column)
        local = LocalEngine(load_scorer(), found)
        if outputs is None:
            return _shown(local, tally, as_lines=out is not None)
        engine: Engine = local
    elif outputs is None:
        raise ValueError("several processes need an output on disk: name one with --out")
    else:
        engine = load_engine()
    with RunFolder(
        outputs.target,
        errors=outputs.errors,
        derived=outputs.derived,
        settings=settings(),
        overwrite=overwrite,
    ) as run:
        return _kept(engine, run, outputs, tally)


def _shown(engine: LocalEngine, tally: Tally, *, as_lines: bool) -> bool:
    """A run on standard output."""
    if as_lines:
        for article in scored_articles(engine, tally):
            print(json_line(article.to_dict(with_text=False)), flush=True)
    else:
        from avowal.inference.view import show

        for article in scored_articles(engine, tally):
            show(article)
    return tally.report()


def _kept(engine: Engine, run: RunFolder, outputs: Outputs, tally: Tally) -> bool:
    """A run on disk, from where it stands to its end."""
    begun = run.progress
    tally.scored, tally.failed = begun.scored, begun.failed
    if begun.items and not begun.complete:
        print(f"going on after the first {begun.items} articles", file=sys.stderr)
    try:
        if engine.skip(begun.items) != begun.digest:
            raise RunError(
                f"the input has changed since the run began: its first {begun.items} articles are "
                f"not those that were scored; {_REMEDY}"
            )
        if not begun.complete:
            with Notice(begun.scored) as notice:
                for outcomes in engine.outcomes():
                    run.write(outcomes)
                    for outcome in outcomes:
                        tally.count(outcome.error or outcome.id, notice)
        elif not engine.at_end():
            raise RunError(
                "the input has grown since the run was complete; score what is new apart, "
                f"or {_REMEDY}"
            )
        run.finish(outputs.derive)
    except (KeyboardInterrupt, OSError) as error:
        kept = f"{run.progress.scored} articles scored so far; the same command goes on from there"
        if isinstance(error, OSError):
            raise RunError(f"{error}: {kept}") from error
        print(f"interrupted: {kept}", file=sys.stderr)
        raise
    return tally.report(outputs.errors)


_REMEDY = "restore it, name another output, or begin anew with --overwrite"


def scored_articles(engine: LocalEngine, tally: Tally) -> Iterator[Article]:
    """The articles that an engine scores, one at a time, with progress on standard error."""
    with Notice() as notice:
        for chunk in engine.chunks():
            for item in chunk.scored:
                if isinstance(item, Article):
                    yield item
                    tally.count(item.id, notice)
                else:
                    tally.count(item, notice)


@dataclass
class Tally:
    """How many articles a run has scored and how many not, and since when it runs."""

    scored: int = 0
    failed: int = 0

    def __post_init__(self) -> None:
        self._begun = time.monotonic()

    def count(self, what: str | DocumentError, notice: Notice) -> None:
        """Count and announce an article's id, or why there is no article."""
        if isinstance(what, DocumentError):
            self.failed += 1
            notice.not_scored(what)
        else:
            self.scored += 1
            notice.scored(what)

    def report(self, errors: Path | None = None) -> bool:
        """Sum the run up on standard error; returns whether every document was scored."""
        articles = "article" if self.scored == 1 else "articles"
        summary = f"{self.scored} {articles} scored in {time.monotonic() - self._begun:.1f} s"
        if self.failed:
            summary += f", {self.failed} not scored"
            summary += f": see {errors}" if errors else ""
        print(summary, file=sys.stderr)
        return not self.failed
