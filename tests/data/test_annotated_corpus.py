"""The project's own corpus: sizes, marks, parts without a name in common, and little repetition."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from avowal.data import load_annotated
from avowal.data.annotated_corpus import Split
from avowal.data.jsonl import read_jsonl
from avowal.data.label_rows import read_news_labels, read_plv_labels
from avowal.data.plover import ROOTS, PloverSentence, read_plv
from avowal.data.records import Article, Span, Statement
from avowal.inference.quotation import quotation_kind
from avowal.inference.sentences import split_sentences

MARKED: tuple[Split, ...] = ("train", "dev", "test", "attributed")
PARTS: tuple[Split, ...] = (*MARKED, "labelled")
Grams = list[tuple[str, ...]]


@pytest.fixture(scope="module")
def corpus() -> dict[Split, list[Article]]:
    return {split: load_annotated(split) for split in PARTS}


@pytest.fixture(scope="module")
def events(repository: Path) -> list[PloverSentence]:
    return read_plv(repository / "data" / "annotated" / "events.tsv")


def spans(statement: Statement) -> list[Span]:
    return [s for s in (statement.source, statement.cue, *statement.content) if s]


def test_the_corpus_is_as_large_as_its_readme_says(
    corpus: dict[Split, list[Article]], repository: Path
) -> None:
    readme = (repository / "data" / "annotated" / "README.md").read_text(encoding="utf-8")
    for split, articles in corpus.items():
        found = [s for a in articles for s in a.sentences]
        numbers = [
            len(articles),
            len(found),
            sum(len(a.statements) for a in articles),
            sum(bool(s.threat) for s in found),
            sum(bool(s.sanction) for s in found),
            sum(not s.threat and not s.sanction for s in found),
        ]
        row = " | ".join(f"{n:,}" for n in numbers)
        assert f"| {split} | {row} |" in readme
    marked = [a for split in MARKED for a in corpus[split]]
    sentences = [s for a in marked for s in a.sentences]
    assert len(marked) >= 300
    assert len(sentences) >= 2500
    assert sum(len(a.statements) for a in marked) >= 1200
    assert sum(s.threat or 0 for s in sentences) >= 400
    assert sum(s.sanction or 0 for s in sentences) >= 400
    assert sum(not s.threat and not s.sanction for s in sentences) >= len(sentences) / 2
    assert all(corpus[split] for split in PARTS)


def test_every_passage_is_whole(corpus: dict[Split, list[Article]]) -> None:
    ids = Counter(a.id for articles in corpus.values() for a in articles)
    assert max(ids.values()) == 1
    for articles in corpus.values():
        for a in articles:
            assert a.meta["register"], a.id
            assert 4 <= len(a.sentences) <= 14, a.id
            for s in a.sentences:
                assert s.threat in (0.0, 1.0), a.id
                assert s.sanction in (0.0, 1.0), a.id
            covered = "".join(a.text[s.start : s.end] for s in a.sentences)
            assert "".join(covered.split()) == "".join(a.text.split()), a.id


def test_every_statement_is_whole(corpus: dict[Split, list[Article]]) -> None:
    for a in (a for split in MARKED for a in corpus[split]):
        owner: dict[int, int] = {}
        for place, statement in enumerate(a.statements):
            assert statement.content, a.id
            assert statement.quotation == quotation_kind(a.text, statement.content), a.id
            assert statement.speaker is None or statement.speaker in a.text, a.id
            assert not statement.speaker or statement.source, a.id
            for span in spans(statement):
                assert span == Span.of(a.text, span.start, span.end), a.id
                assert span.text == span.text.strip(), a.id
            for character in (c for s in statement.content for c in range(s.start, s.end)):
                assert owner.setdefault(character, place) == place, a.id
            touched = [
                s
                for s in a.sentences
                if any(c.start < s.end and s.start < c.end for c in statement.content)
            ]
            assert statement.threat == max(s.threat or 0.0 for s in touched), a.id
            assert statement.sanction == max(s.sanction or 0.0 for s in touched), a.id


def test_labels_and_registers_are_balanced_over_the_parts(
    corpus: dict[Split, list[Article]],
) -> None:
    for name in ("threat", "sanction"):
        shares = [
            sum(getattr(s, name) for a in corpus[split] for s in a.sentences)
            / sum(len(a.sentences) for a in corpus[split])
            for split in MARKED
        ]
        assert max(shares) - min(shares) < 0.06, (name, shares)
    assert all(len({a.meta["register"] for a in corpus[split]}) >= 8 for split in MARKED)


# Words that stand in capitals wherever they stand and are nobody's name.
COMMON = set(
    re.findall(
        r"\w+",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Sundays January February April "
        "June July August September October November December Easter Lakes Circle",
    )
)


def sentence_texts(articles: list[Article]) -> list[str]:
    return [a.text[s.start : s.end] for a in articles for s in a.sentences]


def names(sentences: list[str]) -> set[str]:
    """Capitalised words inside sentences, of four letters or more."""
    return {
        word
        for text in sentences
        for word in re.findall(r"[^\W\d_]{4,}", text)[1:]
        if word[0].isupper()
    }


def test_no_name_stands_in_two_parts(
    corpus: dict[Split, list[Article]], events: list[PloverSentence]
) -> None:
    texts = {split: sentence_texts(articles) for split, articles in corpus.items()}
    texts["train"] += [event.text for event in events]
    plain = {
        word.lower()
        for sentences in texts.values()
        for text in sentences
        for word in re.findall(r"[^\W\d_]+", text)
        if word[0].islower()
    }
    groups: list[list[Split]] = [["train", "attributed", "labelled"], ["dev"], ["test"]]
    found = [names([text for split in group for text in texts[split]]) for group in groups]
    for a, b in combinations(found, 2):
        shared = {word for word in a & b if word.lower() not in plain} - COMMON
        assert not shared


def grams(text: str) -> Grams:
    words = re.findall(r"\w+", text.lower())
    return [tuple(words[i : i + 4]) for i in range(len(words) - 3)]


def near_pairs(found: dict[str, set[tuple[str, ...]]], share: float) -> Iterator[tuple[str, str]]:
    holders: dict[tuple[str, ...], list[str]] = {}
    for name, own in found.items():
        for gram in own:
            holders.setdefault(gram, []).append(name)
    common = Counter(pair for names in holders.values() for pair in combinations(names, 2))
    for (one, other), count in common.items():
        if count > share * min(len(found[one]), len(found[other])):
            yield one, other


def test_little_is_said_twice(corpus: dict[Split, list[Article]]) -> None:
    found = {a.id: grams(a.text) for articles in corpus.values() for a in articles}
    # The more passages, the more four words stand in two of them: as many as there were when the
    # bound was set, drawn at random.
    drawn = [found[name] for name in random.Random(0).sample(sorted(found), 3500)]
    passages = Counter(gram for own in drawn for gram in set(own))
    repeated = sum(passages[gram] > 1 for own in drawn for gram in own)
    assert repeated / sum(len(own) for own in drawn) < 0.08
    assert not list(near_pairs({name: set(own) for name, own in found.items()}, 0.1))


def test_passages_with_labels_alone_have_no_statements(corpus: dict[Split, list[Article]]) -> None:
    assert len({a.meta["register"] for a in corpus["labelled"]}) >= 8
    assert not [a.id for a in corpus["labelled"] if a.statements]
    for a in corpus["labelled"]:
        assert [(s.start, s.end) for s in a.sentences] == split_sentences(a.text), a.id


def test_cues_and_sources_are_many(corpus: dict[Split, list[Article]]) -> None:
    statements = [s for split in MARKED for a in corpus[split] for s in a.statements]
    cues = Counter(s.cue.text.lower() for s in statements if s.cue)
    sources = Counter(s.source.text.lower() for s in statements if s.source)
    assert len(cues) > 500
    assert cues["said"] < 0.2 * cues.total()
    assert len(sources) > 1000


def test_the_labels_of_real_news_are_as_many_as_the_readme_says(repository: Path) -> None:
    rows = read_news_labels(repository / "data" / "annotated" / "news.tsv")
    assert Counter(row.part for row in rows) == {
        "train": 4575,
        "random": 1000,
        "likely": 837,
    }
    ordered = sorted(rows, key=lambda row: (row.document, row.start))
    for row, after in pairwise(ordered):
        assert row.document != after.document or row.end <= after.start, after
    assert len(read_plv_labels(repository / "data" / "annotated" / "plv.tsv")) == 1044


def test_the_events_are_whole_and_varied(events: list[PloverSentence], repository: Path) -> None:
    labels = read_plv_labels(repository / "data" / "annotated" / "event_labels.tsv")
    first = read_plv_labels(repository / "data" / "annotated" / "agreement" / "event_labels.tsv")
    assert len(events) == 3072
    assert len({event.text for event in events}) == len(events)
    assert {event.id for event in events} == set(labels) == set(first)
    assert min(Counter(event.root for event in events)[root] for root in ROOTS) >= 150
    for event in events:
        assert event.source in event.text, event.id
        assert event.target in event.text, event.id
    found = {event.id: grams(event.text) for event in events}
    seen = Counter(gram for own in found.values() for gram in set(own))
    repeated = sum(seen[gram] > 1 for own in found.values() for gram in own)
    assert repeated / sum(len(own) for own in found.values()) < 0.08
    assert not list(near_pairs({name: set(own) for name, own in found.items()}, 0.5))


def test_another_part_is_refused() -> None:
    parts = "train, dev, test, attributed, labelled, examples"
    with pytest.raises(ValueError, match=f"{parts}, and no 'tets'"):
        load_annotated("tets")  # type: ignore[arg-type]


def test_the_passages_on_speakers_share_no_name_with_what_is_measured_on(
    corpus: dict[Split, list[Article]], repository: Path
) -> None:
    folder = repository / "data" / "annotated"
    articles = list(read_jsonl(folder / "speakers.jsonl"))
    names = {s.speaker for a in articles for s in a.statements if s.speaker}
    assert len(articles) == 128
    assert all(s.speaker is None or s.speaker in a.text for a in articles for s in a.statements)
    measured = [*corpus["dev"], *corpus["test"], *read_jsonl(folder / "examples.jsonl")]
    assert not [name for name in names for a in measured if name in a.text]
