"""Scored articles of any number, made by rule: texts, scores and the folder that holds them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from avowal import Article, Sentence, Span, Statement
from avowal.data.jsonl import write_article
from avowal.data.records import Speaker

SPEAKERS = [
    f"{first} {last}"
    for first in ("Ana", "Bo", "Cy", "Dara", "Eno", "Fia", "Gil", "Hana")
    for last in ("Belu", "Castor", "Drav", "Elm", "Fenn")
]
WORDS = ("the", "harbour", "council", "of", "Norvale", "will", "close", "strait", "and", "grain")
HOSTILE = (
    "<script>window.hacked=1</script>"
    '<img src=x onerror="window.hacked=1">\u202eevil\u2066 </script>'
)


def write_scored(articles: list[Article], folder: Path) -> tuple[Path, Path]:
    """Write `articles` as texts and scores; returns the scores' file and the texts' folder."""
    texts, scores = folder / "articles", folder / "scores.jsonl"
    for article in articles:
        path = texts / article.id
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article.text, encoding="utf-8", newline="")
    with scores.open("w", encoding="utf-8", newline="\n") as handle:
        for article in articles:
            write_article(article, handle, with_text=False)
    return scores, texts


def made_articles(count: int, statements: int = 25) -> Iterator[Article]:
    """Articles of a hundred and eighty characters a statement, dated by their ids.

    One statement in ten is a threat, one in ten a sanction.
    """
    chance = random.Random(7)
    for number in range(count):
        day = date(2026, 1, 1) + timedelta(days=number % 200)
        yield made_article(f"{day:%Y/%m/%d}/item-{number:05}.txt", statements, chance)


def made_article(article_id: str, count: int, chance: random.Random) -> Article:
    text, sentences, statements = "", [], []
    for number in range(count):
        speaker = chance.choice(SPEAKERS)
        content = " ".join(chance.choices(WORDS, k=30))
        start = len(text)
        text += f"{speaker} said {content}.\n\n"
        cue = start + len(speaker) + 1
        label = chance.randrange(10)
        threat, sanction = (0.93 if label == 0 else 0.04), (0.88 if label == 1 else 0.02)
        sentences.append(Sentence(start, len(text) - 2, threat, sanction))
        statements.append(
            Statement(
                Span.of(text, start, start + len(speaker)),
                Span.of(text, cue, cue + 4),
                (Span.of(text, cue + 5, len(text) - 3),),
                None if number % 10 == 9 else speaker,
                "indirect",
                0.9,
                threat,
                sanction,
            )
        )
    return Article(
        article_id, text, tuple(sentences), tuple(statements), speakers=speakers_of(statements)
    )


def speakers_of(statements: list[Statement]) -> tuple[Speaker, ...]:
    """The speakers of `statements`, in the order of their first one; a Belu has a role."""
    own: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.speaker:
            own.setdefault(statement.speaker, []).append(statement)
    return tuple(
        Speaker(
            name,
            "Harbour Minister" if name.endswith("Belu") else None,
            tuple(statement.source for statement in said if statement.source),
            len(said),
            sum((statement.threat or 0) >= 0.5 for statement in said),
            sum((statement.sanction or 0) >= 0.5 for statement in said),
        )
        for name, said in own.items()
    )
