"""The objects of large files as a set: what is damaged, what no row names, into a backup and back out of it.

An object belongs to the database whose parts name it. Which database that is stands in the store too, as its epoch:
nobody sweeps or moves away the files of another.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from whistle.storage import parts, tables
from whistle.storage.blobs import DAY, Blobs, new_name
from whistle.storage.database import Database
from whistle.storage.errors import StorageError, Unknown

INLINE = 65_536  # a longer item lies in parts (envelope.md, ITEM)
OWNER = "owner"
OFTEN = 20
_Slice = tuple[int, bytes, str]  # size, hash, object
_Key = tuple[Any, ...]  # case's number, author, pid, index of the item, number of the slice
_ITEMS, _PARTS = tables.items, tables.parts


def owner(blobs: Blobs) -> str:
    """The epoch of the database whose objects these are, "" while no one has said so. Raises StorageError."""
    try:
        return blobs.get(OWNER).decode()
    except Unknown:
        return ""


def own(blobs: Blobs, epoch: str) -> None:
    """Say whose objects these are. The one name that several processes may write at once: whoever finds it written by
    another of the same database is content. Raises StorageError."""
    for _ in range(OFTEN):
        with suppress(StorageError):
            return blobs.put(OWNER, epoch.encode())
        if owner(blobs) == epoch:
            return None
    return blobs.put(OWNER, epoch.encode())


def sound(blobs: Blobs, name: str, hashed: bytes) -> bytes | None:
    """The object with the bytes its part was kept for, or None. Raises StorageError when nobody can look."""
    try:
        data = blobs.get(name)
    except Unknown:
        return None
    return data if hashlib.sha256(data).digest() == hashed else None


def broken(db: Database, blobs: Blobs) -> int:
    """Large items that are not whole: parts or objects are missing, or are not what the author signed. Looked at
    twice: between the rows and the objects the nightly move may have copied some to other names."""
    return len(_unsound(db, blobs) and _unsound(db, blobs))


def _unsound(db: Database, blobs: Blobs) -> set[tuple[int, str]]:
    items, slices = db.read_sync(_large)
    return {(case, item) for case, item, length, tree in items if not _holds(slices[case, item], length, tree, blobs)}


def _large(tx: Connection) -> tuple[list[tuple[int, str, int, str]], dict[tuple[int, str], list[_Slice]]]:
    """Case, item, length and tree of every large item that was not destroyed; and the slices of each, in order."""
    columns = (_ITEMS.c.case_id, _ITEMS.c.id, _ITEMS.c.length, _ITEMS.c.tree)
    kept = select(*columns).where(~_ITEMS.c.gone, _ITEMS.c.length > INLINE)
    found: dict[tuple[int, str], list[_Slice]] = defaultdict(list)
    rows = select(_PARTS.c.case_id, _PARTS.c.item, _PARTS.c.size, _PARTS.c.hash, _PARTS.c.object)
    for case, item, size, hashed, name in tx.execute(rows.order_by(_PARTS.c.n)):
        found[case, item].append((size, bytes(hashed), name))
    return [(case, item, length, tree) for case, item, length, tree in tx.execute(kept)], found


def _holds(slices: list[_Slice], length: int, tree: str, blobs: Blobs) -> bool:
    signed = parts.tree_of([hashed for _size, hashed, _name in slices])
    if sum(size for size, _hashed, _name in slices) != length or signed != tree:
        return False
    return all(sound(blobs, name, hashed) is not None for _size, hashed, name in slices)


def orphans(db: Database, blobs: Blobs, now: float) -> list[str]:
    """Objects that no row names, a day old at least: an object is written before its row. None of another database's.

    A file's time is its day, so that two days are needed to be sure of one."""
    if owner(blobs) != db.epoch:
        return []
    old = set(blobs.names(now - 2 * DAY))
    return sorted(old.difference(db.read_sync(lambda tx: list(parts.objects(tx)))))


def sweep(db: Database, blobs: Blobs) -> int:
    """Removes what no row names; how many it was. A store that nobody owns becomes this database's."""
    if not owner(blobs):
        own(blobs, db.epoch)
    found = orphans(db, blobs, time.time())
    for name in found:
        blobs.remove(name)
    return len(found)


def pack(part: Path, blobs: Blobs, moved: Callable[[_Key], str]) -> int:
    """Put the object of every posted part into a backup; how many were missing or damaged, and are not in it.

    `moved` says which object a part lies in by now: the nightly move may have copied it since the snapshot. What no
    post names yet is left out: its sender is told so, and sends it again."""
    with closing(sqlite3.connect(part)) as copy, copy:
        copy.execute("DELETE FROM parts WHERE item = ''")
        copy.execute("CREATE TABLE backup_objects (name TEXT PRIMARY KEY, bytes BLOB NOT NULL)")
        rows = copy.execute("SELECT object, hash, case_id, author, pid, idx, n FROM parts").fetchall()
        for name, hashed, *key in rows:
            data = sound(blobs, name, hashed) or sound(blobs, moved(tuple(key)), hashed)
            if data is not None:
                copy.execute("INSERT INTO backup_objects VALUES (?, ?)", (name, data))
        (kept,) = copy.execute("SELECT count(*) FROM backup_objects").fetchone()
    return len(rows) - int(kept)


def unpack(part: Path, blobs: Blobs) -> set[str]:
    """Put a backup's objects where the house keeps them, and take them out of the copy; the names its rows give.

    What is there already stays. What is there with other bytes stays too, and the row names a new object."""
    with closing(sqlite3.connect(part)) as copy:
        if _is_packed(copy):
            for name, hashed in copy.execute("SELECT object, hash FROM parts").fetchall():
                if sound(blobs, name, hashed) is None:
                    _put_anew(copy, name, blobs)
            copy.execute("DROP TABLE backup_objects")
            copy.commit()
            copy.execute("VACUUM")
        return {name for (name,) in copy.execute("SELECT object FROM parts")}


def _is_packed(copy: sqlite3.Connection) -> bool:
    return copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'backup_objects'").fetchone() is not None


def _put_anew(copy: sqlite3.Connection, name: str, blobs: Blobs) -> None:
    """Nothing is done for what the backup itself was missing: doctor tells it."""
    if found := copy.execute("SELECT bytes FROM backup_objects WHERE name = ?", (name,)).fetchone():
        fresh = new_name()
        blobs.put(fresh, found[0])
        copy.execute("UPDATE parts SET object = ? WHERE object = ?", (fresh, name))
