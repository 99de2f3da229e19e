"""Statements as a data frame: the columns and values of the table that `avowal score` writes."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest
from annotated_articles import GOLD

import avowal
from avowal import Article, Span, Statement
from avowal.data.tables import COLUMNS, write_table

pandas = pytest.importorskip("pandas", reason="pandas is not installed")

BARE = Article("b", "no", statements=(Statement(None, None, (Span(0, 2, "no"),)),))


def test_a_frame_has_the_table_that_is_written(tmp_path: Path) -> None:
    frame = avowal.to_pandas([GOLD, BARE])
    write_table([GOLD, BARE], tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as handle:
        written = list(csv.reader(handle))
    assert list(frame.columns) == written[0] == list(COLUMNS)
    shown = [["" if pandas.isna(value) else str(value) for value in row] for row in frame.values]
    assert shown == written[1:]


def test_types_hold_without_values_too() -> None:
    for articles in ([], [BARE], [GOLD, BARE]):
        frame = avowal.to_pandas(articles)
        assert {str(frame[name].dtype) for name, kind in COLUMNS.items() if kind is int} == {
            "Int64"
        }
        assert str(frame.threat.dtype) == "Float64"
        assert str(frame.speaker.dtype).startswith("str")


def test_one_article_gives_its_own_rows() -> None:
    assert GOLD.to_pandas().equals(avowal.to_pandas([GOLD]))
    assert len(GOLD.to_pandas()) == len(GOLD.statements)


def test_without_pandas_what_to_install_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"pip install 'avowal\[pandas\]'"):
        avowal.to_pandas([BARE])
