"""The award ledger page by page: the same lines as from the whole ledger, and a page reads what it shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.storage.people import ours
from tests.storage.plans import plans, scans
from whistle.casework import statement
from whistle.core import ledger
from whistle.core.ledger import Entry
from whistle.exports import AwardRow, award_rows
from whistle.storage import ledger as book
from whistle.storage.database import Database

DAY = "2026-10-05"


def approve(no: int, fen: int, year: int = 2026, again: str = "") -> Entry:
    return Entry("approve", DAY, year, fen, f"〔2026〕{no}号", (f"{no}{again}" + "a" * 43)[:43])


def paid(award: Entry, voucher: str) -> Entry:
    return replace(award, kind="pay", day="2026-10-20", post="p" + award.post[1:], voucher=voucher)


def entries() -> list[Entry]:
    """Two fiscal years whose rows stand among each other; a budget taken back, an award revoked and approved anew."""
    awards = [approve(no, 1_000 + no) for no in range(1, 6)]
    revoked = replace(awards[1], kind="revoke", day="2026-10-21", post="r" * 43)
    wrong = Entry("budget", DAY, 2026, 7_000, source="误记")
    return [
        Entry("budget", DAY, 2026, 100_000, source="财政专项"),
        awards[0],
        Entry("budget", DAY, 2027, 50_000, source="次年"),
        awards[1],
        wrong,
        approve(9, 300, 2027),
        awards[2],
        paid(awards[0], "凭-1"),
        replace(wrong, kind="reverse", corrects=5, corrects_kind="budget", memo="登记错误"),
        revoked,
        awards[3],
        approve(2, 800, again="z"),
        Entry("budget", "2026-10-22", 2026, 9_000, source="追加"),
        awards[4],
        paid(awards[2], "凭-2"),
        replace(awards[3], kind="filing", day="2027-01-08", year=2027, fen=0, memo="备案〔2027〕1号"),
    ]


@pytest.fixture
def booked(db: Database) -> Database:
    for entry in entries():
        db.write_sync(lambda tx, entry=entry: book.enter(ours(tx), entry))
    return db


def whole(db: Database, year: int) -> list[AwardRow]:
    rows = db.read_sync(lambda tx: [ledger.parse_row(each.bytes) for each in book.every(ours(tx))])
    return list(award_rows(rows, {}, year))


@pytest.mark.parametrize("year", [0, 2026, 2027])
def test_pages_of_any_size_give_the_lines_of_the_whole_ledger(booked: Database, year: int) -> None:
    for size in (1, 2, 3, 7, 8):
        found, after, asked = list[AwardRow](), "", 0
        while after or not asked:
            lines, after = booked.read_sync(
                lambda tx, after=after, size=size: statement.page(ours(tx), year, after, size)
            )
            assert len(lines) <= size
            assert statement.LINE.fullmatch(after)
            found, asked = found + lines, asked + 1
        assert found == whole(booked, year)
        assert asked == max(1, -(-len(found) // size))


def test_a_page_costs_what_it_shows(booked: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _, after = booked.read_sync(lambda tx: statement.page(ours(tx), 2026, "", 2))
    steps = booked.read_sync(lambda tx: plans(tx, lambda tx: statement.page(ours(tx), 2026, after, 2), monkeypatch))
    assert steps and not scans(steps)
