"""The ledger's and the audit's tables: nothing is changed, nothing leaves, two appends never share a place."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import replace

import pytest
from sqlalchemy import Connection, text

from tests.storage.people import ours
from whistle.core.carrying import carried, moved_by
from whistle.core.ledger import START, Entry, LedgerError, parse_row
from whistle.core.summary import summarise
from whistle.storage import audit, ledger
from whistle.storage.checks import check
from whistle.storage.database import Database
from whistle.storage.errors import Conflict, StorageError

CASE = "〔2026〕1号"
BUDGET = Entry("budget", "2026-01-05", 2026, 10_000_000, source="区财政")
APPROVE = Entry("approve", "2026-11-23", 2026, 2_250_000, case=CASE, post="A" * 43, pack="SD-REW-2021")
PAY = Entry("pay", "2026-12-01", 2026, 2_250_000, case=CASE, post="B" * 43, voucher="0012", treasury="T-9")


def enter(db: Database, *entries: Entry) -> None:
    for entry in entries:
        db.write_sync(lambda tx, entry=entry: ledger.enter(ours(tx), entry))


def test_it_works(db: Database) -> None:
    assert db.read_sync(lambda tx: ledger.head(ours(tx))) == START
    enter(db, BUDGET, APPROVE, PAY)
    rows = db.read_sync(lambda tx: list(ledger.every(ours(tx))))
    assert [parse_row(row.bytes).kind for row in rows] == ["budget", "approve", "pay"]
    assert rows[0].hash == hashlib.sha256(b"ledger v1\0" + bytes(32) + rows[0].bytes).digest()
    assert db.read_sync(lambda tx: ledger.verify(ours(tx))) == db.read_sync(lambda tx: ledger.head(ours(tx)))
    assert db.read_sync(lambda tx: ledger.rows_of(ours(tx), CASE)) == [row.bytes for row in rows[1:]]


def test_the_balance_of_a_year_comes_from_sums(db: Database) -> None:
    enter(db, BUDGET, APPROVE)
    balance = db.read_sync(lambda tx: ledger.balance(ours(tx), 2026))
    assert (balance.approved, balance.open, balance.paid, balance.left) == (2_250_000, 2_250_000, 0, 7_750_000)
    enter(db, PAY)
    assert db.read_sync(lambda tx: ledger.balance(ours(tx))).paid == 2_250_000
    assert db.read_sync(lambda tx: ledger.balance(ours(tx), 2025)).approved == 0
    assert db.read_sync(lambda tx: ledger.recount(ours(tx))) == db.read_sync(lambda tx: ledger.sums(ours(tx)))


def test_the_sums_kept_beside_the_rows_are_those_of_all_rows_added_up(db: Database) -> None:
    """By year, source and month, with corrections, a lock, and rows of the next year in this year's months."""
    special = replace(BUDGET, fen=3_000_000, source="财政专项")
    taken_back = replace(special, kind="reverse", day="2026-12-02", corrects=2, corrects_kind="budget", memo="错记")
    next_year = replace(BUDGET, day="2026-12-03", year=2027)
    lock = Entry("lock", "2026-12-21", 2026, memo="2026-11")
    paid_late = replace(PAY, day="2027-01-04")
    assert db.read_sync(lambda tx: ledger.summary(ours(tx))) == summarise([])
    enter(db, BUDGET, special, APPROVE, taken_back, next_year, lock, paid_late)
    rows = [parse_row(row.bytes) for row in db.read_sync(lambda tx: ledger.rows(ours(tx)))]
    for year in (0, 2026, 2027, 2025):
        cash = db.read_sync(lambda tx, year=year: ledger.carried_over(ours(tx), year))
        assert cash == carried(moved_by(rows), year)
        of_year = [row for row in rows if year in (0, row.year)]
        plain = summarise(rows, year)
        assert db.read_sync(lambda tx, year=year: ledger.summary(ours(tx), year)) == plain
        assert db.read_sync(lambda tx, year=year: ledger.balance(ours(tx), year)) == plain.balance
        assert db.read_sync(lambda tx, year=year: ledger.count(ours(tx), year)) == len(of_year)
    paid_in_the_next_year = db.read_sync(lambda tx: ledger.carried_over(ours(tx), 2027)).total
    assert (paid_in_the_next_year.brought, paid_in_the_next_year.paid) == (PAY.fen, PAY.fen)
    assert db.read_sync(lambda tx: ledger.years(ours(tx))) == [2026, 2027]
    assert db.read_sync(lambda tx: ledger.recount(ours(tx))) == db.read_sync(lambda tx: ledger.sums(ours(tx)))


def test_a_row_that_is_refused_leaves_the_sums_as_they_were(db: Database) -> None:
    enter(db, BUDGET, APPROVE)
    before = db.read_sync(lambda tx: ledger.sums(ours(tx)))

    def enter_and_fail(tx: Connection) -> None:
        ledger.enter(ours(tx), PAY)
        assert ledger.sums(ours(tx)) != before
        raise LookupError

    with pytest.raises(LookupError):
        db.write_sync(enter_and_fail)
    assert db.read_sync(lambda tx: ledger.sums(ours(tx))) == before


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ((BUDGET, APPROVE, PAY, replace(PAY, post="C" * 43)), "paid_twice"),
        ((APPROVE,), "no_funds"),
        ((PAY,), "not_approved"),
    ],
)
def test_what_the_books_do_not_admit_is_not_entered(db: Database, entries: tuple[Entry, ...], code: str) -> None:
    enter(db, *entries[:-1])
    with pytest.raises(LedgerError) as caught:
        enter(db, entries[-1])
    assert caught.value.code == code
    assert db.read_sync(lambda tx: ledger.head(ours(tx))).count == len(entries) - 1


def test_a_closed_month_stays_closed(db: Database) -> None:
    enter(db, BUDGET, Entry("lock", "2026-12-01", 2026, memo="2026-11"))
    assert db.read_sync(lambda tx: ledger.locked_month(ours(tx))) == "2026-11"
    with pytest.raises(LedgerError) as caught:
        enter(db, APPROVE)
    assert caught.value.code == "month_locked"


def test_a_lock_and_an_entry_that_race_leave_no_row_in_the_locked_month(db: Database, url: str) -> None:
    """Whichever comes first in the one order of writes: the row is before the lock, or it is refused."""
    enter(db, BUDGET)
    late = [replace(BUDGET, day="2026-11-30", fen=n + 1) for n in range(20)]
    closing = Entry("lock", "2026-12-01", 2026, memo="2026-11")

    async def race(other: Database) -> list[object]:
        work = [*late[:10], closing, *late[10:]]
        writes = [
            (db, other)[n % 2].write(lambda tx, one=one: ledger.enter(ours(tx), one)) for n, one in enumerate(work)
        ]
        return await asyncio.gather(*writes, return_exceptions=True)

    with Database.open(url) as other:
        ended = asyncio.run(race(other))
    refused = [one for one in ended if isinstance(one, LedgerError)]
    assert {one.code for one in refused} <= {"month_locked"}
    assert db.read_sync(lambda tx: ledger.verify(ours(tx))).count == 1 + len(late) + 1 - len(refused)


@pytest.mark.parametrize("table", ["ledger", "audit"])
@pytest.mark.parametrize("change", ["UPDATE {} SET document = hash", "DELETE FROM {}", "DELETE FROM {} WHERE no = 1"])
def test_nobody_changes_a_row_not_even_the_owner(db: Database, table: str, change: str) -> None:
    enter(db, BUDGET)
    db.write_sync(lambda tx: audit.record(tx, day="2026-11-23", rid="bob", act="login"))
    with pytest.raises(StorageError):
        db.write_sync(lambda tx: tx.execute(text(change.format(table))))
    assert db.read_sync(lambda tx: ledger.head(ours(tx))).count == 1
    assert len(db.read_sync(lambda tx: list(audit.every(tx)))) == 1


def test_a_row_with_a_number_that_is_taken_is_refused(db: Database) -> None:
    enter(db, BUDGET)
    again = "INSERT INTO ledger SELECT office, no, document, hash, kind, corrects_kind, year, fen, {} FROM ledger"
    with pytest.raises(Conflict):
        db.write_sync(lambda tx: tx.execute(text(again.format('"case"'))))


def test_entries_made_at_once_are_chained_one_after_another(db: Database, url: str) -> None:
    async def both(other: Database) -> None:
        small = [Entry("budget", "2026-01-05", 2026, n + 1, source="区财政") for n in range(40)]
        await asyncio.gather(
            *(
                (db, other)[n % 2].write(lambda tx, entry=entry: ledger.enter(ours(tx), entry))
                for n, entry in enumerate(small)
            )
        )

    with Database.open(url) as other:
        asyncio.run(both(other))
    assert db.read_sync(lambda tx: ledger.verify(ours(tx))).count == 40
    assert db.read_sync(lambda tx: ledger.recount(ours(tx))) == db.read_sync(lambda tx: ledger.sums(ours(tx)))
    assert db.read_sync(lambda tx: ledger.balance(ours(tx))).left == sum(range(1, 41))


def test_an_entry_goes_with_its_post_or_not_at_all(db: Database) -> None:
    def pay_and_fail(tx: Connection) -> None:
        ledger.enter(ours(tx), BUDGET)
        raise LookupError

    with pytest.raises(LookupError):
        db.write_sync(pay_and_fail)
    assert db.read_sync(lambda tx: ledger.head(ours(tx))) == START


def test_acts_are_chained_and_an_edit_is_seen(db: Database) -> None:
    for act in ("login", "export", "logout"):
        db.write_sync(lambda tx, act=act: audit.record(tx, day="2026-11-23", rid="bob", act=act))
    rows = db.read_sync(lambda tx: list(audit.every(tx)))
    assert [json.loads(row.bytes)["act"] for row in rows] == ["login", "export", "logout"]
    assert audit.verify(rows)
    edited = type(rows[1])(2, rows[1].bytes.replace(b"export", b"expert"), rows[1].hash)
    assert not audit.verify([rows[0], edited, rows[2]])
    assert not audit.verify([rows[0], rows[2]])


def test_an_audit_that_lost_its_end_or_was_made_anew_is_not_the_anchored_one(db: Database) -> None:
    for act in ("login", "export", "logout"):
        db.write_sync(lambda tx, act=act: audit.record(tx, day="2026-11-23", rid="bob", act=act))
    anchor, rows = db.read_sync(audit.head), db.read_sync(lambda tx: list(audit.every(tx)))
    assert anchor.count == len(rows) == 3
    assert audit.verify(rows, anchor)
    assert audit.verify(rows[:2])
    assert not audit.verify(rows[:2], anchor)
    assert not audit.verify([], anchor)
    off = "DROP TRIGGER audit_no_delete" if db.dialect == "sqlite" else "DROP TRIGGER audit_append_only ON audit"
    db.write_sync(lambda tx: tx.execute(text(off)))
    db.write_sync(lambda tx: tx.execute(text("DELETE FROM audit WHERE no > 1")))
    for act in ("logout", "login", "logout"):
        db.write_sync(lambda tx, act=act: audit.record(tx, day="2026-11-23", rid="bob", act=act))
    made_anew = db.read_sync(lambda tx: list(audit.every(tx)))
    assert audit.verify(made_anew)
    assert not audit.verify(made_anew, anchor)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE ledger_sums SET fen = fen + 1 WHERE kind = 'pay'",
        "UPDATE ledger_sums SET n = n + 1 WHERE kind = 'pay'",
        "UPDATE ledger_sums SET month = '2026-11' WHERE kind = 'pay'",
        "DELETE FROM ledger_sums WHERE kind = 'pay'",
        "INSERT INTO ledger_sums VALUES ('zone', 2025, '2025-01', 'budget', '', 1, 5)",
    ],
)
def test_doctor_sees_a_sum_that_is_not_the_rows(db: Database, damage: str) -> None:
    enter(db, BUDGET, APPROVE, PAY)
    assert {finding.code for finding in check(db.url) if finding.level == "red"} == set()
    db.write_sync(lambda tx: tx.execute(text(damage)))
    assert {finding.code for finding in check(db.url) if finding.level == "red"} == {"ledger_columns"}


def test_doctor_sees_a_ledger_edited_behind_the_triggers(db: Database) -> None:
    enter(db, BUDGET, APPROVE)
    off = "DROP TRIGGER ledger_no_update" if db.dialect == "sqlite" else "DROP TRIGGER ledger_append_only ON ledger"
    db.write_sync(lambda tx: tx.execute(text(off)))
    db.write_sync(lambda tx: tx.execute(text("UPDATE ledger SET fen = fen + 1 WHERE no = 2")))
    assert {finding.code for finding in check(db.url) if finding.level == "red"} == {"ledger_columns"}
    raised = parse_row(db.read_sync(lambda tx: ledger.rows(ours(tx)))[1].bytes)
    assert raised.fen == APPROVE.fen
    edit = text("UPDATE ledger SET document = :row WHERE no = 2")
    edited = db.read_sync(lambda tx: ledger.rows(ours(tx)))[1].bytes.replace(b"2250000", b"2250001")
    db.write_sync(lambda tx: tx.execute(edit, {"row": edited}))
    assert "ledger" in {finding.code for finding in check(db.url) if finding.level == "red"}
