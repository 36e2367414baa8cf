"""The award ledger as files for an auditor, blind: numbers, clauses, sums, vouchers; no reporter, no enterprise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from whistle import exports
from whistle.casework.desk import Reviewer, need
from whistle.core import ledger
from whistle.crypto.posts import parse_body
from whistle.docket import Docket, Rejected, register_number
from whistle.exports import AwardRow, Heading, Known
from whistle.storage import ledger as books
from whistle.storage import registry

READERS = ("finance", "leader", "auditor")
Writer = Callable[[Path, Iterator[AwardRow], Heading], str]
FORMATS: Mapping[str, Writer] = MappingProxyType(
    {"csv": lambda path, rows, heading: exports.csv_file(path, rows), "xlsx": exports.xlsx_file}
)
CHAINED = "jsonl"  # the ledger itself, row by row with its hashes: whole or not at all


def write(tx: Connection, form: str, path: Path, heading: Heading, year: int = 0) -> str:
    """Writes the award ledger to a file; the SHA-256 of its bytes in hex. Raises Rejected("malformed") for a
    form that is not ours, and for one year of a chain that only verifies from its first row."""
    if form == CHAINED and not year:
        return exports.jsonl_file(path, ((each.bytes, each.hash) for each in books.every(tx)))
    if form not in FORMATS:
        raise Rejected("malformed")
    rows = (ledger.parse_row(each.bytes) for each in books.every(tx))
    return FORMATS[form](path, exports.award_rows(rows, known(tx), year), heading)


def known(tx: Connection) -> dict[str, Known]:
    """What the posts say in public beyond the ledger, by register number."""
    found = {
        register_number(row.year, row.number): Known(row.category) for row, *_ in registry.numbered(tx, "accept")
    }
    for row, day, body in registry.numbered(tx, "award.notify"):
        number = register_number(row.year, row.number)
        found[number] = Known(row.category, day, parse_body(body)["claim_by"])
    return found


async def lines(docket: Docket, who: Reviewer, year: int = 0) -> list[dict[str, Any]]:
    """The same lines for a page that adds what its reader's key opens."""
    need(who, *READERS, "payout")

    def read(tx: Connection) -> list[AwardRow]:
        rows = (ledger.parse_row(each.bytes) for each in books.every(tx))
        return list(exports.award_rows(rows, known(tx), year))

    return [asdict(line) for line in await docket.db.read(read)]


async def export(
    docket: Docket, who: Reviewer, form: str, path: Path, heading: Heading, year: int = 0
) -> str:
    """As ``write``, for a reviewer who may read the ledger."""
    need(who, *READERS)
    return await docket.db.read(lambda tx: write(tx, form, path, heading, year))
