"""What a format cannot hold, taken out of an article and counted.

A format's module lists its reductions; what is left after all of them is what it writes, and what
its reader gives back. They are applied in order, and twice is the same as once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from avowal.data.records import Article, Sentence

Losses = Counter[str]
Reduction = Callable[[Article, Losses], Article]


def reduced(article: Article, reductions: Iterable[Reduction], losses: Losses) -> Article:
    """`article` as the format with these reductions holds it; `losses` counts what is not."""
    for reduce in reductions:
        article = reduce(article, losses)
    return article


def without_meta(article: Article, losses: Losses) -> Article:
    losses["facts about articles (meta)"] += len(article.meta)
    return replace(article, meta={})


def without_unmarked_statements(article: Article, losses: Losses) -> Article:
    """For formats of marks: a statement with no source, cue or content has nowhere to stand."""
    kept = tuple(s for s in article.statements if s.source or s.cue or s.content)
    losses["statements without a source, cue or content"] += len(article.statements) - len(kept)
    return replace(article, statements=kept)


def without_speakers(article: Article, losses: Losses) -> Article:
    return _without("speaker", "speakers", without_speaker_details(article, losses), losses)


def without_speaker_details(article: Article, losses: Losses) -> Article:
    """For formats that hold a speaker's name alone."""
    losses["lists of speakers"] += bool(article.speakers)
    article = _without("speaker_mention", "mentions that name speakers", article, losses)
    article = _without("speaker_confidence", "confidences in speakers", article, losses)
    return replace(article, speakers=())


def without_quotations(article: Article, losses: Losses) -> Article:
    return _without("quotation", "kinds of quotation", article, losses)


def without_confidences(article: Article, losses: Losses) -> Article:
    return _without("confidence", "confidences in statements", article, losses)


def without_statement_labels(article: Article, losses: Losses) -> Article:
    article = _without("threat", "threat labels of statements", article, losses)
    return _without("sanction", "sanction labels of statements", article, losses)


def _without(field: str, name: str, article: Article, losses: Losses) -> Article:
    losses[name] += sum(getattr(s, field) is not None for s in article.statements)
    nothing: dict[str, Any] = {field: None}
    return replace(article, statements=tuple(replace(s, **nothing) for s in article.statements))


def rounded_scores(article: Article, losses: Losses) -> Article:
    """For formats of yes and no: a probability is yes from 0.5 on."""

    def rounded(score: float | None) -> float | None:
        if score is None or score in (0.0, 1.0):
            return score
        losses["probabilities of threat and sanction (yes from 0.5 on)"] += 1
        return float(score >= 0.5)

    return replace(
        article,
        sentences=tuple(
            replace(s, threat=rounded(s.threat), sanction=rounded(s.sanction))
            for s in article.sentences
        ),
        statements=tuple(
            replace(s, threat=rounded(s.threat), sanction=rounded(s.sanction))
            for s in article.statements
        ),
    )


def wholly_judged_sentences(article: Article, losses: Losses) -> Article:
    """For formats of one label a sentence: where one of the two is unjudged it becomes no."""

    def judged(sentence: Sentence) -> Sentence:
        if (sentence.threat is None) == (sentence.sanction is None):
            return sentence
        losses["unjudged labels of sentences beside judged ones (no)"] += 1
        return replace(sentence, threat=sentence.threat or 0.0, sanction=sentence.sanction or 0.0)

    return replace(article, sentences=tuple(judged(s) for s in article.sentences))
