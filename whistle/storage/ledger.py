"""The ledger's table: a chain for each office. What may be entered, hashes and balances are whistle.core.ledger's;
here rows only stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Insert, func, select
from sqlalchemy.dialects import postgresql, sqlite

from whistle.core import ledger as core
from whistle.core import strictjson
from whistle.core.carrying import Carried, carried
from whistle.core.offices import in_order
from whistle.core.summary import Summary, Total, summary_from
from whistle.storage import chained, tables
from whistle.storage.chained import ChainedRow as LedgerRow
from whistle.storage.prepared import Prepared

__all__ = [
    "Book",
    "LedgerRow",
    "balance",
    "carried_over",
    "count",
    "enter",
    "every",
    "head",
    "locked_month",
    "of_year",
    "offices",
    "page",
    "recount",
    "row",
    "rows",
    "rows_of",
    "rows_of_all",
    "summary",
    "sums",
    "sums_of_columns",
    "verify",
    "years",
]
_LEDGER, _SUMS = tables.ledger, tables.ledger_sums


@dataclass(frozen=True, slots=True)
class Book:
    """One office's ledger as a transaction sees it."""

    tx: Connection
    office: str

    @property
    def key(self) -> chained.Key:
        """What tells its rows from those of other offices."""
        return {"office": self.office}


SumKey = tuple[int, str, str, str]  # year, month, kind, kind of the row it corrects
_SUM_COLUMNS = [_SUMS.c[name] for name in ("year", "month", "kind", "corrects_kind", "n", "fen")]
Sums = dict[SumKey, tuple[int, int]]  # how many rows, and their fen


def _add_to_sums(dialect: str) -> Insert:
    row = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(_SUMS)
    more = {"n": _SUMS.c.n + row.excluded.n, "fen": _SUMS.c.fen + row.excluded.fen}
    return row.on_conflict_do_update(index_elements=list(_SUMS.primary_key), set_=more)


_ADD = Prepared(_add_to_sums)


def enter(book: Book, entry: core.Entry) -> LedgerRow:
    """Enter an entry, in the transaction of the post that causes it. Raises core's LedgerError, with its
    code, for
    an entry the ledger does not admit: paid twice, no funds, another year."""
    left = balance(book, entry.year).left
    core.admit(entry, rows_of(book, entry.case), left, locked_month(book))
    columns = {name: getattr(entry, name) for name in ("kind", "corrects_kind", "year", "fen", "case")}
    made = chained.append(
        book.tx, _LEDGER, lambda hash_, no: core.append(core.Head(no - 1, hash_), entry), columns, book.key
    )
    key = {name: columns[name] for name in ("year", "kind", "corrects_kind")}
    _ADD.run(book.tx, {**book.key, **key, "month": entry.day[:7], "n": 1, "fen": entry.fen})
    return made


def rows(book: Book, after: int = 0, limit: int = 1000) -> list[LedgerRow]:
    return chained.rows(book.tx, _LEDGER, after, limit, book.key)


def every(book: Book) -> Iterator[LedgerRow]:
    return chained.every(book.tx, _LEDGER, book.key)


def of_year(book: Book, year: int, after: int = 0) -> Iterator[LedgerRow]:
    """The rows of a fiscal year behind row `after` in order, 0 for all; a thousand at a time."""
    while found := _page(book, year, after, 1000):
        yield from found
        after = found[-1].no


def page(book: Book, year: int, after: int, limit: int, *, newest: bool = False) -> tuple[list[LedgerRow], int]:
    """The rows of a fiscal year, 0 for all, behind row `after` (0: from the end they begin at), and behind which the
    next page begins, 0 at the end. `newest`: from the last row back."""
    found = _page(book, year, after, limit + 1, newest=newest)
    return found[:limit], found[limit - 1].no if len(found) > limit else 0


def _page(book: Book, year: int, after: int, limit: int, *, newest: bool = False) -> list[LedgerRow]:
    query = select(_LEDGER.c.no, _LEDGER.c.document, _LEDGER.c.hash).where(_mine(book)).limit(limit)
    query = query.order_by(_LEDGER.c.no.desc() if newest else _LEDGER.c.no)
    query = query.where(_LEDGER.c.year == year) if year else query
    if after:
        query = query.where(_LEDGER.c.no < after if newest else _LEDGER.c.no > after)
    return [LedgerRow(*row) for row in book.tx.execute(query)]


def count(book: Book, year: int) -> int:
    """How many rows a fiscal year has, 0 for all."""
    query = select(func.coalesce(func.sum(_SUMS.c.n), 0)).where(_SUMS.c.office == book.office)
    return int(book.tx.execute(query.where(_SUMS.c.year == year) if year else query).scalar_one())


def years(book: Book) -> list[int]:
    """The fiscal years that have rows, and the years in which some are dated."""
    months = select(_SUMS.c.year, _SUMS.c.month).where(_SUMS.c.office == book.office).distinct()
    return sorted({year for fiscal, month in book.tx.execute(months) for year in (fiscal, int(month[:4]))})


def head(book: Book) -> core.Head:
    """Number of rows and hash of the last: what a checkpoint anchors."""
    return core.Head(*chained.head(book.tx, _LEDGER, book.key))


def row(book: Book, no: int) -> core.Row | None:
    """One row by its number, None where there is none."""
    found = chained.rows(book.tx, _LEDGER, no - 1, 1, book.key) if 1 <= no <= strictjson.MAX_INT else []
    return core.parse_row(found[0].bytes) if found else None


def rows_of(book: Book, case: str) -> list[bytes]:
    """The rows of one case by its register number, in order."""
    query = select(_LEDGER.c.document).where(_mine(book), _LEDGER.c.case == case).order_by(_LEDGER.c.no)
    return list(book.tx.execute(query).scalars())


def rows_of_all(book: Book, cases: Iterable[str]) -> list[bytes]:
    """The rows of these cases by their register numbers, in order."""
    query = select(_LEDGER.c.no, _LEDGER.c.document).where(_mine(book), _LEDGER.c.case.in_(list(cases)))
    return [document for _, document in sorted(map(tuple, book.tx.execute(query)))]


def balance(book: Book, year: int = 0) -> core.Balance:
    """The balance of a fiscal year, 0 for all, from the sums kept beside the rows."""
    return core.balance_from((kind, corrects, fen) for _, kind, corrects, fen in _totals(book, year))


def summary(book: Book, year: int = 0) -> Summary:
    """The sums of a fiscal year, 0 for all, by source and month: as `summarise` makes them from all rows."""
    return summary_from(_totals(book, year), map(core.parse_row, rows_of(book, "")), year, locked_month(book))


def carried_over(book: Book, year: int = 0) -> Carried:
    """Obligations and cash of a calendar year, 0 for every one: rows of all fiscal years, by the month of each."""
    return carried(((*key, fen) for key, (_, fen) in sums(book).items()), year)


def _totals(book: Book, year: int) -> list[Total]:
    query = select(_SUMS.c.month, _SUMS.c.kind, _SUMS.c.corrects_kind, _SUMS.c.fen)
    query = query.where(_SUMS.c.office == book.office)
    return [tuple(row) for row in book.tx.execute(query.where(_SUMS.c.year == year) if year else query)]


def sums(book: Book) -> Sums:
    """All the sums kept beside the rows."""
    query = select(*_SUM_COLUMNS).where(_SUMS.c.office == book.office)
    return {tuple(row[:4]): (row.n, row.fen) for row in book.tx.execute(query)}


def recount(book: Book) -> Sums:
    """The same from the rows themselves: what doctor compares them with."""
    counted, fens = Counter[SumKey](), Counter[SumKey]()
    for row in map(core.parse_row, (each.bytes for each in every(book))):
        key = (row.year, row.day[:7], row.kind, row.corrects_kind)
        counted[key] += 1
        fens[key] += row.fen
    return {key: (n, fens[key]) for key, n in counted.items()}


def sums_of_columns(book: Book) -> dict[tuple[int, str, str], tuple[int, int]]:
    """What the rows' columns add up to by year and kind."""
    by = (_LEDGER.c.year, _LEDGER.c.kind, _LEDGER.c.corrects_kind)
    found = book.tx.execute(select(*by, func.count(), func.sum(_LEDGER.c.fen)).where(_mine(book)).group_by(*by))
    return {(year, kind, corrects): (n, int(fen)) for year, kind, corrects, n, fen in found}


def locked_month(book: Book) -> str:
    """The newest month that is closed, "" when none is."""
    query = (
        select(_LEDGER.c.document).where(_mine(book), _LEDGER.c.kind == "lock").order_by(_LEDGER.c.no.desc()).limit(1)
    )
    newest: bytes | None = book.tx.execute(query).scalar()
    return "" if newest is None else core.parse_row(newest).memo


def verify(book: Book, anchor: core.Head | None = None) -> core.Head:
    """Recompute the whole chain. Raises core's LedgerError with the first bad row's number."""
    return core.verify(((row.bytes, row.hash) for row in every(book)), anchor)


def offices(tx: Connection) -> list[str]:
    """The offices that have a row, the zone's own first."""
    return in_order(tx.execute(select(_LEDGER.c.office).distinct()).scalars())


def _mine(book: Book) -> ColumnElement[bool]:
    return _LEDGER.c.office == book.office
