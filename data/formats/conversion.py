"""`avowal convert`: annotations from one format to another."""

from __future__ import annotations

from pathlib import Path

from avowal.data.formats.reductions import Losses
from avowal.data.formats.registry import find_format, infer_format


def convert(source: Path, out: Path, *, to: str, from_: str | None = None) -> list[str]:
    """Convert `source` to `out`; the lines returned say what was done and what was lost.

    The input is read whole before anything is written, so that a malformed line leaves no output.

    Args:
        to, from_: names of formats; without `from_` the input's suffix says which it is.

    Raises:
        FormatError: at the first malformed line of the input.
        ValueError: for a format of unknown name, or an output that is the input.
        OSError: where a file cannot be read or written.
    """
    target = find_format(to)
    origin = find_format(from_) if from_ else infer_format(source)
    if out.resolve() == source.resolve():
        raise ValueError(f"{out} is the input too; write the result elsewhere")
    articles = list(origin.read(source))
    losses = target.write(articles, out)
    counted = f"{len(articles)} {'article' if len(articles) == 1 else 'articles'} in {out}"
    return [counted, *loss_lines(to, losses)]


def loss_lines(to: str, losses: Losses) -> list[str]:
    """What a format could not hold, a line each."""
    return [f"{to} cannot hold: {what}: {number}" for what, number in losses.most_common()]
