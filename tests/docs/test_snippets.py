"""Every snippet of the guide and the reference runs, page by page, in a folder of its own.

Blocks marked ``python`` and ``sh`` are run in order; ``console`` blocks may hold nothing but what
sets up an environment, which the tests have done already.
"""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sybil import Document, Example
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [DOCS / "index.md", *sorted((DOCS / "guide").glob("*.md"))]
PAGES += sorted((DOCS / "reference").glob("*.md"))
NEEDS = {
    "report": "chartkick",
    "spacy": "avowal.spacy_component",
    "rest": "avowal.serve",
    "ray": "ray",
    "train": "torch",
    "transformers": "torch",
}
SET_UP = re.compile(r"\$ (python3 -m venv|\. \.venv/bin/activate|pip install) ?.*")


@pytest.fixture
def shell(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Example], None]]:
    """Runs a shell block in a folder that looks like a clone, and ends what it left running."""
    for name in ("configs", "data", "models"):
        (tmp_path / name).symlink_to(repository / name)
    monkeypatch.chdir(tmp_path)
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    groups: list[int] = []

    def run(example: Example) -> None:
        with (tmp_path / "said.txt").open("w+") as said:
            process = subprocess.Popen(
                ["bash", "-euo", "pipefail", "-c", example.parsed],
                env=environment,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            groups.append(process.pid)
            code = process.wait(timeout=900)
            said.seek(0)
            assert code == 0, f"{example.parsed}\n{said.read()}"

    yield run
    for group in groups:
        try:
            os.killpg(group, signal.SIGTERM)
        except ProcessLookupError:
            continue


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_snippet_of_the_page_runs(
    page: Path, shell: Callable[[Example], None], shipped: None
) -> None:
    needed = NEEDS.get(page.stem)
    if needed and not available(needed):
        pytest.skip(f"{page.stem}.md needs {needed}")
    text = page.read_text("utf-8")
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        assert all(SET_UP.fullmatch(line) for line in block.splitlines())
    parsers = [PythonCodeBlockParser(), CodeBlockParser(language="sh", evaluator=shell)]
    examples = list(Document.parse(str(page), *parsers).examples())
    assert len(examples) == len(re.findall(r"```(?:python|sh)\n", text))
    for example in examples:
        example.evaluate()


def available(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
