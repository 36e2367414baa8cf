"""`whistle ledger …`: the money as an auditor reads it, from the data folder and without the doors."""

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from whistle import client
from whistle.casework import anchor as anchors
from whistle.casework import finance, statement
from whistle.cli import bookkeeping, console, recompute
from whistle.cli.options import Data, Json, told_settings
from whistle.core import ledger, workflow, yuan
from whistle.core.clock import zone_day
from whistle.core.errors import LedgerError
from whistle.core.summary import summarise
from whistle.crypto.keys import KeyPair
from whistle.exports import Heading, write_digest
from whistle.exports.chain import jsonl_rows
from whistle.storage import ledger as book
from whistle.storage import meta
from whistle.storage.database import Database

app = typer.Typer(help="The ledger: enter, lock, export, verify, balance.", no_args_is_help=True)
bookkeeping.join(app)

COUNTS = ("count",)  # whole numbers that are no sums


class Format(StrEnum):
    """What the export is written as."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


@app.command("export")
def export(
    form: Annotated[Format, typer.Option("--format", help="csv or xlsx; jsonl for the ledger itself with its hashes.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write.", metavar="F")],
    data: Data = None,
    year: Annotated[int, typer.Option("--year", help="One fiscal year; 0 for all.")] = 0,
    json: Json = False,
) -> None:
    """The award register: number, clause, sum, voucher. Names nobody: it can be made without any key.
    Its SHA-256 is put beside it, as `sha256sum --check` reads it."""
    if form is Format.JSONL and year:
        console.fail("whole_ledger")
    told = told_settings(data)
    heading = Heading(told.office, period=f"{year}年" if year else "", made=zone_day(time.time()))
    with Database.open(told.database_url) as db:
        digest = db.read_sync(lambda tx: statement.write(tx, form.value, out, heading, year))
    write_digest(out, digest)
    if json:
        return console.emit({"file": str(out), "sha256": digest})
    return console.say(f"{digest}  {out.name}")


@app.command("anchor")
def anchor(
    out: Annotated[Path, typer.Option("--out", help="The file to write.", metavar="F")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Write down where the ledger stands. Keep the file, or the two figures on paper, away from this server: against
    it `verify` also finds rows cut off at the end, and a chain that was made anew."""
    with Database.open(told_settings(data).database_url) as db:
        written = db.read_sync(lambda tx: anchors.document(tx, zone_day(time.time())))
        head = db.read_sync(book.head)
    out.write_bytes(written)
    if json:
        return console.emit({"file": str(out), "rows": head.count, "head": head.hash.hex()})
    return console.tell("anchored", name=out.name, count=head.count, head=head.hash.hex())


@app.command("verify")
def verify(
    *,
    key: Annotated[
        Path | None,
        typer.Option("--key", help="The auditor's key file: recompute every sum.", metavar="FILE"),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option("--anchor", help="An anchor kept elsewhere: nothing of it may be gone.", metavar="FILE"),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="An exported jsonl in place of the data folder.", metavar="FILE")
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Walk the hash chain and post every row anew; name the first that was edited, dropped, moved, cut off or made
    anew. With the auditor's key compute every approved sum again from the sealed facts."""
    if key and file:
        console.fail("key_or_file")
    # Asked before the database is opened: nothing waits on a person with a transaction in hand.
    opened = client.open_key_file(key, console.passphrase()) if key else None
    found: list[recompute.Sum] = []
    try:
        if file:
            head = ledger.verify(jsonl_rows(file), _anchor(against, ""))
        else:
            with Database.open(told_settings(data).database_url) as db:
                held = _anchor(against, db.read_sync(meta.zone))
                head = db.read_sync(lambda tx: book.verify(tx, held))
                found = db.read_sync(lambda tx: _sums(tx, *opened)) if opened else []
    except LedgerError as error:
        if json:
            console.emit({"holds": False, "row": error.no, "why": error.code})
        raise
    _tell_verified(head, found if opened else None, json)


def _anchor(file: Path | None, zone: str) -> ledger.Head | None:
    """The head an anchor file holds; `zone` "" takes any zone's."""
    return anchors.head_of(file.read_bytes(), zone) if file else None


def _tell_verified(head: ledger.Head, found: list[recompute.Sum] | None, json: bool) -> None:
    wrong = [one for one in found or () if not one.agrees]
    if json:
        told = {"holds": not wrong, "rows": head.count, "head": head.hash.hex()}
        console.emit(told | {"sums": len(found or ()), "wrong": len(wrong)})
    else:
        console.tell("ledger_holds", count=head.count, head=head.hash.hex())
    if wrong:
        console.fail("sums_differ", count=len(wrong))
    if found is not None and not json:
        console.tell("sums_hold", count=len(found))


@app.command("balance")
def balance(
    data: Data = None,
    year: Annotated[int, typer.Option("--year", help="One fiscal year; 0 for all.")] = 0,
    json: Json = False,
) -> None:
    """What was budgeted, approved, paid, is open, forfeited and revoked, in yuan; with --json what the ledger page
    shows beside it: each source, each month, the newest locked month, the awards that wait."""
    told = told_settings(data)
    with Database.open(told.database_url) as db:
        rows = db.read_sync(lambda tx: [ledger.parse_row(row.bytes) for row in book.every(tx)])
        waits = db.read_sync(lambda tx: finance.waiting(tx, told.large_sum, zone_day(time.time())))
    sums = in_yuan(finance.told(summarise(rows, year)) | waits)
    if json:
        return console.emit({**sums.pop("balance"), **sums})
    for name, text in {**sums["balance"], "waiting": sums["waiting"]["fen"]}.items():
        console.say(f"{name:10} {text:>18}")
    return None


def in_yuan(told: Any) -> Any:
    """The same document with every sum as a person writes it."""
    if isinstance(told, list):
        return [in_yuan(each) for each in told]
    if isinstance(told, dict):
        return {name: value if name in COUNTS else in_yuan(value) for name, value in told.items()}
    return yuan.signed(told) if type(told) is int else told


def _sums(tx: Connection, keys: KeyPair, rid: str, zone: str) -> list[recompute.Sum]:
    auditor = recompute.Auditor(rid, keys, zone, workflow.load(), zone_day(time.time()))
    return list(recompute.sums(tx, auditor))
