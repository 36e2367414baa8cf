"""Days on which something goes wrong under several writers: nothing accepted is lost or stands twice, nobody waits
without end. (A full disk, a killed door, a killed move: test_crash.py, test_order.py.)"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from tests import ready
from tests.postgres import NewDatabase
from tests.storage.people import DAY, a_report, file, number, received
from tests.storage.stopped import ROOT, killed, once_free
from tests.storage.test_order import NEXT_DAY, a_day, contents, moved
from whistle.storage import hold, meta, moving
from whistle.storage.checks import check
from whistle.storage.database import Database
from whistle.storage.errors import Busy, Newer
from whistle.storage.migrations import HEAD
from whistle.storage.records import NewPost


@pytest.fixture
def postgres_url(postgres: NewDatabase) -> str:
    return postgres(ready=True)


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    return ready.file(tmp_path / "whistle.db")


GROUP = """
import sys, threading
from tests.storage.people import a_report, file
from whistle.storage.database import Database

with Database.open(sys.argv[1]) as db:
    first = a_report()
    db.write_sync(lambda tx: file(tx, first))
    print(first.case, flush=True)
    gate = threading.Event()
    held = db._writer.submit(lambda tx: gate.wait(10))
    group = [db._writer.submit(lambda tx: file(tx, a_report())) for _ in range(5)]
    last = db._writer.submit(lambda tx: (print("inside", flush=True), sys.stdin.read()))
    gate.set()
    print(group[0].result().receipt, flush=True)
"""


def red(url: str) -> list[str]:
    return [finding.code for finding in check(url) if finding.level == "red"]


def test_a_kill_in_the_middle_of_a_group_keeps_none_of_it_and_none_of_it_was_answered(url: str) -> None:
    """Five reports are written and a sixth verb still works in the same transaction: no receipt has gone out."""
    killed(GROUP, url, at="inside")
    with once_free(lambda: Database.open(url)) as db:
        assert list(db.read_sync(received).values()) == [1]
        assert number(db.write_sync(lambda tx: file(tx, a_report()))) == 2, "the numbers go on without a gap"
    assert not red(url)


HANG = """
import sys
from whistle.storage import engine
from whistle.storage.database import Database

engine.HANGING = int(sys.argv[2])
with Database.open(sys.argv[1]) as db:
    db.write_sync(lambda tx: (print("inside", flush=True), sys.stdin.read()))
"""


@contextmanager
def hanging(url: str, seconds: int) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the write lock and does nothing more; PostgreSQL is told to bear it so long."""
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", HANG, url, str(seconds)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=env) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "inside\n"
        yield process
        process.send_signal(signal.SIGKILL)


def retried(db: Database, post: NewPost, seconds: float = 30.0) -> tuple[int, int]:
    """The number a report is given once it is taken, and how often it was refused as busy before."""
    until, refused = time.monotonic() + seconds, 0
    while True:
        try:
            return number(db.write_sync(lambda tx: file(tx, post))), refused
        except Busy:
            refused += 1
            assert time.monotonic() < until


def test_who_waits_for_a_hanging_writer_is_refused_as_busy_and_is_taken_once_it_is_gone(url: str) -> None:
    with Database.open(url, busy_seconds=0.2) as db:
        with hanging(url, 60):
            with pytest.raises(Busy):
                db.write_sync(lambda tx: file(tx, a_report()))
            assert db.read_sync(received) == {}, "reading goes on"
        assert retried(db, a_report())[0] == 1
    assert not red(url)


@pytest.mark.postgres
def test_postgresql_ends_a_writer_that_hangs_and_the_others_go_on(postgres_url: str) -> None:
    """A machine that was cut off would hold the lock for as long as TCP believes in it, hours."""
    with hanging(postgres_url, 1) as process, Database.open(postgres_url, busy_seconds=0.2) as db:
        given, refused = retried(db, a_report())
        assert given == 1 and refused > 0
        assert process.poll() is None, "it hangs still"
    assert not red(postgres_url)


@pytest.mark.postgres
def test_a_counter_that_somebody_holds_by_hand_is_busy_and_not_waited_for_without_end(postgres_url: str) -> None:
    post = a_report()
    with Database.open(postgres_url, busy_seconds=0.2) as db:
        with psycopg.connect(postgres_url) as other:
            other.execute("SELECT * FROM counters FOR UPDATE")
            for _ in range(2):
                with pytest.raises(Busy):
                    db.write_sync(lambda tx: file(tx, post))
        assert number(db.write_sync(lambda tx: file(tx, post))) == 1
    assert not red(postgres_url)


def test_a_migration_that_went_past_an_open_database_is_seen_by_the_next_write_and_the_next_look(db: Database) -> None:
    """It is refused while a door holds the database; a server that was restarted has forgotten who held it."""
    db.write_sync(lambda tx: file(tx, a_report()))
    db.write_sync(lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(Newer):
        db.write_sync(lambda tx: file(tx, a_report()))
    with pytest.raises(Newer):
        db.look()
    with pytest.raises(Newer):
        Database.open(db.url)
    assert len(db.read_sync(received)) == 1


def test_no_version_is_put_in_place_under_an_open_database(db: Database, url: str) -> None:
    with pytest.raises(hold.InUse):
        hold.take(url, alone=True)
    db.look()
    assert db.read_sync(lambda tx: tx.execute(text("SELECT version_num FROM alembic_version")).scalar()) == HEAD


def test_a_clock_set_back_over_midnight_in_the_middle_of_the_move_loses_nothing(db: Database) -> None:
    """Half of the day has been moved when it begins once more: what comes then waits for the next night."""
    a_day(db, 40)
    days = db.read_sync(lambda tx: moving.due(tx, NEXT_DAY))
    assert days is not None
    first, *rest = db.read_sync(lambda tx: moving.slices(tx, days, 5))
    done = db.write_sync(lambda tx: moving.move(tx, days, first))
    for _ in range(3):
        db.write_sync(lambda tx: file(tx, a_report()))
    before = contents(db)
    done += sum(db.write_sync(lambda tx, part=part: moving.move(tx, days, part)) for part in rest)
    db.write_sync(lambda tx: moving.settle(tx, days, NEXT_DAY))
    assert contents(db) == before
    assert 40 <= done <= 43
    assert db.read_sync(lambda tx: meta.get(tx, moving.MOVED)) == DAY
    assert moved(db, "2026-11-25") == 43, "the next night takes the day once more"
    assert contents(db) == before
    assert not red(db.url)


NO_ROOM = """
import resource, signal, sys
from whistle.storage import moving
from whistle.storage.database import Database
from whistle.storage.errors import StorageError

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Database.open(sys.argv[1], "review") as db:
    days = db.read_sync(lambda tx: moving.due(tx, sys.argv[2]))
    parts = db.read_sync(lambda tx: moving.slices(tx, days, 4))
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), hard))
    for part in parts:
        try:
            db.write_sync(lambda tx: moving.move(tx, days, part))
        except StorageError as error:
            print(type(error).__name__)
"""


def test_a_disk_that_fills_in_the_middle_of_the_move_undoes_the_part_and_the_next_night_ends_it(file_url: str) -> None:
    with Database.open(file_url) as db:
        a_day(db, 40)
        before = contents(db)
        wal = Path(file_url + "-wal").stat().st_size
        env = os.environ | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", NO_ROOM, file_url, NEXT_DAY, str(wal + 100_000)]
        done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        assert set(done.stdout.split()) == {"StorageError"}
        assert contents(db) == before
        assert moved(db) == 40
        assert contents(db) == before
    assert not red(file_url)
