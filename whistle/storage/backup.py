"""One file that holds a consistent snapshot: an SQLite database, whatever it was taken from.

So common tools can look at it, and it restores into SQLite or PostgreSQL. What is sealed is sealed in it too.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from whistle.core.clock import zone_day
from whistle.storage import cases, hold, meta, objects, parts, tables
from whistle.storage.blobs import Blobs
from whistle.storage.engine import cause, open_engine, sqlite_path, translate
from whistle.storage.errors import Mismatch
from whistle.storage.migrations import HEAD, OrderKey, migrate, new_epoch, schema_version, set_aside, unfit

MARK = 0x57484953  # application_id of our backups: WHIS
CHUNK = 100


@dataclass(frozen=True)
class Saved:
    """The backup's SHA-256, and how many objects of large files were missing or damaged and are not in it."""

    sha256: str
    lost: int


def backup(url: str, target: Path, files: Mapping[str, Path] | None = None, blobs: Blobs | None = None) -> Saved:
    """Write a snapshot to `target`; it is on disk when this returns. `files` (name in the backup → path) and the
    objects in `blobs` go in as well; the database alone without them. Raises Mismatch when the target exists."""
    if target.exists():
        raise Mismatch("file_exists")
    if (version := schema_version(url)) != HEAD:
        raise unfit(version)
    with _workplace(target.parent) as part:
        _snapshot(url, part)
        _finish(part, files or {})
        lost = objects.pack(part, blobs, partial(_object_now, url)) if blobs else 0
        _place(part, target)
    return Saved(file_hash(target), lost)


@dataclass(frozen=True)
class Restored:
    """The new epoch: a receipt says which life of the database it is from. `kept` names where what was replaced is:
    a file beside the database, a schema of the server; "" when there was nothing. `files`: where in the store of large
    files those are that only the replaced database names, "" when there were none."""

    epoch: str
    kept: str
    files: str = ""


def restore(
    url: str,
    source: Path,
    *,
    force: bool = False,
    files_to: Path | None = None,
    blobs: Blobs | None = None,
    order_key: OrderKey | None = None,
) -> Restored:
    """Put a backup in place, upgraded to this version. Nobody stays signed in, and what was there is kept.

    Raises InUse while anybody works on the database, whatever `force` says; Mismatch for what is no backup, and for a
    place that holds a database or a database's large files unless `force`."""
    _check(source)
    path = sqlite_path(url)
    if not force and (path.exists() if path else schema_version(url)):
        raise Mismatch("database_exists")
    if not force and blobs and objects.owner(blobs):
        raise Mismatch("files_exist")
    folder = path.parent if path else source.parent
    folder.mkdir(parents=True, exist_ok=True)
    with hold.take(url, alone=True), _workplace(folder) as part:
        shutil.copyfile(source, part)
        part.chmod(0o600)
        files = _unpack(part)
        migrate(str(part), order_key=order_key)
        epoch = _renew(part, file_hash(source))
        named = objects.unpack(part, blobs) if blobs else set()
        kept = _exchange(part, path) if path else _pour(part, url)
        if files_to is not None:
            _put_back(files, files_to)
        return Restored(epoch, kept, _take_over(blobs, epoch, named) if blobs else "")


def _take_over(blobs: Blobs, epoch: str, named: set[str]) -> str:
    """Only once the database stands: until then the objects there are those of the one before."""
    objects.own(blobs, epoch)
    return blobs.set_aside([name for name in blobs.names() if name not in named])


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _workplace(folder: Path) -> Iterator[Path]:
    """A file beside its goal, in a folder of its own that goes whatever happens."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".whistle-") as work:
            yield Path(work) / "part"
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        raise (translate(error) if isinstance(error, SQLAlchemyError) else cause(error)) from None


def _snapshot(url: str, part: Path) -> None:
    path = sqlite_path(url)
    if path is None:
        migrate(str(part))
        with _connection(url, write=False) as source, _connection(str(part), write=True) as target:
            _copy(source, target)
        return
    part.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as live, closing(sqlite3.connect(part)) as copy:
        live.backup(copy)


def _object_now(url: str, key: tuple[Any, ...]) -> str:
    """The object that the database itself names for a part, "" for none."""
    place, n = parts.Place(*key[:4]), key[4]
    with _connection(url, write=False) as tx:
        found = parts.known(tx, place, n)
    return found.object if found else ""


def _finish(part: Path, files: Mapping[str, Path]) -> None:
    """Make it one closed file with our mark."""
    with closing(sqlite3.connect(part)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute(f"PRAGMA application_id={MARK}")
        copy.execute("CREATE TABLE backup_files (name TEXT PRIMARY KEY, document BLOB NOT NULL)")
        rows = [(name, path.read_bytes()) for name, path in files.items()]
        copy.executemany("INSERT INTO backup_files VALUES (?, ?)", rows)
        copy.commit()


def _check(source: Path) -> None:
    if not source.is_file():
        raise Mismatch("backup_missing")
    try:
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as file:
            whole = file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            ours = file.execute("PRAGMA application_id").fetchone() == (MARK,)
    except sqlite3.Error:
        whole = ours = False
    if not (whole and ours):
        raise Mismatch("not_a_backup")


def _unpack(part: Path) -> dict[str, bytes]:
    """The files that were saved along; then the marks of a backup go."""
    with closing(sqlite3.connect(part)) as copy:
        files = dict(copy.execute("SELECT name, document FROM backup_files").fetchall())
        copy.execute("DROP TABLE backup_files")
        copy.execute("PRAGMA application_id=0")
        copy.commit()
    return {name: document for name, document in files.items() if Path(name).name == name}


def _put_back(files: Mapping[str, bytes], folder: Path) -> None:
    """Where another file of the name is, it is kept beside."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in files.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != document:
            _set_aside(path)
            _write_private(path, document)
    _sync(folder)


def _renew(part: Path, source_hash: str) -> str:
    epoch = new_epoch()
    with _connection(str(part), write=True) as tx:
        meta.put(tx, "epoch", epoch)
        meta.put(tx, "restored_from", source_hash)
        meta.note_restored(tx, zone_day(time.time()), cases.newest_day(tx))
        tx.execute(delete(tables.sessions))
    return epoch


def _place(part: Path, goal: Path) -> None:
    """Move it to its name, durably."""
    _sync(part)
    part.replace(goal)
    _sync(goal.parent)


def _exchange(part: Path, goal: Path) -> str:
    """Put it where another database may be: that one is kept whole, with the log beside it, under the name told."""
    kept = _set_aside(goal, "", "-wal", "-shm")
    _place(part, goal)
    return kept


def _set_aside(path: Path, *suffixes: str) -> str:
    """Rename a file, and what is called like it with a suffix, to the first free name; that name, "" for none."""
    found = [suffix for suffix in suffixes or ("",) if path.with_name(path.name + suffix).exists()]
    numbered = (path.with_name(f"{path.name}.replaced-{no}") for no in count(1))
    free = next(one for one in numbered if not any(one.with_name(one.name + suffix).exists() for suffix in found))
    for suffix in found:
        path.with_name(path.name + suffix).rename(free.with_name(free.name + suffix))
    return free.name if found else ""


def _pour(part: Path, url: str) -> str:
    with _connection(str(part), write=False) as source, _connection(url, write=True) as target:
        kept = set_aside(target)
        _copy(source, target)
    return kept


def _copy(source: Connection, target: Connection) -> None:
    """Every row of every table, parents first. What migrate put there itself makes room."""
    for table in (tables.meta, tables.counters):
        target.execute(delete(table))
    for table in tables.ALL:
        found = source.execution_options(yield_per=CHUNK).execute(select(table))
        for rows in found.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in rows])


@contextmanager
def _connection(url: str, *, write: bool) -> Iterator[Connection]:
    engine = open_engine(url, "all", write=write, busy_seconds=60)
    try:
        with engine.connect() as tx, tx.begin():
            yield tx
    finally:
        engine.dispose()


def _write_private(path: Path, document: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(document)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
