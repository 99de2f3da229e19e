"""Questions of speaker resolution with their right answers, out of annotated articles.

The resolver itself asks the questions; it is answered by the gold, so that what it knows of earlier
speakers is right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from avowal.data.gum_coreference import CoreferenceDocument, EntityMention, MentionForm
from avowal.data.records import Article, Span
from avowal.inference.names import plain
from avowal.inference.resolve import Resolution
from avowal.inference.source_phrases import read_source
from avowal.inference.speaker_features import Question

SPEAKING = ("person", "organization", "place")  # GUM's types of what may speak


@dataclass(frozen=True, slots=True)
class Example:
    """A question with the candidates that answer it rightly."""

    question: Question
    right: tuple[int, ...]
    document: str


def annotated_examples(article: Article) -> list[Example]:
    """The questions of an article with gold statements and speakers."""
    statements = article.statements

    def answers(question: Question) -> list[int]:
        gold = statements[question.index].speaker
        if gold is None:
            return _unnamed(question)
        named = [
            i
            for i, e in enumerate(question.candidates)
            if e and e.named and same_name(e.name, gold)
        ]
        if not named and gold.casefold() == gold:
            return _unnamed(question)
        return named

    return _ask(article, [s.source for s in statements], [s.content for s in statements], answers)


def coreference_examples(document: CoreferenceDocument) -> list[Example]:
    """The questions of a document of GUM."""
    gold = GoldEntities(document)

    def answers(question: Question) -> list[int]:
        entity = gold.of_span(question.source.start, question.source.end)
        if entity is None:
            return []
        right = [
            i
            for i, e in enumerate(question.candidates)
            if e and gold.means(e.name, *e.span, entity)
        ]
        if not right and entity not in gold.named:
            return _unnamed(question)
        return right

    sources = document.sources
    return _ask(document.article, [s.span for s in sources], [s.content for s in sources], answers)


def _unnamed(question: Question) -> list[int]:
    return [i for i, e in enumerate(question.candidates) if e is None or not e.named]


def _ask(
    article: Article,
    sources: Sequence[Span | None],
    contents: Sequence[Sequence[Span]],
    answers: Callable[[Question], list[int]],
) -> list[Example]:
    found: list[Example] = []

    def choose(question: Question) -> tuple[int, float]:
        right = answers(question)
        nobody = question.candidates.index(None)
        if right and len(question.candidates) > 1:
            found.append(Example(question, tuple(right), article.id))
        last = [i for i in right if i != nobody and question.candidates[i]]
        return (last[0] if len(last) == 1 else nobody), 1.0

    Resolution(article.text, sources, contents, choose).speakers()
    return found


def same_name(name: str, gold: str) -> bool:
    """Whether two names differ in case, the article or the shape of the apostrophe alone."""
    return _plain_name(name) == _plain_name(gold)


def _plain_name(name: str) -> str:
    return " ".join(plain(word) for word in name.split()).removeprefix("the ")


class GoldEntities:
    """Which gold entity a span of a GUM document means, and which have a name."""

    def __init__(self, document: CoreferenceDocument) -> None:
        self.document = document
        self.types = {mention.entity: mention.type for mention in document.mentions}
        self.named = {
            mention.entity
            for mention in document.mentions
            if mention.form == "name" and mention.type in SPEAKING
        }

    def is_name_of(self, name: str, entity: str) -> bool:
        """Whether a gold mention of `entity` has `name` at its head."""
        text = self.document.article.text
        return any(
            same_name(text[mention.heads[0][0] : mention.heads[-1][1]], name)
            or same_name(text[mention.start : mention.end], name)
            for mention in self.document.mentions
            if mention.entity == entity and mention.form == "name"
        )

    def means(self, name: str, start: int, end: int, entity: str) -> bool:
        """Whether words that stand at `[start, end)` mean `entity`."""
        return self.of_span(start, end) == entity or self.is_name_of(name, entity)

    def is_fullest(self, name: str, entity: str) -> bool:
        """Whether no gold mention of `entity` has a longer name that ends in `name`."""
        text, words = self.document.article.text, _plain_name(name).split()
        for mention in self.document.mentions:
            if mention.entity == entity and mention.form == "name":
                full = _plain_name(read_source(text[mention.start : mention.end]).name).split()
                if len(full) > len(words) and full[-len(words) :] == words:
                    return False
        return True

    def of_span(self, start: int, end: int) -> str | None:
        """The entity of the mention that covers a span best, where its head lies within."""
        mention = self._mention_of(start, end)
        return mention.entity if mention else None

    def form_of(self, start: int, end: int) -> MentionForm:
        """The form of that mention."""
        mention = self._mention_of(start, end)
        return mention.form if mention else "description"

    def _mention_of(self, start: int, end: int) -> EntityMention | None:
        found, best = None, 0.0
        for mention in self.document.mentions:
            if mention.end <= start or mention.start >= end:
                continue
            if not any(start <= first and last <= end for first, last in mention.heads):
                continue
            shared = min(end, mention.end) - max(start, mention.start)
            likeness = 2 * shared / (end - start + mention.end - mention.start)
            if likeness > best:
                found, best = mention, likeness
        return found
