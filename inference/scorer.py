"""The whole pipeline: articles in, articles with sentences and statements out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Protocol

from avowal.data.records import Article, Sentence, Span, Statement
from avowal.inference.attribution import Attributor
from avowal.inference.intent import SentenceIntents
from avowal.inference.resolve import SpeakerResolver
from avowal.inference.sentences import split_sentences
from avowal.inference.speakers import with_speakers


class Document(Protocol):
    """What `Scorer.stream` takes beside plain texts: anything with an id and a text."""

    @property
    def id(self) -> str: ...

    @property
    def text(self) -> str: ...


class Scorer:
    """Scores articles with an attribution and an intent model, and names the speakers.

    Made by `avowal.load`. One scorer may be used again and again, by several threads at a time.
    """

    def __init__(
        self,
        attributor: Attributor,
        intent: SentenceIntents,
        resolver: SpeakerResolver | None = None,
    ) -> None:
        self.attributor = attributor
        self.intent = intent
        self.resolver = resolver or SpeakerResolver()

    def score(self, texts: Sequence[str]) -> list[Article]:
        """Score texts at once.

        Args:
            texts: article texts; offsets in the results count their code points.

        Returns:
            An `Article` for each text, in order, with the text's index as its id.
        """
        return list(self.stream(texts))

    def stream(
        self,
        documents: Iterable[str | Document],
        batch_size: int = 16,
        batch_characters: int = 200_000,
    ) -> Iterator[Article]:
        """Score documents as they come, in order, holding one batch in memory.

        Args:
            documents: texts, or objects with `id` and `text`; a text's id is its place, from 0. The
                next is asked for only when the batch before it has been given out.
            batch_size: the most documents scored together.
            batch_characters: the most characters scored together, unless one document has more.
        """
        if isinstance(documents, str):
            raise TypeError("a list of texts is needed, not one text: write [text]")
        return self._batches(documents, batch_size, batch_characters)

    def _batches(
        self, documents: Iterable[str | Document], batch_size: int, batch_characters: int
    ) -> Iterator[Article]:
        batch: list[Article] = []
        held = 0
        for place, document in zip(count(), documents):
            article = (
                Article(str(place), document)
                if isinstance(document, str)
                else Article(document.id, document.text)
            )
            if batch and held + len(article.text) > batch_characters:
                yield from self._score(batch)
                batch, held = [], 0
            batch.append(article)
            held += len(article.text)
            if len(batch) >= batch_size or held >= batch_characters:
                yield from self._score(batch)
                batch, held = [], 0
        if batch:
            yield from self._score(batch)

    def _score(self, articles: Sequence[Article]) -> Iterator[Article]:
        texts = [article.text for article in articles]
        boundaries = [split_sentences(text) for text in texts]
        read = self.attributor.read(texts)
        intents = self.intent(texts, boundaries, read)
        found = self.attributor.find(texts, *read)
        for article, spans, scores, statements in zip(
            articles, boundaries, intents, found, strict=True
        ):
            sentences = tuple(
                Sentence(start, end, float(threat), float(sanction))
                for (start, end), (threat, sanction) in zip(spans, scores, strict=True)
            )
            labelled = replace(
                article, sentences=sentences, statements=with_intent(statements, sentences)
            )
            yield with_speakers(labelled, self.resolver)


def with_intent(
    statements: Sequence[Statement], sentences: Sequence[Sentence]
) -> tuple[Statement, ...]:
    """Give each statement the highest threat and sanction of the sentences its content is in."""
    starts = [sentence.start for sentence in sentences]
    out = []
    for statement in statements:
        touched = {i for piece in statement.content for i in _touched(piece, sentences, starts)}
        labels = [sentences[i] for i in touched]
        out.append(
            replace(
                statement,
                threat=max((s.threat or 0.0 for s in labels), default=0.0),
                sanction=max((s.sanction or 0.0 for s in labels), default=0.0),
            )
        )
    return tuple(out)


def _touched(piece: Span, sentences: Sequence[Sentence], starts: list[int]) -> Iterator[int]:
    index = max(0, bisect_right(starts, piece.start) - 1)
    while index < len(sentences) and sentences[index].start < piece.end:
        if sentences[index].end > piece.start:
            yield index
        index += 1
