"""Parts and slices of large files over HTTP, alike at both doors; the verbs are each door's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whistle.web import body
from whistle.web.errors import Problem

PART = 1_048_576
HEADER, ITEM = "whistle-part", "whistle-item"
OCTETS = "application/octet-stream"


async def taken(request: Request, keep: Callable[[bytes], Awaitable[bool]]) -> Response:
    """PUT /api/parts: 201 once the part is on disk, 200 for the very same again."""
    if request.headers.get("content-type") != OCTETS:
        raise Problem("malformed")
    fresh = await keep(await body.read(request, PART))
    return JSONResponse({}, 201 if fresh else 200)


def named(request: Request) -> str:
    return request.headers.get(HEADER, "")


def item_of(request: Request) -> str:
    return request.headers.get(ITEM, "")


def hashes(slices: list[Any]) -> Response:
    """GET /api/slices: the hashes of all slices, 32 bytes each."""
    return _octets(b"".join(each.hash for each in slices))


def piece(data: bytes, first: int, length: int) -> Response:
    """GET /api/item: 206 with the bytes asked for."""
    answer = _octets(data, 206)
    answer.headers["Content-Range"] = f"bytes {first}-{first + len(data) - 1}/{length}"
    return answer


def _octets(data: bytes, status: int = 200) -> Response:
    return Response(data, status, {"Cache-Control": "no-store"}, OCTETS)
