"""Request bodies: counted while they stream in, held in memory, never spooled to disk.

A piece that was handed on is let go before the next one is waited for: a body that stops half-way leaves nothing of it
in a variable that lives."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request

from whistle.web.errors import Problem


async def read(request: Request, most: int) -> bytes:
    """The whole body, or a Problem as soon as it is longer than `most` bytes."""
    body = bytearray()

    async def take(piece: bytes) -> None:
        body.extend(piece)

    if told_length(request) > most:
        raise Problem("too_large")
    await hand_on(request, most, take)
    return bytes(body)


def told_length(request: Request) -> int:
    """What the head says of the body's length, 0 when it says nothing. A Problem for what is no length."""
    told = request.headers.get("content-length", "0")
    if not re.fullmatch("[0-9]{1,18}", told, re.ASCII):
        raise Problem("too_large")
    return int(told)


async def hand_on(request: Request, most: int, take: Callable[[bytes], Awaitable[None]]) -> None:
    """Gives the body to `take` as it comes; a Problem as soon as it is longer than `most` bytes."""
    size, more = 0, True
    while more:
        came, more = await _one_piece(request, most - size, take)
        size += came


async def _one_piece(request: Request, most: int, take: Callable[[bytes], Awaitable[None]]) -> tuple[int, bool]:
    """A frame of its own: what it held goes with it. The piece's length, and whether more is to come."""
    message = await request.receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    piece: bytes = message.get("body", b"")
    if len(piece) > most:
        raise Problem("too_large")
    if piece:
        await take(piece)
    return len(piece), bool(message.get("more_body", False))


async def fields(request: Request, *names: str, most: int = 16_384) -> list[Any]:
    """The named fields of a JSON object that has exactly these; no text in it that no database would take."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Problem("malformed")
    try:
        value = json.loads(await read(request, most))
        said = json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate has no bytes
    except (ValueError, RecursionError):
        raise Problem("malformed") from None
    if not isinstance(value, dict) or set(value) != set(names) or b"\\u0000" in said:
        raise Problem("malformed")
    return [value[name] for name in names]


async def texts(request: Request, *names: str, most: int = 16_384) -> list[str]:
    """As ``fields``, and every one is a string."""
    values = await fields(request, *names, most=most)
    if not all(isinstance(value, str) for value in values):
        raise Problem("malformed")
    return values
