"""brat: a folder of NAME.txt beside NAME.ann in PolNeAR's scheme, and its annotation.conf.

An article is one text; its id, with whatever a file's name cannot have percent-encoded, is NAME.
What avowal adds to PolNeAR's scheme, `avowal.data.brat` says. Offsets count code points, in the
tool as here, but brat itself takes a line end of two characters for one (issue 853): give it texts
with line feeds. Format: https://brat.nlplab.org/standoff.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, unquote

from avowal.data.brat import SPEAKER, read_annotations, read_brat
from avowal.data.errors import FormatError
from avowal.data.formats.reductions import (
    Losses,
    rounded_scores,
    without_confidences,
    without_meta,
    without_speaker_details,
    without_unmarked_statements,
)
from avowal.data.records import Article, Sentence, Span, Statement

CONFIG = """\
[entities]
Source
Cue
Content
Sentence

[relations]

[events]
Attribution\tSource:Source, Cue?:Cue, Content*:Content
Attribution-no-source\tCue?:Cue, Content*:Content

[attributes]
Threat\tArg:Sentence|<EVENT>, Value:yes|no
Sanction\tArg:Sentence|<EVENT>, Value:yes|no
Quotation\tArg:<EVENT>, Value:direct|indirect|mixed
"""


def without_speakers_of_several_lines(article: Article, losses: Losses) -> Article:
    """A note is one line."""

    def noted(statement: Statement) -> Statement:
        if statement.speaker is None or not set(statement.speaker) & {"\n", "\r"}:
            return statement
        losses["speakers with a line end in the name"] += 1
        return replace(statement, speaker=None)

    return replace(article, statements=tuple(map(noted, article.statements)))


REDUCTIONS = (
    without_unmarked_statements,
    without_meta,
    without_confidences,
    without_speaker_details,
    rounded_scores,
    without_speakers_of_several_lines,
)


def write(articles: Iterable[Article], path: Path) -> None:
    """Write a text and a standoff file an article to the folder `path`, which is made.

    Raises:
        FileExistsError: where the folder holds something.
        ValueError: where two articles have the same id.
        OSError: where a file cannot be written.
    """
    path.mkdir(exist_ok=True)
    if any(path.iterdir()):
        raise FileExistsError(f"{path} is not empty; name a new folder")
    (path / "annotation.conf").write_text(CONFIG, encoding="utf-8")
    for article in articles:
        name = _file_name(article.id)
        text = path / f"{name}.txt"
        if text.exists():
            raise ValueError(f"two articles have the id {article.id!r}; brat needs a file for each")
        text.write_bytes(article.text.encode("utf-8"))
        lines = "".join(f"{line}\n" for line in _Standoff(article).lines())
        (path / f"{name}.ann").write_bytes(lines.encode("utf-8"))


def _file_name(article_id: str) -> str:
    name = quote(article_id, safe=" ")
    # a dot in front would hide the file
    return f"%2E{name[1:]}" if name.startswith(".") else name


class _Standoff:
    """The lines of one article, numbered by kind as they are made."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._bound: dict[tuple[str, tuple[Span, ...]], str] = {}
        self._lines: list[str] = []
        self._counts = {"T": 0, "E": 0, "A": 0, "#": 0}

    def lines(self) -> list[str]:
        for sentence in self._article.sentences:
            self._sentence(sentence)
        for statement in self._article.statements:
            self._statement(statement)
        return self._lines

    def _add(self, kind: str, rest: str) -> str:
        self._counts[kind] += 1
        name = f"{kind}{self._counts[kind]}"
        self._lines.append(f"{name}\t{rest}")
        return name

    def _text_bound(self, label: str, pieces: Sequence[Span]) -> str:
        offsets = ";".join(f"{piece.start} {piece.end}" for piece in pieces)
        words = " ".join(piece.text for piece in pieces).replace("\n", " ").replace("\r", " ")
        return self._add("T", f"{label} {offsets}\t{words}")

    def _shared(self, label: str, pieces: Sequence[Span]) -> str:
        key = (label, tuple(pieces))
        if key not in self._bound:
            self._bound[key] = self._text_bound(label, pieces)
        return self._bound[key]

    def _sentence(self, sentence: Sentence) -> None:
        span = Span.of(self._article.text, sentence.start, sentence.end)
        self._attributes(self._text_bound("Sentence", [span]), sentence)

    def _attributes(self, target: str, labelled: Sentence | Statement) -> None:
        for name, score in (("Threat", labelled.threat), ("Sanction", labelled.sanction)):
            if score is not None:
                self._add("A", f"{name} {target} {'yes' if score else 'no'}")

    def _statement(self, statement: Statement) -> None:
        arguments = []
        if statement.source:
            arguments.append(f"Source:{self._shared('Source', [statement.source])}")
        if statement.cue:
            arguments.append(f"Cue:{self._shared('Cue', [statement.cue])}")
        for place, pieces in enumerate(_fragments(statement.content), start=1):
            name = f"Content{place}" if place > 1 else "Content"
            arguments.append(f"{name}:{self._shared('Content', pieces)}")
        kind = "Attribution" if statement.source else "Attribution-no-source"
        # brat hangs an event on words: PolNeAR's are those of the cue
        trigger = statement.cue or (*statement.content, statement.source)[0]
        assert trigger is not None
        bound = self._text_bound(kind, [trigger])
        event = self._add("E", " ".join([f"{kind}:{bound}", *arguments]))
        self._attributes(event, statement)
        if statement.quotation is not None:
            self._add("A", f"Quotation {event} {statement.quotation}")
        if statement.speaker is not None:
            self._add("#", f"AnnotatorNotes {event}\t{SPEAKER}{statement.speaker}")


def _fragments(content: Sequence[Span]) -> list[Sequence[Span]]:
    """The pieces of one discontinuous annotation; pieces that overlap need one each."""
    pieces = sorted(content, key=lambda piece: (piece.start, piece.end))
    if any(before.end > after.start for before, after in pairwise(pieces)):
        return [[piece] for piece in pieces]
    return [pieces] if pieces else []


def read(path: Path) -> Iterator[Article]:
    """The articles of a folder as it was written here, or of a part of PolNeAR.

    A text without standoff has no annotations; PolNeAR's texts without any are left out, and of
    its annotators the first by name counts.

    Raises:
        FormatError: for a malformed standoff line, naming file, line and reason.
        FileNotFoundError: where the folder holds no texts, or standoff without its text.
    """
    if (path / "text").is_dir() and (path / "attributions").is_dir():
        yield from read_brat(path)
        return
    texts = sorted(path.glob("*.txt"))
    if not texts:
        raise FileNotFoundError(f"{path} holds no .txt files")
    for standoff in sorted(path.glob("*.ann")):
        if not standoff.with_suffix(".txt").is_file():
            raise FileNotFoundError(f"{standoff} has no text {standoff.stem}.txt beside it")
    for file in texts:
        yield _article(file)


def _article(file: Path) -> Article:
    try:
        article = Article(unquote(file.stem), file.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise FormatError(file, 1, f"not UTF-8 (byte at offset {error.start})") from None
    standoff = file.with_suffix(".ann")
    if not standoff.is_file():
        return article
    sentences, statements = read_annotations(standoff, article.text)
    return replace(article, sentences=tuple(sentences), statements=tuple(statements))
