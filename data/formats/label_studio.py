"""Label Studio: a JSON list of tasks, and the labelling configuration that shows them.

A task's `data` has the text, the article's id and its meta. Sources, cues, contents and sentences
are regions of the control `mark`; a statement's cue has a relation to its source and to each piece
of its content. Threat, sanction, quotation and speaker are controls of a region: a sentence's, or
that of a statement's cue (without a cue its first content, else its source).

What people marked stands under `annotations`, what a model found under `predictions`: there each
region and choice has its probability as `score`, and the whole the mean confidence, by which Label
Studio can sort. `model_version` is what `meta` says under "model".

Offsets count code points: the editor turns JavaScript's UTF-16 units into them (`charsToCodePoints`
in its selection tools; releases before August 2022 did not, see issue 1347). Format:
https://labelstud.io/guide/task_format and https://labelstud.io/guide/predictions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from avowal.data.article_json import parse_article
from avowal.data.errors import FormatError
from avowal.data.formats.marks import ROLES, Joined, Mark, unweave, weave
from avowal.data.formats.reductions import without_speaker_details, without_unmarked_statements
from avowal.data.json_values import fail, fields, items, mapping, probability, string, whole
from avowal.data.jsonl import json_line
from avowal.data.records import QUOTATIONS, Article, Sentence, Span, Statement
from avowal.data.utf8 import decode

REDUCTIONS = (without_unmarked_statements, without_speaker_details)

CONFIG = """\
<View>
  <Style>.htx-text { white-space: pre-wrap; }</Style>
  <Relations>
    <Relation value="source"/>
    <Relation value="content"/>
  </Relations>
  <Labels name="mark" toName="text">
    <Label value="Source" background="#1f77b4"/>
    <Label value="Cue" background="#d62728"/>
    <Label value="Content" background="#2ca02c"/>
    <Label value="Sentence" background="#7f7f7f"/>
  </Labels>
  <Text name="text" value="$text"/>
  <View visibleWhen="region-selected">
    <Header value="Threat?"/>
    <Choices name="threat" toName="text" perRegion="true" choice="single">
      <Choice value="yes"/>
      <Choice value="no"/>
    </Choices>
    <Header value="Sanction?"/>
    <Choices name="sanction" toName="text" perRegion="true" choice="single">
      <Choice value="yes"/>
      <Choice value="no"/>
    </Choices>
    <Header value="Quotation (of a cue)"/>
    <Choices name="quotation" toName="text" perRegion="true" choice="single">
      <Choice value="direct"/>
      <Choice value="indirect"/>
      <Choice value="mixed"/>
    </Choices>
    <Header value="Speaker (of a cue)"/>
    <TextArea name="speaker" toName="text" perRegion="true" maxSubmissions="1"/>
  </View>
</View>
"""

_SENTENCE = "Sentence"
_LABELS = (*ROLES, _SENTENCE)
_CHOICES = {"threat": ("yes", "no"), "sanction": ("yes", "no"), "quotation": QUOTATIONS}

Result = dict[str, Any]


def write(articles: Iterable[Article], path: Path) -> None:
    """Write a task an article, one a line, and the configuration beside it as an .xml file.

    Raises:
        ValueError: where `path` itself ends in .xml.
        FileExistsError: where the configuration would replace another.
        OSError: where a file cannot be written.
    """
    config = path.with_suffix(".xml")
    if config == path:
        raise ValueError(f"{path}: the tasks are JSON; the .xml beside them is written too")
    if config.exists() and config.read_bytes() != CONFIG.encode():
        raise FileExistsError(
            f"{config} is there and is another configuration; move it, or name another output"
        )
    config.write_bytes(CONFIG.encode())
    with path.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write("[")
        for place, article in enumerate(articles):
            handle.write(("," if place else "") + "\n" + json_line(_task(article)))
        handle.write("\n]\n")


def _task(article: Article) -> dict[str, Any]:
    task: dict[str, Any] = {
        "data": {"text": article.text, "id": article.id, "meta": dict(article.meta)}
    }
    predicted = _is_prediction(article)
    result = list(_results(article, predicted))
    if not result:
        return task
    if not predicted:
        task["annotations"] = [{"result": result}]
        return task
    prediction: dict[str, Any] = {"result": result}
    if "model" in article.meta:
        prediction["model_version"] = str(article.meta["model"])
    if confidences := [s.confidence for s in article.statements if s.confidence is not None]:
        prediction["score"] = sum(confidences) / len(confidences)
    task["predictions"] = [prediction]
    return task


def _is_prediction(article: Article) -> bool:
    labelled: tuple[Sentence | Statement, ...] = (*article.sentences, *article.statements)
    scores = [score for one in labelled for score in (one.threat, one.sanction)]
    return any(s.confidence is not None for s in article.statements) or any(
        score is not None and 0 < score < 1 for score in scores
    )


def _results(article: Article, predicted: bool) -> Iterator[Result]:
    for place, sentence in enumerate(article.sentences):
        region = _Region(
            f"sentence-{place}", Mark(_SENTENCE, sentence.start, sentence.end), article
        )
        yield region.label()
        yield from region.yes_or_no(sentence, predicted)
    web = weave(article.statements)
    owners = dict(zip(web.anchors, article.statements, strict=True))
    for place, mark in enumerate(web.marks):
        region = _Region(f"mark-{place}", mark, article)
        if place not in owners:
            yield region.label()
            continue
        statement = owners[place]
        yield region.label(statement.confidence)
        yield from region.yes_or_no(statement, predicted)
        if statement.quotation is not None:
            yield region.control("quotation", "choices", {"choices": [statement.quotation]})
        if statement.speaker is not None:
            yield region.control("speaker", "textarea", {"text": [statement.speaker]})
    for head, member in web.links:
        yield {
            "type": "relation",
            "from_id": f"mark-{head}",
            "to_id": f"mark-{member}",
            "direction": "right",
            "labels": [web.marks[member].role.lower()],
        }


class _Region:
    """A mark as the results of the controls that describe it."""

    def __init__(self, id_: str, mark: Mark, article: Article) -> None:
        self._id = id_
        self._mark = mark
        self._text = article.text[mark.start : mark.end]

    def label(self, score: float | None = None) -> Result:
        value = {"text": self._text, "labels": [self._mark.role]}
        return self.control("mark", "labels", value, score)

    def yes_or_no(self, labelled: Sentence | Statement, predicted: bool) -> Iterator[Result]:
        for name, score in (("threat", labelled.threat), ("sanction", labelled.sanction)):
            if score is not None:
                value = {"choices": ["yes" if score >= 0.5 else "no"]}
                yield self.control(name, "choices", value, score if predicted else None)

    def control(
        self, name: str, kind: str, value: dict[str, Any], score: float | None = None
    ) -> Result:
        result: Result = {
            "id": self._id,
            "from_name": name,
            "to_name": "text",
            "type": kind,
            "value": {"start": self._mark.start, "end": self._mark.end, **value},
        }
        if score is not None:
            result["score"] = score
        return result


def read(path: Path) -> Iterator[Article]:
    """The articles of a list of tasks, as it was written here or exported as JSON.

    Of several annotations the first that was not cancelled counts, else the first prediction.
    Results of controls that the configuration here does not have are passed over. A task without
    an article's id gets its number in Label Studio, else its place in the list. An id may be a
    number, as in tasks that others made.

    Raises:
        FormatError: where the file or a task is malformed, naming the line the task begins on.
        OSError: where the file cannot be read.
    """
    for place, (line, task) in enumerate(_tasks(path)):
        try:
            article = _article(mapping(task, "a task"), str(place))
        except ValueError as error:
            raise FormatError(path, line, str(error)) from error
        yield article


def _tasks(path: Path) -> Iterator[tuple[int, Any]]:
    """The elements of a JSON list with the lines they begin on."""
    try:
        text = decode(path.read_bytes())
    except ValueError as error:
        raise FormatError(path, 1, str(error)) from error
    decoder = json.JSONDecoder()
    offset = _next(text, 0)
    if text[offset : offset + 1] != "[":
        raise FormatError(path, _line(text, offset), "not a JSON list of tasks")
    offset = _next(text, offset + 1)
    while text[offset : offset + 1] != "]":
        try:
            task, end = decoder.raw_decode(text, offset)
        except json.JSONDecodeError as error:
            raise FormatError(path, error.lineno, f"not JSON: {error.msg}") from error
        except (ValueError, RecursionError) as error:
            raise FormatError(
                path, _line(text, offset), f"not JSON that can be read: {error}"
            ) from error
        yield _line(text, offset), task
        offset = _next(text, end)
        if text[offset : offset + 1] == ",":
            offset = _next(text, offset + 1)
        elif text[offset : offset + 1] != "]":
            raise FormatError(
                path, _line(text, offset), "not JSON: a comma or ] is missing after a task"
            )


def _next(text: str, offset: int) -> int:
    while offset < len(text) and text[offset] in " \t\r\n":
        offset += 1
    return offset


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _article(task: dict[str, Any], place: str) -> Article:
    data = fields(mapping(task.get("data"), "data"), "data", ("text",))
    id_ = data.get("id", str(task.get("id", place)))
    article = parse_article(
        {
            "id": str(id_) if type(id_) is int else id_,
            "text": data["text"],
            "meta": data.get("meta", {}),
        }
    )
    annotations = [
        mapping(one, "annotations") for one in items(task.get("annotations", []), "annotations")
    ]
    for annotation in annotations:
        if not annotation.get("was_cancelled"):
            return _annotated(article, annotation, predicted=False)
    for prediction in items(task.get("predictions", []), "predictions"):
        return _annotated(article, mapping(prediction, "predictions"), predicted=True)
    return article


def _annotated(article: Article, annotation: dict[str, Any], predicted: bool) -> Article:
    regions = _Regions(predicted)
    for place, result in enumerate(items(annotation.get("result"), "result")):
        where = f"result[{place}]"
        regions.add(fields(mapping(result, where), where, ("type",)), where)
    return replace(
        article,
        sentences=tuple(regions.sentences(article.text)),
        statements=tuple(regions.statements(article.text)),
    )


class _Regions:
    """The results of one annotation, region by region."""

    def __init__(self, predicted: bool) -> None:
        self._predicted = predicted
        self._marks: dict[str, Mark] = {}
        self._confidences: dict[str, float | None] = {}
        self._links: list[tuple[str, str]] = []
        self._controls: dict[str, dict[str, Any]] = {}

    def add(self, result: Result, where: str) -> None:
        if result["type"] == "relation":
            fields(result, where, ("from_id", "to_id"))
            ends = (result["from_id"], result["to_id"])
            self._links.append(
                (string(ends[0], f"{where}.from_id"), string(ends[1], f"{where}.to_id"))
            )
            return
        name = result.get("from_name")
        if name not in ("mark", "speaker", *_CHOICES):
            return
        fields(result, where, ("id", "value"))
        region = string(result["id"], f"{where}.id")
        value = mapping(result["value"], f"{where}.value")
        score = probability(result.get("score"), f"{where}.score") if self._predicted else None
        if name == "mark":
            self._marks[region] = _mark(value, f"{where}.value")
            self._confidences[region] = score
        elif name == "speaker":
            self._controls.setdefault(region, {})[name] = _typed(value, f"{where}.value")
        else:
            choice = _only(value, "choices", _CHOICES[name], f"{where}.value")
            self._controls.setdefault(region, {})[name] = (
                choice if name == "quotation" else _score(choice, score)
            )

    def sentences(self, text: str) -> list[Sentence]:
        found = []
        for region, mark in self._marks.items():
            if mark.role == _SENTENCE:
                place = Span.of(text, mark.start, mark.end)
                found.append(Sentence(place.start, place.end, **self._judged(region)))
        return sorted(found, key=lambda sentence: sentence.start)

    def statements(self, text: str) -> list[Statement]:
        roles = {region: mark for region, mark in self._marks.items() if mark.role != _SENTENCE}
        return [self._described(joined) for joined in unweave(text, roles, self._links)]

    def _judged(self, region: str) -> dict[str, float | None]:
        controls = self._controls.get(region, {})
        return {name: controls.get(name) for name in ("threat", "sanction")}

    def _described(self, joined: Joined[str]) -> Statement:
        """The statement with what its marks' controls say, the anchor's before the others'."""
        said: dict[str, Any] = {}
        for region in joined.keys:
            said = {**self._controls.get(region, {}), **said}
        return replace(joined.statement, confidence=self._confidences[joined.keys[0]], **said)


def _mark(value: dict[str, Any], where: str) -> Mark:
    fields(value, where, ("start", "end"))
    return Mark(
        _only(value, "labels", _LABELS, where),
        whole(value["start"], f"{where}.start"),
        whole(value["end"], f"{where}.end"),
    )


def _only(value: dict[str, Any], name: str, known: tuple[str, ...], where: str) -> str:
    """The one label or choice of a region."""
    chosen = items(value.get(name), f"{where}.{name}")
    if len(chosen) != 1 or chosen[0] not in known:
        fail(f"{where}.{name}", f"expected one of {', '.join(known)}, found {chosen}")
    return str(chosen[0])


def _typed(value: dict[str, Any], where: str) -> str | None:
    lines = items(value.get("text"), f"{where}.text")
    return "\n".join(string(line, f"{where}.text", empty=True) for line in lines) or None


def _score(choice: str, score: float | None) -> float:
    return score if score is not None else float(choice == "yes")
