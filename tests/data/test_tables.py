"""`avowal.data.tables`: one flat row a statement, in CSV and Parquet."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avowal.data.records import Article, Span, Statement
from avowal.data.tables import COLUMNS, TableWriter, write_table

TEXT = '"We will," Kofi Annan said, "answer,\r\nin kind."'
FULL = Statement(
    source=Span.of(TEXT, 11, 21),
    cue=Span.of(TEXT, 22, 26),
    content=(Span.of(TEXT, 0, 10), Span.of(TEXT, 28, 47)),
    speaker="Kofi Annan",
    speaker_mention=Span(11, 21, "Kofi Annan"),
    speaker_confidence=0.75,
    quotation="direct",
    confidence=0.875,
    threat=1.0,
    sanction=0.0625,
)
BARE = Statement(source=None, cue=None, content=())
ARTICLE = Article("sub/a.txt", TEXT, statements=(FULL, BARE))
ROW = {
    "id": "sub/a.txt",
    "speaker": "Kofi Annan",
    "source": "Kofi Annan",
    "source_start": 11,
    "source_end": 21,
    "cue": "said",
    "cue_start": 22,
    "cue_end": 26,
    "content": '"We will," … "answer,\r\nin kind."',
    "content_start": 0,
    "content_end": 47,
    "content_offsets": "0-10;28-47",
    "quotation": "direct",
    "confidence": 0.875,
    "threat": 1.0,
    "sanction": 0.0625,
    "speaker_start": 11,
    "speaker_end": 21,
    "speaker_confidence": 0.75,
}


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, strict=True))


def read_parquet(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pytest.importorskip("pyarrow.parquet").read_table(path).to_pylist()
    return rows


def test_a_csv_row_a_statement(tmp_path: Path) -> None:
    write_table([ARTICLE, Article("none", "")], tmp_path / "t.csv")
    full, bare = read_csv(tmp_path / "t.csv")
    assert full == {name: str(value) for name, value in ROW.items()}
    assert bare == {name: "sub/a.txt" if name == "id" else "" for name in ROW}


def test_a_parquet_row_a_statement(tmp_path: Path) -> None:
    write_table([ARTICLE, Article("none", "")], tmp_path / "t.PARQUET")
    full, bare = read_parquet(tmp_path / "t.PARQUET")
    assert full == ROW
    assert bare == {name: "sub/a.txt" if name == "id" else None for name in ROW}


def test_offsets_slice_to_the_pieces(tmp_path: Path) -> None:
    write_table([ARTICLE], tmp_path / "t.csv")
    row = read_csv(tmp_path / "t.csv")[0]
    pairs = [pair.split("-") for pair in row["content_offsets"].split(";")]
    assert [TEXT[int(start) : int(end)] for start, end in pairs] == row["content"].split(" … ")
    assert TEXT[int(row["source_start"]) : int(row["source_end"])] == row["source"]
    assert TEXT[int(row["cue_start"]) : int(row["cue_end"])] == row["cue"]


def test_a_table_without_statements_has_its_columns(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    write_table([], tmp_path / "t.csv")
    write_table([], tmp_path / "t.parquet")
    assert (tmp_path / "t.csv").read_text().splitlines() == [",".join(ROW)]
    schema = pytest.importorskip("pyarrow.parquet").read_schema(tmp_path / "t.parquet")
    assert schema.names == list(ROW) == list(COLUMNS)
    assert schema.field("content").type == pyarrow.string()
    assert schema.field("cue_start").type == pyarrow.int64()
    assert schema.field("threat").type == pyarrow.float64()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_are_disarmed_in_csv_alone(tmp_path: Path, start: str) -> None:
    text = f"{start}1+1 said"
    span = Span.of(text, 0, len(text))
    article = Article(text, text, statements=(Statement(span, span, (span,), speaker=text),))
    write_table([article], tmp_path / "t.csv")
    write_table([article], tmp_path / "t.parquet")
    (cells,), (values,) = read_csv(tmp_path / "t.csv"), read_parquet(tmp_path / "t.parquet")
    for name in ("id", "speaker", "source", "cue", "content"):
        assert cells[name] == f"'{text}"
        assert values[name] == text
    assert cells["content_offsets"] == f"0-{len(text)}"


@settings(deadline=None, max_examples=50)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    span = Span.of(text, 0, len(text))
    write_table([Article("a", text, statements=(Statement(span, None, (span,)),))], path)
    (row,) = read_csv(path)
    expected = f"'{text}" if text[0] in "=+-@\t\r" else text
    assert (row["source"], row["content"]) == (expected, expected)


def test_rows_are_written_in_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr("avowal.data.tables._ROWS_A_GROUP", 4)
    write_table(
        (Article(str(i), TEXT, statements=(FULL,)) for i in range(10)), tmp_path / "t.parquet"
    )
    assert [row["id"] for row in read_parquet(tmp_path / "t.parquet")] == [
        str(i) for i in range(10)
    ]
    file = parquet.ParquetFile(tmp_path / "t.parquet")
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [4, 4, 2]


@pytest.mark.parametrize(("suffix", "read"), [(".csv", read_csv), (".parquet", read_parquet)])
def test_a_run_that_fails_leaves_a_readable_table(tmp_path: Path, suffix: str, read: Any) -> None:
    path = tmp_path / f"t{suffix}"

    def fails() -> Iterator[Article]:
        yield ARTICLE
        raise RuntimeError("mid-run")

    with pytest.raises(RuntimeError, match="mid-run"):
        write_table(fails(), path)
    assert len(read(path)) == 2


@pytest.mark.parametrize("name", ["t.xlsx", "t", "csv"])
def test_another_suffix_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"must end in \.csv or \.parquet"):
        TableWriter(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_parquet_without_pyarrow_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=r"pip install 'avowal\[parquet\]'"):
        TableWriter(tmp_path / "t.parquet")
    assert list(tmp_path.iterdir()) == []
