"""`whistle open` and `whistle transcribe`: a reviewer's side, on the reviewer's own machine."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from whistle import client
from whistle.cli import console
from whistle.cli.options import Json, Server, Serves
from whistle.cli.reporter import Category, tell_ticket, ticket_kept
from whistle.client import ClientError, Office, View
from whistle.client.onward import Inside
from whistle.crypto.ticket import new_ticket

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
    app.command("transcribe")(transcribe)


def open_cases(
    server: Server,
    key: Annotated[Path, typer.Option("--key", help="Key file of a reviewer.", metavar="FILE")],
    case: Annotated[str, typer.Option("--case", help="One case only.", metavar="ID")] = "",
    save: Annotated[
        Path | None, typer.Option("--save", help="Save the files of these cases there.", metavar="DIR")
    ] = None,
    serves: Serves = "",
    json: Json = False,
) -> None:
    """Verify every case of this key and open what it can. Passphrase: WHISTLE_PASSPHRASE, else asked for."""
    keys, _, zone = client.open_key_file(key, console.passphrase())
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        office = Office(server, http, keys, zone, serves=serves)
        office.login()
        cases = [case] if case else [str(row["case"]) for row in office.inbox()]
        views = [office.case(one) for one in cases]
        saved = [path for view in views for path in _save(office, view, save)] if save else []
        office.logout()
        inside = {view.case: office.inside(view) for view in views}
    found = [_document(view, inside[view.case]) for view in views]
    if json:
        return console.emit(found)
    for path in saved:
        console.tell("file_saved", name=path.name)
    for one in found:
        _print(one)
    return None


def transcribe(
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
    serves: Serves = "",
    json: Json = False,
) -> None:
    """Take a report down for a caller. Prints the ticket once, to be handed over: it is kept nowhere."""
    words = console.read_text(text).strip()
    if not words:
        console.fail("empty_text")
    keys, _, zone = client.open_key_file(key, console.passphrase())
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        office = Office(server, http, keys, zone, serves=serves)
        office.login()
        told = {"category": category.value, "enterprise": enterprise, "place": place, "contact": contact}
        digits = new_ticket()
        with ticket_kept(office, digits):
            filed = office.transcribe(words, source=source.value, arrived=arrived, paper=paper, digits=digits, **told)
        # Before the session is ended: what goes wrong with that must not cost the caller her ticket.
        if json:
            console.emit({"ticket": filed.ticket, "case": filed.case})
        else:
            tell_ticket(filed)
        office.logout()


def _save(office: Office, view: View, folder: Path) -> list[Path]:
    """Every file of a case under a plain name; nothing is overwritten, what is broken is said and not kept."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = [item for item in view.items if not item.broken and (item.apart or item.meta["name"])]
    saved = []
    for number, item in enumerate(files, 1):
        pieces = office.fetch(view, item).pieces() if item.apart else iter([item.body])
        try:
            saved.append(client.save(folder / view.case[:8], number, pieces))
        except ClientError as refused:
            why = console.sentence(refused.code, **refused.facts)
            console.warn("file_failed", name=f"{item.kind} {number}", why=why)
    return saved


def _document(view: View, inside: Inside | None) -> dict[str, Any]:
    items = [
        {
            "comp": item.comp,
            "kind": item.kind,
            "author": item.author,
            "broken": item.broken,
            "given": [act.author for act in view.acts if act.hash in item.given],
            "meta": dict(item.meta),
            "text": item.text,
        }
        for item in [*view.items, *view.broken]
    ]
    told = {"case": view.case, "number": view.number, "state": view.fold.state, "items": items}
    return told | ({"inside": {"day": inside.day, "office": inside.office}} if inside else {})


def _print(found: dict[str, Any]) -> None:
    console.say(f"{found['number']}  {console.named('states', found['state'])}  {found['case']}")
    if "inside" in found:
        console.tell("inside_proven", **found["inside"])
    for item in found["items"]:
        if item["broken"]:
            comp, kind = console.named("compartments", item["comp"]), console.named("kinds", item["kind"])
            said = "item_keys" if item["given"] else "item_broken"
            console.tell(said, comp=comp, kind=kind, author=", ".join(item["given"]) or item["author"])
        elif item["text"] or item["meta"]["name"]:
            comp = console.named("compartments", item["comp"])
            console.say(f"  {comp}: {item['text'] or item['meta']['name']}")
