"""What `whistle doctor` asks of the database. Every finding is a code, a level and figures: never a case's content."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, Select, func, select, text

from whistle.core.ledger import LedgerError, parse_row
from whistle.storage import audit, destroying, ledger, meta, objects, parts, tables
from whistle.storage.blobs import Blobs
from whistle.storage.cases import iter_cases
from whistle.storage.database import Database
from whistle.storage.engine import sqlite_path
from whistle.storage.errors import StorageError
from whistle.storage.hold import DOORS, HOLD
from whistle.storage.ledger import Book
from whistle.storage.migrations import HEAD, schema_version
from whistle.storage.records import CaseRow

SLICE = 1_048_576  # tree of envelope.md section 2, ITEM
HOUR = 3600
LOW_DISK = 1 << 30
FULL_DISK = 32 << 20  # less than the bodies a door may hold at once
# Acts that never go without a row of their own; an approval may wait for funds, but not beyond its notice.
BOOKED = frozenset({"pay", "forfeit", "reinstate", "clawback", "recover.receipt"})
MONEY = BOOKED | {"award.approve", "award.notify"}
# "" when a case's row says what its posts say; "dates" when only its due days differ; "sealed"
# when a grant or an item that its posts name is not here; "cache" for anything else.
Refold = Callable[[Connection, CaseRow], str]
_CASES, _POSTS, _ITEMS, _READERS, _TALLIES = (
    tables.cases, tables.posts, tables.items, tables.readers, tables.tallies,
)  # fmt: skip


_DOORS_ABOVE = (
    "SELECT DISTINCT rolname FROM pg_locks JOIN pg_stat_activity USING (pid) JOIN pg_roles ON rolname = usename "
    "WHERE locktype = 'advisory' AND objid = :hold AND pg_locks.database = pg_stat_activity.datid "
    "AND datname = current_database() AND application_name = :doors AND rolsuper ORDER BY rolname"
)
_PUBLIC_DOORS = (
    "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE locktype = 'advisory' AND objid = :hold AND pg_locks.database = pg_stat_activity.datid "
    "AND datname = current_database() AND application_name = :doors AND usename = 'whistle_public'"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """`level` is ok, amber (look at it) or red (something is broken)."""

    code: str
    level: str
    facts: dict[str, int | str] = field(default_factory=dict)


def check(
    url: str,
    *,
    refold: Refold | None = None,
    order: Callable[[Connection], int] | None = None,
    settled: bool = True,
    blobs: Blobs | None = None,
    together: bool = False,
) -> list[Finding]:
    """Look at everything, the objects in `blobs` too. `refold` says whether a case's row is what its fold gives;
    folding needs the verbs. `order` counts what is wrong with the sealed order of receipt; opening it needs the key.

    `settled`: every due day has been computed with the working-day tables of now, so one that differs was changed by
    hand; else it is only old. `together`: the doors count their limits in one place."""
    version = schema_version(url)
    if version != HEAD:
        return [Finding("schema", "red", {"is": version, "should_be": HEAD})]
    with Database.open(url) as db:
        found = [Finding("schema", "ok", {"is": version}), _disk(url), _writable(db), _role(db), _limits(db, together)]
        found += [_count(db, code, bad) for code, bad in CHECKS.items()]
        found.append(_count(db, "destroying", _unremoved))
        if order is not None:
            found.append(_count(db, "order", order))
        if refold is not None:
            found += _cases(db, refold, settled)
        if blobs is not None:
            found += _files(db, blobs)
        return [*found, db.read_sync(_facts)]


def _cases(db: Database, refold: Refold, settled: bool) -> list[Finding]:
    """What somebody changed, apart from what only waits to be computed anew."""
    wrong = db.read_sync(lambda tx: Counter(refold(tx, case) for case in _every_case(tx)))
    late = "ok" if not wrong["dates"] else "red" if settled else "amber"
    return [
        Finding("cache", "red" if wrong["cache"] else "ok", {"bad": wrong["cache"]}),
        Finding("dates", late, {"bad": wrong["dates"]}),
        Finding("sealed", "red" if wrong["sealed"] else "ok", {"bad": wrong["sealed"]}),
    ]


def _files(db: Database, blobs: Blobs) -> list[Finding]:
    """Large files, byte by byte; what no row names any more is only a waste of room."""
    try:
        broken, left = objects.broken(db, blobs), len(objects.orphans(db, blobs, time.time()))
        foreign = objects.owner(blobs) not in {"", db.epoch}
    except StorageError:
        return [Finding("store", "red")]
    return [
        Finding("store", "amber" if foreign else "ok"),
        Finding("files", "red" if broken else "ok", {"bad": broken}),
        Finding("orphans", "amber" if left else "ok", {"bad": left}),
    ]


def _writable(db: Database) -> Finding:
    """A row is really written: what stops it answers every report with 503."""
    try:
        db.write_sync(lambda tx: meta.put(tx, "looked_at", "doctor"))
    except StorageError:
        return Finding("writing", "red")
    return Finding("writing", "ok")


def _role(db: Database) -> Finding:
    """A superuser's session is above every grant: the public door could read the staff's tables."""
    above = db.read_sync(_superusers) if db.dialect == "postgresql" else []
    return Finding("role", "red" if above else "ok", {"roles": ", ".join(above)} if above else {})


def _superusers(tx: Connection) -> list[str]:
    """Login roles of the sessions that hold this database as a door or the jobs do, as far as they are superusers."""
    return list(tx.execute(text(_DOORS_ABOVE), {"hold": HOLD, "doors": DOORS}).scalars())


def _limits(db: Database, together: bool) -> Finding:
    """Where limits, pace and turns are counted in the memory of each process, several public doors count apart. Only a
    server can tell how many there are, and only of those that sign in as the manual says."""
    query = text(_PUBLIC_DOORS)
    asked = {"hold": HOLD, "doors": DOORS}
    doors = db.read_sync(lambda tx: int(tx.execute(query, asked).scalar_one())) if db.dialect == "postgresql" else 0
    return Finding("limits", "amber" if doors > 1 and not together else "ok", {"doors": doors} if doors else {})


def _count(db: Database, code: str, bad: Callable[[Connection], int]) -> Finding:
    """One snapshot a check: the order of locks is nobody's concern, and writers go on."""
    try:
        number = db.read_sync(bad)
    except (TypeError, ValueError, KeyError):  # a row of another type or shape than this program ever wrote
        number = 1
    return Finding(code, "red" if number else "ok", {"bad": number})


def _disk(url: str) -> Finding:
    path = sqlite_path(url)
    if path is None:
        return Finding("disk_server", "ok")
    free = shutil.disk_usage(path.parent).free
    level = "ok" if free > LOW_DISK else "amber" if free > FULL_DISK else "red"
    return Finding("disk", level, {"free": free >> 20})


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
    """The counters stand at as many cases and posts as there are."""
    counter = tables.counters
    held = (("case", _CASES), ("post", _POSTS))
    return sum(
        _size(tx, select(func.count()).select_from(table))
        != _size(tx, select(counter.c.value).where(counter.c.name == name))
        for name, table in held
    )


def _register(tx: Connection) -> int:
    """Numbers that two cases of an office bear, and years whose next number would be one that a case bears already."""
    numbers, numbered, of = tables.numbers, _CASES.c.number > 0, (_CASES.c.office, _CASES.c.year)
    each = select(*of, func.count(), func.max(_CASES.c.number), func.count(func.distinct(_CASES.c.number)))
    drawn = tx.execute(select(numbers).where(numbers.c.kind == "case"))
    last = {(row.office, row.year): row.last for row in drawn}
    rows = tx.execute(each.where(numbered).group_by(*of)).all()
    return sum(total - different + (newest > last.get((*place,), 0)) for *place, total, newest, different in rows)


def _chains(tx: Connection) -> int:
    """Cases whose posts do not follow one another from the case's id to its head, or are miscounted."""
    return sum(not _follows(tx, case) for case in _every_case(tx))


def _follows(tx: Connection, case: CaseRow) -> bool:
    query = select(_POSTS.c.place, _POSTS.c.prev, _POSTS.c.hash, _POSTS.c.vis, _POSTS.c.no)
    newest, seen = {"": case.case, "all": ""}, Counter[str]()
    for place, prev, hash_, vis, no in tx.execute(query.where(_POSTS.c.case_id == case.id).order_by(_POSTS.c.place)):
        if place != seen.total() or prev != newest[""] or no != seen[vis]:
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
    return parts.tree_of([hashlib.sha256(blob[at : at + SLICE]).digest() for at in range(0, len(blob), SLICE)])


def _tallies(tx: Connection) -> int:
    """Counts of the list that differ from the cases counted anew."""
    sees = _READERS.c.granted & ~_READERS.c.hidden
    state = (_CASES.c.channel, _CASES.c.state)
    each = select(_READERS.c.rid, *state, func.count()).join(_CASES, _CASES.c.id == _READERS.c.case_id)
    every = select(*state, func.count()).group_by(*state)
    counted = {tuple(row[:3]): row[3] for row in tx.execute(each.where(sees).group_by(_READERS.c.rid, *state))}
    counted |= {("", *row[:2]): row[2] for row in tx.execute(every)}
    told = {tuple(row[:3]): row[3] for row in tx.execute(select(_TALLIES).where(_TALLIES.c.n != 0))}
    return len(counted.items() ^ told.items())


def _books(tx: Connection) -> list[Book]:
    """The ledger of every office that has a case or a row: one of which all rows are gone is looked at too."""
    offices = {*ledger.offices(tx), *tx.execute(select(_CASES.c.office).distinct()).scalars()}
    return [Book(tx, office) for office in sorted(offices)]


def _ledger(tx: Connection) -> int:
    return sum(map(_is_broken, _books(tx)))


def _is_broken(book: Book) -> bool:
    try:
        ledger.verify(book)
    except LedgerError:
        return True
    return False


def _unbooked(tx: Connection) -> int:
    return sum(map(unbooked, _books(tx)))


def unbooked(book: Book) -> int:
    """Acts of an office's cases that move money and have no row in its ledger: a chain whose end was cut off holds by
    itself."""
    booked = {parse_row(row.bytes).post for row in ledger.every(book)}
    moving = select(_POSTS.c.case_id, _POSTS.c.kind, _POSTS.c.hash).join(_CASES, _CASES.c.id == _POSTS.c.case_id)
    rows = book.tx.execute(moving.where(_POSTS.c.kind.in_(MONEY), _CASES.c.office == book.office)).all()
    told = {row.case_id for row in rows if row.kind == "award.notify"}
    obliged = {row.case_id for row in rows if row.kind == "award.approve" and row.hash in booked}
    return len(told - obliged) + sum(row.kind in BOOKED and row.hash not in booked for row in rows)


def _ledger_columns(tx: Connection) -> int:
    """The columns that rows are found by, and the sums kept beside them, against the rows they repeat: how many
    sums differ."""
    return sum(map(_differing_sums, _books(tx)))


def _differing_sums(book: Book) -> int:
    counted, by_kind = ledger.recount(book), dict[tuple[int, str, str], tuple[int, int]]()
    for (year, _, kind, corrects_kind), (n, fen) in counted.items():
        rows, sum_ = by_kind.get((year, kind, corrects_kind), (0, 0))
        by_kind[year, kind, corrects_kind] = (rows + n, sum_ + fen)
    return len(ledger.sums(book).items() ^ counted.items()) + len(
        ledger.sums_of_columns(book).items() ^ by_kind.items()
    )


def _audit(tx: Connection) -> int:
    return int(not audit.verify(audit.every(tx))) + audit.miscopied(tx)


def _unremoved(tx: Connection) -> int:
    """Cases of which something destroyed lies on the disk for longer than the jobs need: they run once an hour."""
    return destroying.late(tx, int(time.time()) - 2 * HOUR)


def _every_case(tx: Connection) -> Iterator[CaseRow]:
    page = iter_cases(tx)
    while page:
        yield from page
        page = iter_cases(tx, page[-1].id)


def _size(tx: Connection, query: Select[int]) -> int:
    return int(tx.execute(query).scalar() or 0)


CHECKS: dict[str, Callable[[Connection], int]] = {
    "integrity": _integrity,
    "numbers": _gaps,
    "register": _register,
    "chains": _chains,
    "items": _items,
    "tallies": _tallies,
    "ledger": _ledger,
    "ledger_columns": _ledger_columns,
    "unbooked": _unbooked,
    "audit": _audit,
}
