"""Batch runs that are killed, interrupted, repeated, or begun while another is writing."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import random
import time
from pathlib import Path
from typing import Any

import pytest
from scripted_models import scripted_scorer

from avowal.data.jsonl import read_scores
from avowal.inference import pipeline, run_folder
from avowal.inference.batch import score_paths
from avowal.inference.run_folder import RunError
from avowal.inference.scorer import Scorer

TEXT = "Ana warned of a strike. “No embargo,” Bo said.\n"
ARTICLES = 60


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    return scripted_scorer(tmp_path_factory.mktemp("models"))


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "CHUNK_ITEMS", 4)
    # a killed process leaves the disk's cache as it is; only a power cut needs what this waits for
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(ARTICLES):
        text = TEXT * (1 + number % 3) if number % 9 else ""
        (folder / f"{number:02}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def undisturbed(scorer: Scorer, articles: Path, tmp_path: Path) -> dict[str, bytes]:
    folder = tmp_path / "undisturbed"
    folder.mkdir()
    assert not score_paths(
        [str(articles)],
        load_scorer=lambda: scorer,
        out=folder / "out.jsonl",
        table=folder / "t.csv",
    )
    return written(folder)


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def score_slowly(scorer: Scorer, paths: list[str], out: Path, table: Path) -> None:
    """What a process does that is to be killed: score, with a pause before each write."""
    append = run_folder._append

    def slow(handle: Any, lines: list[str]) -> int:
        begun = append(handle, lines[:1])
        time.sleep(0.005)
        return begun + append(handle, lines[1:])

    run_folder._append = slow
    score_paths(paths, load_scorer=lambda: scorer, out=out, table=table)


def test_a_run_killed_at_twenty_moments_ends_as_if_undisturbed(
    scorer: Scorer, articles: Path, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    moments = random.Random(6)
    fork = multiprocessing.get_context("fork")
    halfway = 0
    for trial in range(20):
        folder = tmp_path / f"killed-{trial}"
        folder.mkdir()
        out, table = folder / "out.jsonl", folder / "t.csv"
        process = fork.Process(target=score_slowly, args=(scorer, [str(articles)], out, table))
        process.start()
        enough = moments.randrange(len(undisturbed["out.jsonl"]))
        while process.is_alive() and not (out.exists() and out.stat().st_size >= enough):
            time.sleep(0.001)
        time.sleep(moments.uniform(0, 0.02))
        process.kill()
        process.join()
        halfway += 0 < out.stat().st_size < len(undisturbed["out.jsonl"])
        score_paths([str(articles)], load_scorer=lambda: scorer, out=out, table=table)
        assert written(folder) == undisturbed
    assert halfway >= 10, "too few runs were killed between the first article and the last"


@pytest.mark.parametrize("in_place", [False, True])
@pytest.mark.parametrize("empty", [False, True])
def test_a_run_killed_while_its_table_is_put_in_place_goes_on(
    scorer: Scorer,
    articles: Path,
    tmp_path: Path,
    undisturbed: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    in_place: bool,
    empty: bool,
) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    out, table = folder / "out.jsonl", folder / "t.csv"
    if empty:
        table.touch()
    put = Path.replace

    def killed(self: Path, target: Path) -> Path:
        if target != table:
            return put(self, target)
        if in_place:
            put(self, target)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            score_paths([str(articles)], load_scorer=lambda: scorer, out=out, table=table)
    score_paths([str(articles)], load_scorer=lambda: scorer, out=out, table=table)
    assert written(folder) == undisturbed


@pytest.mark.parametrize("name", ["out.jsonl", "out.parquet"])
def test_an_interrupted_run_says_so_and_goes_on(
    scorer: Scorer,
    articles: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    pytest.importorskip("pyarrow")
    whole, out = tmp_path / f"whole-{name}", tmp_path / name
    score_paths([str(articles)], load_scorer=lambda: scorer, out=whole)
    write, calls = run_folder.RunFolder.write, []

    def interrupted(self: Any, *arguments: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        write(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(run_folder.RunFolder, "write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            score_paths([str(articles)], load_scorer=lambda: scorer, out=out)
    assert "interrupted: 7 articles scored so far; the same command goes on" in (
        capsys.readouterr().err
    )
    score_paths([str(articles)], load_scorer=lambda: scorer, out=out)
    assert out.read_bytes() == whole.read_bytes()


def test_a_full_disk_ends_the_run_cleanly(
    scorer: Scorer, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, out = tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    score_paths([str(articles)], load_scorer=lambda: scorer, out=whole)
    append, calls = run_folder._append, []

    def full(handle: Any, lines: list[str]) -> int:
        calls.append(1)
        if len(calls) == 6:
            handle.write(lines[0][:20].encode())
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return append(handle, lines)

    with monkeypatch.context() as patch:
        patch.setattr(run_folder, "_append", full)
        with pytest.raises(RunError, match=r"No space left.*the same command goes on"):
            score_paths([str(articles)], load_scorer=lambda: scorer, out=out)
    score_paths([str(articles)], load_scorer=lambda: scorer, out=out)
    assert out.read_bytes() == whole.read_bytes()


def test_output_appears_as_it_is_made(
    scorer: Scorer, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.jsonl"
    seen = []
    write = run_folder.RunFolder.write

    def watched(self: Any, *arguments: Any) -> None:
        write(self, *arguments)
        seen.append(len(list(read_scores(out))))

    monkeypatch.setattr(run_folder.RunFolder, "write", watched)
    score_paths([str(articles)], load_scorer=lambda: scorer, out=out)
    assert len(seen) == ARTICLES / 4
    assert seen == sorted(seen)
    assert seen[0] == 3


# --- runs that must not begin or go on ------------------------------------------------------


def begun(scorer: Scorer, articles: Path, out: Path, **options: Any) -> None:
    """A run that was interrupted after its first chunk."""
    patch = pytest.MonkeyPatch()
    write = run_folder.RunFolder.write

    def once(self: Any, *arguments: Any) -> None:
        if self.progress.items:
            raise KeyboardInterrupt
        write(self, *arguments)

    patch.setattr(run_folder.RunFolder, "write", once)
    with patch.context(), pytest.raises(KeyboardInterrupt):
        score_paths([str(articles)], load_scorer=lambda: scorer, out=out, **options)
    patch.undo()


@pytest.mark.parametrize("change", ["text", "name", "one more", "one less"])
def test_a_changed_input_is_refused(
    scorer: Scorer, articles: Path, tmp_path: Path, change: str
) -> None:
    out = tmp_path / "out.jsonl"
    begun(scorer, articles, out)
    before = out.read_bytes()
    if change == "text":
        (articles / "01.txt").write_text("Bo said yes.")
    elif change == "name":
        (articles / "01.txt").rename(articles / "01a.txt")
    elif change == "one more":
        (articles / "00a.txt").write_text("Bo said yes.")
    else:
        (articles / "02.txt").unlink()
    with pytest.raises(RunError, match=r"the input has changed.*begin anew with --overwrite"):
        score_paths([str(articles)], load_scorer=lambda: scorer, out=out)
    assert out.read_bytes() == before
    score_paths([str(articles)], load_scorer=lambda: scorer, out=out, overwrite=True)
    ids = [article.id for article in read_scores(out)]
    assert ids == sorted(path.name for path in articles.iterdir() if path.stat().st_size)


def test_a_changed_model_is_refused(scorer: Scorer, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    begun(scorer, articles, out, settings=lambda: {"the intent model": "abc"})
    with pytest.raises(RunError, match="begun with the intent model 'abc', and now it is 'def'"):
        score_paths(
            [str(articles)],
            load_scorer=lambda: scorer,
            out=out,
            settings=lambda: {"the intent model": "def"},
        )


def test_a_changed_output_is_refused(scorer: Scorer, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    begun(scorer, articles, out)
    out.write_bytes(out.read_bytes()[:-5])
    with pytest.raises(RunError, match=r"out.jsonl was changed: it has \d+ bytes"):
        score_paths([str(articles)], load_scorer=lambda: scorer, out=out)


@pytest.mark.parametrize("name", ["out.jsonl", "out.errors.jsonl", "t.csv"])
def test_files_of_someone_else_are_not_written_over(
    scorer: Scorer, articles: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("mine")
    options: dict[str, Any] = {"out": tmp_path / "out.jsonl", "table": tmp_path / "t.csv"}
    for _ in range(2):
        with pytest.raises(RunError, match=f"{name} exists"):
            score_paths([str(articles)], load_scorer=lambda: scorer, **options)
        assert (tmp_path / name).read_text() == "mine"
    assert not score_paths([str(articles)], load_scorer=lambda: scorer, overwrite=True, **options)
    assert b"mine" not in (tmp_path / name).read_bytes()


def test_a_second_run_on_an_output_is_refused(
    scorer: Scorer, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.jsonl"
    write, refused = run_folder.RunFolder.write, []

    def second(self: Any, *arguments: Any) -> None:
        if not refused:
            with pytest.raises(RunError, match="another run is writing to"):
                score_paths([str(articles)], load_scorer=lambda: scorer, out=out)
            with pytest.raises(RunError, match="another run is writing to"):
                score_paths([str(articles)], load_scorer=lambda: scorer, out=out, overwrite=True)
            refused.append(True)
        write(self, *arguments)

    monkeypatch.setattr(run_folder.RunFolder, "write", second)
    score_paths([str(articles)], load_scorer=lambda: scorer, out=out)
    assert refused
    assert len(list(read_scores(out))) == ARTICLES - 7


# --- runs that are complete -----------------------------------------------------------------


def test_a_complete_run_is_not_done_again(
    scorer: Scorer, articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    for _ in range(2):
        assert not score_paths([str(articles)], load_scorer=lambda: scorer, out=out)
        assert "53 articles scored in " in capsys.readouterr().err
    (articles / "99.txt").write_text("Bo said yes.")
    with pytest.raises(RunError, match="the input has grown"):
        score_paths([str(articles)], load_scorer=lambda: scorer, out=out)


def test_a_table_may_be_asked_for_afterwards(
    scorer: Scorer, articles: Path, tmp_path: Path, undisturbed: dict[str, bytes]
) -> None:
    out, table = tmp_path / "out.jsonl", tmp_path / "t.csv"
    score_paths([str(articles)], load_scorer=lambda: scorer, out=out)
    score_paths([str(articles)], load_scorer=lambda: scorer, out=out, table=table)
    assert table.read_bytes() == undisturbed["t.csv"]


# --- articles that are not scored -----------------------------------------------------------


def test_what_is_not_scored_is_in_the_errors_file(
    scorer: Scorer, articles: Path, tmp_path: Path
) -> None:
    named = tmp_path / "bad.jsonl"
    assert not score_paths(
        [str(articles)], load_scorer=lambda: scorer, out=tmp_path / "out.jsonl", errors=named
    )
    records = [json.loads(line) for line in named.read_text("utf-8").splitlines()]
    assert [record["path"] for record in records] == [
        str(articles / f"{number:02}.txt") for number in range(0, ARTICLES, 9)
    ]
    assert {record["reason"] for record in records} == {
        "the file is empty; remove it or give it a text"
    }


def test_without_a_failure_there_is_no_errors_file(scorer: Scorer, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    assert score_paths(
        [str(tmp_path / "a.txt")], load_scorer=lambda: scorer, out=tmp_path / "out.jsonl"
    )
    assert not (tmp_path / "out.errors.jsonl").exists()


def test_an_article_that_breaks_the_scorer_is_named_and_the_rest_is_scored(
    scorer: Scorer, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (articles / "07.txt").write_text("Bo said yes. BREAK")
    read = type(scorer.attributor).read

    def breaking(self: Any, texts: Any) -> Any:
        if any("BREAK" in text for text in texts):
            raise IndexError("list index out of range")
        return read(self, texts)

    monkeypatch.setattr(type(scorer.attributor), "read", breaking)
    out = tmp_path / "out.jsonl"
    assert not score_paths([str(articles)], load_scorer=lambda: scorer, out=out)
    assert len(list(read_scores(out))) == ARTICLES - 8
    records = [json.loads(line) for line in (tmp_path / "out.errors.jsonl").open()]
    assert {
        "path": str(articles / "07.txt"),
        "reason": "scoring failed (IndexError: list index out of range); please report it",
    } in records
