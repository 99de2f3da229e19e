"""JSON values to `Article`, every field verified: the inverse of `Article.to_dict`."""

from __future__ import annotations

from typing import Any

from avowal.data.json_values import fail, items, known_fields, mapping, probability, string, whole
from avowal.data.records import (
    QUOTATIONS,
    Article,
    Quotation,
    Sentence,
    Span,
    Speaker,
    Statement,
)

_ARTICLE = frozenset({"id", "text", "meta", "sentences", "statements", "speakers"})
_SCORES = _ARTICLE - {"text"}
_SENTENCE = frozenset({"start", "end", "threat", "sanction"})
_STATEMENT = frozenset(
    {
        "speaker",
        "speaker_mention",
        "speaker_confidence",
        "source",
        "cue",
        "content",
        "quotation",
        "confidence",
        "threat",
        "sanction",
    }
)
_SPEAKER = frozenset({"name", "role", "mentions", "statements", "threats", "sanctions"})
_SPAN = frozenset({"start", "end", "text"})


def parse_article(record: dict[str, Any], *, with_text: bool = True) -> Article:
    """The article that `record` describes.

    Args:
        record: an object in the form of `Article.to_dict`. `sentences`, `statements`, `meta`,
            `speakers` and whatever may be null can be left out; a field of another name is an
            error.
        with_text: False for the form that `avowal score` writes, which has no text to check the
            offsets against; the article's text is then empty.

    Raises:
        ValueError: naming the first wrong field and what is wrong with it.
    """
    known_fields(
        record, "", _ARTICLE if with_text else _SCORES, ("id", "text") if with_text else ("id",)
    )
    text = string(record["text"], "text", empty=True) if with_text else None
    return Article(
        id=string(record["id"], "id"),
        text=text or "",
        sentences=tuple(
            _sentence(item, f"sentences[{i}]", text)
            for i, item in enumerate(items(record.get("sentences", []), "sentences"))
        ),
        statements=tuple(
            _statement(item, f"statements[{i}]", text)
            for i, item in enumerate(items(record.get("statements", []), "statements"))
        ),
        meta=mapping(record.get("meta", {}), "meta"),
        speakers=tuple(
            _speaker(item, f"speakers[{i}]", text)
            for i, item in enumerate(items(record.get("speakers", []), "speakers"))
        ),
    )


def _sentence(value: object, where: str, text: str | None) -> Sentence:
    record = known_fields(mapping(value, where), where, _SENTENCE, ("start", "end"))
    start, end = _offsets(record, where, text)
    return Sentence(
        start,
        end,
        threat=probability(record.get("threat"), f"{where}.threat"),
        sanction=probability(record.get("sanction"), f"{where}.sanction"),
    )


def _statement(value: object, where: str, text: str | None) -> Statement:
    record = known_fields(mapping(value, where), where, _STATEMENT, ("content",))
    speaker, source, cue = record.get("speaker"), record.get("source"), record.get("cue")
    mention = record.get("speaker_mention")
    return Statement(
        speaker=None if speaker is None else string(speaker, f"{where}.speaker"),
        source=None if source is None else _span(source, f"{where}.source", text),
        cue=None if cue is None else _span(cue, f"{where}.cue", text),
        content=tuple(
            _span(piece, f"{where}.content[{i}]", text)
            for i, piece in enumerate(items(record["content"], f"{where}.content"))
        ),
        quotation=_quotation(record.get("quotation"), f"{where}.quotation"),
        confidence=probability(record.get("confidence"), f"{where}.confidence"),
        threat=probability(record.get("threat"), f"{where}.threat"),
        sanction=probability(record.get("sanction"), f"{where}.sanction"),
        speaker_mention=None
        if mention is None
        else _span(mention, f"{where}.speaker_mention", text),
        speaker_confidence=probability(
            record.get("speaker_confidence"), f"{where}.speaker_confidence"
        ),
    )


def _speaker(value: object, where: str, text: str | None) -> Speaker:
    record = known_fields(mapping(value, where), where, _SPEAKER, ("name",))
    role = record.get("role")
    counts = {
        name: whole(record.get(name, 0), f"{where}.{name}")
        for name in ("statements", "threats", "sanctions")
    }
    for name, count in counts.items():
        if count < 0:
            fail(f"{where}.{name}", f"expected no less than 0, found {count}")
    return Speaker(
        name=string(record["name"], f"{where}.name"),
        role=None if role is None else string(role, f"{where}.role"),
        mentions=tuple(
            _span(item, f"{where}.mentions[{i}]", text)
            for i, item in enumerate(items(record.get("mentions", []), f"{where}.mentions"))
        ),
        **counts,
    )


def _span(value: object, where: str, text: str | None) -> Span:
    record = known_fields(mapping(value, where), where, _SPAN, ("start", "end", "text"))
    start, end = _offsets(record, where, text)
    words = string(record["text"], f"{where}.text")
    if len(words) != end - start or (text is not None and text[start:end] != words):
        fail(where, "text does not match offsets")
    return Span(start, end, words)


def _offsets(record: dict[str, Any], where: str, text: str | None) -> tuple[int, int]:
    start, end = whole(record["start"], f"{where}.start"), whole(record["end"], f"{where}.end")
    if not 0 <= start < end:
        fail(where, f"start {start} and end {end} are not 0 <= start < end")
    if text is not None and end > len(text):
        fail(where, f"end {end} is beyond the text, which has {len(text)} characters")
    return start, end


def _quotation(value: object, where: str) -> Quotation | None:
    if value is not None and value not in QUOTATIONS:
        fail(where, f"expected null or one of {', '.join(QUOTATIONS)}, found {value!r}")
    return value
