"""What the ledger's rows say in sums: the balance of a year, what each source gave, what each month moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from whistle.core.books import Accounts, Balance, Row

Total = tuple[str, str, str, int]  # month, kind, kind of the row it corrects, fen


@dataclass(frozen=True)
class Source:
    """What one source gave to the budget, corrections taken off. Awards are not booked to a source: the year bears
    them."""

    source: str
    fen: int


@dataclass(frozen=True)
class Month:
    """What the rows dated in a month moved; a correction counts in the month it was entered in."""

    month: str
    is_locked: bool
    moved: Balance


@dataclass(frozen=True)
class Summary:
    """`locked` is the newest locked month of the whole ledger, "" when none is."""

    balance: Balance
    sources: tuple[Source, ...]
    months: tuple[Month, ...]
    locked: str


def summarise(rows: Iterable[Row], year: int = 0, locked: str = "") -> Summary:
    """The sums of a fiscal year, 0 for all, from its rows in order. `locked`: the newest locked month, where the rows
    are not those of the whole ledger."""
    moved, sources = _Moved(), Sources()
    for row in rows:
        if row.kind == "lock":
            locked = max(locked, row.memo)
        if year in (0, row.year):
            moved.move(row.day[:7], row.kind, row.corrects_kind, row.fen)
            sources.take(row)
    return moved.summary(sources, locked)


def summary_from(totals: Iterable[Total], office: Iterable[Row], year: int = 0, locked: str = "") -> Summary:
    """The same from the year's sums by month and kind, and the rows of no case in order: budgets are among them.
    `locked`: the newest locked month."""
    moved, sources = _Moved(), Sources()
    for month, kind, corrects_kind, fen in totals:
        moved.move(month, kind, corrects_kind, fen)
    for row in office:
        if year in (0, row.year):
            sources.take(row)
    return moved.summary(sources, locked)


class _Moved:
    """The accounts of all and of each month that moved a sum."""

    def __init__(self) -> None:
        self._all, self._months = Accounts(), dict[str, Accounts]()

    def move(self, month: str, kind: str, corrects_kind: str, fen: int) -> None:
        if fen:
            self._all.move(kind, corrects_kind, fen)
            self._months.setdefault(month, Accounts()).move(kind, corrects_kind, fen)

    def summary(self, sources: Sources, locked: str) -> Summary:
        months = sorted(self._months.items())
        moved = tuple(Month(name, name <= locked, accounts.balance()) for name, accounts in months)
        return Summary(self._all.balance(), sources.given(), moved, locked)


class Sources:
    """Budgets by their source; a correction goes to the source of the row it takes back."""

    def __init__(self) -> None:
        self._source: dict[int, str] = {}
        self._fen: dict[str, int] = {}

    def take(self, row: Row) -> None:
        if row.kind == "budget":
            self._source[row.no] = row.source
            self._fen[row.source] = self._fen.get(row.source, 0) + row.fen
        elif row.corrects_kind == "budget":
            self._fen[self._source[row.corrects]] -= row.fen

    def given(self) -> tuple[Source, ...]:
        return tuple(Source(name, fen) for name, fen in self._fen.items())
