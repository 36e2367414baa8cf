"""The yearly report of the reward funds 年度报告 and its performance table 绩效, from the ledger's rows alone.

All is as of the year's last day, by the day a row is dated: what is entered later, also a correction of that year's
budget or a payment that comes back, is the later year's and stands here only as what followed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from whistle.core.books import Accounts, Row
from whistle.core.bulletin import NOTHING, WHOLE, Cell, Line, Table
from whistle.core.carrying import Carried, Moved, carried
from whistle.core.carrying import Line as Passed

FUNDS = ("budget", "brought", "approved", "cancelled", "forfeited", "paid", "carried", "returned", "spent", "left")
CARRIED = ("brought", "approved", "cancelled", "forfeited", "paid", "carried", "returned", "spent")
# What each group of the performance table says; a group without a figure is written by hand.
PERFORMANCE: Mapping[str, tuple[str, ...]] = {
    "budget": ("obligated", "executed"),
    "quantity": ("approved", "paid", "paid_fen"),
    "quality": ("honoured", "lapsed", "returned_fen"),
    "time": ("days", "longest"),
    "cost": ("mean", "largest"),
    "benefit": (),
    "satisfaction": (),
}


@dataclass(frozen=True, slots=True)
class Given:
    """A budget row of the year, or one that takes it back: below zero."""

    no: int
    day: str
    source: str
    fen: int
    corrects: int = 0
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Yearly:
    """A year of an office's ledger. `as_of` is the last day that is counted; `locked` whether its December is closed.
    `followed`: what was done to the year's budget after its end. `account`: the budget account of its awards, which is
    no row's and told by the office."""

    year: int
    as_of: str
    is_over: bool
    is_locked: bool
    given: tuple[Given, ...]
    followed: tuple[Given, ...]
    tables: tuple[Table, ...]
    account: str = ""

    def table(self, name: str) -> Table:
        return next(table for table in self.tables if table.id == name)

    @property
    def budget(self) -> int:
        return sum(each.fen for each in self.given)


def yearly(rows: Iterable[Row], year: int, today: str) -> Yearly:
    """The report of a calendar year from all rows of a ledger in order."""
    read = _Read(year)
    for row in rows:
        read.take(row)
    now, before = read.funds(year), read.funds(year - 1)
    passed = carried(read.moved(), year)
    tables = (
        Table("funds", "funds", ("now", "before"), tuple(_compared(now, before))),
        _carried(passed),
        Table("months", "month", ("approved", "cancelled", "forfeited", "paid", "returned", "spent"), *read.months()),
        Table("formulas", "formula", ("approved", "approved_fen", "paid", "paid_fen"), *read.formulas()),
        Table("performance", "indicator", ("value",), tuple(_performance(read, passed))),
    )
    given = [each for each in read.given if each.day[:4] <= str(year)]
    followed = [each for each in read.given if each.day[:4] > str(year)]
    is_over = today[:4] > str(year)
    as_of = f"{year}-12-31" if is_over else today
    return Yearly(year, as_of, is_over, read.locked >= f"{year}-12", tuple(given), tuple(followed), tables)


@dataclass(slots=True)
class _Payment:
    """A payment of the year and the days since its award was booked."""

    fen: int
    days: int


@dataclass(slots=True)
class _Read:
    """What the report needs of the rows, gathered in one pass. Awards of other years are known too: their payments may
    fall in this one."""

    year: int
    sums: Counter[tuple[int, str, str, str]] = field(default_factory=Counter)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)  # of the year, by kind and corrected kind
    given: list[Given] = field(default_factory=list)
    locked: str = ""
    payments: dict[int, _Payment] = field(default_factory=dict)  # of the year, that it did not take back
    of_formula: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _approved: dict[str, tuple[str, str]] = field(default_factory=dict)  # day and formula of each case's newest
    _formulas: dict[int, str] = field(default_factory=dict)  # of approvals and payments, by row

    def take(self, row: Row) -> None:
        if row.kind == "lock":
            self.locked = max(self.locked, row.memo)
        if not row.fen:
            return
        self.sums[row.year, row.day[:7], row.kind, row.corrects_kind] += row.fen
        is_here = row.day[:4] == str(self.year)
        if is_here:
            self.counts[row.kind, row.corrects_kind] += 1
        about, sign = (row.corrects_kind, -1) if row.kind == "reverse" else (row.kind, 1)
        if about == "budget" and row.year == self.year:
            self.given.append(Given(row.no, row.day, row.source, sign * row.fen, row.corrects, row.memo))
        if about in ("approve", "pay"):
            self._award(row, about, sign, is_here)

    def _award(self, row: Row, about: str, sign: int, is_here: bool) -> None:
        if row.kind == "approve":
            self._approved[row.case] = row.day, row.formula
        day, formula = self._approved[row.case]
        formula = self._formulas[row.corrects] if row.corrects else formula
        self._formulas[row.no] = formula
        if not is_here:
            return
        self.of_formula[formula].update({about: sign, f"{about}_fen": sign * row.fen})
        if row.kind == "pay":
            self.payments[row.no] = _Payment(row.fen, (date.fromisoformat(row.day) - date.fromisoformat(day)).days)
        elif about == "pay":
            self.payments.pop(row.corrects, None)

    def moved(self) -> Iterator[Moved]:
        return ((*key, fen) for key, fen in self.sums.items())

    def count(self, kind: str) -> int:
        return self.counts[kind, ""] - self.counts["reverse", kind]

    def of_fiscal(self, year: int) -> Accounts:
        """The accounts of a fiscal year as they stood at its own end."""
        accounts = Accounts()
        for (fiscal, month, kind, corrects_kind), fen in self.sums.items():
            if fiscal == year and month <= f"{year}-12":
                accounts.move(kind, corrects_kind, fen)
        return accounts

    def funds(self, year: int) -> dict[str, int]:
        """The figures of one year; `left` is what its own budget had left at its end."""
        total, stood = carried(self.moved(), year).total, self.of_fiscal(year)
        told = {name: getattr(total, name) for name in CARRIED}
        return {**told, "budget": stood.balance().budget, "left": stood.left}

    def months(self) -> tuple[tuple[Line, ...], Line]:
        """What each month of the year moved, and the year."""
        names = sorted({month for _, month, *_ in self.sums if month[:4] == str(self.year)})
        lines, whole = [], Accounts()
        for name in names:
            accounts = Accounts()
            for (_, month, kind, corrects_kind), fen in self.sums.items():
                if month == name:
                    accounts.move(kind, corrects_kind, fen)
                    whole.move(kind, corrects_kind, fen)
            if any(cell.value for cell in _moved(accounts)):
                lines.append(Line(name, _moved(accounts)))
        return tuple(lines), Line("all", _moved(whole))

    def formulas(self) -> tuple[tuple[Line, ...], Line]:
        """How the sums of the year were reckoned: what was approved in it, and what was paid in it of any year's."""
        whole = Counter[str]()
        for counted in self.of_formula.values():
            whole.update(counted)
        lines = tuple(Line(name, _of_formula(self.of_formula[name])) for name in sorted(self.of_formula))
        return lines, Line("all", _of_formula(whole))


def _of_formula(counted: Counter[str]) -> tuple[Cell, ...]:
    kinds = {"approve": "count", "approve_fen": "money", "pay": "count", "pay_fen": "money"}
    return tuple(Cell(counted[name], kind) for name, kind in kinds.items())  # type: ignore[arg-type]


def _moved(accounts: Accounts) -> tuple[Cell, ...]:
    returned = accounts.sums["revoked"] - accounts.cancelled
    spent = accounts.sums["paid"]
    sums = (accounts.approved, accounts.cancelled, accounts.sums["forfeited"], spent + returned, returned, spent)
    return tuple(Cell(fen, "money") for fen in sums)


def _compared(now: Mapping[str, int], before: Mapping[str, int]) -> Iterator[Line]:
    for name in FUNDS:
        yield Line(name, (Cell(now[name], "money"), Cell(before[name], "money")))


def _carried(passed: Carried) -> Table:
    lines = tuple(Line(str(line.year), _passed(line)) for line in passed.lines)
    return Table("carried", "year", CARRIED, lines, Line("all", _passed(passed.total)))


def _passed(line: Passed) -> tuple[Cell, ...]:
    return tuple(Cell(getattr(line, name), "money") for name in CARRIED)


def _performance(read: _Read, passed: Carried) -> Iterator[Line]:
    """Indicators as the ledger gives them; targets, weights and marks are not in it."""
    total, own = passed.total, read.of_fiscal(read.year)
    of_year = next((line for line in passed.lines if line.year == read.year), Passed())
    budget, owed = own.balance().budget, total.brought + total.approved - total.cancelled
    days, paid = [each.days for each in read.payments.values()], read.count("pay")
    found = {
        "obligated": share(of_year.approved - of_year.cancelled, budget),
        "executed": share(of_year.spent, budget),
        "approved": Cell(read.count("approve")),
        "paid": Cell(paid),
        "paid_fen": Cell(total.paid, "money"),
        "honoured": share(total.paid, owed),
        "lapsed": share(total.forfeited, owed),
        "returned_fen": Cell(total.returned, "money"),
        "days": Cell(_half_up(sum(days) * 10, len(days)), "days") if days else NOTHING,
        "longest": Cell(max(days)) if days else NOTHING,
        "mean": Cell(_half_up(total.paid, paid), "money") if paid > 0 else NOTHING,
        "largest": Cell(max(each.fen for each in read.payments.values()), "money") if days else NOTHING,
    }
    for names in PERFORMANCE.values():
        yield from (Line(name, (found[name],)) for name in names)


def share(part: int, whole: int) -> Cell:
    """A part of ten thousand, rounded half up; nothing where there is no whole."""
    return Cell(_half_up(part * WHOLE, whole), "share") if whole > 0 else NOTHING


def _half_up(part: int, whole: int) -> int:
    return (2 * part + whole) // (2 * whole)
