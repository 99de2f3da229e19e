"""The project's own annotated corpus, as it lies in `annotated/`: see its README and CODEBOOK."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from avowal.data.jsonl import read_jsonl
from avowal.data.records import Article

Split = Literal["train", "dev", "test", "attributed", "labelled", "examples"]
FOLDER = Path(__file__).parent / "annotated"


def load_annotated(split: Split) -> list[Article]:
    """The annotated articles of one part of the corpus.

    Args:
        split: ``"train"``, ``"dev"`` and ``"test"`` have sentences with threat and sanction and
            complete statements; so has ``"attributed"``, to train on beside ``"train"``;
            ``"labelled"``, to train intent on, has threat and sanction, and its statements are
            not annotated;
            ``"examples"`` are the eight longer articles of `data/examples`, for tests.

    Raises:
        ValueError: for another name.

    Example:
        >>> from avowal.data import load_annotated
        >>> sum(len(article.sentences) for article in load_annotated("test"))
        657
    """
    if split not in get_args(Split):
        raise ValueError(f"the corpus has the parts {', '.join(get_args(Split))}, and no {split!r}")
    return list(read_jsonl(FOLDER / f"{split}.jsonl"))
