"""What stands before the application: limits of size and time, the host, and security headers."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from avowal.serve.headers import HEADERS
from avowal.serve.problems import problem

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})

# A client that is cut off while it sends does not read why, so as much as this is heard out.
_HEARD_OUT = 16


class Guard:
    """ASGI middleware that reads a request's whole body within limits before the application.

    Args:
        max_bytes: the largest body; a larger one is answered with 413.
        timeout: seconds in which a body must have come; else the answer is 408.
        hosts: names that the Host header may have, without port, else the answer is 421. None
            allows any. On loopback it keeps out web pages whose own name was pointed there.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_bytes: int,
        timeout: float,
        hosts: frozenset[str] | None,
    ) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._timeout = timeout
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        host = _without_port(Headers(scope=scope).get("host", ""))
        if self._hosts is not None and host not in self._hosts:
            answer = problem(421, "This server answers on this machine alone, as localhost.")
            await answer(scope, receive, send_with_headers)
            return
        try:
            async with asyncio.timeout(self._timeout):
                body = await self._read(receive)
        except TimeoutError:
            answer = problem(408, f"The body did not come within {self._timeout:g} seconds.")
            await answer(scope, receive, send_with_headers)
            return
        except ConnectionError:
            return
        if body is None:
            detail = f"The body is larger than {self._max_bytes:,} bytes: send fewer articles."
            await problem(413, detail)(scope, receive, send_with_headers)
            return
        left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return left.pop() if left else await receive()

        await self._app(scope, replay, send_with_headers)

    async def _read(self, receive: Receive) -> bytes | None:
        """The body, or None where it is too large."""
        pieces: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ConnectionError
            piece = message.get("body", b"")
            size += len(piece)
            if size <= self._max_bytes:
                pieces.append(piece)
            else:
                pieces.clear()
            if not message.get("more_body", False) or size > _HEARD_OUT * self._max_bytes:
                return b"".join(pieces) if size <= self._max_bytes else None


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()
