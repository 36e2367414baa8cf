"""What is deleted leaves no copy in the file: also none that a row left behind in a page when the tree was balanced."""

import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path

from tests import ready
from whistle.storage import moving
from whistle.storage.database import Database


def test_a_rebuilt_file_holds_nothing_of_what_was_deleted(tmp_path: Path) -> None:
    path = tmp_path / "whistle.db"
    ready.file(path)
    secret = os.urandom(64)
    with closing(sqlite3.connect(path)) as tx, tx:
        tx.execute("CREATE TABLE noise (body BLOB)")
        tx.executemany("INSERT INTO noise VALUES (?)", [(os.urandom(random.randint(100, 3000)),) for _ in range(50)])
    with path.open("r+b") as file:  # as balancing leaves it: in the unused space of a page that is in use
        file.seek(_gap(path))
        file.write(secret)
    assert secret in path.read_bytes()
    with Database.open(str(path)) as db:
        moving.clear_traces(db)
        assert secret in path.read_bytes()
        moving.clear_traces(db, rebuild=True)
        assert secret not in path.read_bytes()
    with closing(sqlite3.connect(path)) as tx:
        assert tx.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _gap(path: Path) -> int:
    """Where a leaf has room for it between its list of cells and their contents."""
    raw = path.read_bytes()
    size = int.from_bytes(raw[16:18], "big")
    for start in range(size, len(raw), size):
        kind, cells = raw[start], int.from_bytes(raw[start + 3 : start + 5], "big")
        first = int.from_bytes(raw[start + 5 : start + 7], "big")
        if kind in (10, 13) and cells and first - (8 + 2 * cells) > 200:
            return start + 8 + 2 * cells + 100
    raise AssertionError("no leaf has room")
