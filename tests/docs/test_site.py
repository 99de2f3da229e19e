"""The documentation builds into a site, without a warning, that needs nothing from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest


def test_the_site_builds(repository: Path, tmp_path: Path) -> None:
    for package in ("sphinx", "furo", "myst_nb"):
        pytest.importorskip(package)
    # the notebooks run in a test of their own
    options = ["-q", "-W", "--keep-going", "-D", "nb_execution_mode=off"]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, str(repository / "docs"), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    start = (tmp_path / "guide" / "start.html").read_text("utf-8")
    assert "avowal report scores.jsonl" in re.sub("<[^>]+>", "", start)
    api = (tmp_path / "reference" / "api.html").read_text("utf-8")
    for name in ("avowal.load", "avowal.Statement", "avowal.report.write_report"):
        assert f'id="{name}"' in api
    cards = (tmp_path / "reference" / "models.html").read_text("utf-8")
    assert "attribution-mini" in cards
    assert "license: apache-2.0" not in cards
    loaded = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="(https?://[^"]+)"', start)
    assert loaded == []
