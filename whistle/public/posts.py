"""POST /api/posts: a reporter's sealed post in, the door's signed receipt out."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whistle import intake
from whistle.public.door import door_of
from whistle.web import body
from whistle.web.errors import Problem

MOST = 4_194_304


async def submit(request: Request) -> Response:
    """201 with the receipt once the post is durable; 200 with the same receipt for the same head."""
    door = door_of(request)
    if request.headers.get("content-type") != "application/octet-stream":
        raise Problem("malformed")
    data = await body.read(request, MOST)
    proof = request.headers.get("whistle-work", "")
    shown = request.headers.get("authorization", "")
    kept = await intake.submit(door.intake, data, proof, shown, door.clock())
    return JSONResponse(kept.plain(), 201 if kept.fresh else 200)
