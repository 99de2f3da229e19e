"""`avowal convert`: annotations from one format to another."""

from __future__ import annotations

from pathlib import Path

from avowal.data.formats.reductions import Losses
from avowal.data.formats.registry import Format, find_format, infer_format


def convert(
    source: Path, out: Path, *, to: str, from_: str | None = None, overwrite: bool = False
) -> list[str]:
    """Convert `source` to `out`; the lines returned say what was done and what was lost.

    The input is read whole before anything is written, so that a malformed line leaves no output.

    Args:
        to, from_: names of formats; without `from_` the input's suffix says which it is.
        overwrite: write over a file `out`; a folder must be new all the same.

    Raises:
        FormatError: at the first malformed line of the input.
        ValueError: for a format of unknown name, or an output that is the input.
        FileExistsError: where `out` is there already.
        OSError: where a file cannot be read or written.
    """
    target = find_format(to)
    origin = find_format(from_) if from_ else infer_format(source)
    if out.resolve() == source.resolve():
        raise ValueError(f"{out} is the input too; write the result elsewhere")
    refuse_existing(out, target, overwrite=overwrite)
    articles = list(origin.read(source))
    losses = target.write(articles, out)
    counted = f"{len(articles)} {'article' if len(articles) == 1 else 'articles'} in {out}"
    return [counted, *loss_lines(to, losses)]


def refuse_existing(out: Path, format_: Format, *, overwrite: bool) -> None:
    """See that writing `out` in that format costs nobody what is there.

    An empty file or folder may be written to, as a temporary one is.

    Raises:
        FileExistsError: where something is there; no folder is written over, whatever `overwrite`.
        IsADirectoryError: where a folder is there and the format is a file.
    """
    if format_.is_folder:
        if out.is_file():
            raise FileExistsError(f"{out} is a file; name a new folder")
        if out.is_dir() and any(out.iterdir()):
            raise FileExistsError(f"{out} is not empty; name a new folder")
    elif out.is_dir():
        raise IsADirectoryError(f"{out} is a directory; name a file")
    elif not overwrite and out.exists() and out.stat().st_size:
        raise FileExistsError(
            f"{out} exists; move it, name another output, or write over it with --overwrite"
        )


def loss_lines(to: str, losses: Losses) -> list[str]:
    """What a format could not hold, a line each."""
    return [f"{to} cannot hold: {what}: {number}" for what, number in losses.most_common()]
