"""What `whistle doctor` asks of the database. Every finding is a code, a level and figures: never a case's content."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, Select, func, select

from whistle.core.ledger import LedgerError
from whistle.storage import audit, ledger, meta, tables
from whistle.storage.cases import iter_cases
from whistle.storage.database import Database
from whistle.storage.engine import sqlite_path
from whistle.storage.migrations import HEAD, schema_version
from whistle.storage.records import CaseRow

SLICE = 1_048_576  # tree of envelope.md section 2, ITEM
LOW_DISK = 1 << 30
Refold = Callable[[Connection, CaseRow], bool]
_CASES, _POSTS, _ITEMS, _READERS, _TALLIES = (
    tables.cases, tables.posts, tables.items, tables.readers, tables.tallies,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """`level` is ok, amber (look at it) or red (something is broken)."""

    code: str
    level: str
    facts: dict[str, int | str] = field(default_factory=dict)


def check(url: str, *, refold: Refold | None = None) -> list[Finding]:
    """Look at everything. `refold` says whether a case's row is what its fold gives; folding needs the verbs."""
    version = schema_version(url)
    if version != HEAD:
        return [Finding("schema", "red", {"is": version, "should_be": HEAD})]
    with Database.open(url) as db:
        found = [Finding("schema", "ok", {"is": version}), _disk(url)]
        found += [_count(db, code, bad) for code, bad in CHECKS.items()]
        if refold is not None:
            found.append(_count(db, "cache", lambda tx: _stale(tx, refold)))
        return [*found, db.read_sync(_facts)]


def _count(db: Database, code: str, bad: Callable[[Connection], int]) -> Finding:
    """One snapshot a check: the order of locks is nobody's concern, and writers go on."""
    number = db.read_sync(bad)
    return Finding(code, "red" if number else "ok", {"bad": number})


def _disk(url: str) -> Finding:
    path = sqlite_path(url)
    if path is None:
        return Finding("disk", "ok", {"where": "server"})
    free = shutil.disk_usage(path.parent).free
    return Finding("disk", "ok" if free > LOW_DISK else "amber", {"free": free})


def _facts(tx: Connection) -> Finding:
    facts: dict[str, int | str] = {"epoch": meta.epoch(tx), "zone": meta.zone(tx)}
    counted = (_CASES, _POSTS, _ITEMS, tables.grants, tables.ledger, tables.audit)
    facts |= {table.name: _size(tx, select(func.count()).select_from(table)) for table in counted}
    return Finding("database", "ok", facts)


def _integrity(tx: Connection) -> int:
    """SQLite's own check. PostgreSQL's pages are its operator's (pg_amcheck)."""
    if tx.dialect.name != "sqlite":
        return 0
    answers = tx.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    dangling = tx.exec_driver_sql("PRAGMA foreign_key_check").all()
    return len([answer for answer in answers if answer != "ok"]) + len(dangling)


def _gaps(tx: Connection) -> int:
    """Numbers of cases and posts run from 1 without a gap, and the counters stand at the last."""
    bad = 0
    for name, column in (("case", _CASES.c.seq), ("post", _POSTS.c.id)):
        count, last = tx.execute(select(func.count(column), func.coalesce(func.max(column), 0))).one()
        query = select(tables.counters.c.value).where(tables.counters.c.name == name)
        bad += (count, count) != (last, _size(tx, query))
    return bad


def _chains(tx: Connection) -> int:
    """Cases whose posts do not follow one another from the case's id to its head, or are miscounted."""
    return sum(not _follows(tx, case) for case in _every_case(tx))


def _follows(tx: Connection, case: CaseRow) -> bool:
    query = select(_POSTS.c.prev, _POSTS.c.hash, _POSTS.c.vis, _POSTS.c.no).where(_POSTS.c.case_seq == case.seq)
    newest, seen = {"": case.case, "all": ""}, Counter[str]()
    for prev, hash_, vis, no in tx.execute(query.order_by(_POSTS.c.id)):
        if prev != newest[""] or no != seen[vis]:
            return False
        newest[""] = newest[vis] = hash_
        seen[vis] += 1
    counts = (seen.total(), seen["all"])
    return (newest[""], newest["all"], *counts) == (case.head, case.head_all, case.count, case.count_all)


def _items(tx: Connection) -> int:
    """Items whose bytes are not as long as said, or not those of their tree."""
    query = select(_ITEMS.c.length, _ITEMS.c.tree, _ITEMS.c.blob).where(_ITEMS.c.blob.is_not(None))
    rows = tx.execution_options(yield_per=50).execute(query)
    return sum(len(blob) != length or tree_of(blob) != tree for length, tree, blob in rows)


def tree_of(blob: bytes) -> str:
    slices = (hashlib.sha256(blob[at : at + SLICE]).digest() for at in range(0, len(blob), SLICE))
    return base64.urlsafe_b64encode(hashlib.sha256(b"".join(slices)).digest()).rstrip(b"=").decode()


def _tallies(tx: Connection) -> int:
    """Counts of the list that differ from the cases counted anew."""
    sees = _READERS.c.granted & ~_READERS.c.hidden
    state = (_CASES.c.channel, _CASES.c.state)
    each = select(_READERS.c.rid, *state, func.count()).join(_CASES, _CASES.c.seq == _READERS.c.case_seq)
    every = select(*state, func.count()).group_by(*state)
    counted = {tuple(row[:3]): row[3] for row in tx.execute(each.where(sees).group_by(_READERS.c.rid, *state))}
    counted |= {("", *row[:2]): row[2] for row in tx.execute(every)}
    told = {tuple(row[:3]): row[3] for row in tx.execute(select(_TALLIES).where(_TALLIES.c.n != 0))}
    return len(counted.items() ^ told.items())


def _ledger(tx: Connection) -> int:
    try:
        ledger.verify(tx)
    except LedgerError:
        return 1
    return 0


def _ledger_columns(tx: Connection) -> int:
    """The columns that sums are made from, against the rows they repeat."""
    return int(ledger.balance(tx) != ledger.recount(tx))


def _audit(tx: Connection) -> int:
    return int(not audit.verify(audit.every(tx)))


def _stale(tx: Connection, refold: Refold) -> int:
    return sum(not refold(tx, case) for case in _every_case(tx))


def _every_case(tx: Connection) -> Iterator[CaseRow]:
    page = iter_cases(tx)
    while page:
        yield from page
        page = iter_cases(tx, page[-1].seq)


def _size(tx: Connection, query: Select[int]) -> int:
    return int(tx.execute(query).scalar() or 0)


CHECKS: dict[str, Callable[[Connection], int]] = {
    "integrity": _integrity,
    "numbers": _gaps,
    "chains": _chains,
    "items": _items,
    "tallies": _tallies,
    "ledger": _ledger,
    "ledger_columns": _ledger_columns,
    "audit": _audit,
}
