"""Carrying a signed destruction out: rows are emptied in the transaction that keeps its post, objects and what the
database's own files still hold go right after it, and again each hour until they are gone."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, tuple_, update

from whistle.storage import moving, tables
from whistle.storage.blobs import Blobs
from whistle.storage.cases import find_case
from whistle.storage.database import Database
from whistle.storage.errors import Unknown
from whistle.storage.objects import INLINE

_ITEMS, _GRANTS, _PARTS, _REMOVALS = tables.items, tables.grants, tables.parts, tables.removals
FILES = ""  # in place of an object: what the database's files keep of emptied rows


class Removal(NamedTuple):
    case_id: int
    object: str


def empty(tx: Connection, case: str, items: Collection[str], since: int) -> None:
    """The bytes of these items of a case, and every grant that opens nothing else. `since`: now, in Unix seconds. What
    is empty already stays so. Raises Unknown when there is no such case."""
    found = find_case(tx, case)
    if found is None:
        raise Unknown
    ours = (_ITEMS.c.case_id == found.id) & _ITEMS.c.id.in_(items)
    tx.execute(update(_ITEMS).where(ours).values(blob=None, gone=True))
    objects = _take_parts(tx, found.id, items)
    for place, row in list(_spent(tx, found.id, frozenset(items))):
        at = (_GRANTS.c.case_id == found.id) & (_GRANTS.c.place == place) & (_GRANTS.c.row == row)
        tx.execute(delete(_GRANTS).where(at))
    known = set(tx.execute(select(_REMOVALS.c.object).where(_REMOVALS.c.case_id == found.id)).scalars())
    for name in {FILES, *objects} - known:
        tx.execute(insert(_REMOVALS).values(case_id=found.id, object=name, since=since))


def _take_parts(tx: Connection, case_id: int, items: Collection[str]) -> list[str]:
    """The objects of large items, whose parts go here."""
    ours = (_PARTS.c.case_id == case_id) & _PARTS.c.item.in_(items)
    objects = list(tx.execute(select(_PARTS.c.object).where(ours)).scalars())
    tx.execute(delete(_PARTS).where(ours))
    return objects


def _spent(tx: Connection, case_id: int, items: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Grants that open nothing but these items. One that opens another too stays whole: it is one sealed box."""
    rows = tx.execute(select(_GRANTS.c.place, _GRANTS.c.row, _GRANTS.c.covers).where(_GRANTS.c.case_id == case_id))
    return ((place, row) for place, row, covers in rows if {item for item, _part in json.loads(covers)} <= items)


def remove(db: Database, blobs: Blobs) -> list[Removal]:
    """What destructions left on the disk goes, and is given back to be marked `done`. Raises Busy while a long reading
    holds SQLite's log; what is gone then is asked for again."""
    found = db.read_sync(waiting)
    for name in {each.object for each in found} - {FILES}:
        blobs.remove(name)
    if found:
        moving.clear_traces(db, rebuild=True)
    return found


def waiting(tx: Connection) -> list[Removal]:
    """What is still to be removed from the disk."""
    return [Removal(*row) for row in tx.execute(select(_REMOVALS.c.case_id, _REMOVALS.c.object))]


def is_waiting(tx: Connection, case_id: int) -> bool:
    """Whether of what was destroyed in this case something is still on the disk."""
    return tx.execute(select(_REMOVALS.c.object).where(_REMOVALS.c.case_id == case_id)).first() is not None


def late(tx: Connection, before: int) -> int:
    """In how many cases something is still there that was destroyed before this time, in Unix seconds."""
    cases = select(func.count(func.distinct(_REMOVALS.c.case_id))).where(_REMOVALS.c.since < before)
    return int(tx.execute(cases).scalar_one())


def done(tx: Connection, removed: Collection[Removal]) -> int:
    """These are gone from the disk; how many it was."""
    key = tuple_(_REMOVALS.c.case_id, _REMOVALS.c.object)
    return tx.execute(delete(_REMOVALS).where(key.in_(list(removed)))).rowcount if removed else 0


def emptied(tx: Connection, case_id: int) -> tuple[set[str], set[str]]:
    """The items of a case whose bytes are gone by a destruction, as the store says, and those whose bytes are missing
    without one. A large item's bytes are looked for by its objects (objects.broken)."""
    rows = tx.execute(
        select(_ITEMS.c.id, _ITEMS.c.gone, _ITEMS.c.length, _ITEMS.c.blob.is_(None)).where(_ITEMS.c.case_id == case_id)
    ).all()
    gone = {name for name, is_gone, _length, is_empty in rows if is_gone and is_empty}
    lost = {name for name, is_gone, length, is_empty in rows if is_empty and not is_gone and length <= INLINE}
    return gone, lost
