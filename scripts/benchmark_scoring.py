"""Words a second of the shipped pipeline, its load time and its peak memory.

    python scripts/benchmark_scoring.py [--repeat 5] [--threads 2] [PATH ...]

The articles are scored `--repeat` times over, in an order of their own each time.
"""

from __future__ import annotations

import argparse
import random
import resource
import time

import avowal
from avowal.data.documents import Document, read_documents


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("paths", nargs="*", default=["data/examples"])
    parser.add_argument("--model", default="mini")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--threads", type=int)
    arguments = parser.parse_args()

    documents = [d for d in read_documents(arguments.paths) if isinstance(d, Document)]
    order = random.Random(0)
    repeated = [d for _ in range(arguments.repeat) for d in order.sample(documents, len(documents))]
    words = sum(len(document.text.split()) for document in repeated)

    begun = time.perf_counter()
    scorer = avowal.load(arguments.model, device="cpu", threads=arguments.threads)
    loaded = time.perf_counter()
    statements = sum(len(article.statements) for article in scorer.stream(repeated))
    seconds = time.perf_counter() - loaded
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"load {loaded - begun:.2f} s, peak memory {memory:.0f} MiB")
    print(
        f"{len(repeated)} articles, {words} words, {statements} statements in {seconds:.1f} s: "
        f"{words / seconds:.0f} words/s, {len(repeated) / seconds:.2f} articles/s"
    )


if __name__ == "__main__":
    main()
