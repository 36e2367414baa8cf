"""Errors as both doors answer them: a code, its status, facts that name nobody. The words are the page's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

STATUS: Mapping[str, int] = {
    "malformed": 400,
    "not_signed_in": 401,
    "origin": 403,
    "wrong_role": 403,
    "work": 403,
    "unknown_ticket": 404,
    "not_found": 404,
    "method": 405,
    "conflict": 409,
    "left": 410,
    "part_differs": 409,
    "stale_directory": 409,
    "expired_directory": 409,
    "too_large": 413,
    "refused": 422,
    "items_missing": 422,
    "enough_today": 422,
    "too_many": 429,
    "fault": 500,
    "busy": 503,
    "clock_doubt": 503,
    "unrecorded": 503,
    "no_room": 507,
}
_OF_STATUS = {404: "not_found", 405: "method", 413: "too_large", 429: "too_many"}

Handler = Callable[[Request, Exception], Awaitable[Response]]


class Problem(Exception):
    """What a handler refuses by itself, before any verb: a code of ``STATUS`` and its facts."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def problem(code: str, **facts: Any) -> JSONResponse:
    """The answer for a code: ``{"error": code, …facts}``."""
    return JSONResponse({"error": code, **facts}, STATUS[code], {"Cache-Control": "no-store"})


def handler(tell: Callable[[Any], tuple[str, Mapping[str, Any]]]) -> Handler:
    """An exception handler that asks `tell` for code and facts."""

    async def answer(request: Request, error: Exception) -> Response:
        code, facts = tell(error)
        return problem(code, **facts)

    return answer


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette calls it for nothing else
    return problem(_OF_STATUS.get(error.status_code, "malformed"))


# What nobody foresaw is `Faults`'s: a handler for Exception would answer outside the security headers.
HANDLERS: dict[Any, Handler] = {
    HTTPException: _http,
    Problem: handler(lambda error: (error.code, error.facts)),
}
