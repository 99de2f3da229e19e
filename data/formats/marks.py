"""Statements as marks in a text and links between marks, the form that annotation tools have.

A statement hangs together by one mark of its own, its anchor: the cue, else the first piece of
content, else the source. Its other marks are linked from the anchor, and statements may share them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from avowal.data.records import Span, Statement

SOURCE, CUE, CONTENT = ROLES = ("Source", "Cue", "Content")

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a text with the role it has."""

    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Web:
    """Marks, the links between them by their places in `marks`, and a statement's anchor each."""

    marks: tuple[Mark, ...]
    links: tuple[tuple[int, int], ...]
    anchors: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Joined(Generic[Key]):
    """A statement that was read off marks, and which marks: its anchor's key first."""

    keys: tuple[Key, ...]
    statement: Statement


def weave(statements: Iterable[Statement]) -> Web:
    """The marks and links of statements that have at least one mark each."""
    marks: list[Mark] = []
    links: list[tuple[int, int]] = []
    anchors: list[int] = []
    shared: dict[Mark, int] = {}
    for statement in statements:
        anchor, *members = statement_marks(statement)
        anchors.append(len(marks))
        marks.append(anchor)
        for member in members:
            if member not in shared:
                shared[member] = len(marks)
                marks.append(member)
            links.append((anchors[-1], shared[member]))
    return Web(tuple(marks), tuple(links), tuple(anchors))


def statement_marks(statement: Statement) -> list[Mark]:
    """The marks of a statement, its anchor first; none where it has no source, cue or content."""
    found = [_mark(CUE, statement.cue)] if statement.cue else []
    found += [_mark(CONTENT, piece) for piece in statement.content]
    if statement.source:
        found.append(_mark(SOURCE, statement.source))
    return list(dict.fromkeys(found))


def unweave(
    text: str, marks: Mapping[Key, Mark], links: Iterable[tuple[Key, Key]]
) -> list[Joined[Key]]:
    """The statements that marks and their links make, in the order of the text.

    What people draw is read with some tolerance: a link between a cue and another mark counts in
    either direction, and a mark may be linked to the anchor by way of another one. Several sources
    of a statement become the span from the first to the last, as PolNeAR's reader has it.

    Raises:
        ValueError: for a mark outside the text, a link to no mark, one between two cues, and
            links in a circle.
    """
    for mark in marks.values():
        Span.of(text, mark.start, mark.end)
    owned: dict[Key, list[Key]] = {key: [] for key in marks}
    members: set[Key] = set()
    for link in links:
        for key in link:
            if key not in marks:
                raise ValueError(f"a link to {key!r}, which is no source, cue or content here")
        head, member = link if marks[link[1]].role != CUE else (link[1], link[0])
        if marks[member].role == CUE:
            raise ValueError(f"a link between two cues, {head!r} and {member!r}")
        owned[head].append(member)
        members.add(member)
    joined = []
    reached: set[Key] = set()
    for anchor in marks:
        if anchor not in members:
            keys = tuple(_within_reach(anchor, owned))
            reached.update(keys)
            joined.append(Joined(keys, _statement(text, [marks[key] for key in keys])))
    for key in marks:
        if key not in reached:
            raise ValueError(f"{key!r} is linked in a circle, with nothing to start from")
    return sorted(
        joined,
        key=lambda one: (min(marks[key].start for key in one.keys), marks[one.keys[0]].start),
    )


def _mark(role: str, span: Span) -> Mark:
    return Mark(role, span.start, span.end)


def _within_reach(anchor: Key, owned: Mapping[Key, Sequence[Key]]) -> Iterator[Key]:
    waiting, seen = [anchor], {anchor}
    while waiting:
        key = waiting.pop(0)
        yield key
        for member in owned[key]:
            if member not in seen:
                seen.add(member)
                waiting.append(member)


def _statement(text: str, marks: Sequence[Mark]) -> Statement:
    spans = {
        role: sorted({(mark.start, mark.end) for mark in marks if mark.role == role})
        for role in ROLES
    }
    return Statement(
        source=_hull(text, spans[SOURCE]),
        cue=_hull(text, spans[CUE]),
        content=tuple(Span.of(text, start, end) for start, end in spans[CONTENT]),
    )


def _hull(text: str, spans: Sequence[tuple[int, int]]) -> Span | None:
    if not spans:
        return None
    return Span.of(text, min(start for start, _ in spans), max(end for _, end in spans))
