"""The award ledger as files for an auditor, blind: numbers, clauses, sums, vouchers; no reporter, no enterprise.
And its anchor: where the ledger stood on a day."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

from whistle import exports
from whistle.casework.listing import MOST, limit_of
from whistle.casework.reviewers import Casework, Reviewer, need
from whistle.core import ledger, strictjson
from whistle.core.budgetaccounts import NONE, BudgetAccounts
from whistle.core.ledger import START, Head
from whistle.core.offices import ZONE
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.posts import parse_body
from whistle.docket import Rejected, register_number, register_place
from whistle.exports import AwardRow, Heading, Known, Running, Signed
from whistle.storage import audit, bookings, cases, directory, meta, numbered
from whistle.storage import ledger as books
from whistle.storage.ledger import Book

LINE = re.compile(r"(?:[1-9][0-9]{0,8}(?:\.20[0-9]{2}\.-?[0-9]{1,16}){1,100})?", re.ASCII)
READERS = ("finance", "leader", "auditor")
Writer = Callable[[Path, Iterator[AwardRow], Heading], str]
FORMATS: Mapping[str, Writer] = MappingProxyType(
    {"csv": lambda path, rows, heading: exports.csv_file(path, rows), "xlsx": exports.xlsx_file}
)
CHAINED = "jsonl"  # the ledger itself, row by row with its hashes: whole or not at all


NO_ACCOUNT = "预算科目未设置，该列留空，由财务手填"


def write(book: Book, form: str, path: Path, heading: Heading, year: int = 0, accounts: BudgetAccounts = NONE) -> str:
    """Writes the award ledger to a file; the SHA-256 of its bytes in hex. Raises Rejected("malformed") for a
    form that is not ours, and for one year of a chain that only verifies from its first row."""
    if form == CHAINED and not year:
        chained = ((each.bytes, each.hash) for each in books.every(book))
        return exports.jsonl_file(path, chained, signed(book, heading.made).lines())
    if form not in FORMATS:
        raise Rejected("malformed")
    rows = (ledger.parse_row(each.bytes) for each in books.every(book))
    lines = exports.award_rows(rows, known(book), year, accounts.by_year(book.office))
    heading = heading if accounts.is_set(book.office) else replace(heading, note=NO_ACCOUNT)
    return FORMATS[form](path, lines, heading)


def signed(book: Book, today: str) -> Signed:
    """What an auditor verifies finance's own rows by, away from this house. Directories and channels are those that the
    doors serve to everybody."""
    return Signed(
        tuple((one.bytes, one.sig) for one in directory.directories(book.tx)),
        tuple(directory.channels(book.tx)),
        tuple((one.no, one.bytes, one.sig) for one in bookings.every(book)),
        anchor(book, today).rstrip(),
    )


def known(book: Book, numbers: Iterable[str] | None = None) -> dict[str, Known]:
    """What the cases with an award, or those of these numbers, say in public beyond the ledger, by register number."""
    categories: dict[str, str] = {}
    acts: defaultdict[str, list[tuple[str, str, str, Mapping[str, Any]]]] = defaultdict(list)
    among = None if numbers is None else list(_ids(book, numbers))
    for row, kind, post, day, body in numbered.every(book.tx, book.office, *exports.NOTICING, among=among):
        number = register_number(row.year, row.number)
        categories[number] = row.category
        acts[number].append((kind, post, day, parse_body(body)))
    return {number: Known(category, exports.notices(acts[number])) for number, category in categories.items()}


def _ids(book: Book, numbers: Iterable[str]) -> Iterator[int]:
    for number in numbers:
        place = register_place(number)
        found = cases.id_of(book.tx, book.office, *place) if place else None
        if found is not None:
            yield found


async def lines(
    casework: Casework, who: Reviewer, year: int = 0, *, after: str = "", limit: str = ""
) -> dict[str, Any]:
    """One page of the same lines for a page that adds what its reader's key opens, and where the next begins."""
    need(who, casework.office, *READERS, "payout")
    size = limit_of(limit or str(MOST))
    if not LINE.fullmatch(after):
        raise Rejected("malformed")
    here, following = await casework.docket.db.read(
        lambda tx: page(Book(tx, casework.office), year, after, size, casework.accounts)
    )
    return {"rows": [asdict(line) for line in here], "next": following}


def page(book: Book, year: int, after: str, size: int, accounts: BudgetAccounts = NONE) -> tuple[list[AwardRow], str]:
    """So many lines behind a cursor, and the next cursor, "" at the end. It costs what it shows: a cursor is the row
    of the last line with what was left of each year's budget behind it, and what became of an award stands in the rows
    of its case."""
    first, *left = map(int, after.split(".")) if after else (0,)
    before = [
        row for row in map(ledger.parse_row, books.rows_of(book, "")) if row.no <= first and year in (0, row.year)
    ]
    running = Running(dict(zip(left[::2], left[1::2], strict=True)), before)
    shown: list[tuple[ledger.Row, int, str]] = []
    following = ""
    for row in map(ledger.parse_row, (each.bytes for each in books.of_year(book, year, first))):
        if row.kind == "approve" and len(shown) == size:
            return _lines(book, year, shown, accounts), following
        running.take(row)
        if row.kind == "approve":
            shown.append((row, running.left[row.year], running.given(row.year)))
            following = ".".join(map(str, (row.no, *chain.from_iterable(running.left.items()))))
    return _lines(book, year, shown, accounts), ""


def _lines(book: Book, year: int, shown: list[tuple[ledger.Row, int, str]], accounts: BudgetAccounts) -> list[AwardRow]:
    """The lines of these approvals, each with what was left then and who had given."""
    numbers = {row.case for row, _, _ in shown}
    found = map(ledger.parse_row, books.rows_of_all(book, numbers))
    rows = (row for row in found if year in (0, row.year) or row.kind in exports.PAPERS)
    account = accounts.by_year(book.office)
    of_approval = {line.approval: line for line in exports.award_rows(rows, known(book, numbers), year, account)}
    return [replace(of_approval[row.post], left=left, source=row.source or given) for row, left, given in shown]


async def export(casework: Casework, who: Reviewer, form: str, path: Path, heading: Heading, year: int = 0) -> str:
    """As ``write``, for a reviewer who may read the ledger."""
    need(who, casework.office, *READERS)
    accounts = casework.accounts
    return await casework.docket.db.read(
        lambda tx: write(Book(tx, casework.office), form, path, heading, year, accounts)
    )


def anchor(book: Book, today: str) -> bytes:
    """The anchor of this moment: where an office's ledger stood, kept where nobody of this house can change it.

    One line of JSON, {v, zone, epoch, day, ledger: {count, head}, signed_from, audit: {count, head}}, with the ledger
    spelled as in a CHECKPOINT (envelope.md section 2), so that a checkpoint's bytes serve as an anchor too;
    `signed_from` is the row from which on finance's own rows must be signed, `audit` where the audit log stood. That of
    another office than the zone's own names it, `office`, behind the ledger."""
    document = {"v": 1, "zone": meta.zone(book.tx), "epoch": meta.epoch(book.tx), "day": today}
    document |= {"ledger": _stands(books.head(book))} | ({} if book.office == ZONE else {"office": book.office})
    behind = {"signed_from": bookings.signed_from(book), "audit": _stands(audit.head(book.tx))}
    return strictjson.dump(document | behind) + b"\n"


def _stands(head: Head) -> dict[str, Any]:
    return {"count": head.count, "head": b64(head.hash)}


async def export_anchor(casework: Casework, who: Reviewer, today: str) -> bytes:
    """As ``anchor``, for a reviewer who may read the ledger."""
    need(who, casework.office, *READERS)
    return await casework.docket.db.read(lambda tx: anchor(Book(tx, casework.office), today))


@dataclass(frozen=True)
class Anchor:
    """What an anchor says. In one of an earlier release, which does not say it, `signed_from` is 0 and `audit` the
    start of a chain."""

    zone: str
    office: str
    head: Head
    signed_from: int
    audit: Head


def read_anchor(data: bytes, zone: str = "", office: str = "") -> Anchor:
    """An anchor of a zone and an office, "" of any. Raises Rejected: "anchor_form" for what is none, "anchor_zone" for
    that of another zone, "anchor_office" for that of another office."""
    written = _object(data)
    since = written.get("signed_from", 0)
    if type(since) is not int or since < 0:
        raise Rejected("anchor_form")
    if zone and written.get("zone") != zone:
        raise Rejected("anchor_zone")
    if office and written.get("office", ZONE) != office:
        raise Rejected("anchor_office")
    seen = _head(written["audit"]) if "audit" in written else START
    return Anchor(str(written.get("zone")), str(written.get("office", ZONE)), _head(written.get("ledger")), since, seen)


def _head(stands: object) -> Head:
    """Where a chain stood, as ``_stands`` writes it."""
    count = stands.get("count") if isinstance(stands, dict) else None
    if not isinstance(stands, dict) or type(count) is not int or count < 0:
        raise Rejected("anchor_form")
    try:
        return Head(count, unb64(str(stands.get("head")), 32))
    except EnvelopeError:
        raise Rejected("anchor_form") from None


def _object(data: bytes) -> dict[str, Any]:
    try:
        written = json.loads(data)
    except (ValueError, RecursionError):
        raise Rejected("anchor_form") from None
    if not isinstance(written, dict):
        raise Rejected("anchor_form")
    return written
