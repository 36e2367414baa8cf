"""How a database goes about what it is asked: every statement of a look, explained by the database itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event

from whistle.storage import prepared

Said = list[tuple[str, Any]]
FOUND = re.compile("USING|CONSTANT|anon_|subquery")
NO_CHOICE = ("enable_seqscan", "enable_sort", "enable_incremental_sort", "enable_bitmapscan")


def plans(tx: Connection, look: Callable[[Connection], object], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps of every statement that `look` sends. PostgreSQL is asked what it does where it may neither read a
    table to its end nor sort: what it still does so, no index can serve, however many rows there are."""
    said = _said(tx, look, monkeypatch)
    if tx.dialect.name == "postgresql":
        for name in NO_CHOICE:
            tx.exec_driver_sql(f"SET LOCAL {name} = off")
    explain = "EXPLAIN QUERY PLAN " if tx.dialect.name == "sqlite" else "EXPLAIN "
    cursor = tx.connection.cursor()
    return [str(row[-1]).strip() for sql, values in said for row in cursor.execute(explain + sql, values).fetchall()]


def _said(tx: Connection, look: Callable[[Connection], object], monkeypatch: pytest.MonkeyPatch) -> Said:
    """What SQLAlchemy sends and what goes to the driver past it."""
    said: Said = []
    sent = prepared._on_driver

    def listen(_tx: Any, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
        said.append((sql, values))

    def past(tx: Connection, sql: str, values: Any, many: bool = False) -> Any:
        said.extend((sql, each) for each in (values if many else [values]))
        return sent(tx, sql, values, many)

    event.listen(tx, "before_cursor_execute", listen)
    with monkeypatch.context() as spying:
        spying.setattr(prepared, "_on_driver", past)
        look(tx)
    event.remove(tx, "before_cursor_execute", listen)
    return said


def scans(steps: list[str]) -> list[str]:
    """Of these steps those that read a table without an index. What a question has found so far is none."""
    whole = [step for step in steps if step.startswith("SCAN") and not FOUND.search(step)]
    return whole + [step for step in steps if "Seq Scan" in step]


def sorts(steps: list[str]) -> list[str]:
    """Of these steps those that sort what was found."""
    return [step for step in steps if "FOR ORDER BY" in step or "Sort" in step]
