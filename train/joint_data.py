"""What a joint config trains on: its corpora read, and all of them as windows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from avowal.data.label_rows import read_news_labels, read_plv_labels
from avowal.data.plover import PloverSentence, read_plv
from avowal.data.records import Article
from avowal.inference.labels import TokenSpan
from avowal.inference.windows import Tokens, WindowBuilder, special_ids, tokenize
from avowal.train.attribution_features import CueLexicon
from avowal.train.corpora import find_corpus, held_back, read_articles, read_news, read_texts
from avowal.train.encoders import find_encoder, load_tokenizer
from avowal.train.joint_candidates import false_candidates, is_joint_model
from avowal.train.joint_features import (
    Cue,
    JointWindow,
    Taught,
    article_cues,
    article_windows,
    coded_window,
)
from avowal.train.joint_teaching import Teacher, with_all_sentences

if TYPE_CHECKING:
    from avowal.train.joint import JointArguments


class JointData:
    """All windows of a config: `coded` by the position of their sentence in PLV, and `others`."""

    def __init__(self, arguments: JointArguments, seed: int, device: str, folder: Path) -> None:
        for name in ("teacher_share", "masked_tokens"):
            if not 0 <= (share := getattr(arguments, name)) <= 1:
                raise ValueError(f"{name} is between 0 and 1, not {share:g}")
        teacher = _teacher(arguments, device, folder)
        self.path = find_encoder(arguments.encoder)
        self.tokenizer = load_tokenizer(self.path)
        if arguments.masked_tokens and self.tokenizer.mask_token_id is None:
            raise ValueError(f"masked_tokens: the tokenizer of {self.path} has no mask token")
        backend = self.tokenizer.backend_tokenizer
        self._arguments = arguments
        self._device = device
        self._builder = WindowBuilder(
            special_ids(backend, self.tokenizer.cls_token, self.tokenizer.sep_token),
            "token_type_ids",
            paragraphs=True,
        )
        attributed, labelled, news = self._articles()
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
            *self._windows(train, self._cues(train, lexicon, rng), teacher),
            *self._windows(labelled, None, teacher),
            # Documents that others are measured on are among these: no teacher is heard on them.
            *self._windows(news, None, None),
        ]
        _, events = self._coded(arguments.events, arguments.event_labels)
        others += events
        self.others = rng.sample(others, round(arguments.share * len(others)))
        self.coded_rows, self.coded = self._coded(arguments.plover, arguments.plover_labels)

    def _articles(self) -> tuple[list[Article], list[Article], list[Article]]:
        """Articles with annotated attributions, others without, and labelled news."""
        given = self._arguments
        news: dict[str, Article] = {}
        measured: dict[str, list[tuple[int, int]]] = {}
        if given.news_labels:
            news = {a.id: a for a in read_news(given.news_labels, given.data_dir)}
            for row in read_news_labels(find_corpus(given.news_labels, given.data_dir)):
                if row.part != "train":
                    measured.setdefault(row.document, []).append((row.start, row.end))

        def known(path: str, article: Article) -> Article:
            name = f"{path}/{article.id}"
            if labelled := news.pop(name, None):
                article = replace(article, sentences=labelled.sentences)
            if given.teacher:
                article = with_all_sentences(article, measured.get(name, ()))
            return article

        return (
            [known(p, a) for p in given.train_data for a in read_articles([p], given.data_dir)],
            [known(p, a) for p in given.label_data for a in read_texts([p], given.data_dir)],
            list(news.values()),
        )

    def _windows(
        self,
        articles: Sequence[Article],
        cues: Sequence[Sequence[Cue]] | None,
        teacher: Teacher | None,
    ) -> list[JointWindow]:
        """Windows of articles with the cues that are annotated in them, or None."""
        given = self._arguments
        read = self._tokens(articles)
        its_cues: Sequence[Sequence[Cue]] = cues or [[] for _ in articles]
        answers: Sequence[Taught | None] = [None] * len(articles)
        if teacher and articles:
            asked = [[cue.span for cue in its] for its in cues] if cues else None
            told = teacher.answers(articles, read, asked)
            answers = [taught for _, taught in told]
            its_cues = cues or [[Cue(span, None) for span in spans] for spans, _ in told]
        return [
            window
            for article, tokens, marks, taught in zip(
                articles, read, its_cues, answers, strict=True
            )
            for window in article_windows(
                article,
                tokens,
                marks,
                self._builder,
                given.window,
                given.train_overlap,
                attributed=cues is not None,
                taught=taught,
                share=given.teacher_share,
            )
        ]

    def _cues(
        self, articles: Sequence[Article], lexicon: CueLexicon, rng: random.Random
    ) -> list[list[Cue]]:
        given = self._arguments
        read = self._tokens(articles)
        candidates: list[list[TokenSpan]] = [[] for _ in articles]
        if is_joint_model(self.path):
            candidates = false_candidates(self.path, articles, read, self._device)
        return [
            article_cues(article, tokens, lexicon, false, given.false_cues, given.cue_jitter, rng)
            for article, tokens, false in zip(articles, read, candidates, strict=True)
        ]

    def _tokens(self, articles: Sequence[Article]) -> list[Tokens]:
        return tokenize(self.tokenizer.backend_tokenizer, [article.text for article in articles])

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


def _teacher(arguments: JointArguments, device: str, folder: Path) -> Teacher | None:
    other = arguments.intent_teacher
    if not arguments.teacher:
        if other:
            raise ValueError("intent_teacher: it is asked beside a teacher, and there is none")
        return None
    return Teacher(
        find_encoder(arguments.teacher),
        device,
        folder / "teaching",
        find_encoder(other) if other else None,
    )
