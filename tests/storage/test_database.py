"""Durable grouped writes and snapshot reads, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from tests.storage.people import a_report, file, number, received
from whistle.storage import meta, tables
from whistle.storage.cases import find_case
from whistle.storage.database import Database
from whistle.storage.errors import Busy, Conflict, NotMigrated, StorageError


def count(tx: Connection) -> int:
    return tx.execute(select(func.count()).select_from(tables.cases)).scalar_one()


def test_it_works(db: Database) -> None:
    post = a_report()
    given = db.write_sync(lambda tx: file(tx, post))
    assert given.fresh
    assert number(given) == 1
    found = db.read_sync(lambda tx: find_case(tx, post.case))
    assert found is not None
    assert (found.state, found.due, found.head) == ("received", "2026-12-02", post.hash)


def test_waiting_verbs_share_a_commit_and_each_gets_its_own_answer(db: Database) -> None:
    async def storm() -> list[int]:
        return await asyncio.gather(*(db.write(lambda tx, n=n: (meta.put(tx, f"k{n}", "v"), n)[1]) for n in range(200)))

    assert asyncio.run(storm()) == list(range(200))
    assert db.read_sync(lambda tx: meta.get(tx, "k199")) == "v"


def test_a_verb_that_fails_takes_nobody_with_it(db: Database) -> None:
    def fail(tx: Connection) -> None:
        meta.put(tx, "half", "written")
        raise LookupError

    async def together() -> list[object]:
        good = [db.write(lambda tx, n=n: meta.put(tx, f"k{n}", "v")) for n in range(20)]
        return await asyncio.gather(*good[:10], db.write(fail), *good[10:], return_exceptions=True)

    answers = asyncio.run(together())
    assert [type(answer) for answer in answers if answer is not None] == [LookupError]
    assert db.read_sync(lambda tx: [meta.get(tx, "half"), meta.get(tx, "k0"), meta.get(tx, "k19")]) == [
        "",
        "v",
        "v",
    ]


def test_a_broken_constraint_is_its_verbs_conflict_alone(db: Database) -> None:
    row = insert(tables.meta).values(key="once", value="1")

    async def together() -> list[object]:
        verbs = [db.write(lambda tx: tx.execute(row) and None) for _ in range(3)]
        return await asyncio.gather(*verbs, return_exceptions=True)

    answers = asyncio.run(together())
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Conflict", "NoneType"]


def test_a_verb_that_goes_on_after_a_statement_failed_takes_nobody_with_it(db: Database) -> None:
    """PostgreSQL refuses everything after a failed statement, SQLite goes on: either way the others are kept."""

    def careless(tx: Connection) -> None:
        with suppress(IntegrityError):
            tx.execute(insert(tables.meta).values(key="epoch", value="again"))

    async def together() -> list[object]:
        verbs = [db.write(careless), db.write(lambda tx: meta.put(tx, "k", "v"))]
        return await asyncio.gather(*verbs, return_exceptions=True)

    assert asyncio.run(together())[1] is None
    assert db.read_sync(lambda tx: (meta.get(tx, "k"), meta.epoch(tx))) == ("v", db.epoch)


def test_no_error_carries_data(db: Database) -> None:
    secret = "the belt has no guard"
    db.write_sync(lambda tx: meta.put(tx, secret, secret))
    with pytest.raises(Conflict) as caught:
        db.write_sync(lambda tx: tx.execute(insert(tables.meta).values(key=secret, value=secret)))
    assert secret not in repr(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_nothing_is_logged(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    db.write_sync(lambda tx: file(tx, a_report()))
    db.read_sync(count)
    assert not [record for record in caplog.records if record.name.startswith(("sqlalchemy", "whistle", "alembic"))]


def test_a_read_cannot_write(db: Database) -> None:
    with pytest.raises(StorageError):
        db.read_sync(lambda tx: meta.put(tx, "a", "b"))


def test_a_read_is_one_snapshot(db: Database) -> None:
    def twice(tx: Connection) -> tuple[int, int]:
        before = count(tx)
        db.write_sync(lambda tx: file(tx, a_report()))
        return before, count(tx)

    assert db.read_sync(twice) == (0, 0)
    assert db.read_sync(count) == 1


def test_reads_from_the_event_loop(db: Database) -> None:
    async def reads() -> tuple[int, int]:
        await db.write(lambda tx: file(tx, a_report()))
        return await db.read(count), await db.read_now(count)

    assert asyncio.run(reads()) == (1, 1)


def test_eight_threads_and_eight_clients_file_at_once_and_nothing_is_lost_or_doubled(db: Database) -> None:
    """Another house counts its tenants' reports without a lock and answers 500 under load."""
    reports = [a_report(items=1, size=100) for _ in range(160)]

    def thread(mine: int) -> None:
        for post in reports[mine:80:8]:
            db.write_sync(lambda tx, post=post: file(tx, post))

    async def clients() -> None:
        await asyncio.gather(*(db.write(lambda tx, post=post: file(tx, post)) for post in reports[80:]))

    threads = [threading.Thread(target=thread, args=(number,)) for number in range(8)]
    for started in threads:
        started.start()
    asyncio.run(clients())
    for started in threads:
        started.join()
    rows = db.read_sync(received)
    assert sorted(rows.values()) == list(range(1, 161))
    assert set(rows) == {post.case for post in reports}


def test_two_holders_of_one_database_write_at_once(db: Database, url: str) -> None:
    with Database.open(url) as other:

        async def both() -> None:
            verbs = [(db, other)[n % 2].write(lambda tx: file(tx, a_report(items=1, size=50))) for n in range(60)]
            await asyncio.gather(*verbs)

        asyncio.run(both())
    assert sorted(db.read_sync(received).values()) == list(range(1, 61))


def test_a_lock_that_is_not_had_in_time_is_busy(db: Database, url: str) -> None:
    started, release = threading.Event(), threading.Event()

    def hold(tx: Connection) -> None:
        started.set()
        release.wait(10)

    with Database.open(url, busy_seconds=0.2) as hasty:
        holder = threading.Thread(target=db.write_sync, args=(hold,))
        holder.start()
        started.wait(10)
        try:
            with pytest.raises(Busy):
                hasty.write_sync(lambda tx: meta.put(tx, "a", "b"))
        finally:
            release.set()
            holder.join()
        hasty.write_sync(lambda tx: meta.put(tx, "a", "b"))


def test_a_cancelled_caller_who_never_ran_leaves_nothing(db: Database) -> None:
    async def give_up() -> None:
        held = threading.Event()
        first = asyncio.ensure_future(db.write(lambda tx: held.wait(10) and None))
        second = asyncio.ensure_future(db.write(lambda tx: meta.put(tx, "late", "1")))
        await asyncio.sleep(0)
        second.cancel()
        held.set()
        await first

    asyncio.run(give_up())
    assert db.write_sync(lambda tx: meta.get(tx, "late")) in ("", "1")
    db.write_sync(lambda tx: meta.put(tx, "still", "alive"))


def test_closing_finishes_what_waits(url: str) -> None:
    opened = Database.open(url)
    waiting = [opened._writer.submit(lambda tx, n=n: meta.put(tx, f"k{n}", "v")) for n in range(50)]
    opened.close()
    assert all(future.done() and future.exception() is None for future in waiting)
    with pytest.raises(StorageError):
        opened.write_sync(lambda tx: None)


def test_a_database_that_was_never_made_is_refused(empty_url: str, tmp_path: Path) -> None:
    with pytest.raises(NotMigrated):
        Database.open(empty_url)
    with pytest.raises(NotMigrated):
        Database.open(str(tmp_path / "nowhere.db"))
    assert not (tmp_path / "nowhere.db").exists()
