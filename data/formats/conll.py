"""CoNLL: a token a line with its role as a BIO tag, for sequence labellers.

    # id = "briefing.txt"
    # text = "She said no."

    # sentence = 0 12
    # threat = 0.0
    # sanction = 0.0
    She	0	3	B-Source
    said	4	8	B-Cue
    no	9	11	B-Content
    .	11	12	O

Columns are split by tabs: the token, its start and end in code points of the text, the tag. After
`# id`, the values of `# text` and of `# meta` are JSON, so that the text comes back with its
whitespace. Blank lines end sentences; tokens outside sentences stand in blocks of their own. A mark
that goes on in the next sentence goes on with I-. The first and last columns are those of CoNLL
2003 (Tjong Kim Sang and De Meulder), comments those of CoNLL-U.

Nothing says which marks belong together: each is read as a statement of its own.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from avowal.data.article_json import parse_article
from avowal.data.errors import FormatError
from avowal.data.formats.marks import CONTENT, CUE, ROLES, SOURCE, Mark, statement_marks, unweave
from avowal.data.formats.reductions import (
    Losses,
    without_confidences,
    without_quotations,
    without_speakers,
    without_statement_labels,
    without_unmarked_statements,
)
from avowal.data.formats.tokens import tokenize
from avowal.data.json_values import probability
from avowal.data.records import Article, Sentence, Span, Statement
from avowal.data.utf8 import numbered_lines


def without_overlapping_sentences(article: Article, losses: Losses) -> Article:
    """A token is in one sentence: of two that overlap the later one goes."""
    kept: list[Sentence] = []
    for sentence in sorted(article.sentences, key=lambda sentence: sentence.start):
        if kept and sentence.start < kept[-1].end:
            losses["sentences that overlap an earlier one"] += 1
        else:
            kept.append(sentence)
    return replace(article, sentences=tuple(kept))


def without_links(article: Article, losses: Losses) -> Article:
    """Make each mark a statement of its own."""
    marks: dict[Mark, None] = {}
    for statement in article.statements:
        found = statement_marks(statement)
        losses["links between source, cue and content"] += len(found) - 1
        marks.update(dict.fromkeys(found))
    return replace(article, statements=_apart(article.text, marks))


def without_overlapping_marks(article: Article, losses: Losses) -> Article:
    """A token has one tag: cues stay before sources, those before contents, early before late."""
    marks = [mark for statement in article.statements for mark in statement_marks(statement)]
    kept: list[Mark] = []
    taken = [False] * len(article.text)
    order = (CUE, SOURCE, CONTENT)
    for mark in sorted(marks, key=lambda mark: (order.index(mark.role), mark.start, mark.end)):
        if any(taken[mark.start : mark.end]):
            losses["marks that overlap others"] += 1
        else:
            taken[mark.start : mark.end] = [True] * (mark.end - mark.start)
            kept.append(mark)
    return replace(article, statements=_apart(article.text, kept))


def without_spaces_at_edges(article: Article, losses: Losses) -> Article:
    """Whitespace is no token, so a mark begins and ends with something else."""
    trimmed: dict[Mark, None] = {}
    for statement in article.statements:
        for mark in statement_marks(statement):
            words = article.text[mark.start : mark.end]
            start = mark.start + len(words) - len(words.lstrip())
            end = start + len(words.strip())
            losses["whitespace at the edges of marks"] += (start, end) != (mark.start, mark.end)
            if start < end:
                trimmed[Mark(mark.role, start, end)] = None
    return replace(article, statements=_apart(article.text, trimmed))


REDUCTIONS = (
    without_unmarked_statements,
    without_speakers,
    without_quotations,
    without_confidences,
    without_statement_labels,
    without_overlapping_sentences,
    without_links,
    without_spaces_at_edges,
    without_overlapping_marks,
)


def _apart(text: str, marks: Iterable[Mark]) -> tuple[Statement, ...]:
    joined = unweave(text, {mark: mark for mark in sorted(marks, key=lambda m: m.start)}, ())
    return tuple(one.statement for one in joined)


def write(articles: Iterable[Article], path: Path) -> None:
    """Write the tokens of `articles`, which have been through `REDUCTIONS`.

    Raises:
        OSError: where the file cannot be written.
    """
    with path.open("w", encoding="utf-8", newline="\n") as handle:
        for article in articles:
            handle.writelines(f"{line}\n" for line in _lines(article))


def _lines(article: Article) -> Iterator[str]:
    yield f"# id = {_json(article.id)}"
    yield f"# text = {_json(article.text)}"
    if article.meta:
        yield f"# meta = {_json(dict(article.meta))}"
    yield ""
    marks = [mark for statement in article.statements for mark in statement_marks(statement)]
    places: tuple[Mark | Sentence, ...] = (*marks, *article.sentences)
    tokens = [
        (start, end)
        for start, end in tokenize(article.text, (e for p in places for e in (p.start, p.end)))
        if not article.text[start:end].isspace()
    ]
    tags = {
        start: ("B-" if start == mark.start else "I-") + mark.role
        for mark in marks
        for start, _ in tokens[_first(tokens, mark.start) : _first(tokens, mark.end)]
    }
    done = 0
    for low, high, sentence in _blocks(article):
        last = _first(tokens, high)
        if sentence:
            yield f"# sentence = {low} {high}"
            yield f"# threat = {_json(sentence.threat)}"
            yield f"# sanction = {_json(sentence.sanction)}"
        elif done == last:
            continue
        for start, end in tokens[done:last]:
            yield f"{article.text[start:end]}\t{start}\t{end}\t{tags.get(start, 'O')}"
        yield ""
        done = last


def _blocks(article: Article) -> Iterator[tuple[int, int, Sentence | None]]:
    """The sentences and what lies between them."""
    done = 0
    for sentence in article.sentences:
        yield done, sentence.start, None
        yield sentence.start, sentence.end, sentence
        done = sentence.end
    yield done, len(article.text), None


def _first(tokens: list[tuple[int, int]], offset: int) -> int:
    """The place of the first token that begins at `offset` or after it."""
    return bisect_left(tokens, (offset, offset))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def read(path: Path) -> Iterator[Article]:
    """The articles of a file as it was written here, whose tags somebody may have changed.

    Comments of other names are passed over.

    Raises:
        FormatError: at the first malformed line, naming what is wrong with it.
        OSError: where the file cannot be read.
    """
    reading: _Reading | None = None
    with path.open("rb") as handle:
        for line in numbered_lines(handle):
            try:
                # a byte order mark can stand before the first line alone
                encoding = "utf-8-sig" if line.number == 1 else "utf-8"
                text = line.raw.decode(encoding).removesuffix("\n").removesuffix("\r")
                name, equals, value = text.removeprefix("# ").partition(" = ")
                comment = text.startswith("# ")
                if comment and equals and name == "id":
                    if reading:
                        yield reading.article()
                    reading = _Reading(_value(value))
                elif text and reading is None:
                    raise ValueError("before the first article, which begins with # id = ")
                elif reading and comment and equals:
                    reading.comment(name, value)
                elif reading and text and not comment:
                    reading.token(text.split("\t"))
            except ValueError as error:
                raise FormatError(path, line.number, str(error)) from error
    if reading:
        yield reading.article()


class _Reading:
    """An article whose lines are being read."""

    def __init__(self, id_: Any) -> None:
        self._record: dict[str, Any] = {"id": id_, "text": ""}
        self._sentences: list[Sentence] = []
        self._marks: list[Mark] = []
        self._open = False

    def comment(self, name: str, value: str) -> None:
        match name:
            case "text" | "meta":
                self._record[name] = _value(value)
                parse_article(self._record)
            case "sentence":
                self._sentences.append(Sentence(*self._span(value.split(" "))))
            case "threat" | "sanction":
                if not self._sentences:
                    raise ValueError(f"{name} before the first sentence")
                label: dict[str, Any] = {name: probability(_value(value), name)}
                self._sentences[-1] = replace(self._sentences[-1], **label)

    def token(self, columns: list[str]) -> None:
        if len(columns) != 4:
            raise ValueError(
                f"{len(columns)} columns split by tabs, not 4: token, start, end and tag"
            )
        word, *offsets, tag = columns
        start, end = self._span(offsets)
        if self._record["text"][start:end] != word:
            raise ValueError(f"{word!r} is not what the text has at [{start}, {end})")
        prefix, _, role = tag.partition("-")
        if tag == "O":
            self._open = False
        elif prefix not in ("B", "I") or role not in ROLES:
            raise ValueError(f"tag {tag!r} is neither O nor B- or I- with {', '.join(ROLES)}")
        elif prefix == "B":
            self._marks.append(Mark(role, start, end))
            self._open = True
        elif self._open and self._marks[-1].role == role:
            self._marks[-1] = replace(self._marks[-1], end=end)
        else:
            raise ValueError(f"{tag} goes on with no {role} before it; begin it with B-{role}")

    def article(self) -> Article:
        article = parse_article(self._record)
        return replace(
            article,
            sentences=tuple(self._sentences),
            statements=_apart(article.text, self._marks),
        )

    def _span(self, offsets: list[str]) -> tuple[int, int]:
        try:
            start, end = map(int, offsets)
        except ValueError:
            raise ValueError(f"{' '.join(offsets)!r} is not a pair of offsets") from None
        span = Span.of(self._record["text"], start, end)
        return span.start, span.end


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno} of the value") from None
