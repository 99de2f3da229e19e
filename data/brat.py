"""Reader of brat standoff as PolNeAR uses it, and of what avowal adds to its scheme.

A part of the corpus holds `text/NAME.txt` beside `attributions/NAME_ANNOTATOR.ann`. Added are
sentences, as text-bound annotations of the type Sentence; the attributes Threat and Sanction (yes
or no) of sentences and attributions; Quotation (direct, indirect or mixed) of attributions; and an
attribution's speaker, as an annotator's note that begins with "speaker: ".

Source: Newell et al. (2018), "An Attribution Relations Corpus for Political News" (PolNeAR); the
standoff format is brat's, https://brat.nlplab.org/standoff.html.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from avowal.data.errors import FormatError
from avowal.data.records import QUOTATIONS, Article, Sentence, Span, Statement

_ROLES = ("source", "cue", "content")
_TEXT_BOUND = re.compile(r"T\d+")
_EVENT = re.compile(r"E\d+")
_ATTRIBUTE = re.compile(r"[AM]\d+")
_KNOWN = re.compile(r"[TEARMN*#]\d*")

SPEAKER = "speaker: "
_YES_OR_NO = {"yes": 1.0, "no": 0.0}
_ATTRIBUTES: dict[str, Mapping[str, float | str]] = {
    "Threat": _YES_OR_NO,
    "Sanction": _YES_OR_NO,
    "Quotation": {kind: kind for kind in QUOTATIONS},
}


@dataclass(frozen=True, slots=True)
class BratDocument:
    """One text with the attributions of each of its annotators, by annotator's name."""

    name: str
    text: str
    annotators: dict[str, tuple[Statement, ...]]


def read_brat_folder(folder: Path | str) -> Iterator[BratDocument]:
    """Read the documents of `folder` that at least one person annotated, ordered by name.

    Raises:
        FileNotFoundError: where `folder` has no `text` and `attributions` folders.
        FormatError: for a malformed standoff line, naming file, line and reason.
    """
    folder = Path(folder)
    texts, attributions = folder / "text", folder / "attributions"
    for needed in (texts, attributions):
        if not needed.is_dir():
            raise FileNotFoundError(
                f"{needed} is not a folder: a PolNeAR part holds `text/` and `attributions/`"
            )
    files: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(attributions.glob("*.ann")):
        files[path.stem.rpartition("_")[0] or path.stem].append(path)
    for text_path in sorted(texts.glob("*.txt")):
        if not files[text_path.stem]:
            continue
        text = text_path.read_bytes().decode("utf-8")
        yield BratDocument(
            text_path.stem,
            text,
            {
                path.stem.rpartition("_")[2]: tuple(read_standoff(path, text))
                for path in files[text_path.stem]
            },
        )


def read_brat(folder: Path | str) -> Iterator[Article]:
    """Read `folder` as articles with the attributions of the first annotator by name."""
    for document in read_brat_folder(folder):
        annotator = min(document.annotators)
        yield Article(
            document.name,
            document.text,
            statements=document.annotators[annotator],
            meta={"annotator": annotator},
        )


def read_standoff(path: Path | str, text: str) -> list[Statement]:
    """The attributions of one `.ann` file over `text`, in its own order of contents.

    Annotator notes and continuation lines of notes are passed over. A discontinuous source or
    cue becomes the span from its first to its last piece; contents keep their pieces.
    """
    return read_annotations(path, text)[1]


def read_annotations(path: Path | str, text: str) -> tuple[list[Sentence], list[Statement]]:
    """The sentences and the attributions of one `.ann` file (see `read_standoff`)."""
    path = Path(path)
    pieces: dict[str, list[Span]] = {}
    sentences: dict[str, Sentence] = {}
    events: list[tuple[str, int, list[str]]] = []
    descriptions: list[_Description] = []
    for number, line in enumerate(path.read_bytes().decode("utf-8").split("\n"), 1):
        fields = line.rstrip("\r").split("\t")
        if len(fields) < 2 or not _KNOWN.fullmatch(fields[0]):
            continue
        if _TEXT_BOUND.fullmatch(fields[0]):
            spans = pieces[fields[0]] = _text_bound(path, number, fields[1], text)
            if fields[1].startswith("Sentence "):
                sentences[fields[0]] = Sentence(spans[0].start, max(s.end for s in spans))
        elif _EVENT.fullmatch(fields[0]):
            events.append((fields[0], number, fields[1].split()))
        elif (description := _description(path, number, fields)) is not None:
            descriptions.append(description)
    statements = [
        (name, statement)
        for name, number, arguments in events
        if (statement := _statement(path, number, arguments, pieces, text)) is not None
    ]
    attributions = {name for name, _, _ in events}
    said: dict[str, dict[str, Any]] = defaultdict(dict)
    for one in descriptions:
        of_sentence = one.target in sentences and one.field in ("threat", "sanction")
        if one.target not in attributions and not of_sentence:
            raise FormatError(
                path, one.line, f"{one.target} is no annotation here that has a {one.field}"
            )
        said[one.target][one.field] = one.value
    return (
        sorted(
            (replace(sentence, **said[name]) for name, sentence in sentences.items()),
            key=lambda s: s.start,
        ),
        sorted(
            (replace(statement, **said[name]) for name, statement in statements),
            key=lambda s: min(p.start for p in _spans(s)),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Description:
    """What an attribute or a note says: of which annotation, which field, which value."""

    line: int
    target: str
    field: str
    value: float | str


def _description(path: Path, number: int, fields: list[str]) -> _Description | None:
    """What a line says of an annotation; None where that is nothing that avowal keeps."""
    name, target, value = (*fields[1].split(), "", "", "")[:3]
    note = "\t".join(fields[2:])
    if fields[0].startswith("#") and note.startswith(SPEAKER) and note != SPEAKER:
        return _Description(number, target, "speaker", note.removeprefix(SPEAKER))
    if not _ATTRIBUTE.fullmatch(fields[0]) or name not in _ATTRIBUTES:
        return None
    if value not in _ATTRIBUTES[name]:
        known = ", ".join(_ATTRIBUTES[name])
        raise FormatError(path, number, f"{name} is one of {known}, not {value!r}")
    return _Description(number, target, name.lower(), _ATTRIBUTES[name][value])


def _spans(statement: Statement) -> list[Span]:
    marks = [span for span in (statement.source, statement.cue) if span]
    return [*marks, *statement.content]


def _text_bound(path: Path, number: int, field: str, text: str) -> list[Span]:
    _, _, offsets = field.partition(" ")
    spans = []
    for pair in offsets.split(";"):
        try:
            start, end = (int(value) for value in pair.split())
        except ValueError:
            raise FormatError(path, number, f"{pair!r} is not a pair of offsets") from None
        try:
            spans.append(Span.of(text, start, end))
        except ValueError as error:
            raise FormatError(path, number, str(error)) from None
    return sorted(spans, key=lambda span: span.start)


def _statement(
    path: Path, number: int, arguments: list[str], pieces: dict[str, list[Span]], text: str
) -> Statement | None:
    """The attribution of one event line; None for an event with no text of its own."""
    roles: dict[str, list[Span]] = {role: [] for role in _ROLES}
    for argument in arguments:
        name, colon, reference = argument.partition(":")
        role = re.sub(r"\d+$", "", name).lower()
        if not colon:
            raise FormatError(path, number, f"{argument!r} is not ROLE:ID")
        if role not in roles:
            continue
        if reference not in pieces:
            raise FormatError(path, number, f"{reference} is not a text-bound annotation here")
        roles[role] += pieces[reference]
    if not any(roles.values()):
        return None
    return Statement(
        source=_hull(roles["source"], text),
        cue=_hull(roles["cue"], text),
        content=tuple(sorted(roles["content"], key=lambda span: span.start)),
    )


def _hull(spans: list[Span], text: str) -> Span | None:
    if not spans:
        return None
    return Span.of(text, min(s.start for s in spans), max(s.end for s in spans))
