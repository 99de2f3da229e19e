"""The eight example articles, scored with the models that ship, beside their gold records."""

from __future__ import annotations

from pathlib import Path

import pytest

import avowal
from avowal.data.jsonl import read_jsonl
from avowal.data.records import Article, Sentence

pytestmark = pytest.mark.usefixtures("shipped")


@pytest.fixture(scope="module")
def gold(repository: Path) -> list[Article]:
    return list(read_jsonl(repository / "data" / "annotated" / "examples.jsonl"))


@pytest.fixture(scope="module")
def predicted(gold: list[Article], shipped: None) -> list[Article]:
    return avowal.load(device="cpu", threads=1).score([article.text for article in gold])


def test_the_gold_records_are_of_the_examples(gold: list[Article], repository: Path) -> None:
    folder = repository / "data" / "examples"
    assert {a.id: a.text for a in gold} == {
        path.name: path.read_bytes().decode("utf-8") for path in folder.iterdir()
    }
    assert len(gold) == 8


def test_every_offset_slices_to_its_text(predicted: list[Article]) -> None:
    for article in predicted:
        assert article.sentences
        assert article.statements
        for statement in article.statements:
            for span in (statement.source, statement.cue, *statement.content):
                assert span is None or article.text[span.start : span.end] == span.text


def test_each_article_is_scored_the_same_alone(predicted: list[Article]) -> None:
    article = predicted[0]
    [alone] = avowal.load(device="cpu", threads=1).score([article.text])
    assert alone == article


def test_most_statements_are_found_with_the_right_source(
    gold: list[Article], predicted: list[Article]
) -> None:
    assert share_found(gold, predicted) >= 0.85


def test_the_joint_model_finds_as_many(gold: list[Article], shipped: None) -> None:
    scorer = avowal.load("joint-mini", device="cpu", threads=1)
    predicted = scorer.score([article.text for article in gold])
    assert share_found(gold, predicted) >= 0.85
    assert scorer.score([gold[0].text]) == predicted[:1]


def share_found(gold: list[Article], predicted: list[Article]) -> float:
    """The share of gold statements that are found with the right source."""
    pytest.importorskip("scipy")
    from avowal.train.attribution_metrics import WordIndex, match

    found = total = 0
    for right, guess in zip(gold, predicted, strict=True):
        _, agreeing = match(WordIndex(right.text), right.statements, guess.statements)
        found += len(agreeing)
        total += sum(bool(statement.content) for statement in right.statements)
    return found / total


def test_nearly_all_sentences_have_the_right_labels(
    gold: list[Article], predicted: list[Article]
) -> None:
    right = total = 0
    for expected, found in zip(gold, predicted, strict=True):
        for sentence in expected.sentences:
            total += 1
            right += labels([sentence]) == labels(
                [s for s in found.sentences if s.start < sentence.end and sentence.start < s.end]
            )
    assert right / total >= 0.90


def labels(sentences: list[Sentence]) -> tuple[bool, bool]:
    """Whether any sentence is a threat, and whether any is of a sanction."""
    return (
        any((s.threat or 0.0) >= 0.5 for s in sentences),
        any((s.sanction or 0.0) >= 0.5 for s in sentences),
    )
