"""The zone's published documents: the directory chain, one channel at a time, and the one table."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whistle.public.door import door_of
from whistle.web.errors import Problem

_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_ASK_AGAIN = {"Cache-Control": "no-cache"}


async def directory(request: Request) -> Response:
    """GET /api/directory: every directory from number 0, each with the root's signature."""
    return JSONResponse({"directories": await door_of(request).register.published()}, headers=_ASK_AGAIN)


async def channel(request: Request) -> Response:
    """GET /api/channels/{hash}: a channel's bytes, named by their hash."""
    found = await door_of(request).register.channel(request.path_params["hash"])
    if found is None:
        raise Problem("not_found")
    return Response(found, media_type="application/json", headers=_FOREVER)


async def workflow(request: Request) -> Response:
    """GET /workflow.json: the table that the browser folds, the same bytes that the server folds."""
    return Response(door_of(request).workflow, media_type="application/json", headers=_ASK_AGAIN)
