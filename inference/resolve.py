"""Naming the speaker behind each statement's source.

The rules of `avowal.inference.entities` find who and what an article names or describes, and a
small learned model chooses among them: see docs/speakers.md. Where no candidate is likely enough
the speaker is the source's own words, because a wrong name does more harm than none.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from avowal.data.records import Span
from avowal.inference.entities import Entity, EntityIndex, Layout, Ranges, sort_of
from avowal.inference.genders import learn_genders
from avowal.inference.names import Gender, NameIndex, Person, gender_of, plain
from avowal.inference.quotation import QuotedText
from avowal.inference.roles import role_text
from avowal.inference.sentences import split_sentences
from avowal.inference.source_phrases import (
    UNNAMED,
    SourcePhrase,
    own_words,
    read_source,
)
from avowal.inference.speaker_features import (
    Question,
    Spoken,
    describe,
    describe_first_person,
    may_mean,
    only_body,
)
from avowal.inference.speaker_model import SpeakerModel, best, shipped_speaker_model

_LOOK_BACK = 40  # mentions before a source that are weighed
_LAST_SPEAKERS = 8
_WHO_GAP = re.compile(r"[\s,]*\Z")
_NEAR = 120  # characters between a source and the quotation after it
_CLOSING = "”»\"\u2019'"
_SAID_GAP = re.compile(r",?\s(?:(?!and\b)[a-z]+[ds]\s)?\Z")
_ASKS = re.compile(
    r"(?:,[^,.]{3,80},)?\s(?:\w+\s)?"
    r"(?:ask(?:s|ed)?\b|want(?:s|ed) to know|wonder(?:s|ed)?\b|inquired)"
)
_PRONOUN_GENDERS: dict[str, Gender] = {"he": "male", "she": "female"}
CERTAIN = 1.0
_ONLY_BODY = 0.9  # how often "the federation" is the one body of that name: 21 of 23 in passages
_SURE = 0.7  # from which on a pronoun tells its speaker's gender

Choice = Callable[[Question], tuple[int, float]]


@dataclass(frozen=True, slots=True)
class ResolvedSpeaker:
    """Whom a source means.

    Attributes:
        name: the fullest name, else the longest description without "the".
        mention: where that stands in the article.
        confidence: the probability that a reader would say the same.
        entity: a number that the statements of one speaker share.
        named: whether `name` is a name.
        role: the longest role that the article gives with the name, in its words.
        mentions: where the speaker is named or described, in order of the text.
    """

    name: str
    mention: Span
    confidence: float
    entity: int
    named: bool
    role: str | None
    mentions: tuple[Span, ...]


class SpeakerResolver:
    """Names the speakers of an article's statements.

    Args:
        model: chooses among candidates; by default the one that ships.

    Example:
        >>> text = "Foreign Minister Ana Belu left. “We are done,” she said."
        >>> source, content = Span.of(text, 47, 50), Span.of(text, 32, 46)
        >>> [speaker] = SpeakerResolver().resolve(text, [source], [[content]])
        >>> speaker.name
        'Ana Belu'
    """

    def __init__(self, model: SpeakerModel | None = None) -> None:
        self.model = model or shipped_speaker_model()

    def resolve(
        self,
        text: str,
        sources: Sequence[Span | None],
        contents: Sequence[Sequence[Span]],
        sentences: Sequence[tuple[int, int]] | None = None,
    ) -> list[ResolvedSpeaker | None]:
        """The speaker of each statement of one article.

        None where a statement has no source and the text does not plainly tell who goes on
        speaking, and for a pronoun that means nobody who is known.
        The time taken grows linearly with text and statements.

        Args:
            text: the whole article.
            sources: each statement's source, None where it has none.
            contents: each statement's content, in the order of `sources`.
            sentences: the text's sentences, as `split_sentences` has them, where they are known.

        Raises:
            ValueError: where `sources` and `contents` differ in length.
        """
        if len(sources) != len(contents):
            raise ValueError(f"{len(sources)} sources, but the contents of {len(contents)}")
        if not any(sources):
            return [None] * len(sources)
        return Resolution(text, sources, contents, self.choose, sentences).speakers()

    def choose(self, question: Question) -> tuple[int, float]:
        """The best candidate, or nobody below the threshold, and its probability.

        A bare "the federation" is the one body of that name, whatever the model says.
        """
        body = only_body(question)
        if body is not None:
            return body, _ONLY_BODY
        found = self.model.probabilities(question)
        named = [entity is not None and entity.named for entity in question.candidates]
        index = best(found, named)
        if index is not None and found[index] >= self.model.threshold:
            return index, found[index]
        others = [not is_named for is_named in named]
        index = best(found, others)
        assert index is not None, "nobody is always a candidate"
        share = sum(p for p, other in zip(found, others, strict=True) if other)
        return index, min(share, 1.0)  # a sum of probabilities may come out a digit above


@dataclass(slots=True)
class _Found:
    entity: Entity
    confidence: float


class Resolution:
    """One article while its sources are resolved, in the order of the text.

    Args:
        choose: answers a question by the index of a candidate and its probability.
    """

    def __init__(
        self,
        text: str,
        sources: Sequence[Span | None],
        contents: Sequence[Sequence[Span]],
        choose: Choice,
        sentences: Sequence[tuple[int, int]] | None = None,
    ) -> None:
        self.text = text
        self.sources = sources
        self.contents = contents
        self.choose = choose
        self.names = NameIndex(text)
        self.quoted = QuotedText(text)
        pieces = [(piece.start, piece.end) for content in contents for piece in content]
        spans = split_sentences(text) if sentences is None else sentences
        self.layout = Layout(text, spans, self.quoted, pieces)
        self._phrases = [read_source(source.text) if source else UNNAMED for source in sources]
        pronouns = [
            source.start
            for source, phrase in zip(sources, self._phrases, strict=True)
            if source and phrase.form == "pronoun"
        ]
        learn_genders(self.names, self.layout, frozenset(pronouns))
        taken = [(source.start, source.end) for source in sources if source]
        self._taken = Ranges(taken)
        self.entities = EntityIndex(self.names, self.layout, self._taken)
        self.spoken: list[Spoken] = []
        self.found: list[_Found | None] = [None] * len(sources)
        self._content_owner = sorted(
            (piece.start, piece.end, index)
            for index, content in enumerate(contents)
            for piece in content
        )

    def speakers(self) -> list[ResolvedSpeaker | None]:
        order = sorted(
            (source.start, index) for index, source in enumerate(self.sources) if source is not None
        )
        inner = []
        for at, index in order:
            source = self.sources[index]
            assert source is not None
            phrase = self._phrases[index]
            if phrase.pronoun == "I":
                inner.append((at, index))
                continue
            self.found[index] = found = self._resolve(index, source, phrase)
            if found is not None:
                self._note(index, source, found)
        for at, index in inner:
            self.found[index] = self._first_person(at, index)
        self._without_source()
        known: dict[int, ResolvedSpeaker] = {}
        return [self._speaker(found, known) for found in self.found]

    def _speaker(
        self, found: _Found | None, known: dict[int, ResolvedSpeaker]
    ) -> ResolvedSpeaker | None:
        if found is None:
            return None
        entity = found.entity
        speaker = known.get(id(entity))
        if speaker is None:
            spans = dict.fromkeys((place.start, place.end) for place in entity.places)
            spans = spans or {entity.span: None}
            speaker = known[id(entity)] = ResolvedSpeaker(
                " ".join(entity.name.split()),
                Span.of(self.text, *entity.span),
                found.confidence,
                len(known),
                entity.named,
                self._role(entity),
                tuple(Span.of(self.text, *span) for span in sorted(spans)),
            )
        return replace(speaker, confidence=found.confidence)

    def _role(self, entity: Entity) -> str | None:
        if entity.person is None:
            return None
        ends = {place.start: place.end for place in entity.places}
        found = [
            role_text(self.text, start, ends.get(start, start), role)
            for start, role in entity.person.roles
        ]
        return max((words for words in found if words), key=len, default=None)

    def _note(self, index: int, source: Span, found: _Found) -> None:
        content = self.contents[index]
        asked = bool(content) and content[-1].text.rstrip("”\"'\u2019 ").endswith("?")
        asked = asked or bool(_ASKS.match(self.text, source.end))
        sentence = self.layout.sentence(source.start)
        paragraph = self.layout.paragraph(source.start)
        self.spoken.append(
            Spoken(
                source.start,
                source.end,
                sentence,
                paragraph,
                found.entity,
                asked,
                found.confidence,
            )
        )

    # ---- one source ----

    def _resolve(self, index: int, source: Span, phrase: SourcePhrase) -> _Found | None:
        question = self.question(index)
        if question is None:
            return self._own(source, phrase, CERTAIN)
        rule = self._candidates(question)
        describe(question, self.text, self.spoken, rule)
        choice, probability = self.choose(question)
        entity = question.candidates[choice]
        if entity is not None:
            self._mentioned(entity, source, phrase)
            if question.form == "he" and probability >= _SURE:
                entity.spoken_gender = question.gender
            return _Found(entity, probability)
        return self._own(source, phrase, probability)

    def question(self, index: int) -> Question | None:
        """The question that a source asks, with no candidates yet.

        None for a statement without a source, and for a source that only its own words can answer.
        """
        source = self.sources[index]
        if source is None:
            return None
        phrase = self._phrases[index]
        describes = not (phrase.plural or phrase.document or sort_of(phrase.head) == "thing")
        if phrase.form not in ("name", "pronoun", "owned") and (
            name := self._named_at_end(source) or (describes and self._named_after(source))
        ):
            phrase = replace(phrase, form="name", name=name.name, titled=True, owner="")
        gender = phrase.gender
        if phrase.form == "owned" and phrase.owner != "their":
            phrase = read_source(phrase.owner)
            gender = phrase.gender
        form = ""
        if phrase.form == "pronoun":
            form = {"she": "he"}.get(phrase.pronoun, phrase.pronoun)
            gender = _PRONOUN_GENDERS.get(phrase.pronoun)
        elif phrase.form in ("name", "description", "group"):
            form = phrase.form
        elif phrase.form == "unnamed" and not phrase.document:
            headline = self.layout.paragraph(source.start) == 0
            bare = headline and not phrase.plural and sort_of(phrase.head) == "person"
            form = "definite" if phrase.definite or bare else ""
        if not form:
            return None
        return Question(
            source,
            index,
            form,
            phrase,
            self.layout.sentence(source.start),
            self.layout.paragraph(source.start),
            self.quoted.covers(source.start),
            gender,
            self.contents[index],
        )

    def _candidates(self, question: Question) -> Entity | None:
        """Set the candidates of a question; the answer is what the name rules say of a name."""
        at, phrase = question.source.start, question.phrase
        rule: Entity | None = None
        found: list[Entity] = []
        if question.form == "name":
            rule = self._by_name(phrase, question.source)
            people = [] if phrase.organisation else self.names.sharing(phrase.name)
            found = [self.entities.of_person(person) for person in people]
            found = [e for e in found if self._may_be(phrase, e)]
            if rule is None:
                literal = self.entities.of_name(phrase.name, self._span_of(question.source, phrase))
                found.append(literal)
            else:
                found.append(rule)
        elif question.form == "who":
            found = [
                e
                for e in self.entities.around(at, 1)
                if any(_WHO_GAP.match(self.text, p.end, at) for p in e.before(at)[-1:])
            ]
        elif phrase.head in ("former", "latter"):
            found = self._of_two(phrase.head, at)
        else:
            spoken = [said.entity for said in self.spoken[-_LAST_SPEAKERS:]]
            found = [*spoken[::-1], *self.entities.around(at, _LOOK_BACK)]
            if phrase.role:
                found += [
                    self.entities.of_person(p) for p in self.names.in_role(phrase.role[-1], at)
                ]
            if question.form in ("group", "definite", "description"):
                found += self.entities.ending_in(phrase.head)
                if question.paragraph == 0 and not phrase.definite:
                    found += self.entities.people_after(question.source.end)
            last = spoken[-1] if spoken else None
            found = [e for e in found if may_mean(question, e, last)]
        question.candidates = [*{id(e): e for e in found}.values(), None]
        return rule

    def _of_two(self, which: str, at: int) -> list[Entity]:
        """Whom "the former" or "the latter" means: of the last two that are named."""
        named = [e for e in self.entities.around(at, 8) if e.named]
        named = [e for e in named if any(place.free for place in e.before(at))][:2]
        return named[-1:] if which == "former" else named[:1]

    def _named_at_end(self, source: Span) -> Person | None:
        """The person whose name ends a source's last run of capitals: "Envoy to the Tolmen Union
        Ana Belu", where the article has "Ana Belu" too."""
        index = bisect_left(self.names.starts, source.end) - 1
        if index < 0 or self.names.mentions[index].end != source.end:
            return None
        within = self.names.starts[index] > source.start
        return self.names.at_end_of(self.names.mentions[index].words) if within else None

    def _named_after(self, source: Span) -> Entity | None:
        """The person named right after a description, where that name is no source itself."""
        entity = self.entities.first_from(source.end, source.end + 3)
        if entity is None or entity.person is None:
            return None
        start = entity.within(source.end, source.end + 3)[0].start
        named = self.text[source.end : start] in (" ", ", ")
        return entity if named and not self._taken.covers(start) else None

    def _may_be(self, phrase: SourcePhrase, entity: Entity) -> bool:
        """Whether a person can have a name: the words at the end of the full one, or the first."""
        words = [plain(word) for word in phrase.name.split()]
        full = [plain(word) for word in entity.name.split()]
        if len(words) == 1:
            return True
        return full[-len(words) :] == words or (full[0] == words[0] and full[-1] == words[-1])

    def _span_of(self, source: Span, phrase: SourcePhrase) -> tuple[int, int]:
        """Where the name of a phrase stands in its source."""
        pattern = r"\s+".join(re.escape(word) for word in phrase.name.split())
        match = re.search(pattern, source.text)
        if match is None:
            return source.start, source.end
        return source.start + match.start(), source.start + match.end()

    def _by_name(self, phrase: SourcePhrase, source: Span) -> Entity | None:
        """What the rules say of a source that is a name."""
        words, at = phrase.name.split(), source.start
        if not phrase.organisation:
            person = self.names.named(phrase.name, at, phrase.gender)
            if person:
                return self.entities.of_person(person)
        span = self._span_of(source, phrase)
        if phrase.organisation or len(words) == 1:
            fuller = self.names.organisation(phrase.name, at)
            if fuller:
                return self.entities.of_name(fuller, span)
            if phrase.many or self._plural(phrase.name, at):
                return None
        if phrase.titled:
            return self.entities.of_name(phrase.name, span)
        if phrase.name.isupper() and len(phrase.name) > 5:
            return None  # a headline's capitals
        first = words[0]
        if phrase.opens and (len(words) == 1 or words[-1].islower()):
            plural = len(words) == 1 and not self.names.is_name(first)
            if (self._opens_sentence(at) or plural) and not self.names.is_name(first):
                return None
        return self.entities.of_name(phrase.name, span)

    def _plural(self, name: str, at: int) -> bool:
        """Whether a word is the plural of a name of the article: "The Clintons"."""
        return (
            name.endswith("s") and " " not in name and self.names.named(name[:-1], at) is not None
        )

    def _opens_sentence(self, at: int) -> bool:
        before = self.text[max(0, at - 3) : at].rstrip(" ")
        return not before or not (before[-1].isalpha() or before[-1] in ",;")

    def _mentioned(self, entity: Entity, source: Span, phrase: SourcePhrase) -> None:
        """Add a source to the mentions of its speaker."""
        if not entity.within(source.start, source.end):
            entity.add(self.layout.place(source.start, source.end, oblique=False, subject=True))
        if not entity.named and phrase.form not in ("pronoun", "owned"):
            words, (first, last) = own_words(source.text)
            if len(words) > len(entity.name):
                entity.name, entity.span = words, (source.start + first, source.start + last)

    def _own(self, source: Span, phrase: SourcePhrase, confidence: float) -> _Found | None:
        """The source's own words as its speaker; a pronoun has none."""
        if phrase.form == "pronoun":
            return None
        words, (first, last) = own_words(source.text)
        if not words.strip():
            return None
        span = (source.start + first, source.start + last)
        entity = Entity(
            words,
            False,
            span,
            plural=phrase.plural,
            roles=(phrase.role,) if phrase.role else (),
            head=phrase.head,
            organisation=phrase.form == "group",
            described_gender=phrase.gender or gender_of(phrase.role),
            sort=sort_of(phrase.head),
        )
        entity.add(self.layout.place(*span, oblique=False, subject=True))
        self.entities.register(entity, source.start)
        return _Found(entity, confidence)

    # ---- quotations without a source ----

    def _without_source(self) -> None:
        """Give quotations that have no source, but plainly a speaker, that speaker."""
        turns: list[tuple[int, int, _Found | None]] = []  # paragraph, statement, speaker
        for start, _, index in self._content_owner:
            quotation = self.quoted.range_at(start)
            if self.sources[index] is None and self.found[index] is None and quotation:
                self.found[index] = (
                    self._around(start, index)
                    or self._left_open(quotation[0])
                    or self._alternating(quotation, turns)
                )
            if not turns or turns[-1][1] != index:
                turns.append((self.layout.paragraph(start), index, self.found[index]))

    def _left_open(self, start: int) -> _Found | None:
        """The speaker of the paragraph before, where its quotation was not closed."""
        last = self._before(start)
        earlier = self.quoted.range_at(last)
        if earlier is None or self.text[last] in _CLOSING:
            return None
        place = bisect_left(self._content_owner, (start, 0, 0)) - 1
        within = place >= 0 and self._content_owner[place][0] >= earlier[0]
        return self.found[self._content_owner[place][2]] if within else None

    def _before(self, start: int) -> int:
        """The offset of the last character before `start` that is no space."""
        before = self.text[max(0, start - 40) : start]
        return start - 1 - (len(before) - len(before.rstrip()))

    def _alternating(
        self, quotation: tuple[int, int], turns: Sequence[tuple[int, int, _Found | None]]
    ) -> _Found | None:
        """The speaker before the last, where two take turns and this paragraph is one quotation."""
        start, end = quotation
        opens = start == 0 or self.text[start - 1] == "\n"
        closes = end == len(self.text) or self.text[end] in "\r\n"
        paragraph = self.layout.paragraph(start)
        if not (opens and closes) or len(turns) < 2:
            return None
        (place, _, one), (last, _, other) = turns[-2:]
        near = place == paragraph - 2 and last == paragraph - 1
        if not near or one is None or other is None or one.entity is other.entity:
            return None
        return one

    # ---- the first person ----

    def _first_person(self, at: int, index: int) -> _Found | None:
        """The speaker of the statement in whose content, or quotation, "I" or "we" stands."""
        question = self.question(index)
        assert question is not None
        owner = self._around(at, index)
        if owner is not None and not owner.entity.named:
            return owner
        nearby = self._paragraph_speakers(question.paragraph)
        found = [owner.entity] if owner else []
        found += [said.entity for said in nearby]
        question.candidates = [*{id(e): e for e in found}.values(), None]
        describe_first_person(question, nearby, owner.entity if owner else None)
        choice, probability = self.choose(question)
        entity = question.candidates[choice]
        return None if entity is None else _Found(entity, probability)

    def _paragraph_speakers(self, paragraph: int) -> Sequence[Spoken]:
        """Who spoke in a paragraph and the two before it."""
        first = bisect_left(self.spoken, paragraph - 2, key=lambda said: said.paragraph)
        last = bisect_right(self.spoken, paragraph, key=lambda said: said.paragraph)
        return self.spoken[max(first, last - _LAST_SPEAKERS) : last]

    def _around(self, at: int, index: int) -> _Found | None:
        """The speaker of the innermost content around an offset, or earlier in its quotation."""
        position = bisect_right(self._content_owner, (at, len(self.text) + 1, 0)) - 1
        quotation = self.quoted.range_at(at)
        before = [
            (start, end, owner)
            for start, end, owner in self._content_owner[max(position - 3, 0) : position + 1]
            if owner != index
        ][::-1]
        around = [owner for start, end, owner in before if start <= at < end]
        if not around and quotation:
            around = [owner for start, end, owner in before if quotation[0] <= start < at]
        if around:
            return self.found[around[0]]
        return self._introducing(*quotation) if quotation else None

    def _introducing(self, start: int, end: int) -> _Found | None:
        """Whoever a quotation is given to by its own sentence, or by one that ends in a colon."""
        place = bisect_left(self.spoken, start, key=lambda said: said.start)
        for said in self.spoken[max(place - 1, 0) : place]:
            near = start - said.start < _NEAR and "\n" not in self.text[said.start : start]
            if near and not self.layout.blocked.covers(said.start):
                return _Found(said.entity, said.confidence)
        for said in self.spoken[place : place + 2]:
            between = self.text[end : said.start]
            if said.start >= end and _SAID_GAP.match(between):
                return _Found(said.entity, said.confidence)
        colon = self._before(start)
        if colon < 0 or self.text[colon] != ":":
            return None
        opens = self.layout.starts[self.layout.sentence(colon)]
        people = [
            e
            for e in reversed(self.entities.around(colon, 6))
            if e.person is not None
            and any(p.free and not p.oblique for p in e.within(opens, colon))
        ]
        return _Found(people[0], CERTAIN) if len(people) == 1 else None
