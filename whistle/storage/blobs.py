"""Where the parts of large files lie: a folder or S3-compatible storage. Sealed bytes under random names only.

A name says nothing, and the time of a file is set to the day. What `put` returned from is on disk.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from whistle.storage.errors import StorageError, Unknown

DAY = 86_400
_OURS = re.compile(r"[0-9a-f]{32}(\.part)?", re.ASCII)


def new_name() -> str:
    """A name nobody can guess and that keeps no order."""
    return secrets.token_hex(16)


class Blobs(Protocol):
    """One port, two ends. Every method may take long: call it in a thread. Raises StorageError, never a driver's."""

    def put(self, name: str, data: bytes) -> None:
        """Keep the bytes durably. A name is drawn once and never written twice."""

    def get(self, name: str) -> bytes:
        """The bytes. Raises Unknown when they are not there."""

    def remove(self, name: str) -> None:
        """Away for good; nothing happens when they are not there."""

    def names(self, before: float | None = None) -> Iterator[str]:
        """Every object's name, in no order that tells anything; with `before` only of what was written before that
        moment (seconds of the epoch), and then also what a crash left half written."""

    def set_aside(self, names: Iterable[str]) -> str:
        """Move objects to a place beside, which is new, and which nobody lists; its name, "" for no objects."""

    def free(self) -> int | None:
        """Bytes that may still be written, None where nobody can say."""


class Folder:
    """A folder of the data folder: written beside, synced, renamed, and the folder synced too."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, name: str, data: bytes) -> None:
        path = self._path(name)
        with _told():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            part = path.with_suffix(".part")
            try:
                _write(part, data)
                part.replace(path)
            except OSError:
                part.unlink(missing_ok=True)
                raise
            _sync(path.parent)

    def get(self, name: str) -> bytes:
        with _told():
            try:
                return self._path(name).read_bytes()
            except FileNotFoundError:
                raise Unknown from None

    def remove(self, name: str) -> None:
        with _told():
            self._path(name).unlink(missing_ok=True)

    def names(self, before: float | None = None) -> Iterator[str]:
        with _told():
            found = (path for path in self._root.glob("??/*") if _OURS.fullmatch(path.name))
            for path in found:
                if path.stat().st_mtime < before if before is not None else not path.suffix:
                    yield path.name

    def set_aside(self, names: Iterable[str]) -> str:
        with _told():
            aside = next(path for no in count(1) if not (path := self._root / f"replaced-{no}").exists())
            for name in names:
                aside.mkdir(exist_ok=True, mode=0o700)
                self._path(name).rename(aside / name)
            return aside.name if aside.exists() else ""

    def free(self) -> int | None:
        with _told():
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            return shutil.disk_usage(self._root).free

    def _path(self, name: str) -> Path:
        return self._root / name[:2] / name


class Bucket:
    """S3-compatible storage. Keys and endpoint come from the environment, as the S3 tools read them."""

    def __init__(self, url: str) -> None:
        with _told():
            self._store = S3Store.from_url(url)

    def put(self, name: str, data: bytes) -> None:
        with _told():
            obstore.put(self._store, name, data, use_multipart=False)

    def get(self, name: str) -> bytes:
        with _told():
            try:
                return bytes(obstore.get(self._store, name).bytes())
            except FileNotFoundError:
                raise Unknown from None

    def remove(self, name: str) -> None:
        with _told():
            obstore.delete(self._store, name)

    def names(self, before: float | None = None) -> Iterator[str]:
        with _told():
            for page in obstore.list(self._store):
                for row in page:
                    is_old = before is None or row["last_modified"].timestamp() < before
                    if is_old and _OURS.fullmatch(row["path"]):
                        yield row["path"]

    def set_aside(self, names: Iterable[str]) -> str:
        with _told():
            aside = next(f"replaced-{no}" for no in count(1) if not self._has(f"replaced-{no}/"))
            for name in names:
                obstore.rename(self._store, name, f"{aside}/{name}")
            return aside if self._has(f"{aside}/") else ""

    def _has(self, prefix: str) -> bool:
        return any(page for page in obstore.list(self._store, prefix))

    def free(self) -> int | None:
        return None


def open_blobs(url: str, folder: Path) -> Blobs:
    """The place a setting names: an s3:// URL, or "" for the folder."""
    return Bucket(url) if url else Folder(folder)


@contextmanager
def _told() -> Iterator[None]:
    """A driver's error may carry an address: ours never does."""
    try:
        yield
    except (OSError, BaseError):
        raise StorageError("the files could not be kept or read") from None


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        today = time.time() // DAY * DAY
        os.utime(file.fileno(), (today, today))
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
