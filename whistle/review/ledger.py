"""The ledger: rows and sums, what finance enters itself, and the files an auditor signs."""

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from whistle.casework import finance, statement
from whistle.crypto.encoding import unb64, utf8
from whistle.exports import Heading
from whistle.review.audited import unsent
from whistle.review.door import door_of, who_of
from whistle.web import body
from whistle.web.errors import Problem


async def account(request: Request) -> Response:
    """GET /api/ledger?year=&after=&limit=&order=no|newest: a page of blind rows; with the first the sums of the whole
    year, by source and month, and what waits."""
    door, who, asked = door_of(request), await who_of(request), request.query_params
    order = asked.get("order", "no")
    return JSONResponse(
        await finance.account(door.casework, who, _year(request), door.clock(), order=order, **_page(request))
    )


async def waiting(request: Request) -> Response:
    """GET /api/ledger/waiting?after=&limit=: the awards that wait for money this year, page by page."""
    return await _awaited(request, "waiting")


async def large(request: Request) -> Response:
    """GET /api/ledger/large?after=&limit=: those that wait for the finance department, page by page."""
    return await _awaited(request, "large")


async def papers(request: Request) -> Response:
    """GET /api/ledger/papers?after=&limit=: those that lack another paper, page by page."""
    return await _awaited(request, "papers")


async def _awaited(request: Request, what: str) -> Response:
    door, who = door_of(request), await who_of(request)
    return JSONResponse(await finance.awaited(door.casework, who, what, door.clock(), **_page(request)))


def _page(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "") for name in ("after", "limit")}


async def book(request: Request) -> Response:
    """POST /api/ledger/book {"booking", "sig"}: what finance enters itself, signed by its key."""
    door, who = door_of(request), await who_of(request)
    booking, sig = await body.texts(request, "booking", "sig")
    await finance.book(door.casework, who, utf8(booking), unb64(sig, 64), door.clock())
    return JSONResponse({}, 201)


async def awards(request: Request) -> Response:
    """GET /api/ledger/awards?year=&after=&limit=: the lines of the blind award ledger, page by page, for the register
    that a key completes."""
    door, who = door_of(request), await who_of(request)
    return JSONResponse(await statement.lines(door.casework, who, _year(request), **_page(request)))


TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8",
}


async def export(request: Request) -> Response:
    """GET /api/ledger/export?format=csv|xlsx|jsonl&year=: the award ledger as a file, its SHA-256 in a header."""
    door, who = door_of(request), await who_of(request)
    form, year = request.query_params.get("format", ""), _year(request)
    if form not in TYPES:
        raise Problem("malformed")
    with tempfile.NamedTemporaryFile(suffix=f".{form}", delete=False) as file:
        path = Path(file.name)
    office, _ = await door.letterhead()
    heading = Heading(office, period=f"{year}年" if year else "", made=door.today())
    try:
        digest = await statement.export(door.casework, who, form, path, heading, year)
        made = path.open("rb")
    finally:
        path.unlink()  # whoever hangs up in the middle leaves nothing behind
    unsent(request, made.close)
    headers = {
        "Content-Disposition": f'attachment; filename="award-ledger{f"-{year}" if year else ""}.{form}"',
        "Content-Length": str(os.fstat(made.fileno()).st_size),
        "Whistle-SHA256": digest,
    }
    return StreamingResponse(_poured(made), media_type=TYPES[form], headers=headers)


async def anchor(request: Request) -> Response:
    """GET /api/ledger/anchor: where the ledger stands, as a file to be kept elsewhere."""
    door, who = door_of(request), await who_of(request)
    data = await statement.export_anchor(door.casework, who, door.today())
    named = {"Content-Disposition": f'attachment; filename="ledger-anchor-{door.today()}.json"'}
    return Response(data, media_type="application/json", headers=named)


def _poured(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while part := file.read(65_536):
            yield part


def _year(request: Request) -> int:
    """The fiscal year asked for, 0 for all."""
    year = request.query_params.get("year", "0")
    if not re.fullmatch("0|2[0-9]{3}", year, re.ASCII):
        raise Problem("malformed")
    return int(year)
