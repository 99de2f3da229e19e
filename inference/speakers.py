"""An article's statements with their speakers, and the list of those who speak in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from avowal.data.records import Article, Speaker, Statement
from avowal.inference.resolve import ResolvedSpeaker, SpeakerResolver

_YES = 0.5


def with_speakers(article: Article, resolver: SpeakerResolver) -> Article:
    """Name the speaker of each statement of `article`, and list the speakers with their counts."""
    found = resolver.resolve(
        article.text,
        [statement.source for statement in article.statements],
        [statement.content for statement in article.statements],
        [(sentence.start, sentence.end) for sentence in article.sentences] or None,
    )
    statements = tuple(
        statement
        if speaker is None
        else replace(
            statement,
            speaker=speaker.name,
            speaker_mention=speaker.mention,
            speaker_confidence=speaker.confidence,
        )
        for statement, speaker in zip(article.statements, found, strict=True)
    )
    return replace(article, statements=statements, speakers=_listed(statements, found))


def _listed(
    statements: Sequence[Statement], found: Sequence[ResolvedSpeaker | None]
) -> tuple[Speaker, ...]:
    own: defaultdict[int, list[Statement]] = defaultdict(list)
    speakers: dict[int, ResolvedSpeaker] = {}
    for statement, speaker in zip(statements, found, strict=True):
        if speaker is not None:
            own[speaker.entity].append(statement)
            speakers.setdefault(speaker.entity, speaker)
    return tuple(
        Speaker(
            speaker.name,
            speaker.role,
            speaker.mentions,
            len(own[entity]),
            sum((statement.threat or 0.0) >= _YES for statement in own[entity]),
            sum((statement.sanction or 0.0) >= _YES for statement in own[entity]),
        )
        for entity, speaker in speakers.items()
    )
