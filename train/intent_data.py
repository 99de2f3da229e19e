"""What an intent config trains on: its corpora read, and their sentences as examples."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from avowal.data.label_rows import read_plv_labels
from avowal.data.plover import read_plv
from avowal.data.records import Article
from avowal.inference.windows import special_ids
from avowal.train.corpora import find_corpus, read_articles, read_news
from avowal.train.intent_examples import (
    IntentExample,
    Teaching,
    annotated_examples,
    plover_examples,
)
from avowal.train.intent_teaching import IntentTeacher

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

    from avowal.train.intent import IntentArguments

# The groups of sentences that have root codes: those of PLV are cross-validated.
PLV, EVENTS = "plv", "event"


def read_examples(
    arguments: IntentArguments, tokenizer: PreTrainedTokenizerFast, device: str
) -> list[IntentExample]:
    """All sentences of a config: those of which it reads a share, those of news, and PLV.

    Args:
        device: what a teacher runs on, ``"cpu"`` or ``"cuda"``.
    """
    teacher = IntentTeacher(arguments.teacher, device) if arguments.teacher else None
    articles = read_articles(arguments.train_data, arguments.data_dir)
    drawn = labelled_examples(arguments, tokenizer, articles, teacher)
    drawn += _coded(arguments, tokenizer, EVENTS, teacher)
    examples = [replace(example, drawn=True) for example in drawn]
    if arguments.news_labels:
        # Documents that others are measured on are among these: no teacher is heard on them.
        news = read_news(arguments.news_labels, arguments.data_dir)
        examples += labelled_examples(arguments, tokenizer, news)
    return examples + _coded(arguments, tokenizer, PLV, teacher)


def with_shares(
    arguments: IntentArguments, examples: Sequence[IntentExample], seed: int
) -> list[IntentExample]:
    """What a run of `seed` reads: `annotated_share` of what is drawn from, and PLV repeated."""
    drawn = [e for e in examples if e.drawn]
    read = random.Random(seed).sample(drawn, round(arguments.annotated_share * len(drawn)))
    for example in examples:
        if not example.drawn:
            times = arguments.plover_repeat if example.group.startswith(f"{PLV}:") else 1
            read += [example] * times
    return read


def labelled_examples(
    arguments: IntentArguments,
    tokenizer: PreTrainedTokenizerFast,
    articles: Iterable[Article],
    teacher: Teaching | None = None,
) -> list[IntentExample]:
    """The labelled sentences of articles, as `intent_examples.annotated_examples` gives them."""
    backend = tokenizer.backend_tokenizer
    special = special_ids(backend, tokenizer.cls_token, tokenizer.sep_token)
    context, size = arguments.context, arguments.max_length
    return annotated_examples(articles, backend, special, context, size, teacher)


def _coded(
    arguments: IntentArguments,
    tokenizer: PreTrainedTokenizerFast,
    corpus: str,
    teacher: Teaching | None,
) -> list[IntentExample]:
    path, labels_path = {
        PLV: (arguments.plover, arguments.plover_labels),
        EVENTS: (arguments.events, arguments.event_labels),
    }[corpus]
    if not path:
        return []
    rows = read_plv(find_corpus(path, arguments.data_dir))
    labels = {}
    if labels_path:
        labels = read_plv_labels(find_corpus(labels_path, arguments.data_dir))
    backend = tokenizer.backend_tokenizer
    special = special_ids(backend, tokenizer.cls_token, tokenizer.sep_token)
    size = arguments.max_length
    return plover_examples(rows, labels, backend, special, size, corpus, teacher)
