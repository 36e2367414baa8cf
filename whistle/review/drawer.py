"""What a reviewer keeps for himself in the office he works for: one sealed box, put whole."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whistle.casework import drawer
from whistle.review.door import door_of, who_of
from whistle.web import body

MOST = 131_072  # bytes of the request


async def opened(request: Request) -> Response:
    """GET /api/drawer: {"rev", "sealed"}, "" where he never kept anything."""
    door, who = door_of(request), await who_of(request)
    rev, sealed = await drawer.read(door.casework, who)
    return JSONResponse({"rev": rev, "sealed": sealed})


async def put(request: Request) -> Response:
    """POST /api/drawer {"rev", "sealed"}: in place of the box of that number, 0 for none. The new number."""
    door, who = door_of(request), await who_of(request)
    rev, sealed = await body.fields(request, "rev", "sealed", most=MOST)
    return JSONResponse({"rev": await drawer.put(door.casework, who, rev, sealed)})
