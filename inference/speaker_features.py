"""What tells whether a candidate is the speaker behind a source: features by name.

A question is a source with its candidates; every pair of source and candidate gets the names of
the features that hold of it. `avowal.inference.speaker_model` weighs them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from avowal.data.records import Span
from avowal.inference.entities import Entity, Place, sort_of
from avowal.inference.name_words import words
from avowal.inference.names import Gender, plain
from avowal.inference.source_phrases import SourcePhrase

_GENERIC = words(
    """
    company firm group regulator organisation organization agency authority body gang outfit
    operator carrier lender bank party team club newspaper paper broadcaster union watchdog
    """
)
_PLACES = words("city town village country kingdom republic capital island state nation")
_CLAUSE = re.compile(r"[^.;:!?“”\"\n]*")
_THIRD = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.I)
_OPENING = '“"\u2018'
_NEAR = 90
_BARE = re.compile(r"the\s\w+", re.I)
_BODY_NEAR = 20  # sentences since a body was named
_HEADS = 3000  # characters before a source in which its head may have been said already


@dataclass(frozen=True, slots=True)
class Spoken:
    """An earlier source and whom it means."""

    start: int
    end: int
    sentence: int
    paragraph: int
    entity: Entity
    asked: bool  # what was said ends in a question mark
    confidence: float = 1.0


@dataclass(slots=True)
class Question:
    """A source whose speaker is asked for; a candidate of None is nobody of the article's.

    Attributes:
        form: the kind of source, which the weights depend on.
        features: for each candidate, the features that hold of it.
    """

    source: Span
    index: int
    form: str
    phrase: SourcePhrase
    sentence: int
    paragraph: int
    quoted: bool
    gender: Gender | None
    content: Sequence[Span]
    candidates: list[Entity | None] = field(default_factory=list)
    features: list[list[str]] = field(default_factory=list)


def describe(question: Question, text: str, spoken: Sequence[Spoken], rule: Entity | None) -> None:
    """Fill in the features of all candidates.

    Args:
        spoken: the earlier sources whose speaker is known, in order.
        rule: for a source that is a name, the entity that the name rules give.
    """
    pairs = [e for e in question.candidates if e is not None]
    agreeing = [e for e in pairs if agrees(question, e)]
    recent = {id(e): _recency(e, question.source.start) for e in agreeing}
    close = [e for e in agreeing if question.sentence - _last_sentence(e, question) <= 3]
    field = _Field(
        rank={
            key: sum(other[:2] > own[:2] for other in recent.values())
            for key, own in recent.items()
        },
        nearest=_nearest(recent),
        gendered=question.gender is not None
        and any(e.gender()[0] == question.gender for e in close if e.person is not None),
        new_head=_new_head(question, text),
        role_known=any(_role_match(question, e) in ("exact", "subset") for e in pairs),
    )
    question.features = [
        _nobody(question, close, field, rule)
        if entity is None
        else _pair(question, entity, text, spoken, field, rule)
        for entity in question.candidates
    ]


@dataclass(frozen=True, slots=True)
class _Field:
    """What the candidates of a question are like together; entities by `id`.

    Attributes:
        rank: of those that agree, how many are more recent.
        nearest: the one that agrees and was mentioned last.
        gendered: whether one of the close ones is known to have the pronoun's gender.
        new_head: whether the last word of the description was not said before.
        role_known: whether one of them has the role that the source names.
    """

    rank: dict[int, int]
    nearest: int | None
    gendered: bool
    new_head: bool
    role_known: bool


def _new_head(question: Question, text: str) -> bool:
    if question.form not in _DESCRIBING or not question.phrase.head:
        return False
    before = text[max(0, question.source.start - _HEADS) : question.source.start].casefold()
    return not re.search(rf"\b{re.escape(question.phrase.head)}\b", before)


def may_mean(question: Question, entity: Entity, last: Entity | None = None) -> bool:
    """Whether a candidate is worth a question: the rest would be noise to learn from.

    Args:
        last: who spoke last, whose quotation may stand between.
    """
    known, told_by = entity.gender()
    certain = entity.person is not None and (entity.person.certain() or told_by == "given name")
    if question.form in ("he", "it") and entity is not last and _far(question, entity):
        return False
    if question.form == "he":
        clash = known is not None and known != question.gender and told_by == "title"
        places = entity.before(question.source.start)
        only_quoted = bool(places) and all(place.quoted for place in places)
        thing = entity.sort == "thing" or (entity.named and entity.person is None)
        return not (entity.plural or entity.organisation or thing or clash or only_quoted)
    if question.form == "they":
        return entity.plural or not (certain or entity.head)
    if question.form == "it":
        return not (entity.plural or certain or (entity.roles and entity.person is None))
    if question.form == "group":
        return not certain and (entity.named or entity.head == question.phrase.head)
    if question.form == "description" and _role_match(question, entity) == "other words":
        return False
    return entity.named or entity.head == question.phrase.head


def _far(question: Question, entity: Entity) -> bool:
    """Whether a candidate was last mentioned sentences and paragraphs ago."""
    places = entity.before(question.source.start)
    return not places or (
        question.sentence - places[-1].sentence > 3
        and question.paragraph - places[-1].paragraph > 1
    )


def describe_first_person(
    question: Question, nearby: Sequence[Spoken], owner: Entity | None
) -> None:
    """Fill in the features of who may say "I" or "we".

    Args:
        nearby: the sources of the paragraph and the two before it.
        owner: the speaker of the content that the pronoun stands in.
    """
    question.features = []
    for entity in question.candidates:
        if entity is None:
            question.features.append(["nobody", "owned" if owner else "not owned"])
            continue
        found = [_kind(entity), "owner" if entity is owner else "not the owner"]
        own = [said for said in nearby if said.entity is entity]
        if own and owner is None:
            near = min(own, key=lambda said: abs(said.start - question.source.start))
            side = "before" if near.start < question.source.start else "after"
            found.append(f"spoke {side}, paragraph {question.paragraph - near.paragraph}")
            nearest = min(nearby, key=lambda said: abs(said.start - question.source.start))
            found.append("nearest source" if nearest is near else "not the nearest source")
        found.append("in a quotation" if question.quoted else "not in a quotation")
        question.features.append(found)


def _nobody(
    question: Question, close: Sequence[Entity], field: _Field, rule: Entity | None
) -> list[str]:
    found = ["nobody", f"nobody: {min(len(close), 3)} close"]
    if question.quoted:
        found.append("nobody: in a quotation")
    if question.phrase.plural:
        found.append("nobody: plural")
    if question.form in _DESCRIBING:
        found.append("nobody: definite" if question.phrase.definite else "nobody: bare")
        heads = [_role_match(question, e) for e in question.candidates if e is not None]
        best = next((k for k in ("exact", "subset", "head alone", "other words") if k in heads), "")
        found.append(f"nobody: best role {best}")
        if any(e and _is_body_of(e, question.phrase.head) for e in question.candidates):
            found.append("nobody: a body of that name")
        if field.new_head:
            found.append(f"nobody: new head, {sort_of(question.phrase.head) or 'unknown'}")
        if question.phrase.same:
            found.append("nobody: the same")
        if question.phrase.owner:
            found.append("nobody: owned")
        if question.phrase.head in _GENERIC:
            found.append("nobody: generic")
        if question.phrase.head in _PLACES:
            found.append("nobody: a place")
    if question.form == "name":
        found.append("nobody: rule gives a name" if rule else "nobody: rule gives none")
    return found


def _is_body_of(entity: Entity, head: str) -> bool:
    """Whether the name of an organisation ends in a word: "the federation"."""
    named = entity.named and entity.person is None
    return named and plain(entity.name.rsplit(" ", 1)[-1]) == head


def only_body(question: Question) -> int | None:
    """The candidate that a bare "the federation" means: the one body that was named so nearby."""
    if question.form != "group" or not _BARE.fullmatch(question.source.text.partition(",")[0]):
        return None
    bodies = [
        (index, entity)
        for index, entity in enumerate(question.candidates)
        if entity is not None
        and _is_body_of(entity, question.phrase.head)
        and entity.name.rsplit(" ", 1)[-1][:1].isupper()
    ]
    if len(bodies) != 1:
        return None
    [(index, entity)] = bodies
    return index if question.sentence - _last_sentence(entity, question) <= _BODY_NEAR else None


def agrees(question: Question, entity: Entity) -> bool:
    """Whether nothing that is known of a candidate speaks against it."""
    known, _ = entity.gender()
    if question.form == "he":
        if entity.organisation or entity.plural or (entity.named and entity.person is None):
            return False
        return known is None or known == question.gender
    if question.form in ("it", "group"):
        return known is None and (entity.person is None or not entity.person.certain())
    if question.form == "they":
        return entity.plural or entity.organisation
    if question.form == "description" and entity.named and entity.person is None:
        return False
    return question.gender is None or known is None or known == question.gender


def _recency(entity: Entity, at: int) -> tuple[int, bool, int]:
    """The sentence of the last free mention, whether it is the subject, and where it stands."""
    for place in reversed(entity.before(at)):
        if place.free:
            return place.sentence, place.subject, place.start
    return -1, False, -1


def _nearest(recent: dict[int, tuple[int, bool, int]]) -> int | None:
    """The entity mentioned last; none where it is joined to another: "Kim Doe and Lee Roe"."""
    last = max(recent, key=lambda key: recent[key][2], default=None)
    if last is None:
        return None
    sentence, subject, _ = recent[last]
    joined = [own for own in recent.values() if own[:2] == (sentence, True)]
    return None if subject and len(joined) > 1 else last


def _last_sentence(entity: Entity, question: Question) -> int:
    places = entity.before(question.source.start)
    return places[-1].sentence if places else -99


def _pair(
    question: Question,
    entity: Entity,
    text: str,
    spoken: Sequence[Spoken],
    field: _Field,
    rule: Entity | None,
) -> list[str]:
    at = question.source.start
    kind = "a place for a place" if _place_for_place(question, entity) else _kind(entity)
    found = [kind, _gender(question, entity)]
    if field.gendered and entity.gender()[0] != question.gender:
        found.append("gender not known, another's is")
    if entity.plural != (question.phrase.plural or question.form == "they"):
        found.append("number differs")
    places = entity.before(at)
    free = [place for place in places if place.free]
    if free:
        found += _above("gap", question.sentence - free[-1].sentence, (0, 1, 2, 4, 8))
        found += _position(question, free[-1])
        at_last = [said for said in spoken[-8:] if said.start <= free[-1].start < said.end]
        if any(said.entity is not entity for said in at_last):
            found.append("named in another's source")
    elif places:
        found += ["gap none", "only quoted"]
        found += _above("quoted gap", question.sentence - places[-1].sentence, (0, 1, 3))
    else:
        found += ["gap none", "only later"]
    found += _standing(question, entity, field, free)
    found += _speaking(question, entity, spoken)
    found += _content(question, entity, field)
    if question.form in _DESCRIBING:
        found += _described(question, entity, text, field)
    if question.form == "name":
        found.append("rule's choice" if entity is rule else "not rule's choice")
        same = plain(entity.name) == plain(question.phrase.name)
        found.append("same words" if same else "other words")
        if " " not in question.phrase.name:
            found.append("one word")
        if question.phrase.opens:
            found.append("source opens with it")
        if question.phrase.titled:
            found.append("titled")
    if question.quoted:
        found.append("source in a quotation")
    return found


_DESCRIBING = ("description", "group", "definite")


def _described(question: Question, entity: Entity, text: str, field: _Field) -> list[str]:
    """How a candidate fits the words of a description."""
    phrase, head = question.phrase, question.phrase.head
    match = _role_match(question, entity)
    found = [f"role {match}"]
    if match not in ("exact", "subset") and field.role_known:
        found.append("another has the role")
    if phrase.owner or phrase.role[:-1]:
        near = _words_near(question, entity, text)
        found.append("owner or modifier near" if near else "owner or modifier not near")
    beside = _beside(head, entity, text)
    if beside:
        found.append(beside)
    words = [plain(word) for word in entity.name.split()]
    if entity.named and entity.person is None and not _place_for_place(question, entity):
        found.append(
            "name ends in head"
            if words[-1] == head
            else "head in name"
            if head in words
            else "head not in name"
        )
        if head in _GENERIC:
            found.append("generic head")
    if not phrase.definite:
        found.append("bare description")
    elif field.new_head:
        found.append("new head, named" if entity.named else "new head, described")
        if field.rank.get(id(entity)) == 0:
            found.append("new head, first in rank")
    if head in ("former", "latter"):
        found.append("one of two")
    if entity.within(question.source.end, question.source.end + 3):
        found.append("named right after")
    return found


def _place_for_place(question: Question, entity: Entity) -> bool:
    """Whether "the city" is asked for, and a candidate's name may be one's."""
    name = entity.named and entity.person is None and not entity.organisation
    return name and question.form == "definite" and question.phrase.head in _PLACES


def _beside(head: str, entity: Entity, text: str) -> str:
    """Where the last word of a description stands right before or after a name."""
    if not (head and entity.named):
        return ""
    for place in entity.places[:6]:
        if text[max(0, place.start - len(head) - 1) : place.start].casefold() == f"{head} ":
            return "head before the name"
        after = _CLAUSE.match(text, place.end, place.end + _NEAR)
        if after and head in [plain(word) for word in after[0].split()]:
            return "head after the name"
    return ""


def _kind(entity: Entity) -> str:
    if not entity.named:
        number = " plural" if entity.plural else ""
        return f"described{number}, {entity.sort}"
    if entity.organisation:
        return "organisation"
    if entity.person is None:
        return "other name"
    return "person" if entity.person.certain() else "perhaps a person"


def _gender(question: Question, entity: Entity) -> str:
    known, told_by = entity.gender()
    if question.gender is None:
        return "gender not asked"
    if known is None:
        return "gender unknown"
    return f"gender {'agrees' if known == question.gender else 'differs'}, {told_by}"


def _above(name: str, value: int, steps: Sequence[int]) -> list[str]:
    """A number as the steps that it passes, so that near numbers weigh nearly the same."""
    return [f"{name} > {step}" for step in steps if value > step]


def _position(question: Question, last: Place) -> list[str]:
    gap = question.sentence - last.sentence
    when = "same sentence" if gap == 0 else "sentence before" if gap == 1 else "earlier"
    part = "subject" if last.subject else "oblique" if last.oblique else "other part"
    found = [f"{part}, {when}"]
    if last.addressed:
        found.append(f"addressed, {when}")
    return found + _above("paragraphs", question.paragraph - last.paragraph, (0, 1, 2))


def _standing(
    question: Question, entity: Entity, field: _Field, free: Sequence[Place]
) -> list[str]:
    """How a candidate stands among all that agree with the source."""
    rank = field.rank.get(id(entity))
    if rank is None:
        return ["does not agree"]
    found = _above("rank", rank, (0, 1, 2))
    if id(entity) == field.nearest:
        found.append("nearest that agrees")
    if rank == 0 and free:
        same = free[-1].paragraph == question.paragraph
        found.append(f"first in rank, {'same' if same else 'earlier'} paragraph")
    return found


def _speaking(question: Question, entity: Entity, spoken: Sequence[Spoken]) -> list[str]:
    others: list[Entity] = []
    for said in reversed(spoken[-8:]):
        if said.entity is entity:
            found = ["spoke lately", "spoke before the last" if others else "spoke last"]
            found += _above(
                "sentences since it spoke", question.sentence - said.sentence, (0, 1, 3)
            )
            gap = question.paragraph - said.paragraph
            found += _above("paragraphs since it spoke", gap, (0, 1, 2))
            if not others and said.asked:
                found.append("spoke last, and asked")
            return found
        if said.entity not in others:
            others.append(said.entity)
    return []


def _content(question: Question, entity: Entity, field: _Field) -> list[str]:
    """Whether the candidate is named in what the source says, or may be its "he" or "she"."""
    found = []
    for piece in question.content:
        for place in entity.within(piece.start, piece.end):
            before = place.start < question.source.start and place.sentence == question.sentence
            if before and not (place.quoted or place.oblique):
                found.append("opens the content before")
            else:
                found.append("quoted in the content" if place.quoted else "in the content")
    if found or not question.content:
        return list(dict.fromkeys(found))
    spoken_of = any(
        _THIRD.search(piece.text) for piece in question.content if piece.text[:1] in _OPENING
    )
    return ["speaks of somebody"] if spoken_of and field.rank.get(id(entity)) == 0 else []


def _role_match(question: Question, entity: Entity) -> str:
    wanted, known = question.phrase.role, entity.roles
    if not wanted:
        return "has one, none asked" if known else "none, none asked"
    same = [set(role[:-1]) for role in known if role[-1] == wanted[-1]]
    modifiers = {word for word in wanted[:-1] if word not in {"former", "own", "then", "new"}}
    if not same:
        return "another" if known else "none known"
    if any(modifiers == words for words in same):
        return "exact"
    if any(modifiers <= words for words in same):
        return "subset" if modifiers else "head alone"
    return "other words"


def _words_near(question: Question, entity: Entity, text: str) -> bool:
    """Whether the owner or a modifier of a description stands near a mention of the candidate."""
    wanted = [word for word in question.phrase.owner.split() if word[:1].isupper()]
    wanted = [plain(word) for word in wanted] + list(question.phrase.role[:-1])
    if not wanted:
        return False
    for place in entity.places[:4]:
        around = text[max(0, place.start - _NEAR) : place.end + _NEAR].casefold()
        if any(word in around for word in wanted):
            return True
    return False
