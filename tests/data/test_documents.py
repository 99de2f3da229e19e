"""`avowal.data.documents`: what is read, with which ids, and what each bad input says."""

from __future__ import annotations

import csv
import json
import os
import sys
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avowal.data.documents import Document, DocumentError, read_documents

ARTICLE = "The minister said:\r\n“We will answer.”\n"
# what a text file can hold: no half pairs, and no NUL, which marks a binary file
FILE_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
FULL_TEXT = FILE_TEXT.filter(lambda text: bool(text.strip()))


def documents(*paths: Path, text_column: str = "text", id_column: str = "id") -> list[Document]:
    """The documents at `paths`, where nothing else may be."""
    items = list(read_documents(paths, text_column=text_column, id_column=id_column))
    assert [item for item in items if isinstance(item, DocumentError)] == []
    return [item for item in items if isinstance(item, Document)]


def ids(*paths: Path) -> list[str]:
    return [document.id for document in documents(*paths)]


def the_error(path: Path) -> DocumentError:
    """The one thing that comes out of `path`, which must be an error."""
    (item,) = read_documents([path])
    assert isinstance(item, DocumentError)
    return item


def write(path: Path, content: str | bytes = ARTICLE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def write_csv(path: Path, rows: Iterable[Iterable[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(rows)
    return path


def write_parquet(path: Path, columns: dict[str, list[object]]) -> Path:
    pyarrow = pytest.importorskip("pyarrow.parquet")
    pyarrow.write_table(pytest.importorskip("pyarrow").table(columns), path)
    return path


# --- files and ids ---------------------------------------------------------------------------


def test_a_folder_is_read_whole_in_order_without_hidden_or_other_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/B.TXT", ".hidden.txt", ".git/x.txt", "a/photo.jpg", "c.txt"):
        write(tmp_path / name)
    assert ids(tmp_path) == ["a/B.TXT", "a/z.md", "b.txt", "c.txt"]


def test_the_id_of_a_file_given_is_its_name(tmp_path: Path) -> None:
    assert documents(write(tmp_path / "deep" / "a.txt")) == [Document("a.txt", ARTICLE)]


def test_one_path_may_be_given_without_a_list(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    assert list(read_documents(str(path))) == [Document("a.txt", ARTICLE)]


def test_folders_without_a_clash_keep_short_ids(tmp_path: Path) -> None:
    write(tmp_path / "one" / "a.txt")
    write(tmp_path / "two" / "b.txt")
    assert ids(tmp_path / "one", tmp_path / "two") == ["a.txt", "b.txt"]


def test_folders_that_clash_are_told_apart_by_their_names(tmp_path: Path) -> None:
    for name in ("one/a.txt", "one/b.txt", "two/a.txt", "three/c.txt"):
        write(tmp_path / name)
    found = ids(tmp_path / "one", tmp_path / "two", tmp_path / "three")
    assert found == ["one/a.txt", "one/b.txt", "two/a.txt", "c.txt"]


def test_folders_of_one_name_are_told_apart_by_the_folders_around_them(tmp_path: Path) -> None:
    for year in ("2020", "2021"):
        write(tmp_path / year / "news" / "a.txt", year)
    found = documents(tmp_path / "2020" / "news", tmp_path / "2021" / "news")
    assert found == [Document("2020/news/a.txt", "2020"), Document("2021/news/a.txt", "2021")]


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    found = ids(write(tmp_path / "x" / "a.txt"), write(tmp_path / "y" / "a.txt"))
    assert found == ["x/a.txt", "y/a.txt"]


def test_a_file_that_two_paths_reach_is_read_once(tmp_path: Path) -> None:
    write(tmp_path / "sub" / "a.txt")
    assert ids(tmp_path, tmp_path / "sub", tmp_path / "sub" / "a.txt") == ["sub/a.txt"]


def test_a_link_back_to_an_enclosing_folder_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "sub" / "a.txt")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    assert ids(tmp_path) == ["sub/a.txt"]


def test_a_linked_folder_is_read(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "a.txt")
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "link").symlink_to(tmp_path / "elsewhere")
    assert ids(tmp_path / "given") == ["link/a.txt"]


def test_files_are_read_only_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "b.txt"):
        write(tmp_path / name, name)
    read: list[str] = []
    read_bytes = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path.name)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    stream = read_documents([tmp_path])
    assert next(stream) == Document("a.txt", "a.txt")
    assert read == ["a.txt"]
    assert next(stream) == Document("b.txt", "b.txt")
    assert read == ["a.txt", "b.txt"]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_rows_are_not_all_held_in_memory(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"rows{suffix}"
    rows, text = 100, "said " * 20_000
    if suffix == ".csv":
        write_csv(path, [["text"], *([text] for _ in range(rows))])
    else:
        write(path, (json.dumps({"text": text}) + "\n") * rows)
    tracemalloc.start()
    try:
        read = sum(isinstance(item, Document) for item in read_documents([path]))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert read == rows
    assert peak < rows * len(text) / 4


# --- text as decoded -------------------------------------------------------------------------


@settings(deadline=None, max_examples=50)
@given(text=FULL_TEXT, suffix=st.sampled_from([".txt", ".md"]))
def test_text_is_kept_as_decoded(
    tmp_path_factory: pytest.TempPathFactory, text: str, suffix: str
) -> None:
    path = write(tmp_path_factory.getbasetemp() / f"kept{suffix}", text)
    assert documents(path) == [Document(path.name, text.removeprefix("\ufeff"))]


@settings(deadline=None, max_examples=50)
@given(content=st.binary(), suffix=st.sampled_from([".txt", ".jsonl", ".csv"]))
def test_any_bytes_give_documents_or_errors(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
) -> None:
    path = write(tmp_path_factory.getbasetemp() / f"any{suffix}", content)
    for item in read_documents([path]):
        if isinstance(item, DocumentError):
            assert item.path.startswith(str(path))
            assert "; " in item.reason
        else:
            assert item.text.strip()
            assert item.text in content.decode()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("one\r\ntwo\rthree\n\n  four  \r\n", id="line ends and edges"),
        pytest.param("He said so. " * 170_000, id="2 million characters in one line"),
        pytest.param("a\u2028b\x0bc\x85d\ufeffe", id="separators that are no line ends"),
    ],
)
@pytest.mark.parametrize("suffix", [".txt", ".jsonl", ".csv", ".parquet"])
def test_long_and_odd_texts_pass_unchanged(tmp_path: Path, text: str, suffix: str) -> None:
    path = tmp_path / f"odd{suffix}"
    match suffix:
        case ".txt":
            write(path, text)
        case ".jsonl":
            write(path, json.dumps({"text": text}, ensure_ascii=False))
        case ".csv":
            write_csv(path, [["text"], [text]])
        case _:
            write_parquet(path, {"text": [text]})
    (document,) = documents(path)
    assert document.text == text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", ARTICLE),
        ("a.jsonl", json.dumps({"text": ARTICLE})),
        ("a.csv", f'text\n"{ARTICLE}"\n'),
    ],
)
def test_a_byte_order_mark_is_dropped(tmp_path: Path, name: str, content: str) -> None:
    (document,) = documents(write(tmp_path / name, "\ufeff" + content))
    assert document.text == ARTICLE


@pytest.mark.parametrize("suffix", [".html", ".htm"])
def test_the_main_text_of_a_page_is_taken(tmp_path: Path, suffix: str) -> None:
    paragraphs = [
        f"On day {day} the minister said that he would go to the capital and talk for as long as "
        "it takes. “We stay & wait,” she told reporters."
        for day in (1, 2)
    ]
    page = (
        "<html><head><title>T</title><script>var x;</script></head><body>"
        "<nav><a href='/'>Home</a></nav><article><p>"
        + "</p><p>".join(paragraphs).replace("&", "&amp;")
        + "</p></article><div class='comments'><p>A reader: nonsense!</p></div></body></html>"
    )
    (document,) = documents(write(tmp_path / f"page{suffix}", page))
    assert document.text == "\n".join(paragraphs)


# --- rows ------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=50)
@given(texts=st.lists(FULL_TEXT, min_size=1, max_size=5))
def test_jsonl_rows_are_kept(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    lines = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)
    path = write(tmp_path_factory.getbasetemp() / "rows.jsonl", lines)
    expected = [Document(f"rows.jsonl:{line}", text) for line, text in enumerate(texts, start=1)]
    assert documents(path) == expected


@settings(deadline=None, max_examples=50)
@given(rows=st.dictionaries(FULL_TEXT, FULL_TEXT, min_size=1, max_size=5))
def test_csv_rows_are_kept(tmp_path_factory: pytest.TempPathFactory, rows: dict[str, str]) -> None:
    path = tmp_path_factory.getbasetemp() / "rows.csv"
    write_csv(path, [["note", "id", "text"], *(["", key, text] for key, text in rows.items())])
    assert documents(path) == [Document(key, text) for key, text in rows.items()]


@settings(deadline=None, max_examples=50)
@given(rows=st.dictionaries(FULL_TEXT, FULL_TEXT, min_size=1, max_size=5))
def test_parquet_rows_are_kept(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[str, str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "rows.parquet"
    write_parquet(path, {"id": list(rows), "text": list(rows.values())})
    assert documents(path) == [Document(key, text) for key, text in rows.items()]


def test_parquet_rows_beyond_a_batch_are_numbered_on(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "many.parquet", {"text": [f"text {i}" for i in range(1000)]})
    found = documents(path)
    assert len(found) == 1000
    assert found[-1] == Document("many.parquet:1000", "text 999")


def test_ids_of_rows_are_columns_or_lines(tmp_path: Path) -> None:
    write(
        tmp_path / "sub" / "rows.jsonl",
        '{"id": "own", "text": "a"}\n\n{"text": "b"}\n{"id": null, "text": "c"}\n'
        '{"id": "", "text": "d"}\n{"id": " ", "text": "e"}\n{"id": 12, "text": "f"}\n',
    )
    found = ids(tmp_path)
    assert found == [
        "own",
        "sub/rows.jsonl:3",
        "sub/rows.jsonl:4",
        "sub/rows.jsonl:5",
        "sub/rows.jsonl:6",
        "12",
    ]


def test_a_csv_row_is_named_by_the_line_it_starts_on(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'id,text\r\n,"one\r\ntwo"\r\n\r\n,three\r\n')
    assert ids(path) == ["a.csv:2", "a.csv:5"]


def test_csv_rows_may_end_in_carriage_returns_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "mac.csv", 'id,text\rx,"one\rtwo"\ry,three\r')
    assert documents(path) == [Document("x", "one\rtwo"), Document("y", "three")]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_columns_can_be_named(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"named{suffix}"
    row = {"body": "He said so.", "key": "k1", "text": "no", "id": "no"}
    match suffix:
        case ".jsonl":
            write(path, json.dumps(row))
        case ".csv":
            write_csv(path, [row.keys(), row.values()])
        case _:
            write_parquet(path, {name: [value] for name, value in row.items()})
    found = documents(path, text_column="body", id_column="key")
    assert found == [Document("k1", "He said so.")]


# --- bad input -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "the file is empty"),
        ("empty.csv", b"", "the file is empty"),
        ("empty.parquet", b"", "the file is empty"),
        ("blank.txt", b" \r\n\t\xc2\xa0", "empty but for whitespace"),
        ("blank.md", b"\xef\xbb\xbf\n", "empty but for whitespace"),
        ("blank.html", b"\n", "empty but for whitespace"),
        ("blank.jsonl", b"\n \r\n", "the file is empty"),
        ("blank.csv", b"\n,,\n", "the file is empty"),
        ("header.csv", b"id,text\n", "a header and no row"),
        ("binary.txt", b"PK\x03\x04 ab\0cd", "a binary file (NUL byte at offset 7)"),
        ("binary.html", b"<p>\0", "a binary file (NUL byte at offset 3)"),
        ("wide.txt", "said".encode("utf-16"), "UTF-16, not UTF-8"),
        ("wide.jsonl", '{"text": "a"}\n'.encode("utf-16"), "UTF-16, not UTF-8"),
        ("latin.txt", "a café".encode("latin-1"), "not UTF-8 (byte 0xe9 at offset 5)"),
        ("marked.txt", b"\xef\xbb\xbfcaf\xe9", "not UTF-8 (byte 0xe9 at offset 6)"),
        ("cut.txt", "é".encode()[:1], "not UTF-8 (byte 0xc3 at offset 0)"),
        ("page.html", b"<html><body></body></html>", "no main text"),
        ("columns.csv", b"id;body\nx;y\n", "no column 'text', only 'id;body'"),
        ("two.csv", b"key,body\nx,y\n", "no column 'text', only 'key', 'body'"),
        ("other.parquet", b"not parquet at all", "not a readable Parquet file"),
        ("notes.docx", b"text", "unknown suffix '.docx'"),
        ("README", b"text", "unknown suffix ''"),
    ],
)
def test_a_bad_file_says_why_and_what_to_do(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = write(tmp_path / name, content)
    error = the_error(path)
    assert error.path.removesuffix(":1") == str(path)
    assert reason in error.reason
    assert "; " in error.reason
    assert str(error) == f"{error.path}: {error.reason}"


JSONL_ROWS = [
    ("{'text': 'a'}", "not JSON"),
    ('{"text": "a"', "not JSON"),
    ("[" * 100_000, "not JSON"),
    ('["a"]', "a JSON list, not an object"),
    ("null", "a JSON null, not an object"),
    ('{"id": "x", "body": "a"}', "no text: no field 'text', only 'id', 'body'"),
    ("{}", "no text: no field 'text', only none"),
    ('{"text": null}', "no text: 'text' is null"),
    ('{"text": " \\n"}', "no text: 'text' is empty"),
    ('{"text": ["a"]}', "'text' is of type list"),
    ('{"text": 5}', "'text' is of type int"),
    ('{"text": "a \\ud83d b"}', "'text' holds half of a surrogate pair"),
    ('{"id": "\\udc00", "text": "a"}', "'id' holds half of a surrogate pair"),
    ('{"id": 1.5, "text": "a"}', "'id' is of type float"),
    ('{"id": true, "text": "a"}', "'id' is of type bool"),
]


@pytest.mark.parametrize(("line", "reason"), JSONL_ROWS)
def test_a_bad_jsonl_row_leaves_the_rest(tmp_path: Path, line: str, reason: str) -> None:
    path = write(tmp_path / "a.jsonl", f'{{"text": "before"}}\n{line}\n{{"text": "after"}}')
    before, error, after = read_documents([path])
    assert before == Document("a.jsonl:1", "before")
    assert after == Document("a.jsonl:3", "after")
    assert isinstance(error, DocumentError)
    assert error.path == f"{path}:2"
    assert reason in error.reason
    assert "; " in error.reason


def test_a_pair_of_surrogates_is_one_character(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"text": "\\ud83d\\ude00"}')
    assert documents(path) == [Document("a.jsonl:1", "😀")]


def test_a_jsonl_row_that_is_not_utf8_leaves_the_rest(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", b'{"text": "a"}\n{"text": "\xe9"}\n{"text": "b"}\n')
    first, error, last = read_documents([path])
    assert (first, last) == (Document("a.jsonl:1", "a"), Document("a.jsonl:3", "b"))
    assert isinstance(error, DocumentError)
    assert error.path == f"{path}:2"
    assert "byte 0xe9 at offset 24" in error.reason


def test_a_csv_row_with_too_many_cells_leaves_the_rest(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,text\nx,he came, he said\ny\nz,fine\n")
    long, short, good = read_documents([path])
    assert isinstance(long, DocumentError)
    assert long.path == f"{path}:2"
    assert "3 cells where the header has 2" in long.reason
    assert isinstance(short, DocumentError)
    assert short.path == f"{path}:3"
    assert "1 cells where the header has 2" in short.reason
    assert good == Document("z", "fine")


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        (b'y,"never closed\nz,c\n', "unexpected end of data"),
        (b"y,caf\xe9\n", "not UTF-8 (byte 0xe9 at offset 17)"),
        (b"y,\0\n", "a binary file (NUL byte at offset 14)"),
    ],
)
def test_a_csv_file_is_read_up_to_where_it_breaks(tmp_path: Path, rest: bytes, reason: str) -> None:
    path = write(tmp_path / "a.csv", b"id,text\nx,b\n" + rest)
    good, error = read_documents([path])
    assert good == Document("x", "b")
    assert isinstance(error, DocumentError)
    assert error.path == f"{path}:3"
    assert reason in error.reason
    assert "the rows from here on were not read" in error.reason


def test_bad_parquet_cells_leave_the_rest(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", {"id": ["x", "y"], "text": [None, "said"]})
    error, good = read_documents([path])
    assert isinstance(error, DocumentError)
    assert error.path == f"{path}:1"
    assert "no text: 'text' is null" in error.reason
    assert good == Document("y", "said")


def test_a_parquet_cell_that_is_not_utf8_leaves_the_rest(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    cells = pyarrow.array([b"caf\xe9", b"said"])
    texts = pyarrow.StringArray.from_buffers(2, *cells.buffers()[1:])
    path = write_parquet(tmp_path / "a.parquet", {"text": texts})
    error, good = read_documents([path])
    assert isinstance(error, DocumentError)
    assert "not UTF-8 (at its byte 3)" in error.reason
    assert good == Document("a.parquet:2", "said")


def test_parquet_without_the_column_or_a_row(tmp_path: Path) -> None:
    error = the_error(write_parquet(tmp_path / "a.parquet", {"id": ["x"], "body": ["y"]}))
    assert "no column 'text', only 'id', 'body'" in error.reason
    error = the_error(write_parquet(tmp_path / "b.parquet", {"text": []}))
    assert "the file has no row" in error.reason


def test_parquet_of_numbers_is_no_text(tmp_path: Path) -> None:
    error = the_error(write_parquet(tmp_path / "a.parquet", {"text": [1]}))
    assert "'text' is of type int" in error.reason


def test_parquet_without_pyarrow_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.parquet", b"PAR1")
    for module in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, module, None)
    assert "pip install 'avowal[parquet]'" in the_error(path).reason


def test_a_page_that_breaks_the_parser_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> str:
        raise AttributeError("no such node")

    monkeypatch.setattr("trafilatura.extract", breaks)
    assert "AttributeError: no such node" in the_error(write(tmp_path / "a.html")).reason


def test_a_missing_path(tmp_path: Path) -> None:
    error = the_error(tmp_path / "nowhere.txt")
    assert error.path == str(tmp_path / "nowhere.txt")
    assert "no such file or directory; check the path" in error.reason


def test_a_path_with_a_nul(tmp_path: Path) -> None:
    assert "check the path" in the_error(tmp_path / "a\0.txt").reason


def test_a_broken_link_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "nowhere")
    assert "no such file or directory" in the_error(tmp_path).reason


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "neither a file nor a folder" in the_error(tmp_path).reason


def test_a_file_name_that_is_not_utf8(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("said")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    error = the_error(tmp_path)
    assert "the name is not UTF-8" in error.reason
    assert error.path == str(tmp_path / "caf\\udce9.txt")


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.parquet"])
def test_a_file_that_may_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    write(tmp_path / name)
    refused = _refusing(Path.open, name)
    monkeypatch.setattr(Path, "open", refused)
    monkeypatch.setattr(Path, "read_bytes", _refusing(Path.read_bytes, name))
    write(tmp_path / "b.txt")
    error, good = read_documents([tmp_path])
    assert good == Document("b.txt", ARTICLE)
    assert isinstance(error, DocumentError)
    assert error.path == str(tmp_path / name)
    assert error.reason == "permission denied; make it readable for this user"


def _refusing(method: Callable[..., object], name: str) -> Callable[..., object]:
    def refusing(path: Path, *args: object, **kwargs: object) -> object:
        if path.name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return method(path, *args, **kwargs)

    return refusing


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "closed" / "a.txt")
    write(tmp_path / "open" / "b.txt")
    scandir = os.scandir

    def refusing(path: Path) -> object:
        if path.name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    error, good = read_documents([tmp_path])
    assert isinstance(error, DocumentError)
    assert error.path == str(tmp_path / "closed")
    assert "permission denied" in error.reason
    assert good == Document("open/b.txt", ARTICLE)


def test_a_folder_without_an_article(tmp_path: Path) -> None:
    write(tmp_path / "sub" / "photo.jpg")
    error = the_error(tmp_path)
    assert error.path == str(tmp_path)
    assert "no article in this folder" in error.reason
    assert ".parquet" in error.reason


def test_an_id_is_taken_once(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", '{"id": "x", "text": "one"}\n{"id": "x", "text": "two"}\n')
    write(tmp_path / "b.csv", "id,text\nx,three\ny,four\n")
    first, second, third, fourth = read_documents([tmp_path])
    assert (first, fourth) == (Document("x", "one"), Document("y", "four"))
    for error, place in ((second, "a.jsonl:2"), (third, "b.csv:2")):
        assert isinstance(error, DocumentError)
        assert error.path == str(tmp_path / place)
        assert "the id 'x' is taken" in error.reason


def test_every_bad_file_leaves_the_rest_of_a_run(tmp_path: Path) -> None:
    bad = {"b.txt": b"", "c.txt": b"\0", "d.txt": b"\xff", "e.jsonl": b"{", "f.parquet": b"x"}
    for name, content in {"a.txt": b"first", **bad, "g.txt": b"last"}.items():
        write(tmp_path / name, content)
    items = list(read_documents([tmp_path / "missing", tmp_path]))
    assert [item.id for item in items if isinstance(item, Document)] == ["a.txt", "g.txt"]
    failed = [Path(item.path).name for item in items if isinstance(item, DocumentError)]
    assert failed == ["missing", "b.txt", "c.txt", "d.txt", "e.jsonl:1", "f.parquet"]


def test_csv_limit_of_others_is_never_lowered(tmp_path: Path) -> None:
    before = csv.field_size_limit(2**31 - 1)
    try:
        documents(write(tmp_path / "a.csv", "text\nsaid\n"))
        assert csv.field_size_limit() == 2**31 - 1
    finally:
        csv.field_size_limit(before)
