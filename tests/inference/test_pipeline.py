"""`avowal.inference.pipeline`: chunks scored by threads, in order, with little held in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_models import CONTENT, CUES, SOURCES, random_scorer

from avowal.data.documents import Document, DocumentError
from avowal.inference import pipeline
from avowal.inference.pipeline import chunks, score_documents
from avowal.inference.scorer import Scorer

WORDS = st.sampled_from([*SOURCES, *CUES, *CONTENT, "and", "“", "”", ".", "\n\n"])
TEXTS = st.lists(WORDS, max_size=40).map(" ".join)


@pytest.fixture(scope="module")
def noisy(tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    return random_scorer(tmp_path_factory.mktemp("models"))


@settings(max_examples=20, deadline=None)
@given(texts=st.lists(TEXTS, max_size=20), most=st.integers(1, 6), workers=st.integers(1, 3))
def test_whatever_the_chunks_and_threads_articles_come_in_order_as_if_alone(
    noisy: Scorer, texts: list[str], most: int, workers: int
) -> None:
    items: list[Document | DocumentError] = [
        Document(str(number), text) if text else DocumentError(str(number), "no text")
        for number, text in enumerate(texts)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "CHUNK_ITEMS", most)
        found = list(score_documents(noisy, items, workers))
    assert [item for chunk in found for item in chunk.items] == items
    scored = [item for chunk in found for item in chunk.scored]
    assert [item for item in scored if isinstance(item, DocumentError)] == [
        item for item in items if isinstance(item, DocumentError)
    ]
    articles = [item for item in scored if not isinstance(item, DocumentError)]
    alone = [noisy.score([text])[0] for text in texts if text]
    assert [a.statements for a in articles] == [a.statements for a in alone]
    assert [a.sentences for a in articles] == [a.sentences for a in alone]


@given(st.lists(st.integers(0, 30), max_size=40))
def test_a_chunk_ends_where_it_has_enough(lengths: list[int]) -> None:
    items = [Document(str(number), "x" * length) for number, length in enumerate(lengths)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "CHUNK_ITEMS", 5)
        patch.setattr(pipeline, "CHUNK_CHARACTERS", 40)
        found = list(chunks(items))
    assert [item for chunk in found for item in chunk] == items
    for chunk in found[:-1]:
        assert len(chunk) == 5 or sum(len(item.text) for item in chunk) >= 40
    for chunk in found:
        assert len(chunk) <= 5
        assert sum(len(item.text) for item in chunk[:-1]) < 40


def test_no_more_is_read_than_the_threads_need(
    noisy: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "CHUNK_ITEMS", 1)
    taken = 0

    def documents() -> Iterator[Document]:
        nonlocal taken
        for number in range(30):
            taken += 1
            yield Document(str(number), "Ana said no.")

    for given_out, _ in enumerate(score_documents(noisy, documents(), workers=2)):
        assert taken <= given_out + 3


def test_what_is_left_is_not_scored_when_nobody_wants_it(
    noisy: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "CHUNK_ITEMS", 1)
    taken = []

    def documents() -> Iterator[Document]:
        for number in range(1000):
            taken.append(number)
            yield Document(str(number), "Ana said no.")

    stream = score_documents(noisy, documents())
    next(stream)
    stream.close()
    assert len(taken) < 10
