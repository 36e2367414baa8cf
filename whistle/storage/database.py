"""The door to the database: durable grouped writes, snapshot reads. Repositories work on the connection
it hands out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TypeVar, cast

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

from whistle.storage import hold, meta
from whistle.storage.engine import is_broken, open_engine, parse_url, sqlite_path, translate
from whistle.storage.errors import Absent, NotMigrated, Replaced
from whistle.storage.hold import Hold
from whistle.storage.migrations import HEAD, fit_file, unfit
from whistle.storage.prepared import Prepared
from whistle.storage.writer import Writer

T = TypeVar("T")
Role = Literal["all", "public", "review"]
READERS = 4
_STANDS = Prepared(
    text("SELECT value, (SELECT version_num FROM alembic_version) AS version FROM meta WHERE key = 'epoch'")
)


class Database:
    """One process's hold on one database. `role` limits what its connections can do at all (rights.py)."""

    def __init__(self, url: str, role: Role, busy_seconds: float, held: Hold) -> None:
        self._hold = held
        self.url, self.role = url, role
        self.dialect = parse_url(url).get_backend_name()
        self._path = sqlite_path(url)
        self._file = _file_id(self._path)
        self._read = open_engine(url, role, write=False, busy_seconds=busy_seconds)
        try:
            self.epoch = self._check()
        except BaseException:
            self._read.dispose()
            raise
        self._write = open_engine(url, role, write=True, busy_seconds=busy_seconds)
        self._writer = Writer(self._write, self._stands)
        self._here: Connection | None = None
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="whistle-read")

    @classmethod
    def open(cls, url: str, role: Role = "all", *, busy_seconds: float = 10.0, name: str = "whistle") -> Self:
        """Open a migrated database. Raises Unfit when this version cannot read it, InUse while it is restored."""
        path = sqlite_path(url)
        if path is not None and not path.exists():
            raise Absent(str(path))
        fit_file(path)
        held = hold.take(url, name=name)
        try:
            return cls(url, role, busy_seconds, held)
        except BaseException:
            held.close()
            raise

    async def write(self, verb: Callable[[Connection], T]) -> T:
        """Run `verb(tx)` in a durable transaction. When this returns it is on disk; when it raises it is not."""
        return cast(T, await asyncio.wrap_future(self._writer.submit(verb)))

    def write_sync(self, verb: Callable[[Connection], T]) -> T:
        """The same for callers without an event loop."""
        return cast(T, self._writer.submit(verb).result())

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run `query(tx)` on one snapshot, in a thread: lists, exports, anything long."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.read_sync, query)

    async def read_now(self, query: Callable[[Connection], T]) -> T:
        """For a few rows: SQLite answers faster than a thread can be woken; PostgreSQL is a network away."""
        return self._read_here(query) if self.dialect == "sqlite" else await self.read(query)

    def _read_here(self, query: Callable[[Connection], T]) -> T:
        """On the event loop's own connection, kept open: to take one from the pool costs as much as to ask."""
        self._unmoved()
        if self._here is None:
            self._here = self._read.connect()
        try:
            with self._here.begin():
                return query(self._here)
        except SQLAlchemyError as error:
            self._let_go()
            raise translate(error) from None

    def _let_go(self) -> None:
        if self._here is not None:
            self._here.close()
        self._here = None

    def read_sync(self, query: Callable[[Connection], T]) -> T:
        self._unmoved()
        try:
            with self._read.connect() as tx, tx.begin():
                return query(tx)
        except SQLAlchemyError as error:
            raise translate(error) from None

    def look(self) -> None:
        """Whether this still is the database that was opened, at its version, and the hold on it is had: doors ask each
        second.

        Raises Replaced, InUse, NotMigrated or Newer, and StorageError when it does not answer."""
        self._hold.renew()
        self.read_sync(self._stands)

    def _stands(self, tx: Connection) -> None:
        """A restore draws a new epoch: who was here before it must not go on as if nothing had been. A migration is
        refused while this is held; a hold that a server has ended lets one by (hold.renew)."""
        self._unmoved()
        epoch, version = _STANDS.row(tx, {}) or ("", "")
        if epoch != self.epoch:
            raise Replaced
        if version != HEAD:
            raise unfit(version)

    def _unmoved(self) -> None:
        """What is written into a file that no longer has our name is lost."""
        if self._path is not None and _file_id(self._path) != self._file:
            raise Replaced

    def _check(self) -> str:
        try:
            with self._read.connect() as tx, tx.begin():
                version = tx.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""
                if version != HEAD:
                    raise unfit(version)
                return meta.epoch(tx)
        except SQLAlchemyError as error:
            unknown = isinstance(error, (ProgrammingError, OperationalError)) and not is_broken(error)
            raise (NotMigrated() if unknown else translate(error)) from None

    def close(self) -> None:
        """Finish the waiting writes and let go of every connection."""
        self._writer.close()
        self._threads.shutdown()
        self._let_go()
        self._read.dispose()
        self._write.dispose()
        self._hold.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _file_id(path: Path | None) -> tuple[int, int] | None:
    """What the kernel knows a file by, None where there is none."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None
