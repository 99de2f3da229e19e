"""`avowal.data.documents`: compressed files, patterns, standard input, and ids by the million."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avowal.data.documents import Document, DocumentError, read_documents
from avowal.data.seen_ids import SeenIds

ROWS = [{"id": f"n{number}", "text": f"Ana said no, {number} times.\r\n"} for number in range(2000)]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()


def zstandard() -> Any:
    return pytest.importorskip(
        "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
    )


def compressed(kind: str) -> bytes:
    return gzip.compress(LINES) if kind == "gz" else zstandard().compress(LINES)


def ids(*paths: str | Path) -> list[str]:
    items = list(read_documents(paths))
    assert [item for item in items if isinstance(item, DocumentError)] == []
    return [item.id for item in items if isinstance(item, Document)]


# --- compressed JSONL -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_compressed_rows_are_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"rows.jsonl.{kind}"
    path.write_bytes(compressed(kind))
    (tmp_path / "other.gz").write_bytes(b"not asked for")
    items = list(read_documents(tmp_path))
    assert items == [Document(row["id"], row["text"]) for row in ROWS]
    assert items[2].path == f"{path}:3"


@pytest.mark.parametrize("kind", ["gz", "zst"])
def test_parts_that_were_joined_are_read_to_the_end(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"rows.jsonl.{kind}"
    path.write_bytes(compressed(kind) + compressed(kind))
    assert len([item for item in read_documents(path) if isinstance(item, DocumentError)]) == 2000


@pytest.mark.parametrize("kind", ["gz", "zst"])
@pytest.mark.parametrize("damage", ["cut off", "not compressed"])
def test_damage_is_named_and_what_stands_before_it_is_read(
    tmp_path: Path, kind: str, damage: str
) -> None:
    raw = compressed(kind)
    path = tmp_path / f"rows.jsonl.{kind}"
    path.write_bytes(raw[: len(raw) // 2] if damage == "cut off" else LINES)
    *rows, error = read_documents(path)
    assert rows == [Document(row["id"], row["text"]) for row in ROWS[: len(rows)]]
    assert isinstance(error, DocumentError)
    assert error.path == str(path)
    assert "damaged or cut off" in error.reason


def test_zstandard_without_its_package_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rows.jsonl.zst"
    path.write_bytes(compressed("zst"))
    monkeypatch.setitem(sys.modules, "compression.zstd", None)
    monkeypatch.setitem(sys.modules, "backports.zstd", None)
    [error] = read_documents(path)
    assert isinstance(error, DocumentError)
    assert error.reason == "Zstandard needs a package: pip install 'avowal[zstd]'"


# --- patterns -------------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (
        "a.txt",
        "b.md",
        "x/a.txt",
        "x/y/c.txt",
        "x/.hidden/d.txt",
        "x/y/.e.txt",
        "x/f.log",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Ana said no.")
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.txt", ["a.txt"]),
        ("**/*.txt", ["a.txt", "x/a.txt", "x/y/c.txt"]),
        ("x/**/*.txt", ["a.txt", "y/c.txt"]),
        ("?/[a-z].txt", ["x/a.txt"]),
        ("x*", ["x/a.txt", "x/y/c.txt"]),
        ("*", ["a.txt", "b.md", "x/a.txt", "x/y/c.txt"]),
    ],
)
def test_a_pattern_finds_files_with_ids_below_its_fixed_part(
    tree: Path, pattern: str, expected: list[str]
) -> None:
    assert ids(tree / pattern) == expected


def test_a_relative_pattern(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    assert ids("**/*.txt") == ["a.txt", "x/a.txt", "x/y/c.txt"]


def test_a_pattern_that_finds_nothing(tree: Path) -> None:
    [error] = read_documents(tree / "*.csv")
    assert isinstance(error, DocumentError)
    assert error.path == str(tree / "*.csv")
    assert error.reason.startswith("no article matches this pattern; it must find files ending in")


def test_a_pattern_that_is_none(tree: Path) -> None:
    [error] = read_documents(tree / "a**b" / "c")
    assert isinstance(error, DocumentError)
    assert "check the pattern" in error.reason or "no article matches" in error.reason


def test_a_file_with_a_wildcard_in_its_name_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "[a].txt").write_text("Ana said no.")
    (tmp_path / "a.txt").write_text("Bo said yes.")
    assert ids(tmp_path / "[a].txt") == ["[a].txt"]


# --- standard input -------------------------------------------------------------------------


class Input:
    """What `sys.stdin` is in a program: text, with the bytes behind it."""

    def __init__(self, raw: bytes) -> None:
        self.buffer = io.BytesIO(raw)


def test_standard_input_is_jsonl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("Bo said yes.")
    monkeypatch.setattr(sys, "stdin", Input(b'{"text": "Ana said no."}\nno JSON\n'))
    file, row, error = read_documents(["-", tmp_path / "a.txt"])
    assert file == Document("a.txt", "Bo said yes.")
    assert row == Document("-:1", "Ana said no.")
    assert isinstance(error, DocumentError)
    assert error.path == "-:2"


def test_empty_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Input(b""))
    [error] = read_documents("-")
    assert str(error) == "-: the file is empty; remove it or give it articles"


# --- ids ------------------------------------------------------------------------------------


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=3), max_size=300))
def test_an_id_is_new_once(names: list[str]) -> None:
    seen = SeenIds()
    known: set[str] = set()
    for name in names:
        assert seen.add(name) == (name not in known)
        known.add(name)


def test_a_hundred_thousand_ids_are_told_apart() -> None:
    seen = SeenIds()
    assert all(seen.add(f"articles/{number}.txt") for number in range(100_000))
    assert not any(seen.add(f"articles/{number}.txt") for number in range(0, 100_000, 997))
