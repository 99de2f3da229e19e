"""`avowal convert` and `avowal annotate`: what they write, say and refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from annotated_articles import GOLD

from avowal.data.formats.registry import FORMATS
from avowal.data.jsonl import read_jsonl, write_jsonl

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    write_jsonl([GOLD], path)
    return path


@pytest.mark.parametrize("name", FORMATS)
def test_there_and_back(run: Run, gold: Path, tmp_path: Path, name: str) -> None:
    there, back = tmp_path / "there", tmp_path / "back.jsonl"
    code, said = run("convert", gold, there, "--to", name)
    assert code == 0
    assert said.startswith(f"1 article in {there}\n")
    code, said = run("convert", there, back, "--from", name, "--to", "jsonl")
    assert (code, said) == (0, f"1 article in {back}\n")
    (article,) = read_jsonl(back)
    assert (article.text, article.sentences) == (GOLD.text, GOLD.sentences)


def test_what_is_lost_is_said(run: Run, gold: Path, tmp_path: Path) -> None:
    code, said = run("convert", gold, tmp_path / "a.conll", "--to", "conll")
    assert code == 0
    assert said.splitlines()[1:] == [
        "conll cannot hold: links between source, cue and content: 4",
        "conll cannot hold: kinds of quotation: 2",
        "conll cannot hold: threat labels of statements: 2",
        "conll cannot hold: sanction labels of statements: 2",
        "conll cannot hold: speakers: 1",
    ]


def test_the_input_says_its_format_where_it_can(run: Run, gold: Path, tmp_path: Path) -> None:
    for name, to in (("a.json", "labelstudio"), ("a.conll", "conll"), ("brat", "brat")):
        assert run("convert", gold, tmp_path / name, "--to", to)[0] == 0
        assert run("convert", tmp_path / name, tmp_path / f"{to}.jsonl", "--to", "jsonl")[0] == 0
    code, said = run("convert", tmp_path / "a.xml", tmp_path / "b", "--to", "jsonl")
    assert code == 2
    assert said == (
        f"avowal: {tmp_path / 'a.xml'}: name the format with --from: "
        "jsonl, brat, labelstudio, doccano, prodigy, conll\n"
    )


def test_a_malformed_line_is_named_and_nothing_written(
    run: Run, gold: Path, tmp_path: Path
) -> None:
    with gold.open("a") as handle:
        handle.write('{"id": "b"}\n')
    out = tmp_path / "out.json"
    code, said = run("convert", gold, out, "--to", "labelstudio")
    assert (code, said) == (2, f"avowal: {gold}:2: text: is missing\n")
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["gold.jsonl", "out", "--to", "conllu"], "format 'conllu' is not one of jsonl, brat,"),
        (["gold.jsonl", "gold.jsonl", "--to", "doccano"], "gold.jsonl is the input too"),
        (["gone.jsonl", "out", "--to", "brat"], "No such file or directory: 'gone.jsonl'"),
        (["gold.jsonl", "gone/out", "--to", "conll"], "No such file or directory: 'gone/out'"),
        (["gold.jsonl", ".", "--to", "brat"], ". is not empty; name a new folder"),
        (
            ["gold.jsonl", ".", "--to", "brat", "--overwrite"],
            ". is not empty; name a new folder",
        ),
        (["gold.jsonl", ".", "--to", "conll"], ". is a directory; name a file"),
    ],
)
def test_a_conversion_that_cannot_be_done(
    run: Run, gold: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], reason: str
) -> None:
    monkeypatch.chdir(gold.parent)
    code, said = run("convert", *arguments)
    assert code == 2
    assert reason in said
    assert len(said.splitlines()) == 1
    assert list(read_jsonl(gold)) == [GOLD]


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_there_is_not_written_over_unasked(
    run: Run, gold: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "mine"
    out.write_text("hours of work")
    code, said = run("convert", gold, out, "--to", name)
    remedy = (
        "is a file; name a new folder"
        if FORMATS[name].is_folder
        else "exists; move it, name another output, or write over it with --overwrite"
    )
    assert (code, said) == (2, f"avowal: {out} {remedy}\n")
    assert out.read_text() == "hours of work"
    assert sorted(tmp_path.iterdir()) == [gold, out]


def test_an_empty_file_may_be_written_to_and_any_that_is_given_up(
    run: Run, gold: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    out.touch()
    assert run("convert", gold, out, "--to", "doccano")[0] == 0
    assert out.stat().st_size
    assert run("convert", gold, out, "--to", "jsonl", "--overwrite")[0] == 0
    assert list(read_jsonl(out)) == [GOLD]


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("a.txt", "z.txt"):
        (folder / name).write_text("Ana warned of a strike. Bo said no.", encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", FORMATS)
def test_articles_are_annotated_for_every_tool(
    run: Run, scripted: Path, articles: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / "out"
    code, said = run("annotate", articles, "--model", scripted, "--to", name, "--out", out)
    assert code == 0
    assert said.splitlines()[-1].startswith("2 articles scored in ")
    found = list(FORMATS[name].read(out))
    assert [article.id for article in found] == ["a.txt", "z.txt"]
    cues = [s.cue.text for article in found for s in article.statements if s.cue]
    assert cues == ["warned", "said"] * 2


def test_label_studio_gets_predictions_with_their_model(
    run: Run, scripted: Path, articles: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    options = ["--to", "labelstudio", "--out", out]
    assert run("annotate", articles, "--model", scripted, *options)[0] == 0
    for task in json.loads(out.read_bytes()):
        (prediction,) = task["predictions"]
        assert prediction["model_version"].startswith("avowal ")
        assert prediction["model_version"].endswith(" scripted-models")
        assert 0 < prediction["score"] < 1
    assert out.with_suffix(".xml").is_file()


def test_an_article_that_cannot_be_read_is_named(
    run: Run, scripted: Path, articles: Path, tmp_path: Path
) -> None:
    (articles / "b.txt").write_bytes(b"\xe9")
    out = tmp_path / "out.jsonl"
    options = ["--model", scripted, "--to", "prodigy", "--out", out]
    code, said = run("annotate", articles, *options)
    assert code == 1
    assert said.startswith(f"not scored: {articles / 'b.txt'}: not UTF-8")
    assert said.splitlines()[-1].endswith(", 1 not scored")
    assert len(list(FORMATS["prodigy"].read(out))) == 2


def test_annotations_are_not_written_among_the_articles(
    run: Run, scripted: Path, articles: Path
) -> None:
    for name, out in (("brat", articles / "new"), ("doccano", articles / "new.jsonl")):
        options = ["--model", scripted, "--to", name, "--out", out]
        code, said = run("annotate", articles, *options)
        assert code == 2
        assert "would be read as an article" in said
        assert not out.exists()


def test_annotations_are_not_written_over_corrections(
    run: Run, scripted: Path, articles: Path, tmp_path: Path
) -> None:
    folder, file = tmp_path / "brat", tmp_path / "tasks.jsonl"
    folder.mkdir()
    (folder / "a.txt.ann").write_text("corrected")
    file.write_text("corrected")
    for name, out, reason in (
        ("brat", folder, "is not empty; name a new folder"),
        (
            "doccano",
            file,
            "exists; move it, name another output, or write over it with --overwrite",
        ),
    ):
        # refused before a model is loaded, which this one could not be
        options = ["--model", tmp_path / "gone", "--to", name, "--out", out]
        assert run("annotate", articles, *options) == (2, f"avowal: {out} {reason}\n")
    assert file.read_text() == "corrected"
    options = ["--model", scripted, "--to", "doccano", "--out", file, "--overwrite"]
    assert run("annotate", articles, *options)[0] == 0
    assert len(list(FORMATS["doccano"].read(file))) == 2


def test_an_unknown_format_is_refused_before_a_model_is_loaded(
    run: Run, articles: Path, tmp_path: Path
) -> None:
    code, said = run("annotate", articles, "--to", "paper", "--out", tmp_path / "out")
    assert code == 2
    assert said.startswith("avowal: format 'paper' is not one of jsonl, brat, labelstudio")


def test_of_two_articles_with_one_id_the_later_is_not_written(
    run: Run, scripted: Path, tmp_path: Path
) -> None:
    rows = tmp_path / "rows.jsonl"
    texts = ["Ana warned of a strike.", "Bo said no."]
    rows.write_text("".join(f"{json.dumps({'id': 'a', 'text': text})}\n" for text in texts))
    out = tmp_path / "out"
    code, said = run("annotate", rows, "--model", scripted, "--to", "brat", "--out", out)
    assert code == 1
    assert "rows.jsonl:2: the id 'a' is taken by an earlier article" in said
    assert [article.text for article in FORMATS["brat"].read(out)] == texts[:1]


def test_a_labelling_configuration_of_ones_own_is_not_written_over(
    run: Run, gold: Path, tmp_path: Path
) -> None:
    out, config = tmp_path / "out.json", tmp_path / "out.xml"
    for _ in range(2):  # the one that avowal writes may be written again
        assert run("convert", gold, out, "--to", "labelstudio", "--overwrite")[0] == 0
    before = out.read_bytes()
    config.write_text("<View/>")
    code, said = run("convert", gold, out, "--to", "labelstudio", "--overwrite")
    assert code == 2
    assert said == (
        f"avowal: {config} is there and is another configuration; move it, or name another output\n"
    )
    assert (config.read_text(), out.read_bytes()) == ("<View/>", before)
