"""The application: `POST /score`, `GET /health`, `GET /version`, OpenAPI, and the page at `/`."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI, HTTPException, Response

from avowal.inference.scorer import Scorer
from avowal.markup import legend, mark_up, palette
from avowal.serve.batching import BusyError, MicroBatcher
from avowal.serve.guard import LOOPBACK, Guard
from avowal.serve.problems import documented, handle_errors
from avowal.serve.schema import ArticleOut, Health, ScoreRequest, ScoreResponse, Version
from avowal.version import __version__

PAGE = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the server takes on.

    Attributes:
        max_bytes: the largest request body.
        timeout: seconds that a body may take to come, and then its scores.
        max_waiting: the most articles that wait or are in work.
        batch_size, batch_characters: the most articles and characters scored together.
    """

    max_bytes: int = 1_000_000
    timeout: float = 60.0
    max_waiting: int = 256
    batch_size: int = 16
    batch_characters: int = 50_000


def create_app(
    scorer: Scorer,
    *,
    model: str = "mini",
    limits: Limits | None = None,
    hosts: frozenset[str] | None = LOOPBACK,
) -> FastAPI:
    """The server as an ASGI application.

    Args:
        scorer: scores the articles; nothing else may use it meanwhile.
        model: the name that `/version` gives.
        limits: how much it takes on.
        hosts: names that a request's Host may have; None allows any.

    Example:
        >>> import avowal
        >>> app = create_app(avowal.load())  # doctest: +SKIP
    """
    limits = limits or Limits()
    batcher = MicroBatcher(
        scorer.score,
        batch_size=limits.batch_size,
        batch_characters=limits.batch_characters,
        max_waiting=limits.max_waiting,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with batcher:
            yield

    # FastAPI's own pages of documentation load their scripts from elsewhere.
    app = FastAPI(
        title="avowal",
        summary="Who said what in the news, and did they threaten or sanction anyone?",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(Guard, max_bytes=limits.max_bytes, timeout=limits.timeout, hosts=hosts)
    handle_errors(app)

    @app.post(
        "/score",
        responses=documented(
            _400="The body is not JSON.",
            _408="The body did not come in time.",
            _413="The body is too large.",
            _422="The body is not a request to score articles.",
            _503="Too many articles wait, or these were not scored in time.",
        ),
    )
    async def score(request: ScoreRequest) -> ScoreResponse:
        """Score one or many articles."""
        texts = [article.text for article in request.articles]
        try:
            scored = await batcher.score(texts, limits.timeout)
        except BusyError:
            raise HTTPException(
                503, "Too many articles wait: try again later.", {"Retry-After": "1"}
            ) from None
        except TimeoutError:
            detail = f"Not scored in {limits.timeout:g} seconds: send fewer articles, or later."
            raise HTTPException(503, detail, {"Retry-After": "10"}) from None
        html: list[str | None] = [None] * len(texts)
        if request.html:
            html = await asyncio.to_thread(
                lambda: [mark_up(a.text, a.statements, a.sentences) for a in scored]
            )
        return ScoreResponse(
            articles=[
                ArticleOut(
                    id=str(place) if asked.id is None else asked.id,
                    sentences=list(article.sentences),
                    statements=list(article.statements),
                    speakers=list(article.speakers),
                    html=marked,
                )
                for place, (asked, article, marked) in enumerate(
                    zip(request.articles, scored, html, strict=True)
                )
            ]
        )

    @app.get("/health")
    async def health() -> Health:
        """Whether the server answers; its models were loaded before it began to."""
        return Health(status="ok")

    @app.get("/version", name="version")
    async def versions() -> Version:
        """The release and the models that answer."""
        return Version(version=__version__, model=model)

    for path, (name, media_type) in PAGE.items():
        app.get(path, include_in_schema=False)(_file(name, media_type))
    return app


def _file(name: str, media_type: str) -> Callable[[], Response]:
    content = (files("avowal.serve") / "page" / name).read_bytes()
    if name == "page.css":
        content = palette().encode() + content
    elif name == "index.html":
        content = content.replace(b"$legend", legend().encode())

    def get() -> Response:
        return Response(content, media_type=media_type, headers={"Cache-Control": "no-cache"})

    return get


def run(
    load_scorer: Callable[[], Scorer], *, model: str, host: str, port: int, limits: Limits
) -> None:
    """Serve until interrupted, on `host` and `port`; the address is said on standard error.

    Args:
        port: 0 takes any that is free.

    Raises:
        OSError: where the address cannot be listened on; nothing is loaded then.
    """
    import uvicorn

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        raise OSError(f"cannot listen on {host} port {port}: {error.strerror}") from error
    with listening:
        app = create_app(
            load_scorer(),
            model=Path(model).name,
            limits=limits,
            hosts=LOOPBACK if host in {"127.0.0.1", "localhost", "::1"} else None,
        )
        shown = f"[{host}]" if family == socket.AF_INET6 else host
        print(f"avowal on http://{shown}:{listening.getsockname()[1]}", file=sys.stderr, flush=True)
        config = uvicorn.Config(app, server_header=False, log_level="warning")
        uvicorn.Server(config).run(sockets=[listening])
