"""What finance signed for the rows it entered itself, beside the ledger whose bytes it leaves as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from whistle.core.offices import ZONE
from whistle.storage import meta, tables
from whistle.storage.ledger import Book
from whistle.storage.records import Bytes

_BOOKINGS = tables.bookings
_COLUMNS = [_BOOKINGS.c[name] for name in ("office", "no", "pid", "document", "sig")]
SIGNED_FROM = "signed_from"
_NUMBER = re.compile("[1-9][0-9]{0,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Booked:
    """Whose ledger it is in, the row's number there, the booking's own id, the document as it was signed, and its
    signature."""

    office: str
    no: int
    pid: str
    bytes: Bytes
    sig: Bytes


def keep(tx: Connection, booked: Booked) -> None:
    """In the transaction that enters the row."""
    row = {"no": booked.no, "pid": booked.pid, "document": booked.bytes, "sig": booked.sig}
    tx.execute(insert(_BOOKINGS).values(office=booked.office, **row))


def by_pid(tx: Connection, pid: str) -> Booked | None:
    """The booking of any office with this id: the same one again is not booked twice."""
    found = tx.execute(select(*_COLUMNS).where(_BOOKINGS.c.pid == pid)).one_or_none()
    return None if found is None else Booked(*found)


def every(book: Book) -> Iterator[Booked]:
    """All of an office in the order of its ledger."""
    query = select(*_COLUMNS).where(_BOOKINGS.c.office == book.office).order_by(_BOOKINGS.c.no)
    return (Booked(*row) for row in book.tx.execute(query))


def signed_from(book: Book) -> int:
    """The ledger row from which on every row of finance's own must be signed: for the zone's own office migration 0008
    wrote it down, every other signs from its first. From the first row on when somebody took it out."""
    told = meta.get(book.tx, SIGNED_FROM) if book.office == ZONE else ""
    return int(told) if _NUMBER.fullmatch(told) else 1
