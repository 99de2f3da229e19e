"""A server on loopback for tests, with a scorer that can be slow and fail."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import uvicorn

from avowal import Article, Scorer
from avowal.serve.app import Limits, create_app


class SlowScorer:
    """A scorer that takes `seconds` for a batch, and fails on a text that says so."""

    def __init__(self, scorer: Scorer, seconds: float = 0.0) -> None:
        self.batches: list[int] = []
        self.seconds = seconds
        self._scorer = scorer

    def score(self, texts: Sequence[str]) -> list[Article]:
        self.batches.append(len(texts))
        time.sleep(self.seconds)
        if any("FAIL" in text for text in texts):
            raise RuntimeError("told to fail")
        return self._scorer.score(texts)


@contextmanager
def serving(scorer: Any, **limits: Any) -> Iterator[str]:
    """The address of a server that runs meanwhile."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    app = create_app(scorer, model="scripted", limits=Limits(**limits))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        for _ in range(600):
            if server.started:
                break
            time.sleep(0.05)
        assert server.started
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()
