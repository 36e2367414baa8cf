"""`whistle rules …`: rule packs as data: sums with their trace, days, hashes."""

import json as jsonlib
from pathlib import Path
from typing import Annotated, Any

import typer

from whistle.cli import console
from whistle.cli.options import Json
from whistle.core import calendar, rulebook, yuan
from whistle.core.tax import tax_step
from whistle.crypto.encoding import b64

app = typer.Typer(help="Rule packs: awards, deadlines, hashes.", no_args_is_help=True)

Pack = Annotated[str, typer.Option("--pack", help="Id of a rule pack, as SD-REW-2021.", metavar="ID")]


@app.command("award")
def award(
    pack: Pack,
    facts: Annotated[str, typer.Option("--facts", help="Facts as JSON, or @FILE.", metavar="JSON")],
    json: Json = False,
) -> None:
    """The sum these facts earn, and how it comes about article by article."""
    told = console.read_text(facts[1:]) if facts.startswith("@") else facts
    known = rulebook.facts_from_yuan(told)
    found = rulebook.award(known, rulebook.load(pack), trial=True)
    trace = [*found.trace, tax_step(known)]
    if json:
        return console.emit({"amount": yuan.text(found.fen), "trace": trace})
    console.say(yuan.text(found.fen))
    for step in trace:
        console.say(f"  {step['words']}  {step['origin']} {step['clause']}".rstrip())
    return console.tell("trial_only")


@app.command("deadline")
def deadline(
    pack: Pack,
    step: Annotated[str, typer.Option("--step", help="Step, as accept or verify.")],
    start: Annotated[str, typer.Option("--start", help="The day it starts, YYYY-MM-DD.", metavar="DATE")],
    json: Json = False,
) -> None:
    """The last day of a step. Provisional when that year's calendar is not loaded."""
    due = rulebook.deadline(rulebook.load(pack), step, start, calendar.shipped())
    if json:
        return console.emit({"due": due.date, "provisional": due.provisional})
    return console.tell("provisional", due=due.date) if due.provisional else console.say(due.date)


@app.command("list")
def listed(json: Json = False) -> None:
    """The rule packs this program ships, with their hashes."""
    found = [{"id": name, "sha256": _hash(rulebook.load(name))} for name in rulebook.shipped()]
    if json:
        return console.emit(found)
    for one in found:
        console.say(f"{one['id']}  {one['sha256']}")
    return None


@app.command("show")
def show(pack: Pack, json: Json = False) -> None:
    """The text of a pack with its articles and sources; with --json the canonical document that is hashed."""
    if json:
        return console.say(rulebook.pack_document(rulebook.load(pack)).decode())
    return console.say(rulebook.source_text(pack).rstrip())


@app.command("check")
def check(file: Annotated[Path, typer.Argument(help="A rule pack in TOML.")]) -> None:
    """Read a pack strictly: a line number with the first fault, else its id and hash."""
    found = rulebook.parse_pack(console.read_text(str(file)))
    console.say(f"{found.id}  {_hash(found)}")


@app.command("hash")
def hashed(pack: Pack, json: Json = False) -> None:
    """The hash a directory lists and a case pins."""
    found: dict[str, Any] = {"id": pack, "sha256": _hash(rulebook.load(pack))}
    return console.say(jsonlib.dumps(found)) if json else console.say(found["sha256"])


def _hash(pack: rulebook.Pack) -> str:
    return b64(rulebook.pack_hash(pack))
