"""Articles of many requests scored together, one batch at a time, with a bounded queue."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Self

from avowal.data.records import Article

Score = Callable[[Sequence[str]], list[Article]]


class BusyError(Exception):
    """As many articles wait as may; try again later."""


class _Job(NamedTuple):
    text: str
    result: asyncio.Future[Article]


class MicroBatcher:
    """Puts the articles that wait at the same time into one call of `score`.

    A scorer may be used from one thread at a time, so one thread of its own runs it. An article
    that fails is tried again alone: those of other requests in its batch are not lost with it.

    Args:
        score: scores texts, as `avowal.Scorer.score`.
        batch_size: the most articles scored together.
        batch_characters: the most characters scored together, unless one article has more.
        max_waiting: the most articles that may wait or be in work.
    """

    def __init__(
        self, score: Score, *, batch_size: int, batch_characters: int, max_waiting: int
    ) -> None:
        self._score = score
        self._batch_size = batch_size
        self._batch_characters = batch_characters
        self._max_waiting = max_waiting
        self._jobs: deque[_Job] = deque()
        self._held = 0
        self._arrived = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._thread = ThreadPoolExecutor(1, "avowal-score")
        self._worker = asyncio.create_task(self._work())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._worker.cancel()
        for job in self._jobs:
            job.result.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def score(self, texts: Sequence[str], timeout: float) -> list[Article]:
        """The articles of `texts`, in order.

        Raises:
            BusyError: where the queue has no room for them all.
            TimeoutError: where they are not scored in `timeout` seconds; those that still wait
                are then given up.
        """
        if self._held + len(texts) > self._max_waiting:
            raise BusyError
        loop = asyncio.get_running_loop()
        jobs = [_Job(text, loop.create_future()) for text in texts]
        self._held += len(jobs)
        self._jobs.extend(jobs)
        self._arrived.set()
        try:
            async with asyncio.timeout(timeout):
                return list(await asyncio.gather(*(job.result for job in jobs)))
        finally:
            for job in jobs:
                job.result.cancel()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._arrived.wait()
            batch = self._next_batch()
            alive = [job for job in batch if not job.result.done()]
            if alive:
                texts = [job.text for job in alive]
                results = await loop.run_in_executor(self._thread, self._score_apart, texts)
                for job, result in zip(alive, results, strict=True):
                    if job.result.done():
                        continue
                    if isinstance(result, Article):
                        job.result.set_result(result)
                    else:
                        job.result.set_exception(result)
            self._held -= len(batch)

    def _next_batch(self) -> list[_Job]:
        batch: list[_Job] = []
        characters = 0
        while self._jobs and len(batch) < self._batch_size:
            characters += len(self._jobs[0].text)
            if batch and characters > self._batch_characters:
                break
            batch.append(self._jobs.popleft())
        if not self._jobs:
            self._arrived.clear()
        return batch

    def _score_apart(self, texts: Sequence[str]) -> list[Article | Exception]:
        try:
            return list(self._score(texts))
        except Exception as error:
            if len(texts) == 1:
                return [error]
        return [result for text in texts for result in self._score_apart([text])]
