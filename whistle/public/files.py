"""A reporter's large files: parts in, slices out. The ticket is in a header only."""

from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whistle import evidence, uploads
from whistle.public.door import door_of
from whistle.web import parts


async def put(request: Request) -> Response:
    """PUT /api/parts, the part named in Whistle-Part as pid.index.n.length; on the first part also Whistle-Work."""
    door, shown, name = door_of(request), _ticket(request), parts.named(request)
    proof = request.headers.get("whistle-work", "")
    return await parts.taken(request, lambda data: evidence.put(door.intake, shown, name, data, proof, door.clock()))


async def have(request: Request) -> Response:
    """GET /api/parts, the place named in Whistle-Part as pid.index: {"len", "have": [[from, to], …]}."""
    return JSONResponse(await evidence.have(door_of(request).intake, _ticket(request), parts.named(request)))


async def drop(request: Request) -> Response:
    """DELETE /api/parts: what was not posted is taken back."""
    await evidence.drop(door_of(request).intake, _ticket(request), parts.named(request))
    return JSONResponse({})


async def slices(request: Request) -> Response:
    """GET /api/slices of the item named in Whistle-Item."""
    return parts.hashes(await evidence.slices(door_of(request).intake, _ticket(request), parts.item_of(request)))


async def item(request: Request) -> Response:
    """GET /api/item with a Range of at most four slices."""
    intake = door_of(request).intake
    find = partial(evidence.slices, intake, _ticket(request), parts.item_of(request))
    return parts.piece(*await uploads.piece(intake.uploads, find, request.headers.get("range", "")))


def _ticket(request: Request) -> str:
    return request.headers.get("authorization", "")
