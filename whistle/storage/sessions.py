"""Reviewers' sessions. Only the hash of a token is kept: a copied database logs nobody in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from whistle.storage import tables

_SESSIONS = tables.sessions


@dataclass(frozen=True, slots=True)
class Session:
    rid: str
    expires: int


def open_session(tx: Connection, token: bytes, rid: str, expires: int) -> None:
    tx.execute(insert(_SESSIONS).values(token_hash=_name(token), rid=rid, expires=expires))


def session(tx: Connection, token: bytes, now: int) -> Session | None:
    """Whose session this is, while it lasts."""
    query = select(_SESSIONS.c.rid, _SESSIONS.c.expires).where(_SESSIONS.c.token_hash == _name(token))
    found = tx.execute(query.where(_SESSIONS.c.expires > now)).one_or_none()
    return None if found is None else Session(*found)


def close_session(tx: Connection, token: bytes) -> None:
    tx.execute(delete(_SESSIONS).where(_SESSIONS.c.token_hash == _name(token)))


def close_sessions_of(tx: Connection, rid: str) -> None:
    """When his key is revoked or lost."""
    tx.execute(delete(_SESSIONS).where(_SESSIONS.c.rid == rid))


def purge_sessions(tx: Connection, now: int) -> int:
    return tx.execute(delete(_SESSIONS).where(_SESSIONS.c.expires <= now)).rowcount


def _name(token: bytes) -> str:
    return hashlib.sha256(token).hexdigest()
