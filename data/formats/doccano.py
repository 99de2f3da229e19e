"""doccano: JSONL of a sequence labelling project with relations.

A line has the text, its `entities` and `relations`; `article` (its id) and `article_meta` become
metadata, which doccano gives back when it exports. A statement's cue has a relation to its source
and to each piece of its content. A sentence is an entity whose label says what it is: "Sentence"
where nobody judged it, else "Neither", "Threat", "Sanction" or "Threat+Sanction".

Offsets count UTF-16 code units, as doccano's editor does unless the project counts grapheme
clusters (issue 2290); leave that off. Entities' ids are unique in the file, because doccano's
import looks relations up by them. Format: doccano's own example of a relation data set
(`backend/data_import/pipeline/examples/relation_extraction` and pull request 1823).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from avowal.data.article_json import parse_article
from avowal.data.errors import FormatError
from avowal.data.formats.marks import ROLES, Mark, unweave, weave
from avowal.data.formats.reductions import (
    rounded_scores,
    wholly_judged_sentences,
    without_confidences,
    without_quotations,
    without_speakers,
    without_statement_labels,
    without_unmarked_statements,
)
from avowal.data.formats.utf16 import Utf16Offsets
from avowal.data.json_values import fail, fields, items, mapping, string, whole
from avowal.data.jsonl import read_objects, write_objects
from avowal.data.records import Article, Sentence, Span

REDUCTIONS = (
    without_unmarked_statements,
    without_speakers,
    without_quotations,
    without_confidences,
    without_statement_labels,
    rounded_scores,
    wholly_judged_sentences,
)

_SENTENCES: dict[str, tuple[float | None, float | None]] = {
    "Sentence": (None, None),
    "Neither": (0.0, 0.0),
    "Threat": (1.0, 0.0),
    "Sanction": (0.0, 1.0),
    "Threat+Sanction": (1.0, 1.0),
}
_LABEL_OF = {labels: name for name, labels in _SENTENCES.items()}


def write(articles: Iterable[Article], path: Path) -> None:
    """Write a line an article.

    Raises:
        OSError: where the file cannot be written.
    """
    ids = count()
    write_objects((_record(article, ids) for article in articles), path)


def _record(article: Article, ids: Iterator[int]) -> dict[str, Any]:
    offsets = Utf16Offsets(article.text)
    web = weave(article.statements)
    numbers = [next(ids) for _ in web.marks]

    def entity(number: int, mark: Mark) -> dict[str, Any]:
        return {
            "id": number,
            "label": mark.role,
            "start_offset": offsets.from_code_points(mark.start),
            "end_offset": offsets.from_code_points(mark.end),
        }

    sentences = [
        Mark(_LABEL_OF[sentence.threat, sentence.sanction], sentence.start, sentence.end)
        for sentence in article.sentences
    ]
    return {
        "text": article.text,
        "entities": [
            *(entity(number, mark) for number, mark in zip(numbers, web.marks, strict=True)),
            *(entity(next(ids), mark) for mark in sentences),
        ],
        "relations": [
            {
                "id": next(ids),
                "from_id": numbers[head],
                "to_id": numbers[member],
                "type": web.marks[member].role.lower(),
            }
            for head, member in web.links
        ],
        "article": article.id,
        "article_meta": dict(article.meta),
    }


def read(path: Path) -> Iterator[Article]:
    """The articles of a file as it was written here, or exported as JSONL with relations.

    A line without `article` gets the file's name and the line's number for an id.

    Raises:
        FormatError: at the first malformed line, naming the field that is wrong.
        OSError: where the file cannot be read.
    """
    for number, record in read_objects(path):
        try:
            article = _article(record, f"{path.name}:{number}")
        except ValueError as error:
            raise FormatError(path, number, str(error)) from error
        yield article


def _article(record: dict[str, Any], name: str) -> Article:
    fields(record, "", ("text", "entities", "relations"))
    article = parse_article(
        {
            "id": record.get("article", name),
            "text": record["text"],
            "meta": record.get("article_meta", {}),
        }
    )
    offsets = Utf16Offsets(article.text)
    marks: dict[int, Mark] = {}
    sentences: list[Sentence] = []
    for place, value in enumerate(items(record["entities"], "entities")):
        where = f"entities[{place}]"
        entity = fields(mapping(value, where), where, ("id", "label", "start_offset", "end_offset"))
        label = string(entity["label"], f"{where}.label")
        start, end = (
            offsets.to_code_points(whole(entity[name], f"{where}.{name}"))
            for name in ("start_offset", "end_offset")
        )
        if label in _SENTENCES:
            span = Span.of(article.text, start, end)
            sentences.append(Sentence(span.start, span.end, *_SENTENCES[label]))
        elif label in ROLES:
            marks[whole(entity["id"], f"{where}.id")] = Mark(label, start, end)
        else:
            known = ", ".join((*ROLES, *_SENTENCES))
            fail(f"{where}.label", f"expected one of {known}, found {label!r}")
    links = []
    for place, value in enumerate(items(record["relations"], "relations")):
        where = f"relations[{place}]"
        relation = fields(mapping(value, where), where, ("from_id", "to_id"))
        head, member = (whole(relation[name], f"{where}.{name}") for name in ("from_id", "to_id"))
        links.append((head, member))
    return replace(
        article,
        sentences=tuple(sorted(sentences, key=lambda sentence: sentence.start)),
        statements=tuple(joined.statement for joined in unweave(article.text, marks, links)),
    )
