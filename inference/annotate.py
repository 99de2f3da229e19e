"""`avowal annotate`: articles scored and written for people to correct in an annotation tool."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from avowal.data.documents import read_documents
from avowal.data.formats.conversion import loss_lines, refuse_existing
from avowal.data.formats.registry import find_format
from avowal.inference.batch import Tally, scored_articles
from avowal.inference.engine import LocalEngine
from avowal.inference.outputs import refuse_overwriting
from avowal.inference.scorer import Scorer
from avowal.version import __version__


def annotate_paths(
    paths: Sequence[str],
    *,
    load_scorer: Callable[[], Scorer],
    out: Path,
    to: str,
    model: str,
    overwrite: bool = False,
    text_column: str = "text",
    id_column: str = "id",
) -> bool:
    """Score every document at `paths` and write them to `out` in the format named `to`.

    A document that cannot be read is named on standard error and the rest goes on; what the format
    cannot hold is counted there too.

    Args:
        model: what the articles' meta names as their model, with avowal's version.
        overwrite: write over a file `out`; a folder must be new all the same.

    Returns:
        Whether every document was scored.

    Raises:
        ValueError: for a format of unknown name, or an output that is or would become an input.
        FileExistsError: where `out` is there already.
    """
    target = find_format(to)
    refuse_overwriting(paths, [out], of_texts=target.is_folder)
    refuse_existing(out, target, overwrite=overwrite)
    tally = Tally()
    found = read_documents(paths, text_column=text_column, id_column=id_column)
    engine = LocalEngine(load_scorer(), found)
    named = {"model": f"avowal {__version__} {Path(model).name}"}
    losses = target.write(
        (replace(article, meta=named) for article in scored_articles(engine, tally)), out
    )
    for line in loss_lines(to, losses):
        print(line, file=sys.stderr)
    return tally.report()
