"""`avowal.data.plover`: rows as they are written, and every malformed line refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from avowal.data.errors import FormatError
from avowal.data.plover import ROOTS, PloverSentence, read_plv

HEADER = "\tsentence_id\tsentence\tmarked_sentence\tsource\ttarget\tgold_penta\tgold_root"


def row(
    id_: str = "7",
    text: str = "Osteria threatened Valmark.",
    source: str = "Osteria",
    target: str = "Valmark",
    root: str = "THREATEN",
) -> str:
    return "\t".join(["", id_, text, f"<s>{source}</s>", source, target, "3", root])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "plv.tsv"


def write(path: Path, *lines: str, end: str = "\n") -> Path:
    path.write_bytes(end.join(lines).encode() + end.encode())
    return path


def test_columns_are_found_by_name(path: Path) -> None:
    assert read_plv(write(path, HEADER, row())) == [
        PloverSentence("7", "Osteria threatened Valmark.", "Osteria", "Valmark", "THREATEN")
    ]
    write(path, "gold_root\ttarget\tsource\tsentence\tsentence_id", "AID\tB\tA\tA fed B.\t1")
    assert read_plv(str(path)) == [PloverSentence("1", "A fed B.", "A", "B", "AID")]


@pytest.mark.parametrize(
    "text",
    [
        'Osteria called the envoys "nutters" and left.',
        '"We will answer," said the minister of Valmark.',
        'It ended with an open mark: "',
        '"',
        'Two ""marks"" in a row',
        "Ministerpräsident Łukáš — «нет»\u2028 \x85 😀",
        "  spaces around it  ",
        r"a backslash \t and \" stay",
    ],
)
def test_the_text_is_kept_letter_for_letter(path: Path, text: str) -> None:
    sentences = read_plv(write(path, HEADER, row(text=text), row("8")))
    assert [sentence.text for sentence in sentences] == [text, "Osteria threatened Valmark."]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_either_line_end_is_read(path: Path, end: str) -> None:
    sentences = read_plv(write(path, HEADER, row(root="AID"), row(root="YIELD"), end=end))
    assert [sentence.root for sentence in sentences] == ["AID", "YIELD"]


def test_a_byte_order_mark_a_blank_line_and_a_missing_last_line_end_do_no_harm(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEADER}\n\n{row()}".encode())
    assert len(read_plv(path)) == 1


def test_rows_of_one_sentence_keep_their_order_and_share_an_id(path: Path) -> None:
    targets = ["Valmark", "Ål", "Valmark"]
    sentences = read_plv(write(path, HEADER, *(row(target=target) for target in targets)))
    assert [sentence.target for sentence in sentences] == targets
    assert {sentence.id for sentence in sentences} == {"7"}


def test_every_root_code_is_known(path: Path) -> None:
    assert len(ROOTS) == len(set(ROOTS)) == 15
    sentences = read_plv(write(path, HEADER, *(row(root=root) for root in ROOTS)))
    assert tuple(sentence.root for sentence in sentences) == ROOTS


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row(root="PRAISE"), "'PRAISE' is not a PLOVER root code"),
        (row(root="threaten"), "'threaten' is not a PLOVER root code"),
        (row(root=""), "'' is not a PLOVER root code"),
        (row(text=""), "nothing in the column sentence"),
        (row(text="   "), "nothing in the column sentence"),
        (row(id_=""), "nothing in the column sentence_id"),
        (row(text="a\ttab"), "9 fields, where the first line names 8"),
        (row().rpartition("\t")[0], "7 fields, where the first line names 8"),
        ("a stray line", "1 fields, where the first line names 8"),
        (row(text="a NUL \0"), "binary file"),
    ],
)
def test_a_malformed_line_names_file_line_and_reason(path: Path, line: str, reason: str) -> None:
    write(path, HEADER, row(), line, row())
    with pytest.raises(FormatError) as raised:
        read_plv(path)
    assert (raised.value.path, raised.value.line) == (path, 3)
    assert reason in raised.value.reason
    assert str(raised.value).startswith(f"{path}:3: ")


def test_bytes_that_are_not_utf8_are_refused(path: Path) -> None:
    path.write_bytes(f"{HEADER}\n{row(text='Ål')}\n".encode("latin-1"))
    with pytest.raises(FormatError, match=r"plv\.tsv:2: not UTF-8"):
        read_plv(path)


@pytest.mark.parametrize("name", ["sentence_id", "sentence", "source", "target", "gold_root"])
def test_a_missing_column_is_named(path: Path, name: str) -> None:
    header = "\t".join("other" if column == name else column for column in HEADER.split("\t"))
    write(path, header, row())
    with pytest.raises(FormatError, match=rf"plv\.tsv:1: no column named {name}$"):
        read_plv(path)


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_file_is_refused(path: Path, content: str) -> None:
    path.write_text(content)
    with pytest.raises(FormatError, match="empty file"):
        read_plv(path)


def test_a_header_alone_holds_no_sentences(path: Path) -> None:
    assert read_plv(write(path, HEADER)) == []


def test_a_missing_file_is_an_error(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_plv(path)


@pytest.fixture
def plv(corpus: Callable[[str], Path]) -> Path:
    """PLV_train.tsv as its authors publish it."""
    return corpus("plover/PLV_train.tsv")


def test_the_corpus_is_read_whole(plv: Path) -> None:
    sentences = read_plv(plv)
    assert len(sentences) == 1050
    assert {sentence.root for sentence in sentences} == set(ROOTS)
    texts = {(sentence.id, sentence.text) for sentence in sentences}
    assert len(texts) == len({id_ for id_, _ in texts}) == 1044
    rows = Counter(sentence.id for sentence in sentences)
    assert sorted(count for count in rows.values() if count > 1) == [2, 6]
    assert len({(s.id, s.source, s.target) for s in sentences}) == 1050
    assert sum('"' in sentence.text for sentence in sentences) == 13
    assert all(sentence.source and sentence.target for sentence in sentences)
