"""The formats that `avowal convert` and `avowal annotate` know, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from avowal.data.formats import brat, conll, doccano, label_studio, prodigy
from avowal.data.formats.reductions import Losses, Reduction, reduced
from avowal.data.jsonl import read_jsonl, write_jsonl
from avowal.data.records import Article


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is read and written, and what has to be taken out of an article before."""

    name: str
    read: Callable[[Path], Iterator[Article]]
    write_whole: Callable[[Iterable[Article], Path], None]
    reductions: tuple[Reduction, ...] = ()
    is_folder: bool = False

    def write(self, articles: Iterable[Article], path: Path) -> Losses:
        """Write what the format can hold of `articles`; what it cannot is counted by its name."""
        losses = Losses()
        self.write_whole((reduced(a, self.reductions, losses) for a in articles), path)
        return +losses


FORMATS = {
    format_.name: format_
    for format_ in (
        Format("jsonl", read_jsonl, write_jsonl),
        Format("brat", brat.read, brat.write, brat.REDUCTIONS, is_folder=True),
        Format("labelstudio", label_studio.read, label_studio.write, label_studio.REDUCTIONS),
        Format("doccano", doccano.read, doccano.write, doccano.REDUCTIONS),
        Format("prodigy", prodigy.read, prodigy.write, prodigy.REDUCTIONS),
        Format("conll", conll.read, conll.write, conll.REDUCTIONS),
    )
}

_BY_SUFFIX = {".jsonl": "jsonl", ".json": "labelstudio", ".conll": "conll"}


def find_format(name: str) -> Format:
    """The format of that name.

    Raises:
        ValueError: where there is none.
    """
    try:
        return FORMATS[name]
    except KeyError:
        raise ValueError(f"format {name!r} is not one of {', '.join(FORMATS)}") from None


def infer_format(path: Path) -> Format:
    """The format of an input, by its suffix; a folder is brat.

    Raises:
        ValueError: where the suffix does not say.
    """
    if path.is_dir():
        return FORMATS["brat"]
    if path.suffix.lower() not in _BY_SUFFIX:
        raise ValueError(f"{path}: name the format with --from: {', '.join(FORMATS)}")
    return FORMATS[_BY_SUFFIX[path.suffix.lower()]]
