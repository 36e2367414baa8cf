"""Official papers: what stands above them, and their numbers."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whistle.casework import papers
from whistle.review.door import door_of, who_of
from whistle.web import body
from whistle.web.errors import Problem


async def letterhead(request: Request) -> Response:
    """GET /api/letterhead: the office as its papers name it, and its code 机关代字 before their numbers."""
    door = door_of(request)
    await who_of(request)
    office, agency = await door.letterhead()
    return JSONResponse({"office": office, "agency": agency})


async def number(request: Request) -> Response:
    """POST /api/paper-number {"kind", "year"}, the case in a header: the number of its paper of this kind."""
    door, who = door_of(request), await who_of(request)
    kind, year = await body.fields(request, "kind", "year")
    if type(year) is not int or not isinstance(kind, str):
        raise Problem("malformed")
    named = request.headers.get("whistle-case", "")
    drawn, fresh = await papers.number(door.casework, who, named, kind, year, door.clock())
    return JSONResponse({"number": drawn}, 201 if fresh else 200)
