"""An office's ledger of three years, entered by the ledger's own rules: awards paid over the turn of a year, a budget
added to and a budget corrected, a forfeit taken back and a payment that came back in another year."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from whistle.core.ledger import Entry
from whistle.core.offices import ZONE
from whistle.storage import ledger
from whistle.storage.database import Database
from whistle.storage.ledger import Book


def budget(day: str, year: int, fen: int, source: str = "区财政") -> Entry:
    return Entry("budget", day, year, fen, source=source)


def award(case: str, kind: str, day: str, fen: int, **more: object) -> Entry:
    """A row of a case of 2023, 2024 or 2025, by the year in its number."""
    digits = "".join(filter(str.isdigit, f"{case}{day}"))
    post = f"{kind}{digits}".ljust(43, "A")
    told = {"formula": "percent", "clause": "第三条第二款"} if kind == "approve" else {}
    return Entry(kind, day, int(case[1:5]), fen, case=case, post=post, pack="SD-REW-2021", **{**told, **more})  # type: ignore[arg-type]


ONE, TWO, THREE, FOUR, FIVE = ("〔2023〕1号", "〔2023〕2号", "〔2024〕1号", "〔2024〕2号", "〔2024〕3号")
FORFEIT = award(TWO, "forfeit", "2024-01-31", 500_000)
WRONG = budget("2024-01-05", 2024, 9_999_999, "记错的经费")
ENTRIES = (
    budget("2023-01-05", 2023, 5_000_000),
    award(ONE, "approve", "2023-11-30", 2_250_001),
    award(TWO, "approve", "2023-12-01", 500_000),
    award(ONE, "pay", "2023-12-29", 2_250_001, method="transfer", voucher="凭-1", treasury="国-1"),
    budget("2024-01-04", 2024, 4_000_000),
    WRONG,
    FORFEIT,
    replace(WRONG, kind="reverse", day="2024-02-01", corrects=6, corrects_kind="budget", memo="记错"),
    replace(FORFEIT, kind="reverse", day="2024-02-20", post="R" * 43, corrects=7, corrects_kind="forfeit"),
    award(THREE, "approve", "2024-03-01", 1_000_003),
    award(TWO, "pay", "2024-03-04", 500_000, method="counter", voucher="凭-2"),
    award(ONE, "clawback", "2024-05-06", 250_001, memo="CB01"),
    budget("2024-07-01", 2024, 1_500_000, "财政专项追加"),
    award(FOUR, "approve", "2024-08-01", 300_000, formula="band"),
    award(FOUR, "revoke", "2024-08-09", 300_000),
    award(FIVE, "approve", "2024-12-20", 2_000_000),
    award(THREE, "pay", "2024-12-31", 1_000_003, method="transfer", voucher="凭-3"),
    award(FIVE, "pay", "2025-01-06", 2_000_000, method="transfer", voucher="凭-4"),
    award(THREE, "clawback", "2025-02-03", 1_000_003, memo="CB01"),
)


def fill(data: Path, office: str = ZONE, entries: tuple[Entry, ...] = ENTRIES) -> None:
    """Behind the rows that an office's book has."""
    with Database.open(f"sqlite:///{data / 'whistle.db'}") as db:
        behind = db.read_sync(lambda tx: ledger.head(Book(tx, office)).count)
        for entry in entries:
            made = replace(entry, corrects=entry.corrects + behind) if entry.corrects else entry
            db.write_sync(lambda tx, made=made: ledger.enter(Book(tx, office), made))
