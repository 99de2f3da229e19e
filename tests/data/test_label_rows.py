"""`avowal.data.label_rows`: labels of sentences whose text is elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from avowal.data.errors import FormatError
from avowal.data.label_rows import (
    Labels,
    NewsLabels,
    is_news_labels,
    read_news_labels,
    read_plv_labels,
    with_labels,
)
from avowal.data.records import Article

NEWS = "document\tstart\tend\tthreat\tsanction\tannotator\tpart"
PLV = "sentence_id\tthreat\tsanction\tannotator"


def table(folder: Path, *lines: str) -> Path:
    path = folder / "labels.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for piece in text.split(" | "):
        yield start, start + len(piece)
        start += len(piece) + 3


def test_rows_are_read_as_they_stand(tmp_path: Path) -> None:
    path = table(tmp_path, NEWS, "a/b/x\t0\t5\t1\t0\tK\trandom", "a/b/y\t7\t9\t0\t1\tL\ttrain")
    assert read_news_labels(path) == [
        NewsLabels("a/b/x", 0, 5, Labels(1.0, 0.0), "K", "random"),
        NewsLabels("a/b/y", 7, 9, Labels(0.0, 1.0), "L", "train"),
    ]
    assert is_news_labels(path)
    path = table(tmp_path, PLV, "12_a\t0\t1\tK")
    assert read_plv_labels(path) == {"12_a": Labels(0.0, 1.0)}
    assert not is_news_labels(path)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["document\tstart"], r":1: the columns are not document, start"),
        ([NEWS, "x\t0\t5\t1\t0\tK"], r":2: 6 fields where 7"),
        ([NEWS, "x\t0\t5\t1\t0\tK\ttrain", "x\ta\t5\t1\t0\tK\ttrain"], r":3: start and end"),
        ([NEWS, "x\t5\t5\t1\t0\tK\ttrain"], r":2: \\[5, 5\\) is not a span"),
        ([NEWS, "x\t0\t5\t2\t0\tK\ttrain"], r":2: threat and sanction are 0 or 1"),
        (
            [NEWS, *["x\t0\t5\t1\t0\tK\ttrain", "y\t0\t5\t1\t0\tK\ttrain"] * 2],
            r":4: x \[0, 5\) is labelled on line 2 already",
        ),
    ],
)
def test_a_malformed_line_names_file_line_and_reason(
    tmp_path: Path, lines: list[str], reason: str
) -> None:
    with pytest.raises(FormatError, match=r"labels\.tsv" + reason.replace("\\\\", "\\")):
        read_news_labels(table(tmp_path, *lines))


def test_a_sentence_may_have_a_label_of_each_annotator_and_part(tmp_path: Path) -> None:
    keys = [("K", "train"), ("L", "train"), ("K", "random")]
    lines = [f"x\t0\t5\t1\t0\t{annotator}\t{part}" for annotator, part in keys]
    rows = read_news_labels(table(tmp_path, NEWS, *lines))
    assert [(row.annotator, row.part) for row in rows] == keys


def test_an_id_that_is_labelled_twice_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path, PLV, "12_a\t0\t1\tK", "12_b\t0\t1\tK", "12_a\t1\t1\tK")
    with pytest.raises(FormatError, match=r"labels\.tsv:4: 12_a is labelled on line 2 already"):
        read_plv_labels(path)


def test_a_byte_order_mark_is_no_part_of_the_table(tmp_path: Path) -> None:
    path = table(tmp_path, f"\ufeff{NEWS}", "x\t0\t5\t1\t0\tK\ttrain")
    assert is_news_labels(path)
    assert [row.document for row in read_news_labels(path)] == ["x"]
    path = table(tmp_path, f"\ufeff{PLV}", "12_a\t0\t1\tK")
    assert not is_news_labels(path)
    assert read_plv_labels(path) == {"12_a": Labels(0.0, 1.0)}


def row(start: int, end: int, threat: float, document: str = "d") -> NewsLabels:
    return NewsLabels(document, start, end, Labels(threat, 0.0), "K", "train")


def test_a_document_has_its_labelled_sentences_and_what_stands_before_them() -> None:
    text = "A. | B. | C. | D. | E. | F."
    [article] = with_labels([row(20, 22, 1.0)], {"d": Article("d", text)}, sentences)
    assert [(text[s.start : s.end], s.threat, s.sanction) for s in article.sentences] == [
        ("B.", None, None),
        ("C.", None, None),
        ("D.", None, None),
        ("E.", 1.0, 0.0),
    ]


def test_a_sentence_stands_as_it_was_labelled_though_a_splitter_ends_it_elsewhere() -> None:
    text = "One. | Two two. | Three."
    [article] = with_labels([row(7, 10, 0.0)], {"d": Article("d", text)}, sentences)
    assert [text[s.start : s.end] for s in article.sentences] == ["One.", "Two"]


def test_two_labels_of_one_sentence_are_not_chosen_between() -> None:
    with pytest.raises(ValueError, match=r"d \[0, 4\) is labelled twice"):
        with_labels([row(0, 4, 0.0), row(0, 4, 1.0)], {"d": Article("d", "One.")}, sentences)


def test_another_corpus_than_the_labelled_one_is_refused() -> None:
    with pytest.raises(ValueError, match="no document d"):
        with_labels([row(0, 4, 0.0)], {}, sentences)
    with pytest.raises(ValueError, match="d is shorter than its labels"):
        with_labels([row(0, 40, 0.0)], {"d": Article("d", "One.")}, sentences)
