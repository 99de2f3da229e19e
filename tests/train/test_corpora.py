"""`avowal.train.corpora`: where corpora lie, and which articles are held back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avowal.data.errors import FormatError
from avowal.data.jsonl import write_article
from avowal.data.records import Article, Span, Statement
from avowal.train.corpora import data_folder, find_corpus, held_back, read_articles, read_news

TEXT = "Ana Belu said no."


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and no setting of the person who runs the tests."""
    monkeypatch.delenv("AVOWAL_DATA", raising=False)
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def test_the_folder_given_goes_before_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("given", "named"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("AVOWAL_DATA", str(tmp_path / "named"))
    assert data_folder() == tmp_path / "named"
    assert data_folder(tmp_path / "given") == tmp_path / "given"


def test_without_a_folder_the_remedy_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"AVOWAL_DATA.*fetch_corpora\.py"):
        data_folder()
    with pytest.raises(FileNotFoundError, match="nowhere is not a folder of corpora"):
        data_folder(tmp_path / "nowhere")


def test_a_corpus_as_it_stands_goes_before_the_data_folder(tmp_path: Path, elsewhere: Path) -> None:
    data = tmp_path / "data"
    for place in (data / "part", data / "other", elsewhere / "part"):
        place.mkdir(parents=True)
    assert find_corpus("part", data).resolve() == elsewhere / "part"
    assert find_corpus("other", data) == data / "other"
    assert find_corpus(str(elsewhere / "part")) == elsewhere / "part"
    with pytest.raises(FileNotFoundError, match=r"no corpus at missing or .*data/missing"):
        find_corpus("missing", data)
    with pytest.raises(FileNotFoundError, match="no corpus at missing, and no folder of corpora"):
        find_corpus("missing")


def test_brat_folders_and_jsonl_files_are_read_in_the_order_given(tmp_path: Path) -> None:
    brat = tmp_path / "data" / "brat"
    for name, suffix, content in (
        ("text/b", ".txt", TEXT),
        (
            "attributions/b_x",
            ".ann",
            "T1\tSource 0 8\tAna Belu\nT2\tCue 9 13\tsaid\nT3\tContent 14 16\tno\n"
            "T4\tAttribution 9 13\tsaid\nE1\tAttribution:T4 Source:T1 Cue:T2 Content:T3\n",
        ),
    ):
        (brat / name).parent.mkdir(parents=True, exist_ok=True)
        (brat / f"{name}{suffix}").write_text(content, encoding="utf-8")
    said = Statement(Span(0, 8, "Ana Belu"), Span(9, 13, "said"), (Span(14, 16, "no"),))
    own = tmp_path / "own.jsonl"
    with own.open("w", encoding="utf-8") as handle:
        write_article(Article("c", TEXT, statements=(said,)), handle)
    read = list(read_articles([str(own), "brat"], tmp_path / "data"))
    assert [article.id for article in read] == ["c", "b"]
    assert [article.text for article in read] == [TEXT, TEXT]
    for article in read:
        [found] = article.statements
        assert (found.source, found.cue, found.content) == (said.source, said.cue, said.content)


def test_the_ending_of_a_jsonl_file_may_be_left_out(elsewhere: Path) -> None:
    path = elsewhere / "own.jsonl"
    path.write_text("", encoding="utf-8")
    assert find_corpus("own").resolve() == path
    (elsewhere / "own").mkdir()
    assert find_corpus("own").resolve() == elsewhere / "own"


def test_news_labels_are_put_on_the_sentences_of_their_documents(tmp_path: Path) -> None:
    brat = tmp_path / "data" / "polnear" / "train"
    for name in ("text", "attributions"):
        (brat / name).mkdir(parents=True)
    for name, text in (("a", "It rained. Ana Belu said no. It rained."), ("b", "Nothing.")):
        (brat / "text" / f"{name}.txt").write_text(text, encoding="utf-8")
        (brat / "attributions" / f"{name}_x.ann").write_text("", encoding="utf-8")
    table = tmp_path / "news.tsv"
    table.write_text(
        "document\tstart\tend\tthreat\tsanction\tannotator\tpart\n"
        "polnear/train/a\t11\t28\t1\t0\tA\ttrain\n"
        "polnear/train/b\t0\t8\t0\t0\tA\trandom\n",
        encoding="utf-8",
    )
    [article] = read_news(str(table), tmp_path / "data")
    assert [(article.text[s.start : s.end], s.threat) for s in article.sentences] == [
        ("It rained.", None),
        ("Ana Belu said no.", 1.0),
    ]
    [other] = read_news(str(table), tmp_path / "data", "random")
    assert [(s.threat, s.sanction) for s in other.sentences] == [(0.0, 0.0)]


def test_a_malformed_corpus_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text('{"id": "a", "text": "x"}\n{"id": \n', encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        list(read_articles([str(path)]))
    assert (caught.value.path, caught.value.line) == (path, 2)


@given(name=st.text(), low=st.floats(0, 1), high=st.floats(0, 1))
def test_a_larger_share_holds_back_the_same_articles_and_more(
    name: str, low: float, high: float
) -> None:
    low, high = sorted((low, high))
    assert held_back(name, low) <= held_back(name, high)
    assert held_back(name, 0) is False
    assert held_back(name, 1) is True


def test_the_share_held_back_is_about_that_asked_for() -> None:
    names = [f"article-{number}" for number in range(4000)]
    assert 0.04 < sum(held_back(name, 0.05) for name in names) / len(names) < 0.06
    assert 0.27 < sum(held_back(name, 0.3) for name in names) / len(names) < 0.33


def test_the_part_held_back_never_changes() -> None:
    """Figures on it are compared from one release to the next."""
    names = [f"article-{number}" for number in range(200)]
    assert [name for name in names if held_back(name, 0.02)] == ["article-164", "article-178"]
