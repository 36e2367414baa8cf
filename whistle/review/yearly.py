"""The yearly report of the reward funds: as a page that prints, as a workbook, as JSON. Made without any key."""

import re
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whistle.casework import yearly
from whistle.core.offices import ZONE
from whistle.core.yearly import Yearly
from whistle.exports import yearly as papers
from whistle.review.bulletin import SHEET, html, pages_of
from whistle.review.door import ReviewDoor, door_of, who_of
from whistle.web.errors import Problem

LISTS = ("common", "yearly")


async def answer(request: Request) -> Response:
    """GET /api/yearly?year=YYYY&format=json|xlsx: the figures, or the workbook."""
    return await _file(request, await _made(request), request.query_params.get("format", "json"))


async def page(request: Request) -> Response:
    """GET /yearly?year=: the same to read and print; says so when the office is locked. Its links to the files ask here
    too (`format`): where the session is over a person gets this page, and no JSON."""
    pages, language = pages_of(request)
    said = pages.say(language, *LISTS)
    try:
        made = await _made(request)
    except (Problem, yearly.Rejected) as error:
        if error.code in ("malformed", "refused"):
            raise
        why, status = ("locked_out", 401) if error.code == "not_signed_in" else ("role", 403)
        return html(pages.render("bulletin_shut", language, "/yearly", said=said, why=why), status)
    if form := request.query_params.get("format", ""):
        return await _file(request, made, form)
    door = door_of(request)
    office, _ = await door.letterhead()
    facts = {**papers.page(made, said), "ways": _ways(made, door), "office": office}
    stands = f"/yearly?{urlencode(_here(made, door))}"
    return html(pages.render("yearly", language, stands, said=said, **facts))


async def _made(request: Request) -> Yearly:
    door, who = door_of(request), await who_of(request)
    year = request.query_params.get("year") or door.today()[:4]
    if not re.fullmatch("2[0-9]{3}", year, re.ASCII):
        raise Problem("malformed")
    return await yearly.read(door.casework, who, int(year), door.clock())


async def _file(request: Request, made: Yearly, form: str) -> Response:
    if form not in ("json", "xlsx"):
        raise Problem("malformed")
    if form == "json":
        return JSONResponse(papers.document(made))
    pages, _ = pages_of(request)
    said, door = pages.say("zh_CN", *LISTS), door_of(request)
    office, _ = await door.letterhead()
    heading = papers.heading(made, office, door.today(), said)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "yearly.xlsx"
        digest = papers.xlsx_file(path, made, heading, said)
        body = path.read_bytes()
    named = f'attachment; filename="reward-funds-{made.year}.xlsx"'
    return Response(body, media_type=SHEET, headers={"Content-Disposition": named, "Whistle-SHA256": digest})


def _here(made: Yearly, door: ReviewDoor) -> dict[str, str]:
    """What the address asks for, to say it again."""
    office = door.casework.office
    return ({} if office == ZONE else {"office": office}) | {"year": str(made.year)}


def _ways(made: Yearly, door: ReviewDoor) -> list[tuple[str, str]]:
    """Where one goes from here, by the words' names; links alone, for the policy lets no form be sent."""
    here = _here(made, door)
    ways = [("earlier", {**here, "year": str(made.year - 1)})] if made.year > yearly.FIRST_YEAR else []
    if made.is_over:
        ways.append(("later", {**here, "year": str(made.year + 1)}))
    ways += [(form, {**here, "format": form}) for form in ("xlsx", "json")]
    return [(name, f"?{urlencode(query)}") for name, query in ways]
