"""Sentences to train intent on: the project's annotated ones, and PLV's with their root codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tokenizers import Tokenizer

from avowal.data.plover import ROOTS, PloverSentence
from avowal.data.records import Article
from avowal.inference.intent import sentence_rows
from avowal.inference.runtime import Row
from avowal.inference.windows import tokenize

UNKNOWN = -1.0

# PLOVER's codes are wider and narrower than our labels: THREATEN holds curfews, and an imposed
# sanction is COERCE. And a PLV row codes one event of its sentence, whatever else that tells of. So
# a row settles a label only where its code and these words agree.
_THREAT_WORDS = re.compile(
    r"threat|warn|vow|ultimatum|deadline|retaliat|consequence|otherwise|unless", re.IGNORECASE
)
_SANCTION_WORDS = re.compile(
    r"sanction|embargo|tariff|expel|expuls|\bban(?:s|ned|ning)?\b|asset|freez|froze|boycott|suspend|recall|\bsever(?:s|ed|ing)?\b"
    r"|reduc|cut(?:ting)? (?:off|ties)|\bties\b|withh[eo]ld|withdr[ae]w",
    re.IGNORECASE,
)


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
    """The labelled sentences of annotated articles, each with the sentences before it."""
    listed = list(articles)
    examples = []
    texts = [article.text for article in listed]
    for article, tokens in zip(listed, tokenize(tokenizer, texts), strict=True):
        spans = [(sentence.start, sentence.end) for sentence in article.sentences]
        rows = sentence_rows(tokens, spans, special, context, size)
        for sentence, row in zip(article.sentences, rows, strict=True):
            known = [UNKNOWN if v is None else v for v in (sentence.threat, sentence.sanction)]
            examples.append(IntentExample(article.id, row, known[0], known[1], -1))
    return examples


def plover_examples(
    sentences: Iterable[PloverSentence], tokenizer: Tokenizer, special: dict[str, int], size: int
) -> list[IntentExample]:
    """PLV's sentences, without context; a label that a row does not settle is unknown."""
    listed = list(sentences)
    texts = [sentence.text for sentence in listed]
    examples = []
    for sentence, tokens in zip(listed, tokenize(tokenizer, texts), strict=True):
        row = sentence_rows(tokens, [(0, len(sentence.text))], special, 0, size)[0]
        examples.append(
            IntentExample(
                f"plv:{sentence.text}",
                row,
                _label(sentence, "THREATEN", _THREAT_WORDS),
                _label(sentence, "SANCTION", _SANCTION_WORDS),
                ROOTS.index(sentence.root),
            )
        )
    return examples


def _label(sentence: PloverSentence, root: str, words: re.Pattern[str]) -> float:
    coded, worded = sentence.root == root, bool(words.search(sentence.text))
    return float(coded) if coded == worded else UNKNOWN
