"""What the ledger's rows say in sums: the balance of a year, what each source gave, what each month moved."""

from collections.abc import Iterable
from dataclasses import dataclass

from whistle.core.books import Accounts, Balance, Row


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


def summarise(rows: Iterable[Row], year: int = 0) -> Summary:
    """The sums of a fiscal year, 0 for all, from every row of the ledger in order."""
    all_moved, months, sources, locked = Accounts(), dict[str, Accounts](), Sources(), ""
    for row in rows:
        if row.kind == "lock":
            locked = row.memo
        if year in (0, row.year) and row.fen:
            all_moved.move(row.kind, row.corrects_kind, row.fen)
            months.setdefault(row.day[:7], Accounts()).move(row.kind, row.corrects_kind, row.fen)
            sources.take(row)
    moved = tuple(Month(month, month <= locked, months[month].balance()) for month in sorted(months))
    return Summary(all_moved.balance(), sources.given(), moved, locked)


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
