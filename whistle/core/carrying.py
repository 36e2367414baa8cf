"""Obligations and cash side by side, and what is carried over a year's end.

The ledger counts a row to the fiscal year of its obligation, whatever the day it is dated. Budget accounting asks for
cash too (预算法 art. 58): what was paid in a calendar year, for obligations of that year and of those before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from whistle.core.books import Accounts, Row

Moved = tuple[int, str, str, str, int]  # fiscal year, month or day, kind, kind of the row it corrects, fen


@dataclass(frozen=True)
class Line:
    """What became of obligations in a calendar year, in fen:
    brought + approved - cancelled - forfeited - paid = carried. `cancelled` was taken back before it was paid,
    `returned` came back after it. A sum is below zero where the year took back more than it did."""

    year: int = 0
    brought: int = 0
    approved: int = 0
    cancelled: int = 0
    forfeited: int = 0
    paid: int = 0
    returned: int = 0
    carried: int = 0

    @property
    def spent(self) -> int:
        """The year's cash, what came back taken off."""
        return self.paid - self.returned


@dataclass(frozen=True)
class Carried:
    """A calendar year with a line for each fiscal year that obligations are of; of all years, a line for each calendar
    year. `total` brings what the first line brought in and carries what stands open at the end."""

    lines: tuple[Line, ...]
    total: Line


def moved_by(rows: Iterable[Row]) -> Iterable[Moved]:
    """What rows move, each by itself."""
    return ((row.year, row.day, row.kind, row.corrects_kind, row.fen) for row in rows)


def carried(moved: Iterable[Moved], year: int = 0) -> Carried:
    """The calendar year's lines, 0 for those of all years, from what was moved, in any order."""
    return _of_year(moved, year) if year else _of_all(moved)


def _of_year(moved: Iterable[Moved], year: int) -> Carried:
    before, within = _Accounts(Accounts), _Accounts(Accounts)
    for fiscal, when, kind, corrects_kind, fen in moved:
        if int(when[:4]) <= year:
            accounts = within if int(when[:4]) == year else before
            accounts[fiscal].move(kind, corrects_kind, fen)
    lines = (_line(fiscal, before[fiscal].sums["open"], within[fiscal]) for fiscal in sorted({*before, *within}))
    shown = tuple(line for line in lines if line != Line(line.year))
    return Carried(shown, _total(shown, sum(line.brought for line in shown), sum(line.carried for line in shown)))


def _of_all(moved: Iterable[Moved]) -> Carried:
    years = _Accounts(Accounts)
    for _, when, kind, corrects_kind, fen in moved:
        years[int(when[:4])].move(kind, corrects_kind, fen)
    lines: list[Line] = []
    for year in sorted(years):
        line = _line(year, lines[-1].carried if lines else 0, years[year])
        if line != Line(year):
            lines.append(line)
    return Carried(tuple(lines), _total(lines, 0, lines[-1].carried if lines else 0))


_Accounts = defaultdict[int, Accounts]
_ADDED = ("approved", "cancelled", "forfeited", "paid", "returned")


def _line(year: int, brought: int, moved: Accounts) -> Line:
    """Accounts tell what is paid still; a payment that came back was one all the same."""
    returned = moved.sums["revoked"] - moved.cancelled
    return Line(
        year=year,
        brought=brought,
        approved=moved.approved,
        cancelled=moved.cancelled,
        forfeited=moved.sums["forfeited"],
        paid=moved.sums["paid"] + returned,
        returned=returned,
        carried=brought + moved.sums["open"],
    )


def _total(lines: Iterable[Line], brought: int, carried: int) -> Line:
    sums = dict.fromkeys(_ADDED, 0)
    for line in lines:
        for name in _ADDED:
            sums[name] += getattr(line, name)
    return Line(brought=brought, carried=carried, **sums)
