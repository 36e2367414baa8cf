"""Working-day tables: those shipped, and over them those an administrator has loaded into the store."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import Connection

from whistle.core import calendar
from whistle.core.calendar import Table, Tables
from whistle.storage import meta

PREFIX = "calendar:"
SETTLED = "dated_with"


def tables(tx: Connection) -> Tables:
    """By year. A year in neither place is computed provisionally."""
    loaded = [calendar.parse_table(text) for text in meta.prefixed(tx, PREFIX).values()]
    return {**calendar.shipped(), **{table.year: table for table in loaded}}


def load(tx: Connection, text: str) -> Table:
    """Keeps a year's table, in place of an earlier one of that year. Raises RuleError with what is wrong."""
    table = calendar.whole_year(calendar.parse_table(text))
    meta.put(tx, f"{PREFIX}{table.year}", text)
    return table


def is_settled(tx: Connection, tables: Tables) -> bool:
    """Whether every due day in the store was computed with these tables."""
    return meta.get(tx, SETTLED) == _digest(tables)


def settle(tx: Connection, tables: Tables) -> None:
    """Notes that it is so."""
    meta.put(tx, SETTLED, _digest(tables))


def _digest(tables: Tables) -> str:
    document = json.dumps(calendar.tables_json(tables), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(document.encode()).hexdigest()
