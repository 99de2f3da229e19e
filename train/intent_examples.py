"""Sentences to train intent on: annotated ones, and PLV's with their root codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from avowal.data.label_rows import Labels
from avowal.data.plover import ROOTS, PloverSentence
from avowal.data.records import Article
from avowal.inference.intent import sentence_rows
from avowal.inference.labels import TokenSpan
from avowal.inference.runtime import Row
from avowal.inference.windows import tokenize

UNKNOWN = -1.0
# Of an example that is measured on and not read.
NO_ROW: Row = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
Teaching = Callable[[Sequence[str], Sequence[Sequence[TokenSpan]]], list[NDArray[np.float64]]]
"""Texts and their sentences to probabilities of threat and sanction, (sentences, 2) for each."""


@dataclass(frozen=True, slots=True)
class IntentExample:
    """One sentence as model input with what is known of it.

    Attributes:
        group: examples of one group stay on one side of any split.
        threat, sanction: 1.0, 0.0, or `UNKNOWN`.
        root: index in `ROOTS`, or -1 where no root code is given.
        taught: a teacher's probabilities of threat and sanction, or `UNKNOWN`.
        part: the part of a config's data it is of.
        text: the sentence alone.
        root_taught: a teacher's probabilities of `ROOTS`, or empty.
    """

    group: str
    row: Row
    threat: float
    sanction: float
    root: int
    taught: tuple[float, float] = (UNKNOWN, UNKNOWN)
    part: str = ""
    text: str = ""
    root_taught: tuple[float, ...] = ()

    def targets(self, share: float) -> list[float]:
        """What to train towards, of threat and sanction: 0 to 1, or `UNKNOWN`.

        Args:
            share: how much the teacher counts beside a label.
        """
        return [
            (1 - share) * known + share * said if UNKNOWN not in (known, said) else max(known, said)
            for known, said in zip((self.threat, self.sanction), self.taught, strict=True)
        ]

    def root_targets(self, share: float) -> list[float]:
        """What to train towards, of `ROOTS`: probabilities, or all 0 where nothing is known.

        Args:
            share: how much the teacher counts beside the code.
        """
        known = [float(index == self.root) for index in range(len(ROOTS))]
        if not self.root_taught or self.root < 0:
            return list(self.root_taught) or known
        mixed = zip(known, self.root_taught, strict=True)
        return [(1 - share) * code + share * said for code, said in mixed]


def annotated_examples(
    articles: Iterable[Article],
    tokenizer: Tokenizer,
    special: dict[str, int],
    context: int,
    size: int,
    teacher: Teaching | None = None,
) -> list[IntentExample]:
    """The labelled sentences of annotated articles, each with the sentences before it.

    A sentence without a label is context alone.
    """
    listed = list(articles)
    examples = []
    texts = [article.text for article in listed]
    bounds = [[(sentence.start, sentence.end) for sentence in a.sentences] for a in listed]
    taught = _taught(teacher, texts, bounds)
    for article, tokens, spans, said in zip(
        listed, tokenize(tokenizer, texts), bounds, taught, strict=True
    ):
        rows = sentence_rows(tokens, spans, special, context, size)
        for sentence, row, one in zip(article.sentences, rows, said, strict=True):
            known = [UNKNOWN if v is None else v for v in (sentence.threat, sentence.sanction)]
            if known != [UNKNOWN, UNKNOWN]:
                text = article.text[sentence.start : sentence.end]
                examples.append(
                    IntentExample(article.id, row, known[0], known[1], -1, one, text=text)
                )
    return examples


def plover_examples(
    sentences: Iterable[PloverSentence],
    labels: Mapping[str, Labels],
    tokenizer: Tokenizer,
    special: dict[str, int],
    size: int,
    corpus: str,
    teacher: Teaching | None = None,
) -> list[IntentExample]:
    """Sentences with their root codes, without context.

    Args:
        corpus: begins the names of their groups, as ``plv:31``.
        labels: threat and sanction by sentence id; a sentence that is not there has neither
            known, for PLOVER's codes are others: an imposed sanction is COERCE, a curfew THREATEN.
    """
    listed = list(sentences)
    texts = [sentence.text for sentence in listed]
    examples = []
    taught = _taught(teacher, texts, [[(0, len(text))] for text in texts])
    for sentence, tokens, said in zip(listed, tokenize(tokenizer, texts), taught, strict=True):
        row = sentence_rows(tokens, [(0, len(sentence.text))], special, 0, size)[0]
        known = labels.get(sentence.id, Labels(UNKNOWN, UNKNOWN))
        examples.append(
            IntentExample(
                f"{corpus}:{sentence.id}",
                row,
                known.threat,
                known.sanction,
                ROOTS.index(sentence.root),
                said[0],
                text=sentence.text,
            )
        )
    return examples


def _taught(
    teacher: Teaching | None,
    texts: Sequence[str],
    sentences: Sequence[Sequence[TokenSpan]],
) -> list[list[tuple[float, float]]]:
    """What a teacher says of the sentences of each text, or `UNKNOWN` without one."""
    if teacher is None:
        return [[(UNKNOWN, UNKNOWN)] * len(spans) for spans in sentences]
    return [
        [(threat, sanction) for threat, sanction in said.tolist()]
        for said in teacher(texts, sentences)
    ]
