"""What a reviewer's client checks by: directories, channels, the roster, rule packs, the calendar, the table."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whistle.casework import reading
from whistle.review.door import door_of, session_of, who_of
from whistle.web.static import lasting, listing


async def directory(request: Request) -> Response:
    """GET /api/directory: every directory from number 0, each with the root's signature."""
    return listing(await door_of(request).published.document()).answer(request)


async def channel(request: Request) -> Response:
    """GET /api/channels/{hash}: a channel's bytes, named by their hash."""
    return lasting(await door_of(request).published.channel(request.path_params["hash"]))


async def enterprises(request: Request) -> Response:
    """GET /api/enterprises: the register as the public door serves it, for a report that is taken down; the same for
    every office."""
    await session_of(request)
    document = await door_of(request).published.enterprises()
    return (await run_in_threadpool(listing, document)).answer(request)


async def roster(request: Request) -> Response:
    """GET /api/roster: names and titles for an authority's staff, labels for that of an enterprise."""
    door, who = door_of(request), await session_of(request)
    return JSONResponse(await reading.roster(door.casework, await door.published.current(), who))


async def packs(request: Request) -> Response:
    """GET /api/packs: the rule packs, each in the bytes its hash is over."""
    door = door_of(request)
    await who_of(request)
    return JSONResponse({"packs": await reading.packs(door.casework, door.clock())})


async def calendar(request: Request) -> Response:
    """GET /api/calendar: the working-day tables that are loaded."""
    await who_of(request)
    return JSONResponse(reading.calendar_tables(door_of(request).casework))


async def workflow(request: Request) -> Response:
    """GET /workflow.json: the one table, as the public door serves it."""
    return Response(door_of(request).workflow, media_type="application/json")
