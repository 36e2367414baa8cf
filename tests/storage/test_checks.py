"""What doctor finds: each thing broken on purpose, and seen."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import text

from tests.postgres import NewDatabase, Server
from tests.storage.people import a_report, add, after, file
from whistle.storage.cases import CaseRow
from whistle.storage.checks import Finding, check
from whistle.storage.database import Database
from whistle.storage.hold import DOORS
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
        ("UPDATE posts SET prev = 'x' WHERE place = 1", "chains"),
        ("UPDATE posts SET no = 5 WHERE place = 1", "chains"),
        ("DELETE FROM posts WHERE place = 1", "numbers"),
        ("UPDATE counters SET value = 9 WHERE name = 'case'", "numbers"),
        ("UPDATE cases SET year = 2026, number = 7", "register"),
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
    assert red(db, refold=lambda tx, case: asked.append(case) or "") == set()
    assert [case.state for case in asked] == ["accepted"]
    assert red(db, refold=lambda tx, case: "cache") == {"cache"}


def test_a_due_day_that_is_old_is_told_from_one_that_was_changed(db: Database) -> None:
    fill(db)

    def late(tx: object, case: CaseRow) -> str:
        return "dates"

    levels = {
        settled: [f.level for f in check(db.url, refold=late, settled=settled) if f.code == "dates"]
        for settled in (True, False)
    }
    assert levels == {True: ["red"], False: ["amber"]}


@pytest.mark.parametrize("where", ["sqlite"], indirect=True)
def test_a_disk_that_takes_nothing_more_is_red(db: Database) -> None:
    """A limit on the size of files stands for the full disk: what is written behind it fails the same way."""
    for _ in range(12):
        fill(db)
    code = (
        "import resource, sys; from whistle.storage.checks import check; "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)); "
        "print(sorted(one.code for one in check(sys.argv[1]) if one.level == 'red'))"
    )
    ran = subprocess.run([sys.executable, "-c", code, db.url], capture_output=True, text=True, check=False)
    assert ran.stdout == "['writing']\n", ran.stderr


@pytest.mark.postgres
def test_a_door_that_is_a_superuser_is_red(postgres: NewDatabase, server: Server) -> None:
    url = postgres(ready=True)
    assert "role" not in {one.code for one in check(url) if one.level == "red"}
    with Database.open(url, "public", name=DOORS):
        (found,) = [one for one in check(url) if one.code == "role"]
        assert (found.level, found.facts) == ("red", {"roles": "postgres"})
    with Database.open(url.replace("postgres@", "whistle_public@"), "public", name=DOORS):
        assert [one.level for one in check(url) if one.code == "role"] == ["ok"]


@pytest.mark.postgres
def test_public_doors_that_count_limits_apart_are_counted(postgres: NewDatabase) -> None:
    url = postgres(ready=True)
    public, review = (url.replace("postgres@", f"whistle_{role}@") for role in ("public", "review"))

    def limits(together: bool = False) -> tuple[str, dict[str, int | str]]:
        (found,) = [one for one in check(url, together=together) if one.code == "limits"]
        return found.level, found.facts

    assert limits() == ("ok", {})
    with Database.open(public, "public", name=DOORS), Database.open(review, "review", name=DOORS):
        assert limits() == ("ok", {"doors": 1}), "another door and a command are none"
        with Database.open(public, "public", name=DOORS):
            assert limits() == ("amber", {"doors": 2})
            assert limits(together=True) == ("ok", {"doors": 2})


def test_a_database_of_another_version_is_the_one_finding(empty_url: str) -> None:
    (finding,) = check(empty_url)
    assert finding == Finding("schema", "red", {"is": "", "should_be": HEAD})


@pytest.mark.parametrize("kind", ["pay", "forfeit", "clawback", "award.notify"])
def test_money_that_moved_without_a_row_is_seen_where_the_chain_holds(db: Database, kind: str) -> None:
    report = a_report()
    db.write_sync(lambda tx: file(tx, report))
    db.write_sync(lambda tx: add(tx, after(report, 1, kind=kind)))
    assert red(db) == {"unbooked"}


def test_an_approval_that_waits_for_funds_lacks_no_row(db: Database) -> None:
    report = a_report()
    db.write_sync(lambda tx: file(tx, report))
    db.write_sync(lambda tx: add(tx, after(report, 1, kind="award.approve")))
    assert red(db) == set()
