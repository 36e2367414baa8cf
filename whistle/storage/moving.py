"""The nightly move: every row of a day's posts is taken out and put back in random order, so that neither row numbers
nor pages keep the order in which they came. Large files get new names likewise (uploads.py).

Rows are deleted in one random order and inserted in another, in one transaction: which row had which place can then not
be told from where the rows are. Cases that a post of the day touched move with it, for their row was written anew when
it came. A part of a day's cases at a time, cut by their random ids, which the trees are sorted by; what a kill stops is
begun anew, and moving again does no harm.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, func, insert, select, tuple_

from whistle.storage import meta, tables
from whistle.storage.database import Database
from whistle.storage.engine import open_engine
from whistle.storage.errors import Busy, StorageError
from whistle.storage.prepared import Prepared, command
from whistle.storage.rownumbers import inserting, numbered

MOVED = "moved"  # meta: the last day whose posts have been moved
MOVED_ON = "moved_on"  # meta: the day on which they were
FILES = "moved_files"  # meta: the last day whose parts have been copied to new names
CASES = 500  # in one transaction: what files meanwhile waits for it
CLEARING = 2.0  # seconds the emptying of the log may wait for readers, and writers for it
_CASES, _POSTS, _ITEMS, _GRANTS = tables.cases, tables.posts, tables.items, tables.grants
_READERS, _PARTS = tables.readers, tables.parts
_DICE = secrets.SystemRandom()
Values = dict[str, Any]


class Days(NamedTuple):
    """From the first to the last day, both included."""

    first: str
    last: str


class Slice(NamedTuple):
    """Cases whose id is above `after`, up to `last`."""

    after: int
    last: int


def due(tx: Connection, before_day: str) -> Days | None:
    """The days before `before_day` whose posts have not been moved, with the last moved one: where a clock was set
    back over midnight, posts of it came after. None when there is nothing to do, or it was done on this day."""
    moved = meta.get(tx, MOVED)
    newest = tx.execute(select(func.max(_POSTS.c.day)).where(_POSTS.c.day < before_day)).scalar() or ""
    is_done = newest < moved or (newest == moved and meta.get(tx, MOVED_ON) == before_day)
    return Days(moved, newest) if newest and not is_done else None


def behind(tx: Connection, today: str) -> str:
    """The newest day whose posts still lie as they came though a whole day has passed since, "" when there is none."""
    yesterday = (date.fromisoformat(today) - timedelta(days=1)).isoformat()
    newest: str = tx.execute(select(func.max(_POSTS.c.day)).where(_POSTS.c.day < yesterday)).scalar() or ""
    return newest if newest > meta.get(tx, MOVED) else ""


def slices(tx: Connection, days: Days, size: int = CASES) -> list[Slice]:
    """The cases of these days in parts of about the same size, none of them small."""
    query = select(_POSTS.c.case_id).where(_of(days)).distinct().order_by(_POSTS.c.case_id)
    ids = list(tx.execute(query).scalars())
    parts = -(-len(ids) // size)
    ends = [ids[len(ids) * n // parts - 1] for n in range(1, parts + 1)]
    return [Slice(*pair) for pair in pairwise([0, *ends])]


def move(tx: Connection, days: Days, part: Slice) -> int:
    """Move the rows of these cases and days; how many posts it was."""
    taken = [(table, _rows(tx, table, where)) for table, where in _held(days, part)]
    _wait_with_references(tx)
    for table, rows in reversed(taken):
        _take_out(tx, table, rows)
    for table, rows in taken:
        _put_back(tx, table, rows)
    _wait_no_longer(tx)
    return sum(len(rows) for table, rows in taken if table is _POSTS)


def settle(tx: Connection, days: Days, today: str) -> None:
    """All cases of these days have been moved. Spent nonces move too: beside the office's rows they would date a day's
    posts."""
    rows = _rows(tx, tables.spent, tables.spent.c.day <= days.last)
    _take_out(tx, tables.spent, rows)
    _put_back(tx, tables.spent, rows)
    meta.put(tx, MOVED, days.last)
    meta.put(tx, MOVED_ON, today)


def files_due(tx: Connection, before_day: str) -> list[str]:
    """Objects of parts that came before a day and still lie under the name they came with, in random order; with a
    later day's also those of the last moved one, of which some may have come after."""
    moved, newest = meta.get(tx, FILES), _newest_part(tx, before_day)
    names = tx.execute(select(_PARTS.c.object).where(_PARTS.c.day.between(moved, newest))).scalars().all()
    return _DICE.sample(names, len(names)) if newest > moved else []


def settle_files(tx: Connection, before_day: str) -> None:
    """All parts that came before a day lie under new names."""
    if (newest := _newest_part(tx, before_day)) > meta.get(tx, FILES):
        meta.put(tx, FILES, newest)


def _newest_part(tx: Connection, before_day: str) -> str:
    return tx.execute(select(func.max(_PARTS.c.day)).where(_PARTS.c.day < before_day)).scalar() or ""


def rename_files(tx: Connection, names: Mapping[str, str]) -> set[str]:
    """Parts whose object was copied, old name → new, name the copy from now on; the old names that no longer count.
    A part that went meanwhile is not among them."""
    rows = _rows(tx, _PARTS, _PARTS.c.object.in_(names))
    _take_out(tx, _PARTS, rows)
    _put_back(tx, _PARTS, [row | {"object": names[row["object"]]} for row in rows])
    return {row["object"] for row in rows}


def clear_traces(db: Database, *, rebuild: bool = False) -> None:
    """What the moved rows were before goes from the disk: SQLite's log is emptied; PostgreSQL's dead rows are cleared
    where this role may do it, else its own autovacuum does. Raises Busy while a long reading holds the log.

    `rebuild`: SQLite's file is written anew first. `secure_delete` overwrites what is deleted, and not the copy that a
    row leaves in a page's unused space when a tree is balanced: seen in one of some twenty destructions. It takes as
    much room again, and the writer, for as long as that lasts."""
    engine, is_held = open_engine(db.url, "all", write=True, busy_seconds=CLEARING), False
    try:
        with engine.connect() as tx:
            driver: Any = tx.connection.driver_connection
            if db.dialect == "postgresql":
                driver.autocommit = True
                driver.execute("VACUUM " + ", ".join(table.name for table in (*_MOVING, tables.today_audit)))
            else:
                if rebuild:
                    driver.execute("VACUUM")
                is_held = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except Exception as error:  # the driver's own, of either database: what it says stays here
        raise StorageError from error.with_traceback(None)
    finally:
        engine.dispose()
    if is_held:
        raise Busy


def _of(days: Days) -> ColumnElement[bool]:
    return _POSTS.c.day.between(days.first, days.last)


def _held(days: Days, part: Slice) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Each table with what of it moves, parents first."""
    cases = (_POSTS.c.case_id > part.after) & (_POSTS.c.case_id <= part.last)
    posts = select(_POSTS.c.case_id, _POSTS.c.place).where(_of(days), cases)
    ids = select(_POSTS.c.case_id).where(_of(days), cases)
    yield _CASES, _CASES.c.id.in_(ids)
    yield _POSTS, and_(_of(days), cases)
    for table in (_ITEMS, _GRANTS):
        yield table, tuple_(table.c.case_id, table.c.place).in_(posts)
    yield _READERS, _READERS.c.case_id.in_(ids)


def _rows(tx: Connection, table: Table, where: ColumnElement[bool]) -> list[Values]:
    return [dict(row) for row in tx.execute(select(table).where(where)).mappings()]


def _take_out(tx: Connection, table: Table, rows: list[Values]) -> None:
    """Each row of these, in random order."""
    keys = [column.name for column in table.primary_key]
    _OUT[table].run_many(tx, [{f"{name}_": row[name] for name in keys} for row in _mixed(rows)])


def _put_back(tx: Connection, table: Table, rows: list[Values]) -> None:
    _IN[table].run_many(tx, [numbered(row) if table in _NUMBERED else row for row in _mixed(rows)])


def _mixed(rows: list[Values]) -> list[Values]:
    return _DICE.sample(rows, len(rows))


def _wait_with_references(tx: Connection) -> None:
    """Until the end of this transaction a row may lack the one it refers to."""
    sqlite = tx.dialect.name == "sqlite"
    command(tx, "PRAGMA defer_foreign_keys=ON" if sqlite else "SET CONSTRAINTS ALL DEFERRED")


def _wait_no_longer(tx: Connection) -> None:
    """Others may share the transaction: a row of theirs that lacks what it refers to is to be theirs alone."""
    sqlite = tx.dialect.name == "sqlite"
    command(tx, "PRAGMA defer_foreign_keys=OFF" if sqlite else "SET CONSTRAINTS ALL IMMEDIATE")


def _remover(table: Table) -> Prepared:
    return Prepared(delete(table).where(*(column == bindparam(f"{column.name}_") for column in table.primary_key)))


_MOVING = (_CASES, _POSTS, _ITEMS, _GRANTS, _READERS, tables.spent, tables.parts)
_OUT = {table: _remover(table) for table in _MOVING}
_NUMBERED = (_POSTS, _ITEMS, _GRANTS)
_IN = {table: inserting(table) if table in _NUMBERED else Prepared(insert(table)) for table in _MOVING}
