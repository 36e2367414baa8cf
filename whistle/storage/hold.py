"""The hold on a database: who works on it holds it together with others, who replaces it must hold it alone.

It is the operating system's or the server's lock, so it ends with its process however that ends. On SQLite it is the
file NAME.lock beside the database, which is never removed: locks on the database's own file are SQLite's.
"""

from __future__ import annotations

import fcntl
import os
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from whistle.storage.engine import parse_url, sqlite_path, translate
from whistle.storage.errors import InUse

DOORS = "whistle door"  # how the session that holds it is called when it is a door's or the jobs'
HOLD = 0x77686F6C  # the advisory lock's number; a lock belongs to one database of the server


class Hold(ABC):
    """A hold that is had until it is closed."""

    @abstractmethod
    def renew(self) -> None:
        """Make sure it is still had. Raises InUse when it was lost and cannot be had again, StorageError."""

    @abstractmethod
    def close(self) -> None:
        """Let go."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def take(url: str, *, alone: bool = False, name: str = "whistle") -> Hold:
    """The hold on the database of a URL, at once or not at all; `name` is what a server calls its session.

    Raises InUse, StorageError."""
    path = sqlite_path(url)
    return _OnServer(url, alone, name) if path is None else _OnFile(path, alone)


class _OnFile(Hold):
    def __init__(self, path: Path, alone: bool) -> None:
        self._lock = _open_beside(path)
        try:
            fcntl.flock(self._lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            raise InUse(alone=alone) from None

    def renew(self) -> None:
        """The kernel keeps it."""

    def close(self) -> None:
        self._lock.close()


def _open_beside(path: Path) -> BinaryIO:
    """The lock file is its database's owner's, also when root looks in first."""
    opened = os.open(path.with_name(path.name + ".lock"), os.O_CREAT | os.O_RDWR, 0o600)
    if os.geteuid() == 0:
        owner = (path if path.exists() else path.parent).stat()
        os.fchown(opened, owner.st_uid, owner.st_gid)
    return os.fdopen(opened, "wb")


class _OnServer(Hold):
    def __init__(self, url: str, alone: bool, name: str) -> None:
        self._alone = alone
        self._engine = create_engine(
            parse_url(url),
            hide_parameters=True,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"application_name": name},
        )
        self._take()

    def _take(self) -> None:
        verb = "pg_try_advisory_lock" if self._alone else "pg_try_advisory_lock_shared"
        try:
            self._session = self._engine.connect()
            had = self._session.exec_driver_sql(f"SELECT {verb}({HOLD})").scalar()
        except SQLAlchemyError as error:
            raise translate(error) from None
        if not had:
            self.close()
            raise InUse(alone=self._alone)

    def renew(self) -> None:
        """The lock ends with its session: one that the server has ended is taken anew."""
        try:
            self._session.exec_driver_sql("SELECT 1")
        except SQLAlchemyError:
            self._session.invalidate()
            self.close()
            self._take()

    def close(self) -> None:
        self._session.close()
