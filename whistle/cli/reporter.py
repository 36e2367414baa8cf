"""`whistle submit`, `status` and `object`: the reporter's side, for machines without a browser."""

import time
from enum import StrEnum
from typing import Annotated, Any

import httpx
import typer

from whistle import client
from whistle.cli import console
from whistle.cli.options import Json, Server
from whistle.client import ClientError, Status
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.encoding import b64
from whistle.crypto.ticket import new_ticket, normalise, show

TIMEOUT = 30


class Category(StrEnum):
    """What a report is about."""

    MAJOR_HAZARD = "major_hazard"
    VIOLATION = "violation"
    GENERAL_HAZARD = "general_hazard"
    CONCEALED_ACCIDENT = "concealed_accident"
    RETALIATION = "retaliation"
    OTHER = "other"


Pin = Annotated[str, typer.Option("--pin", help="Fingerprint of the zone, from a poster.", metavar="FINGERPRINT")]
TicketCode = Annotated[
    str,
    typer.Option(
        "--ticket",
        help="The 25 digits; better in WHISTLE_TICKET.",
        metavar="CODE",
        envvar="WHISTLE_TICKET",
    ),
]


def join(app: typer.Typer) -> None:
    """Put the commands into the program."""
    app.command("submit")(submit)
    app.command("status")(status)
    app.command("object")(object_)


def submit(
    *,
    server: Server,
    text: Annotated[
        str, typer.Option("--text", help="File with the report, or - for standard input.", metavar="FILE|-")
    ],
    category: Annotated[Category, typer.Option("--category", help="What it is about.")] = Category.GENERAL_HAZARD,
    enterprise: Annotated[str, typer.Option("--enterprise", help="Whom it is about.")] = "",
    place: Annotated[str, typer.Option("--place", help="Where.")] = "",
    contact: Annotated[str, typer.Option("--contact", help="Name or telephone, sealed in two halves.")] = "",
    pin: Pin = "",
    json: Json = False,
) -> None:
    """Seal and file a report. Prints the ticket once: it is the only way back, and to the reward."""
    words = console.read_text(text).strip()
    if not words:
        console.fail("empty_text")
    digits = new_ticket()
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        public = client.connect(server, http, pin)
        public.trust.refresh()
        _trust(public)
        try:
            filed = public.submit(
                words,
                category=category.value,
                enterprise=enterprise,
                place=place,
                contact=contact,
                digits=normalise(digits),
            )
        except ClientError:
            # The answer may be what was lost, and then this ticket is the only way to what was filed.
            console.warn("maybe_filed", ticket=show(digits))
            raise
    receipt = {"bytes": filed.receipt.data.decode(), "sig": b64(filed.receipt.sig)}
    if json:
        return console.emit({"ticket": filed.ticket, "case": filed.case, "receipt": receipt})
    console.tell("filed", case=filed.case)
    console.tell("ticket_once")
    return console.say(show(digits))


def status(
    server: Server,
    ticket: TicketCode = "",
    pin: Pin = "",
    json: Json = False,
) -> None:
    """Follow a case by its ticket: state, next deadline, what was said, award."""
    digits = normalise(ticket or console.ask_ticket())
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        found = client.connect(server, http, pin).status(digits)
    if json:
        return console.emit(_document(found))
    console.tell("state", state=found.state)
    if found.due:
        console.tell("due_provisional" if found.provisional else "due", due=found.due)
    if found.award:
        console.tell("award", award=found.award, claim_by=found.claim_by)
    for line in found.posts:
        console.say(f"{line.day}  {line.kind}  {line.text}".rstrip())
    return None


def object_(
    server: Server,
    text: Annotated[
        str, typer.Option("--text", help="File with the objection, or - for standard input.", metavar="FILE|-")
    ],
    ticket: TicketCode = "",
    pin: Pin = "",
    json: Json = False,
) -> None:
    """Object to the decision told last; another person looks again. Once for each decision."""
    words = console.read_text(text).strip()
    if not words:
        console.fail("empty_objection")
    digits = normalise(ticket or console.ask_ticket())
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        receipt = client.connect(server, http, pin).object_to_last(digits, words)
    if json:
        return console.emit({"receipt": {"bytes": receipt.data.decode(), "sig": b64(receipt.sig)}})
    return console.tell("objected")


def _trust(public: client.Public) -> None:
    if public.trusted_first_use:
        console.warn("trusted_first_use", fingerprint=fingerprint.show(public.trust.zone))
    if public.expired(zone_day(time.time())):
        console.warn("expired_still_files")


def _document(found: Status) -> dict[str, Any]:
    posts = [{"no": one.no, "kind": one.kind, "day": one.day, "text": one.text} for one in found.posts]
    return {"case": found.case, "state": found.state, "due": found.due, "posts": posts, "award": found.award}
