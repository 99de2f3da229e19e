"""Reading a statement's source: is it a pronoun, a name, a description, a document, or nobody?

Only the words of the source count here; who is meant by them is for `avowal.inference.resolve`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from avowal.inference.name_words import (
    COMPANY_ENDINGS,
    DETERMINERS,
    DOCUMENTS,
    INDEFINITE,
    ORGANISATION_NOUNS,
    ORGANISATIONS,
    PEOPLE,
    PREPOSITIONS,
)
from avowal.inference.name_words import (
    words as word_list,
)
from avowal.inference.names import (
    Gender,
    Role,
    Run,
    find_runs,
    gender_of,
    is_organisation,
    is_role,
    plain,
    role_words,
)

Form = Literal["pronoun", "name", "description", "group", "owned", "unnamed"]

PRONOUNS = {
    "he": "he",
    "him": "he",
    "his": "he",
    "she": "she",
    "her": "she",
    "it": "it",
    "they": "they",
    "them": "they",
    "i": "I",
    "me": "I",
    "we": "I",
    "us": "I",
    "who": "who",
    "which": "who",
    "that": "who",
}
_MANY = re.compile(r"^(?:he|she|it|they|i|we)(?= (?:himself|herself|itself|themselves|too|also)$)")
_SPACE = re.compile(r"\s+")
_THE = re.compile(r"the\s+(?=\S)", re.I)
_EDGES = " \t\n\r,;:.“”\"'\u2018\u2019«»()[]\u2013—-"
_WORD = re.compile(r"[\w\u2019'-]+")
# TOLM, Oryn (Agency) –
_DATELINE = re.compile(
    r"[A-Z][A-Z. \u2019'-]{3,}(?:, [A-Z][\w. ]+)?(?: \([A-Z][\w ]+\))? ?(?:[\u2013\u2014]|--?) "
)
_ABBREVIATED = re.compile(r"\b[^\W\d_]\.[^\W\d_]\.\Z")
_BREAK = re.compile(r", |; | [\u2013—-]+ | (?=\()| (?=(?:who|which|whose|that|whom)\b)")
_OWNER = re.compile(r"(?:(?<=\w)[\u2019']s|(?<=s)[\u2019'])\s(?:own\s)?")
_POSSESSIVE = re.compile(r"^(?:his|her|its|their)\s(?:own\s)?", re.I)
_RELATIVE = re.compile(
    r"^(?:who|which|whose|whom|that|among|including|like|along with|together with|such as)\b"
)
_AUTHOR = re.compile(r"\b(?:by|from|of)\s(?:(?:the|an?)\s)?(?:[a-zß-öø-ÿ-]+\s)?")
_COORDINATION = re.compile(r" (?:and|or) ", re.I)
_QUOTE_OPENED = re.compile(r"(?:^|\s)[“\"\u2018'«]")
_LIST = re.compile(r"^(?:and|or)\b|, (?:and|or)\b", re.I)


@dataclass(frozen=True, slots=True)
class SourcePhrase:
    """What a source says of who speaks.

    `name` is a name's words without title. `role` is a description ("the water minister"), or the
    role that comes with a name. `group` is the lower-case name of an organisation ("the board").
    `owner` is who owns what speaks: "her" in "her letter", "Ruhnia" in "Ruhnia's note".
    """

    form: Form
    pronoun: str = ""
    name: str = ""
    role: Role = ()
    gender: Gender | None = None
    titled: bool = False
    organisation: bool = False
    many: bool = False  # perhaps the plural of a name: "establishment Republicans"
    owner: str = ""
    group: str = ""
    opens: bool = False  # the name is the source's first word, capital or not
    head: str = ""  # the last word of the noun phrase that is no name, in lower case
    definite: bool = False  # "the bosun", "his deputy": somebody whom the reader knows
    plural: bool = False
    document: bool = False  # a report, a letter
    same: bool = False  # "the same minister"


UNNAMED = SourcePhrase("unnamed")


def read_source(text: str) -> SourcePhrase:
    """Read the words of a source, titles and appositions included.

    Example:
        >>> read_source("U.N. Secretary-General Kofi Annan").name
        'Kofi Annan'
        >>> read_source("the water minister").role
        ('water', 'minister')
    """
    start, end = _bounds(text)
    phrase = _SPACE.sub(" ", text[start:end])
    lower = phrase.casefold()
    if match := _MANY.match(lower):
        lower = match[0]
    if lower in PRONOUNS:
        return SourcePhrase("pronoun", pronoun=PRONOUNS[lower])
    if not phrase or len(phrase) > 400:
        return UNNAMED
    if body := _speaking_for(phrase) or _called(phrase):
        return body
    phrase = _AROUND.sub("", _ASIDE.sub("", phrase))
    head, rest = _halves(phrase)
    found = _read_head(head)
    if found.form == "name" and _lists(rest):
        return UNNAMED
    if found.form in {"name", "owned"}:
        return found
    apposed = _read_apposition(head, rest)
    if apposed:
        return apposed
    if (document := _document_end(head)) and (author := _author_in(phrase[document:])):
        return author
    return _with_head(found, head)


def _document_end(head: str) -> int:
    """Where the words for a document end that a phrase opens with; 0 where it opens with none."""
    for number, match in enumerate(_WORD.finditer(head)):
        if plain(match[0]) in DOCUMENTS:
            return match.end()
        if number == 4 or (number and plain(match[0]) in PREPOSITIONS):
            break
    return 0


_PLURALS = word_list("men women people police staff clergy children")
_PARTICIPLE = re.compile(r"^(?:seen|sent|run|held|written|taken|given|\w{3,}ed)$")
_SINGULAR_ENDINGS = ("ss", "us", "is")


def _with_head(found: SourcePhrase, phrase: str) -> SourcePhrase:
    """A phrase without a name, with its head, number and definiteness."""
    core = _core(phrase)[0]
    words = [plain(word) for word in core.split(" ") if word]
    if not words:
        return found
    while len(words) > 2 and words[-1] not in PEOPLE and _PARTICIPLE.search(words[-1]):
        words.pop()  # a statement carried
    head = words[-1]
    plural = head in _PLURALS or head.endswith(("men", "women"))
    plural = plural or (head.endswith("s") and not head.endswith(_SINGULAR_ENDINGS))
    definite = words[0] in DETERMINERS or bool(_OWNER.search(core))
    return replace(
        found,
        head=head,
        plural=plural or bool(_COORDINATION.search(core)),
        definite=definite,
        document=head in DOCUMENTS,
        same=words[:2] == ["the", "same"],
    )


# "(Tolm Episcopal Conference)"
_ASIDE = re.compile(r" \([^()]*\)(?=,)")
# "Kitto himself", "the Culture Ministry there"
_AROUND = re.compile(r"(?<=\w)\s(?:himself|herself|itself|themselves|there|here|too)$")
_CALLED = re.compile(
    r"^(?:an?|some)\s?(?:[\w-]+\s){1,3}?(?:(?:which|who|that)\s)?(?:known as|called|named|"
    r"(?:calling|styling|signing)\s(?:him|her|it|them)sel(?:f|ves)|"
    r"gave (?:his|her|its|their) name as)\s(?:only\s)?(?:as\s)?(?:the\s)?[“\"\u2018']?"
    r"(?=[^\Wa-z_\d])",
    re.I,
)


def _called(phrase: str) -> SourcePhrase | None:
    """The name that a phrase gives at its end: "a group styling itself the Clear Hand"."""
    match = _CALLED.match(phrase)
    run = next(find_runs(phrase, match.end()), None) if match else None
    if match is None or run is None or run.start != match.end() or run.title == len(run.words):
        return None
    if phrase[run.end :].strip(_EDGES):
        return None
    body = not _ORGANISED.isdisjoint(plain(word) for word in phrase[: match.end()].split())
    return SourcePhrase("name", name=run.name(), organisation=body, titled=True)


_ORGANISED = ORGANISATIONS | ORGANISATION_NOUNS | word_list("gang cell crew outfit movement")


_SPOKESMAN = r"(?:[Ss]pokes(?:man|woman|person|people)|press officer)"
_FOR_BODY = re.compile(
    rf"^(?:(?:[Aa]n?|[Tt]he|[Ii]ts|[Oo]ne|[Tt]wo)\s)?(?:[a-z-]+\s)?{_SPOKESMAN}\s(?:for|of|at)\s"
    r"(?:(?:the|its)\s)?(?P<kind>(?:[a-z-]+\s)*?[a-z-]+,?\s)?(?=[^\Wa-z_\d])"
)
_PLACE_OF = re.compile(
    r"^[Tt]he\s(?:[a-z-]+\s)?(?:town|city|village|state|republic|kingdom|nation|province|island|port)"
    r"\sof\s(?=[^\Wa-z_\d])"
)
_OF_BODY = re.compile(rf"\s{_SPOKESMAN}$")
# whose people speak for them: not so the analysts at an exchange
_HOUSES = word_list(
    "bank institute institution university center centre capital research partners foundation"
)
_PEOPLE_AT = re.compile(
    r"^(?P<people>[A-Za-z-]+s)\sat\s(?:the\s)?(?P<kind>(?:[a-z-]+\s){0,2})(?=[^\Wa-z_])"
)


def _speaking_for(phrase: str) -> SourcePhrase | None:
    """The body for which a spokesman or its people speak: "economists at Grain Bank"."""
    if match := _FOR_BODY.match(phrase):
        run = next(find_runs(phrase, match.end()), None)
        kind = plain((match["kind"] or "").strip(" ,").rpartition(" ")[2])
        if run is None or run.start != match.end() or run.title:
            return None
        if not (is_organisation(run.words) or kind in ORGANISATIONS):
            return None
    elif match := _PEOPLE_AT.match(phrase):
        run = next(find_runs(phrase, match.end()), None)
        if run is None or run.title or not is_role(plain(match["people"])[:-1]):
            return None
        if run.start != match.end() or run.end != len(phrase):
            return None
        house = plain(match["kind"].rstrip().rpartition(" ")[2]) in _HOUSES
        house = house or plain(run.words[-1]) in COMPANY_ENDINGS
        if not house and _HOUSES.isdisjoint(plain(word) for word in run.words):
            return None
    elif match := _OF_BODY.search(phrase):
        runs = list(find_runs(phrase, 0, match.start()))
        run = runs[-1] if runs else None
        if run is None or run.end != match.start() or not is_organisation(run.words):
            return None
        if len(runs) > 1 and "," in phrase[runs[0].end : run.start]:
            return None  # Ana Belu, the Water Board spokeswoman
    elif match := _PLACE_OF.match(phrase):
        run = next(find_runs(phrase, match.end()), None)
        if run is None or run.start != match.end() or run.end != len(phrase) or run.title:
            return None
        return SourcePhrase("name", name=run.name(), titled=True)
    else:
        return None
    return SourcePhrase("name", name=run.name(), organisation=True)


_WRITTEN_BY = re.compile(
    r"\b(?:signed by|by|from|account of)\s(?:(?:the|an?|its)\s)?"
    r"(?:(?!(?:in|at|of|near|for)\s)[a-z-]+\s){0,3}?"
    r"(?:(?:called|named|(?:calling|styling) itself)\s)?(?:the\s)?(?=[^\Wa-z_\d])"
)
_SENT_BY = re.compile(
    r"^\sthat\s(?:(?:the|an?)\s)?(?:[a-z-]+\s){0,2}?"
    r"(?=[^\Wa-z_\d][^,]*\s(?:sent|wrote|issued|posted)\b)"
)


def _author_in(tail: str) -> SourcePhrase | None:
    """Who wrote a document, told further on: "published on Friday by the Havn Institute"."""
    for match in (*_WRITTEN_BY.finditer(tail), *_SENT_BY.finditer(tail)):
        runs = find_runs(tail, match.end())
        run = next(runs, None)
        if run is None or run.start != match.end():
            continue
        owned = _OWNER.match(tail, run.end)
        if owned:
            run = next(runs, run)
            if run.start != owned.end():
                continue
        if run.title < len(run.words):
            return _read_run(tail[: run.end], run)
    return None


def _bounds(text: str, start: int = 0, end: int | None = None) -> tuple[int, int]:
    """Where the words of a source begin and end: without punctuation around, and without the place
    that a report opens with."""
    end = len(text) if end is None else end
    if place := _DATELINE.match(text, start, end):
        start = place.end()
    start += len(text[start:end]) - len(text[start:end].lstrip(_EDGES))
    end = start + len(text[start:end].rstrip(_EDGES))
    return start, end + bool(_ABBREVIATED.search(text, start, end + 1))


def own_words(text: str) -> tuple[str, tuple[int, int]]:
    """A source's own words, without "the" and what follows a comma, and their offsets within it.

    Empty where nothing is left.

    Example:
        >>> own_words("The harbour pilots, who met on Friday")
        ('harbour pilots', (4, 18))
    """
    start, _ = _bounds(text)
    if article := _THE.match(text, start):
        start = article.end()
    end = len(text)
    for match in _BREAK.finditer(text, start):
        if plain(text[start : match.start()].rpartition(" ")[2]) in PREPOSITIONS:
            continue  # many of whom
        if not _LIST.search(text[match.end() :]):
            end = match.start()
        break
    _, end = _bounds(text, start, end)
    return _SPACE.sub(" ", text[start:end]), (start, max(start, end))


def _halves(phrase: str) -> tuple[str, str]:
    match = _BREAK.search(phrase)
    return (phrase[: match.start()], phrase[match.end() :]) if match else (phrase, "")


def _lists(rest: str) -> bool:
    """Whether more speakers follow a name: "Belu, Marsh and others"."""
    if _LIST.match(rest):
        return True
    segment = _halves(rest)[0]
    run = next(find_runs(segment), None)
    if run is None or run.start > 0 or run.title == len(run.words) or is_organisation(run.words):
        return False
    last = run.words[-1]
    joint = _COORDINATION.search(segment)
    if joint and joint.start() == run.end:
        return True
    if run.end != len(segment):
        others = find_runs(segment, joint.end()) if joint else ()
        return any(len(other.words) > 1 and not is_organisation(other.words) for other in others)
    more = segment == rest or _LIST.search(rest)
    return bool(more) and "." not in last and "-" not in last


def _core(head: str) -> tuple[str, str]:
    """A noun phrase before its first preposition, and from there on; an "of" in a name stays."""
    runs = list(find_runs(head))
    if runs and runs[-1].title == 1 and runs[-1].end == len(head):
        first = runs[-1].words[:1]
        if first == ("State",) or (is_organisation(first) and not is_role(plain(first[0]))):
            return head, ""  # President of the Council Ana Belu
    runs = [run for run in runs if is_organisation(run.words) or "of" in run.words]
    for match in re.finditer(r"(?<= )[\w\u2019'-]+(?= |$)", head):
        word = match[0].casefold()
        inside = any(run.start < match.start() < run.end for run in runs)
        title = head.startswith("of State and ", match.start())
        if word in PREPOSITIONS and not inside and not title:
            return head[: match.start()].rstrip(), head[match.start() :]
    return head, ""


_MOOD = re.compile(r"^[Aa]n?\s(?:[a-z]+ly\s)?[a-z]+(?:ed|ing|y|ant)\s(?=[^\Wa-z_\d][\w-]+$)")


def _read_head(head: str) -> SourcePhrase:
    core, tail = _core(head)
    first = plain(core.split(" ", 1)[0]) if core else ""
    if match := _MOOD.match(core):
        return _read_plain(core[match.end() :], tail)
    if first in INDEFINITE or first.isdigit():
        return _read_document(core, tail) or UNNAMED
    owners = list(_OWNER.finditer(core))
    if organisation := _organisation_name(core):
        return SourcePhrase("name", name=organisation, organisation=True)
    if owners and not _inside_name(core, owners[-1].start()):
        return _read_owned(core[: owners[-1].start()], core[owners[-1].end() :], tail)
    if match := _POSSESSIVE.match(core):
        return _read_owned(match[0].split()[0].casefold(), core[match.end() :], tail)
    joint = _COORDINATION.search(core)
    if joint and not any(
        run.start < joint.start() < run.end and is_organisation(run.words)
        for run in find_runs(core)
    ):
        left = core[: joint.start()]
        if not role_words(left.rpartition(" of ")[0] or left) or _names_person(left):
            return UNNAMED
        core = core[joint.end() :]
    return _read_plain(core, tail)


def _inside_name(core: str, at: int) -> bool:
    """Whether the 's belongs to an organisation's name: "Seafarers' Congress"."""
    before, after = core[:at], core[at + 1 :].lstrip("s ").split(" ")
    word = before.rsplit(" ", 1)[-1]
    return (
        word.endswith("s")
        and core[at + 1 : at + 2] == " "
        and word[:1].isupper()
        and after[-1][:1].isupper()
        and plain(after[-1]) in ORGANISATIONS
    )


def _names_person(phrase: str) -> bool:
    """Whether a phrase may hold a person's name: one word before others is a place's."""
    return any(
        len(run.words) > run.title + (run.end < len(phrase))
        and not is_organisation(run.words)
        and run.words[-1] != "State"
        for run in find_runs(phrase)
    )


def _read_plain(core: str, tail: str) -> SourcePhrase:
    """A phrase with no owner: "the grid operator Nordnett", "the board", "Ruhnian state radio"."""
    runs = list(find_runs(core))
    words = core.split(" ")
    if whole := _NAMED_OF.match(f"{core} {tail}"):
        first = plain(whole["name"].split(" ")[0])
        if not (is_role(first) or first in _SUBJECT_TO_PLACE or len(runs) > 1 or runs[0].title):
            return SourcePhrase("name", name=whole["name"], organisation=True)
    if runs and runs[-1].end == len(core):
        return _read_run(core, runs[-1])
    if runs and plain(words[-1]) in ORGANISATION_NOUNS and runs[0].title == 0:
        start = runs[0].start
        if start == 0 or core[:start].casefold() in {"the ", "a "}:
            return SourcePhrase("name", name=core[start:], organisation=True, opens=start == 0)
    if document := _read_document(core, tail):
        return document
    role = role_words(core)
    if role:
        return SourcePhrase("description", role=role, gender=gender_of(role))
    if words[0].casefold() == "the" and plain(words[-1]) in ORGANISATIONS:
        return SourcePhrase("group", group=" ".join(words[1:]))
    return UNNAMED


_APOSTROPHE_NAME = re.compile(
    r"^(?:[Tt]he )?((?:\w\S* )*\w+(?:s[\u2019']|men[\u2019']s) (?:[\w-]+ )*[\w-]+)$"
)


def _organisation_name(core: str) -> str:
    """An organisation of its members: "the Icebreaker Crews' Union", "Lusavu dockers' branch"."""
    match = _APOSTROPHE_NAME.match(core)
    if not match:
        return ""
    words = match[1].split(" ")
    last = words[-1]
    owned = next(i for i, word in enumerate(words) if re.search(r"(?:s|men)[\u2019']s?$", word))
    body = words[owned + 1 :]
    # the Athletes' Bench, but not Lourna News' Belu
    alone = len(body) == 1 and not (is_role(plain(last)) or is_organisation([words[owned][:-1]]))
    if words[owned][0].isupper() and (
        (alone and last[:1].isupper()) or ("of" in body and is_organisation(body[:1]))
    ):
        return match[1]
    if words[0][:1].isupper() and (
        (last[:1].isupper() and plain(last) in ORGANISATIONS)
        or (words[owned].islower() and plain(last) in ORGANISATION_NOUNS)
    ):
        return match[1]
    return ""


def _read_run(core: str, run: Run) -> SourcePhrase:
    words = run.words[run.title :]
    title = tuple(plain(word) for word in run.words[: run.title])
    before = core[: run.start]
    if _QUOTE_OPENED.search(before):
        return UNNAMED  # his book "The Art"
    if not words:
        role = role_words(core)
        return SourcePhrase("description", role=role, gender=gender_of(role)) if role else UNNAMED
    preceding = role_words(before + " ".join(run.words[: run.title])) or title
    if title and len(words) > 1 and re.search(r" of (?:the )?$", before):
        while len(words) > 2 and is_organisation(words[:1]):  # President of the Council Ana Belu
            words = words[1:]
    return SourcePhrase(
        "name",
        name=" ".join(words),
        role=preceding,
        many=_many(words, before),
        gender=gender_of(title) or gender_of(preceding),
        titled=bool(title or preceding),
        organisation=not title
        and (is_organisation(words) or plain(before.strip().rsplit(" ", 1)[-1]) in ORGANISATIONS),
        opens=run.start == 0,
    )


_NAMED_OF = re.compile(
    r"^[Tt]he (?P<name>[^\Wa-z_\d][\w\u2019'-]+ (?:[^\Wa-z_\d][\w\u2019'-]+ )+of (?:the )?"
    r"[^\Wa-z_\d][\w-]+)$"
)
_SUBJECT_TO_PLACE = frozenset({"foreign", "labour", "defence", "defense", "interior", "prime"})


def _many(words: Sequence[str], before: str) -> bool:
    last = before.strip().rsplit(" ", 1)[-1]
    return len(words) == 1 and words[0][-1:] == "s" and last.casefold() not in {"", "a", "an"}


def _read_owned(owner: str, owned: str, tail: str) -> SourcePhrase:
    """What somebody owns: "Vardenia's Defence Ministry", "its chair", "her letter"."""
    if not owned:
        return UNNAMED
    runs = list(find_runs(owned))
    if runs and runs[-1].end == len(owned):
        return _read_run(owned, runs[-1])
    if runs and plain(owned.split(" ")[-1]) in ORGANISATION_NOUNS and runs[0].start == 0:
        return SourcePhrase("name", name=owned, organisation=True)
    head = plain(owned.split(" ")[-1])
    if head in DOCUMENTS:
        return SourcePhrase("owned", owner=owner)
    role = role_words(owned)
    if role:
        return SourcePhrase("description", role=role, gender=gender_of(role), owner=owner)
    return UNNAMED


# "Havn Law School professor Ana Belu"
_HOLDER = re.compile(r" (?P<role>(?:[a-z-]+ ){1,3})(?=[^\Wa-z_\d])")


def _read_document(core: str, tail: str) -> SourcePhrase | None:
    """A document that names who wrote it: "A study by the Havn Institute"."""
    words = core.split(" ")
    if plain(words[-1]) not in DOCUMENTS:
        return None
    runs = list(find_runs(core))
    if runs and is_organisation(runs[-1].words) and len(runs[-1].words) > 1:
        return SourcePhrase("name", name=runs[-1].name(), organisation=True)
    if match := _AUTHOR.match(tail):
        for run in find_runs(tail, match.end()):
            if _OWNER.match(tail, run.end):
                return _author_in(f" {tail}") or UNNAMED
            scholar = _HOLDER.match(tail, run.end)
            if scholar and role_words(scholar["role"]):
                run = next(find_runs(tail, scholar.end()), run)
                return _read_run(tail[: run.end], run)
            own = is_organisation(run.words) or not tail.startswith("of")
            if own and run.start == match.end() and run.title < len(run.words):
                return _read_run(tail[: run.end], run)
            break
    return UNNAMED


_ONE_OF = re.compile(r"one of (?:the|his|her|its|their)\b", re.I)


def _read_apposition(head: str, rest: str) -> SourcePhrase | None:
    """The name after a description: "the energy minister, Pavlo Drezhin"."""
    if not rest or rest[0] == "(" or _RELATIVE.match(rest) or _LIST.search(rest):
        return None
    if plain(rest.split(" ")[0]) in ("in", "at", "near", "of"):
        return None  # the builders, in Oryn
    core, tail = _core(head)
    if _ONE_OF.match(head):
        core, tail = tail, ""
    if plain(head.split(" ")[0]) in INDEFINITE and not core.rsplit(" ", 1)[-1].islower():
        return None  # one Coralville, Iowa, pastor
    if tail and plain(head.split(" ")[0]) in INDEFINITE:
        last = tail.split(" ")[-1]
        if is_role(plain(last)):
            return None  # a spokesman for the minister, Ana Belu
        if not role_words(core) or (last.islower() and plain(last) in ORGANISATIONS):
            return None  # a spokeswoman for the company, Blue Reach
    segment = _core(_halves(rest)[0])[0]
    if _COORDINATION.search(segment):
        return None
    runs = list(find_runs(segment))
    if not runs or runs[-1].end != len(segment):
        return None
    phrase = _read_run(segment, runs[-1])
    if phrase.form != "name":
        return None
    if rest.startswith("from ") and " " not in phrase.name and not phrase.titled:
        return None  # the builders, from Oryn
    role = role_words(head) or phrase.role
    return SourcePhrase(
        "name",
        name=phrase.name,
        role=role,
        gender=phrase.gender or gender_of(role),
        titled=bool(role),
        organisation=phrase.organisation,
    )
