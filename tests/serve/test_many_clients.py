"""Fifty clients at once, for a few seconds; scripts/load_server.py runs for a minute."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from serve_support import SlowScorer, serving

from avowal import Scorer


def test_every_client_gets_its_own_answer(scripted_models: Scorer, repository: Path) -> None:
    with serving(SlowScorer(scripted_models, 0.02), max_waiting=40) as address:
        found = subprocess.run(
            [sys.executable, repository / "scripts" / "load_server.py", address, "--seconds", "3"],
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert found.returncode == 0, found.stdout + found.stderr
    assert "lost, mixed up or of another status than due: 0" in found.stdout
    for status in ("200", "503"):
        assert f" of {status}" in found.stdout
