"""The entities of an article that may speak: who and what it names or describes, and where.

Candidates for `avowal.inference.resolve`: no choice between them is made here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from avowal.inference.name_words import (
    DOCUMENTS,
    FEMALE_TITLES,
    INDEFINITE,
    MALE_TITLES,
    ORGANISATIONS,
    PEOPLE,
    PREPOSITIONS,
    ROLES,
)
from avowal.inference.names import (
    Gender,
    Mention,
    NameIndex,
    Person,
    Role,
    gender_of,
    given_gender,
    is_organisation,
    is_role,
    plain,
    role_words,
)
from avowal.inference.quotation import QuotedText

_ADDRESSED = re.compile(
    r"\b(?:told|tells|asked|asks|urged|warned|reminded|thanked|called)\s(?:\w+\s)?$"
)
_JOINED = re.compile(r",?\sand\s\Z")
_DESCRIPTION_HEAD = re.compile(r"(?<![\w\u2019'-])[a-z\u00e0-\u00ff][\w-]*")
_DESCRIPTION_START = re.compile(
    r"(?:\A|(?<=[\s“\"(\u2018]))(?P<first>[Tt]he|[Aa]n?|[Oo]ne|[Aa]nother|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir)"
    r"\s(?P<between>(?:(?!(?:the|an?|one|another|his|her|its|their|that|who|which)\s)"
    r"[\w\u2019'-]+\s){0,4})\Z"
)
_PREDICATES = frozenset(
    {"is", "was", "are", "were", "be", "been", "being", "as", "become", "became"}
)
# "Metalworkers’ " before "Federation"
_MEMBERS = re.compile(
    r"(?:(?!(?:The|A|An)\b)[^\Wa-z_\d][\w-]+ )*(?!The\b)[^\Wa-z_\d][\w-]*s[\u2019'] \Z"
)
_TITLED = re.compile(r"\s[A-Z\u00c0-\u00de]")


@dataclass(frozen=True, slots=True)
class Place:
    """One mention: offsets, sentence, paragraph, and its part in the sentence."""

    start: int
    end: int
    sentence: int
    paragraph: int
    free: bool  # outside of contents and quotation marks
    quoted: bool
    subject: bool
    oblique: bool
    addressed: bool


Sort = Literal["person", "thing", ""]


def sort_of(head: str) -> Sort:
    """Whether the last word of a description means a person or a thing.

    Example:
        >>> sort_of("grandmother"), sort_of("letter"), sort_of("upstart")
        ('person', 'thing', '')
    """
    if is_role(head) or head in PEOPLE or head.endswith(("man", "woman", "ist", "ian")):
        return "person"
    return "thing" if head in DOCUMENTS or head in ORGANISATIONS else ""


@dataclass(slots=True, eq=False)
class Entity:
    """Somebody or something that the article names or describes.

    Attributes:
        name: the fullest name, or the longest description without its article.
        named: whether `name` is a name.
        span: where `name` stands.
        person: what the names tell of a person.
        organisation: whether the words say that it is an organisation.
        roles: the roles that come with the name or describe it, forms of address left out.
        head: the last word of a description.
        sort: of a description, whether it is of a person, of a thing, or cannot be told.
        spoken_gender: the gender of a pronoun that was found to mean it.
        places: its mentions, in order of the text.
    """

    name: str
    named: bool
    span: tuple[int, int]
    person: Person | None = None
    organisation: bool = False
    plural: bool = False
    roles: tuple[Role, ...] = ()
    head: str = ""
    described_gender: Gender | None = None
    sort: Sort = ""
    spoken_gender: Gender | None = None
    places: list[Place] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def add(self, place: Place) -> None:
        at = bisect_left(self.starts, place.start)
        self.starts.insert(at, place.start)
        self.places.insert(at, place)

    def before(self, at: int) -> Sequence[Place]:
        """The last mentions before `at`, at most eight of them."""
        end = bisect_left(self.starts, at)
        return self.places[max(end - 8, 0) : end]

    def within(self, start: int, end: int) -> Sequence[Place]:
        """The mentions that begin in `[start, end)`, at most eight of them."""
        first = bisect_left(self.starts, start)
        return self.places[first : min(bisect_left(self.starts, end), first + 8)]

    def gender(self) -> tuple[Gender | None, str]:
        """The gender, and what tells it: title, pronoun, context, given name, or nothing."""
        if self.person is None:
            if self.described_gender:
                return self.described_gender, "title"
            return self.spoken_gender, "pronoun" if self.spoken_gender else ""
        counted = self.person.gender()
        strength = max(self.person.genders.values(), default=0)
        if counted and strength >= 4:
            return counted, "title"
        if self.spoken_gender:
            return self.spoken_gender, "pronoun"
        given = given_gender(self.person.name)
        if given and counted in (None, given):
            return given, "given name"
        return (counted, "context") if counted else (None, "")


class Layout:
    """Sentences, paragraphs and free text of an article, by bisection."""

    def __init__(
        self,
        text: str,
        sentences: Sequence[tuple[int, int]],
        quoted: QuotedText,
        contents: Sequence[tuple[int, int]],
    ) -> None:
        self.text = text
        self.quoted = quoted
        self.starts = [start for start, _ in sentences]
        self.starts_set = frozenset(self.starts)
        self.blocked = Ranges([*contents, *quoted.ranges])
        self._paragraphs: list[int] = []
        paragraph, position = 0, 0
        for start, end in sentences:
            paragraph += "\n" in text[position:start]
            self._paragraphs.append(paragraph)
            position = end

    def sentence(self, at: int) -> int:
        return max(bisect_right(self.starts, at) - 1, 0)

    def paragraph(self, at: int) -> int:
        return self._paragraphs[self.sentence(at)] if self._paragraphs else 0

    def place(self, start: int, end: int, *, oblique: bool, subject: bool) -> Place:
        return Place(
            start,
            end,
            self.sentence(start),
            self.paragraph(start),
            free=not self.blocked.covers(start),
            quoted=self.quoted.covers(start),
            subject=subject and not oblique,
            oblique=oblique,
            addressed=bool(_ADDRESSED.search(self.text[max(0, start - 24) : start])),
        )


class EntityIndex:
    """The entities of one article.

    Args:
        names: the names of the article.
        layout: its sentences, and what of it stands in contents or quotations.
        taken: the places of the sources, whose own words are read by the resolver.
    """

    def __init__(self, names: NameIndex, layout: Layout, taken: Ranges) -> None:
        self.names = names
        self.layout = layout
        self._of_person: dict[int, Entity] = {}
        self._of_key: dict[str, Entity] = {}
        self._initials: dict[str, Entity] = {}
        found: list[tuple[int, Entity]] = [*self._named(), *self._described(taken)]
        found.sort(key=lambda item: item[0])
        self.entities = list({id(entity): entity for _, entity in found}.values())
        self._starts = [start for start, _ in found]
        self._found = [entity for _, entity in found]

    # ---- asking ----

    def of_person(self, person: Person) -> Entity:
        return self._of_person[id(person)]

    def of_name(self, name: str, span: tuple[int, int]) -> Entity:
        """The entity of a name that is no person's, made anew where the article has no other."""
        key = _key(name.split())
        entity = self._of_key.get(key) or self._initials.get(key)
        if entity is None:
            words = name.split()
            entity = Entity(name, True, span, organisation=is_organisation(words))
            self._of_key[key] = entity
        return entity

    def register(self, entity: Entity, at: int) -> None:
        """Add an entity that a source introduces at `at`."""
        index = bisect_left(self._starts, at)
        self._starts.insert(index, at)
        self._found.insert(index, entity)

    def ending_in(self, head: str) -> list[Entity]:
        """The organisations that have `head` among the words of their names."""
        return [
            self.of_name(name, self._of_key[key].span)
            for name in self.names.of_word(head)
            if (key := _key(name.split())) in self._of_key
        ]

    def first_from(self, start: int, end: int) -> Entity | None:
        """The entity of the first mention that begins in `[start, end)`."""
        index = bisect_left(self._starts, start)
        within = index < len(self._starts) and self._starts[index] < end
        return self._found[index] if within else None

    def people_after(self, at: int) -> list[Entity]:
        """The first two persons named after `at`."""
        found: dict[int, Entity] = {}
        for entity in self._found[bisect_left(self._starts, at) :][:24]:
            if entity.person is not None and len(found) < 2:
                found[id(entity)] = entity
        return list(found.values())

    def around(self, at: int, most: int) -> list[Entity]:
        """The entities of the last `most` mentions before `at`, the last first."""
        end = bisect_left(self._starts, at)
        return list({id(e): e for e in reversed(self._found[max(end - most, 0) : end])}.values())

    # ---- building ----

    def _named(self) -> Iterator[tuple[int, Entity]]:
        subjects = self._subjects()
        for index, mention in enumerate(self.names.mentions):
            person = self.names.person_of[index]
            entity = self._person(person) if person else self._other(mention)
            if entity is None:
                continue
            entity.add(
                self.layout.place(
                    mention.start,
                    mention.end,
                    oblique=mention.oblique and not self._leads(mention),
                    subject=index in subjects,
                )
            )
            yield mention.start, entity

    def _person(self, person: Person) -> Entity:
        entity = self._of_person.get(id(person))
        if entity is None:
            roles = dict.fromkeys(role for _, role in person.roles)
            entity = Entity(
                person.name,
                True,
                person.span,
                person=person,
                roles=tuple(role for role in roles if role[-1] not in MALE_TITLES | FEMALE_TITLES),
            )
            self._of_person[id(person)] = entity
        return entity

    def _other(self, mention: Mention) -> Entity | None:
        """The entity of a name that is no person's."""
        if mention.words[0].isupper() and len(mention.words) == 1:
            known = self._initials.get(_key(mention.words))
            if known:
                return known
        opens = mention.start in self.layout.starts_set
        if opens and len(mention.words) == 1 and not self.names.is_name(mention.words[0]):
            return None
        name, end = self.names.organisation_name(mention)
        organisation = mention.organisation or end > mention.end
        start = mention.start
        if mention.organisation and (
            members := _MEMBERS.search(self.layout.text[max(0, start - 60) : start])
        ):
            name, start = f"{members[0]}{name}", start - len(members[0])
        longer = None
        if organisation and " " not in name:
            longer = self.names.organisation(name, mention.start, longer=True)
        key = _key((longer or name).split())
        entity = self._of_key.get(key)
        if entity is None:
            entity = Entity(longer or name, True, (start, end), organisation=organisation)
            self._of_key[key] = entity
            capitals = [word[0] for word in name.split() if word[0].isupper()]
            if len(capitals) > 2:
                self._initials.setdefault("".join(capitals).casefold(), entity)
        entity.organisation |= organisation
        return entity

    def _subjects(self) -> set[int]:
        """The names that are the first of their sentence outside quotations, or joined to it."""
        found: set[int] = set()
        last_sentence, last = -1, -1
        for index, mention in enumerate(self.names.mentions):
            if self.layout.blocked.covers(mention.start):
                continue
            sentence = self.layout.sentence(mention.start)
            if sentence == last_sentence:
                between = self.layout.text[self.names.mentions[last].end : mention.start]
                if last in found and _JOINED.match(between):
                    found.add(index)
            elif not mention.oblique or self._leads(mention):
                found.add(index)
            else:
                continue
            last_sentence, last = sentence, index
        return found

    def _leads(self, mention: Mention) -> bool:
        """Whether a sentence is about a name that it opens with: "For Ana Belu, it was late"."""
        start = mention.start - len("For ")
        return start in self.layout.starts_set and self.layout.text.startswith("For ", start)

    def _described(self, taken: Ranges) -> Iterator[tuple[int, Entity]]:
        """Persons described by a role: "the mayor", "a sailor"; a known role is a name's."""
        text = self.layout.text
        known: dict[Role, Entity] = {}
        persons = {
            mention.start
            for mention, person in zip(self.names.mentions, self.names.person_of, strict=True)
            if person is not None
        }
        for match in _DESCRIPTION_HEAD.finditer(text):
            if match[0] not in ROLES or taken.covers(match.start()):
                continue
            before = text[max(0, match.start() - 60) : match.start()]
            first = _DESCRIPTION_START.search(before)
            if first is None or _TITLED.match(text, match.end()):
                continue
            start = match.start() - len(before) + first.start("first")
            role = role_words(text[start : match.end()])
            words = [plain(word) for word in before[: first.start("first")].split()[-2:]]
            previous = words[-1] if words else ""
            if not role or previous.endswith(",") or not _PREDICATES.isdisjoint(words):
                continue
            if text.startswith(", ", match.end()) and (match.end() + 2) in persons:
                continue  # the name's own apposition
            indefinite = plain(first["first"]) in INDEFINITE
            definite = plain(first["first"]) == "the"
            owned = not definite or "\u2019s" in first["between"]
            person = None if indefinite or owned else self.names.described(role, start)
            if person is not None:
                entity = self._of_person[id(person)]
            elif indefinite or role not in known:
                opens = first.end("first") + 1 - first.start("first") if definite else 0
                entity = Entity(
                    text[start + opens : match.end()],
                    False,
                    (start + opens, match.end()),
                    roles=(role,),
                    head=role[-1],
                    described_gender=gender_of(role),
                    sort="person",
                )
                known[role] = entity
            else:
                entity = known[role]
            sentence = self.layout.starts[self.layout.sentence(start)] if self.layout.starts else 0
            place = self.layout.place(
                start,
                match.end(),
                oblique=previous in PREPOSITIONS,
                subject=start - sentence < 3,
            )
            entity.add(place)
            yield start, entity


def _key(words: Sequence[str]) -> str:
    return " ".join(plain(word) for word in words if plain(word) != "the")


class Ranges:
    """Ranges of text that may overlap, merged once, to ask whether they hold an offset."""

    def __init__(self, ranges: Sequence[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(ranges):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def covers(self, offset: int) -> bool:
        index = bisect_right(self._starts, offset) - 1
        return index >= 0 and offset < self._ends[index]
