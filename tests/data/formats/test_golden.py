"""Golden examples: each format's file, as its tool wants it, of an article one can follow."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from annotated_articles import GOLD, TEXT, span

from avowal.data.formats import brat, conll, doccano, label_studio, prodigy
from avowal.data.formats.registry import FORMATS
from avowal.data.records import Article


def written(name: str, path: Path, article: Article = GOLD) -> str:
    FORMATS[name].write([article], path)
    return "" if path.is_dir() else path.read_bytes().decode("utf-8")


def units(words: str) -> tuple[int, int]:
    """Where JavaScript finds words: the text has one character of two units."""
    start = len(TEXT[: TEXT.index(words)].encode("utf-16-le")) // 2
    return start, start + len(words.encode("utf-16-le")) // 2


BRAT = """\
T1\tSentence 0 39\t“We will 😀,” Ana Belu warned, “answer.”
A1\tThreat T1 yes
A2\tSanction T1 no
T2\tSentence 40 51\tHe said no.
A3\tThreat T2 no
A4\tSanction T2 no
T3\tSource 13 21\tAna Belu
T4\tCue 22 28\twarned
T5\tContent 0 12;30 39\t“We will 😀,” “answer.”
T6\tAttribution 22 28\twarned
E1\tAttribution:T6 Source:T3 Cue:T4 Content:T5
A5\tThreat E1 yes
A6\tSanction E1 no
A7\tQuotation E1 direct
#1\tAnnotatorNotes E1\tspeaker: Ana Belu
T7\tCue 43 47\tsaid
T8\tContent 48 50\tno
T9\tAttribution-no-source 43 47\tsaid
E2\tAttribution-no-source:T9 Cue:T7 Content:T8
A8\tThreat E2 no
A9\tSanction E2 no
A10\tQuotation E2 indirect
"""


def test_brat(tmp_path: Path) -> None:
    folder = tmp_path / "brat"
    written("brat", folder)
    names = ["annotation.conf", "talks%2Fa.txt.ann", "talks%2Fa.txt.txt"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert (folder / names[1]).read_bytes().decode("utf-8") == BRAT
    assert (folder / names[2]).read_bytes().decode("utf-8") == TEXT
    assert list(brat.read(folder)) == [replace(GOLD, meta={})]


def test_brat_has_a_second_content_where_pieces_overlap(tmp_path: Path) -> None:
    statement = replace(GOLD.statements[0], content=(span("“We will 😀,”"), span("will")))
    written("brat", tmp_path / "brat", replace(GOLD, statements=(statement,)))
    event = next((tmp_path / "brat").glob("*.ann")).read_text("utf-8").split("E1\t")[1]
    assert event.startswith("Attribution:T7 Source:T3 Cue:T4 Content:T5 Content2:T6\n")


CONLL = """\
# id = "talks/a.txt"
# text = "“We will 😀,” Ana Belu warned, “answer.” He said no.\\r\\nIt rained."
# meta = {"register": "agency"}

# sentence = 0 39
# threat = 1.0
# sanction = 0.0
“\t0\t1\tB-Content
We\t1\t3\tI-Content
will\t4\t8\tI-Content
😀\t9\t10\tI-Content
,\t10\t11\tI-Content
”\t11\t12\tI-Content
Ana\t13\t16\tB-Source
Belu\t17\t21\tI-Source
warned\t22\t28\tB-Cue
,\t28\t29\tO
“\t30\t31\tB-Content
answer\t31\t37\tI-Content
.\t37\t38\tI-Content
”\t38\t39\tI-Content

# sentence = 40 51
# threat = 0.0
# sanction = 0.0
He\t40\t42\tO
said\t43\t47\tB-Cue
no\t48\t50\tB-Content
.\t50\t51\tO

It\t53\t55\tO
rained\t56\t62\tO
.\t62\t63\tO

"""


def test_conll(tmp_path: Path) -> None:
    assert written("conll", tmp_path / "a.conll") == CONLL
    (article,) = conll.read(tmp_path / "a.conll")
    assert (article.sentences, article.meta) == (GOLD.sentences, GOLD.meta)
    marks = [s.source or s.cue or s.content[0] for s in article.statements]
    words = ["“We will 😀,”", "Ana Belu", "warned", "“answer.”", "said", "no"]
    assert marks == [span(part) for part in words]


def test_a_mark_goes_on_in_the_next_sentence(tmp_path: Path) -> None:
    statement = replace(GOLD.statements[1], cue=None, content=(span("“answer.” He said"),))
    lines = written("conll", tmp_path / "a", replace(GOLD, statements=(statement,))).split("\n")
    assert "He\t40\t42\tI-Content" in lines
    (article,) = conll.read(tmp_path / "a")
    assert [s.content for s in article.statements] == [(span("“answer.” He said"),)]


def test_doccano(tmp_path: Path) -> None:
    record = json.loads(written("doccano", tmp_path / "a.jsonl"))
    marks = {
        entity["id"]: (entity["label"], entity["start_offset"], entity["end_offset"])
        for entity in record["entities"]
    }
    assert sorted(marks.values()) == sorted(
        [
            ("Source", *units("Ana Belu")),
            ("Cue", *units("warned")),
            ("Content", *units("“We will 😀,”")),
            ("Content", *units("“answer.”")),
            ("Cue", *units("said")),
            ("Content", *units("no")),
            ("Threat", *units("“We will 😀,” Ana Belu warned, “answer.”")),
            ("Neither", *units("He said no.")),
        ]
    )
    links = [
        (marks[r["from_id"]][1:], marks[r["to_id"]][1:], r["type"]) for r in record["relations"]
    ]
    assert links == [
        (units("warned"), units("“We will 😀,”"), "content"),
        (units("warned"), units("“answer.”"), "content"),
        (units("warned"), units("Ana Belu"), "source"),
        (units("said"), units("no"), "content"),
    ]
    assert (record["text"], record["article"], record["article_meta"]) == (TEXT, GOLD.id, GOLD.meta)


def test_doccano_reads_what_doccano_exports(tmp_path: Path) -> None:
    record = json.loads(written("doccano", tmp_path / "a.jsonl"))
    del record["article"]
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": 7, "Comments": [], **record}))
    (article,) = doccano.read(tmp_path / "a.jsonl")
    assert article.id == "a.jsonl:1"
    assert [s.source for s in article.statements] == [span("Ana Belu"), None]


def test_ids_of_entities_are_unique_in_a_doccano_file(tmp_path: Path) -> None:
    FORMATS["doccano"].write([GOLD, replace(GOLD, id="b")], tmp_path / "a.jsonl")
    lines = (tmp_path / "a.jsonl").read_text("utf-8").splitlines()
    ids = [entity["id"] for line in lines for entity in json.loads(line)["entities"]]
    assert len(ids) == len(set(ids)) == 16


def test_prodigy(tmp_path: Path) -> None:
    task = json.loads(written("prodigy", tmp_path / "a.jsonl"))
    assert [token["id"] for token in task["tokens"]] == list(range(len(task["tokens"])))
    assert "".join(t["text"] + " " * t["ws"] for t in task["tokens"]) == TEXT
    for token in task["tokens"]:
        assert TEXT[token["start"] : token["end"]] == token["text"]
    assert [(s["label"], TEXT[s["start"] : s["end"]]) for s in task["spans"]] == [
        ("Content", "“We will 😀,”"),
        ("Source", "Ana Belu"),
        ("Cue", "warned"),
        ("Content", "“answer.”"),
        ("Cue", "said"),
        ("Content", "no"),
    ]
    for item in task["spans"]:
        assert task["tokens"][item["token_start"]]["start"] == item["start"]
        assert task["tokens"][item["token_end"]]["end"] == item["end"]
    relation = task["relations"][2]
    assert relation == {
        "head": relation["head_span"]["token_end"],
        "child": relation["child_span"]["token_end"],
        "head_span": task["spans"][2],
        "child_span": task["spans"][1],
        "label": "source",
    }
    assert (task["id"], task["meta"]) == (GOLD.id, GOLD.meta)


def test_prodigy_tasks_that_were_not_accepted_are_passed_over(tmp_path: Path) -> None:
    task = json.loads(written("prodigy", tmp_path / "a.jsonl"))
    answers = ("reject", "accept", "ignore")
    lines = [json.dumps({**task, "id": answer, "answer": answer}) for answer in answers]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    assert [article.id for article in prodigy.read(tmp_path / "a.jsonl")] == ["accept"]


def test_label_studio(tmp_path: Path) -> None:
    (task,) = json.loads(written("labelstudio", tmp_path / "a.json"))
    assert task["data"] == {"text": TEXT, "id": GOLD.id, "meta": GOLD.meta}
    assert "predictions" not in task
    (annotation,) = task["annotations"]
    place = {"start": 22, "end": 28}
    cue = {"id": "mark-0", "to_name": "text"}
    said = [one for one in annotation["result"] if one.get("id") == "mark-0"]
    assert said == [
        {
            **cue,
            "from_name": "mark",
            "type": "labels",
            "value": {**place, "text": "warned", "labels": ["Cue"]},
        },
        {**cue, "from_name": "threat", "type": "choices", "value": {**place, "choices": ["yes"]}},
        {**cue, "from_name": "sanction", "type": "choices", "value": {**place, "choices": ["no"]}},
        {
            **cue,
            "from_name": "quotation",
            "type": "choices",
            "value": {**place, "choices": ["direct"]},
        },
        {
            **cue,
            "from_name": "speaker",
            "type": "textarea",
            "value": {**place, "text": ["Ana Belu"]},
        },
    ]
    assert next(r for r in annotation["result"] if r["type"] == "relation") == {
        "type": "relation",
        "from_id": "mark-0",
        "to_id": "mark-1",
        "direction": "right",
        "labels": ["content"],
    }
    assert list(label_studio.read(tmp_path / "a.json")) == [GOLD]


def test_label_studio_may_have_a_number_for_an_articles_id(tmp_path: Path) -> None:
    tasks = [{"id": 3, "data": {"id": 7, "text": "No."}}, {"id": 4, "data": {"text": "No."}}]
    (tmp_path / "a.json").write_text(json.dumps(tasks))
    assert [article.id for article in label_studio.read(tmp_path / "a.json")] == ["7", "4"]


def test_label_studio_is_given_a_configuration_for_its_controls(tmp_path: Path) -> None:
    (task,) = json.loads(written("labelstudio", tmp_path / "a.json"))
    root = ElementTree.parse(tmp_path / "a.xml").getroot()
    values: dict[str, set[str | None]] = {
        control.attrib["name"]: {choice.get("value") for choice in control}
        for control in root.iter()
        if control.get("toName") == "text"
    }
    assert set(values) == {"mark", "threat", "sanction", "quotation", "speaker"}
    for result in task["annotations"][0]["result"]:
        chosen = result.get("value", {})
        for name in ("labels", "choices"):
            assert set(chosen.get(name, ())) <= values.get(result.get("from_name"), set())


def predicted() -> Article:
    first = replace(GOLD.statements[0], confidence=0.75, threat=0.875, sanction=0.125)
    second = replace(GOLD.statements[1], confidence=0.25)
    return replace(GOLD, statements=(first, second), meta={"model": "avowal 1 mini"})


def test_label_studio_has_predictions_apart(tmp_path: Path) -> None:
    (task,) = json.loads(written("labelstudio", tmp_path / "a.json", predicted()))
    assert "annotations" not in task
    (prediction,) = task["predictions"]
    assert (prediction["model_version"], prediction["score"]) == ("avowal 1 mini", 0.5)
    scores: dict[str, Any] = {
        one["from_name"]: one.get("score")
        for one in prediction["result"]
        if one.get("id") == "mark-0"
    }
    assert (scores["mark"], scores["threat"], scores["sanction"]) == (0.75, 0.875, 0.125)
    assert list(label_studio.read(tmp_path / "a.json")) == [predicted()]


def test_what_a_person_made_of_a_prediction_comes_first(tmp_path: Path) -> None:
    (task,) = json.loads(written("labelstudio", tmp_path / "a.json", predicted()))
    result = task["predictions"][0]["result"]
    task["annotations"] = [{"was_cancelled": True, "result": []}, {"result": result}]
    (tmp_path / "a.json").write_text(json.dumps([task], indent=2))
    (article,) = label_studio.read(tmp_path / "a.json")
    assert [(s.confidence, s.threat) for s in article.statements] == [(None, 1.0), (None, 0.0)]


def test_a_speaker_may_be_typed_at_the_source(tmp_path: Path) -> None:
    (task,) = json.loads(written("labelstudio", tmp_path / "a.json"))
    result = task["annotations"][0]["result"]
    source = next(one for one in result if one.get("value", {}).get("labels") == ["Source"])
    for one in result:
        if one.get("from_name") == "speaker":
            one["id"] = source["id"]
    (tmp_path / "a.json").write_text(json.dumps([task]))
    assert list(label_studio.read(tmp_path / "a.json")) == [GOLD]
