"""Row numbers of SQLite, drawn instead of counted: left alone it numbers rows as they arrive, and keeps that for good.

Near its case's others, so that a post's rows share pages; PostgreSQL has no such numbers.
"""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import Table, insert, text
from sqlalchemy.sql.base import Executable

from whistle.storage.prepared import Prepared

NUMBER = "rowid_"
_BITS = 31


def inserting(table: Table) -> Prepared:
    """An insert into a table of rows of cases; each row must have been `numbered`."""

    def made(dialect: str) -> Executable:
        if dialect != "sqlite":
            return insert(table)
        names = ", ".join(f'"{column.name}"' for column in table.c)
        values = ", ".join(f":{column.name}" for column in table.c)
        return text(f'INSERT INTO "{table.name}" (rowid, {names}) VALUES (:{NUMBER}, {values})')  # noqa: S608

    return Prepared(made)


def numbered(row: dict[str, Any]) -> dict[str, Any]:
    """The row with a number: of its case's id the upper half, the rest at random."""
    return row | {NUMBER: row["case_id"] >> _BITS << _BITS | secrets.randbits(_BITS)}
