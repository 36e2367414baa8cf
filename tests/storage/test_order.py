"""What a stolen copy tells of when reports came: everything until the night, a day after it."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, insert, select, update

from tests.storage import bracketing
from tests.storage.people import ACCEPTED, BOB, DAY, RECEIVED, a_report, add, after, file, received
from tests.storage.stopped import killed, once_free
from whistle.crypto import order
from whistle.storage import cases, moving, tables
from whistle.storage.appending import spend
from whistle.storage.checks import check
from whistle.storage.database import Database
from whistle.storage.errors import Conflict, Mismatch
from whistle.storage.migrations import migrate, schema_version
from whistle.storage.records import NewPost

NEXT_DAY = (date.fromisoformat(DAY) + timedelta(days=1)).isoformat()
KEY = bytes(range(32))


def a_day(db: Database, posts: int = 90) -> tuple[dict[str, int], dict[str, int]]:
    """A day's posts as they come, mixed: reports, messages of reporters, acts of the office. The minutes of the
    office's, and when each really came."""
    dice, newest = random.Random(7), list[NewPost]()
    minutes: dict[str, int] = {}
    truth: dict[str, int] = {}
    for minute in range(1, posts + 1):
        what = dice.choice(("report", "message", "office", "office")) if len(newest) > 4 else "report"
        if what == "report":
            made = a_report(items=3)
            db.write_sync(lambda tx, made=made: (spend(tx, os.urandom(16), DAY), file(tx, made)))
            newest.append(made)
        else:
            at = dice.randrange(len(newest))
            author = BOB if what == "office" else "reporter"
            made = after(newest[at], newest[at].no + 1, author, "accept" if author == BOB else "message")
            cached = ACCEPTED if author == BOB else RECEIVED
            db.write_sync(lambda tx, made=made, cached=cached: add(tx, made, cached))
            newest[at] = made
        truth[made.hash] = minute
        if what == "office":
            minutes[made.hash] = minute
    return minutes, truth


def moved(db: Database, before_day: str = NEXT_DAY) -> int:
    days = db.read_sync(lambda tx: moving.due(tx, before_day))
    if days is None:
        return 0
    parts = db.read_sync(lambda tx: moving.slices(tx, days))
    posts = sum(db.write_sync(lambda tx, part=part: moving.move(tx, days, part)) for part in parts)
    db.write_sync(lambda tx: moving.settle(tx, days, before_day))
    moving.clear_traces(db)
    return posts


def orders_of(db: Database, tmp_path: Path) -> bracketing.Orders:
    """What a thief of this moment reads, of a raw copy of the files or of the server."""
    if db.dialect == "postgresql":
        return bracketing.of_server(db.url)
    copy = tmp_path / "stolen"
    for suffix in ("", "-wal"):
        if Path(db.url + suffix).exists():
            shutil.copyfile(db.url + suffix, str(copy) + suffix)
    orders = bracketing.of_file(copy)
    copy.unlink()
    return orders


def test_a_copy_places_a_report_until_the_night_and_then_no_closer_than_its_day(db: Database, tmp_path: Path) -> None:
    minutes, truth = a_day(db)
    share, way = bracketing.best(orders_of(db, tmp_path), minutes, truth)
    assert share > 0.8, f"the program finds nothing: {way}"
    assert moved(db) == len(truth)
    share, way = bracketing.best(orders_of(db, tmp_path), minutes, truth)
    assert share < 0.3, f"{way} places {share:.0%} of the reporters' posts"
    assert not [finding for finding in check(db.url) if finding.level == "red"]


def test_the_earlier_layout_told_it_for_good_and_the_step_up_takes_it_away(tmp_path: Path) -> None:
    url = str(tmp_path / "whistle.db")
    migrate(url)
    with Database.open(url) as db:
        minutes, truth = a_day(db)
        sealed(db, truth)
    migrate(url, "0005", lambda: KEY)
    assert bracketing.best(bracketing.of_file(Path(url)), minutes, truth) > (0.9, "")
    migrate(url, order_key=lambda: KEY)
    share, way = bracketing.best(bracketing.of_file(Path(url)), minutes, truth)
    assert share < 0.3, f"{way} places {share:.0%} of the reporters' posts"


def sealed(db: Database, truth: dict[str, int]) -> None:
    """The order of receipt as a door would have sealed it."""

    def seal_all(tx: Connection) -> None:
        numbers = received(tx)
        joined = tables.posts.join(tables.cases)
        found = tx.execute(select(tables.cases.c.case, tables.posts).select_from(joined)).all()
        for row in found:
            arrival = order.Arrival(truth[row.hash], 0 if row.place else numbers[row.case], bytes(32))
            mine = (tables.posts.c.case_id == row.case_id) & (tables.posts.c.place == row.place)
            value = order.seal(KEY, row.case, row.place, arrival)
            tx.execute(update(tables.posts).where(mine).values(arrival=value))

    db.write_sync(seal_all)


def contents(db: Database) -> dict[str, set[tuple[object, ...]]]:
    """Every row of every table but the move's own mark."""
    rows = {table.name: {tuple(row) for row in _rows(db, table)} for table in tables.ALL}
    rows["meta"] = {row for row in rows["meta"] if row[0] not in (moving.MOVED, moving.MOVED_ON, "looked_at")}
    return rows


def _rows(db: Database, table: Table) -> list[tuple[object, ...]]:
    return db.read_sync(lambda tx: [tuple(row) for row in tx.execute(select(table))])


MOVE = """
import sys
from whistle.storage import moving
from whistle.storage.database import Database

with Database.open(sys.argv[1], "review") as db:
    days = db.read_sync(lambda tx: moving.due(tx, sys.argv[2]))
    for n, part in enumerate(db.read_sync(lambda tx: moving.slices(tx, days, 4))):
        if n == 2 and sys.argv[3] == "between":
            print("between", flush=True)
            sys.stdin.read()
        if n == 2 and sys.argv[3] == "inside":
            db.write_sync(lambda tx: (moving.move(tx, days, part), print("inside", flush=True), sys.stdin.read()))
        if n == 2 and sys.argv[3] == "half":
            moving._put_back = lambda *_: (print("half", flush=True), sys.stdin.read())
        db.write_sync(lambda tx: moving.move(tx, days, part))
"""


@pytest.mark.parametrize("where", ["between", "half", "inside"])
def test_a_kill_in_the_middle_loses_nothing_and_the_next_night_ends_it(url: str, where: str) -> None:
    """Between two parts; with a part's rows taken out and not put back; moved and not committed."""
    with Database.open(url) as db:
        a_day(db, 40)
        before = contents(db)
    killed(MOVE, url, NEXT_DAY, where, at=where)
    with once_free(lambda: Database.open(url)) as db:
        assert contents(db) == before
        assert moved(db) == 40
        assert contents(db) == before
        assert moved(db) == 0, "once is enough"
    assert not [finding for finding in check(url) if finding.level == "red"]


MIGRATE = """
import os, sys
from whistle.storage.errors import Conflict, Mismatch
from whistle.storage.migrations import migrate, schema_version

left, drawn = 40, os.urandom

def slowly(size):
    global left
    left -= 1
    if not left:
        print("inside", flush=True)
        sys.stdin.read()
    return drawn(size)

os.urandom = slowly
migrate(sys.argv[1], sys.argv[2], lambda: bytes(range(32)))
"""


def test_a_step_up_that_is_killed_leaves_the_earlier_version_and_is_made_again(url: str) -> None:
    with Database.open(url) as db:
        _, truth = a_day(db, 60)
        sealed(db, truth)
        before = told(db)
    migrate(url, "0005", lambda: KEY)
    killed(MIGRATE, url, "0006", at="inside")
    assert schema_version(url) == "0005"
    once_free(lambda: migrate(url, order_key=lambda: KEY))
    with Database.open(url) as db:
        assert told(db) == before
    assert not [finding for finding in check(url) if finding.level == "red"]


def test_a_step_down_asks_for_the_key_and_changes_nothing_without_it(url: str) -> None:
    with Database.open(url) as db:
        _, truth = a_day(db, 20)
        sealed(db, truth)
        before = told(db)
    with pytest.raises(Mismatch) as refused:
        migrate(url, "0005", lambda: bytes(32))
    assert refused.value.code == "order_key_differs"
    with Database.open(url) as db:
        assert told(db) == before


def told(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """What readers get of every case, and the order in which each post came."""

    def look(tx: Connection) -> dict[str, list[tuple[object, ...]]]:
        came = {
            (case, place): replace(arrival, salt=arrival.salt if arrival.seq else b"")
            for case, place, _, sealed in cases.arrivals(tx)
            for arrival in [order.open_(KEY, case, place, bytes(sealed))]
        }
        return {
            row.case: [
                *((post, came[row.case, place]) for place, post in enumerate(cases.load_posts(tx, row.case))),
                *((rid, tuple(cases.grants_for(tx, row.case, rid))) for rid in (BOB, "reporter")),
                (replace(row, id=0), cases.cards_for(tx, BOB, [row.case]).get(row.case)),
            ]
            for row in cases.iter_cases(tx)
        }

    return db.read_sync(look)


def test_a_clock_set_back_over_midnight_hides_nothing_from_the_next_night(db: Database) -> None:
    after_midnight = (date.fromisoformat(NEXT_DAY) + timedelta(days=1)).isoformat()
    db.write_sync(lambda tx: file(tx, a_report()))
    assert moved(db, NEXT_DAY) == 1
    db.write_sync(lambda tx: file(tx, a_report()))  # the day goes on once more
    assert moved(db, DAY) == 0, "a day that goes on is left alone"
    assert moved(db, NEXT_DAY) == 0, "and this night has been done"
    assert moved(db, after_midnight) == 2, "though nothing came on the day between"
    assert moved(db, after_midnight) == 0


def test_a_clock_that_was_a_year_ahead_does_not_stop_the_move(db: Database) -> None:
    db.write_sync(lambda tx: file(tx, a_report()))
    assert moved(db, "2027-12-01") == 1
    db.write_sync(lambda tx: file(tx, replace(a_report(), day=NEXT_DAY)))
    assert moved(db, "2026-11-25") == 2


def test_who_shares_the_moves_transaction_is_refused_alone(db: Database) -> None:
    """A row that lacks what it refers to is its own verb's conflict, as on any other day."""
    report = a_report()
    db.write_sync(lambda tx: file(tx, report))
    days = db.read_sync(lambda tx: moving.due(tx, NEXT_DAY))
    assert days is not None
    (part,) = db.read_sync(lambda tx: moving.slices(tx, days))
    grant = {"case_id": 1, "place": 0, "row": 0, "reader": BOB, "covers": "[]", "sealed": b"x"}

    async def together() -> list[object]:
        held = threading.Event()
        verbs = [
            db.write(lambda tx: held.wait(10) and None),
            db.write(lambda tx: moving.move(tx, days, part)),
            db.write(lambda tx: tx.execute(insert(tables.grants), grant) and None),
        ]
        waiting = asyncio.gather(*verbs, return_exceptions=True)
        await asyncio.sleep(0)
        held.set()
        return await waiting

    assert [type(answer) for answer in asyncio.run(together())] == [type(None), int, Conflict]


def test_what_came_late_for_its_day_moves_with_the_next(db: Database) -> None:
    report = a_report()
    db.write_sync(lambda tx: file(tx, report))
    assert moved(db, DAY) == 0, "today's posts wait for the night"
    assert moved(db) == 1
    late, next_ = a_report(), replace(a_report(), day=NEXT_DAY)
    for post in (late, next_):
        db.write_sync(lambda tx, post=post: file(tx, post))
    assert moved(db, "2027-01-01") == 3


def test_a_big_day_moves_in_parts_none_of_them_small(db: Database) -> None:
    for _ in range(11):
        db.write_sync(lambda tx: file(tx, a_report(items=1, size=60)))
    days = db.read_sync(lambda tx: moving.due(tx, NEXT_DAY))
    assert days is not None
    parts = db.read_sync(lambda tx: moving.slices(tx, days, 5))
    assert [db.write_sync(lambda tx, part=part: moving.move(tx, days, part)) for part in parts] == [3, 4, 4]
    assert db.read_sync(lambda tx: moving.slices(tx, days, 100)) == [(0, parts[-1].last)]


def test_no_row_of_a_reporters_has_a_number_that_grows(db: Database) -> None:
    """Row numbers that SQLite counts would keep the order of arrival, whatever is moved."""
    made = db.read_sync(lambda tx: {table.name: table for table in tables.ALL})
    for name in ("readers", "parts", "spent"):
        assert made[name].dialect_options["sqlite"]["with_rowid"] is False, name
    for _ in range(12):
        db.write_sync(lambda tx: file(tx, a_report(items=1, size=60)))
    ids = db.read_sync(lambda tx: {row.case: row.id for row in cases.iter_cases(tx)})
    by_arrival = [ids[case] for case in sorted(ids, key=db.read_sync(received).__getitem__)]
    assert by_arrival != sorted(by_arrival)
    for name in ("posts", "items", "grants") if db.dialect == "sqlite" else ():
        found = db.read_sync(lambda tx, name=name: tx.exec_driver_sql(f"SELECT rowid, case_id FROM {name}").all())  # noqa: S608
        numbers = [rowid for rowid, case in sorted(found, key=lambda row: by_arrival.index(row.case_id))]
        assert numbers != sorted(numbers), name
        assert max(numbers) > 2**53, name
    assert max(by_arrival) > 2**53, "drawn from the whole range"
