"""What each door may do, table by table: one list for SQLite's authorizer and PostgreSQL's grants."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from whistle.storage import tables

READ, ADD, CHANGE, REMOVE = "SELECT", "INSERT", "UPDATE", "DELETE"
PUBLIC: dict[str, tuple[str, ...]] = {
    "alembic_version": (READ,),
    "meta": (READ,),
    "directories": (READ,),
    "channels": (READ,),
    "counters": (READ, CHANGE),
    "cases": (READ, ADD, CHANGE),
    "posts": (READ, ADD),
    "items": (READ, ADD),
    "grants": (READ, ADD),
    "parts": (READ, ADD, CHANGE, REMOVE),  # she may take back what she has not posted
    "readers": (READ, ADD, CHANGE),
    "tallies": (READ, ADD, CHANGE),
    "spent": (READ, ADD),
    "tombs": (READ,),  # what was destroyed is told to her, also after a restore
}
APPEND_ONLY = ("ledger", "bookings", "audit")
REVIEW: dict[str, tuple[str, ...]] = {
    "alembic_version": (READ,),
    **{table.name: (READ, ADD, CHANGE, REMOVE) for table in tables.ALL},
    **dict.fromkeys(APPEND_ONLY, (READ, ADD)),
    "today_audit": (READ, ADD, REMOVE),  # it waits for the night, and nobody changes it meanwhile
}
ROLES = {"public": PUBLIC, "review": REVIEW}
PRAGMAS = {"review": "defer_foreign_keys"}  # the nightly move takes rows out and puts them back

_ON_TABLE = {
    sqlite3.SQLITE_READ: READ,
    sqlite3.SQLITE_INSERT: ADD,
    sqlite3.SQLITE_UPDATE: CHANGE,
    sqlite3.SQLITE_DELETE: REMOVE,
}
_ALWAYS = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_SAVEPOINT,
    sqlite3.SQLITE_FUNCTION,
}

Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]


def authorizer(role: str) -> Authorizer | None:
    """For sqlite3's set_authorizer. "all" is for migrate, jobs, backup and doctor: no limits."""
    rights = ROLES.get(role)
    if rights is None and role != "all":
        raise ValueError("no such role")
    return None if rights is None else _allow(rights, PRAGMAS.get(role, ""))


def _allow(rights: dict[str, tuple[str, ...]], pragma: str) -> Authorizer:
    def decide(action: int, first: str | None, *_rest: str | None) -> int:
        if action in _ALWAYS or (action == sqlite3.SQLITE_PRAGMA and first == pragma):
            return sqlite3.SQLITE_OK
        allowed = _ON_TABLE.get(action, "") in rights.get(first or "", ())
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY

    return decide


def grants_sql(role: str) -> list[str]:
    """The statements that give PostgreSQL's whistle_public or whistle_review exactly these rights."""
    name = f"whistle_{role}"
    every = ", ".join(f'"{table}"' for table in REVIEW)
    given = [f'GRANT {", ".join(rights)} ON "{table}" TO {name}' for table, rights in ROLES[role].items()]
    return [f"REVOKE ALL ON {every} FROM {name}", *given]
