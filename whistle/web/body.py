"""Request bodies: counted while they stream in, held in memory, never spooled to disk."""

import json
from typing import Any

from starlette.requests import Request

from whistle.web.errors import Problem


async def read(request: Request, most: int) -> bytes:
    """The whole body, or a Problem as soon as it is longer than `most` bytes."""
    told = request.headers.get("content-length", "0")
    if not told.isdecimal() or int(told) > most:
        raise Problem("too_large")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Problem("too_large")
    return bytes(body)


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
