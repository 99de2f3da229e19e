"""The command line: exit codes, messages, and every bad input with the rest of the run intact."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from avowal.cli import main
from avowal.data.jsonl import read_scores

TEXT = "Ana warned of a strike. “No embargo,” Bo said.\n"
BAD_FILES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("bad.txt", b"", "the file is empty"),
    "blank": ("bad.md", b" \r\n\t\n", "empty but for whitespace"),
    "binary": ("bad.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a binary file"),
    "latin-1": ("bad.txt", "Él dijo no".encode("latin-1"), "not UTF-8"),
    "utf-16": ("bad.txt", TEXT.encode("utf-16"), "UTF-16, not UTF-8"),
    "row without text": ("bad.jsonl", b'{"id": "7", "body": "no"}\n', "no field 'text'"),
    "row that is no JSON": ("bad.jsonl", b"Ana said no.\n", "not JSON"),
    "page without text": ("bad.html", b"<html></html>", "no main text"),
}

Run = Callable[..., tuple[int, str]]


@pytest.fixture(params=["scripted", "shipped"])
def model(request: pytest.FixtureRequest) -> str:
    """What `--model` is given: each test is run with scripted models and with those that ship."""
    folder = request.getfixturevalue(request.param)
    return "mini" if folder is None else str(folder)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("a.txt", "z.txt"):
        (folder / name).write_text(TEXT, encoding="utf-8", newline="")
    return folder


def ids(out: Path) -> list[str]:
    return [article.id for article in read_scores(out)]


# --- articles that cannot be scored: exit code 1 --------------------------------------------


def test_every_article_scored(run: Run, model: str, articles: Path, tmp_path: Path) -> None:
    out, table = tmp_path / "out.jsonl", tmp_path / "table.csv"
    code, said = run("score", articles, "--model", model, "--out", out, "--table", table)
    assert code == 0
    assert said.startswith("2 articles scored in ")
    assert ids(out) == ["a.txt", "z.txt"]
    assert table.read_text("utf-8").startswith("id,speaker,source,")


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_named_and_the_rest_is_scored(
    run: Run, model: str, articles: Path, tmp_path: Path, kind: str
) -> None:
    name, content, reason = BAD_FILES[kind]
    (articles / name).write_bytes(content)
    out = tmp_path / "out.jsonl"
    code, said = run("score", articles, "--model", model, "--out", out)
    assert code == 1
    first, summary = said.splitlines()
    assert first.startswith(f"not scored: {articles / name}")
    assert reason in first
    assert "2 articles scored" in summary
    assert summary.endswith(f", 1 not scored: see {tmp_path / 'out.errors.jsonl'}")
    assert ids(out) == ["a.txt", "z.txt"]


def test_a_missing_path_is_named_and_the_rest_is_scored(
    run: Run, model: str, articles: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    code, said = run("score", tmp_path / "gone", articles, "--model", model, "--out", out)
    assert code == 1
    assert f"not scored: {tmp_path / 'gone'}: no such file or directory; check the path" in said
    assert ids(out) == ["a.txt", "z.txt"]


def test_a_row_without_text_is_named_by_its_line(run: Run, model: str, tmp_path: Path) -> None:
    rows, out = tmp_path / "rows.jsonl", tmp_path / "out.jsonl"
    rows.write_text(
        '{"id": "one", "text": "Ana said no."}\n{"id": "two"}\n{"id": "three", "text": "Yes."}\n'
    )
    code, said = run("score", rows, "--model", model, "--out", out)
    assert code == 1
    assert f"not scored: {rows}:2: " in said
    assert ids(out) == ["one", "three"]


def test_the_columns_of_rows_may_be_named(run: Run, model: str, tmp_path: Path) -> None:
    rows, out = tmp_path / "rows.csv", tmp_path / "out.jsonl"
    rows.write_text("nr,body\n7,Ana said no.\n")
    options = ["--text-column", "body", "--id-column", "nr"]
    code, _ = run("score", rows, "--model", model, "--out", out, *options)
    assert code == 0
    assert ids(out) == ["7"]


# --- articles that are odd but fine: exit code 0 --------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace(". ", ".\r\n\r\n").replace("\n", "\r\n"),
        TEXT.strip() * 40,
        "\ufeff" + TEXT,
        "no" * 5000,
        "…",
    ],
    ids=["CRLF", "one line", "byte order mark", "one word", "no word"],
)
def test_an_odd_article_is_scored_with_exact_offsets(
    run: Run, model: str, tmp_path: Path, text: str
) -> None:
    path, out = tmp_path / "odd.txt", tmp_path / "out.jsonl"
    path.write_bytes(text.encode())
    code, _ = run("score", path, "--model", model, "--out", out)
    assert code == 0
    text = text.removeprefix("\ufeff")
    [record] = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    for statement in record["statements"]:
        for span in [statement["source"], statement["cue"], *statement["content"]]:
            assert span is None or text[span["start"] : span["end"]] == span["text"]
    covered = "".join(text[s["start"] : s["end"]] for s in record["sentences"])
    assert "".join(covered.split()) == "".join(text.split())


def test_an_article_of_two_million_characters_is_scored(
    run: Run, scripted: Path, articles: Path, tmp_path: Path
) -> None:
    # with scripted models: those that ship need minutes for what they read of it
    out = tmp_path / "out.jsonl"
    filler = "The council met again on the matter of the canal. " * 6
    paragraph = f"{TEXT}{filler}{TEXT.strip() * 2} {filler}\n\n"
    long = paragraph * (2_000_000 // len(paragraph) + 1)
    (articles / "long.txt").write_text(long, encoding="utf-8", newline="")
    begun = time.perf_counter()
    code, _ = run("score", articles, "--model", scripted, "--out", out)
    assert time.perf_counter() - begun < 60
    assert code == 0
    assert ids(out) == ["a.txt", "long.txt", "z.txt"]
    found = list(read_scores(out))[1].statements
    assert len(found) == 2 * long.count("Ana")
    assert found[-1].content[0].end > 2_000_000 - len(paragraph)


# --- nothing can be scored: exit code 2 -----------------------------------------------------


@pytest.mark.parametrize("task", ["attribution", "intent"])
def test_one_model_where_two_are_needed(
    run: Run, scripted: Path, articles: Path, task: str
) -> None:
    code, said = run("score", articles, "--model", scripted / task)
    missing = "intent" if task == "attribution" else "attribution"
    assert code == 2
    assert said.startswith(f"avowal: {scripted / task} holds no model for {missing}: give a folder")
    assert len(said.splitlines()) == 1


def test_a_folder_that_is_no_model(run: Run, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    code, said = run("score", articles, "--model", articles, "--out", out)
    assert code == 2
    assert said == f"avowal: {articles} is not an avowal model and holds none\n"
    assert not out.exists()


def test_a_name_that_is_no_model(run: Run, articles: Path) -> None:
    code, said = run("score", articles, "--model", "enormous")
    assert code == 2
    assert said.startswith("avowal: no model 'enormous'")


def test_a_model_of_another_making(run: Run, scripted: Path, articles: Path) -> None:
    (scripted / "intent" / "config.json").write_text('{"id2label": {"0": "POS", "1": "NEG"}}')
    code, said = run("score", articles, "--model", scripted)
    assert code == 2
    assert "does not begin its labels with threat, sanction" in said


def test_an_output_that_cannot_be_written(run: Run, scripted: Path, articles: Path) -> None:
    for option, value, reason in (
        ("--out", articles / "gone" / "out.jsonl", "does not exist"),
        ("--out", articles.parent, "irectory"),
        ("--out", articles / "out.jsonl", "would be read as an article"),
        ("--table", articles.parent / "table.xlsx", "must end in .csv or .parquet"),
    ):
        code, said = run("score", articles, "--model", scripted, option, value)
        assert code == 2
        assert reason in said
        assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [["score"], ["score", "x", "--colour", "red"], ["shout"], ["score", "--threads", "x"]],
)
def test_a_usage_error(run: Run, arguments: list[str]) -> None:
    code, said = run(*arguments)
    assert code == 2
    assert "Usage:" in said


def test_an_unknown_device(run: Run, articles: Path, shipped: None) -> None:
    code, said = run("score", articles, "--device", "tpu")
    assert code == 2
    assert said == "avowal: device 'tpu' is not one of auto, cpu, cuda\n"


def test_a_config_with_an_unknown_field(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    config = tmp_path / "mine.yaml"
    config.write_text(f"task: attribution\noutput_dir: {tmp_path / 'run'}\nlearning_rat: 0.1\n")
    code, said = run("train", config)
    assert code == 2
    last = said.splitlines()[-1]
    assert last == (
        f"avowal: {config}: unknown field 'learning_rat'; did you mean 'learning_rate'?"
    )
    assert not (tmp_path / "run").exists()


def test_a_missing_config(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    code, said = run("train", tmp_path / "gone.yaml")
    assert code == 2
    assert said.splitlines()[-1].startswith("avowal: no config file at ")


def test_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    shown = capsys.readouterr().out
    for command in ("score", "convert", "annotate", "serve", "train", "evaluate", "export"):
        assert command in shown
