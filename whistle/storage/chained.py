"""Append-only tables whose rows are chained by a hash. What a row says and how it is hashed, the caller knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from sqlalchemy import Connection, Table, bindparam, func, insert, select

from whistle.storage.prepared import Prepared
from whistle.storage.records import Bytes

FIRST = bytes(32)  # "first previous 32 zero bytes" (envelope.md section 2, LEDGER ROW)
Make = Callable[[bytes, int], tuple[bytes, bytes]]
Key = Mapping[str, str]  # columns that say which of a table's chains is meant
ONLY: Key = MappingProxyType({})  # the table is one chain


@dataclass(frozen=True, slots=True)
class ChainedRow:
    no: int
    bytes: Bytes
    hash: Bytes


def append(
    tx: Connection, table: Table, make: Make, columns: Mapping[str, object] | None = None, key: Key = ONLY
) -> ChainedRow:
    """Add the row that make(previous hash, number) gives. The transaction holds the write lock, so two appends
    cannot read one head."""
    count, previous = head(tx, table, key)
    document, hash_ = make(previous, count + 1)
    _insert(table).run(tx, {**(columns or {}), **key, "no": count + 1, "document": document, "hash": hash_})
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


def head(tx: Connection, table: Table, key: Key = ONLY) -> tuple[int, bytes]:
    """How many rows there are, and the hash of the last."""
    found = _head(table, tuple(key)).row(tx, dict(key))
    return (0, FIRST) if found is None else (found[0], found[1])


@cache
def _insert(table: Table) -> Prepared:
    return Prepared(insert(table))


@cache
def _head(table: Table, names: tuple[str, ...]) -> Prepared:
    chain = [table.c[name] == bindparam(name) for name in names]
    newest = select(func.max(table.c.no)).where(*chain).scalar_subquery()
    return Prepared(select(table.c.no, table.c.hash).where(table.c.no == newest, *chain))


def rows(tx: Connection, table: Table, after: int = 0, limit: int = 1000, key: Key = ONLY) -> list[ChainedRow]:
    chain = [table.c[name] == value for name, value in key.items()]
    query = select(table.c.no, table.c.document, table.c.hash).where(table.c.no > after, *chain)
    return [ChainedRow(*row) for row in tx.execute(query.order_by(table.c.no).limit(limit))]


def every(tx: Connection, table: Table, key: Key = ONLY) -> Iterator[ChainedRow]:
    """All rows in order, a thousand at a time."""
    page = rows(tx, table, key=key)
    while page:
        yield from page
        page = rows(tx, table, page[-1].no, key=key)
