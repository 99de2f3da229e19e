"""Malformed input: an error names the file, the line and what is wrong, for every format."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from annotated_articles import GOLD

from avowal.data.errors import FormatError
from avowal.data.formats.registry import FORMATS

Change = Callable[[Any], None]
MISSING = object()


def reason_at_line_2(name: str, path: Path) -> str:
    with pytest.raises(FormatError) as raised:
        list(FORMATS[name].read(path))
    assert (raised.value.path, raised.value.line) == (path, 2)
    return raised.value.reason


def set_to(field: str, value: object) -> Change:
    """Sets the field at a dotted path, or drops it for MISSING."""

    def change(record: Any) -> None:
        *way, last = [int(step) if step.isdigit() else step for step in field.split(".")]
        for step in way:
            record = record[step]
        if value is MISSING:
            del record[last]
        else:
            record[last] = value

    return change


def records(name: str, path: Path) -> Any:
    """The JSON of one article in a format."""
    FORMATS[name].write([GOLD], path)
    content = json.loads(path.read_bytes())
    return content[0] if name == "labelstudio" else content


DOCCANO = [
    ("text", MISSING, "text: is missing"),
    ("text", 5, "text: expected a string, found number"),
    ("article", "", "id: is empty"),
    ("article_meta", [], "meta: expected an object, found list"),
    ("entities", MISSING, "entities: is missing"),
    ("relations", MISSING, "relations: is missing"),
    ("entities", {}, "entities: expected a list, found object"),
    ("entities.0", 7, "entities[0]: expected an object, found number"),
    ("entities.0.label", "Verb", "entities[0].label: expected one of Source, Cue, Content, Sent"),
    ("entities.0.id", "7", "entities[0].id: expected a whole number, found string"),
    ("entities.2.start_offset", 10, "offset 10 is within a character, counted in UTF-16"),
    ("entities.0.end_offset", 99, "offset 99 is beyond the text, which has 64 UTF-16 code"),
    ("entities.0.end_offset", 1.5, "entities[0].end_offset: expected a whole number"),
    ("entities.0.end_offset", 0, "span [22, 0) is not inside a text of 63 characters"),
    ("entities.6.end_offset", 0, "span [0, 0) is not inside a text of 63 characters"),
    ("relations.0.from_id", MISSING, "relations[0].from_id: is missing"),
    ("relations.0.to_id", 99, "a link to 99, which is no source, cue or content here"),
]
PRODIGY = [
    ("text", MISSING, "text: is missing"),
    ("id", 5, "id: expected a string, found number"),
    ("sentences.0.threat", 2, "sentences[0].threat: expected null or a number from 0 to 1"),
    ("spans", {}, "spans: expected a list, found object"),
    ("spans.0.label", "Verb", "spans[0].label: expected one of Source, Cue, Content, found 'Verb'"),
    ("spans.0.end", 99, "span [0, 99) is not inside a text of 63 characters"),
    ("spans.0.start", None, "spans[0].start: expected a whole number, found null"),
    ("relations.0.child_span", MISSING, "relations[0].child_span: is missing"),
    ("relations.0.head_span.label", None, "relations[0].head_span.label: expected one of Source"),
    ("relations.0.head_span.end", 27, "a link to Mark(role='Cue', start=22, end=27), which is no"),
]
RESULT = "annotations.0.result"
LABEL_STUDIO = [
    ("data", MISSING, "data: expected an object, found null"),
    ("data.text", MISSING, "data.text: is missing"),
    ("data.text", [], "text: expected a string, found list"),
    ("data.id", "", "id: is empty"),
    ("data.id", True, "id: expected a string, found boolean"),
    ("annotations", {}, "annotations: expected a list, found object"),
    ("annotations.0", [], "annotations: expected an object, found list"),
    (RESULT, None, "result: expected a list, found null"),
    (f"{RESULT}.0.type", MISSING, "result[0].type: is missing"),
    (f"{RESULT}.0.id", 5, "result[0].id: expected a string, found number"),
    (f"{RESULT}.0.value", [], "result[0].value: expected an object, found list"),
    (f"{RESULT}.0.value.start", "0", "result[0].value.start: expected a whole number, found str"),
    (f"{RESULT}.0.value.end", 99, "span [0, 99) is not inside a text of 63 characters"),
    (f"{RESULT}.0.value.labels", ["Verb"], "result[0].value.labels: expected one of Source, Cue"),
    (f"{RESULT}.0.value.labels", ["Cue", "Source"], "result[0].value.labels: expected one of"),
    (f"{RESULT}.1.value.choices", ["si"], "result[1].value.choices: expected one of yes, no"),
    (f"{RESULT}.10.value.text", "Ana", "result[10].value.text: expected a list, found string"),
    (f"{RESULT}.19.from_id", MISSING, "result[19].from_id: is missing"),
    (f"{RESULT}.19.to_id", "sentence-0", "a link to 'sentence-0', which is no source, cue or"),
]


@pytest.mark.parametrize(
    ("name", "field", "value", "reason"),
    [
        *(("doccano", *case) for case in DOCCANO),
        *(("prodigy", *case) for case in PRODIGY),
        *(("labelstudio", *case) for case in LABEL_STUDIO),
    ],
)
def test_a_wrong_field_is_named(
    tmp_path: Path, name: str, field: str, value: object, reason: str
) -> None:
    path = tmp_path / "a"
    good = records(name, path)
    bad = copy.deepcopy(good)
    set_to(field, value)(bad)
    if name == "labelstudio":
        # the list begins on the good task's line
        path.write_text(f"[{json.dumps(good)},\n{json.dumps(bad)}]")
    else:
        path.write_text(f"{json.dumps(good)}\n{json.dumps(bad)}\n")
    assert reason_at_line_2(name, path).startswith(reason)


@pytest.mark.parametrize("name", ["jsonl", "doccano", "prodigy"])
@pytest.mark.parametrize(
    ("line", "reason"),
    [(b"{", "not JSON"), (b"[]", "a JSON list, not an object"), (b'"\xe9"', "not UTF-8")],
)
def test_a_line_that_is_no_object(tmp_path: Path, name: str, line: bytes, reason: str) -> None:
    (tmp_path / "a").write_bytes(b"\n" + line)
    assert reason_at_line_2(name, tmp_path / "a").startswith(reason)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('\n{"data": {}}', "not a JSON list of tasks"),
        ("[\n{,}]", "not JSON: Expecting property name"),
        ("[\n7]", "a task: expected an object, found number"),
        ('[{"data": {"text": ""}}\n{}]', "not JSON: a comma or ] is missing after a task"),
        ('[{"data": {"text": ""}},\n', "not JSON: Expecting value"),
        ("[\n" + "[" * 100_000, "not JSON that can be read"),
    ],
)
def test_a_file_that_is_no_list_of_tasks(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "a.json").write_text(content)
    assert reason_at_line_2("labelstudio", tmp_path / "a.json").startswith(reason)


def test_a_file_of_tasks_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'["\xe9"]')
    with pytest.raises(FormatError, match=r"a\.json:1: not UTF-8"):
        list(FORMATS["labelstudio"].read(tmp_path / "a.json"))


HEAD = '# id = "a"\n# text = "He said no."\n\n# sentence = 0 11\n'


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("He\t0\t2", "3 columns split by tabs, not 4: token, start, end and tag"),
        ("He 0 2 O", "1 columns split by tabs, not 4"),
        ("He\t0\tx\tO", "'0 x' is not a pair of offsets"),
        ("He\t0\t12\tO", "span [0, 12) is not inside a text of 11 characters"),
        ("She\t0\t2\tO", "'She' is not what the text has at [0, 2)"),
        ("He\t0\t2\tB-Verb", "tag 'B-Verb' is neither O nor B- or I- with Source, Cue, Content"),
        ("He\t0\t2\tSource", "tag 'Source' is neither O nor"),
        ("He\t0\t2\tI-Source", "I-Source goes on with no Source before it; begin it with B-Source"),
        ("# sentence = 5", "'5' is not a pair of offsets"),
        ("# sentence = 5 99", "span [5, 99) is not inside"),
        ("# threat = 2", "threat: expected null or a number from 0 to 1, found 2"),
        ("# threat = yes", "not JSON: Expecting value at column 1 of the value"),
        ("# text = 5", "text: expected a string, found number"),
        ("# meta = []", "meta: expected an object, found list"),
    ],
)
def test_a_malformed_line_of_conll(tmp_path: Path, lines: str, reason: str) -> None:
    (tmp_path / "a.conll").write_text(HEAD + lines + "\n", newline="")
    with pytest.raises(FormatError) as raised:
        list(FORMATS["conll"].read(tmp_path / "a.conll"))
    assert raised.value.line == 5
    assert raised.value.reason.startswith(reason)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\nHe\t0\t2\tO\n", "before the first article, which begins with # id = "),
        (b'# id = "a"\n# threat = 1\n', "threat before the first sentence"),
        (b'# id = "a"\n\xe9\t0\t1\tO\n', "'utf-8' codec can't decode byte 0xe9"),
        (b'# id = 5\n# text = "He."\n', "id: expected a string, found number"),
    ],
)
def test_a_malformed_beginning_of_conll(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "a.conll").write_bytes(content)
    assert reason_at_line_2("conll", tmp_path / "a.conll").startswith(reason)


def test_conll_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_bytes(b'\xef\xbb\xbf# id = "a"\n# text = "He."\nHe\t0\t2\tO\n')
    (article,) = FORMATS["conll"].read(tmp_path / "a.conll")
    assert (article.id, article.text) == ("a", "He.")


def test_comments_of_other_names_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text(f"{HEAD}# annotator = 7\n# remark\nHe\t0\t2\tB-Source\n")
    (article,) = FORMATS["conll"].read(tmp_path / "a.conll")
    assert [statement.source is not None for statement in article.statements] == [True]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("A1\tThreat E1 maybe", "Threat is one of yes, no, not 'maybe'"),
        ("A1\tThreat E1", "Threat is one of yes, no, not ''"),
        ("A1\tQuotation E1 reported", "Quotation is one of direct, indirect, mixed, not"),
        ("A1\tSanction E9 yes", "E9 is no annotation here that has a sanction"),
        ("A1\tQuotation T1 direct", "T1 is no annotation here that has a quotation"),
        ("#1\tAnnotatorNotes T1\tspeaker: Ana", "T1 is no annotation here that has a speaker"),
        ("T2\tCue 0 99\tHe", "span [0, 99) is not inside a text of 11 characters"),
    ],
)
def test_a_malformed_line_of_brat(tmp_path: Path, line: str, reason: str) -> None:
    (tmp_path / "a.txt").write_text("He said no.")
    (tmp_path / "a.ann").write_text(f"T1\tSentence 0 11\tHe said no.\n{line}\nT3\tCue 3 7\tsaid\n")
    with pytest.raises(FormatError) as raised:
        list(FORMATS["brat"].read(tmp_path))
    assert (raised.value.path, raised.value.line) == (tmp_path / "a.ann", 2)
    assert raised.value.reason.startswith(reason)


def test_other_notes_and_attributes_of_brat_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("He said no.")
    (tmp_path / "a.ann").write_text(
        "T1\tCue 3 7\tsaid\nE1\tCue:T1\nA1\tNegation E1\nM1\tTense T1 past\n"
        "#1\tAnnotatorNotes E1\tis this one?\n#2\tAnnotatorNotes E1\tspeaker: Ana\n"
    )
    (article,) = FORMATS["brat"].read(tmp_path)
    assert [statement.speaker for statement in article.statements] == ["Ana"]


def test_a_folder_that_is_not_brat(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"holds no \.txt files"):
        list(FORMATS["brat"].read(tmp_path))
    (tmp_path / "b.txt").write_bytes(b"No.")
    (tmp_path / "a.ann").write_bytes(b"")
    with pytest.raises(FileNotFoundError, match=r"a\.ann has no text a\.txt beside it"):
        list(FORMATS["brat"].read(tmp_path))
    (tmp_path / "a.txt").write_bytes(b"\xe9")
    with pytest.raises(FormatError, match=r"a\.txt:1: not UTF-8"):
        list(FORMATS["brat"].read(tmp_path))


def test_a_text_of_brat_that_nobody_annotated(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"No.")
    (article,) = FORMATS["brat"].read(tmp_path)
    assert (article.id, article.statements) == ("a", ())


def test_brat_is_written_to_a_folder_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"two articles have the id 'talks/a\.txt'"):
        FORMATS["brat"].write([GOLD, GOLD], tmp_path / "new")
    with pytest.raises(FileExistsError, match="is not empty; name a new folder"):
        FORMATS["brat"].write([GOLD], tmp_path)


def test_tasks_are_not_written_over_their_configuration(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the tasks are JSON"):
        FORMATS["labelstudio"].write([GOLD], tmp_path / "a.xml")
