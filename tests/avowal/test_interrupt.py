"""`avowal score` as a process of its own that gets a signal, with the models that ship."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from avowal.cli import main; main()", "score", "--device", "cpu"]
TEXT = "“We will answer in kind,” Minister Ana Belu warned. The council met again on Monday.\n"
ARTICLES = 3_000


def heed_interrupts() -> None:
    """A shell has its background jobs ignore them, and what they start inherits that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
@pytest.mark.usefixtures("shipped")
def test_interrupted_from_the_keyboard_it_ends_at_once_and_goes_on(tmp_path: Path) -> None:
    path, out = tmp_path / "articles.jsonl", tmp_path / "out.jsonl"
    rows = [json.dumps({"id": str(number), "text": TEXT}) for number in range(ARTICLES)]
    path.write_text("\n".join(rows), encoding="utf-8")
    command = [*COMMAND, str(path), "--out", str(out)]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, preexec_fn=heed_interrupts
    )
    while process.poll() is None and not (out.exists() and out.stat().st_size):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    [last] = said.splitlines()[-1:]
    assert last.startswith("interrupted: ")
    assert last.endswith("articles scored so far; the same command goes on from there")
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=True)
    assert f"{ARTICLES} articles scored in " in done.stderr
    ids = [json.loads(line)["id"] for line in out.open(encoding="utf-8")]
    assert ids == [str(number) for number in range(ARTICLES)]
