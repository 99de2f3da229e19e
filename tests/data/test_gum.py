from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from avowal.data.errors import FormatError
from avowal.data.gum import read_gum
from avowal.data.records import Article


def token(id_: str | int, form: str, misc: str = "_") -> str:
    return "\t".join([str(id_), form, *"_______", misc])


def write(folder: Path, lines: list[str], name: str = "GUM_news_test", newline: str = "\n") -> Path:
    path = folder / "dep" / f"{name}.conllu"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(newline.join(lines).encode())
    return path


def read_one(folder: Path, lines: list[str]) -> Article:
    write(folder, lines)
    (article,) = read_gum(folder)
    return article


HEADLINE = ["# newpar", "# newpar_block = head (1 s)", "# text = Talks fail", token(1, "Talks"), ""]
HEADLINE.insert(4, token(2, "fail"))


def test_spaces_follow_the_tokens(tmp_path: Path) -> None:
    article = read_one(
        tmp_path,
        [
            "# newdoc id = GUM_news_talks",
            *HEADLINE,
            "# newpar",
            "# text = “It's over.”",
            token(1, "“", "SpaceAfter=No"),
            token("2-3", "It's"),
            token(2, "It"),
            token(3, "'s"),
            token(4, "over", "Entity=(1)|SpaceAfter=No"),
            token(5, ".", "SpaceAfter=No"),
            token(6, "”"),
            "",
            "# text = So they said",
            token(1, "So"),
            token(2, "they"),
            token("2.1", "elided"),
            token(3, "said", "SpaceAfter=No"),
            "",
            token(1, "…"),
            "",
        ],
    )
    assert article.id == "GUM_news_talks"
    assert article.text == "Talks fail\n\n“It's over.” So they said…"
    pieces = [article.text[sentence.start : sentence.end] for sentence in article.sentences]
    assert pieces == ["Talks fail", "“It's over.”", "So they said", "…"]
    assert article.meta == {"genre": "news"}


def test_multiword_token_without_a_space_after_it(tmp_path: Path) -> None:
    lines = [token("1-2", "don't", "SpaceAfter=No"), token(1, "do"), token(2, "n't"), token(3, "!")]
    assert read_one(tmp_path, lines).text == "don't!"


def test_windows_line_ends_and_no_last_newline(tmp_path: Path) -> None:
    write(tmp_path, [*HEADLINE, token(1, "Yes")], newline="\r\n")
    (article,) = read_gum(tmp_path)
    assert article.text == "Talks fail Yes"


def test_several_documents_in_a_file_and_the_files_in_order(tmp_path: Path) -> None:
    write(tmp_path, ["# newdoc id = GUM_bio_b", token(1, "B"), "", "# newdoc", token(1, "C")], "b")
    write(tmp_path, [token(1, "A")], "a")
    assert [(article.id, article.text) for article in read_gum(tmp_path)] == [
        ("a", "A"),
        ("GUM_bio_b", "B"),
        ("b", "C"),
    ]


def test_split_and_genre(tmp_path: Path) -> None:
    (tmp_path / "splits.md").write_text("# Splits\n\n## dev\n\n  * GUM_news_test\n\n## train\n")
    assert read_one(tmp_path, HEADLINE).meta == {"split": "dev", "genre": "news"}


def test_missing_folder_is_named_at_the_call(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere.*--data-dir"):
        read_gum(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("lines", "number", "reason"),
    [
        ([*HEADLINE, "1\tword"], 7, "2 columns"),
        ([*HEADLINE, token("one", "word")], 7, "not a token id"),
        ([token(1, "a"), token(3, "b")], 2, "token id 3 after 1"),
        ([token(1, " ")], 1, "white space"),
        ([token("1-1", "a"), token(1, "a")], 1, "not a range"),
        ([token("1-3", "abc"), token(1, "a"), token("2-3", "bc")], 3, "not a range"),
        ([token("1-3", "abc"), token(1, "a"), token(2, "b"), ""], 3, "within a multiword token"),
        ([token(1, "a"), "# text = a", token(2, "b")], 2, "a comment among the tokens"),
        (["# text = a b", token(1, "a", "SpaceAfter=No"), token(2, "b"), ""], 1, "make 'ab'"),
    ],
)
def test_malformed_lines(tmp_path: Path, lines: list[str], number: int, reason: str) -> None:
    path = write(tmp_path, lines)
    with pytest.raises(FormatError, match=reason) as caught:
        list(read_gum(tmp_path))
    assert (caught.value.path, caught.value.line) == (path, number)
    assert str(caught.value) == f"{path}:{number}: {caught.value.reason}"


def test_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    path = write(tmp_path, HEADLINE)
    path.write_bytes(path.read_bytes() + b"# caf\xe9\n")
    with pytest.raises(FormatError, match="not UTF-8") as caught:
        list(read_gum(tmp_path))
    assert caught.value.line == 6


def test_format_error_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(FormatError(Path("a.conllu"), 3, "bad")))
    assert str(error) == "a.conllu:3: bad"
    assert (error.path, error.line, error.reason) == (Path("a.conllu"), 3, "bad")


@pytest.mark.parametrize(
    ("name", "articles", "sentences", "splits"),
    [
        ("gum-news", 22, 680, {"train": 20, "dev": 2}),
        ("gum-more", 74, 3465, {"train": 64, "dev": 10}),
    ],
)
def test_the_corpus(
    corpus: Callable[[str], Path],
    name: str,
    articles: int,
    sentences: int,
    splits: dict[str, int],
) -> None:
    read = list(read_gum(corpus(name)))
    assert len(read) == articles
    assert sum(len(article.sentences) for article in read) == sentences
    assert Counter(article.meta["split"] for article in read) == splits
    for article in read:
        end = 0
        for sentence in article.sentences:
            assert article.text[end : sentence.start] in ("", " ", "\n\n")
            piece = article.text[sentence.start : sentence.end]
            assert piece
            assert piece == piece.strip()
            assert "\n" not in piece
            end = sentence.end
        assert end == len(article.text)
