"""Statements as a pandas data frame, one row each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from avowal.data.records import Article
from avowal.data.tables import COLUMNS, statement_row

if TYPE_CHECKING:
    import pandas

_TYPES = {str: "string", int: "Int64", float: "Float64"}


def to_pandas(articles: Iterable[Article]) -> pandas.DataFrame:
    """The statements of articles as a data frame: a row each, in the columns of `avowal score`.

    Columns have pandas' nullable types (string, Int64, Float64), so a statement without a source
    has ``<NA>`` there and offsets stay whole numbers.

    Raises:
        ImportError: where pandas is not installed.

    Example:
        >>> import avowal
        >>> frame = avowal.to_pandas(avowal.load().stream(texts))  # doctest: +SKIP
        >>> frame[frame.threat >= 0.5].groupby("speaker").size()  # doctest: +SKIP
    """
    try:
        import pandas
    except ImportError as error:
        raise ImportError("data frames need pandas: pip install 'avowal[pandas]'") from error
    rows = [statement_row(article.id, s) for article in articles for s in article.statements]
    columns = zip(*rows, strict=True) if rows else ([] for _ in COLUMNS)
    return pandas.DataFrame(
        {
            name: pandas.array(list(column), dtype=_TYPES[kind])
            for (name, kind), column in zip(COLUMNS.items(), columns, strict=True)
        }
    )
