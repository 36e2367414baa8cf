"""The ledger's table. What may be entered, hashes and balances are whistle.core.ledger's; here rows only stay."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from whistle.core import ledger as core
from whistle.core import strictjson
from whistle.storage import chained, tables
from whistle.storage.chained import ChainedRow as LedgerRow

__all__ = [
    "LedgerRow",
    "balance",
    "enter",
    "every",
    "head",
    "locked_month",
    "recount",
    "row",
    "rows",
    "rows_of",
    "verify",
]
_LEDGER = tables.ledger


def enter(tx: Connection, entry: core.Entry) -> LedgerRow:
    """Enter an entry, in the transaction of the post that causes it. Raises core's LedgerError, with its
    code, for
    an entry the ledger does not admit: paid twice, no funds, another year."""
    left = balance(tx, entry.year).left
    core.admit(entry, rows_of(tx, entry.case), left, locked_month(tx))
    columns = {name: getattr(entry, name) for name in ("kind", "corrects_kind", "year", "fen", "case")}
    return chained.append(tx, _LEDGER, lambda hash_, no: core.append(core.Head(no - 1, hash_), entry), columns)


def rows(tx: Connection, after: int = 0, limit: int = 1000) -> list[LedgerRow]:
    return chained.rows(tx, _LEDGER, after, limit)


def every(tx: Connection) -> Iterator[LedgerRow]:
    return chained.every(tx, _LEDGER)


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


def balance(tx: Connection, year: int = 0) -> core.Balance:
    """The balance of a fiscal year, 0 for all, from sums the database makes."""
    query = select(_LEDGER.c.kind, _LEDGER.c.corrects_kind, func.sum(_LEDGER.c.fen))
    query = query.where(_LEDGER.c.year == year) if year else query
    totals = tx.execute(query.group_by(_LEDGER.c.kind, _LEDGER.c.corrects_kind))
    return core.balance_from((kind, corrects, int(fen)) for kind, corrects, fen in totals)


def recount(tx: Connection) -> core.Balance:
    """The same of all years from the rows themselves: what doctor compares it with."""
    return core.balance(row.bytes for row in every(tx))


def locked_month(tx: Connection) -> str:
    """The newest month that is closed, "" when none is."""
    query = select(_LEDGER.c.document).where(_LEDGER.c.kind == "lock").order_by(_LEDGER.c.no.desc()).limit(1)
    newest: bytes | None = tx.execute(query).scalar()
    return "" if newest is None else core.parse_row(newest).memo


def verify(tx: Connection, anchor: core.Head | None = None) -> core.Head:
    """Recompute the whole chain. Raises core's LedgerError with the first bad row's number."""
    return core.verify(((row.bytes, row.hash) for row in every(tx)), anchor)
