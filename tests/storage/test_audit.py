"""The audit of what was opened: one chain with what it was before, folded, found again, and silent about arrivals."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.storage import bracketing
from tests.storage.people import ACCEPTED, BOB, DAY, ERIK, FAY, RECEIVED, a_report, add, after, an_item, file
from whistle.storage import audit, chained, tables
from whistle.storage.audit import CLOSED, Entry
from whistle.storage.checks import check
from whistle.storage.database import Database
from whistle.storage.engine import open_engine
from whistle.storage.migrations import migrate
from whistle.storage.records import NewPost

FORMER = "0010"  # the last version whose audit knew logins and signed acts only


def day(by: int) -> str:
    return (date.fromisoformat(DAY) + timedelta(days=by)).isoformat()


def enter(db: Database, entry: Entry, folds: bool = True) -> None:
    db.write_sync(lambda tx: audit.enter(tx, entry, folds=folds))


def opening(case: str, minute: str = "09:00", **more: str) -> Entry:
    return Entry(**{"day": DAY, "rid": BOB, "act": "case", "minute": minute, "case": case, **more})


def entries(db: Database) -> list[Entry]:
    return [audit.parse(row.bytes).entry for row in db.read_sync(lambda tx: list(audit.every(tx)))]


def filed(db: Database, **more: int) -> NewPost:
    made = a_report(**more)
    db.write_sync(lambda tx: file(tx, made))
    return made


def acted(db: Database, report: NewPost) -> NewPost:
    made = after(report, report.no + 1)
    db.write_sync(lambda tx: add(tx, made, ACCEPTED))
    return made


def level(db: Database) -> str:
    return next(one.level for one in check(db.url) if one.code == "audit")


def test_it_works(db: Database) -> None:
    report = filed(db)
    acted(db, report)
    enter(db, opening(report.case))
    assert entries(db) == [opening(report.case)]
    assert db.read_sync(lambda tx: audit.verify(audit.every(tx)))
    assert level(db) == "ok"


def test_rows_of_an_earlier_release_keep_their_bytes_and_go_on_in_one_chain(empty_url: str) -> None:
    migrate(empty_url, FORMER)
    before = []

    def former(previous: bytes, no: int) -> tuple[bytes, bytes]:
        said = {"no": no, "day": DAY, "rid": BOB, "act": "accept", "case": "c" * 43, "note": ""}
        document = json.dumps(said, separators=(",", ":")).encode()
        return document, audit.hash_of(previous, document)

    engine = open_engine(empty_url, "all", write=True, busy_seconds=10)
    with engine.begin() as tx:
        for _ in range(3):
            count, previous = chained.head(tx, tables.audit)
            document, hash_ = former(previous, count + 1)
            before.append(document)
            values = {"no": count + 1, "document": document, "hash": hash_}
            tx.execute(text("INSERT INTO audit (no, document, hash) VALUES (:no, :document, :hash)"), values)
    engine.dispose()
    migrate(empty_url)
    with Database.open(empty_url) as db:
        enter(db, Entry(DAY, BOB, "login", "08:00"))
        rows = db.read_sync(lambda tx: list(audit.every(tx)))
        assert [bytes(row.bytes) for row in rows[:3]] == before
        assert audit.verify(rows)
        assert (rows[3].no, level(db)) == (4, "ok")
        found = db.read_sync(lambda tx: tx.execute(text('SELECT rid, "case", day, minute FROM audit')).all())
        assert [tuple(row) for row in found] == [(BOB, "c" * 43, DAY, "")] * 3 + [(BOB, "", DAY, "08:00")]
        with pytest.raises(Exception, match=r"taken|keep"):
            db.write_sync(lambda tx: tx.execute(text("UPDATE audit SET rid = 'x'")))


def test_the_same_within_ten_minutes_is_one_entry(db: Database) -> None:
    report = filed(db)
    acted(db, report)
    minutes = ("09:00", "09:04", "09:09", "09:10", "09:19", "09:25", "23:59")
    for minute in minutes:
        enter(db, opening(report.case, minute))
    assert [each.minute for each in entries(db)] == ["09:00", "09:10", "09:25", "23:59"]


def test_another_key_case_item_or_outcome_is_another_entry(db: Database) -> None:
    report, other = filed(db), filed(db)
    for each in (report, other):
        acted(db, each)
    told = [
        opening(report.case),
        opening(report.case, rid=ERIK),
        opening(other.case),
        opening(report.case, act="item", item=report.items[1].id),
        opening(report.case, act="item", item=report.items[2].id),
        opening(report.case, outcome="not_found"),
    ]
    for entry in (*told, *told):
        enter(db, entry)
    assert entries(db) == told


def test_what_may_not_fold_is_an_entry_each_time(db: Database) -> None:
    report = filed(db)
    acted(db, report)
    for _ in range(3):
        enter(db, opening(report.case, rid=FAY), folds=False)
    assert len(entries(db)) == 3


def test_what_is_opened_before_the_office_acts_waits_for_the_night_without_a_minute(db: Database) -> None:
    report = filed(db)
    for minute in ("09:00", "11:30"):
        enter(db, opening(report.case, minute))
        enter(db, Entry(DAY, BOB, "inbox", minute))
        enter(db, opening(report.case, minute, outcome="not_found", rid=ERIK), folds=False)
    assert entries(db) == []
    assert {(each.act, each.rid, each.minute) for each in db.read_sync(audit.waiting)} == {
        ("case", BOB, ""),
        ("inbox", BOB, ""),
        ("case", ERIK, ""),
    }
    acted(db, report)
    enter(db, opening(report.case, "12:00"))
    assert [each.minute for each in entries(db)] == ["12:00"]


def test_an_item_that_came_after_the_offices_last_word_waits_too(db: Database) -> None:
    report = filed(db)
    accepted = acted(db, report)
    said = replace(after(accepted, 2, "reporter", "message"), items=(an_item(),))
    db.write_sync(lambda tx: add(tx, said, RECEIVED))
    enter(db, opening(report.case, act="item", item=said.items[0].id))
    enter(db, opening(report.case, act="item", item=report.items[1].id))
    assert [each.item for each in entries(db)] == [report.items[1].id]
    assert [each.item for each in db.read_sync(audit.waiting)] == [said.items[0].id]


def test_only_what_is_stored_is_named(db: Database) -> None:
    report = filed(db)
    acted(db, report)
    enter(db, opening("1234567890123456789012345", outcome="not_found"))
    enter(db, opening(report.case, act="item", item="words of hers", outcome="not_found"))
    assert [(each.case, each.item) for each in entries(db)] == [("", ""), (report.case, "")]


def test_what_waited_joins_by_its_day_in_random_order_and_each_day_is_closed(db: Database) -> None:
    reports = [filed(db) for _ in range(40)]
    for report in reports:
        enter(db, opening(report.case))
    enter(db, Entry(day(1), BOB, "inbox", "08:00"))
    enter(db, Entry(day(2), BOB, "inbox", "08:00"))
    assert db.read_sync(lambda tx: audit.is_due(tx, day(2)))
    assert db.write_sync(lambda tx: audit.gather(tx, day(2))) == 41
    joined = entries(db)
    assert [(each.day, each.act) for each in joined if each.act != "case"] == [
        (day(1), "inbox"),
        (day(1), CLOSED),
    ]
    order = [each.case for each in joined if each.act == "case"]
    assert sorted(order) == sorted(report.case for report in reports)
    assert order not in ([report.case for report in reports], sorted(order))
    assert {each.minute for each in joined} == {""}
    assert [each.day for each in db.read_sync(audit.waiting)] == [day(2)]
    assert not db.read_sync(lambda tx: audit.is_due(tx, day(2)))
    assert level(db) == "ok"


def test_the_days_of_a_stop_are_closed_one_by_one_and_a_wrong_clocks_are_not(db: Database) -> None:
    def closed() -> list[str]:
        return [each.day for each in entries(db) if each.act == CLOSED]

    for now in (day(1), day(4), day(4)):
        db.write_sync(lambda tx, now=now: audit.gather(tx, now))
    assert closed() == [day(0), day(1), day(2), day(3)]
    db.write_sync(lambda tx: audit.gather(tx, day(404)))
    assert closed()[4:] == [day(403)], "a year ahead: one day, not four hundred"
    for now in (day(4), day(5), day(5)):
        db.write_sync(lambda tx, now=now: audit.gather(tx, now))
    assert closed()[5:] == [day(4)], "and the right clock goes on where it was"


def test_a_clock_set_back_over_midnight_closes_no_day_twice(db: Database) -> None:
    db.write_sync(lambda tx: audit.gather(tx, day(1)))
    stood = db.read_sync(lambda tx: audit.closing(tx, DAY))
    enter(db, Entry(DAY, BOB, "inbox", "23:50"))
    enter(db, Entry(DAY, BOB, "login", "23:50"))
    db.write_sync(lambda tx: audit.gather(tx, DAY))
    db.write_sync(lambda tx: audit.gather(tx, day(1)))
    assert db.read_sync(lambda tx: audit.closing(tx, DAY)) == stood
    assert [each.act for each in entries(db)] == [CLOSED, "login", CLOSED, "inbox"]
    assert [each.day for each in entries(db)] == [DAY, DAY, day(-1), DAY]


TAMPERED = {
    "a row is edited": (
        "UPDATE audit SET document = CAST(replace(CAST(document AS TEXT), 'ledger', 'login') AS BLOB) WHERE no = 2"
    ),
    "a row is taken out": "DELETE FROM audit WHERE no = 2",
    "a row is hidden from who looks for it": "UPDATE audit SET rid = 'somebody' WHERE no = 2",
}


@pytest.mark.parametrize("how", TAMPERED)
def test_an_operator_who_changes_a_row_is_seen(tmp_path: Path, how: str) -> None:
    url = str(tmp_path / "whistle.db")
    migrate(url)
    with Database.open(url) as db:
        for minute in ("08:00", "09:00", "10:00"):
            enter(db, Entry(DAY, BOB, "ledger", minute))
        assert level(db) == "ok"
        for name in ("update", "delete"):
            db.write_sync(lambda tx, name=name: tx.execute(text(f"DROP TRIGGER audit_no_{name}")))
        db.write_sync(lambda tx: tx.execute(text(TAMPERED[how])))
        assert level(db) == "red"


WRITE = """
import sys
from whistle.storage import audit
from whistle.storage.audit import Entry
from whistle.storage.database import Database

with Database.open(sys.argv[1], "review") as db:
    for n in range(20):
        for rid in ("everybody", sys.argv[2]):
            entry = Entry("2026-11-23", rid, "ledger", "09:00", note=str(n))
            db.write_sync(lambda tx: audit.enter(tx, entry, folds=True))
"""


def test_several_processes_write_one_chain_and_fold_what_is_the_same(db: Database, url: str) -> None:
    command = [sys.executable, "-c", WRITE, url]
    running = [subprocess.Popen([*command, f"process {n}"]) for n in range(3)]
    assert [each.wait(120) for each in running] == [0, 0, 0]
    found = entries(db)
    assert db.read_sync(lambda tx: audit.verify(audit.every(tx)))
    assert len(found) == 20 + 3 * 20
    assert len([each for each in found if each.rid == "everybody"]) == 20


def test_openings_place_no_report_closer_than_its_day_and_the_offices_next_post(db: Database) -> None:
    """A day of reports, acts and openings as they come. What a thief reads of the audit after the night: its rows in
    their order, and their minutes."""
    dice, reports, answered = random.Random(5), list[NewPost](), set[str]()
    minutes: dict[str, int] = {}
    truth: dict[str, int] = {}
    as_it_came: list[str] = []
    posts: dict[tuple[str, str], str] = {}
    first: dict[str, int] = {}
    for minute in range(1, 400):
        clock = f"{8 + minute // 60:02d}:{minute % 60:02d}"
        what = dice.choice(("report", "act", "open", "open", "list"))
        waiting = [report for report in reports if report.case not in answered]
        if what == "report" or not waiting:
            made = filed(db, items=1, size=64)
            reports.append(made)
            truth[made.hash] = minute
            posts[made.case, "case"] = made.hash
            enter(db, opening(made.case, clock))  # somebody sits at the desk and opens it at once
            as_it_came.append(made.hash)
        elif what == "act":
            report = dice.choice(waiting)
            answered.add(report.case)
            made = acted(db, report)
            truth[made.hash] = minutes[made.hash] = first[report.case] = minute
            posts[report.case, "accept"] = made.hash
            enter(db, opening(report.case, clock, act="accept"))
            as_it_came.append(made.hash)
        elif what == "open":
            enter(db, opening(dice.choice(reports).case, clock, rid=dice.choice((BOB, ERIK))))
        else:
            enter(db, Entry(DAY, BOB, "inbox", clock))
    share, _ = bracketing.best({"as it came": [as_it_came]}, minutes, truth)
    assert share > 0.8, "the program finds nothing"
    db.write_sync(lambda tx: audit.gather(tx, day(1)))
    found = entries(db)
    chain = [posts[each.case, each.act] for each in found if (each.case, each.act) in posts]
    share, way = bracketing.best({"audit": [chain]}, minutes, truth)
    assert share < 0.1, f"{way} places {share:.0%} of the reports"
    timed = [each for each in found if each.case and each.minute]
    assert len(timed) > 50
    assert all(int(e.minute[:2]) * 60 + int(e.minute[3:]) - 480 >= first[e.case] for e in timed)
    assert {each.day for each in found if each.case} == {DAY}
