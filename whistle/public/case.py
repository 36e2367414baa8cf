"""A reporter and her case: a challenge for the next post, and what was said so far. The ticket is in a header only."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whistle import intake
from whistle.public.door import door_of


async def challenge(request: Request) -> Response:
    """GET /api/challenge?purpose=report|message|claim, with the ticket also the newest head's hash."""
    door = door_of(request)
    purpose = request.query_params.get("purpose", "")
    shown = request.headers.get("authorization", "")
    return JSONResponse(await intake.challenge(door.intake, purpose, shown, door.clock()))


async def view(request: Request) -> Response:
    """GET /api/case: the posts, grants and items that are the reporter's."""
    door = door_of(request)
    shown = request.headers.get("authorization", "")
    return JSONResponse(await intake.view(door.intake, shown, door.clock()))
