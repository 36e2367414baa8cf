"""An award is found by its register number alone: whatever the office has paid before is not read for it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, event

from tests import ready
from tests.storage.people import a_report, file, ours
from whistle.casework import awaiting
from whistle.casework.finance import PAID
from whistle.docket import register_number, register_place
from whistle.storage import cases
from whistle.storage.database import Database


def plans(tx: Connection, number: str) -> list[str]:
    """How SQLite goes about every statement of the look-up."""
    said: list[tuple[str, Any]] = []
    event.listen(tx, "before_cursor_execute", lambda _c, _u, statement, params, *_: said.append((statement, params)))
    assert awaiting.approved_in(ours(tx), number, *PAID) is None
    assert list(awaiting.approved(ours(tx), *PAID, among=[1])) == []  # what follows once the number is a case's
    asked = list(said)
    found = [tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", params).all() for one, params in asked]
    return [str(row[-1]) for rows in found for row in rows]


def test_nothing_is_scanned_for_it(tmp_path: Any) -> None:
    with Database.open(ready.file(tmp_path / "whistle.db")) as db:
        db.write_sync(lambda tx: file(tx, a_report()))
        steps = db.read_sync(lambda tx: plans(tx, "〔2026〕3号"))
        assert steps and not [step for step in steps if step.startswith("SCAN")]
        assert db.read_sync(lambda tx: cases.id_of(tx, "zone", 2026, 3)) is None


@pytest.mark.parametrize("place", [(2026, 1), (2099, 999_999_999)])
def test_a_register_number_is_read_as_it_is_written(place: tuple[int, int]) -> None:
    assert register_place(register_number(*place)) == place


@pytest.mark.parametrize(
    "text", ["", "3", "〔2026〕0号", "〔2026〕03号", "〔２０２６〕3号", "〔2026〕3号\n", f"〔2026〕{10**9}号"]
)
def test_nothing_else_is_a_register_number(text: str) -> None:
    assert register_place(text) is None
