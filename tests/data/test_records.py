"""What records look like to someone who prints them."""

from __future__ import annotations

from avowal import Article, Sentence, Span, Statement

TEXT = "“We will answer,” Minister Ana Belu said."


def test_records_say_what_they_hold() -> None:
    source, cue, content = Span.of(TEXT, 18, 35), Span.of(TEXT, 36, 40), Span.of(TEXT, 0, 17)
    statement = Statement(
        source, cue, (content,), "Ana Belu", "direct", confidence=0.934, threat=0.98, sanction=0.024
    )
    sentence = Sentence(0, 41, 0.98, 0.024)
    assert repr(source) == "Span(18, 35, 'Minister Ana Belu')"
    assert repr(sentence) == "Sentence(0, 41, threat=0.98, sanction=0.02)"
    assert repr(statement) == (
        "Statement(speaker='Ana Belu', source='Minister Ana Belu', cue='said', "
        "content='“We will answer,”', quotation=direct, "
        "confidence=0.93, threat=0.98, sanction=0.02)"
    )
    assert repr(Article("a.txt", TEXT, (sentence,), (statement, statement))) == (
        "<Article 'a.txt': 41 characters, 1 sentence, 2 statements>"
    )


def test_what_is_not_there_is_left_out_and_what_is_long_is_shortened() -> None:
    piece = Span.of("no " * 40, 0, 119)
    assert repr(Statement(None, None, (piece, piece))) == (
        f"Statement(content={('no ' * 20)[:59] + '…'!r})"
    )
    assert repr(Sentence(0, 4)) == "Sentence(0, 4)"
    assert len(repr(piece)) < 80


def test_nothing_in_a_text_breaks_the_line() -> None:
    hostile = "\x1b[31m\n\u202e"
    assert "\n" not in repr(Span(0, 8, hostile))
    assert "\x1b" not in repr(Article(hostile, hostile))
