"""The yearly report and its performance table: every figure is the ledger's, to the fen, as of the year's last day."""

from dataclasses import replace

import pytest

from tests.core.test_ledger import Office
from tests.doors import years
from whistle.core import ledger
from whistle.core.books import Row
from whistle.core.carrying import carried, moved_by
from whistle.core.ledger import Entry
from whistle.core.yearly import FUNDS, Yearly, yearly

TODAY = "2026-11-28"


def numbered() -> list[Row]:
    """The three years' rows as a ledger of its own has them."""
    return [ledger.parse_row(row) for row, _ in Office(*years.ENTRIES).rows]


def report(year: int, today: str = TODAY, rows: list[Row] | None = None) -> Yearly:
    return yearly(numbered() if rows is None else rows, year, today)


def funds(made: Yearly) -> dict[str, int]:
    return {line.name: line.cells[0].value for line in made.table("funds").lines}


def indicators(made: Yearly) -> dict[str, tuple[int, str]]:
    return {line.name: (line.cells[0].value, line.cells[0].kind) for line in made.table("performance").lines}


def test_a_year_with_a_budget_added_to_corrected_and_paid_over_its_end() -> None:
    made = report(2024)
    assert [(each.no, each.fen) for each in made.given] == [
        (5, 4_000_000),
        (6, 9_999_999),
        (8, -9_999_999),
        (13, 1_500_000),
    ]
    assert funds(made) == {
        "budget": 5_500_000,
        "brought": 500_000,
        "approved": 3_300_003,
        "cancelled": 300_000,
        "forfeited": 0,
        "paid": 1_500_003,
        "carried": 2_000_000,
        "returned": 250_001,
        "spent": 1_250_002,
        "left": 2_499_997,
    }
    assert (made.as_of, made.is_over, made.is_locked) == ("2024-12-31", True, False)


def test_the_performance_table_holds_what_the_ledger_gives() -> None:
    assert indicators(report(2024)) == {
        "obligated": (5455, "share"),  # 3,000,003 of 5,500,000
        "executed": (1818, "share"),  # 1,000,003: the old year's 500,000 is not this budget's
        "approved": (3, "count"),
        "paid": (2, "count"),
        "paid_fen": (1_500_003, "money"),
        "honoured": (4286, "share"),  # of 500,000 brought in and 3,000,003
        "lapsed": (0, "share"),
        "returned_fen": (250_001, "money"),
        "days": (1995, "days"),  # 94 and 305
        "longest": (305, "count"),
        "mean": (750_002, "money"),
        "largest": (1_000_003, "money"),
    }


def test_what_followed_changes_no_year_that_is_over() -> None:
    """Paid, sent back, corrected in 2025: the report of 2024 says so beside its budget, and no figure moves."""
    more = Entry("budget", "2025-03-01", 2024, 7, source="区财政")
    rows = [ledger.parse_row(row) for row, _ in Office(*years.ENTRIES, more).rows]
    until = [row for row in rows if row.day <= "2024-12-31"]
    now, then = report(2024, rows=rows), report(2024, rows=until)
    assert replace(now, followed=()) == then
    assert [each.fen for each in now.followed] == [7]


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_every_table_adds_up_to_the_ledger(year: int) -> None:
    made, rows = report(year), numbered()
    passed, shown = carried(moved_by(rows), year).total, funds(made)
    assert all(shown[name] == getattr(passed, name) for name in FUNDS if name not in ("budget", "left"))
    for name, sums in {"months": ("approved", "cancelled", "forfeited", "paid", "returned", "spent")}.items():
        table = made.table(name)
        assert table.total is not None
        for at, column in enumerate(sums):
            assert sum(line.cells[at].value for line in table.lines) == table.total.cells[at].value == shown[column]
    formulas = made.table("formulas").total
    assert formulas is not None
    approved, approved_fen, paid, paid_fen = (cell.value for cell in formulas.cells)
    assert (approved_fen, paid_fen) == (shown["approved"], shown["paid"])
    here = [row for row in rows if row.day[:4] == str(year)]
    assert approved == sum(row.kind == "approve" for row in here)
    assert paid == sum(row.kind == "pay" for row in here)
    whole = ledger.balance_from((row.kind, row.corrects_kind, row.fen) for row in rows if row.day[:4] <= str(year))
    assert shown["carried"] == whole.open
    own = [row for row in rows if row.year == year and row.day[:4] <= str(year)]
    stood = ledger.balance_from((row.kind, row.corrects_kind, row.fen) for row in own)
    assert (shown["budget"], shown["left"]) == (stood.budget, stood.left) == (made.budget, stood.left)


def test_the_year_before_stands_beside_it_as_it_was_reported_then() -> None:
    before = {line.name: line.cells[1].value for line in report(2024).table("funds").lines}
    assert before == funds(report(2023))


def test_a_year_without_a_budget_has_no_share_of_it() -> None:
    """Nothing was given in 2025; awards of 2024 were paid in it and came back."""
    made = report(2025)
    assert (made.given, made.budget) == ((), 0)
    shown = indicators(made)
    assert (shown["obligated"][1], shown["executed"][1]) == ("none", "none")
    assert funds(made)["spent"] == 999_997


def test_a_year_that_is_not_over_says_up_to_which_day() -> None:
    made = report(2024, today="2024-08-31")
    assert (made.as_of, made.is_over) == ("2024-08-31", False)


def test_an_empty_ledger_makes_an_empty_report() -> None:
    made = report(2026, rows=[])
    assert set(funds(made).values()) == {0}
    assert {kind for _, kind in indicators(made).values()} == {"count", "money", "none"}


def test_a_december_that_is_locked_is_said_to_be() -> None:
    locks = [Entry("lock", "2025-02-10", int(month[:4]), memo=month) for month in ("2024-11", "2024-12")]
    rows = [ledger.parse_row(row) for row, _ in Office(*locks).rows]
    assert report(2024, rows=rows).is_locked
    assert not report(2024, rows=rows[:1]).is_locked
    assert not report(2025, rows=rows).is_locked
