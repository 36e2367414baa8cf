"""A receipt means: it is on disk. Through kill -9, a full disk, another process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.storage.people import a_report, file, number, received
from whistle.storage.appending import known
from whistle.storage.cases import find_case
from whistle.storage.checks import check
from whistle.storage.database import Database
from whistle.storage.errors import DiskFull, StorageError
from whistle.storage.migrations import migrate

ROOT = Path(__file__).parents[2]
STORM = """
import asyncio, sys
from tests.storage.people import a_report, file, number, received
from whistle.storage.database import Database

async def client(db, count):
    for _ in range(count):
        post = a_report(items=2, size=3000)
        await db.write(lambda tx: file(tx, post))
        print(post.case, post.hash, flush=True)

async def main(url, count):
    with Database.open(url) as db:
        await asyncio.gather(*(client(db, count) for _ in range(8)))

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


def storm(url: str, count: int) -> subprocess.Popen[str]:
    """A process of its own in which eight clients file reports, printing each that was receipted."""
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", STORM, url, str(count)], stdout=subprocess.PIPE, text=True, env=env)


def test_every_receipt_given_out_before_kill_9_is_on_disk(url: str) -> None:
    process = storm(url, 100_000)
    assert process.stdout is not None
    printed = [process.stdout.readline() for _ in range(60)]
    process.send_signal(signal.SIGKILL)
    printed += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    given = [line.split() for line in printed if line.endswith("\n") and len(line.split()) == 2]
    assert len(given) >= 60
    with Database.open(url) as db:
        for case, head in given:
            assert db.read_sync(lambda tx, case=case, head=head: known(tx, case, case, head)), "a receipt was lost"
        rows = db.read_sync(received)
        assert sorted(rows.values()) == list(range(1, len(rows) + 1))
        db.write_sync(lambda tx: file(tx, a_report()))
    assert not [finding for finding in check(url) if finding.level == "red"]


def test_two_processes_write_one_file(url: str) -> None:
    processes = [storm(url, 10) for _ in range(2)]
    said = [process.communicate(timeout=60)[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    with Database.open(url) as db:
        rows = db.read_sync(received)
    assert sorted(rows.values()) == list(range(1, 161))
    assert set(rows) == {*said[0][::2], *said[1][::2]}


def test_a_full_disk_keeps_nothing_by_halves_and_is_survived(tmp_path: Path) -> None:
    url = str(tmp_path / "whistle.db")
    migrate(url)
    with Database.open(url) as db:
        kept = a_report()
        db.write_sync(lambda tx: file(tx, kept))
        with db._write.connect() as tx:
            pages = tx.exec_driver_sql("PRAGMA page_count").scalar_one()
            tx.exec_driver_sql(f"PRAGMA max_page_count={pages + 8}")
        lost = a_report(size=100_000)
        with pytest.raises(DiskFull) as caught:
            db.write_sync(lambda tx: file(tx, lost))
        assert type(caught.value) is DiskFull
        with db._write.connect() as tx:
            tx.exec_driver_sql("PRAGMA max_page_count=1073741823")
        assert db.read_sync(lambda tx: find_case(tx, lost.case)) is None
        assert number(db.write_sync(lambda tx: file(tx, lost))) == 2
        assert db.read_sync(lambda tx: find_case(tx, kept.case)) is not None
    assert not [finding for finding in check(url) if finding.level == "red"]


LIMITED = """
import resource, signal, sys
from tests.storage.people import a_report, file, number, received
from whistle.storage.database import Database
from whistle.storage.errors import StorageError

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Database.open(sys.argv[1]) as db:
    db.write_sync(lambda tx: file(tx, a_report()))
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, hard))
    refused = 0
    for _ in range(40):
        try:
            db.write_sync(lambda tx: file(tx, a_report()))
        except StorageError:
            refused += 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    db.write_sync(lambda tx: file(tx, a_report()))
    print(refused)
"""


def test_a_file_that_may_not_grow_is_an_error_and_then_works_again(tmp_path: Path) -> None:
    url = str(tmp_path / "whistle.db")
    migrate(url)
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, url], capture_output=True, text=True, env=env, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    refused = int(done.stdout)
    assert refused > 0
    with Database.open(url) as db:
        rows = db.read_sync(received)
    assert sorted(rows.values()) == list(range(1, 43 - refused))
    assert not [finding for finding in check(url) if finding.level == "red"]


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    url = tmp_path / "zone" / "whistle.db"
    migrate(str(url))
    with Database.open(str(url)) as db:
        db.write_sync(lambda tx: file(tx, a_report()))
        modes = {path.stat().st_mode & 0o777 for path in url.parent.iterdir()}
    assert modes == {0o600}


def test_the_database_survives_its_servers_restart_of_connections(url: str) -> None:
    """The pool's connections die (a server restarts, a network drops): the next verb gets a new one."""
    with Database.open(url) as db:
        if db.dialect == "postgresql":
            with pytest.raises(StorageError):
                db.write_sync(lambda tx: tx.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())"))
        else:
            db._write.dispose()
        assert number(db.write_sync(lambda tx: file(tx, a_report()))) == 1
