"""`avowal.inference.speakers`: statements with their speakers, and the list of them."""

from __future__ import annotations

from avowal.data.records import Article, Span, Statement
from avowal.inference.resolve import SpeakerResolver
from avowal.inference.speakers import with_speakers

TEXT = (
    "Foreign Minister Ana Belu warned that the port would close. “We mean it,” she said. "
    "A sailor said it was raining."
)


def statement(source: str, content: str, threat: float) -> Statement:
    def span(words: str) -> Span:
        at = TEXT.index(words)
        return Span.of(TEXT, at, at + len(words))

    return Statement(span(source), cue=None, content=(span(content),), threat=threat, sanction=0.1)


def test_an_articles_speakers_are_listed_with_their_counts() -> None:
    article = Article(
        "a",
        TEXT,
        statements=(
            statement("Foreign Minister Ana Belu", "that the port would close", 0.9),
            statement("she", "“We mean it,”", 0.6),
            statement("A sailor", "it was raining", 0.0),
            Statement(None, None, (Span.of(TEXT, 0, 7),)),
        ),
    )
    found = with_speakers(article, SpeakerResolver())
    assert [s.speaker for s in found.statements] == ["Ana Belu", "Ana Belu", "A sailor", None]
    belu, sailor = found.speakers
    assert (belu.name, belu.role) == ("Ana Belu", "Foreign Minister")
    assert (belu.statements, belu.threats, belu.sanctions) == (2, 2, 0)
    assert [span.text for span in belu.mentions] == ["Ana Belu", "she"]
    assert (sailor.name, sailor.role, sailor.statements) == ("A sailor", None, 1)
    for named in found.statements[:3]:
        assert named.speaker_mention is not None
        assert named.speaker_mention.text == named.speaker
        assert named.speaker_confidence is not None
        assert named.speaker_confidence > 0.5
    assert found.statements[3].speaker_confidence is None
