"""The signed public documents: directories, channels, rosters. Kept as they came; their signatures are crypto's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Table, func, insert, select

from whistle.storage import tables
from whistle.storage.errors import Conflict
from whistle.storage.prepared import Prepared
from whistle.storage.records import Bytes

_DIRECTORIES, _CHANNELS, _ROSTER = tables.directories, tables.channels, tables.roster
_COLUMNS = (_DIRECTORIES.c.no, _DIRECTORIES.c.hash, _DIRECTORIES.c.document, _DIRECTORIES.c.sig)
_LAST_NO = select(func.max(_DIRECTORIES.c.no)).scalar_subquery()
_NEWEST_HASH = Prepared(select(_DIRECTORIES.c.hash).where(_DIRECTORIES.c.no == _LAST_NO))


@dataclass(frozen=True, slots=True)
class StoredDirectory:
    no: int
    hash: str
    bytes: Bytes
    sig: Bytes


def add_directory(
    tx: Connection,
    directory: StoredDirectory,
    channels: Iterable[tuple[str, str, bytes]],
    roster: tuple[str, bytes, bytes] | None,
) -> None:
    """Keep a directory with its channels (hash, id, bytes) and roster (hash, bytes, sig). The same again
    is fine;
    another one with its number, or one that does not follow, is Conflict("no")."""
    known = {stored.no: stored for stored in directories(tx)}
    if known.get(directory.no) == directory:
        return
    if directory.no != len(known):
        raise Conflict("no")
    row = {"no": directory.no, "hash": directory.hash, "document": directory.bytes, "sig": directory.sig}
    tx.execute(insert(_DIRECTORIES).values(row | {"roster": roster[0] if roster else ""}))
    for hash_, id_, document in channels:
        _keep(tx, _CHANNELS, {"hash": hash_, "id": id_, "document": document})
    if roster:
        _keep(tx, _ROSTER, {"hash": roster[0], "document": roster[1], "sig": roster[2]})


def directories(tx: Connection) -> list[StoredDirectory]:
    """All of them, from number 0: a client verifies the chain."""
    return [StoredDirectory(*row) for row in tx.execute(select(*_COLUMNS).order_by(_DIRECTORIES.c.no))]


def newest_directory(tx: Connection) -> StoredDirectory | None:
    found = tx.execute(select(*_COLUMNS).order_by(_DIRECTORIES.c.no.desc()).limit(1)).one_or_none()
    return None if found is None else StoredDirectory(*found)


def newest_hash(tx: Connection) -> str:
    """The newest directory's hash, "" when none is published: asked before every post."""
    found = _NEWEST_HASH.row(tx, {})
    return str(found[0]) if found else ""


def channel(tx: Connection, hash_: str) -> bytes | None:
    """A channel's bytes by their hash."""
    found: bytes | None = tx.execute(select(_CHANNELS.c.document).where(_CHANNELS.c.hash == hash_)).scalar()
    return found


def channels(tx: Connection) -> list[bytes]:
    """The bytes of every channel that a directory has listed."""
    return list(tx.execute(select(_CHANNELS.c.document).order_by(_CHANNELS.c.hash)).scalars())


def roster(tx: Connection) -> tuple[bytes, bytes] | None:
    """The newest directory's roster and its signature: for staff only."""
    newest = select(_DIRECTORIES.c.roster).order_by(_DIRECTORIES.c.no.desc()).limit(1).scalar_subquery()
    found = tx.execute(select(_ROSTER.c.document, _ROSTER.c.sig).where(_ROSTER.c.hash == newest)).one_or_none()
    return None if found is None else (found.document, found.sig)


def _keep(tx: Connection, table: Table, row: dict[str, object]) -> None:
    """Named by its hash: what is there already is the same."""
    if tx.execute(select(table.c.hash).where(table.c.hash == row["hash"])).first() is None:
        tx.execute(insert(table).values(row))
