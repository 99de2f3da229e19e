"""How long `avowal score` and `avowal.load().score` take to their first record, from the start.

python scripts/benchmark_start.py [ARTICLE] [--python PYTHON ...] [--rounds 5]

Each python is that of an environment with avowal; several are measured in turns. Times are the
least of all rounds.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ARTICLE = """\
The president of Ruritania, Anna Kovac, said on Monday that her government would impose sanctions
on Graustark unless it withdrew its troops. "We will not stand by," she told reporters in Strelsau.
The foreign minister, Peter Marsh, denied the claim. According to the ministry, no troops had
crossed the border.

"If they attack, we will respond with force," Kovac warned. Marsh said talks would go on in Geneva.
"""
FORMS = ("command", "library")
_COMMAND = "import sys; from avowal.cli import main; main(sys.argv[1:])"
_LIBRARY = (
    "import sys, pathlib, avowal\n"
    "[article] = avowal.load().score([pathlib.Path(sys.argv[1]).read_text('utf-8')])\n"
    "pathlib.Path(sys.argv[2]).write_text(repr(article.to_dict()))"
)


class Times(NamedTuple):
    """Seconds from the start of a process: to the first record, to its end, of processor."""

    record: float
    end: float
    processor: float


def measure(python: str, form: str, text: str) -> Times:
    """Run one form once in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        article, out = Path(folder) / "article.txt", Path(folder) / "out.jsonl"
        article.write_text(text, encoding="utf-8")
        arguments = {
            "command": [_COMMAND, "score", str(article), "--out", str(out)],
            "library": [_LIBRARY, str(article), str(out)],
        }[form]
        # as for anyone who did not switch off that compiled modules are kept
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        begun = time.perf_counter()
        process = subprocess.Popen(
            [python, "-c", *arguments], stderr=subprocess.DEVNULL, env=environment, cwd=folder
        )
        record = None
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            now = time.perf_counter() - begun
            if record is None and out.exists() and out.stat().st_size:
                record = now
            if pid:
                break
            time.sleep(0.002)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or record is None:
        raise SystemExit(f"{python}, {form}: exit code {process.returncode}")
    return Times(record, now, usage.ru_utime + usage.ru_stime)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("article", nargs="?", type=Path, help="By default one of 70 words.")
    parser.add_argument("--python", nargs="+", default=[sys.executable])
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()

    text = arguments.article.read_text("utf-8") if arguments.article else ARTICLE
    cases = [(python, form) for python in arguments.python for form in FORMS]
    runs: dict[tuple[str, str], list[Times]] = {case: [] for case in cases}
    # one round that does not count: compiled modules are written, files come into memory
    for counted in [False] + [True] * arguments.rounds:
        for case in cases:
            times = measure(*case, text)
            if counted:
                runs[case].append(times)
    print("first record   end   processor   (s, least of each)")
    for (python, form), found in runs.items():
        record, end, processor = map(min, zip(*found, strict=True))
        print(f"{record:12.2f} {end:5.2f} {processor:11.2f}   {form}, {python}")


if __name__ == "__main__":
    main()
