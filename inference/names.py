"""Finding the names in an article: people, their titles and gender, organisations.

Names are runs of capitalised words. `find_mentions` finds them all in one pass; `NameIndex` groups
the mentions of one person and answers who is meant by a surname or by a description.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Literal

from avowal.inference.given_names import FEMALE_GIVEN_NAMES, MALE_GIVEN_NAMES
from avowal.inference.name_words import (
    AFTER_NEW,
    CALENDAR,
    COMPANY_ENDINGS,
    DETERMINERS,
    DOCUMENTS,
    FEMALE_ROLES,
    GIVEN_TITLES,
    INDEFINITE,
    MALE_ROLES,
    MONTH_NAMES,
    NAMING,
    OF_NAMES,
    OFFICES,
    OPENERS,
    ORGANISATION_NOUNS,
    ORGANISATIONS,
    PARTICLES,
    PLACE_OPENERS,
    PREPOSITIONS,
    ROLES,
    SUFFIXES,
    THINGS,
    TITLE_MODIFIERS,
)

Gender = Literal["male", "female"]
Role = tuple[str, ...]


_LATIN_1 = 0x100
_WITH_LETTERS = 0x20000  # no code point from here on has a case


def _is_upper(character: str) -> bool:
    return character.isupper() or character.istitle()


def _upper_class(end: int) -> str:
    """The upper-case letters below `end`, as ranges for a character class."""
    ranges: list[list[int]] = []
    for code in map(ord, filter(_is_upper, map(chr, range(end)))):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(low)}-{chr(high)}" if low < high else chr(low) for low, high in ranges)


@dataclass(frozen=True, slots=True)
class _Patterns:
    run: re.Pattern[str]
    of: re.Pattern[str]


def _patterns(text: str) -> _Patterns:
    """The patterns for `text`: all capitals take long to compile, and few texts need them."""
    beyond = any(ord(c) >= _LATIN_1 and _is_upper(c) for c in set(text))
    return _compiled(_WITH_LETTERS if beyond else _LATIN_1)


@lru_cache(maxsize=2)
def _compiled(end: int) -> _Patterns:
    upper = _upper_class(end)
    word = (
        rf"(?:[{upper}]\.){{1,3}}[{upper}](?![\w.])"  # D.C, cut from its last full stop
        rf"|(?:[{upper}]\.[- ]?){{1,4}}(?![a-z])(?<=\.)"  # J. or U.N.
        rf"|(?:Mr|Mrs|Ms|Dr|Gen|Maj|Col|Capt|Lt|Sgt|Cpl|Adm|Cmdr|Brig|Sens?|Reps?|Govs?|Pres|Prof"
        rf"|Supt|Det|Insp|Amb|Atty|Rev|Hon|St|Jr|Sr|Mme|Mlle|Messrs|Inc|Corp|Ltd|Co)\."
        rf"|[{upper}][\w\u0300-\u036f]*(?:[\u2019'](?![sS]\b)\w+|-\w+)*"
        rf"|(?:al|el|ul|as|ad|an|ar|ash|at)-[{upper}]\w+"
    )
    space = r"[^\S\r\n]{1,2}"
    particles = "|".join(sorted(PARTICLES))
    nickname = rf"[“\"\u2018'(][{upper}]\w{{1,15}}[”\"\u2019')]"  # Ana “Cat” Belu
    between = rf"{space}(?:{nickname}{space}|(?:(?:{particles}){space}){{0,2}})"
    run = rf"(?:{word})(?:{between}(?:{word})){{0,15}}"
    joined = rf"{run}(?:{space}&{space}{run}){{0,3}}"
    return _Patterns(
        re.compile(rf"(?<![\w@#])(?:{joined})"),
        re.compile(
            rf"{space}(?:of|for|on){space}(?:(?:the|all){space})?({joined}"
            rf"(?:(?:,{space}{run})?{space}and{space}{run})?)"
        ),
    )


@dataclass(frozen=True, slots=True)
class Run:
    """A run of capitalised words: where it stands, its words, and where its name begins."""

    start: int
    end: int
    words: tuple[str, ...]
    offsets: tuple[int, ...]
    title: int  # how many words are title

    def name(self) -> str:
        return " ".join(self.words[self.title :])


def plain(word: str) -> str:
    """A word as the lists have it: lower case, without full stops."""
    return word.casefold().replace(".", "").replace("\u2019", "'")


def is_organisation(words: Sequence[str]) -> bool:
    return any(plain(word) in ORGANISATIONS for word in words) or (
        len(words) > 1 and plain(words[-1]) in COMPANY_ENDINGS
    )


_FORMS_OF_ADDRESS = frozenset({"mr", "mrs", "ms", "miss", "dr"})


_TITLE_ENDINGS = ("er", "ist", "ier", "man", "woman", "friend", "mate", "holder", "deacon")


def _likely_title(words: Sequence[str]) -> bool:
    """Whether a name opens with what somebody is: "Rower Ana Belu", where no role list has it."""
    first = plain(words[0])
    return (
        len(words) == 3
        and len(first) > 4
        and first.endswith(_TITLE_ENDINGS)
        and first not in MALE_GIVEN_NAMES
        and first not in FEMALE_GIVEN_NAMES
        and plain(words[1]) not in PARTICLES
        and not is_organisation(words)
        and not words[1].endswith(".")
    )


def title_length(words: Sequence[str]) -> int:
    """How many of the first words are titles; all of them where there is no name after."""
    last = 1 if _likely_title(words) else 0
    if len(words) == 2 and plain(words[0]) in GIVEN_TITLES:
        return 0
    for index, word in enumerate(words):
        lower = plain(word)
        if is_role(lower) or "-of-" in lower:
            last = index + 1
    if 0 < last < len(words) and is_organisation(words[-1:]):
        return 0  # Republican National Committee
    if last == len(words) == 2 and plain(words[0]) in _FORMS_OF_ADDRESS:
        return 1  # Ms. Boxer
    if last == len(words) and last > 1:
        modifiers = ROLES | TITLE_MODIFIERS
        if all(plain(word) in modifiers for word in words):
            return last
        if plain(words[-1]) in OFFICES:
            return last  # Lourna Ambassador
        # Stephen King: a role as a surname
        return title_length(words[:-1]) if plain(words[-1]) not in TITLE_MODIFIERS else last
    return last


def find_runs(text: str, start: int = 0, end: int | None = None) -> Iterator[Run]:
    """The runs of capitalised words, organisations with their "of …", split at days and months."""
    patterns = _patterns(text)
    end = len(text) if end is None else end
    position = start
    while match := patterns.run.search(text, position, end):
        position = match.end()
        words, offsets = _split_words(text, match.start(), match.end())
        joined = False
        if is_organisation(words[-1:]) or plain(words[-1]) in OF_NAMES:
            for _ in range(3):
                more = patterns.of.match(text, position, end)
                if not more:
                    break
                joined = True
                position = more.end()
                words, offsets = _split_words(text, match.start(), position)
                if not is_organisation(_split_words(text, more.start(1), position)[0][-1:]):
                    break
        for first, last in _pieces(words, _opens_sentence(text, match.start())):
            piece, places = words[first:last], offsets[first:last]
            piece_end = places[-1] + len(piece[-1])
            title = 0 if joined else title_length(piece)
            if not (title or joined) and len(piece) > 1 and not is_organisation(piece[1:]):
                # President of the Council Ana Belu, Secretary of State Belu
                council = len(piece) > 2 and is_organisation(piece[:1])
                before = text[max(start, places[0] - 40) : places[0]]
                if (council or piece[0] == "State") and _ROLE_OF.search(before):
                    title = 1
            yield Run(places[0], piece_end, tuple(piece), tuple(places), title)


_ROLE_OF = re.compile(r"\w of (?:the )?\Z")
_NOT_SPACE = re.compile(r"\S+")


def _split_words(text: str, start: int, end: int) -> tuple[list[str], list[int]]:
    matches = list(_NOT_SPACE.finditer(text, start, end))
    return [match[0] for match in matches], [match.start() for match in matches]


def _last_capital(words: Sequence[str], first: int, last: int) -> int:
    """The end of a piece without the "of" or "on" that led to the next."""
    while last > first + 1 and words[last - 1].islower():
        last -= 1
    return last


_SENTENCE_OPENS = re.compile(r"(?:\A|[.!?:\n“\"\u2018(\u2013—]|-)\s*\Z")
_LETTERED = re.compile(r"[A-Z]-[a-z]+\Z")  # T-shirt, X-ray


def _opens_sentence(text: str, at: int) -> bool:
    return bool(_SENTENCE_OPENS.search(text[max(0, at - 4) : at]))


def _pieces(words: Sequence[str], opens: bool) -> Iterator[tuple[int, int]]:
    """A run without the openers before it, cut where a day, a month or a T-shirt stands.

    Args:
        opens: whether the run's first capital may be its sentence's.
    """
    first = 0
    fresh = True
    for index, (word, after) in enumerate(zip(words, [*words[1:], ""], strict=True)):
        lower = plain(word)
        month = lower in MONTH_NAMES and (index + 1 == len(words) or word[-1] == ".")
        opener = lower in OPENERS and word != "US"
        if lower in NAMING and after:
            known = lower == "new" and plain(after) in AFTER_NEW
            opener = opens and index == 0 and not known
        if lower in CALENDAR or _LETTERED.match(word) or (fresh and (month or opener)):
            if first < index:
                yield first, _last_capital(words, first, index)
            first = index + 1
            fresh = True
        else:
            fresh = False
    if first < len(words):
        yield first, len(words)


# ---- mentions ----


@dataclass(frozen=True, slots=True)
class Mention:
    """A name where it stands, without title; `role` is what its title or apposition says."""

    start: int
    end: int
    name: str
    words: tuple[str, ...]
    role: Role = ()
    person: bool = False
    organisation: bool = False
    gender: Gender | None = None
    oblique: bool = False  # after a preposition, or before 's


_POWER = re.compile(r"(?:U\.?[NSK]|E\.?U)\.?\Z")
_ACRONYM = re.compile(r"[A-Z]{3,}\Z")
_MOST = 48  # people or organisations of one word that are weighed
_BEFORE = 90
_AFTER = 110
_POSSESSIVE = re.compile(r"[\u2019']s?(?!\w)")
_AGE = re.compile(r",\s(?:aged\s)?\d\d(?=[,.)\s])")
_WHO = re.compile(r",?\s(?:who|whose)\b")
_APPOSITION = re.compile(r",\s([^,.;:\u2013—()“”\"\n]{3,100})")
_WORDS = re.compile(r"[\w\u2019'.&-]+")
_LAST_WORD = re.compile(r"([\w\u2019'-]+)[^\S\n]{1,2}\Z")
_TRAILING = re.compile(r"[^,.;:\u2013—()“”\"\n!?]*\Z")


def gender_of(role: Sequence[str]) -> Gender | None:
    """The gender that the words of a title or description tell."""
    for word in role:
        if word in MALE_ROLES:
            return "male"
        if word in FEMALE_ROLES:
            return "female"
    return None


def role_words(phrase: str, known: Callable[[str], bool] | None = None) -> Role:
    """The words of a description up to its head: "the former foreign minister of X" and so on.

    Empty where its head is no role. Owners and articles are left out.
    """
    words: list[str] = []
    for match in _WORDS.finditer(phrase):
        word = plain(match[0])
        if word in PREPOSITIONS or word in {"who", "which", "and", "whose"}:
            break
        if word.endswith(("'s", "s'")) or word in DETERMINERS or word in INDEFINITE:
            words = []
        elif word in OPENERS and word not in TITLE_MODIFIERS and word not in _ROLE_OPENERS:
            return ()
        else:
            words.append(word)
    if not words or not is_role(words[-1]):
        return ()
    return tuple(words[-4:])


_ROLE_OPENERS = frozenset({"first", "second", "third", "fourth", "late", "old", "former", "new"})


def is_role(word: str) -> bool:
    if word in ROLES or (word.startswith(("ex-", "co-")) and word[3:] in ROLES):
        return True
    first, hyphen, last = word.partition("-")
    return bool(hyphen) and (
        (first in ROLES and last in _AFTER_ROLE) or (first in _BEFORE_ROLE and last in ROLES)
    )


_AFTER_ROLE = frozenset({"general", "elect", "designate", "in-chief", "major", "at-arms"})
_BEFORE_ROLE = frozenset({"vice", "deputy", "under", "sub", "arch", "lord"})


def find_mentions(text: str) -> Iterator[Mention]:
    """All names of `text` in order, with what the words around them tell."""
    for run in find_runs(text):
        words = run.words[run.title :]
        if not words:
            continue
        start = run.offsets[run.title]
        before = text[max(0, run.start - _BEFORE) : run.start]
        after = text[run.end : run.end + _AFTER]
        possessive = bool(_POSSESSIVE.match(after))
        title = tuple(plain(word) for word in run.words[: run.title])
        role = _role_before(before, title)
        apposed = False
        if not role and not possessive and not is_organisation(words):
            role = _role_after(after)
            apposed = bool(role)
        if not role and before.endswith(", ") and before.count(",") < 4:
            role = role_words(_last_phrase(before[:-2]))
            apposed = bool(role)
        previous = _previous_word(before)
        organisation = not title and (
            is_organisation(words)
            or (not role and previous in ORGANISATIONS)
            or (not role and _is_organisation_apposition(after))
        )
        if not organisation and len(words) == 1 and words[0].isupper() and 1 < len(words[0]) < 7:
            organisation = previous == "the"
        full = 2 <= len([word for word in words if plain(word) not in SUFFIXES]) <= 5
        likely = (
            full
            and previous != "the"
            and plain(words[0]) not in PLACE_OPENERS
            and not words[-1].endswith(".")
            and plain(words[-1]) not in THINGS
            and "&" not in words
            and not (_ACRONYM.match(words[0]) and not words[-1].isupper())
            and not _POWER.match(words[0])
            and not is_role(plain(words[-1]).removesuffix("s"))
        )
        person = not organisation and (
            bool(role) or likely or (bool(_AGE.match(after)) or bool(_WHO.match(after)))
        )
        yield Mention(
            start,
            run.end,
            " ".join(words),
            words,
            role=role if person else (),
            person=person,
            organisation=organisation,
            gender=gender_of(title) or gender_of(role) if person else None,
            oblique=possessive or (previous in PREPOSITIONS and not apposed),
        )


def _previous_word(before: str) -> str:
    match = _LAST_WORD.search(before)
    return match[1].casefold() if match else ""


def _is_organisation_apposition(after: str) -> bool:
    """Whether ", a ratings firm" follows."""
    match = _APPOSITION.match(after)
    if not match:
        return False
    words = [plain(word) for word in match[1].split(" ")[:5]]
    if words[0] not in DETERMINERS and words[0] not in INDEFINITE:
        return False
    for word, following in zip(words, [*words[1:], "of"], strict=True):
        if word in ORGANISATIONS:
            return following in PREPOSITIONS or following in {"which", "that"}
    return False


def _last_phrase(before: str) -> str:
    match = _TRAILING.search(before)
    return match[0].removeprefix(" and ") if match else ""


def _role_before(before: str, title: Role) -> Role:
    """The title in a run of capitals with the lower-case words before it, or those alone."""
    phrase = _last_phrase(before)
    words = [plain(word) for word in phrase.split()] if before[-1:].isspace() else []
    kept: list[str] = []
    for word in reversed(words[-4:]):
        if word in DETERMINERS or word in INDEFINITE or word in PREPOSITIONS:
            break
        if word.endswith(("'s", "s'")):
            break
        if not kept and not is_role(word) and not (title and word in TITLE_MODIFIERS):
            break
        kept.insert(0, word)
    role = tuple(kept) + title
    return role if role and is_role(role[-1]) else title


def _role_after(after: str) -> Role:
    match = _APPOSITION.match(after)
    if not match:
        return ()
    return role_words(match[1])


# ---- people ----


@dataclass(slots=True)
class Person:
    """One person of an article: the fullest name, and what its mentions tell."""

    name: str
    first: int
    span: tuple[int, int]
    mentions: list[int] = field(default_factory=list)
    genders: Counter[Gender] = field(default_factory=Counter)
    roles: list[tuple[int, Role]] = field(default_factory=list)

    def certain(self) -> bool:
        """Whether more than two capitals says that this is a person."""
        return bool(self.roles or self.genders) or len(self.mentions) > 1

    def gender(self) -> Gender | None:
        """The gender that most of the evidence tells."""
        male, female = self.genders["male"], self.genders["female"]
        return None if male == female else "male" if male > female else "female"


def given_gender(name: str) -> Gender | None:
    """The gender that a person's given name tells."""
    first, space, _ = name.casefold().partition(" ")
    if not space:
        return None
    return (
        "male" if first in MALE_GIVEN_NAMES else "female" if first in FEMALE_GIVEN_NAMES else None
    )


class NameIndex:
    """The people and organisations of one article, by name, surname and description."""

    def __init__(self, text: str) -> None:
        self.text = text
        headlines = _headlines(text)
        self.mentions = [
            mention
            for mention in find_mentions(text)
            if not _inside(headlines, mention.start) or len(text) < 200
        ]
        self.starts = [mention.start for mention in self.mentions]
        self.people: list[Person] = []
        self.person_of: list[Person | None] = [None] * len(self.mentions)
        self._by_word: defaultdict[str, list[Person]] = defaultdict(list)
        self._by_key: dict[tuple[str, str], Person] = {}
        self._by_role: defaultdict[str, list[tuple[int, Role, Person]]] = defaultdict(list)
        self._organisations: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        self._lower = frozenset(re.findall(r"(?<![\w\u2019'-])[a-zß-öø-ÿ][\w-]*", text))
        self._alone: set[str] = set()  # of them those that stand alone
        self._middle = self._attested()
        self._collect_people()
        self._collect_organisations()

    # ---- building ----

    def _attested(self) -> frozenset[str]:
        """The words that are capitalised in mid-sentence somewhere."""
        found = set()
        for mention in self.mentions:
            before = self.text[max(0, mention.start - 2) : mention.start]
            within = before[-1:] == " " and (before[:1].isalpha() or before[:1] in ",;\u2019'&")
            for index, word in enumerate(mention.words):
                if index or within:
                    found.add(word.casefold())
            if within and len(mention.words) == 1:
                self._alone.add(mention.words[0].casefold())
        return frozenset(found)

    def _collect_people(self) -> None:
        single: list[int] = []
        with_particle: list[int] = []
        full: list[int] = []
        for index, mention in enumerate(self.mentions):
            if len(mention.words) == 1 or not mention.person:
                single.append(index)
            elif mention.words[0].casefold() in PARTICLES:
                with_particle.append(index)  # Van der Veld, but also Al Gore
            else:
                full.append(index)
        full.sort(key=lambda index: len(self.mentions[index].words))  # a stable sort
        for index in full:
            self._add(index, self.mentions[index])
        for index in with_particle:
            person = self.named(self.mentions[index].name, self.starts[index])
            if person is None:
                self._add(index, self.mentions[index])
            else:
                self._link(index, person)
        # "Mr. Obama" before "President Obama", who may be taken for Michelle Obama without him
        single.sort(key=lambda index: gender_of(self.mentions[index].role) is None)
        for index in single:
            mention = self.mentions[index]
            if len(mention.words) > 1 and mention.organisation:
                continue
            person = self.named(mention.name, mention.start, gender_of(mention.role))
            if person is None and mention.person and mention.role:
                if len(mention.words) == 1:
                    self._add(index, mention)
            elif person is not None:
                self._link(index, person)
        for entries in self._by_role.values():
            entries.sort(key=lambda entry: entry[0])

    def _add(self, index: int, mention: Mention) -> None:
        core = [word.casefold() for word in mention.words]
        suffix = ""
        if len(core) > 2 and plain(core[-1]) in SUFFIXES:
            suffix = plain(core.pop())
        key = (core[0], core[-1] + suffix)
        person = self._by_key.get(key)
        if person is None and not suffix and len(core) < 9:
            person = self.at_end_of(core)
            if person is not None:
                self._link(index, person)
                return
        if person is None:
            person = Person(mention.name, mention.start, (mention.start, mention.end))
            self._by_key[key] = person
            self.people.append(person)
            for word in dict.fromkeys(core):
                self._by_word[word].append(person)
        elif _fuller(mention.name, person.name):
            person.name, person.span = mention.name, (mention.start, mention.end)
        self._link(index, person)

    def _link(self, index: int, person: Person) -> None:
        mention = self.mentions[index]
        self.person_of[index] = person
        person.mentions.append(mention.start)
        if mention.gender:
            person.genders[mention.gender] += 4
        if mention.role:
            person.roles.append((mention.start, mention.role))
            self._by_role[mention.role[-1]].append((mention.start, mention.role, person))

    def part(self, person: Person, genders: Counter[Gender]) -> None:
        """Make those who are named by surname alone another person than the one of the full name.

        Args:
            genders: what is told of them.
        """
        its = [bisect_left(self.starts, start) for start in person.mentions]
        alone = sorted(index for index in its if len(self.mentions[index].words) == 1)
        if not alone:
            return
        first = self.mentions[alone[0]]
        other = Person(first.name, first.start, (first.start, first.end))
        person.genders -= genders
        other.genders += genders
        starts = {self.starts[index] for index in alone}
        person.mentions = [start for start in person.mentions if start not in starts]
        other.roles = [entry for entry in person.roles if entry[0] in starts]
        for start, role in other.roles:
            entries = self._by_role[role[-1]]
            entries[bisect_left(entries, start, key=itemgetter(0))] = (start, role, other)
        person.roles = [entry for entry in person.roles if entry[0] not in starts]
        for index in alone:
            self.person_of[index] = other
            other.mentions.append(self.starts[index])
        self.people.append(other)
        self._by_word[first.name.casefold()].append(other)

    def _collect_organisations(self) -> None:
        for mention in self.mentions:
            if mention.person:
                continue
            if mention.organisation:
                for word in mention.words:
                    self._add_organisation(plain(word), mention.start, mention.name)
                continue
            name, end = self.organisation_name(mention)
            if end > mention.end:
                self._add_organisation(plain(name.rsplit(" ", 1)[-1]), mention.start, name)

    def organisation_name(self, mention: Mention) -> tuple[str, int]:
        """A name with the lower-case noun after it, "Kardou army", and where that ends."""
        named = _NOUN_AFTER.match(self.text, mention.end, mention.end + 40)
        if not mention.organisation and named and plain(named[1]) in ORGANISATION_NOUNS:
            return f"{mention.name}{named[0]}", named.end()
        return mention.name, mention.end

    def _add_organisation(self, word: str, start: int, name: str) -> None:
        entries = self._organisations[word]
        if len(entries) < _MOST:
            entries.append((start, name))

    # ---- asking ----

    def sharing(self, name: str) -> list[Person]:
        """The persons whose names hold the last word of `name`, at most a few dozen."""
        words = [word for word in name.casefold().split() if plain(word) not in SUFFIXES]
        return list(self._by_word.get(words[-1], ())[:_MOST]) if words else []

    def in_role(self, head: str, at: int) -> list[Person]:
        """The persons introduced with a role whose head is `head`: the last and the next ones."""
        entries = self._by_role.get(head, [])
        middle = bisect_left(entries, at, key=lambda entry: entry[0])
        near = entries[max(0, middle - 16) : middle + 16]
        return list({id(person): person for _, _, person in near}.values())

    def of_word(self, word: str) -> list[str]:
        """The names of organisations that hold `word`."""
        return list(dict.fromkeys(name for _, name in self._organisations.get(word, ())))[:8]

    def named(self, name: str, at: int, gender: Gender | None = None) -> Person | None:
        """The person whom a full name, a surname or a first name means.

        Of several, one introduced before `at`, then the one named most, then the first.
        """
        words = [word.casefold() for word in name.split()]
        if words and plain(words[-1]) in SUFFIXES and len(words) > 2:
            person = self._by_key.get((words[0], words[-2] + plain(words[-1])))
            if person:
                return person
            words.pop()
        if not words:
            return None
        if len(words) > 1:
            person = self._by_key.get((words[0], words[-1])) or self.at_end_of(words[:8])
            if person is not None:
                return person
        candidates = self._by_word.get(words[-1], ())
        found = []
        for person in candidates[:_MOST]:
            full = [word.casefold() for word in person.name.split()]
            if len(full) > 1 and plain(full[-1]) in SUFFIXES:
                full.pop()
            if len(words) > 1 and full[-len(words) :] != words:
                continue
            known = person.gender() or given_gender(person.name)
            if gender and known and known != gender:
                continue
            place = 2 if full[-1] == words[-1] else 0 if full[0] == words[-1] else 1
            # of two, the one who is never named in full, as he would be if he were the other
            bare = len(full) == len(words)
            rank = (place, person.first < at, bare, len(person.mentions), -person.first)
            found.append((rank, person))
        if not found:
            return None
        return max(found, key=lambda entry: entry[0])[1]

    def described(self, role: Role, at: int) -> Person | None:
        """The person introduced with a role: the last before `at`, else the only one after.

        A role answers a description whose words it all has; "the minister" means any minister.
        """
        entries = self._by_role.get(role[-1], [])
        wanted = {word for word in role[:-1] if word not in {"former", "own", "then", "new"}}
        middle = bisect_left(entries, at, key=lambda entry: entry[0])
        before = [
            person
            for _, words, person in entries[max(0, middle - 16) : middle][::-1]
            if wanted <= set(words)
        ]
        if before:
            return before[0]
        after = {
            person.name: person
            for _, words, person in entries[middle : middle + 16]
            if wanted <= set(words)
        }
        return next(iter(after.values())) if len(after) == 1 else None

    def at_end_of(self, words: Sequence[str]) -> Person | None:
        """The person whose name ends a longer run of capitals: "Barge Captain's Mate Ana Belu"."""
        words = [word.casefold() for word in words]
        for first in range(1, len(words) - 1):
            if person := self._by_key.get((words[first], words[-1])):
                return person
        return None

    def organisation(self, name: str, at: int, *, longer: bool = False) -> str | None:
        """The fuller name of an organisation for its last word: "the Brigade", "the board".

        With `longer`, only a name of more words than `name` will do.
        """
        words = [plain(word) for word in name.split()]
        entries = self._organisations.get(words[-1], []) if words else []
        best = None
        for start, full in entries:
            have = [plain(word) for word in full.split()]
            if longer and len(have) == len(words):
                continue
            body = words[0] in ORGANISATIONS or have[-1] in COMPANY_ENDINGS
            opens = body and have[: len(words)] == words
            if opens or have[-len(words) :] == words:
                if start >= at and best is not None:
                    break
                if best is None or len(have) > len(words):
                    best = full
        return best

    def is_name(self, word: str) -> bool:
        """Whether a capitalised word is a name, not only the first word of a sentence."""
        lower = word.casefold()
        singular = lower.removesuffix("s")
        if (
            lower in DOCUMENTS
            or is_role(lower)
            or is_role(singular)
            or lower.endswith(("men", "women"))
        ):
            return False
        plural = lower.endswith("s") and not lower.endswith(("ss", "us", "is"))
        if lower in (self._alone if plural else self._middle):
            return True
        if lower in OPENERS or not self._lower.isdisjoint({lower, singular, lower + "s"}):
            return False
        return not plural


_NOUN_AFTER = re.compile(r" (?:(?!(?:the|an?|its|his|her|their) )[a-z]+ )?([a-z]+)\b(?![\u2019'-])")


def _fuller(name: str, than: str) -> bool:
    if name.isupper() != than.isupper():
        return than.isupper()
    return len(name.split()) > len(than.split())


_HEADLINE_WORD = re.compile(r"[^\W\d_][\w\u2019'-]{3,}")


def _headlines(text: str) -> list[tuple[int, int]]:
    """The lines in which nearly all words are capitalised, where a capital says nothing."""
    found = []
    for line in re.finditer(r"[^\r\n]+", text):
        if line.end() - line.start() > 200:
            continue
        words = _HEADLINE_WORD.findall(line[0])
        if len(words) >= 4 and sum(word[0].isupper() for word in words) >= 0.8 * len(words):
            found.append((line.start(), line.end()))
    return found


def _inside(ranges: list[tuple[int, int]], offset: int) -> bool:
    index = bisect_left(ranges, (offset + 1, 0)) - 1
    return index >= 0 and offset < ranges[index][1]
