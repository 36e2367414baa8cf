"""Databases at the newest version: the first of a run is made by the migrations, the others are copies of it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tests import run
from whistle.storage.migrations import migrate, new_epoch


def file(path: Path) -> str:
    """What `migrate` leaves in a new SQLite file, under an epoch of its own; its URL."""
    shutil.copyfile(run.once("ready", _first) / "whistle.db", path)
    path.chmod(0o600)
    with closing(sqlite3.connect(path)) as copy, copy:
        copy.execute("PRAGMA synchronous = OFF")
        copy.execute("UPDATE meta SET value = ? WHERE key = 'epoch'", (new_epoch(),))
    return str(path)


def _first(folder: Path) -> None:
    migrate(str(folder / "whistle.db"))
