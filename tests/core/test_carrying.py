"""Obligations and cash of a year, and what is carried over its end: to the fen what the ledger itself says."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.test_ledger import Office, budget
from whistle.core import ledger
from whistle.core.books import Row
from whistle.core.carrying import Carried, Line, carried, moved_by
from whistle.core.ledger import Entry

FIRST, SECOND, THIRD = (f"〔2026〕{n}号" for n in (1, 2, 3))


def award(case: str, kind: str, day: str, fen: int, year: int = 2026, **more: object) -> Entry:
    post = f"{kind[0]}{case[6]}{day}".translate({ord("-"): "", 0x53F7: "x"}).ljust(43, "A")
    return Entry(kind, day, year, fen, case=case, post=post, pack="SD-REW-2021", **more)  # type: ignore[arg-type]


def rows_of(office: Office) -> list[Row]:
    return [ledger.parse_row(row) for row, _ in office.rows]


def by_year(office: Office, year: int = 0) -> Carried:
    return carried(moved_by(rows_of(office)), year)


@pytest.fixture
def years() -> Office:
    """Three awards of 2026, one of 2027: paid over the turn of the year, forfeited in the next year and reinstated
    there, a budget corrected and a payment that came back in part in the year after."""
    forfeit = award(SECOND, "forfeit", "2027-01-20", 30_003)
    return Office(
        budget(1_000_000),
        budget(500_000),
        award(FIRST, "approve", "2026-11-30", 20_001),
        award(SECOND, "approve", "2026-12-01", 30_003),
        award(THIRD, "approve", "2026-12-30", 50_007),
        award(THIRD, "pay", "2026-12-31", 50_007),
        award(FIRST, "pay", "2027-01-04", 20_001),
        forfeit,
        replace(budget(500_000), kind="reverse", day="2027-01-20", corrects=2, corrects_kind="budget", memo="错记"),
        budget(300_000, 2027),
        replace(forfeit, kind="reverse", day="2027-02-01", post="R" * 43, corrects=8, corrects_kind="forfeit"),
        award("〔2027〕4号", "approve", "2027-03-01", 7, 2027),
        award("〔2027〕4号", "revoke", "2027-03-02", 7, 2027),
        award(THIRD, "clawback", "2027-06-01", 50_000),
        award(SECOND, "pay", "2028-01-02", 30_003),
    )


def test_each_year_says_what_it_brought_in_paid_and_carried_over(years: Office) -> None:
    assert by_year(years, 2026).lines == (Line(2026, 0, 100_011, 0, 0, 50_007, 0, 50_004),)
    assert by_year(years, 2027).lines == (
        Line(2026, 50_004, 0, 0, 0, 20_001, 50_000, 30_003),
        Line(2027, 0, 7, 7, 0, 0, 0, 0),
    )
    assert by_year(years, 2028).lines == (Line(2026, 30_003, 0, 0, 0, 30_003, 0, 0),)
    assert by_year(years, 2027).total == Line(0, 50_004, 7, 7, 0, 20_001, 50_000, 30_003)
    assert by_year(years, 2027).total.spent == -29_999, "more came back than was paid"


def test_of_all_years_a_line_each(years: Office) -> None:
    assert [(line.year, line.brought, line.paid, line.carried) for line in by_year(years).lines] == [
        (2026, 0, 50_007, 50_004),
        (2027, 50_004, 20_001, 30_003),
        (2028, 30_003, 30_003, 0),
    ]
    assert by_year(years).total == Line(0, 0, 100_018, 7, 0, 100_011, 50_000, 0)


def test_what_the_next_year_does_changes_no_year_before(years: Office) -> None:
    until = [row for row in rows_of(years) if row.day < "2027"]
    assert carried(moved_by(until), 2026) == by_year(years, 2026)


@pytest.mark.parametrize("year", [0, 2025, 2026])
def test_a_ledger_without_an_award_carries_nothing(year: int) -> None:
    assert by_year(Office(), year) == by_year(Office(budget()), year) == Carried((), Line())


def check(rows: list[Row]) -> None:
    """Both bases agree with the balance of the ledger, fiscal year by fiscal year."""
    calendar = sorted({int(row.day[:4]) for row in rows})
    of_years = [carried(moved_by(rows), year) for year in calendar]
    for each in (*of_years, carried(moved_by(rows))):
        for line in (*each.lines, each.total):
            assert line.brought + line.approved - line.cancelled - line.forfeited - line.paid == line.carried
    for before, after in pairwise(of_years):
        assert before.total.carried == after.total.brought
    for fiscal in {row.year for row in rows}:
        lines = [line for each in of_years for line in each.lines if line.year == fiscal]
        booked = ledger_balance(rows, fiscal)
        assert sum(line.approved - line.cancelled for line in lines) == booked.approved
        assert sum(line.spent for line in lines) == booked.paid
        assert sum(line.returned for line in lines) == booked.revoked
        assert sum(line.forfeited for line in lines) == booked.forfeited
        assert sum(line.approved - line.cancelled - line.forfeited - line.paid for line in lines) == booked.open
    whole, all_years = ledger_balance(rows), carried(moved_by(rows))
    assert (all_years.total.spent, all_years.total.carried) == (whole.paid, whole.open)
    assert {line.year for line in all_years.lines} >= {
        each for each, of in zip(calendar, of_years, strict=True) if of.lines
    }


def ledger_balance(rows: Iterable[Row], year: int = 0) -> ledger.Balance:
    return ledger.balance_from((row.kind, row.corrects_kind, row.fen) for row in rows if year in (0, row.year))


def test_the_years_add_up_to_the_ledger(years: Office) -> None:
    check(rows_of(years))


STEPS = {"none": (), "paid": ("pay",), "forfeited": ("forfeit",), "revoked": ("revoke",), "back": ("pay", "clawback")}


@given(
    st.lists(
        st.tuples(st.integers(1, 10**9), st.integers(0, 700), st.integers(0, 700), st.sampled_from(sorted(STEPS))),
        max_size=12,
    )
)
@settings(max_examples=60, deadline=None)
def test_whatever_awards_live_through_both_bases_agree(lives: list[tuple[int, int, int, str]]) -> None:
    """Awards approved on any day of two years and settled up to two years later, the days in any order."""
    entries = []
    for at, (fen, approved, later, how) in enumerate(lives):
        case, year = f"〔2026〕{at + 1}号", 2026 + approved // 365
        days = [date(2026, 1, 1) + timedelta(days=approved + later * step) for step in range(3)]
        for kind, day in zip(("approve", *STEPS[how]), days, strict=False):
            part = (fen + 1) // 2 if kind == "clawback" else fen
            post = f"{at:02}{kind}".ljust(43, "A")
            entries.append(Entry(kind, day.isoformat(), year, part, case=case, post=post, pack="SD-REW-2021"))
    entries.sort(key=lambda entry: (entry.case, entry.day))
    budgets = [budget(10**11, year) for year in (2026, 2027)]
    check(rows_of(Office(*budgets, *entries)))
