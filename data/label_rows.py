"""Threat and sanction of sentences whose text is elsewhere: tables of labels without text.

Third-party corpora are not copied into this project, but labels of their sentences are kept. Both
tables are tab-separated UTF-8 with a line of column names first.

- News: `document`, `start`, `end` (code points of the document's text as the corpus reader gives
  it), `threat`, `sanction` (0 or 1), `annotator`, `part`. `document` is the corpus path and the
  document's name, as ``polnear/train/NAME`` or ``gum-news/NAME``.
- PLV: `sentence_id`, `threat`, `sanction`, `annotator`.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from avowal.data.errors import FormatError
from avowal.data.records import Article, Sentence
from avowal.data.utf8 import NotTextError, NotUtf8Error, numbered_lines

#: Sentences without a label that are kept before a labelled one.
CONTEXT = 3

Bounds = Callable[[str], Iterable[tuple[int, int]]]


class Labels(NamedTuple):
    """Threat and sanction, 0.0 or 1.0."""

    threat: float
    sanction: float


@dataclass(frozen=True, slots=True)
class NewsLabels:
    """The labels of one sentence `[start, end)` of a corpus document."""

    document: str
    start: int
    end: int
    labels: Labels
    annotator: str
    part: str


def is_news_labels(path: Path | str) -> bool:
    """Whether the first line of a table names the columns of news labels."""
    with Path(path).open("rb") as handle:
        return handle.readline().removeprefix(BOM_UTF8).split(b"\t")[0] == b"document"


def read_news_labels(path: Path | str) -> list[NewsLabels]:
    """Read a table of news labels.

    Raises:
        FormatError: for a malformed line, or one that labels a sentence again for the same
            annotator and part, naming file, line and reason.
    """
    columns = ("document", "start", "end", "threat", "sanction", "annotator", "part")
    rows = []
    once = _Once(Path(path))
    for number, row in _rows(Path(path), columns):
        try:
            start, end = int(row["start"]), int(row["end"])
        except ValueError:
            raise FormatError(path, number, "start and end are whole numbers") from None
        if not 0 <= start < end:
            raise FormatError(path, number, f"[{start}, {end}) is not a span")
        sentence = f"{row['document']} [{start}, {end})"
        once.check(number, sentence, row["annotator"], row["part"])
        rows.append(
            NewsLabels(
                row["document"],
                start,
                end,
                _labels(Path(path), number, row),
                row["annotator"],
                row["part"],
            )
        )
    return rows


def read_plv_labels(path: Path | str) -> dict[str, Labels]:
    """Read a table of PLV labels, by sentence id.

    Raises:
        FormatError: for a malformed line, or an id that an earlier line has, naming file, line
            and reason.
    """
    columns = ("sentence_id", "threat", "sanction", "annotator")
    labels = {}
    once = _Once(Path(path))
    for number, row in _rows(Path(path), columns):
        once.check(number, row["sentence_id"])
        labels[row["sentence_id"]] = _labels(Path(path), number, row)
    return labels


def with_labels(
    rows: Iterable[NewsLabels], documents: Mapping[str, Article], split: Bounds
) -> list[Article]:
    """The documents that `rows` label, with the labelled sentences and `CONTEXT` before each.

    Args:
        documents: articles by the name that `rows` give them.
        split: finds the sentences of a text, as `avowal.inference.sentences.split_sentences`.

    Raises:
        ValueError: where a row's document is missing, its offsets are outside the text, or
            another row labels the same sentence.
    """
    by_document: dict[str, dict[tuple[int, int], Labels]] = {}
    for row in rows:
        labels = by_document.setdefault(row.document, {})
        if (row.start, row.end) in labels:
            raise ValueError(f"{row.document} [{row.start}, {row.end}) is labelled twice")
        labels[row.start, row.end] = row.labels
    articles = []
    for name, labels in by_document.items():
        if name not in documents:
            raise ValueError(
                f"no document {name}: the corpus here is not the one that was labelled"
            )
        text = documents[name].text
        if max(end for _, end in labels) > len(text):
            raise ValueError(f"{name} is shorter than its labels: it is not the text labelled")
        # A labelled sentence stands as it was labelled, wherever a splitter would end it today.
        taken = sorted(labels)
        for start, end in taken:
            if text[start:end] != text[start:end].strip():
                raise ValueError(f"{name} is not the text labelled at [{start}, {end})")
        free = [span for span in split(text) if not any(_touch(span, one) for one in taken)]
        sentences = [
            Sentence(start, end, *labels.get((start, end), (None, None)))
            for start, end in sorted([*taken, *free])
        ]
        known = [i for i, s in enumerate(sentences) if s.threat is not None]
        near = sorted({j for i in known for j in range(max(0, i - CONTEXT), i + 1)})
        articles.append(Article(name, text, tuple(sentences[i] for i in near)))
    return articles


def _touch(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open("rb") as handle:
        for line in numbered_lines(handle):
            try:
                fields = line.decode().rstrip("\r\n").split("\t")
            except (NotTextError, NotUtf8Error) as error:
                raise FormatError(path, line.number, str(error)) from None
            if line.number == 1:
                if tuple(fields) != columns:
                    raise FormatError(path, 1, f"the columns are not {', '.join(columns)}")
            elif len(fields) != len(columns):
                raise FormatError(
                    path, line.number, f"{len(fields)} fields where {len(columns)} are wanted"
                )
            else:
                yield line.number, dict(zip(columns, fields, strict=True))


class _Once:
    """Sees that no two lines of a table label the same thing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: dict[tuple[str, ...], int] = {}

    def check(self, number: int, *key: str) -> None:
        first = self._lines.setdefault(key, number)
        if first != number:
            raise FormatError(self._path, number, f"{key[0]} is labelled on line {first} already")


def _labels(path: Path, number: int, row: Mapping[str, str]) -> Labels:
    if row["threat"] not in ("0", "1") or row["sanction"] not in ("0", "1"):
        raise FormatError(path, number, "threat and sanction are 0 or 1")
    return Labels(float(row["threat"]), float(row["sanction"]))
