"""The zone's published documents: the directory chain, one channel at a time, the enterprises, and the one table."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from whistle.public.door import door_of
from whistle.web.static import lasting, listing

_ASK_AGAIN = {"Cache-Control": "no-cache"}


async def directory(request: Request) -> Response:
    """GET /api/directory: every directory from number 0, each with the root's signature."""
    return listing(await door_of(request).published.document()).answer(request)


async def channel(request: Request) -> Response:
    """GET /api/channels/{hash}: a channel's bytes, named by their hash."""
    return lasting(await door_of(request).published.channel(request.path_params["hash"]))


async def enterprises(request: Request) -> Response:
    """GET /api/enterprises: the whole register, searched where it is read: no request says whom it is about."""
    document = await door_of(request).published.enterprises()
    return (await run_in_threadpool(listing, document)).answer(request)


async def workflow(request: Request) -> Response:
    """GET /workflow.json: the table that the browser folds, the same bytes that the server folds."""
    return Response(door_of(request).workflow, media_type="application/json", headers=_ASK_AGAIN)
