"""A reviewer's own drawer 抽屉: what he keeps for himself, sealed to his own key. Nothing here opens it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, insert, select, update

from whistle.storage import tables
from whistle.storage.errors import Conflict

_DRAWERS = tables.drawers


def of(tx: Connection, rid: str, office: str) -> tuple[int, bytes]:
    """How often it was put, and what lies in it; (0, b"") where nothing ever did."""
    found = tx.execute(select(_DRAWERS.c.rev, _DRAWERS.c.sealed).where(_own(rid, office))).one_or_none()
    return (found.rev, bytes(found.sealed)) if found else (0, b"")


def put(tx: Connection, rid: str, office: str, rev: int, sealed: bytes) -> int:
    """What lay there as the `rev`-th goes, this lies there now; its number. Conflict when another page was quicker."""
    if of(tx, rid, office)[0] != rev:
        raise Conflict("drawer")
    if rev:
        tx.execute(update(_DRAWERS).where(_own(rid, office)).values(rev=rev + 1, sealed=sealed))
    else:
        tx.execute(insert(_DRAWERS).values(rid=rid, office=office, rev=1, sealed=sealed))
    return rev + 1


def _own(rid: str, office: str) -> ColumnElement[bool]:
    return (_DRAWERS.c.rid == rid) & (_DRAWERS.c.office == office)
