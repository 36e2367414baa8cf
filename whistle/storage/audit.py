"""What staff did: logins, enrolments, reads, exports. Never a reporter's act, never a finer time than the day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import partial

from sqlalchemy import Connection

from whistle.storage import chained, tables
from whistle.storage.chained import FIRST, ChainedRow

TAG = b"audit v1\0"


def record(tx: Connection, *, day: str, rid: str, act: str, case: str = "", note: str = "") -> ChainedRow:
    """Write one act down, chained to the one before. `note` is a code, never text of a case."""
    entry = {"day": day, "rid": rid, "act": act, "case": case, "note": note}
    return chained.append(tx, tables.audit, partial(_row, entry))


def audit_rows(tx: Connection, after: int = 0, limit: int = 1000) -> list[ChainedRow]:
    return chained.rows(tx, tables.audit, after, limit)


def every(tx: Connection) -> Iterator[ChainedRow]:
    return chained.every(tx, tables.audit)


def audit_head(tx: Connection) -> tuple[int, bytes]:
    return chained.head(tx, tables.audit)


def verify(rows: Iterable[ChainedRow]) -> bool:
    """Whether every row follows from the one before, without a gap."""
    previous = FIRST
    for no, row in enumerate(rows, 1):
        if row.no != no or row.hash != _hash(previous, row.bytes):
            return False
        previous = row.hash
    return True


def _row(entry: dict[str, str], previous: bytes, no: int) -> tuple[bytes, bytes]:
    document = json.dumps({"no": no, **entry}, ensure_ascii=False, separators=(",", ":")).encode()
    return document, _hash(previous, document)


def _hash(previous: bytes, document: bytes) -> bytes:
    return hashlib.sha256(TAG + previous + document).digest()
