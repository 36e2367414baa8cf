"""The audit: for the auditor by person, case and day; for leader and auditor who opened a case."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whistle.casework import auditing
from whistle.review.door import door_of, who_of


async def page(request: Request) -> Response:
    """GET /api/audit?person=&day=&before=, a case in the header: a page of entries, the newest first."""
    door, who, asked = door_of(request), await who_of(request), request.query_params
    told = {name: asked.get(name, "") for name in ("person", "day", "before")}
    case = request.headers.get("whistle-case", "")
    return JSONResponse(await auditing.page(door.casework, who, case=case, **told))


async def openings(request: Request) -> Response:
    """GET /api/openings?before=, the case in a header: who opened it, a page, the newest first."""
    door, who, before = door_of(request), await who_of(request), request.query_params.get("before", "")
    return JSONResponse(await auditing.openings(door.casework, who, request.headers.get("whistle-case", ""), before))
