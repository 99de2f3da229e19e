"""Reader of brat standoff as PolNeAR uses it.

A part of the corpus holds `text/NAME.txt` beside `attributions/NAME_ANNOTATOR.ann`.

Source: Newell et al. (2018), "An Attribution Relations Corpus for Political News" (PolNeAR); the
standoff format is brat's, https://brat.nlplab.org/standoff.html.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from avowal.data.errors import FormatError
from avowal.data.records import Article, Span, Statement

_ROLES = ("source", "cue", "content")
_TEXT_BOUND = re.compile(r"T\d+")
_EVENT = re.compile(r"E\d+")
_KNOWN = re.compile(r"[TEARMN*#]\d*")


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
    path = Path(path)
    pieces: dict[str, list[Span]] = {}
    events: list[tuple[int, list[str]]] = []
    for number, line in enumerate(path.read_bytes().decode("utf-8").split("\n"), 1):
        fields = line.rstrip("\r").split("\t")
        if len(fields) < 2 or not _KNOWN.fullmatch(fields[0]):
            continue
        if _TEXT_BOUND.fullmatch(fields[0]):
            pieces[fields[0]] = _text_bound(path, number, fields[1], text)
        elif _EVENT.fullmatch(fields[0]):
            events.append((number, fields[1].split()))
    statements = [
        statement
        for number, arguments in events
        if (statement := _statement(path, number, arguments, pieces, text)) is not None
    ]
    return sorted(statements, key=lambda s: min(p.start for p in _spans(s)))


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
