"""A stream of documents scored by several threads: read, scored and written at the same time.

The caller's thread reads documents and takes the results; threads score, a chunk of documents
each. Memory holds the chunks in work and one more, however many documents there are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from avowal.data.documents import Document, DocumentError
from avowal.data.records import Article
from avowal.inference.scorer import Scorer

CHUNK_ITEMS = 256
CHUNK_CHARACTERS = 50_000
WORKERS = 2


class Chunk(NamedTuple):
    """Some documents as they were read, and for each the article or why there is none."""

    items: Sequence[Document | DocumentError]
    scored: Sequence[Article | DocumentError]


def score_documents(
    scorer: Scorer, items: Iterable[Document | DocumentError], workers: int = WORKERS
) -> Iterator[Chunk]:
    """Score documents in chunks, in their order; a document that breaks the scorer is an error.

    A chunk ends with the document that brings it to `CHUNK_CHARACTERS`, or at `CHUNK_ITEMS`, so
    what is scored together depends on the documents alone.

    Args:
        workers: threads that score. Two keep a processor busy: while one is in Python, the other's
            model runs.
    """
    pool = ThreadPoolExecutor(workers, thread_name_prefix="avowal-score")
    waiting: deque[Future[Chunk]] = deque()
    try:
        for chunk in chunks(items):
            waiting.append(pool.submit(score_chunk, scorer, chunk))
            while waiting and (waiting[0].done() or len(waiting) > workers):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        # where the caller stops early, or is interrupted: wait for no more than what is running
        pool.shutdown(wait=False, cancel_futures=True)


def chunks(
    items: Iterable[Document | DocumentError],
) -> Iterator[list[Document | DocumentError]]:
    """Documents in chunks of no more than `CHUNK_ITEMS`, of `CHUNK_CHARACTERS` and one more."""
    chunk: list[Document | DocumentError] = []
    held = 0
    for item in items:
        chunk.append(item)
        held += len(item.text) if isinstance(item, Document) else 0
        if held >= CHUNK_CHARACTERS or len(chunk) >= CHUNK_ITEMS:
            yield chunk
            chunk, held = [], 0
    if chunk:
        yield chunk


def score_chunk(scorer: Scorer, items: Sequence[Document | DocumentError]) -> Chunk:
    """Score documents together, or one by one where that fails; errors stay errors."""
    documents = [item for item in items if isinstance(item, Document)]
    scored: Iterator[Article | DocumentError]
    try:
        scored = iter(_together(scorer, documents))
    except Exception:  # whatever one of them makes a model or a rule stumble over
        scored = (_alone(scorer, document) for document in documents)
    return Chunk(items, [next(scored) if isinstance(item, Document) else item for item in items])


def _together(scorer: Scorer, documents: Sequence[Document]) -> list[Article]:
    everything = sum(len(document.text) for document in documents) + 1
    return list(
        scorer.stream(documents, batch_size=len(documents) + 1, batch_characters=everything)
    )


def _alone(scorer: Scorer, document: Document) -> Article | DocumentError:
    try:
        [article] = _together(scorer, [document])
        return article
    except Exception as error:
        reason = f"scoring failed ({type(error).__name__}: {error}); please report it"
        return DocumentError(document.path or document.id, reason)
