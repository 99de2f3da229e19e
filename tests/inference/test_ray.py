"""`avowal.inference.ray` on a local Ray with two workers, one of which is killed midway."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import avowal
from avowal.cli import main
from avowal.data.article_json import parse_article
from avowal.data.documents import read_documents
from avowal.inference import ray as ray_engine
from avowal.inference.engine import LocalEngine
from avowal.inference.ray import RayEngine, score_dataset

ray = pytest.importorskip("ray")
pytest.importorskip("ray.data")
pytestmark = pytest.mark.usefixtures("shipped", "cluster")

SENTENCES = (
    "“We will answer in kind,” Minister Ana Belu warned on Monday.",
    "The council of Port Idran met for an hour.",
    "Bo Tarn, the mayor, said the tariffs would stay until the harbour was open.",
    "A spokesman denied that aid had been suspended.",
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        # else its processes are put behind all others of a busy machine
        patch.setenv("RAY_worker_niceness", "0")
        ray.shutdown()  # another test may have left one running
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
        yield
        ray.shutdown()


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eighty short articles in two files, with two rows that cannot be scored."""
    folder = tmp_path_factory.mktemp("articles")
    for name in ("a.jsonl", "b.jsonl"):
        rows = [
            {"id": f"{name[0]}{number}", "text": " ".join(SENTENCES[number % 4 :]) + f" {number}."}
            for number in range(40)
        ]
        rows.insert(20, {"id": "no text"})
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (folder / name).write_text("\n".join(lines), encoding="utf-8")
    return folder


def scoring_processes() -> list[int]:
    """The actors that this test's Ray scores with."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            if b"_ScoreDocuments" in command and descends(int(folder.name), os.getpid()):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def descends(process: int, ancestor: int) -> bool:
    while process > 1:
        if process == ancestor:
            return True
        status = Path(f"/proc/{process}/stat").read_text()
        process = int(status.rpartition(")")[2].split()[1])
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="finds the workers in /proc")
def test_with_a_killed_worker_the_records_are_those_of_one_process(
    articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray_engine, "BATCH_SIZE", 8)
    local = LocalEngine(avowal.load(device="cpu"), read_documents([articles]))
    expected = [outcome for some in local.outcomes() for outcome in some]
    killed = 0
    found = []
    for outcomes in RayEngine([str(articles)], device="cpu", workers=2).outcomes():
        found += outcomes
        if not killed:
            [killed, *_] = scoring_processes()
            os.kill(killed, signal.SIGKILL)
    assert killed
    assert [o.line for o in found] == [o.line for o in expected]
    assert [o.error for o in found] == [o.error for o in expected]
    assert [o.digest for o in found] == [o.digest for o in expected]
    assert sum(o.error is not None for o in found) == 2


def test_the_command_goes_on_where_a_run_of_one_process_stopped(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, out = tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    score(articles, "--out", whole)
    score(articles / "a.jsonl", "--out", out)
    # as if that run had been stopped after the first file
    progress = tmp_path / "out.jsonl.run" / "progress.json"
    record: dict[str, Any] = json.loads(progress.read_text())
    progress.write_text(json.dumps({**record, "complete": False}))
    score(articles, "--out", out, "--engine", "ray", "--workers", "2")
    assert out.read_bytes() == whole.read_bytes()
    assert (tmp_path / "out.errors.jsonl").read_bytes() == (
        tmp_path / "whole.errors.jsonl"
    ).read_bytes()


def score(*arguments: object) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["score", "--device", "cpu", *(str(argument) for argument in arguments)])
    assert stopped.value.code == 1  # each file has a row without text


def test_a_data_set_is_scored_in_a_ray_program() -> None:
    rows = [{"nr": 7, "body": SENTENCES[0]}, {"nr": 8, "body": None}]
    scored = score_dataset(
        ray.data.from_items(rows), device="cpu", workers=1, text_column="body", id_column="nr"
    ).take_all()
    [expected] = avowal.load(device="cpu").score([SENTENCES[0]])
    good, bad = sorted(scored, key=lambda row: row["id"])
    assert good.pop("error") is None
    assert parse_article(good, with_text=False).statements == expected.statements
    assert (bad["id"], bad["error"]) == ("8", "'body' holds no text")


def test_standard_input_is_refused() -> None:
    with pytest.raises(ValueError, match="standard input cannot be read by several processes"):
        RayEngine(["-"])
