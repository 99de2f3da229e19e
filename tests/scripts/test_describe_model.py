"""`scripts/describe_model.py` on articles with and without labels."""

from __future__ import annotations

import runpy
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from avowal.data import load_annotated
from avowal.data.jsonl import write_article


def test_a_model_is_described(
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    one, other = load_annotated("dev")[:2]
    data = tmp_path / "two.jsonl"
    with data.open("w", encoding="utf-8") as handle:
        write_article(replace(one, meta={"register": "agency"}), handle)
        write_article(replace(other, meta={"register": "local"}, sentences=()), handle)
    script = repository / "scripts" / "describe_model.py"
    monkeypatch.setattr(sys, "argv", [str(script), "mini", str(data)])
    runpy.run_path(str(script), run_name="__main__")
    shown = capsys.readouterr().out
    [local] = [line for line in shown.splitlines() if line.startswith("| local |")]
    assert local.split(" | ")[1] == "1"
    assert local.endswith(f"of {len(other.statements)} | none | none |")
    assert f"of {len(one.statements)} |" in shown
    for name in ("statement", "threat", "sanction"):
        assert f"| {name}: probability | number | mean | right |" in shown
