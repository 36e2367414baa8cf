"""`whistle ledger …`: the money as an auditor reads it, from the data folder and without the doors."""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from whistle import client
from whistle.casework import finance, statement
from whistle.cli import annual, bookkeeping, console, offices, recompute, vouched
from whistle.cli.options import Data, Json, OfOffice, told_settings
from whistle.cli.reporter import Pin
from whistle.core import ledger, vouchers, workflow, yuan
from whistle.core.budgetaccounts import BudgetAccounts
from whistle.core.clock import zone_day
from whistle.core.errors import LedgerError
from whistle.core.facts import KINDS
from whistle.core.offices import ZONE
from whistle.core.summary import summarise
from whistle.crypto import fingerprint
from whistle.crypto.encoding import unb64
from whistle.crypto.keys import KeyPair
from whistle.docket import Rejected
from whistle.exports import Heading, Signed, write_digest
from whistle.exports.chain import is_exported, jsonl_rows, read_signed
from whistle.storage import audit, bookings, checks, meta
from whistle.storage import ledger as books
from whistle.storage.database import Database
from whistle.storage.ledger import Book

app = typer.Typer(help="The ledger: enter, lock, export, verify, balance.", no_args_is_help=True)
bookkeeping.join(app)
annual.join(app)

Opened = tuple[KeyPair, str, str]  # an opened key file: keys, rid, zone
COUNTS = ("count", "year")  # whole numbers that are no sums
WIDTHS = (18, 5)  # of a column of sums, and of years


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
    office: OfOffice = ZONE,
    json: Json = False,
) -> None:
    """The award register: number, clause, sum, voucher. Names nobody: it can be made without any key.
    Its SHA-256 is put beside it, as `sha256sum --check` reads it."""
    if form is Format.JSONL and year:
        console.fail("whole_ledger")
    told = told_settings(data)
    with Database.open(told.database_url) as db:
        named = offices.asked(db, told, office, "ledger.export", note=form.value)
        accounts = BudgetAccounts(told.budget_account)
        heading = Heading(named, period=f"{year}年" if year else "", made=zone_day(time.time()))
        digest = db.read_sync(lambda tx: statement.write(Book(tx, office), form.value, out, heading, year, accounts))
    write_digest(out, digest)
    if json:
        return console.emit({"file": str(out), "sha256": digest})
    return console.say(f"{digest}  {out.name}")


@app.command("anchor")
def anchor(
    out: Annotated[Path, typer.Option("--out", help="The file to write.", metavar="F")],
    data: Data = None,
    office: OfOffice = ZONE,
    json: Json = False,
) -> None:
    """Write down where the ledger stands. Keep the file, or the two figures on paper, away from this server: against
    it `verify` also finds rows cut off at the end, of the audit log too, and a chain that was made anew."""
    told = told_settings(data)
    with Database.open(told.database_url) as db:
        offices.asked(db, told, office, "ledger.anchor")
        written = db.read_sync(lambda tx: statement.anchor(Book(tx, office), zone_day(time.time())))
        head = db.read_sync(lambda tx: books.head(Book(tx, office)))
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
    pin: Pin = "",
    data: Data = None,
    office: OfOffice = ZONE,
    json: Json = False,
) -> None:
    """Walk the hash chain and post every row anew; name the first that was edited, dropped, moved, cut off or made
    anew. What finance entered itself is held against what its people signed, by the zone's fingerprint. With the
    auditor's key compute every approved sum again from the sealed facts."""
    if key and file:
        console.fail("key_or_file")
    if file and not is_exported(file):
        console.fail("not_exported", name=file.name)
    # Asked before the database is opened: nothing waits on a person with a transaction in hand.
    opened = client.open_key_file(key, console.passphrase()) if key else None
    typed = console.key_id(pin) if pin else ""
    try:
        if file:
            found = _of_file(file, against, typed)
        else:
            told = told_settings(data)
            with Database.open(told.database_url) as db:
                offices.asked(db, told, office, "ledger.verify", rid=opened[1] if opened else "")
                found = db.read_sync(lambda tx: _of_house(Book(tx, office), against, typed, opened))
    except LedgerError as error:
        if json:
            console.emit({"holds": False, "row": error.no, "why": error.code})
        raise
    _tell_verified(found, json)


@dataclass(frozen=True)
class _Verified:
    """What was looked at: the chain, who signed finance's own rows (None: nothing to look by), numbers under several
    payments, with a key the sums. `pinned`: the zone's fingerprint came from the auditor, typed or in his anchor.
    `anchored`: whether his anchor, if he has one, says where signatures begin."""

    head: ledger.Head
    vouched: vouched.Vouched | None
    shared: list[vouchers.Shared]
    pinned: bool
    anchored: bool
    sums: list[recompute.Sum] | None = None


def _of_file(file: Path, against: Path | None, pin: str) -> _Verified:
    """An exported ledger by itself: nothing of the house is asked."""
    held = _anchor(against, pin)
    head, signed = ledger.verify(jsonl_rows(file), held.head if held else None), read_signed(file)
    zone = pin or (held.zone if held else "")
    found = None
    if signed:
        moment = _moment(signed, head, held)
        since = _since(moment.signed_from, held)
        trust = vouched.trust_of(signed, zone or moment.zone)
        found = vouched.check(_rows(file), vouched.booked_of(signed), trust, since, bool(pin), moment.office)
    elif pin or (held and held.signed_from):
        raise LedgerError("cut")
    return _Verified(head, found, vouchers.shared(vouchers.payments(_rows(file))), bool(zone), _is_told(held))


def _of_house(book: Book, against: Path | None, pin: str, opened: Opened | None) -> _Verified:
    """An office's ledger in the data folder."""
    tx = book.tx
    zone = pin or meta.zone(tx)
    held = _anchor(against, zone, book.office)
    head = books.verify(book, held.head if held else None)
    if held and not audit.verify(audit.every(tx), held.audit):
        raise LedgerError("audit", held.audit.count)
    if checks.unbooked(book):  # a chain whose end was cut off holds by itself
        raise LedgerError("unbooked", head.count + 1)
    since = _since(bookings.signed_from(book), held)
    found = vouched.check(
        _stored(book), bookings.every(book), recompute.trust_of(tx, zone), since, bool(pin), book.office
    )
    shared = vouchers.shared(vouchers.payments(_stored(book)))
    return _Verified(head, found, shared, bool(pin or held), _is_told(held), _sums(book, *opened) if opened else None)


def _moment(signed: Signed, head: ledger.Head, held: statement.Anchor | None) -> statement.Anchor:
    """Where the ledger stood when the file was written: at its last row, or the file is not whole."""
    try:
        moment = statement.read_anchor(signed.anchor)
    except Rejected:
        raise LedgerError("cut") from None
    if moment.head != head or not moment.signed_from:
        raise LedgerError("cut")
    if held and held.office != moment.office:
        raise Rejected("anchor_office")
    return moment


def _since(told: int, held: statement.Anchor | None) -> int:
    """The row from which on finance's own must be signed: never a later one than an anchor says."""
    if held and held.signed_from and told > held.signed_from:
        raise LedgerError("raised", no=held.signed_from)
    return told


def _is_told(held: statement.Anchor | None) -> bool:
    return held is None or bool(held.signed_from)


def _rows(file: Path) -> Iterator[ledger.Row]:
    return (ledger.parse_row(row) for row, _ in jsonl_rows(file))


def _stored(book: Book) -> Iterator[ledger.Row]:
    return (ledger.parse_row(row.bytes) for row in books.every(book))


def _anchor(file: Path | None, zone: str, office: str = "") -> statement.Anchor | None:
    """The anchor in a file; `zone` "" takes any zone's, `office` "" any office's."""
    return statement.read_anchor(file.read_bytes(), zone, office) if file else None


def _tell_verified(found: _Verified, json: bool) -> None:
    wrong = [one for one in found.sums or () if not one.agrees]
    differing = [one for one in found.sums or () if one.standing.differs]
    if json:
        told: dict[str, Any] = {"holds": not wrong, "rows": found.head.count, "head": found.head.hash.hex()}
        told |= {"signed": _told_signed(found), "shared": [_told_shared(one) for one in found.shared]}
        told |= {"sums": len(found.sums or ()), "wrong": len(wrong), "differ": [_told(one) for one in differing]}
        console.emit(told)
    else:
        console.tell("ledger_holds", count=found.head.count, head=found.head.hash.hex())
        _tell_signed(found)
        for one in differing:
            _tell_difference(one)
        for number in found.shared:
            rows, cases = (", ".join(map(str, each)) for each in _borne(number))
            console.tell(f"shared_{number.name}", number=number.number, rows=rows, cases=cases)
    closed, untrue = ([one for one in wrong if one.is_closed is is_closed] for is_closed in (True, False))
    if closed and untrue:
        console.warn("sums_unread", **_numbered(closed))
    if wrong:
        console.fail("sums_differ" if untrue else "sums_unread", **_numbered(untrue or closed))
    if found.sums is not None and not json:
        console.tell("sums_hold", count=len(found.sums))
        if checked := [one for one in found.sums if one.checked]:
            console.tell("sums_checked", **_numbered(checked))


def _told_signed(found: _Verified) -> dict[str, Any] | None:
    """Null where the file brings nothing to look by."""
    return asdict(found.vouched) | {"pinned": found.pinned} if found.vouched else None


def _tell_signed(found: _Verified) -> None:
    """Who signed finance's own rows, and all that was not looked at."""
    if found.vouched is None:
        return console.tell("signed_unknown")
    signed = found.vouched
    console.tell("signed_hold", count=signed.count, since=signed.since)
    if signed.before:
        console.tell("signed_before", since=signed.since, count=signed.before)
    for no in signed.doubtful:
        console.tell("signed_doubtful", no=no)
    if not found.anchored:
        console.tell("signed_unanchored")
    if signed.zone and not found.pinned:
        console.tell("signed_unpinned", fingerprint=fingerprint.show(unb64(signed.zone)))
    return None


def _numbered(those: list[recompute.Sum]) -> dict[str, Any]:
    return {"count": len(those), "numbers": "、".join(one.number for one in those)}


def _told_shared(one: vouchers.Shared) -> dict[str, Any]:
    rows, cases = _borne(one)
    return {"name": one.name, "number": one.number, "rows": rows, "cases": cases}


def _borne(one: vouchers.Shared) -> tuple[list[int], list[str]]:
    """The rows and the cases that bear the number."""
    return [paid.no for paid in one.payments], [paid.case for paid in one.payments]


def _told(one: recompute.Sum) -> dict[str, Any]:
    facts = [asdict(difference) for difference in one.standing.differs]
    return {"number": one.number, "facts": facts, "reason": one.standing.reason, "explained": one.standing.is_explained}


def _tell_difference(one: recompute.Sum) -> None:
    """A line for each fact that the award does not take over from the finding, with the reason given, if any."""
    for difference in one.standing.differs:
        facts = {"number": one.number, "found": _spoken(difference.found), "own": _spoken(difference.own)}
        fact = console.sentence(f"fact_{difference.name}")
        if one.standing.is_explained:
            console.tell("rests_on_other", **facts, fact=fact, reason=one.standing.reason)
        else:
            console.tell("rests_on_other_unsaid", **facts, fact=fact)


def _spoken(value: str) -> str:
    """A fact as a person reads it: a kind has a name of its own, what is not stated a dash."""
    return console.sentence(f"kind_{value}") if value in KINDS else value or "–"


@app.command("balance")
def balance(
    data: Data = None,
    year: Annotated[int, typer.Option("--year", help="One fiscal year; 0 for all.")] = 0,
    office: OfOffice = ZONE,
    json: Json = False,
) -> None:
    """What was budgeted, approved, paid, is open, forfeited and revoked, in yuan; with --json what the ledger page
    shows beside it: each source, each month, the newest locked month, the awards that wait."""
    told = told_settings(data)
    with Database.open(told.database_url) as db:
        offices.asked(db, told, office, "ledger.balance")
        rows = db.read_sync(lambda tx: [ledger.parse_row(row.bytes) for row in books.every(Book(tx, office))])
        waits = db.read_sync(lambda tx: finance.waiting(Book(tx, office), told.large_sum, zone_day(time.time())))
    sums = in_yuan(finance.summary_json(summarise(rows, year)) | waits)
    if json:
        return console.emit({**sums.pop("balance"), **sums})
    for name, text in {**sums["balance"], "waiting": sums["waiting"]["fen"]}.items():
        console.say(f"{name:10} {text:>18}")
    return None


@app.command("cash")
def cash(
    data: Data = None,
    year: Annotated[int, typer.Option("--year", help="One calendar year; 0 for a line for each.")] = 0,
    office: OfOffice = ZONE,
    json: Json = False,
) -> None:
    """Obligations and cash side by side, in yuan: what was brought into the year, approved, cancelled, forfeited, paid,
    came back, and is carried over its end. A line for each fiscal year that obligations are of."""
    told = told_settings(data)
    with Database.open(told.database_url) as db:
        offices.asked(db, told, office, "ledger.balance")
        found = db.read_sync(lambda tx: books.carried_over(Book(tx, office), year))
    lines = [{**asdict(line), "spent": line.spent} for line in (*found.lines, found.total)]
    if json:
        *each, total = in_yuan(lines)
        return console.emit({"lines": each, "total": total})
    console.say("".join(f"{name:>{WIDTHS[name == 'year']}}" for name in lines[0]))
    for line in in_yuan(lines):
        console.say("".join(f"{value or '':>{WIDTHS[name == 'year']}}" for name, value in line.items()))
    return None


def in_yuan(told: Any) -> Any:
    """The same document with every sum as a person writes it."""
    if isinstance(told, list):
        return [in_yuan(each) for each in told]
    if isinstance(told, dict):
        return {name: value if name in COUNTS else in_yuan(value) for name, value in told.items()}
    return yuan.signed(told) if type(told) is int else told


def _sums(book: Book, keys: KeyPair, rid: str, zone: str) -> list[recompute.Sum]:
    auditor = recompute.Auditor(rid, keys, zone, workflow.load(), zone_day(time.time()))
    return list(recompute.sums(book, auditor))
