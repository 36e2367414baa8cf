"""What the same machine does in the same run without us: a hello over HTTP, and the bare bytes in SQLite."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from bench.runs import Asked, Run, measure, request
from bench.scene import free_port, serving

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL")  # as durable as ours


def hello(counts: dict[int, int], folder: Path) -> list[Run]:
    """A plain Starlette, asked with so many clients."""
    port = free_port()
    with serving(["-m", "bench.hello", str(port)], port, {}) as server:
        asked = request("GET", "/")
        return [measure(server, clients, Asked("hello", [asked], count), folder) for clients, count in counts.items()]


def inserts(uploads: Sequence[bytes], beside: int, folder: Path) -> list[Run]:
    """The same bytes as reports bring, each one row: a durable commit each, and eight to a commit.

    `beside`: the number of clients of the row they stand beside."""
    return [
        _insert("bare inserts", uploads, 1, beside, folder),
        _insert("bare inserts, 8 a commit", uploads, 8, beside, folder),
    ]


def _insert(name: str, uploads: Sequence[bytes], group: int, beside: int, folder: Path) -> Run:
    path = folder / "bare.db"
    path.unlink(missing_ok=True)
    base = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        base.execute(f"PRAGMA {pragma}")
    base.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, data BLOB)")
    start, spent = time.perf_counter(), time.process_time()
    for at in range(0, len(uploads), group):
        base.execute("BEGIN IMMEDIATE")
        base.executemany("INSERT INTO bare (data) VALUES (?)", [(one,) for one in uploads[at : at + group]])
        base.execute("COMMIT")
    seconds, spent = time.perf_counter() - start, time.process_time() - spent
    base.close()
    count = len(uploads)
    return {
        "name": name,
        "clients": beside,
        "per_s": round(count / seconds, 1),
        "cpu_ms": round(spent * 1000 / count, 3),
        "errors": 0,
        "count": count,
    }
