"""`avowal.inference.batch`: a run over paths, with its outputs, messages and bad inputs."""

from __future__ import annotations

import csv
import json
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest
from scripted_models import scripted_scorer

from avowal.data.jsonl import read_scores
from avowal.inference import progress
from avowal.inference.batch import score_paths
from avowal.inference.scorer import Scorer

TEXT = "Ana warned of a strike. “No embargo,” Bo said.\r\n"
FIELDS = {
    "speaker": (str, type(None)),
    "speaker_mention": (dict, type(None)),
    "speaker_confidence": (float, type(None)),
    "source": (dict, type(None)),
    "cue": (dict, type(None)),
    "content": list,
    "quotation": str,
    "confidence": float,
    "threat": float,
    "sanction": float,
}


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    return scripted_scorer(tmp_path_factory.mktemp("models"))


@pytest.fixture
def run(scorer: Scorer) -> partial[bool]:
    return partial(score_paths, load_scorer=lambda: scorer)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(TEXT, encoding="utf-8", newline="")
    return folder


def test_the_output_keeps_its_contract(run: partial[bool], articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert run([str(articles)], out=out)
    lines = out.read_bytes().decode("utf-8").split("\n")
    assert lines.pop() == ""
    records = [json.loads(line) for line in lines]
    assert [record["id"] for record in records] == ["a.txt", "b.txt"]
    for record in records:
        assert list(record) == ["id", "sentences", "statements", "speakers"]
        for sentence in record["sentences"]:
            assert list(sentence) == ["start", "end", "threat", "sanction"]
        assert len(record["statements"]) == 2
        for statement in record["statements"]:
            assert list(statement) == list(FIELDS)
            for name, kinds in FIELDS.items():
                assert isinstance(statement[name], kinds)
            for span in [statement["source"], statement["cue"], *statement["content"]]:
                assert TEXT[span["start"] : span["end"]] == span["text"]
    assert [article.id for article in read_scores(out)] == ["a.txt", "b.txt"]


def test_the_table_has_a_row_a_statement(
    run: partial[bool], articles: Path, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    assert run([str(articles)], out=tmp_path / "out.jsonl", table=table)
    with table.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [(row["id"], row["source"], row["content"]) for row in rows] == [
        (name, *said)
        for name in ("a.txt", "b.txt")
        for said in (("Ana", "strike"), ("Bo", "No embargo"))
    ]


def test_without_an_output_file_statements_are_shown(
    run: partial[bool], articles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([str(articles)])
    shown = capsys.readouterr().out
    for words in ("a.txt", "b.txt", "Ana", "warned", "strike", "threat", "No embargo", "sanction"):
        assert words in shown


def test_one_bad_article_is_named_and_the_rest_is_scored(
    run: partial[bool],
    articles: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (articles / "aa.txt").write_bytes(b"")
    out = tmp_path / "out.jsonl"
    assert not run([str(articles)], out=out)
    assert [article.id for article in read_scores(out)] == ["a.txt", "b.txt"]
    said = capsys.readouterr().err
    assert f"not scored: {articles / 'aa.txt'}: the file is empty" in said
    assert said.splitlines()[-1].startswith("2 articles scored in ")
    assert said.splitlines()[-1].endswith(f", 1 not scored: see {tmp_path / 'out.errors.jsonl'}")


def test_without_a_terminal_progress_is_logged_now_and_then(
    run: partial[bool],
    articles: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "LOG_EVERY", -1.0)
    run([str(articles)], out=tmp_path / "out.jsonl")
    said = capsys.readouterr().err.splitlines()
    assert said[:2] == ["1 articles scored, last a.txt", "2 articles scored, last b.txt"]


# --- outputs that would do harm -------------------------------------------------------------


def test_an_input_is_not_overwritten(run: partial[bool], tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text": "Ana said no."}\n')
    with pytest.raises(ValueError, match="is an input too"):
        run([str(rows)], out=rows)
    assert rows.read_text() == '{"text": "Ana said no."}\n'


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "sub/out.jsonl"])
def test_an_output_that_would_be_read_as_an_article_is_refused(
    run: partial[bool], articles: Path, name: str
) -> None:
    (articles / "sub").mkdir()
    option = "table" if name.endswith("csv") else "out"
    with pytest.raises(ValueError, match="would be read as an article"):
        run([str(articles)], **{option: articles / name})
    assert not (articles / name).exists()


def test_two_outputs_in_one_file_are_refused(
    run: partial[bool], articles: Path, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="two outputs"):
        run([str(articles)], out=tmp_path / "x.csv", table=tmp_path / "x.csv")


def test_an_output_in_a_missing_folder_is_refused(
    run: partial[bool], articles: Path, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError, match="its folder"):
        run([str(articles)], out=tmp_path / "nowhere" / "out.jsonl")


def test_without_a_model_older_results_stay(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("older\n")

    def broken() -> NoReturn:
        raise FileNotFoundError("no model")

    with pytest.raises(FileNotFoundError, match="no model"):
        score_paths([str(articles)], load_scorer=broken, out=out)
    assert out.read_text() == "older\n"


def test_an_output_that_a_pattern_could_find_is_refused(
    run: partial[bool], articles: Path, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="would be read as an article"):
        run([str(articles / "*.txt")], out=articles / "out.jsonl")


def test_standard_output_takes_lines_alone(
    run: partial[bool], articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([str(articles)], out=Path("-"))
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [record["id"] for record in records] == ["a.txt", "b.txt"]
    for option in ("table", "errors"):
        with pytest.raises(ValueError, match="need an output on disk"):
            run([str(articles)], out=Path("-"), **{option: tmp_path / "x.csv"})


def test_an_output_in_parquet_holds_what_the_lines_hold(
    run: partial[bool], articles: Path, tmp_path: Path
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    assert run([str(articles)], out=tmp_path / "out.jsonl")
    assert run([str(articles)], out=tmp_path / "out.parquet")
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    rows = parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert rows == [json.loads(line) for line in lines]
    assert not (tmp_path / "out.parquet.run" / "scores.jsonl").exists()
