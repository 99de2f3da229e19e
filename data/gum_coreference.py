"""Reader of GUM's entities, coreference and sources of attribution, over `read_gum`'s texts.

Source: GUM's CoNLL-U, column MISC. ``Entity`` holds the brackets of mentions, in the order of
fields that the document's ``# global.Entity`` names (as in CorefUD); ``Discourse`` holds a relation
of the discourse tree with its signals, of which ``sem-atsrc`` is an attribution's source, as
numbers of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from avowal.data.errors import FormatError
from avowal.data.gum import read_gum
from avowal.data.records import Article, Span

MentionForm = Literal["name", "description", "pronoun"]

_BRACKET = re.compile(r"\((?P<opened>[^()]+)(?P<at_once>\))?|(?P<closed>[^()]+)\)")
_SOURCE = re.compile(r"sem-atsrc-(?P<words>[0-9,-]+)-(?:_|[a-z]+)")
_UNIT = re.compile(
    r"(?P<relation>[a-z_-]+):(?P<unit>[0-9]+)->(?P<parent>[0-9]+):|ROOT:(?P<root>[0-9]+):"
)
_FIRST = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class EntityMention:
    """Words that mean an entity.

    Attributes:
        start, end: offsets into the article's text.
        entity: the entity's number within the document, as GUM writes it.
        type: GUM's entity type: person, organization, place and others.
        form: what the head word is: a proper noun, a pronoun, or another word.
        heads: offsets of the words that GUM names as the mention's least span.
        plural: whether the head is marked as plural.
    """

    start: int
    end: int
    entity: str
    type: str
    form: MentionForm
    heads: tuple[tuple[int, int], ...]
    plural: bool = False


@dataclass(frozen=True, slots=True)
class GoldSource:
    """The source of an attribution, and what of its sentences is attributed to it."""

    span: Span
    content: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class CoreferenceDocument:
    """An article with its mentions, and the sources of its attributions in order of the text."""

    article: Article
    mentions: tuple[EntityMention, ...]
    sources: tuple[GoldSource, ...]


def read_gum_coreference(folder: str | Path) -> Iterator[CoreferenceDocument]:
    """The documents of `read_gum` with entities, coreference and the sources of attributions.

    Args:
        folder: a checkout of GUM, or a part of one: a folder that has a folder ``dep``.

    Raises:
        FileNotFoundError: where the folder has no ``dep/*.conllu``.
        FormatError: where a line is not the CoNLL-U it should be, or its brackets do not match.
    """
    folder = Path(folder)
    paths = {path.stem: path for path in (folder / "dep").glob("*.conllu")}
    for article in read_gum(folder):
        path = paths.get(article.id)
        if path is None:
            raise FormatError(folder / "dep", 1, f"no file for the document {article.id}")
        yield _Reader(path, article).read()


@dataclass(slots=True)
class _Word:
    start: int
    end: int
    tag: str
    plural: bool


@dataclass(slots=True)
class _Unit:
    """An elementary discourse unit: its first word, sentence and parent, and its sources."""

    first: int
    sentence: int
    parent: int
    sources: list[str]


@dataclass(slots=True)
class _Open:
    first: int
    fields: dict[str, str]


class _Reader:
    """Reads one document's words, and the brackets and signals on them."""

    def __init__(self, path: Path, article: Article) -> None:
        self._path = path
        self._article = article
        self._words: list[_Word] = []
        self._open: list[_Open] = []
        self._mentions: list[EntityMention] = []
        self._units: dict[int, _Unit] = {}
        self._sentence = 0
        self._fields: list[str] = []
        self._position = 0
        self._number = 0

    def read(self) -> CoreferenceDocument:
        text = self._path.read_text(encoding="utf-8")
        spelt_until, range_end = 0, 0
        for self._number, line in enumerate(text.split("\n"), start=1):
            if line.startswith("# global.Entity"):
                self._fields = line.partition("=")[2].strip().split("-")
            columns = line.split("\t")
            if line.startswith("#") or len(columns) < 10 or "." in columns[0]:
                if not line.strip():
                    spelt_until = 0
                    self._sentence += 1
                continue
            if "-" in columns[0]:
                spelt_until = int(columns[0].partition("-")[2])
                _, range_end = self._place(columns[1])
                self._position = range_end - len(columns[1])
                continue
            if int(columns[0]) <= spelt_until:
                start, end = self._place_part(columns[1], range_end)
                if int(columns[0]) == spelt_until:
                    self._position = range_end
            else:
                start, end = self._place(columns[1])
            self._words.append(_Word(start, end, columns[3], "Number=Plur" in columns[5]))
            self._read_misc(columns[9])
        if self._open:
            raise self._error(f"the entity {self._open[-1].fields['GRP']} is never closed")
        order = {(mention.start, -mention.end): mention for mention in self._mentions}
        return CoreferenceDocument(
            self._article,
            tuple(order[key] for key in sorted(order)),
            tuple(self._sources()),
        )

    def _error(self, reason: str) -> FormatError:
        return FormatError(self._path, self._number, reason)

    def _place(self, form: str) -> tuple[int, int]:
        start = self._article.text.find(form, self._position)
        if start < 0 or self._article.text[self._position : start].strip():
            raise self._error(f"{form!r} is not the next word of the text")
        self._position = start + len(form)
        return start, self._position

    def _place_part(self, form: str, limit: int) -> tuple[int, int]:
        """A part of a multiword token, or what is left of it where the part is spelt otherwise."""
        start = self._article.text.find(form, self._position, limit)
        if start < 0:
            return min(self._position, limit - 1), limit
        self._position = start + len(form)
        return start, self._position

    def _read_misc(self, misc: str) -> None:
        for item in misc.split("|"):
            key, _, value = item.partition("=")
            if key == "Entity":
                self._read_entities(value)
            elif key == "Discourse" and (unit := _UNIT.match(value)):
                self._units[int(unit["unit"] or unit["root"])] = _Unit(
                    len(self._words) - 1,
                    self._sentence,
                    int(unit["parent"] or 0),
                    [match["words"] for match in _SOURCE.finditer(value)],
                )

    def _read_entities(self, value: str) -> None:
        here = len(self._words) - 1
        for match in _BRACKET.finditer(value):
            if match["closed"] is not None:
                self._close(match["closed"], here)
                continue
            values = match["opened"].split("-", max(len(self._fields) - 1, 0))
            fields = dict(zip(self._fields, values, strict=False))
            if "GRP" not in fields or "etype" not in fields:
                raise self._error(f"no entity that the fields of the document tell: {match[0]!r}")
            self._open.append(_Open(here, fields))
            if match["at_once"]:
                self._close(fields["GRP"], here)

    def _close(self, entity: str, last: int) -> None:
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index].fields["GRP"] == entity:
                opened = self._open.pop(index)
                break
        else:
            raise self._error(f"the entity {entity} is closed where it was not opened")
        least = [int(number) for number in _FIRST.findall(opened.fields.get("minspan", ""))]
        inside = [opened.first + number - 1 for number in least]
        heads = [self._words[index] for index in inside if opened.first <= index <= last]
        heads = heads or self._words[opened.first : last + 1]
        tags = {word.tag for word in heads}
        self._mentions.append(
            EntityMention(
                self._words[opened.first].start,
                self._words[last].end,
                entity,
                opened.fields["etype"],
                "name"
                if "PROPN" in tags
                else "pronoun"
                if tags <= {"PRON", "DET"}
                else "description",
                tuple((word.start, word.end) for word in heads),
                heads[-1].plural,
            )
        )

    def _sources(self) -> Iterator[GoldSource]:
        found: dict[tuple[int, int], int] = {}
        for number, unit in self._units.items():
            for signal in unit.sources:
                words = [int(word) for word in _FIRST.findall(signal)]
                if not 1 <= min(words) <= max(words) <= len(self._words):
                    raise self._error(f"a source of words that there are not: {signal}")
                span = self._words[min(words) - 1].start, self._words[max(words) - 1].end
                found.setdefault(span, number)
        for span in sorted(found):
            content = tuple(self._content(self._units[found[span]], found[span]))
            yield GoldSource(Span.of(self._article.text, *span), content)

    def _content(self, source: _Unit, number: int) -> Iterator[Span]:
        """The units of the source's or the content's sentence that depend on the content's."""
        head = self._units.get(source.parent)
        if head is None:
            return
        starts = sorted(unit.first for unit in self._units.values())
        inside = [
            unit.first
            for name, unit in self._units.items()
            if unit.sentence in (source.sentence, head.sentence)
            and self._under(name, source.parent)
            and not self._under(name, number)
        ]
        for first in sorted(inside):
            after = [start for start in starts if start > first]
            last = (after[0] if after else len(self._words)) - 1
            yield Span.of(self._article.text, self._words[first].start, self._words[last].end)

    def _under(self, number: int, head: int) -> bool:
        """Whether a unit is `head` or depends on it."""
        seen = set()
        while number in self._units and number not in seen:
            if number == head:
                return True
            seen.add(number)
            number = self._units[number].parent
        return False


def _form(tags: set[str]) -> MentionForm:
    if "PROPN" in tags:
        return "name"
    return "pronoun" if tags <= {"PRON", "DET"} else "description"
