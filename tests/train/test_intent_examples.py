"""`avowal.train.intent_examples`: annotated and coded sentences as inputs with known labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer

from avowal.data.label_rows import Labels
from avowal.data.plover import ROOTS, PloverSentence
from avowal.data.records import Article, Sentence
from avowal.inference.windows import special_ids
from avowal.train.intent_examples import (
    NO_ROW,
    UNKNOWN,
    IntentExample,
    annotated_examples,
    plover_examples,
)

TEXT = "Bo Kern said no. It rained all day. We will close the port. Trade ends."
BOUNDS = ((0, 16), (17, 35), (36, 59), (60, 71))


def article(*labels: tuple[float | None, float | None], name: str = "a") -> Article:
    sentences = [Sentence(a, b, *one) for (a, b), one in zip(BOUNDS, labels, strict=True)]
    return Article(name, TEXT, sentences=tuple(sentences))


PLAIN = article(*[(0.0, 0.0)] * 4)


def annotated(
    tokenizer: Tokenizer, *found: Article, context: int, size: int
) -> list[IntentExample]:
    special = special_ids(tokenizer, "[CLS]", "[SEP]")
    return annotated_examples(found, tokenizer, special, context, size)


def shown(example: IntentExample, tokenizer: Tokenizer) -> tuple[str, str]:
    """Both segments of an input, with its special tokens."""
    ids, types = example.row
    first, second = (
        " ".join(str(tokenizer.id_to_token(i)) for i in ids[types == t]) for t in (0, 1)
    )
    return first, second


def test_labels_and_their_groups(tokenizer: Tokenizer) -> None:
    mixed = article((1.0, 0.0), (None, 1.0), (0.0, None), (None, None))
    found = annotated(tokenizer, mixed, article(*[(0.0, 1.0)] * 4, name="b"), context=0, size=50)
    assert [(e.group, e.threat, e.sanction, e.root) for e in found] == [
        ("a", 1.0, 0.0, -1),
        ("a", UNKNOWN, 1.0, -1),
        ("a", 0.0, UNKNOWN, -1),
        *[("b", 0.0, 1.0, -1)] * 4,
    ]


def test_the_sentences_before_are_the_second_segment(tokenizer: Tokenizer) -> None:
    found = annotated(tokenizer, PLAIN, context=2, size=50)
    assert [shown(e, tokenizer) for e in found] == [
        ("[CLS] bo kern said no . [SEP]", ""),
        ("[CLS] it rained all day . [SEP]", "bo kern said no . [SEP]"),
        ("[CLS] we will close the port . [SEP]", "bo kern said no . it rained all day . [SEP]"),
        ("[CLS] trade ends . [SEP]", "it rained all day . we will close the port . [SEP]"),
    ]
    alone = annotated(tokenizer, PLAIN, context=0, size=50)
    assert [shown(e, tokenizer)[0] for e in alone] == [shown(e, tokenizer)[0] for e in found]
    assert {shown(e, tokenizer)[1] for e in alone} == {""}


def test_what_is_too_long_is_cut_the_farthest_context_first(tokenizer: Tokenizer) -> None:
    for size, expected in (
        (10, ("[CLS] we will close the port . [SEP]", ". [SEP]")),
        (9, ("[CLS] we will close the port . [SEP]", "")),
        (7, ("[CLS] we will close the [SEP]", "")),
    ):
        example = annotated(tokenizer, PLAIN, context=2, size=size)[2]
        assert shown(example, tokenizer) == expected
        assert len(example.row[0]) <= size


def coded(root: str, text: str = "Bo Kern said no.", number: str = "7") -> PloverSentence:
    return PloverSentence(number, text, "Bo Kern", "Ana Belu", root)


def test_a_coded_sentence_has_the_labels_given_to_its_id_and_else_none(
    tokenizer: Tokenizer,
) -> None:
    special = special_ids(tokenizer, "[CLS]", "[SEP]")
    rows = [coded("COERCE"), coded("AID", number="8")]
    found = plover_examples(rows, {"7": Labels(0.0, 1.0)}, tokenizer, special, 50, "plv")
    assert [(e.threat, e.sanction, e.root) for e in found] == [
        (0.0, 1.0, ROOTS.index("COERCE")),
        (UNKNOWN, UNKNOWN, ROOTS.index("AID")),
    ]


def test_rows_of_one_sentence_share_a_group_and_those_of_another_do_not(
    tokenizer: Tokenizer,
) -> None:
    rows = [coded("AID"), coded("YIELD"), coded("AID", "It rained all day.", "8")]
    special = special_ids(tokenizer, "[CLS]", "[SEP]")
    found = plover_examples(rows, {}, tokenizer, special, 6, "plv")
    assert found[0].group == found[1].group != found[2].group
    assert shown(found[0], tokenizer) == ("[CLS] bo kern said [SEP]", "")


def test_what_a_teacher_says_stands_beside_the_labels(tokenizer: Tokenizer) -> None:
    asked: list[tuple[str, list[tuple[int, int]]]] = []

    def teacher(
        texts: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> list[NDArray[np.float64]]:
        asked.extend((text, list(spans)) for text, spans in zip(texts, sentences, strict=True))
        return [np.array([[0.5, 0.1 * n] for n in range(len(spans))]) for spans in sentences]

    special = special_ids(tokenizer, "[CLS]", "[SEP]")
    half = article((1.0, 0.0), (None, None), (None, 1.0), (0.0, None))
    found = annotated_examples([half], tokenizer, special, 0, 50, teacher)
    assert asked == [(TEXT, list(BOUNDS))]
    assert [e.targets(0.0) for e in found] == [[1, 0], [0.5, 1], [0, pytest.approx(0.3)]]
    assert [e.targets(0.5) for e in found] == [
        [0.75, 0],
        [0.5, pytest.approx(0.6)],
        [0.25, pytest.approx(0.3)],
    ]
    rows = [coded("AID")]
    [by_teacher] = plover_examples(rows, {}, tokenizer, special, 50, "plv", teacher)
    assert (by_teacher.threat, by_teacher.sanction, by_teacher.targets(0.5)) == (
        UNKNOWN,
        UNKNOWN,
        [0.5, 0.0],
    )
    [untaught] = plover_examples(rows, {}, tokenizer, special, 50, "plv")
    assert untaught.targets(0.5) == [UNKNOWN, UNKNOWN]


def test_an_example_holds_its_own_words(tokenizer: Tokenizer) -> None:
    special = special_ids(tokenizer, "[CLS]", "[SEP]")
    assert [e.text for e in annotated(tokenizer, PLAIN, context=2, size=50)] == [
        TEXT[start:end] for start, end in BOUNDS
    ]
    [found] = plover_examples([coded("AID")], {}, tokenizer, special, 50, "plv")
    assert found.text == "Bo Kern said no."


def test_root_codes_to_train_towards() -> None:
    said = tuple(float(index == 2) for index in range(len(ROOTS)))
    one = IntentExample("a", NO_ROW, 0.0, 0.0, 1)
    assert one.root_targets(0.25) == [float(index == 1) for index in range(len(ROOTS))]
    assert replace(one, root_taught=said).root_targets(0.25)[:4] == [0.0, 0.75, 0.25, 0.0]
    assert replace(one, root=-1, root_taught=said).root_targets(0.25) == list(said)
    assert not any(replace(one, root=-1).root_targets(0.25))
