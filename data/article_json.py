"""JSON values to `Article`, every field verified: the inverse of `Article.to_dict`."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from avowal.data.records import QUOTATIONS, Article, Quotation, Sentence, Span, Statement
from avowal.data.utf8 import has_lone_surrogate

_ARTICLE = frozenset({"id", "text", "meta", "sentences", "statements"})
_SCORES = _ARTICLE - {"text"}
_SENTENCE = frozenset({"start", "end", "threat", "sanction"})
_STATEMENT = frozenset(
    {"speaker", "source", "cue", "content", "quotation", "confidence", "threat", "sanction"}
)
_SPAN = frozenset({"start", "end", "text"})


def parse_object(line: str) -> dict[str, Any]:
    """The JSON object that `line` holds.

    Raises:
        ValueError: saying why it holds none.
    """
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from None
    except (ValueError, RecursionError) as error:
        # a number of thousands of digits, or brackets nested by the thousand
        raise ValueError(f"not JSON that can be read: {error}") from None
    if not isinstance(value, dict):
        raise ValueError(f"a JSON {_kind(value)}, not an object")
    return value


def parse_article(record: dict[str, Any], *, with_text: bool = True) -> Article:
    """The article that `record` describes.

    Args:
        record: an object in the form of `Article.to_dict`. `sentences`, `statements`, `meta` and
            whatever may be null can be left out; a field of another name is an error.
        with_text: False for the form that `avowal score` writes, which has no text to check the
            offsets against; the article's text is then empty.

    Raises:
        ValueError: naming the first wrong field and what is wrong with it.
    """
    _fields(
        record, "", _ARTICLE if with_text else _SCORES, ("id", "text") if with_text else ("id",)
    )
    text = _string(record["text"], "text", empty=True) if with_text else None
    return Article(
        id=_string(record["id"], "id"),
        text=text or "",
        sentences=tuple(
            _sentence(item, f"sentences[{i}]", text)
            for i, item in enumerate(_list(record.get("sentences", []), "sentences"))
        ),
        statements=tuple(
            _statement(item, f"statements[{i}]", text)
            for i, item in enumerate(_list(record.get("statements", []), "statements"))
        ),
        meta=_object(record.get("meta", {}), "meta"),
    )


def _sentence(value: object, where: str, text: str | None) -> Sentence:
    record = _fields(_object(value, where), where, _SENTENCE, ("start", "end"))
    start, end = _offsets(record, where, text)
    return Sentence(
        start,
        end,
        threat=_probability(record.get("threat"), f"{where}.threat"),
        sanction=_probability(record.get("sanction"), f"{where}.sanction"),
    )


def _statement(value: object, where: str, text: str | None) -> Statement:
    record = _fields(_object(value, where), where, _STATEMENT, ("content",))
    speaker, source, cue = record.get("speaker"), record.get("source"), record.get("cue")
    return Statement(
        speaker=None if speaker is None else _string(speaker, f"{where}.speaker"),
        source=None if source is None else _span(source, f"{where}.source", text),
        cue=None if cue is None else _span(cue, f"{where}.cue", text),
        content=tuple(
            _span(piece, f"{where}.content[{i}]", text)
            for i, piece in enumerate(_list(record["content"], f"{where}.content"))
        ),
        quotation=_quotation(record.get("quotation"), f"{where}.quotation"),
        confidence=_probability(record.get("confidence"), f"{where}.confidence"),
        threat=_probability(record.get("threat"), f"{where}.threat"),
        sanction=_probability(record.get("sanction"), f"{where}.sanction"),
    )


def _span(value: object, where: str, text: str | None) -> Span:
    record = _fields(_object(value, where), where, _SPAN, ("start", "end", "text"))
    start, end = _offsets(record, where, text)
    words = _string(record["text"], f"{where}.text")
    if len(words) != end - start or (text is not None and text[start:end] != words):
        _fail(where, "text does not match offsets")
    return Span(start, end, words)


def _offsets(record: dict[str, Any], where: str, text: str | None) -> tuple[int, int]:
    start, end = record["start"], record["end"]
    for name, offset in (("start", start), ("end", end)):
        if type(offset) is not int:
            _fail(f"{where}.{name}", f"expected a whole number, found {_kind(offset)}")
    if not 0 <= start < end:
        _fail(where, f"start {start} and end {end} are not 0 <= start < end")
    if text is not None and end > len(text):
        _fail(where, f"end {end} is beyond the text, which has {len(text)} characters")
    return start, end


def _quotation(value: object, where: str) -> Quotation | None:
    if value is not None and value not in QUOTATIONS:
        _fail(where, f"expected null or one of {', '.join(QUOTATIONS)}, found {value!r}")
    return value


def _probability(value: object, where: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        _fail(where, f"expected null or a number from 0 to 1, found {_kind(value)}")
    if not 0 <= value <= 1:
        _fail(where, f"expected null or a number from 0 to 1, found {value}")
    return float(value)


def _string(value: object, where: str, *, empty: bool = False) -> str:
    if not isinstance(value, str):
        _fail(where, f"expected a string, found {_kind(value)}")
    if not value and not empty:
        _fail(where, "is empty")
    if has_lone_surrogate(value):
        _fail(where, "holds half of a surrogate pair")
    return value


def _list(value: object, where: str) -> list[Any]:
    if not isinstance(value, list):
        _fail(where, f"expected a list, found {_kind(value)}")
    return value


def _object(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        _fail(where, f"expected an object, found {_kind(value)}")
    return value


def _fields(
    record: dict[str, Any], where: str, known: frozenset[str], required: tuple[str, ...]
) -> dict[str, Any]:
    prefix = f"{where}." if where else ""
    for name in required:
        if name not in record:
            _fail(f"{prefix}{name}", "is missing")
    for name in record:
        if name not in known:
            _fail(f"{prefix}{name}", f"unknown field (known: {', '.join(sorted(known))})")
    return record


def _fail(where: str, problem: str) -> NoReturn:
    raise ValueError(f"{where}: {problem}")


def _kind(value: object) -> str:
    """What JSON calls the type of `value`."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "list"
        case _:
            return "object"
