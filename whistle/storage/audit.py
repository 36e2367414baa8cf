"""What staff did: logins, enrolments, reads, exports. Never a reporter's act, never a finer time than the day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import partial

from sqlalchemy import Connection

from whistle.core.ledger import START, Head
from whistle.storage import chained, tables
from whistle.storage.chained import FIRST, ChainedRow

TAG = b"audit v1\0"


def record(tx: Connection, *, day: str, rid: str, act: str, case: str = "", note: str = "") -> ChainedRow:
    """Write one act down, chained to the one before. `note` is a code, never text of a case."""
    entry = {"day": day, "rid": rid, "act": act, "case": case, "note": note}
    return chained.append(tx, tables.audit, partial(_row, entry))


def head(tx: Connection) -> Head:
    """Number of rows and hash of the last: what an anchor names."""
    return Head(*chained.head(tx, tables.audit))


def every(tx: Connection) -> Iterator[ChainedRow]:
    return chained.every(tx, tables.audit)


def verify(rows: Iterable[ChainedRow], anchor: Head = START) -> bool:
    """Whether every row follows from the one before, without a gap, and all that the anchor counted are there."""
    no, previous = 0, FIRST
    for no, row in enumerate(rows, 1):
        if row.no != no or row.hash != _hash(previous, row.bytes):
            return False
        if no == anchor.count and row.hash != anchor.hash:
            return False
        previous = row.hash
    return no >= anchor.count


def _row(entry: dict[str, str], previous: bytes, no: int) -> tuple[bytes, bytes]:
    document = json.dumps({"no": no, **entry}, ensure_ascii=False, separators=(",", ":")).encode()
    return document, _hash(previous, document)


def _hash(previous: bytes, document: bytes) -> bytes:
    return hashlib.sha256(TAG + previous + document).digest()
