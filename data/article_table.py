"""Scored articles as Parquet, a row each, with their sentences and statements nested in it.

The columns and their types are those of the records, so the file holds what a line of
`avowal score` holds.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import is_dataclass
from itertools import islice
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from avowal.data.arrow import load_pyarrow
from avowal.data.records import Article

_LEFT_OUT = ("text", "meta")
_ROWS_A_GROUP = 1_000


def article_schema() -> Any:
    """The Arrow schema of a scored article.

    Raises:
        ImportError: without pyarrow.
    """
    arrow = load_pyarrow()
    hints = get_type_hints(Article)
    return arrow.schema([(n, _type(arrow, h)) for n, h in hints.items() if n not in _LEFT_OUT])


def article_batch(articles: Iterable[Article]) -> Any:
    """An Arrow table of scored articles, a row each, without their texts."""
    rows = [article.to_dict(with_text=False) for article in articles]
    return load_pyarrow().Table.from_pylist(rows, schema=article_schema())


def write_articles_parquet(articles: Iterable[Article], path: str | os.PathLike[str]) -> None:
    """Write scored articles without their texts; no more than a group of rows is held.

    Raises:
        ImportError: without pyarrow.
        OSError: where the file cannot be written.
    """
    arrow = load_pyarrow()
    left = iter(articles)
    with arrow.parquet.ParquetWriter(Path(path), article_schema()) as writer:
        while rows := list(islice(left, _ROWS_A_GROUP)):
            writer.write_table(article_batch(rows))


def _type(arrow: Any, hint: Any) -> Any:
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        [kind] = [part for part in parts if part is not NoneType]
        return _type(arrow, kind)
    if origin is tuple:
        return arrow.list_(_type(arrow, parts[0]))
    if origin is Literal:
        return arrow.string()
    if is_dataclass(hint):
        fields = get_type_hints(hint).items()
        return arrow.struct([(name, _type(arrow, kind)) for name, kind in fields])
    return {str: arrow.string(), int: arrow.int64(), float: arrow.float64()}[hint]
