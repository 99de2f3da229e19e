"""Where the training corpora lie, and how a config names a part of one."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from avowal.data.brat import read_brat
from avowal.data.gum import read_gum
from avowal.data.jsonl import read_jsonl
from avowal.data.label_rows import read_news_labels, with_labels
from avowal.data.records import Article
from avowal.inference.sentences import split_sentences


def data_folder(data_dir: str | Path | None = None) -> Path:
    """The folder of the third-party corpora: `data_dir`, else the variable AVOWAL_DATA.

    Raises:
        FileNotFoundError: where neither is given or the folder does not exist.
    """
    named = data_dir or os.environ.get("AVOWAL_DATA")
    if not named:
        raise FileNotFoundError(
            "no folder of corpora: give --data-dir, or set AVOWAL_DATA "
            "(scripts/fetch_corpora.py brings the corpora)"
        )
    folder = Path(named)
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is not a folder of corpora")
    return folder


def find_corpus(named: str, data_dir: str | Path | None = None) -> Path:
    """The file or folder `named`: as it stands, else below `data_folder(data_dir)`.

    The ending of a JSONL file may be left out, so that ``data/annotated/test`` names one.

    Raises:
        FileNotFoundError: where it is in neither place.
    """
    path = Path(named)
    if not path.exists() and path.with_name(f"{path.name}.jsonl").exists():
        return path.with_name(f"{path.name}.jsonl")
    if not path.exists():
        try:
            path = data_folder(data_dir) / named
        except FileNotFoundError as error:
            raise FileNotFoundError(f"no corpus at {named}, and {error}") from error
    if not path.exists() and path.with_name(f"{path.name}.jsonl").exists():
        return path.with_name(f"{path.name}.jsonl")
    if not path.exists():
        raise FileNotFoundError(f"no corpus at {named} or {path}")
    return path


def read_articles(paths: Iterable[str], data_dir: str | Path | None = None) -> Iterator[Article]:
    """Read annotated articles from brat folders and the project's JSONL files.

    Each path is found as `find_corpus` says.

    Raises:
        ValueError: for a folder of GUM.
    """
    for named in paths:
        path = find_corpus(named, data_dir)
        if is_gum(path):
            raise ValueError(f"{path} is GUM, which has sentences here and no attributions")
        yield from read_brat(path) if path.is_dir() else read_jsonl(path)


def read_texts(paths: Iterable[str], data_dir: str | Path | None = None) -> Iterator[Article]:
    """As `read_articles`, and folders of GUM too: for what needs no attributions."""
    for named in paths:
        path = find_corpus(named, data_dir)
        yield from read_gum(path) if is_gum(path) else read_articles([named], data_dir)


def is_gum(path: Path) -> bool:
    """Whether a path is a checkout of GUM, or a part of one."""
    return (path / "dep").is_dir()


def read_news(table: str, data_dir: str | Path | None = None, part: str = "train") -> list[Article]:
    """The documents of which `table` labels sentences for `part`, with those labels.

    Args:
        table: a file of `avowal.data.label_rows`; its documents are looked for in the corpora.
        part: the part of the table: train, or one of those kept to measure on, random and likely.

    Raises:
        FileNotFoundError: where the table or a corpus of it is not there.
        ValueError: where the table has no such part, or a document of the corpora is not the one
            that was labelled.
    """
    every = read_news_labels(find_corpus(table, data_dir))
    rows = [row for row in every if row.part == part]
    if not rows:
        parts = ", ".join(sorted({row.part for row in every}))
        raise ValueError(f"{table} has no rows of the part {part!r}; it has {parts}")
    documents: dict[str, Article] = {}
    for corpus in sorted({row.document.rpartition("/")[0] for row in rows}):
        documents |= {f"{corpus}/{a.id}": a for a in read_texts([corpus], data_dir)}
    return with_labels(rows, documents, split_sentences)


def held_back(name: str, fraction: float) -> bool:
    """Whether an article of this name belongs to the part kept out of training.

    Decided by a checksum of the name alone, so that the part stays the same whatever else is read.
    """
    return zlib.crc32(name.encode()) % 10_000 < fraction * 10_000
