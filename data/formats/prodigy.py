"""Prodigy: JSONL of tasks for the `relations` and `spans_manual` interfaces.

A task has the text, its `tokens`, `spans` of whole tokens with the labels Source, Cue and Content,
and `relations` from a statement's cue to its source and to each piece of its content. A relation
has no ids: it names its ends by their tokens, so two statements cannot have the same cue. Tokens
are split where a span begins or ends, so that every span is one of whole tokens.

`id`, `meta` and `sentences` (the article's own, with their labels) go along with a task, which
Prodigy stores and exports as it is; its interface shows `meta` alone.

Offsets count code points, as spaCy's do; `token_end` is the last token of a span, not the one after
it, and `head` and `child` are the last tokens of their spans.
Format: https://prodi.gy/docs/api-interfaces#relations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from avowal.data.article_json import parse_article
from avowal.data.errors import FormatError
from avowal.data.formats.marks import ROLES, Mark, statement_marks, unweave, weave
from avowal.data.formats.reductions import (
    Losses,
    without_confidences,
    without_quotations,
    without_speakers,
    without_statement_labels,
    without_unmarked_statements,
)
from avowal.data.formats.tokens import tokenize
from avowal.data.json_values import fail, fields, items, mapping, whole
from avowal.data.jsonl import read_objects, write_objects
from avowal.data.records import Article


def without_shared_anchors(article: Article, losses: Losses) -> Article:
    """Leave out a statement whose cue, or only kind of mark, is that of an earlier one too."""
    anchors: set[Mark] = set()
    members: set[Mark] = set()
    kept = []
    for statement in article.statements:
        anchor, *others = statement_marks(statement)
        if anchor in anchors or anchor in members or anchors.intersection(others):
            losses["statements that share their cue with another"] += 1
            continue
        anchors.add(anchor)
        members.update(others)
        kept.append(statement)
    return replace(article, statements=tuple(kept))


REDUCTIONS = (
    without_unmarked_statements,
    without_speakers,
    without_quotations,
    without_confidences,
    without_statement_labels,
    without_shared_anchors,
)


def write(articles: Iterable[Article], path: Path) -> None:
    """Write a task an article, one a line.

    Raises:
        OSError: where the file cannot be written.
    """
    write_objects(map(_task, articles), path)


def _task(article: Article) -> dict[str, Any]:
    web = weave(article.statements)
    edges = {edge for mark in web.marks for edge in (mark.start, mark.end)}
    tokens = _tokens(article.text, edges)
    first = {token["start"]: token["id"] for token in tokens}
    last = {token["end"]: token["id"] for token in tokens}
    spans = [
        {
            "start": mark.start,
            "end": mark.end,
            "token_start": first[mark.start],
            "token_end": last[mark.end],
            "label": mark.role,
        }
        for mark in web.marks
    ]
    return {
        "text": article.text,
        "tokens": tokens,
        "spans": sorted(spans, key=lambda span: (span["start"], span["end"])),
        "relations": [
            {
                "head": spans[head]["token_end"],
                "child": spans[member]["token_end"],
                "head_span": spans[head],
                "child_span": spans[member],
                "label": web.marks[member].role.lower(),
            }
            for head, member in web.links
        ],
        "id": article.id,
        "meta": dict(article.meta),
        "sentences": [sentence.to_dict() for sentence in article.sentences],
    }


def _tokens(text: str, edges: set[int]) -> list[dict[str, Any]]:
    """The tokens, a single space after one taken into its `ws` as spaCy does."""
    tokens: list[dict[str, Any]] = []
    for start, end in tokenize(text, edges):
        spare = text[start:end] == " " and start not in edges and end not in edges
        if spare and tokens and tokens[-1]["end"] == start:
            tokens[-1]["ws"] = True
            continue
        tokens.append(
            {"text": text[start:end], "start": start, "end": end, "id": len(tokens), "ws": False}
        )
    return tokens


def read(path: Path) -> Iterator[Article]:
    """The articles of a file as it was written here, or as `prodigy db-out` exports it.

    A task that was rejected or ignored is passed over. One without `id` gets the file's name and
    the line's number.

    Raises:
        FormatError: at the first malformed line, naming the field that is wrong.
        OSError: where the file cannot be read.
    """
    for number, record in read_objects(path):
        if record.get("answer", "accept") != "accept":
            continue
        try:
            article = _article(record, f"{path.name}:{number}")
        except ValueError as error:
            raise FormatError(path, number, str(error)) from error
        yield article


def _article(record: dict[str, Any], name: str) -> Article:
    fields(record, "", ("text",))
    article = parse_article(
        {
            "id": record.get("id", name),
            "text": record["text"],
            "meta": record.get("meta", {}),
            "sentences": record.get("sentences", []),
        }
    )
    spans = items(record.get("spans", []), "spans")
    marks = [_mark(span, f"spans[{place}]") for place, span in enumerate(spans)]
    links = [
        _ends(mapping(relation, f"relations[{place}]"), f"relations[{place}]")
        for place, relation in enumerate(items(record.get("relations", []), "relations"))
    ]
    joined = unweave(article.text, {mark: mark for mark in marks}, links)
    return replace(article, statements=tuple(one.statement for one in joined))


def _mark(value: object, where: str) -> Mark:
    span = fields(mapping(value, where), where, ("start", "end", "label"))
    if span["label"] not in ROLES:
        fail(f"{where}.label", f"expected one of {', '.join(ROLES)}, found {span['label']!r}")
    return Mark(
        span["label"],
        whole(span["start"], f"{where}.start"),
        whole(span["end"], f"{where}.end"),
    )


def _ends(relation: dict[str, Any], where: str) -> tuple[Mark, Mark]:
    fields(relation, where, ("head_span", "child_span"))
    return (
        _mark(relation["head_span"], f"{where}.head_span"),
        _mark(relation["child_span"], f"{where}.child_span"),
    )
