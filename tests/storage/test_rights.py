"""What a door cannot do at all, whatever its code says: proved on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import make_url, text

from tests.storage.people import BOB, DAY, a_report, add, after, file, ours
from whistle.core.ledger import Entry
from whistle.storage import audit, ledger, sessions, tables
from whistle.storage.appending import known, spend
from whistle.storage.cases import find_case, reporter_view
from whistle.storage.database import Database, Role
from whistle.storage.errors import StorageError
from whistle.storage.inbox import Sight, inbox
from whistle.storage.rights import PUBLIC, ROLES, authorizer

FORBIDDEN = sorted({table.name for table in tables.ALL} - set(PUBLIC))


@pytest.fixture
def doors(url: str) -> Iterator[dict[str, Database]]:
    """A database with its two doors. On PostgreSQL each signs in as its own role."""
    opened = {role: Database.open(_url_of(url, role), role) for role in ROLES}  # type: ignore[arg-type]
    yield opened
    for database in opened.values():
        database.close()


def _url_of(url: str, role: Role | str) -> str:
    if not url.startswith("postgresql"):
        return url
    return make_url(url).set(username=f"whistle_{role}").render_as_string(hide_password=False)


def test_it_works(doors: dict[str, Database]) -> None:
    """The public door files, adds and reads the one case it is shown."""
    public, report = doors["public"], a_report()
    public.write_sync(lambda tx: (spend(tx, b"nonce", DAY), file(tx, report)))
    public.write_sync(lambda tx: add(tx, after(report, 1, "reporter", "message")))
    found = public.read_sync(lambda tx: find_case(tx, report.case))
    assert found is not None
    view = public.read_sync(lambda tx: reporter_view(tx, found))
    assert [post.kind for post in view.posts] == ["report", "message"]
    assert public.read_sync(lambda tx: known(tx, report.case, report.prev, report.hash)) is not None


@pytest.mark.parametrize("table", FORBIDDEN)
@pytest.mark.parametrize(
    "statement",
    ['SELECT * FROM "{}"', 'SELECT count(*) FROM "{}"', 'DELETE FROM "{}"', 'INSERT INTO "{}" DEFAULT VALUES'],
)
def test_the_public_door_cannot_touch_what_is_staffs(doors: dict[str, Database], table: str, statement: str) -> None:
    with pytest.raises(StorageError):
        doors["public"].write_sync(lambda tx: tx.execute(text(statement.format(table))))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM posts", "DELETE FROM cases", "DELETE FROM spent", "UPDATE posts SET body = head",
        "UPDATE items SET blob = NULL", "UPDATE grants SET reader = 'x'", "UPDATE directories SET sig = sig",
        "INSERT INTO meta VALUES ('epoch', 'x')", "UPDATE meta SET value = 'x'", "DROP TABLE spent", "DROP TABLE posts",
        "CREATE TABLE mine (a INTEGER)", "SELECT c.id FROM cases c JOIN staff s ON s.rid = c.access",
        "SELECT (SELECT max(slots) FROM staff) FROM meta",
    ],
)  # fmt: skip
def test_the_public_door_cannot_rewrite_or_reach_round(doors: dict[str, Database], statement: str) -> None:
    with pytest.raises(StorageError):
        doors["public"].write_sync(lambda tx: tx.execute(text(statement)))
    with pytest.raises(StorageError):
        doors["public"].read_sync(lambda tx: tx.execute(text(statement)))


@pytest.mark.parametrize("statement", ["ATTACH DATABASE ':memory:' AS other", "PRAGMA writable_schema=ON"])
def test_sqlites_own_ways_out_are_shut(doors: dict[str, Database], statement: str) -> None:
    if doors["public"].dialect == "sqlite":
        for door in doors.values():
            with pytest.raises(StorageError):
                door.write_sync(lambda tx: tx.execute(text(statement)))


def test_the_review_door_lists_and_keeps_the_books_but_rewrites_neither(doors: dict[str, Database]) -> None:
    review, report = doors["review"], a_report()
    doors["public"].write_sync(lambda tx: file(tx, report))
    assert len(review.read_sync(lambda tx: inbox(tx, Sight(BOB))).rows) == 1
    review.write_sync(lambda tx: ledger.enter(ours(tx), Entry("budget", "2026-01-05", 2026, 100, source="区财政")))
    review.write_sync(lambda tx: audit.record(tx, day=DAY, rid=BOB, act="login"))
    review.write_sync(lambda tx: sessions.open_session(tx, b"token", BOB, 10))
    for change in ("DELETE FROM ledger", "UPDATE audit SET hash = hash", "DROP TABLE staff"):
        with pytest.raises(StorageError):
            review.write_sync(lambda tx, change=change: tx.execute(text(change)))


def test_the_review_door_lets_entries_wait_and_join_and_changes_none(doors: dict[str, Database]) -> None:
    review = doors["review"]
    for _ in range(2):
        review.write_sync(lambda tx: audit.record(tx, day=DAY, rid=BOB, act="inbox"))
    with pytest.raises(StorageError):
        review.write_sync(lambda tx: tx.execute(text("UPDATE today_audit SET rid = 'somebody'")))
    assert review.write_sync(lambda tx: audit.gather(tx, "2026-11-24")) == 1
    assert [row.entry.act for row in review.read_sync(audit.find)] == ["day", "inbox"]


def test_a_role_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="role"):
        authorizer("root")
