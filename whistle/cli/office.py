"""`whistle open` and `whistle enter`: a reviewer's side, on the reviewer's own machine."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from whistle import client
from whistle.cli import console
from whistle.cli.options import Json, Server
from whistle.cli.reporter import Category
from whistle.client import Office, View

TIMEOUT = 30


class Source(StrEnum):
    """How a report that is taken down came in."""

    PHONE = "phone"
    LETTER = "letter"
    COUNTER = "counter"
    HOTLINE = "hotline"


def join(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("open")(open_cases)
    app.command("enter")(enter)


def open_cases(
    server: Server,
    key: Annotated[Path, typer.Option("--key", help="Key file of a reviewer.", metavar="FILE")],
    case: Annotated[str, typer.Option("--case", help="One case only.", metavar="ID")] = "",
    json: Json = False,
) -> None:
    """Verify every case of this key and open what it can. Passphrase: WHISTLE_PASSPHRASE, else asked for."""
    keys, _, zone = client.open_key_file(key, console.passphrase())
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        office = Office(server, http, keys, zone)
        office.login()
        cases = [case] if case else [str(row["case"]) for row in office.inbox()]
        found = [_document(office.case(one)) for one in cases]
        office.logout()
    if json:
        return console.emit(found)
    for one in found:
        _print(one)
    return None


def enter(
    *,
    server: Server,
    key: Annotated[Path, typer.Option("--key", help="Key file of an intake officer.", metavar="FILE")],
    source: Annotated[Source, typer.Option("--source", help="How it came in.")],
    text: Annotated[
        str, typer.Option("--text", help="File with what was said, or - for standard input.", metavar="FILE|-")
    ],
    category: Annotated[Category, typer.Option("--category", help="What it is about.")] = Category.GENERAL_HAZARD,
    enterprise: Annotated[str, typer.Option("--enterprise", help="Whom it is about.")] = "",
    place: Annotated[str, typer.Option("--place", help="Where.")] = "",
    contact: Annotated[str, typer.Option("--contact", help="Name or telephone, sealed in two halves.")] = "",
    arrived: Annotated[str, typer.Option("--arrived", help="The day it came in.", metavar="YYYY-MM-DD")] = "",
    paper: Annotated[str, typer.Option("--paper", help="Number of the paper.")] = "",
    json: Json = False,
) -> None:
    """Take a report down for a caller. Prints the ticket once, to be handed over: it is kept nowhere."""
    words = console.read_text(text).strip()
    if not words:
        console.fail("empty_text")
    keys, _, zone = client.open_key_file(key, console.passphrase())
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        office = Office(server, http, keys, zone)
        office.login()
        told = {"category": category.value, "enterprise": enterprise, "place": place, "contact": contact}
        filed = office.enter(words, source=source.value, arrived=arrived, paper=paper, **told)
        office.logout()
    if json:
        return console.emit({"ticket": filed.ticket, "case": filed.case})
    console.tell("filed", case=filed.case)
    console.tell("ticket_once")
    return console.say(filed.ticket)


def _document(view: View) -> dict[str, Any]:
    items = [{"comp": item.comp, "meta": dict(item.meta), "text": item.text} for item in view.items]
    return {"case": view.case, "number": view.number, "state": view.fold.state, "items": items}


def _print(found: dict[str, Any]) -> None:
    console.say(f"{found['number']}  {found['state']}  {found['case']}")
    for item in found["items"]:
        if item["text"] or item["meta"]["name"]:
            console.say(f"  {item['comp']}: {item['text'] or item['meta']['name']}")
