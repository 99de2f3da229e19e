"""`avowal.train.joint_features`: what a window asks the joint model to say."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from avowal.data.records import Article, Sentence, Span, Statement
from avowal.inference.labels import LABELS, begin
from avowal.inference.windows import Tokens, WindowBuilder
from avowal.train.attribution_features import CueLexicon
from avowal.train.joint_features import (
    Cue,
    JointCollator,
    JointWindow,
    Taught,
    article_cues,
    article_windows,
)
from avowal.train.joint_training import cross_entropy

BUILDER = WindowBuilder({"start": 1, "end": 2}, "token_type_ids")
NONE, BEGINS, GOES_ON = 0, begin("content"), begin("content") + 1


def words(count: int) -> tuple[Article, Tokens]:
    """An article of words of one letter, each a token."""
    text = " ".join("abcdefghij"[n % 10] for n in range(count))
    offsets = np.array([(2 * n, 2 * n + 1) for n in range(count)], dtype=np.int64).reshape(-1, 2)
    none = np.zeros(0, dtype=np.int64)
    return Article("one", text), Tokens(np.arange(10, 10 + count), offsets, none, none)


def said(article: Article, source: int, cue: int, start: int, end: int) -> Statement:
    def span(first: int, last: int) -> Span:
        return Span.of(article.text, 2 * first, 2 * last - 1)

    return Statement(span(source, source + 1), span(cue, cue + 1), (span(start, end),))


def windows_of(article: Article, tokens: Tokens, size: int, **options: object) -> list[JointWindow]:
    lexicon = CueLexicon.of([article])
    cues = article_cues(article, tokens, lexicon, [], 0.0, 0.0, random.Random(0))
    given_options = {"attributed": True} | options
    return article_windows(article, tokens, cues, BUILDER, size, 4, **given_options)  # type: ignore[arg-type]


def told(tokens: Tokens, cues: int, value: float) -> Taught:
    """A teacher that is so sure that nothing is anything."""
    rest = (1 - value) / (len(LABELS) - 1)
    roles = np.full((len(tokens), len(LABELS)), rest, dtype=np.float16)
    roles[:, NONE] = value
    whole = (0, len(tokens))
    return Taught(roles, [(whole, roles)] * cues, np.array([[0.25, 0.75]], dtype=np.float32))


@given(st.integers(5, 60), st.integers(8, 20), st.data())
def test_every_token_has_one_label_in_each_window(
    count: int, size: int, data: st.DataObject
) -> None:
    article, tokens = words(count)
    start = data.draw(st.integers(2, count - 1))
    end = data.draw(st.integers(start + 1, count))
    article = replace(article, statements=(said(article, 0, 1, start, end),))
    labels = np.full(count, NONE)
    for window in windows_of(article, tokens, size):
        first, last = window.window.start, window.window.end
        assert (window.targets.sum(axis=1) == 1).all()
        found = window.targets.argmax(axis=1)
        # No window begins in the middle of a span.
        assert found[0] % 2 == 1 or found[0] == NONE
        inside = np.arange(first, last)
        assert ((found >= BEGINS) == ((start <= inside) & (inside < end))).all()
        labels[first:last] = np.where(found >= BEGINS, 1, labels[first:last])
        for cue in window.cues:
            assert first + cue.span[0] == 1
    assert labels.sum() == end - start


def test_a_teacher_is_mixed_in_by_its_share() -> None:
    article, tokens = words(8)
    article = replace(
        article,
        statements=(said(article, 0, 1, 2, 6),),
        sentences=(Sentence(0, len(article.text), 1.0, None),),
    )
    taught = told(tokens, 1, 0.4)
    [window] = windows_of(article, tokens, 20, taught=taught, share=0.5)
    [cue] = window.cues
    for targets in (window.targets, cue.targets):
        assert np.allclose(targets.sum(axis=1), 1, atol=0.01)
        assert np.isclose(targets[3, GOES_ON], 0.5 + 0.5 * 0.1, atol=0.01)
        assert np.isclose(targets[3, NONE], 0.5 * 0.4, atol=0.01)
    [sentence] = window.sentences
    # Threat was annotated, and sanction was not.
    assert (sentence.threat, sentence.sanction) == (0.5 + 0.5 * 0.25, 0.75)


def test_where_nothing_is_annotated_a_teacher_stands_alone() -> None:
    article, tokens = words(8)
    assert windows_of(article, tokens, 20, attributed=False) == []
    taught = told(tokens, 1, 0.4)
    [window] = article_windows(
        article,
        tokens,
        [Cue((3, 4), None)],
        BUILDER,
        20,
        4,
        attributed=False,
        taught=taught,
        share=0.5,
    )
    assert np.allclose(window.targets[1:], taught.roles[1:])
    assert np.allclose(window.cues[0].targets[1:], taught.roles[1:])


def test_the_loss_is_that_of_labels_where_all_is_known() -> None:
    torch.manual_seed(0)
    logits = torch.randn(2, 7, len(LABELS))
    labels = torch.randint(len(LABELS), (2, 7))
    targets = torch.nn.functional.one_hot(labels, len(LABELS)).float()
    labels[1, 4:] = -100
    targets[1, 4:] = 0
    expected = torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten())
    assert torch.allclose(cross_entropy(logits, targets), expected)
    assert cross_entropy(logits, torch.zeros_like(targets)) == 0


def test_a_batch_holds_zeros_where_nothing_is_known() -> None:
    short, long = words(5), words(9)
    article = replace(long[0], statements=(said(long[0], 0, 1, 2, 9),))
    [known] = windows_of(article, long[1], 20)
    unknown = replace(
        windows_of(short[0], short[1], 20)[0], targets=np.zeros((5, len(LABELS)), np.float16)
    )
    batch = JointCollator(0, 8, 4, True)([unknown, known])
    assert batch["labels"].shape == (2, 11, len(LABELS))
    assert batch["labels"].sum(dim=-1).tolist() == [[0.0] * 11, [0.0] + [1.0] * 9 + [0.0]]
    assert batch["cue_labels"].shape == (1, 8, len(LABELS))
    assert batch["cue_labels"].sum(dim=-1).tolist() == [[1.0] * 8]


def test_tokens_are_hidden_from_the_student_but_not_what_is_asked_of_them() -> None:
    article, tokens = words(40)
    article = replace(article, statements=(said(article, 0, 1, 2, 9),))
    windows = windows_of(article, tokens, 20)
    plain = JointCollator(0, 8, 4, True)(windows)
    hidden = JointCollator(0, 8, 4, True, mask_id=5, masked=0.5)
    batch = hidden(windows)
    changed = batch["input_ids"] != plain["input_ids"]
    assert (batch["input_ids"][changed] == 5).all()
    assert 0.2 < changed.sum() / sum(len(w.window.positions) for w in windows) < 0.8
    for row, window in enumerate(windows):  # the special tokens stay
        assert {0, len(window.window.input_ids) - 1}.isdisjoint(
            changed[row].nonzero()[:, 0].tolist()
        )
    for name in plain.keys() - {"input_ids"}:
        assert torch.equal(batch[name], plain[name])
    assert torch.equal(hidden(windows)["input_ids"], batch["input_ids"])
