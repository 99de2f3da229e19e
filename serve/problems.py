"""Errors as RFC 9457 has them: one JSON form, ``application/problem+json``, for every status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from avowal.serve.headers import HEADERS

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """Why a request was not answered."""

    title: str = Field(description="The status in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong and what to do.")
    errors: list[str] = Field(default=[], description="The fields that are wrong, with reasons.")


def problem(
    status: int,
    detail: str,
    errors: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The response for an error; nothing that the client sent is repeated in it."""
    body = Problem(
        title=HTTPStatus(status).phrase, status=status, detail=detail, errors=list(errors)
    )
    return JSONResponse(body.model_dump(), status, headers, MEDIA_TYPE)


def documented(**statuses: str) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's ``responses`` for statuses, as ``documented(_413="The body is too large.")``."""
    content = {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}
    return {
        int(status.removeprefix("_")): {"description": why, "content": content}
        for status, why in statuses.items()
    }


def handle_errors(app: FastAPI) -> None:
    """Answer every error of `app` as a problem."""

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        found = [
            f"{'.'.join(map(str, e['loc'][1:])) or 'body'}: {e['msg']}" for e in error.errors()
        ]
        # A name in the path of a field is the client's own, and may be half a surrogate pair.
        safe = [line.encode("utf-8", "replace").decode("utf-8")[:300] for line in found[:20]]
        return problem(422, "The body is not a request to score articles.", safe)

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, str(error.detail), headers=error.headers)

    @app.exception_handler(Exception)
    async def _unforeseen(_: Request, error: Exception) -> JSONResponse:
        # this answer is made outside the middleware that gives all others the headers
        detail = "The server failed on this request; its log has the reason."
        return problem(500, detail, headers=HEADERS)
