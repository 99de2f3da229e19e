"""What a joint config trains on: its corpora read, and all of them as windows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from avowal.data.label_rows import read_plv_labels
from avowal.data.plover import PloverSentence, read_plv
from avowal.data.records import Article
from avowal.inference.labels import TokenSpan
from avowal.inference.windows import WindowBuilder, special_ids, tokenize
from avowal.train.attribution_features import CueLexicon
from avowal.train.corpora import find_corpus, held_back, read_articles, read_news
from avowal.train.encoders import find_encoder, load_tokenizer
from avowal.train.joint_candidates import false_candidates, is_joint_model
from avowal.train.joint_features import JointWindow, article_windows, coded_window

if TYPE_CHECKING:
    from avowal.train.joint import JointArguments


class JointData:
    """All windows of a config: `coded` by the position of their sentence in PLV, and `others`."""

    def __init__(self, arguments: JointArguments, seed: int, device: str) -> None:
        self.path = find_encoder(arguments.encoder)
        self.tokenizer = load_tokenizer(self.path)
        backend = self.tokenizer.backend_tokenizer
        self._arguments = arguments
        self._device = device
        self._builder = WindowBuilder(
            special_ids(backend, self.tokenizer.cls_token, self.tokenizer.sep_token),
            "token_type_ids",
            paragraphs=True,
        )
        attributed, labelled = self._articles()
        self.held_back = [a for a in attributed if held_back(a.id, arguments.held_back)]
        train = [a for a in attributed if not held_back(a.id, arguments.held_back)]
        if not train or not self.held_back:
            raise ValueError(
                f"{len(train)} articles to train on and {len(self.held_back)} held back: both "
                "need at least one"
            )
        lexicon = CueLexicon.of(train)
        rng = random.Random(seed)
        others = [
            *self._windows(train, lexicon, rng, attributed=True),
            *self._windows(labelled, lexicon, rng, attributed=False),
        ]
        _, events = self._coded(arguments.events, arguments.event_labels)
        others += events
        self.others = rng.sample(others, round(arguments.share * len(others)))
        self.coded_rows, self.coded = self._coded(arguments.plover, arguments.plover_labels)

    def _articles(self) -> tuple[list[Article], list[Article]]:
        """Articles with annotated attributions, and those whose sentences alone are labelled."""
        given = self._arguments
        news = {}
        if given.news_labels:
            news = {a.id: a for a in read_news(given.news_labels, given.data_dir)}
        attributed = []
        for path in given.train_data:
            for article in read_articles([path], given.data_dir):
                known = news.pop(f"{path}/{article.id}", None)
                attributed.append(replace(article, sentences=known.sentences) if known else article)
        labelled = read_articles(given.label_data, given.data_dir)
        return attributed, [*labelled, *news.values()]

    def _windows(
        self, articles: Sequence[Article], lexicon: CueLexicon, rng: random.Random, **kind: bool
    ) -> list[JointWindow]:
        given = self._arguments
        texts = [article.text for article in articles]
        read = tokenize(self.tokenizer.backend_tokenizer, texts)
        candidates: list[list[TokenSpan]] = [[] for _ in articles]
        if kind["attributed"] and is_joint_model(self.path):
            candidates = false_candidates(self.path, articles, read, self._device)
        return [
            window
            for article, tokens, false in zip(articles, read, candidates, strict=True)
            for window in article_windows(
                article,
                tokens,
                self._builder,
                given.window,
                given.train_overlap,
                attributed=kind["attributed"],
                lexicon=lexicon,
                candidates=false,
                false_rate=given.false_cues,
                jitter=given.cue_jitter,
                rng=rng,
            )
        ]

    def _coded(
        self, path: str | None, labels_path: str | None
    ) -> tuple[list[PloverSentence], list[JointWindow]]:
        given = self._arguments
        if not path:
            return [], []
        sentences = list(read_plv(find_corpus(path, given.data_dir)))
        labels = {}
        if labels_path:
            labels = read_plv_labels(find_corpus(labels_path, given.data_dir))
        tokens = tokenize(self.tokenizer.backend_tokenizer, [s.text for s in sentences])
        return sentences, [
            coded_window(sentence, labels.get(sentence.id), its, self._builder, given.window)
            for sentence, its in zip(sentences, tokens, strict=True)
        ]
