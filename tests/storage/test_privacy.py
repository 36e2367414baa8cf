"""What must not be in a database at all: addresses, devices, times finer than a day."""

from __future__ import annotations

import os
import time
from pathlib import Path

from sqlalchemy import Boolean, Date, DateTime, Time

from tests.storage.people import DAY, a_report, add, after, file
from whistle.storage import tables
from whistle.storage.appending import spend
from whistle.storage.database import Database

HOURS = {"cases.hour", "sessions.expires"}  # an urgent report's hour; a reviewer's own session
WORDS = ("addr", "agent", "time", "_at", "host", "device", "hour", "minute", "expires", "ip", "phone", "name")
DAYS = {"invites.expires", "counters.name"}
IDS = {"parts.name"}  # the id of a sealed item
OFFICERS = {"destinations.address", "audit.minute"}  # where a reviewer wants to be told, when he did something


def test_no_column_holds_a_time_an_address_or_a_device() -> None:
    columns = [column for table in tables.ALL for column in table.columns]
    assert not [column for column in columns if isinstance(column.type, (Date, DateTime, Time))]
    named = {str(column) for column in columns if any(_is(word, column.name) for word in WORDS)}
    assert named == HOURS | DAYS | IDS | OFFICERS


def _is(word: str, name: str) -> bool:
    return word in name.split("_") or (len(word) > 3 and word in name) or name.endswith(word if word == "_at" else "\0")


def test_a_reporters_rows_hold_no_clock(db: Database) -> None:
    """Whatever integer stands in a row of hers, none is the time of day or the unix time at which she filed."""
    report, now = a_report(), int(time.time())
    db.write_sync(lambda tx: (spend(tx, os.urandom(16), DAY), file(tx, report)))
    db.write_sync(lambda tx: add(tx, after(report, 1, "reporter", "message")))
    for table in (tables.cases, tables.posts, tables.items, tables.grants, tables.readers, tables.spent):
        for row in db.read_sync(lambda tx, table=table: tx.execute(table.select()).mappings().all()):
            plain = [v for k, v in row.items() if isinstance(v, int) and not isinstance(table.c[k].type, Boolean)]
            assert not [value for value in plain if abs(value - now) < 10**8]


def test_a_spent_nonce_is_not_kept_nor_the_order_of_nonces(db: Database) -> None:
    nonces = [os.urandom(16) for _ in range(20)]
    for nonce in nonces:
        db.write_sync(lambda tx, nonce=nonce: spend(tx, nonce, DAY))
    rows = db.read_sync(lambda tx: tx.execute(tables.spent.select()).all())
    assert not [row for row in rows if any(nonce.hex() in row.nonce for nonce in nonces)]
    if db.dialect == "sqlite":
        assert [row.nonce for row in rows] == sorted(row.nonce for row in rows)


def test_a_deleted_row_is_overwritten_in_the_file(tmp_path: Path, db: Database) -> None:
    if db.dialect == "postgresql":
        return
    marker = b"a sealed body that is forgotten on schedule" * 40
    report = a_report(items=0)
    db.write_sync(lambda tx: file(tx, report))
    db.write_sync(lambda tx: tx.execute(tables.posts.update().values(body=marker)))
    db.write_sync(lambda tx: tx.execute(tables.posts.update().values(body=None)))
    db.close()
    assert marker[:40] not in Path(db.url).read_bytes()
