"""Naming the speaker behind each statement's source: a rule-based resolver.

It reads capitals, titles and sentence subjects, and no model. Where the rules leave doubt the
answer is None, because a wrong name does more harm than none.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from avowal.data.records import Span
from avowal.inference.name_words import FEMALE_TITLES, MALE_TITLES
from avowal.inference.names import Gender, NameIndex, Person
from avowal.inference.quotation import QuotedText
from avowal.inference.sentences import split_sentences
from avowal.inference.source_phrases import SourcePhrase, read_source

_LOOK_BACK = 40  # mentions before a pronoun
_LOOK_BACK_SENTENCES = 8
_LEAST = -1.5  # the least score of an antecedent
_MARGIN = 1.0  # by how much the best of two people must lead
_ONE = re.compile(
    r"(?:an?|one|another)\s(?=(?:[\w-]+\s){0,3}?(?:\w*man|\w*woman|girl|boy|person|friend|\w+er|\w+or"
    r"|\w+ist|official|diplomat|aide|resident|source)\b)|the (?:young )?(?:wo)?man\b",
    re.I,
)
_GENDERED = re.compile(r"\b(?:he|him|his|himself|she|her|hers|herself)\b", re.I)


class SpeakerResolver:
    """Names the speakers of an article's statements.

    Example:
        >>> text = "Foreign Minister Ana Belu left. “We are done,” she said."
        >>> source, content = Span.of(text, 47, 50), Span.of(text, 32, 46)
        >>> SpeakerResolver().resolve(text, [source], [[content]])
        ['Ana Belu']
    """

    def resolve(
        self,
        text: str,
        sources: Sequence[Span | None],
        contents: Sequence[Sequence[Span]],
    ) -> list[str | None]:
        """The speaker's name for each statement of one article, None where it has none.

        The name of a person is the fullest in the article, without title; an organisation's is
        without a leading article. The time taken grows linearly with text and statements.

        Args:
            text: the whole article.
            sources: each statement's source, None where it has none.
            contents: each statement's content, in the order of `sources`.

        Raises:
            ValueError: where `sources` and `contents` differ in length.
        """
        if len(sources) != len(contents):
            raise ValueError(f"{len(sources)} sources, but the contents of {len(contents)}")
        if not any(sources):
            return [None] * len(sources)
        return _Article(text, sources, contents).speakers()


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A statement whose speaker is known, by the sentence of its source."""

    start: int
    sentence: int
    name: str
    person: Person | None


class _Article:
    """One article while its statements are resolved, in the order of their sources."""

    def __init__(
        self, text: str, sources: Sequence[Span | None], contents: Sequence[Sequence[Span]]
    ) -> None:
        self.text = text
        self.sources = sources
        self.contents = contents
        self.names = NameIndex(text)
        self.quoted = QuotedText(text)
        self.sentence_starts = [start for start, _ in split_sentences(text)]
        pieces = [(piece.start, piece.end) for content in contents for piece in content]
        self.blocked = Ranges([*pieces, *self.quoted.ranges])
        self.content_owner = sorted(
            (piece.start, piece.end, index)
            for index, content in enumerate(contents)
            for piece in content
        )
        self.spoken: list[_Spoken] = []
        self.unnamed = -99  # the sentence in which the last unnamed person spoke
        self.found: list[str | None] = [None] * len(sources)
        self._free = [not self.blocked.covers(mention.start) for mention in self.names.mentions]
        self._learn_genders()

    def speakers(self) -> list[str | None]:
        order = sorted(
            (source.start, index) for index, source in enumerate(self.sources) if source is not None
        )
        inner = []
        for at, index in order:
            source = self.sources[index]
            assert source is not None
            phrase = read_source(source.text)
            if phrase.pronoun == "I":
                inner.append((at, index))
                continue
            answer = self._speaker(phrase, at, self.contents[index])
            self._note(at, index, answer)
            if answer is None and phrase.form == "unnamed" and _ONE.match(source.text):
                self.unnamed = self._sentence(at)
        for at, index in inner:
            self.found[index] = self._around(at, index)
        return self.found

    def _note(self, at: int, index: int, answer: Person | str | None) -> None:
        if answer is None:
            return
        person = answer if isinstance(answer, Person) else None
        name = answer.name if isinstance(answer, Person) else answer
        self.found[index] = name
        self.spoken.append(_Spoken(at, self._sentence(at), name, person))

    def _sentence(self, at: int) -> int:
        return max(bisect_right(self.sentence_starts, at) - 1, 0)

    # ---- forms ----

    def _speaker(
        self, phrase: SourcePhrase, at: int, content: Sequence[Span] = ()
    ) -> Person | str | None:
        if phrase.form == "pronoun":
            return self._pronoun(phrase.pronoun, at, content)
        if phrase.form == "name":
            return self._name(phrase, at)
        if phrase.form == "description":
            person = self.names.described(phrase.role, at)
            if person is None and not phrase.owner:
                person = self._just_named(at)
            return person if person and _agree(phrase.gender, person.gender()) else None
        if phrase.form == "group":
            return self.names.organisation(phrase.group, at, longer=True)
        if phrase.form == "owned":
            return self._owner(phrase.owner, at)
        return None

    def _pronoun(self, pronoun: str, at: int, content: Sequence[Span] = ()) -> Person | str | None:
        if pronoun == "who":
            return self._relative(at)
        if pronoun in {"he", "she"}:
            if self.quoted.covers(at):
                return None
            return self._antecedent(at, "male" if pronoun == "he" else "female", content)
        return self._thing(at) if pronoun == "it" else None

    def _name(self, phrase: SourcePhrase, at: int) -> Person | str | None:
        words = phrase.name.split()
        if not phrase.organisation:
            person = self.names.named(phrase.name, at, phrase.gender)
            if person:
                return person
        if phrase.organisation or len(words) == 1:
            fuller = self.names.organisation(phrase.name, at)
            if fuller:
                return fuller
            if phrase.many or self._plural(phrase.name, at):
                return None
        if phrase.titled:
            return phrase.name
        if phrase.name.isupper() and len(phrase.name) > 5:
            return None  # a headline's capitals
        first = words[0]
        if phrase.opens and (len(words) == 1 or words[-1].islower()):
            plural = len(words) == 1 and not self.names.is_name(first)
            if (self._opens_sentence(at) or plural) and not self.names.is_name(first):
                return None
        return phrase.name

    def _plural(self, name: str, at: int) -> bool:
        """Whether a word is the plural of a name of the article: "The Clintons"."""
        return (
            name.endswith("s") and " " not in name and self.names.named(name[:-1], at) is not None
        )

    def _opens_sentence(self, at: int) -> bool:
        before = self.text[max(0, at - 3) : at].rstrip(" ")
        return not before or not (before[-1].isalpha() or before[-1] in ",;")

    def _owner(self, owner: str, at: int) -> Person | str | None:
        if owner in {"his", "her"}:
            return self._antecedent(at, "male" if owner == "his" else "female")
        if owner == "its":
            return self._thing(at)
        phrase = read_source(owner)
        return self._speaker(phrase, at) if phrase.form in {"name", "group"} else None

    # ---- pronouns ----

    def _relative(self, at: int) -> Person | str | None:
        """The name right before "who"."""
        index = bisect_left(self.names.starts, at) - 1
        if index < 0:
            return None
        mention = self.names.mentions[index]
        if self.text[mention.end : at].strip(" ,"):
            return None
        person = self.names.person_of[index]
        return person or (mention.name if mention.organisation else None)

    def _thing(self, at: int) -> str | None:
        """The organisation or state behind "it": the last speaker, if close and no person."""
        if not self.spoken:
            return None
        last = self.spoken[-1]
        close = self._sentence(at) - last.sentence <= 1
        thing = last.person is None or not last.person.certain()
        return last.name if close and thing else None

    def _just_named(self, at: int) -> Person | None:
        """The only person named in this sentence and the one before, if without a known role."""
        start = self.sentence_starts[max(self._sentence(at) - 1, 0)]
        found = {}
        index = bisect_left(self.names.starts, at) - 1
        for current in range(index, max(index - _LOOK_BACK, -1), -1):
            if self.names.starts[current] < start:
                break
            person = self.names.person_of[current]
            if person is not None:
                found[id(person)] = person
        person = next(iter(found.values()), None)
        if len(found) != 1 or person is None or "\n" in self.text[start:at]:
            return None
        known = [role for _, role in person.roles if role[-1] not in MALE_TITLES | FEMALE_TITLES]
        return None if known else person

    def _antecedent(self, at: int, gender: Gender, content: Sequence[Span] = ()) -> Person | None:
        here = self._sentence(at)
        scores: dict[int, float] = {}
        people: dict[int, Person] = {}

        def count(person: Person, score: float) -> None:
            if not _agree(gender, person.gender()):
                return
            key = id(person)
            people[key] = person
            score += (person.gender() is not None) - 2 * (not person.certain())
            scores[key] = max(scores.get(key, _LEAST), score)

        for spoken in self.spoken[-6:]:
            if spoken.person and spoken.start < at:
                count(spoken.person, 3.0 - (here - spoken.sentence))
        index = bisect_left(self.names.starts, at) - 1
        for current in range(index, max(index - _LOOK_BACK, -1), -1):
            person = self.names.person_of[current]
            mention = self.names.mentions[current]
            if person is None:
                continue
            if not self._free[current]:
                if self._own_subject(current, at, content):
                    count(person, 2.0)
                continue
            distance = here - self._sentence(mention.start)
            if distance > _LOOK_BACK_SENTENCES:
                break
            base = 2.5 if self._subject(current) else 0.0 if mention.oblique else 1.0
            count(person, base - distance)
        if here - self.unnamed <= 1:
            scores[0] = 3.0 - (here - self.unnamed)
        ranked = sorted(scores, key=scores.__getitem__, reverse=True)
        if not ranked or scores[ranked[0]] <= _LEAST:
            return None
        if len(ranked) > 1 and scores[ranked[0]] - scores[ranked[1]] < _MARGIN:
            return None
        return people.get(ranked[0])

    def _own_subject(self, index: int, at: int, content: Sequence[Span]) -> bool:
        """Whether a mention opens the unquoted content before its "he told a committee"."""
        start = self.names.mentions[index].start
        return (
            self._sentence(start) == self._sentence(at)
            and not self.quoted.covers(start)
            and not self.names.mentions[index].oblique
            and any(piece.start <= start < piece.end for piece in content)
        )

    def _subject(self, index: int) -> bool:
        """Whether a mention is the first person in its sentence, or joined to it by "and"."""
        mentions = self.names.mentions
        start = self.sentence_starts[self._sentence(mentions[index].start)]
        for before in range(index - 1, max(index - 8, -1), -1):
            if mentions[index].oblique or mentions[before].start < start:
                break
            if self.text[mentions[before].end : mentions[index].start] == " and ":
                index = before
            elif self.names.person_of[before] is not None and self._free[before]:
                return False
        return not mentions[index].oblique

    def _around(self, at: int, index: int) -> str | None:
        """The speaker of the statement in whose content, or quotation, "I" or "we" stands."""
        position = bisect_right(self.content_owner, (at, len(self.text) + 1, 0)) - 1
        quotation = self.quoted.range_at(at)
        for start, end, owner in self.content_owner[max(position - 3, 0) : position + 1][::-1]:
            if owner == index:
                continue
            if start <= at < end or (quotation and quotation[0] <= start < at):
                return self.found[owner]
        return None

    # ---- gender ----

    def _learn_genders(self) -> None:
        """Count the pronouns that follow a person who is alone in a sentence."""
        free: defaultdict[int, list[tuple[int, Person]]] = defaultdict(list)
        everybody: defaultdict[int, set[int]] = defaultdict(set)
        for mention, person, is_free in zip(
            self.names.mentions, self.names.person_of, self._free, strict=True
        ):
            if person is not None:
                sentence = self._sentence(mention.start)
                everybody[sentence].add(id(person))
                if is_free:
                    free[sentence].append((mention.start, person))
        seen: set[int] = set()
        for match in _GENDERED.finditer(self.text):
            at = match.start()
            sentence = self._sentence(at)
            if sentence in seen or self.blocked.covers(at):
                continue
            seen.add(sentence)
            word = match[0].casefold()
            here, weight = free.get(sentence), 2
            if here is None and word in {"he", "she"} and len(everybody[sentence - 1]) == 1:
                here, weight = free.get(sentence - 1), 1
            if not here or here[0][0] > at or len({id(person) for _, person in here}) > 1:
                continue
            here[0][1].genders["female" if word.startswith(("s", "her")) else "male"] += weight


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


def _agree(wanted: Gender | None, known: Gender | None) -> bool:
    return wanted is None or known is None or wanted == known
