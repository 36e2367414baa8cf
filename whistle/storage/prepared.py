"""Statements of the hot path: written in Core, compiled once per dialect, then handed to the driver as they are.

A submission runs a dozen statements; building, caching and wrapping each anew would cost more than SQLite's own work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.base import Executable

Values = Mapping[str, object]
Pack = Callable[[Values], Any]
Record = tuple[Any, ...]


class Prepared:
    """One statement. Every bound name must be given a value; booleans come back as the driver has them."""

    def __init__(self, statement: Executable | Callable[[str], Executable]) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, Pack]] = {}

    def run(self, tx: Connection, values: Values) -> None:
        """For its effect."""
        sql, pack = self._compiled.get(tx.dialect.name) or self._compile(tx)
        _on_driver(tx, sql, pack(values))

    def run_many(self, tx: Connection, rows: Sequence[Values]) -> None:
        """Once for each row; no rows, no statement."""
        if rows:
            sql, pack = self._compiled.get(tx.dialect.name) or self._compile(tx)
            _on_driver(tx, sql, [pack(row) for row in rows], many=True)

    def rows(self, tx: Connection, values: Values) -> list[Record]:
        """Every row it gives."""
        sql, pack = self._compiled.get(tx.dialect.name) or self._compile(tx)
        found: list[Record] = _on_driver(tx, sql, pack(values)).fetchall()
        return found

    def row(self, tx: Connection, values: Values) -> Record | None:
        """The one row it gives, or None."""
        found = self.rows(tx, values)
        return found[0] if found else None

    def _compile(self, tx: Connection) -> tuple[str, Pack]:
        name = tx.dialect.name
        statement = self._statement(name) if callable(self._statement) else self._statement
        compiled: Any = statement.compile(dialect=tx.dialect)  # type: ignore[attr-defined]
        order = compiled.positiontup
        self._compiled[name] = (str(compiled), dict if order is None else _in_order(order))
        return self._compiled[name]


def command(tx: Connection, sql: str) -> None:
    """A fixed command without values: a savepoint and its end."""
    _on_driver(tx, sql, ())


def _on_driver(tx: Connection, sql: str, values: Any, many: bool = False) -> Any:
    """The driver's cursor after the statement. Its errors come as SQLAlchemy's, which `engine` knows how to read."""
    cursor = tx.connection.cursor()
    driver: Any = tx.dialect.loaded_dbapi
    try:
        (cursor.executemany if many else cursor.execute)(sql, values)
    except driver.Error as error:
        # The values stay out of it: an error may be printed.
        raise DBAPIError.instance(sql, None, error, driver.Error, hide_parameters=True, dialect=tx.dialect) from None
    return cursor


def _in_order(names: Sequence[str]) -> Pack:
    if len(names) < 2:
        return lambda values: tuple(values[name] for name in names)
    return itemgetter(*names)
