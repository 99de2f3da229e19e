"""What naming the speakers adds to the time of scoring: processor seconds with and without.

python scripts/benchmark_speakers.py [PATH ...]
"""

from __future__ import annotations

import argparse
import time

import avowal
from avowal.data.documents import Document, read_documents
from avowal.inference.speakers import with_speakers


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("paths", nargs="*", default=["data/examples"])
    arguments = parser.parse_args()

    documents = [d for d in read_documents(arguments.paths) if isinstance(d, Document)]
    scorer = avowal.load(device="cpu", threads=1)
    scorer.score([documents[0].text[:400]])
    begun = time.process_time()
    scored = list(scorer.stream(documents))
    done = time.process_time()
    for article in scored:
        with_speakers(article, scorer.resolver)
    naming = time.process_time() - done
    total = done - begun
    words = sum(len(document.text.split()) for document in documents)
    print(
        f"{len(documents)} articles, {words} words: {total:.2f} s of processor, of it speakers "
        f"{naming:.2f} s: ratio {total / (total - naming):.3f}"
    )


if __name__ == "__main__":
    main()
