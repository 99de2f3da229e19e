"""Where the time of scoring goes, stage by stage, on one thread.

python scripts/profile_scoring.py [PATH ...]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import avowal
from avowal.data.documents import Document, read_documents
from avowal.inference.pipeline import chunks, score_chunk
from avowal.inference.run_folder import Outcome

STAGES = {
    "sentences": "avowal.inference.scorer.split_sentences",
    "tokens (attribution)": "avowal.inference.attribution.tokenize",
    "tokens (second opinion)": "avowal.inference.intent.tokenize",
    "attribution: reading": "avowal.inference.joint.JointModel.tag",
    "attribution: owners": "avowal.inference.joint.JointModel.own",
    "attribution: choosing": "avowal.inference.attribution.Attributor.choose",
    "attribution: quotations": "avowal.inference.attribution.statements_of",
    "intent": "avowal.inference.joint.JointIntent.logits",
    "intent: second opinion": "avowal.inference.intent.IntentModel.of_chosen",
    "speakers": "avowal.inference.resolve.SpeakerResolver.resolve",
    "lines of the output": "avowal.inference.run_folder.json_line",
    "joint encoder alone (in reading)": "avowal.inference.joint_runtime.OnnxJointRuntime.encode",
}


def timed(function: Callable[..., Any], stage: str, seconds: Counter[str]) -> Callable[..., Any]:
    """`function`, with the time it takes added up; a method stays one."""

    def call(*arguments: Any, **named: Any) -> Any:
        begun = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            seconds[stage] += time.perf_counter() - begun

    return call


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("paths", nargs="*", default=["data/examples"])
    arguments = parser.parse_args()
    documents = [d for d in read_documents(arguments.paths) if isinstance(d, Document)]
    scorer = avowal.load(device="cpu", threads=1)
    list(scorer.stream(documents[:1]))

    seconds: Counter[str] = Counter()
    with ExitStack() as stack:
        for stage, place in STAGES.items():
            patcher = patch(place)
            original = patcher.get_original()[0]
            stack.enter_context(patch(place, timed(original, stage, seconds)))
        begun = time.perf_counter()
        for items in chunks(documents):
            for pair in zip(*score_chunk(scorer, items), strict=True):
                Outcome.of(*pair)
        total = time.perf_counter() - begun
    print(f"{len(documents)} articles in {total:.1f} s on one thread\n")
    print("| stage | s | share |\n|---|---|---|")
    for stage in STAGES:
        print(f"| {stage} | {seconds[stage]:.2f} | {100 * seconds[stage] / total:.0f} % |")


if __name__ == "__main__":
    main()
