"""Append-only tables whose rows are chained by a hash. What a row says and how it is hashed, the caller knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, Table, func, insert, select

from whistle.storage.prepared import Prepared
from whistle.storage.records import Bytes

FIRST = bytes(32)  # "first previous 32 zero bytes" (envelope.md section 2, LEDGER ROW)
Make = Callable[[bytes, int], tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class ChainedRow:
    no: int
    bytes: Bytes
    hash: Bytes


def append(tx: Connection, table: Table, make: Make, columns: Mapping[str, object] | None = None) -> ChainedRow:
    """Add the row that make(previous hash, number) gives. The transaction holds the write lock, so two appends
    cannot read one head."""
    count, previous = head(tx, table)
    document, hash_ = make(previous, count + 1)
    _insert(table).run(tx, {**(columns or {}), "no": count + 1, "document": document, "hash": hash_})
    return ChainedRow(count + 1, document, hash_)


def extend(tx: Connection, table: Table, rows: Sequence[tuple[Make, Mapping[str, object]]]) -> None:
    """Add several rows in this order, each as by `append`, with one reading of the head."""
    if not rows:
        return
    no, previous = head(tx, table)
    made = []
    for make, columns in rows:
        no += 1
        document, previous = make(previous, no)
        made.append({**columns, "no": no, "document": document, "hash": previous})
    _insert(table).run_many(tx, made)


def head(tx: Connection, table: Table) -> tuple[int, bytes]:
    """How many rows there are, and the hash of the last."""
    found = _head(table).row(tx, {})
    return (0, FIRST) if found is None else (found[0], found[1])


@cache
def _insert(table: Table) -> Prepared:
    return Prepared(insert(table))


@cache
def _head(table: Table) -> Prepared:
    newest = select(func.max(table.c.no)).scalar_subquery()
    return Prepared(select(table.c.no, table.c.hash).where(table.c.no == newest))


def rows(tx: Connection, table: Table, after: int = 0, limit: int = 1000) -> list[ChainedRow]:
    query = select(table.c.no, table.c.document, table.c.hash).where(table.c.no > after)
    return [ChainedRow(*row) for row in tx.execute(query.order_by(table.c.no).limit(limit))]


def every(tx: Connection, table: Table) -> Iterator[ChainedRow]:
    """All rows in order, a thousand at a time."""
    page = rows(tx, table)
    while page:
        yield from page
        page = rows(tx, table, page[-1].no)
