"""The ledger: rows and sums, what finance enters itself, and the files an auditor signs."""

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from whistle.casework import anchor as anchors
from whistle.casework import finance, statement
from whistle.exports import Heading
from whistle.review.door import door_of, who_of
from whistle.web import body
from whistle.web.errors import Problem


async def account(request: Request) -> Response:
    """GET /api/ledger?year=: blind rows, and their sums by year, source and month."""
    door, who = door_of(request), await who_of(request)
    return JSONResponse(await finance.account(door.casework, who, _year(request), door.clock()))


async def budget(request: Request) -> Response:
    """POST /api/budget {"year", "source", "fen"}: the opening budget or more of it, by finance."""
    door, who = door_of(request), await who_of(request)
    year, source, fen = await body.fields(request, "year", "source", "fen")
    if type(year) is not int or type(fen) is not int or not isinstance(source, str):
        raise Problem("malformed")
    await finance.open_budget(door.casework, who, year, source, fen, door.clock())
    return JSONResponse({}, 201)


async def take_back(request: Request) -> Response:
    """POST /api/ledger/reverse {"no", "memo"}: a wrong budget row is taken back by a row of its own, by finance."""
    door, who = door_of(request), await who_of(request)
    no, memo = await body.fields(request, "no", "memo")
    if type(no) is not int or not isinstance(memo, str):
        raise Problem("malformed")
    await finance.take_back(door.casework, who, no, memo, door.clock())
    return JSONResponse({}, 201)


async def lock(request: Request) -> Response:
    """POST /api/ledger/lock {"month"}: a month that is over is closed for good, by finance."""
    door, who = door_of(request), await who_of(request)
    (month,) = await body.fields(request, "month")
    if not isinstance(month, str):
        raise Problem("malformed")
    await finance.lock(door.casework, who, month, door.clock())
    return JSONResponse({}, 201)


async def awards(request: Request) -> Response:
    """GET /api/ledger/awards?year=: the lines of the blind award ledger, for the register that a key completes."""
    door, who = door_of(request), await who_of(request)
    return JSONResponse({"rows": await statement.lines(door.casework.docket, who, _year(request))})


async def concur(request: Request) -> Response:
    """POST /api/ledger/concur {"number", "approval", "document"}: the finance department concurs in a large award."""
    door, who = door_of(request), await who_of(request)
    number, approval, paper = await body.texts(request, "number", "approval", "document")
    await finance.concur(door.casework, who, number, approval, paper, door.clock())
    return JSONResponse({}, 201)


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
    heading = Heading(door.office, made=door.today())
    try:
        digest = await statement.export(door.casework.docket, who, form, path, heading, year)
        made = path.open("rb")
    finally:
        path.unlink()  # whoever hangs up in the middle leaves nothing behind
    headers = {
        "Content-Disposition": f'attachment; filename="award-ledger.{form}"',
        "Content-Length": str(os.fstat(made.fileno()).st_size),
        "Whistle-SHA256": digest,
    }
    return StreamingResponse(_poured(made), media_type=TYPES[form], headers=headers)


async def anchor(request: Request) -> Response:
    """GET /api/ledger/anchor: where the ledger stands, as a file to be kept elsewhere."""
    door, who = door_of(request), await who_of(request)
    data = await anchors.export(door.casework.docket, who, door.today())
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
