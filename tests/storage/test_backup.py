"""A backup is whole, is proved so, and comes back: into its own kind of database and into the other."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from tests.postgres import NewDatabase, Server
from tests.storage.people import BOB, a_report, add, after, file, number, ours
from whistle.core.clock import zone_day
from whistle.core.ledger import Entry
from whistle.storage import audit, hold, ledger, meta, sessions, tables
from whistle.storage.backup import backup, file_hash, restore
from whistle.storage.cases import iter_cases, newest_day
from whistle.storage.checks import check
from whistle.storage.database import Database
from whistle.storage.engine import sqlite_path
from whistle.storage.errors import InUse, Mismatch, NotMigrated, Replaced


@pytest.fixture
def full(db: Database) -> Database:
    """A database with something in every corner."""
    for _ in range(3):
        report = a_report()
        db.write_sync(lambda tx, report=report: file(tx, report))
        db.write_sync(lambda tx, report=report: add(tx, after(report, 1)))
    db.write_sync(
        lambda tx: ledger.enter(ours(tx), Entry("budget", "2026-01-05", 2026, 3_000_000_000, source="区财政"))
    )
    db.write_sync(lambda tx: audit.record(tx, day="2026-11-23", rid=BOB, act="login"))
    db.write_sync(lambda tx: audit.record(tx, day="2026-11-23", rid=BOB, act="inbox"))  # waits for the night
    db.write_sync(lambda tx: sessions.open_session(tx, b"token", BOB, 10**10))
    db.write_sync(lambda tx: meta.set_zone(tx, "zone"))
    return db


def content(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but what a restore is to change."""
    left_out = {"sessions", "meta"}
    with Database.open(url) as db:
        return {
            table.name: sorted(
                tuple(row) for row in db.read_sync(lambda tx, table=table: tx.execute(select(table)).all())
            )
            for table in tables.ALL
            if table.name not in left_out
        }


def elsewhere(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    if kind == "sqlite":
        return str(tmp_path / "elsewhere" / "whistle.db")
    new: NewDatabase = request.getfixturevalue("postgres")
    return new()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_it_comes_back_whole_into_either_database(
    full: Database, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    saved = tmp_path / "saved.whistle"
    assert backup(full.url, saved).sha256 == file_hash(saved)
    goal = elsewhere(kind, tmp_path, request)
    epoch = restore(goal, saved).epoch
    assert content(goal) == content(full.url)
    with Database.open(goal) as restored:
        assert restored.epoch == epoch != full.epoch
        assert restored.read_sync(meta.zone) == "zone"
        assert restored.read_sync(lambda tx: meta.get(tx, "restored_from")) == file_hash(saved)
        assert restored.read_sync(meta.restored) == (zone_day(time.time()), full.read_sync(newest_day))
        assert restored.read_sync(lambda tx: sessions.session(tx, b"token", 1)) is None
        assert number(restored.write_sync(lambda tx: file(tx, a_report()))) == 4
        restored.write_sync(lambda tx: ledger.enter(ours(tx), Entry("budget", "2026-02-05", 2026, 1, source="区财政")))
    assert not [finding for finding in check(goal) if finding.level == "red"]


def test_a_backup_under_load_is_one_moment(full: Database, tmp_path: Path) -> None:
    stop = threading.Event()

    def go_on() -> None:
        while not stop.is_set():
            full.write_sync(lambda tx: file(tx, a_report(items=1, size=60)))

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        backup(full.url, tmp_path / "saved")
    finally:
        stop.set()
        writer.join()
    goal = str(tmp_path / "again.db")
    restore(goal, tmp_path / "saved")
    assert not [finding for finding in check(goal) if finding.level == "red"]


def test_other_files_go_along_and_come_back_for_their_owner_only(full: Database, tmp_path: Path) -> None:
    key = tmp_path / "door.key"
    key.write_bytes(b"secret")
    backup(full.url, tmp_path / "saved", {"door.key": key, "../evil": key})
    restore(str(tmp_path / "again.db"), tmp_path / "saved", files_to=tmp_path / "back")
    assert [path.name for path in (tmp_path / "back").iterdir()] == ["door.key"]
    assert (tmp_path / "back" / "door.key").read_bytes() == b"secret"
    assert (tmp_path / "back" / "door.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "saved").stat().st_mode & 0o777 == 0o600


def test_nothing_is_overwritten_without_being_told_to(full: Database, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    backup(full.url, saved)
    with pytest.raises(Mismatch):
        backup(full.url, saved)
    with pytest.raises(Mismatch):
        restore(full.url, saved)
    full.write_sync(lambda tx: file(tx, a_report()))
    full.close()
    restore(full.url, saved, force=True)
    with Database.open(full.url) as db:
        assert len(db.read_sync(iter_cases)) == 3


def test_what_is_replaced_is_kept_whole(full: Database, tmp_path: Path) -> None:
    saved, keys = tmp_path / "saved", tmp_path / "keys"
    keys.mkdir()
    (keys / "door.key").write_bytes(b"first")
    backup(full.url, saved, {"door.key": keys / "door.key"})
    (keys / "door.key").write_bytes(b"second")
    late = a_report()
    full.write_sync(lambda tx: file(tx, late))
    full.close()
    kept = restore(full.url, saved, force=True, files_to=keys).kept
    again = restore(full.url, saved, force=True, files_to=keys).kept
    assert kept != again
    assert len(cases_in(full.url, kept)) == 4 and late.case in cases_in(full.url, kept)
    assert len(cases_in(full.url, again)) == 3
    assert {path.name: path.read_bytes() for path in keys.iterdir()} == {
        "door.key": b"first",
        "door.key.replaced-1": b"second",
    }


def cases_in(url: str, kept: str) -> list[str]:
    """The cases in what a restore set aside: a file beside the database, or a schema of the server."""
    if path := sqlite_path(url):
        with closing(sqlite3.connect(path.with_name(kept))) as file:
            return [row[0] for row in file.execute('SELECT "case" FROM cases')]
    with psycopg.connect(url) as server:
        server.execute("SELECT set_config('search_path', %s, false)", (kept,))
        return [row[0] for row in server.execute('SELECT "case" FROM cases')]


def test_nothing_is_replaced_under_somebody_who_works_on_it(full: Database, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    backup(full.url, saved)
    with pytest.raises(InUse) as refused:
        restore(full.url, saved, force=True)
    assert refused.value.code == "database_in_use"
    full.write_sync(lambda tx: file(tx, a_report()))
    with hold.take(full.url):
        full.close()
        with pytest.raises(InUse):
            restore(full.url, saved, force=True)
    restore(full.url, saved, force=True)


def test_nobody_starts_on_what_is_being_replaced(url: str) -> None:
    with hold.take(url, alone=True):
        with pytest.raises(InUse) as refused:
            Database.open(url)
        assert refused.value.code == "database_being_replaced"
    Database.open(url).close()


@pytest.mark.postgres
def test_a_hold_whose_session_the_server_ended_is_taken_anew(postgres: NewDatabase, server: Server) -> None:
    url = postgres(ready=True)
    with Database.open(url) as db:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
        server.execute(ended, (hold.HOLD,))
        db.look()
        with pytest.raises(InUse):
            hold.take(url, alone=True)


def swap(url: str, saved: Path) -> None:
    """Another database comes to its place behind everybody's back, as no `restore` does it any more."""
    if path := sqlite_path(url):
        elsewhere = path.with_name("elsewhere.db")
        restore(str(elsewhere), saved)
        elsewhere.replace(path)
        return
    with psycopg.connect(url) as server:
        server.execute("UPDATE meta SET value = 'another' WHERE key = 'epoch'")


def test_a_process_whose_database_was_replaced_gives_nothing_and_keeps_nothing(full: Database, tmp_path: Path) -> None:
    backup(full.url, tmp_path / "saved")
    assert len(full.read_sync(iter_cases)) == 3
    swap(full.url, tmp_path / "saved")
    with pytest.raises(Replaced):
        full.write_sync(lambda tx: file(tx, a_report()))
    with pytest.raises(Replaced):
        full.look()
    with Database.open(full.url) as there:
        assert len(there.read_sync(iter_cases)) == 3


@pytest.mark.parametrize("where", ["sqlite"], indirect=True)
def test_a_file_that_was_moved_is_not_read(full: Database, tmp_path: Path) -> None:
    path = sqlite_path(full.url)
    assert path is not None
    path.rename(tmp_path / "away.db")
    with pytest.raises(Replaced):
        full.read_sync(iter_cases)
    (tmp_path / "away.db").rename(path)
    assert len(full.read_sync(iter_cases)) == 3


@pytest.mark.parametrize("how", ["cut", "foreign", "empty", "flipped"])
def test_a_damaged_or_foreign_file_is_refused_and_leaves_nothing(full: Database, tmp_path: Path, how: str) -> None:
    saved, goal = tmp_path / "saved", tmp_path / "goal" / "whistle.db"
    backup(full.url, saved)
    whole = saved.read_bytes()
    damaged = {
        "cut": whole[: len(whole) // 2],
        "foreign": b"something else" * 1000,
        "empty": b"",
        "flipped": whole[:8192] + bytes(4096) + whole[12288:],
    }
    saved.write_bytes(damaged[how])
    with pytest.raises(Mismatch):
        restore(str(goal), saved)
    assert not goal.exists()


def test_an_empty_place_has_nothing_to_back_up(empty_url: str, tmp_path: Path) -> None:
    with pytest.raises(NotMigrated):
        backup(empty_url, tmp_path / "saved")
    assert not (tmp_path / "saved").exists()
