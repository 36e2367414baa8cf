"""The monthly bulletin: as a page that prints, as a workbook, as JSON. Made without any key."""

import tempfile
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whistle.casework import bulletin
from whistle.core.bulletin import Bulletin
from whistle.core.offices import ZONE
from whistle.exports import Heading
from whistle.exports import bulletin as papers
from whistle.review.door import ReviewDoor, door_of, who_of
from whistle.web.errors import Problem
from whistle.web.pages import Pages

LISTS = ("common", "bulletin")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def answer(request: Request) -> Response:
    """GET /api/bulletin?month=YYYY-MM&publish=1&format=json|xlsx: the figures, or the workbook."""
    return await _file(request, await _made(request), request.query_params.get("format", "json"))


async def _file(request: Request, made: Bulletin, form: str) -> Response:
    if form not in ("json", "xlsx"):
        raise Problem("malformed")
    return JSONResponse(papers.document(made)) if form == "json" else await _workbook(request, made)


async def page(request: Request) -> Response:
    """GET /bulletin?month=&publish=1: the same to read and print; says so when the office is locked. Its links to the
    files ask here too (`format`): where the session is over a person gets this page, and no JSON."""
    pages, language = pages_of(request)
    said = pages.say(language, *LISTS)
    try:
        made = await _made(request)
    except (Problem, bulletin.Rejected) as error:
        if error.code in ("malformed", "refused"):
            raise
        why, status = ("locked", 401) if error.code == "not_signed_in" else ("role", 403)
        return html(pages.render("bulletin_shut", language, "/bulletin", said=said, why=why), status)
    if form := request.query_params.get("format", ""):
        return await _file(request, made, form)
    door = door_of(request)
    office, _ = await door.letterhead()
    facts = {"bulletin": made, "sections": papers.sections(made, said), "ways": _ways(made, door), "office": office}
    stands = f"/bulletin?{urlencode(_here(made, door))}"
    return html(pages.render("bulletin", language, stands, said=said, **facts))


async def _made(request: Request) -> Bulletin:
    door, who = door_of(request), await who_of(request)
    publish = request.query_params.get("publish", "")
    if publish not in ("", "0", "1"):
        raise Problem("malformed")
    month = request.query_params.get("month") or shifted(door.today()[:7], -1)
    return await bulletin.read(door.casework, who, month, door.clock(), publish == "1")


async def _workbook(request: Request, made: Bulletin) -> Response:
    pages, _ = pages_of(request)
    said, door = pages.say("zh_CN", *LISTS), door_of(request)
    office, _ = await door.letterhead()
    heading = Heading(office, str(said["page"]["title"]), made.month, door.today(), _mark(made, said))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bulletin.xlsx"
        digest = papers.xlsx_file(path, made, heading, said)
        body = path.read_bytes()
    name = f"bulletin-{made.month}{'-public' if made.published else ''}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Whistle-SHA256": digest}
    return Response(body, media_type=SHEET, headers=headers)


def _mark(made: Bulletin, said: papers.Words) -> str:
    return str(said["page"]["published" if made.published else "internal"])


def shifted(month: str, by: int) -> str:
    """A month some months away."""
    at = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{at // 12:04d}-{at % 12 + 1:02d}"


def _here(made: Bulletin, door: ReviewDoor) -> dict[str, str]:
    """What the address asks for, to say it again."""
    office = door.casework.office
    asked = {} if office == ZONE else {"office": office}
    return {**asked, "month": made.month, "publish": "1" if made.published else "0"}


def _ways(made: Bulletin, door: ReviewDoor) -> list[tuple[str, str]]:
    """Where one goes from here, by the words' names; links alone, for the policy lets no form be sent."""
    here = _here(made, door)
    other = "to_internal" if made.published else "to_published"
    ways = [("earlier", {**here, "month": shifted(made.month, -1)})]
    if shifted(made.month, 1) < door.today()[:7] or (not made.published and made.month < door.today()[:7]):
        ways.append(("later", {**here, "month": shifted(made.month, 1)}))
    if made.month < door.today()[:7]:  # a month that is not over is not published
        ways.append((other, {**here, "publish": "0" if made.published else "1"}))
    ways += [(form, {**here, "format": form}) for form in ("xlsx", "json")]
    return [(name, f"?{urlencode(query)}") for name, query in ways]


def pages_of(request: Request) -> tuple[Pages, str]:
    """The pages, and the language that this address is in."""
    pages: Pages = request.app.state.pages
    return pages, pages.language(request.url.path)


def html(body: bytes, status: int = 200) -> Response:
    """A page that nobody keeps."""
    return Response(body, status, media_type="text/html; charset=utf-8", headers={"Cache-Control": "no-store"})
