"""What a reviewer's client checks by: directories, channels, the roster, packs, the calendar, the table; and what it
needs for official papers."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whistle.casework import papers as official
from whistle.casework import reading
from whistle.review.door import door_of, who_of
from whistle.web import body
from whistle.web.errors import Problem

_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


async def directory(request: Request) -> Response:
    """GET /api/directory: every directory from number 0, each with the root's signature."""
    return JSONResponse({"directories": await door_of(request).register.published()})


async def channel(request: Request) -> Response:
    """GET /api/channels/{hash}: a channel's bytes, named by their hash."""
    found = await door_of(request).register.channel(request.path_params["hash"])
    if found is None:
        raise Problem("not_found")
    return Response(found, media_type="application/json", headers=_FOREVER)


async def roster(request: Request) -> Response:
    """GET /api/roster: names and titles, for staff only."""
    await who_of(request)
    return JSONResponse(await reading.roster(door_of(request).casework))


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


async def letterhead(request: Request) -> Response:
    """GET /api/letterhead: the office as its papers name it, and its code 机关代字 before their numbers."""
    door = door_of(request)
    await who_of(request)
    return JSONResponse({"office": door.office, "agency": door.agency})


async def number(request: Request) -> Response:
    """POST /api/paper-number {"kind", "year"}, the case in a header: the number of its paper of this kind."""
    door, who = door_of(request), await who_of(request)
    kind, year = await body.fields(request, "kind", "year")
    if type(year) is not int or not isinstance(kind, str):
        raise Problem("malformed")
    named = request.headers.get("whistle-case", "")
    drawn, fresh = await official.number(door.casework, who, named, kind, year, door.clock())
    return JSONResponse({"number": drawn}, 201 if fresh else 200)
