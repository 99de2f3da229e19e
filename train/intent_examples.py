"""Sentences to train intent on: annotated ones, and PLV's with their root codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tokenizers import Tokenizer

from avowal.data.label_rows import Labels
from avowal.data.plover import ROOTS, PloverSentence
from avowal.data.records import Article
from avowal.inference.intent import sentence_rows
from avowal.inference.runtime import Row
from avowal.inference.windows import tokenize

UNKNOWN = -1.0


@dataclass(frozen=True, slots=True)
class IntentExample:
    """One sentence as model input with what is known of it.

    Attributes:
        group: examples of one group stay on one side of any split.
        threat, sanction: 1.0, 0.0, or `UNKNOWN`.
        root: index in `ROOTS`, or -1 where no root code is given.
    """

    group: str
    row: Row
    threat: float
    sanction: float
    root: int


def annotated_examples(
    articles: Iterable[Article],
    tokenizer: Tokenizer,
    special: dict[str, int],
    context: int,
    size: int,
) -> list[IntentExample]:
    """The labelled sentences of annotated articles, each with the sentences before it.

    A sentence without a label is context alone.
    """
    listed = list(articles)
    examples = []
    texts = [article.text for article in listed]
    for article, tokens in zip(listed, tokenize(tokenizer, texts), strict=True):
        spans = [(sentence.start, sentence.end) for sentence in article.sentences]
        rows = sentence_rows(tokens, spans, special, context, size)
        for sentence, row in zip(article.sentences, rows, strict=True):
            known = [UNKNOWN if v is None else v for v in (sentence.threat, sentence.sanction)]
            if known != [UNKNOWN, UNKNOWN]:
                examples.append(IntentExample(article.id, row, known[0], known[1], -1))
    return examples


def plover_examples(
    sentences: Iterable[PloverSentence],
    labels: Mapping[str, Labels],
    tokenizer: Tokenizer,
    special: dict[str, int],
    size: int,
    corpus: str,
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
    for sentence, tokens in zip(listed, tokenize(tokenizer, texts), strict=True):
        row = sentence_rows(tokens, [(0, len(sentence.text))], special, 0, size)[0]
        known = labels.get(sentence.id, Labels(UNKNOWN, UNKNOWN))
        examples.append(
            IntentExample(
                f"{corpus}:{sentence.id}",
                row,
                known.threat,
                known.sanction,
                ROOTS.index(sentence.root),
            )
        )
    return examples
