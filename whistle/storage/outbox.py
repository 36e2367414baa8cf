"""Notices waiting to be sent. No broker: the row is the queue, and a worker that changed it first has it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from whistle.storage import tables
from whistle.storage.appending import next_number

_OUTBOX = tables.outbox


@dataclass(frozen=True, slots=True)
class Notice:
    """Without content: that there is something to read, never what."""

    id: int
    kind: str
    rid: str
    day: str
    data: dict[str, Any]
    tries: int


def add(tx: Connection, kind: str, rid: str, day: str, data: dict[str, Any]) -> None:
    """Leave a notice for a reviewer, to be sent from this day on."""
    row = {"id": next_number(tx, "notice"), "kind": kind, "rid": rid, "day": day, "worker": "", "tries": 0}
    tx.execute(insert(_OUTBOX).values(row | {"data": json.dumps(data, separators=(",", ":"))}))


def claim(tx: Connection, worker: str, limit: int, today: str) -> list[Notice]:
    """Take up to `limit` waiting notices for this worker; nobody else is given them."""
    waiting = select(_OUTBOX.c.id).where(_OUTBOX.c.worker == "", _OUTBOX.c.day <= today)
    ids = list(tx.execute(waiting.order_by(_OUTBOX.c.id).limit(limit)).scalars())
    mine = (_OUTBOX.c.id.in_(ids)) & (_OUTBOX.c.worker == "")
    tx.execute(update(_OUTBOX).where(mine).values(worker=worker, tries=_OUTBOX.c.tries + 1))
    query = select(_OUTBOX).where(_OUTBOX.c.id.in_(ids), _OUTBOX.c.worker == worker).order_by(_OUTBOX.c.id)
    return [Notice(row.id, row.kind, row.rid, row.day, json.loads(row.data), row.tries) for row in tx.execute(query)]


def done(tx: Connection, notice_id: int) -> None:
    tx.execute(delete(_OUTBOX).where(_OUTBOX.c.id == notice_id))


def retry(tx: Connection, notice_id: int) -> None:
    """Give it back: somebody else may try."""
    tx.execute(update(_OUTBOX).where(_OUTBOX.c.id == notice_id).values(worker=""))


def release(tx: Connection, worker: str) -> int:
    """Give back all that a worker held when it died."""
    return tx.execute(update(_OUTBOX).where(_OUTBOX.c.worker == worker).values(worker="")).rowcount
