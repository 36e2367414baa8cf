"""Engines: how a connection is opened, what it may do, and which failures mean what. Nothing is ever logged."""

from __future__ import annotations

import errno
import sqlite3
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from whistle.storage.errors import Busy, Conflict, Damaged, DiskFull, ReadOnly, StorageError, Unreachable
from whistle.storage.prepared import command
from whistle.storage.rights import authorizer

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # a receipt means: on disk
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what is forgotten is overwritten
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16384",
    "PRAGMA journal_size_limit=67108864",
)
# One writer at a time on PostgreSQL too: what order the ledger and the numbers have is the lock's (decision 0013).
WRITER = 0x77686973
HANGING = 60  # seconds after which PostgreSQL ends a writer that says nothing: its lock would stop all others
BROKEN = {
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_NOTADB,
}  # fmt: skip
# What a driver's code, a server's SQLSTATE or the system's errno means to whoever runs the house.
CAUSES: dict[int, type[StorageError]] = {
    sqlite3.SQLITE_BUSY: Busy, sqlite3.SQLITE_LOCKED: Busy,
    sqlite3.SQLITE_CORRUPT: Damaged, sqlite3.SQLITE_NOTADB: Damaged,
    sqlite3.SQLITE_FULL: DiskFull, sqlite3.SQLITE_READONLY: ReadOnly,
}  # fmt: skip
CAUSE_STATES: dict[str, type[StorageError]] = {
    "55P03": Busy, "40001": Busy, "40P01": Busy,  # lock timeout, serialisation, deadlock
    "XX001": Damaged, "XX002": Damaged,  # data and index corrupted
    "53100": DiskFull, "25006": ReadOnly,
}  # fmt: skip
CAUSE_ERRNOS: dict[int, type[StorageError]] = {
    errno.ENOSPC: DiskFull, errno.EDQUOT: DiskFull, errno.EROFS: ReadOnly, errno.EACCES: ReadOnly,
}  # fmt: skip
BUSY = {code for code, error in CAUSES.items() if error is Busy}
BUSY_STATES = {state for state, error in CAUSE_STATES.items() if error is Busy}
BROKEN_CLASSES = {"08", "53", "57", "58", "XX"}  # connection, resources, shutdown, system, internal


def parse_url(url: str) -> URL:
    """A PostgreSQL URL, an sqlite URL or a bare path."""
    if url.startswith(("postgresql://", "postgres://")):
        return make_url(url).set(drivername="postgresql+psycopg")
    return make_url(url) if "://" in url else URL.create("sqlite", database=url)


def sqlite_path(url: str) -> Path | None:
    """The file of an SQLite URL, None for a server."""
    parsed = parse_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


def open_engine(url: str, role: str, *, write: bool, busy_seconds: float) -> Engine:
    """An engine of one kind: its transactions all write (and hold the write lock) or all read one snapshot."""
    parsed = parse_url(url)
    opener = _open_sqlite if parsed.get_backend_name() == "sqlite" else _open_postgres
    return opener(parsed, role, write, busy_seconds)


def _open_sqlite(url: URL, role: str, write: bool, busy_seconds: float) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, pool_size=8, max_overflow=8, pool_reset_on_return=None,
        connect_args={"timeout": busy_seconds, "check_same_thread": False, "cached_statements": 256},
    )  # fmt: skip

    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours, below
        for pragma in (*PRAGMAS, f"PRAGMA query_only={'OFF' if write else 'ON'}"):
            connection.execute(pragma)
        connection.set_authorizer(authorizer(role))

    def begin(connection: Connection) -> None:
        command(connection, "BEGIN IMMEDIATE" if write else "BEGIN")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def _open_postgres(url: URL, role: str, write: bool, busy_seconds: float) -> Engine:
    """`role` is the login's: its rights are granted by migrate (rights.grants_sql)."""
    engine = create_engine(
        url, hide_parameters=True, pool_size=8, max_overflow=8, pool_pre_ping=True,
        isolation_level="READ COMMITTED" if write else "REPEATABLE READ",
        connect_args={
            "options": f"-c lock_timeout={int(busy_seconds * 1000)} -c synchronous_commit=on"
            f" -c idle_in_transaction_session_timeout={HANGING * 1000 if write else 0}"
        },
    )  # fmt: skip
    if write:
        event.listen(engine, "begin", _take_lock)
        return engine
    return engine.execution_options(postgresql_readonly=True)


def _take_lock(connection: Connection) -> None:
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER})")


def is_broken(error: BaseException) -> bool:
    """Whether the whole transaction is lost with this error, not only one statement."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, (SQLAlchemyError, MemoryError)) and not isinstance(error, IntegrityError)
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return (code & 0xFF) in BROKEN | BUSY
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state in BUSY_STATES or state[:2] in BROKEN_CLASSES


def translate(error: Exception) -> Exception:
    """Our error for a driver's: theirs carry rows (PostgreSQL's DETAIL), ours never do."""
    if not isinstance(error, SQLAlchemyError):
        return error
    if isinstance(error, IntegrityError):
        return Conflict("row")
    return cause(getattr(error, "orig", None))


def cause(error: BaseException | None) -> StorageError:
    """Our error for what a driver or the system itself raised."""
    state = getattr(error, "sqlstate", None)
    known = (
        CAUSES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        or CAUSE_STATES.get(state or "")
        or CAUSE_ERRNOS.get(getattr(error, "errno", None) or 0)
    )
    if known is None and not state and _is_of_server(error):  # it never got to a server's word
        known = Unreachable
    return (known or StorageError)()


def _is_of_server(error: BaseException | None) -> bool:
    """Whether PostgreSQL's driver raised it, which a house in SQLite never loads."""
    driver = sys.modules.get("psycopg")
    return driver is not None and isinstance(error, driver.OperationalError)
