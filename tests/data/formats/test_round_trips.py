"""Every format: what it can hold comes back, and what it cannot is counted."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from annotated_articles import GOLD, articles, in_order
from hypothesis import given, settings
from hypothesis import strategies as st

from avowal.data.formats.reductions import Losses, reduced
from avowal.data.formats.registry import FORMATS, Format, find_format, infer_format
from avowal.data.records import Article

every_format = pytest.mark.parametrize("format_", FORMATS.values(), ids=list(FORMATS))


def round_trip(format_: Format, given: list[Article]) -> tuple[list[Article], Losses]:
    """What a format makes of articles, in order of their ids, and what it cannot hold."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out"
        losses = format_.write(given, path)
        found = list(format_.read(path))
    return sorted(map(comparable, found), key=lambda a: a.id), losses


def comparable(article: Article) -> Article:
    return replace(article, statements=in_order(list(article.statements)))


def held(format_: Format, given: list[Article]) -> list[Article]:
    losses = Losses()
    return sorted(
        (comparable(reduced(article, format_.reductions, losses)) for article in given),
        key=lambda article: article.id,
    )


@every_format
@settings(max_examples=150, deadline=None)
@given(given_=st.lists(articles(), min_size=1, max_size=3, unique_by=lambda article: article.id))
def test_what_a_format_can_hold_comes_back(format_: Format, given_: list[Article]) -> None:
    found, _ = round_trip(format_, given_)
    assert found == held(format_, given_)


@every_format
@settings(max_examples=50, deadline=None)
@given(article=articles())
def test_what_came_back_loses_nothing_more(format_: Format, article: Article) -> None:
    once, _ = round_trip(format_, [article])
    twice, losses = round_trip(format_, once)
    assert twice == once
    assert losses == Losses()


@every_format
@settings(max_examples=50, deadline=None)
@given(article=articles())
def test_what_is_lost_is_counted(format_: Format, article: Article) -> None:
    found, losses = round_trip(format_, [article])
    assert (found == [comparable(article)]) or losses


LOST = {
    "jsonl": {},
    "labelstudio": {},
    "brat": {"facts about articles (meta)": 1},
    "doccano": {
        "speakers": 1,
        "kinds of quotation": 2,
        "threat labels of statements": 2,
        "sanction labels of statements": 2,
    },
    "prodigy": {
        "speakers": 1,
        "kinds of quotation": 2,
        "threat labels of statements": 2,
        "sanction labels of statements": 2,
    },
    "conll": {
        "speakers": 1,
        "kinds of quotation": 2,
        "threat labels of statements": 2,
        "sanction labels of statements": 2,
        "links between source, cue and content": 4,
    },
}


@every_format
def test_what_of_an_ordinary_article_is_lost(format_: Format) -> None:
    found, losses = round_trip(format_, [GOLD])
    assert losses == LOST[format_.name]
    assert (found[0].id, found[0].text, found[0].sentences) == (GOLD.id, GOLD.text, GOLD.sentences)


@every_format
def test_no_articles_are_a_file_too(format_: Format) -> None:
    if not format_.is_folder:
        assert round_trip(format_, []) == ([], Losses())


def test_a_format_is_found_by_name_or_suffix(tmp_path: Path) -> None:
    assert infer_format(tmp_path).name == "brat"
    assert infer_format(Path("a.jsonl")).name == "jsonl"
    assert infer_format(Path("a.json")).name == "labelstudio"
    assert infer_format(Path("a.conll")).name == "conll"
    with pytest.raises(ValueError, match="--from: jsonl, brat"):
        infer_format(Path("a.txt"))
    with pytest.raises(ValueError, match="'conllu' is not one of jsonl, brat"):
        find_format("conllu")
