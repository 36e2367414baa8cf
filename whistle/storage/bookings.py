"""What finance signed for the rows it entered itself, beside the ledger whose bytes it leaves as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from whistle.storage import meta, tables
from whistle.storage.records import Bytes

_BOOKINGS = tables.bookings
SIGNED_FROM = "signed_from"
_NUMBER = re.compile("[1-9][0-9]{0,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Booked:
    """The ledger row's number, the booking's own id, the document as it was signed, and the signature."""

    no: int
    pid: str
    bytes: Bytes
    sig: Bytes


def keep(tx: Connection, booked: Booked) -> None:
    """In the transaction that enters the row."""
    row = {"no": booked.no, "pid": booked.pid, "document": booked.bytes, "sig": booked.sig}
    tx.execute(insert(_BOOKINGS).values(row))


def by_pid(tx: Connection, pid: str) -> Booked | None:
    """The booking with this id: the same one again is not booked twice."""
    found = tx.execute(select(*_BOOKINGS.c).where(_BOOKINGS.c.pid == pid)).one_or_none()
    return None if found is None else Booked(*found)


def every(tx: Connection) -> Iterator[Booked]:
    """All of them in the order of the ledger."""
    return (Booked(*row) for row in tx.execute(select(*_BOOKINGS.c).order_by(_BOOKINGS.c.no)))


def signed_from(tx: Connection) -> int:
    """The ledger row from which on every row of finance's own must be signed: migration 0008 wrote it down. From the
    first row on when somebody took it out."""
    told = meta.get(tx, SIGNED_FROM)
    return int(told) if _NUMBER.fullmatch(told) else 1
