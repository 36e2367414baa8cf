"""Large files of a case, which is named in a header: parts in, slices out."""

from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whistle import uploads
from whistle.casework import files
from whistle.review.door import door_of, who_of
from whistle.web import parts


async def put(request: Request) -> Response:
    """PUT /api/parts, the part named in Whistle-Part as pid.index.n.length."""
    door, who = door_of(request), await who_of(request)
    case, name = _case(request), parts.named(request)
    return await parts.taken(request, lambda data: files.put(door.casework, who, case, name, data, door.clock()))


async def have(request: Request) -> Response:
    """GET /api/parts, the place named in Whistle-Part as pid.index: {"len", "have": [[from, to], …]}."""
    door, who = door_of(request), await who_of(request)
    return JSONResponse(await files.have(door.casework, who, _case(request), parts.named(request)))


async def drop(request: Request) -> Response:
    """DELETE /api/parts: what was not posted is taken back."""
    door, who = door_of(request), await who_of(request)
    await files.drop(door.casework, who, _case(request), parts.named(request))
    return JSONResponse({})


async def slices(request: Request) -> Response:
    """GET /api/slices of the item named in Whistle-Item."""
    door, who = door_of(request), await who_of(request)
    return parts.hashes(await files.slices(door.casework, who, _case(request), parts.item_of(request)))


async def item(request: Request) -> Response:
    """GET /api/item with a Range of at most four slices."""
    door, who = door_of(request), await who_of(request)
    find = partial(files.slices, door.casework, who, _case(request), parts.item_of(request))
    return parts.piece(*await uploads.piece(door.casework.uploads, find, request.headers.get("range", "")))


def _case(request: Request) -> str:
    return request.headers.get("whistle-case", "")
