"""`avowal.inference.scorer`: articles in, articles with sentences and statements out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_models import CONTENT, CUES, SOURCES, random_scorer, scripted_scorer

from avowal.data.article_json import parse_article
from avowal.data.records import Article, Sentence, Span, Statement
from avowal.inference.scorer import Scorer, with_intent

TEXTS = st.lists(
    st.sampled_from([*SOURCES, *CUES, *CONTENT, "and", "“", "”", ".", "\n\n", "Ana Belu"]),
    max_size=60,
).map(" ".join)
TEXT = "Ana warned of a strike. Yes. Bo said “no embargo”."


@dataclass
class Page:
    """A document of a class of one's own."""

    id: str
    text: str


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    return scripted_scorer(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def noisy(tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    return random_scorer(tmp_path_factory.mktemp("models"))


def test_an_article_has_sentences_and_statements_with_their_labels(scorer: Scorer) -> None:
    [article] = scorer.score([TEXT])
    assert (article.id, article.text) == ("0", TEXT)
    assert [TEXT[s.start : s.end] for s in article.sentences] == [
        "Ana warned of a strike.",
        "Yes.",
        "Bo said “no embargo”.",
    ]
    first, second = article.statements
    assert [first.content[0].text, second.content[0].text] == ["strike", "no embargo"]
    assert first.threat == article.sentences[0].threat
    assert (first.threat or 0) > 0.9 > 0.1 > (first.sanction or 0)
    assert second.sanction == article.sentences[2].sanction
    assert (second.sanction or 0) > 0.9 > 0.1 > (second.threat or 0)


def test_nothing_gives_nothing(scorer: Scorer) -> None:
    assert scorer.score([]) == []
    assert scorer.score(["", " \r\n"]) == [Article("0", ""), Article("1", " \r\n")]


def test_one_text_in_place_of_a_list_is_refused(scorer: Scorer) -> None:
    for call in (scorer.score, scorer.stream):
        with pytest.raises(TypeError, match="write \\[text\\]"):
            call("Ana said no.")


def test_speakers_are_named(scorer: Scorer) -> None:
    [article] = scorer.score(["Ana said no."])
    assert article.statements[0].speaker == "Ana"


# --- streams --------------------------------------------------------------------------------


def test_documents_keep_their_ids_and_order(scorer: Scorer) -> None:
    mixed = [Page("b.txt", "Ana said no."), "Bo said yes.", Page("a.txt", "")]
    articles = list(scorer.stream(mixed, batch_size=2))
    assert [article.id for article in articles] == ["b.txt", "1", "a.txt"]
    assert [article.text for article in articles] == ["Ana said no.", "Bo said yes.", ""]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        # articles taken in when each of five comes out
        ({"batch_size": 1}, [1, 2, 3, 4, 5]),
        ({"batch_size": 2}, [2, 2, 4, 4, 5]),
        ({"batch_size": 9, "batch_characters": 24}, [2, 2, 4, 4, 5]),
        ({"batch_size": 9, "batch_characters": 30}, [3, 3, 5, 5, 5]),
        ({"batch_size": 9, "batch_characters": 5}, [1, 2, 3, 4, 5]),
        ({}, [5, 5, 5, 5, 5]),
    ],
)
def test_no_more_is_taken_in_than_a_batch_needs(
    scorer: Scorer, limits: dict[str, int], expected: list[int]
) -> None:
    taken = 0

    def documents() -> Iterator[str]:
        nonlocal taken
        for _ in range(5):
            taken += 1
            yield "Ana said no."

    stream = scorer.stream(documents(), **limits)
    assert taken == 0
    assert [taken for _ in stream] == expected


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(TEXTS, max_size=8), size=st.integers(1, 4), characters=st.integers(1, 500))
def test_records_are_the_same_whatever_the_batches(
    noisy: Scorer, texts: list[str], size: int, characters: int
) -> None:
    batched = list(noisy.stream(texts, batch_size=size, batch_characters=characters))
    assert batched == noisy.score(texts)


@settings(max_examples=40, deadline=None)
@given(text=TEXTS)
def test_records_keep_the_output_contract(noisy: Scorer, text: str) -> None:
    [article] = noisy.score([text])
    # the reader checks fields, kinds, probabilities, and that offsets slice the text
    assert parse_article(article.to_dict()) == article
    for sentence in article.sentences:
        assert None not in (sentence.threat, sentence.sanction)
    for statement in article.statements:
        assert None not in (statement.quotation, statement.confidence)
        assert None not in (statement.threat, statement.sanction)
        assert statement.source or not statement.speaker


# --- with_intent ----------------------------------------------------------------------------


def labelled(*pieces: tuple[int, int]) -> tuple[float | None, float | None]:
    sentences = [
        Sentence(0, 10, threat=0.1, sanction=0.9),
        Sentence(11, 20, threat=0.8, sanction=0.2),
        Sentence(25, 30, threat=0.5, sanction=0.5),
    ]
    content = tuple(Span(start, end, "x" * (end - start)) for start, end in pieces)
    [statement] = with_intent([Statement(None, None, content)], sentences)
    return statement.threat, statement.sanction


def test_a_statement_has_the_highest_labels_of_its_sentences() -> None:
    assert labelled((0, 10)) == (0.1, 0.9)
    assert labelled((12, 15)) == (0.8, 0.2)
    assert labelled((9, 12)) == (0.8, 0.9)
    assert labelled((0, 30)) == (0.8, 0.9)
    assert labelled((2, 3), (26, 27)) == (0.5, 0.9)
    assert labelled((10, 11)) == (0.0, 0.0)
    assert labelled((20, 25)) == (0.0, 0.0)


def test_a_text_of_no_sentences_has_no_labels_to_give() -> None:
    [statement] = with_intent([Statement(None, None, (Span(0, 1, "x"),))], [])
    assert (statement.threat, statement.sanction) == (0.0, 0.0)


def test_the_scripted_models_read_whole_files(scorer: Scorer, repository: Path) -> None:
    texts = [path.read_text("utf-8") for path in sorted((repository / "data/examples").iterdir())]
    for article in scorer.score(texts):
        assert article.sentences
