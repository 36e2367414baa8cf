"""The inbox, a case, a reviewer's post, what was read."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whistle.casework import acts, expired, listing, reading, searching, transcribing
from whistle.casework import overdue as late
from whistle.casework.looking import IDENTITY
from whistle.review.audited import also, counting
from whistle.review.door import door_of, who_of
from whistle.web import body
from whistle.web.errors import Problem

MOST = 4_194_304


async def inbox(request: Request) -> Response:
    """GET /api/inbox: one page of rows, filtered by what is public."""
    door, who = door_of(request), await who_of(request)
    return JSONResponse(await listing.inbox(door.casework, who, request.query_params, door.clock()))


async def overdue(request: Request) -> Response:
    """GET /api/overdue?after=&limit=: what is late or soon will be, page by page."""
    door, who = door_of(request), await who_of(request)
    asked = {name: request.query_params.get(name, "") for name in ("after", "limit")}
    return JSONResponse(await late.read(door.casework, who, door.clock(), **asked))


async def rate(request: Request) -> Response:
    """GET /api/rate: how many of the month's steps are late."""
    door, who = door_of(request), await who_of(request)
    return JSONResponse(await late.rate(door.casework, who, door.clock()))


async def case(request: Request) -> Response:
    """GET /api/case, the case named in a header: its posts, and the grants and items that are the reader's."""
    door, who = door_of(request), await who_of(request)
    named = request.headers.get("whistle-case", "")
    view = await reading.view(door.casework, who, named, door.clock())
    also(request, *([IDENTITY] if view.with_identity else []))
    return JSONResponse(view.told)


async def retention(request: Request) -> Response:
    """GET /api/retention?after=: of which cases something may be destroyed by now, page by page."""
    door, who = door_of(request), await who_of(request)
    return JSONResponse(await expired.read(door.casework, who, door.clock(), request.query_params.get("after", "")))


async def search(request: Request) -> Response:
    """GET /api/search?after=: the sealed words of the cases that he may open, page by page."""
    door, who = door_of(request), await who_of(request)
    found = await searching.read(door.casework, who, door.clock(), request.query_params.get("after", ""))
    counting(request, found.counted)
    return JSONResponse(found.told)


async def post(request: Request) -> Response:
    """POST /api/posts: a reviewer's signed act in, the receipt out."""
    door, who = door_of(request), await who_of(request)
    if request.headers.get("content-type") != "application/octet-stream":
        raise Problem("malformed")
    strand = request.headers.get("whistle-strand") == "yes"
    kept = await acts.post(door.casework, who, await body.read(request, MOST), door.clock(), strand=strand)
    return JSONResponse(kept.plain(), 201 if kept.fresh else 200)


async def transcribe(request: Request) -> Response:
    """POST /api/enter: 代录, a report that intake took down for a caller, the receipt out."""
    door, who = door_of(request), await who_of(request)
    if request.headers.get("content-type") != "application/octet-stream":
        raise Problem("malformed")
    kept = await transcribing.transcribe(door.casework, who, await body.read(request, MOST), door.clock())
    return JSONResponse(kept.plain(), 201 if kept.fresh else 200)


async def seen(request: Request) -> Response:
    """POST /api/seen {"case", "head"}: read up to there."""
    door, who = door_of(request), await who_of(request)
    named, head = await body.texts(request, "case", "head")
    await reading.seen(door.casework, who, named, head)
    return JSONResponse({})
