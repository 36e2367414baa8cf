"""Append-only tables whose rows are chained by a hash. What a row says and how it is hashed, the caller knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Table, insert, select

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
    tx.execute(insert(table).values({**(columns or {}), "no": count + 1, "document": document, "hash": hash_}))
    return ChainedRow(count + 1, document, hash_)


def head(tx: Connection, table: Table) -> tuple[int, bytes]:
    """How many rows there are, and the hash of the last."""
    found = tx.execute(select(table.c.no, table.c.hash).order_by(table.c.no.desc()).limit(1)).one_or_none()
    return (0, FIRST) if found is None else (found.no, found.hash)


def rows(tx: Connection, table: Table, after: int = 0, limit: int = 1000) -> list[ChainedRow]:
    query = select(table.c.no, table.c.document, table.c.hash).where(table.c.no > after)
    return [ChainedRow(*row) for row in tx.execute(query.order_by(table.c.no).limit(limit))]


def every(tx: Connection, table: Table) -> Iterator[ChainedRow]:
    """All rows in order, a thousand at a time."""
    page = rows(tx, table)
    while page:
        yield from page
        page = rows(tx, table, page[-1].no)
