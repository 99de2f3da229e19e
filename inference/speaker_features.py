"""What tells whether a candidate is the speaker behind a source: features by name.

A question is a source with its candidates; every pair of source and candidate gets the names of
the features that hold of it. `avowal.inference.speaker_model` weighs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from avowal.data.records import Span
from avowal.inference.entities import Entity, Place
from avowal.inference.name_words import words
from avowal.inference.names import Gender, plain
from avowal.inference.source_phrases import SourcePhrase

_GENERIC = words(
    """
    company firm group regulator organisation organization agency authority body gang outfit
    operator carrier lender bank party team club newspaper paper broadcaster union watchdog
    """
)
_NEAR = 90


@dataclass(frozen=True, slots=True)
class Spoken:
    """An earlier source and whom it means."""

    start: int
    sentence: int
    paragraph: int
    entity: Entity
    asked: bool  # what was said ends in a question mark


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
    rank = {key: sum(other > own for other in recent.values()) for key, own in recent.items()}
    close = [e for e in agreeing if question.sentence - _last_sentence(e, question) <= 3]
    question.features = [
        _nobody(question, close, rule)
        if entity is None
        else _pair(question, entity, text, spoken, rank, rule)
        for entity in question.candidates
    ]


def may_mean(question: Question, entity: Entity) -> bool:
    """Whether a candidate is worth a question: the rest would be noise to learn from."""
    known, told_by = entity.gender()
    certain = entity.person is not None and (entity.person.certain() or told_by == "given name")
    if question.form == "he":
        clash = known is not None and known != question.gender and told_by == "title"
        places = entity.before(question.source.start)
        only_quoted = bool(places) and all(place.quoted for place in places)
        return not (entity.plural or entity.organisation or clash or only_quoted)
    if question.form == "they":
        return entity.plural or not (certain or entity.head)
    if question.form == "it":
        return not (entity.plural or certain or (entity.roles and entity.person is None))
    if question.form == "group":
        return not certain and (entity.named or entity.head == question.phrase.head)
    if question.form == "description" and _role_match(question, entity) == "other words":
        return False
    return entity.named or entity.head == question.phrase.head


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


def _nobody(question: Question, close: Sequence[Entity], rule: Entity | None) -> list[str]:
    found = ["nobody", f"nobody: {min(len(close), 3)} close"]
    if question.quoted:
        found.append("nobody: in a quotation")
    if question.phrase.plural:
        found.append("nobody: plural")
    if question.form in ("description", "group", "definite"):
        found.append("nobody: definite" if question.phrase.definite else "nobody: bare")
        heads = [_role_match(question, e) for e in question.candidates if e is not None]
        best = next((k for k in ("exact", "subset", "head alone", "other words") if k in heads), "")
        found.append(f"nobody: best role {best}")
        if any(e and _is_body_of(e, question.phrase.head) for e in question.candidates):
            found.append("nobody: a body of that name")
        if question.phrase.owner:
            found.append("nobody: owned")
        if question.phrase.head in _GENERIC:
            found.append("nobody: generic")
    if question.form == "name":
        found.append("nobody: rule gives a name" if rule else "nobody: rule gives none")
    return found


def _is_body_of(entity: Entity, head: str) -> bool:
    """Whether the name of an organisation ends in a word: "the federation"."""
    named = entity.named and entity.person is None
    return named and plain(entity.name.rsplit(" ", 1)[-1]) == head


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


def _recency(entity: Entity, at: int) -> tuple[int, bool]:
    """The sentence of the last free mention, and whether it is the subject; those joined tie."""
    for place in reversed(entity.before(at)):
        if place.free:
            return place.sentence, place.subject
    return -1, False


def _last_sentence(entity: Entity, question: Question) -> int:
    places = entity.before(question.source.start)
    return places[-1].sentence if places else -99


def _pair(
    question: Question,
    entity: Entity,
    text: str,
    spoken: Sequence[Spoken],
    rank: dict[int, int],
    rule: Entity | None,
) -> list[str]:
    at = question.source.start
    found = [_kind(entity), _gender(question, entity)]
    if entity.plural != (question.phrase.plural or question.form == "they"):
        found.append("number differs")
    places = entity.before(at)
    free = [place for place in places if place.free]
    found.append(f"gap {_bucket(question.sentence - free[-1].sentence)}" if free else "gap none")
    if free:
        found += _position(question, free[-1])
    elif places:
        found.append(f"quoted gap {_bucket(question.sentence - places[-1].sentence)}")
    else:
        found.append("only later")
    place = rank.get(id(entity))
    found.append(f"rank {min(place, 3)}" if place is not None else "rank none")
    found += _speaking(question, entity, spoken)
    found += _content(question, entity)
    count = len(entity.places)
    found.append(f"mentions {'1' if count == 1 else '2-3' if count < 4 else '4+'}")
    if entity.places and entity.places[0].paragraph == 0:
        found.append("in the first paragraph")
    if question.form in ("description", "group", "definite"):
        found.append(f"role {_role_match(question, entity)}")
        if question.phrase.owner or question.phrase.role[:-1]:
            near = _words_near(question, entity, text)
            found.append("owner or modifier near" if near else "owner or modifier not near")
        head = question.phrase.head
        words = [plain(word) for word in entity.name.split()]
        if entity.named and entity.person is None:
            found.append(
                "name ends in head"
                if words[-1] == head
                else "head in name"
                if head in words
                else "head not in name"
            )
            if head in _GENERIC:
                found.append("generic head")
        if not question.phrase.definite:
            found.append("bare description")
        if entity.within(question.source.end, question.source.end + 3):
            found.append("named right after")
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


def _kind(entity: Entity) -> str:
    if not entity.named:
        return "described plural" if entity.plural else "described"
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


def _bucket(gap: int) -> str:
    return str(gap) if gap < 4 else "4-6" if gap < 7 else "7-12" if gap < 13 else "13+"


def _position(question: Question, last: Place) -> list[str]:
    gap = question.sentence - last.sentence
    when = "same sentence" if gap == 0 else "sentence before" if gap == 1 else "earlier"
    part = "subject" if last.subject else "oblique" if last.oblique else "other part"
    found = [f"{part}, {when}"]
    if last.addressed:
        found.append(f"addressed, {when}")
    paragraphs = question.paragraph - last.paragraph
    found.append(f"paragraph {min(paragraphs, 3)}")
    return found


def _speaking(question: Question, entity: Entity, spoken: Sequence[Spoken]) -> list[str]:
    others: list[Entity] = []
    for said in reversed(spoken[-8:]):
        if said.entity is entity:
            turn = min(len(others), 3)
            gap = question.sentence - said.sentence
            found = [f"spoke {turn} turns ago", f"spoke {_bucket(max(gap, 0))} sentences ago"]
            found.append(f"spoke, paragraph {min(max(question.paragraph - said.paragraph, 0), 3)}")
            if turn == 0 and said.asked:
                found.append("spoke last, and asked")
            return found
        if said.entity not in others:
            others.append(said.entity)
    return ["never spoke lately"]


def _content(question: Question, entity: Entity) -> list[str]:
    """Whether the candidate is named in what the source says."""
    found = []
    for piece in question.content:
        for place in entity.within(piece.start, piece.end):
            before = place.start < question.source.start and place.sentence == question.sentence
            if before and not (place.quoted or place.oblique):
                found.append("opens the content before")
            else:
                found.append("quoted in the content" if place.quoted else "in the content")
    return list(dict.fromkeys(found))


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
