"""One file that holds a consistent snapshot: an SQLite database, whatever it was taken from.

So common tools can look at it, and it restores into SQLite or PostgreSQL. What is sealed is sealed in it too.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from whistle.storage import meta, tables
from whistle.storage.engine import open_engine, sqlite_path, translate
from whistle.storage.errors import Mismatch, NotMigrated, StorageError
from whistle.storage.migrations import HEAD, migrate, new_epoch, rebuild, schema_version

MARK = 0x57484953  # application_id of our backups: WHIS
CHUNK = 100


def backup(url: str, target: Path, files: Mapping[str, Path] | None = None) -> str:
    """Write a snapshot to `target`; it is on disk when this returns, and the answer is its SHA-256.
    `files` (name in
    the backup → path) go in as well. Raises Mismatch when the target exists."""
    if target.exists():
        raise Mismatch("the backup file exists already")
    if schema_version(url) != HEAD:
        raise NotMigrated
    with _workplace(target.parent) as part:
        _snapshot(url, part)
        _finish(part, files or {})
        _place(part, target)
    return file_hash(target)


def restore(url: str, source: Path, *, force: bool = False, files_to: Path | None = None) -> str:
    """Put a backup in place, upgraded to this version, under a new epoch, which is the answer: a receipt
    says which
    life of the database it is from. Nobody stays signed in. Raises Mismatch for what is no backup, and
    for a place
    that holds a database unless `force`. Stop the servers first."""
    _check(source)
    if not force and schema_version(url):
        raise Mismatch("there is a database already")
    path = sqlite_path(url)
    with _workplace(path.parent if path else source.parent) as part:
        shutil.copyfile(source, part)
        part.chmod(0o600)
        _unpack(part, files_to)
        migrate(str(part))
        epoch = _renew(part, file_hash(source))
        if path is None:
            _pour(part, url)
        else:
            _place(part, path)
    return epoch


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
        raise (translate(error) if isinstance(error, SQLAlchemyError) else StorageError()) from None


def _snapshot(url: str, part: Path) -> None:
    part.touch(mode=0o600)
    path = sqlite_path(url)
    if path is None:
        migrate(str(part))
        with _connection(url, write=False) as source, _connection(str(part), write=True) as target:
            _copy(source, target)
        return
    with closing(sqlite3.connect(path)) as live, closing(sqlite3.connect(part)) as copy:
        live.backup(copy)


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
    try:
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as file:
            whole = file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            ours = file.execute("PRAGMA application_id").fetchone() == (MARK,)
    except sqlite3.Error:
        whole = ours = False
    if not (whole and ours):
        raise Mismatch("not a whole Whistle backup")


def _unpack(part: Path, folder: Path | None) -> None:
    """The files that were saved along, then the marks of a backup go."""
    with closing(sqlite3.connect(part)) as copy:
        for name, document in copy.execute("SELECT name, document FROM backup_files").fetchall():
            if folder is not None and Path(name).name == name:
                folder.mkdir(parents=True, exist_ok=True)
                _write_private(folder / name, document)
        copy.execute("DROP TABLE backup_files")
        copy.execute("PRAGMA application_id=0")
        copy.commit()


def _renew(part: Path, source_hash: str) -> str:
    epoch = new_epoch()
    with _connection(str(part), write=True) as tx:
        meta.put(tx, "epoch", epoch)
        meta.put(tx, "restored_from", source_hash)
        tx.execute(delete(tables.sessions))
    return epoch


def _place(part: Path, goal: Path) -> None:
    """Move it to its name, durably. What an older database left beside it would be replayed over it: it goes first."""
    _sync(part)
    for suffix in ("-wal", "-shm"):
        goal.with_name(goal.name + suffix).unlink(missing_ok=True)
    part.replace(goal)
    _sync(goal.parent)


def _pour(part: Path, url: str) -> None:
    with _connection(str(part), write=False) as source, _connection(url, write=True) as target:
        rebuild(target)
        _copy(source, target)


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


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
