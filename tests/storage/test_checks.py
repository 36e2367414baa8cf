"""What doctor finds: each thing broken on purpose, and seen."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.storage.people import a_report, add, after, file
from whistle.storage.cases import CaseRow
from whistle.storage.checks import Finding, check
from whistle.storage.database import Database
from whistle.storage.migrations import HEAD


def red(db: Database, **arguments: object) -> set[str]:
    return {finding.code for finding in check(db.url, **arguments) if finding.level == "red"}  # type: ignore[arg-type]


def fill(db: Database) -> None:
    report = a_report()
    db.write_sync(lambda tx: file(tx, report))
    db.write_sync(lambda tx: add(tx, after(report, 1)))


def test_it_works(db: Database) -> None:
    fill(db)
    found = check(db.url)
    assert red(db) == set()
    facts = {finding.code: finding.facts for finding in found}
    assert facts["database"]["epoch"] == db.epoch
    assert (facts["database"]["cases"], facts["database"]["posts"]) == (1, 2)


@pytest.mark.parametrize(
    ("damage", "seen"),
    [
        ("UPDATE items SET blob = sealed FROM grants WHERE idx = 0", "items"),
        ("UPDATE items SET length = length + 1 WHERE idx = 0", "items"),
        ("UPDATE tallies SET n = n + 1 WHERE whose = ''", "tallies"),
        ("DELETE FROM readers", "tallies"),
        ("UPDATE cases SET state = 'closed'", "tallies"),
        ("UPDATE cases SET head = head_all || 'x'", "chains"),
        ("UPDATE cases SET count = 3", "chains"),
        ("UPDATE posts SET prev = 'x' WHERE id = 2", "chains"),
        ("UPDATE posts SET no = 5 WHERE id = 2", "chains"),
        ("DELETE FROM posts WHERE id = 2", "numbers"),
        ("UPDATE counters SET value = 9 WHERE name = 'case'", "numbers"),
    ],
)
def test_each_damage_is_seen(db: Database, damage: str, seen: str) -> None:
    fill(db)
    db.write_sync(lambda tx: tx.execute(text(damage)))
    assert seen in red(db)


def test_what_was_forgotten_on_schedule_is_no_damage(db: Database) -> None:
    fill(db)
    db.write_sync(lambda tx: tx.execute(text("UPDATE items SET blob = NULL")))
    db.write_sync(lambda tx: tx.execute(text("UPDATE posts SET body = NULL")))
    assert red(db) == set()


def test_the_cache_is_compared_with_the_fold_the_caller_brings(db: Database) -> None:
    fill(db)
    asked: list[CaseRow] = []
    assert red(db, refold=lambda tx, case: asked.append(case) is None) == set()
    assert [case.state for case in asked] == ["accepted"]
    assert red(db, refold=lambda tx, case: False) == {"cache"}


def test_a_database_of_another_version_is_the_one_finding(empty_url: str) -> None:
    (finding,) = check(empty_url)
    assert finding == Finding("schema", "red", {"is": "", "should_be": HEAD})
