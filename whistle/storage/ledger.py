"""The ledger's table. What may be entered, hashes and balances are whistle.core.ledger's; here rows only stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Insert, func, select
from sqlalchemy.dialects import postgresql, sqlite

from whistle.core import ledger as core
from whistle.core import strictjson
from whistle.core.summary import Summary, Total, summary_from
from whistle.storage import chained, tables
from whistle.storage.chained import ChainedRow as LedgerRow
from whistle.storage.prepared import Prepared

__all__ = [
    "LedgerRow",
    "balance",
    "count",
    "enter",
    "every",
    "head",
    "locked_month",
    "of_year",
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
SumKey = tuple[int, str, str, str]  # year, month, kind, kind of the row it corrects
Sums = dict[SumKey, tuple[int, int]]  # how many rows, and their fen


def _add_to_sums(dialect: str) -> Insert:
    row = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(_SUMS)
    more = {"n": _SUMS.c.n + row.excluded.n, "fen": _SUMS.c.fen + row.excluded.fen}
    return row.on_conflict_do_update(index_elements=list(_SUMS.primary_key), set_=more)


_ADD = Prepared(_add_to_sums)


def enter(tx: Connection, entry: core.Entry) -> LedgerRow:
    """Enter an entry, in the transaction of the post that causes it. Raises core's LedgerError, with its
    code, for
    an entry the ledger does not admit: paid twice, no funds, another year."""
    left = balance(tx, entry.year).left
    core.admit(entry, rows_of(tx, entry.case), left, locked_month(tx))
    columns = {name: getattr(entry, name) for name in ("kind", "corrects_kind", "year", "fen", "case")}
    made = chained.append(tx, _LEDGER, lambda hash_, no: core.append(core.Head(no - 1, hash_), entry), columns)
    key = {name: columns[name] for name in ("year", "kind", "corrects_kind")}
    _ADD.run(tx, {**key, "month": entry.day[:7], "n": 1, "fen": entry.fen})
    return made


def rows(tx: Connection, after: int = 0, limit: int = 1000) -> list[LedgerRow]:
    return chained.rows(tx, _LEDGER, after, limit)


def every(tx: Connection) -> Iterator[LedgerRow]:
    return chained.every(tx, _LEDGER)


def of_year(tx: Connection, year: int, after: int = 0) -> Iterator[LedgerRow]:
    """The rows of a fiscal year behind row `after` in order, 0 for all; a thousand at a time."""
    while found := _page(tx, year, after, 1000):
        yield from found
        after = found[-1].no


def page(tx: Connection, year: int, after: int, limit: int, *, newest: bool = False) -> tuple[list[LedgerRow], int]:
    """The rows of a fiscal year, 0 for all, behind row `after` (0: from the end they begin at), and behind which the
    next page begins, 0 at the end. `newest`: from the last row back."""
    found = _page(tx, year, after, limit + 1, newest=newest)
    return found[:limit], found[limit - 1].no if len(found) > limit else 0


def _page(tx: Connection, year: int, after: int, limit: int, *, newest: bool = False) -> list[LedgerRow]:
    query = select(_LEDGER.c.no, _LEDGER.c.document, _LEDGER.c.hash).limit(limit)
    query = query.order_by(_LEDGER.c.no.desc() if newest else _LEDGER.c.no)
    query = query.where(_LEDGER.c.year == year) if year else query
    if after:
        query = query.where(_LEDGER.c.no < after if newest else _LEDGER.c.no > after)
    return [LedgerRow(*row) for row in tx.execute(query)]


def count(tx: Connection, year: int) -> int:
    """How many rows a fiscal year has, 0 for all."""
    query = select(func.coalesce(func.sum(_SUMS.c.n), 0))
    return int(tx.execute(query.where(_SUMS.c.year == year) if year else query).scalar_one())


def years(tx: Connection) -> list[int]:
    """The fiscal years that have rows."""
    return list(tx.execute(select(_SUMS.c.year).distinct().order_by(_SUMS.c.year)).scalars())


def head(tx: Connection) -> core.Head:
    """Number of rows and hash of the last: what a checkpoint anchors."""
    return core.Head(*chained.head(tx, _LEDGER))


def row(tx: Connection, no: int) -> core.Row | None:
    """One row by its number, None where there is none."""
    found = chained.rows(tx, _LEDGER, no - 1, 1) if 1 <= no <= strictjson.MAX_INT else []
    return core.parse_row(found[0].bytes) if found else None


def rows_of(tx: Connection, case: str) -> list[bytes]:
    """The rows of one case by its register number, in order."""
    query = select(_LEDGER.c.document).where(_LEDGER.c.case == case).order_by(_LEDGER.c.no)
    return list(tx.execute(query).scalars())


def rows_of_all(tx: Connection, cases: Iterable[str]) -> list[bytes]:
    """The rows of these cases by their register numbers, in order."""
    query = select(_LEDGER.c.no, _LEDGER.c.document).where(_LEDGER.c.case.in_(list(cases)))
    return [document for _, document in sorted(map(tuple, tx.execute(query)))]


def balance(tx: Connection, year: int = 0) -> core.Balance:
    """The balance of a fiscal year, 0 for all, from the sums kept beside the rows."""
    return core.balance_from((kind, corrects, fen) for _, kind, corrects, fen in _totals(tx, year))


def summary(tx: Connection, year: int = 0) -> Summary:
    """The sums of a fiscal year, 0 for all, by source and month: as `summarise` makes them from all rows."""
    return summary_from(_totals(tx, year), map(core.parse_row, rows_of(tx, "")), year, locked_month(tx))


def _totals(tx: Connection, year: int) -> list[Total]:
    query = select(_SUMS.c.month, _SUMS.c.kind, _SUMS.c.corrects_kind, _SUMS.c.fen)
    return [tuple(row) for row in tx.execute(query.where(_SUMS.c.year == year) if year else query)]


def sums(tx: Connection) -> Sums:
    """All the sums kept beside the rows."""
    return {tuple(row[:4]): (row.n, row.fen) for row in tx.execute(select(_SUMS))}


def recount(tx: Connection) -> Sums:
    """The same from the rows themselves: what doctor compares them with."""
    counted, fens = Counter[SumKey](), Counter[SumKey]()
    for row in map(core.parse_row, (each.bytes for each in every(tx))):
        key = (row.year, row.day[:7], row.kind, row.corrects_kind)
        counted[key] += 1
        fens[key] += row.fen
    return {key: (n, fens[key]) for key, n in counted.items()}


def sums_of_columns(tx: Connection) -> dict[tuple[int, str, str], tuple[int, int]]:
    """What the rows' columns add up to by year and kind."""
    by = (_LEDGER.c.year, _LEDGER.c.kind, _LEDGER.c.corrects_kind)
    found = tx.execute(select(*by, func.count(), func.sum(_LEDGER.c.fen)).group_by(*by))
    return {(year, kind, corrects): (n, int(fen)) for year, kind, corrects, n, fen in found}


def locked_month(tx: Connection) -> str:
    """The newest month that is closed, "" when none is."""
    query = select(_LEDGER.c.document).where(_LEDGER.c.kind == "lock").order_by(_LEDGER.c.no.desc()).limit(1)
    newest: bytes | None = tx.execute(query).scalar()
    return "" if newest is None else core.parse_row(newest).memo


def verify(tx: Connection, anchor: core.Head | None = None) -> core.Head:
    """Recompute the whole chain. Raises core's LedgerError with the first bad row's number."""
    return core.verify(((row.bytes, row.hash) for row in every(tx)), anchor)
