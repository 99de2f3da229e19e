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

# The parts of what a config reads; PLV's is cross-validated.
PASSAGES, EVENTS, NEWS, PLV = "passages", "events", "news", "plv"


def read_examples(
    arguments: IntentArguments, tokenizer: PreTrainedTokenizerFast, device: str
) -> list[IntentExample]:
    """All sentences of a config, by part: passages, events, news and PLV.

    Args:
        device: what a teacher runs on, ``"cpu"`` or ``"cuda"``.
    """
    teacher = IntentTeacher(arguments.teacher, device) if arguments.teacher else None
    articles = read_articles(arguments.train_data, arguments.data_dir)
    parts = {
        PASSAGES: labelled_examples(arguments, tokenizer, articles, teacher),
        EVENTS: _coded(arguments, tokenizer, EVENTS, teacher),
    }
    if arguments.news_labels:
        # Documents that others are measured on are among these: no teacher is heard on them.
        news = read_news(arguments.news_labels, arguments.data_dir)
        parts[NEWS] = labelled_examples(arguments, tokenizer, news)
    parts[PLV] = _coded(arguments, tokenizer, PLV, teacher)
    return [replace(example, part=part) for part, read in parts.items() for example in read]


def with_shares(
    arguments: IntentArguments, examples: Sequence[IntentExample], seed: int
) -> list[IntentExample]:
    """What a run of `seed` reads: shares of the passages and events, all news, and PLV repeated."""
    shares = {PASSAGES: arguments.annotated_share, EVENTS: arguments.events_share}
    chance = random.Random(seed)
    read: list[IntentExample] = []
    for part in (PASSAGES, EVENTS, NEWS, PLV):
        of_part = [example for example in examples if example.part == part]
        share = shares.get(part, 1.0)
        if share < 1:
            of_part = chance.sample(of_part, round(share * len(of_part)))
        times = arguments.plover_repeat if part == PLV else 1
        read += [example for example in of_part for _ in range(times)]
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
