"""A server on loopback whose models follow a script, and a browser to look at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from scripted_models import scripted_scorer

pytest.importorskip("fastapi", reason="the server needs the extra serve")
pytest.importorskip("uvicorn", reason="the server needs the extra serve")
httpx = pytest.importorskip("httpx", reason="httpx is not installed")

from serve_support import SlowScorer, serving  # noqa: E402

from avowal import Scorer  # noqa: E402


@pytest.fixture(scope="session")
def scripted_models(tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    return scripted_scorer(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def address(scripted_models: Scorer) -> Iterator[str]:
    """A server with ordinary limits."""
    with serving(SlowScorer(scripted_models)) as found:
        yield found


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[Any]:
    with httpx.Client(base_url=address, timeout=60) as found:
        yield found
