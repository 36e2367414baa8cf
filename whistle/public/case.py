"""A reporter and her case: a challenge for the next post, and what was said so far. The ticket is in a header only."""

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whistle import intake
from whistle.public.door import door_of
from whistle.web.errors import Problem


async def challenge(request: Request) -> Response:
    """GET /api/challenge; what for and for how many sealed bytes stand in headers, for a proxy logs addresses.

    Whistle-Purpose: report, message or claim; Whistle-Size: bytes of the post's items. With the ticket also the newest
    head's hash."""
    door = door_of(request)
    purpose, size = request.headers.get("whistle-purpose", ""), request.headers.get("whistle-size", "0")
    if not re.fullmatch("[0-9]{1,10}", size, re.ASCII):
        raise Problem("malformed")
    shown = request.headers.get("authorization", "")
    bits = await door.pace.ask(door.key.name(request))
    return JSONResponse(await intake.challenge(door.intake, purpose, int(size), shown, bits, door.clock()))


async def view(request: Request) -> Response:
    """GET /api/case: the posts, grants and items that are the reporter's."""
    door = door_of(request)
    shown = request.headers.get("authorization", "")
    return JSONResponse(await intake.view(door.intake, shown, door.clock()))
