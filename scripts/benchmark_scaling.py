"""Time and peak memory of `avowal score` from one article to a hundred thousand.

    python scripts/benchmark_scaling.py [--counts 1,10,100,1000,10000,100000] [--sentences 1]

Articles are made by shuffling the sentences of the project's annotated passages: short ones, so
that a hundred thousand are scored in reasonable time. `--long 5000000` makes one article of so many
characters instead, after one of a quarter and one of half of that.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from avowal.data import load_annotated


def write_articles(path: Path, count: int, sentences: int, pool: list[str]) -> int:
    """Write `count` articles as JSONL; returns how many words they have."""
    order = random.Random(count)
    words = 0
    with path.open("w", encoding="utf-8") as handle:
        for number in range(count):
            text = " ".join(order.choices(pool, k=sentences))
            words += len(text.split())
            handle.write(json.dumps({"id": f"article-{number}", "text": text}) + "\n")
    return words


def write_long(path: Path, characters: int, pool: list[str]) -> int:
    """Write one article of about `characters`; returns how many words it has."""
    order = random.Random(characters)
    paragraphs: list[str] = []
    while characters > 0:
        paragraph = " ".join(order.choices(pool, k=5))
        paragraphs.append(paragraph)
        characters -= len(paragraph) + 2
    text = "\n\n".join(paragraphs)
    path.write_text(json.dumps({"id": "long", "text": text}) + "\n", encoding="utf-8")
    return len(text.split())


def score(path: Path, out: Path, threads: int) -> tuple[float, float, float]:
    """Seconds, seconds of processor, and peak MiB of a process that scores `path`."""
    command = [sys.executable, "-c", "from avowal.cli import main; main()", "score", str(path)]
    command += ["--out", str(out), "--device", "cpu", "--threads", str(threads)]
    begun = time.perf_counter()
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"avowal score ended with {process.returncode}")
    seconds = time.perf_counter() - begun
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--counts", default="1,10,100,1000,10000,100000")
    parser.add_argument("--sentences", type=int, default=1)
    parser.add_argument("--long", type=int)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()

    pool = [
        " ".join(article.text[s.start : s.end].split())
        for article in load_annotated("train")
        for s in article.sentences
    ]
    if arguments.long:
        sizes = [arguments.long // 4, arguments.long // 2, arguments.long]
    else:
        sizes = [int(count) for count in arguments.counts.split(",")]
    print(
        f"| {'characters' if arguments.long else 'articles'} | words | s | processor s | peak MiB |"
    )
    print("|---|---|---|---|---|")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path, out = Path(folder) / "articles.jsonl", Path(folder) / "scores.jsonl"
            if arguments.long:
                words = write_long(path, size, pool)
            else:
                words = write_articles(path, size, arguments.sentences, pool)
            seconds, processor, peak = score(path, out, arguments.threads)
            print(
                f"| {size} | {words} | {seconds:.1f} | {processor:.1f} | {peak:.0f} |", flush=True
            )


if __name__ == "__main__":
    main()
