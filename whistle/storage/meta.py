"""Facts about the database itself: its epoch, its zone."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from whistle.storage import tables
from whistle.storage.errors import Mismatch

_META = tables.meta


def get(tx: Connection, key: str) -> str:
    """The value, "" when there is none."""
    return tx.execute(select(_META.c.value).where(_META.c.key == key)).scalar() or ""


def put(tx: Connection, key: str, value: str) -> None:
    tx.execute(delete(_META).where(_META.c.key == key))
    tx.execute(insert(_META).values(key=key, value=value))


def prefixed(tx: Connection, prefix: str) -> dict[str, str]:
    """Every value whose key begins with this, by key."""
    found = tx.execute(select(_META.c.key, _META.c.value).where(_META.c.key.startswith(prefix, autoescape=True)))
    return {str(row.key): str(row.value) for row in found}


def epoch(tx: Connection) -> str:
    """16 random bytes, drawn when the database was created or restored (envelope.md section 2, RECEIPT)."""
    return get(tx, "epoch")


def zone(tx: Connection) -> str:
    return get(tx, "zone")


def note_restored(tx: Connection, day: str, until: str) -> None:
    """Written with the restore itself, so that whoever did it cannot leave it out: its day, and the last day that the
    backup knows, "" for none."""
    put(tx, "restored_on", day)
    put(tx, "restored_until", until)


def restored(tx: Connection) -> tuple[str, str]:
    """The day of the last restore and the last day that its backup knew; "" for what is not known."""
    return get(tx, "restored_on"), get(tx, "restored_until")


def set_zone(tx: Connection, zone_id: str) -> None:
    """Bind the database to its zone, once. Raises Mismatch for another zone."""
    known = zone(tx)
    if known not in ("", zone_id):
        raise Mismatch("zone_differs")
    if not known:
        put(tx, "zone", zone_id)
