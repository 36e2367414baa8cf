"""Where the reviewer himself is told that there is something to look at."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whistle.notices import own
from whistle.review.door import door_of, who_of
from whistle.web import body
from whistle.web.errors import Problem


async def listed(request: Request) -> Response:
    """GET /api/destinations: his own."""
    door, who = door_of(request), await who_of(request)
    return JSONResponse(await own.listed(door.casework.docket.db, door.notifier, who))


async def add(request: Request) -> Response:
    """POST /api/destinations {"kind", "address", "secret", "label"}: one more."""
    door, who = door_of(request), await who_of(request)
    names = ("kind", "address", "secret", "label")
    said = dict(zip(names, await body.texts(request, *names), strict=True))
    return JSONResponse({"id": await own.add(door.casework.docket.db, door.notifier, who, said, door.clock())}, 201)


async def switch(request: Request) -> Response:
    """POST /api/destinations/urgent {"id", "urgent"}: whether urgent messages go there too."""
    door, who = door_of(request), await who_of(request)
    id_, urgent = await body.fields(request, "id", "urgent")
    if not isinstance(id_, str) or not isinstance(urgent, bool):
        raise Problem("malformed")
    await own.switch(door.casework.docket.db, who, id_, urgent=urgent)
    return JSONResponse({})


async def try_out(request: Request) -> Response:
    """POST /api/destinations/test {"id"}: a test message is queued."""
    door, who = door_of(request), await who_of(request)
    (id_,) = await body.texts(request, "id")
    await own.try_out(door.casework.docket.db, who, id_, door.clock())
    return JSONResponse({})


async def remove(request: Request) -> Response:
    """POST /api/destinations/remove {"id"}: with what waits for it."""
    door, who = door_of(request), await who_of(request)
    (id_,) = await body.texts(request, "id")
    await own.remove(door.casework.docket.db, who, id_)
    return JSONResponse({})
