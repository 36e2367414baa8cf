"""Working-day tables: those shipped, and over them those an administrator has loaded into the store."""

from __future__ import annotations

from sqlalchemy import Connection

from whistle.core import calendar
from whistle.core.calendar import Table, Tables
from whistle.storage import meta

PREFIX = "calendar:"


def tables(tx: Connection) -> Tables:
    """By year. A year in neither place is computed provisionally."""
    loaded = [calendar.parse_table(text) for text in meta.prefixed(tx, PREFIX).values()]
    return {**calendar.shipped(), **{table.year: table for table in loaded}}


def load(tx: Connection, text: str) -> Table:
    """Keeps a year's table, in place of an earlier one of that year. Raises RuleError with what is wrong."""
    table = calendar.parse_table(text)
    meta.put(tx, f"{PREFIX}{table.year}", text)
    return table
