"""Schema at head equals the models, data survives an upgrade, and the steps never import the application."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from tests.storage.people import DAY, a_report, file, ours
from whistle.core.ledger import Entry
from whistle.crypto import order
from whistle.storage import bookings, ledger, tables
from whistle.storage.cases import iter_cases
from whistle.storage.database import Database
from whistle.storage.engine import open_engine
from whistle.storage.errors import Damaged, Empty, InUse, Newer, NotMigrated
from whistle.storage.migrations import HEAD, PLACE, config, migrate, schema_version, versions

NEXT = '''
"""A step of the future."""
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("cases", sa.Column("colour", sa.String(), nullable=False, server_default="red"))
'''


def test_it_works(empty_url: str) -> None:
    assert schema_version(empty_url) == ""
    migrate(empty_url)
    assert schema_version(empty_url) == HEAD


def test_the_schema_is_the_models(db: Database) -> None:
    def differences(tx: object) -> list[object]:
        return compare_metadata(MigrationContext.configure(tx), tables.Row.metadata)  # type: ignore[arg-type]

    assert db.read_sync(differences) == []


def test_migrating_again_changes_nothing(db: Database, url: str) -> None:
    report = a_report()
    db.write_sync(lambda tx: file(tx, report))
    migrate(url)
    with Database.open(url) as again:
        assert again.epoch == db.epoch
        assert [row.case for row in again.read_sync(iter_cases)] == [report.case]


def test_a_database_with_data_takes_the_next_step(url: str, tmp_path: Path) -> None:
    report = a_report()
    with Database.open(url) as db:
        db.write_sync(lambda tx: file(tx, report))
        (tmp_path / "9999_next.py").write_text(NEXT.format(head=HEAD))

        def step(tx: object) -> None:
            made = config(tx)  # type: ignore[arg-type]
            made.set_main_option("version_locations", f"{PLACE / 'versions'}:{tmp_path}")
            command.upgrade(made, "head")

        with db._write.connect() as tx, tx.begin():
            step(tx)
        colours = db.read_sync(lambda tx: tx.execute(text("SELECT colour FROM cases")).scalars().all())
        assert colours == ["red"]
        assert [row.case for row in db.read_sync(iter_cases)] == [report.case]
    with pytest.raises(Newer):
        Database.open(url)


FACTS = {sa.Integer: 1, sa.BigInteger: 1, sa.String: "x", sa.LargeBinary: b"x", sa.Boolean: True}
KEY = bytes(range(32))
ORDER = order.seal(KEY, "x", 1, order.Arrival(1, 1, bytes(32)))
Rows = dict[str, dict[str, object]]


def engine_of(url: str) -> sa.Engine:
    return open_engine(url, "all", write=True, busy_seconds=10)


def walk(url: str, to: str) -> None:
    migrate(url, to, lambda: KEY)
    assert schema_version(url) == to


def fill(url: str) -> None:
    """One row in every table that has none, whatever its version's columns are."""
    engine = engine_of(url)
    with engine.begin() as tx:
        found = sa.MetaData()
        found.reflect(tx)
        for table in found.sorted_tables:
            if not tx.execute(sa.select(sa.func.count()).select_from(table)).scalar():
                values = {c.name: next(v for kind, v in FACTS.items() if isinstance(c.type, kind)) for c in table.c}
                linked = {c.name: next(iter(c.foreign_keys)).column for c in table.c if c.foreign_keys}
                values |= {name: tx.execute(sa.select(column)).scalar() for name, column in linked.items()}
                values |= {name: value for name, value in {"day": DAY, "office": "zone"}.items() if name in values}
                values |= {"arrival": ORDER} if "arrival" in values else {}
                tx.execute(sa.insert(table).values(values))
    engine.dispose()


def rows_of(url: str) -> Rows:
    """The first row of every table by its key."""
    engine = engine_of(url)
    with engine.begin() as tx:
        found = sa.MetaData()
        found.reflect(tx)
        rows = {
            name: tx.execute(sa.select(table).order_by(*table.primary_key.columns)).mappings().first()
            for name, table in found.tables.items()
        }
    engine.dispose()
    return {name: dict(row) for name, row in rows.items() if row is not None and name != "alembic_version"}


def common(before: Rows, after: Rows) -> Rows:
    """What was there before, as far as the other version knows the table and its columns. Keys are another's from 0006
    on: that every row is still its case's is asked by tests/test_layout.py."""
    shared = {name: row for name, row in before.items() if name in after}
    return {name: {c: v for c, v in row.items() if c in after[name]} for name, row in shared.items()}


def test_every_version_goes_down_and_up_again_with_a_row_in_every_table(url: str) -> None:
    fill(url)
    assert rows_of(url).keys() == {table.name for table in tables.ALL}
    for version in reversed(versions()):
        before = rows_of(url)
        walk(url, version)
        below = rows_of(url)
        assert common(before, below) == common(below, before)
        fill(url)
    first = rows_of(url)
    for version in versions():
        walk(url, version)
        above = rows_of(url)
        assert first.keys() <= above.keys()
        assert common(first, above) == common(above, first)
    fill(url)
    with Database.open(url) as db:
        assert db.read_sync(iter_cases)[0].case == "x"


def ledger_row(no: int, kind: str, corrects_kind: str = "") -> dict[str, object]:
    return {"no": no, "document": b"x", "hash": b"x", "kind": kind, "corrects_kind": corrects_kind} | {
        "year": 2026,
        "fen": 1,
        "case": "",
    }


# Kinds of the ledger's rows in order, the numbers of those that were signed, and the row from which on they must be.
BEGINNINGS = {
    "an empty ledger": ([], [], 1),
    "rows that nobody signed": (["budget", "approve", "lock", "pay"], [], 4),
    "signed from the first on": (["budget", "approve", "lock"], [1, 3], 1),
    "signed after an earlier release": (["budget", "approve", "lock", "approve", "budget"], [5], 4),
    "only rows of cases": (["approve", "reverse approve"], [], 1),
    "a budget taken back unsigned": (["budget", "reverse budget"], [], 3),
}


@pytest.mark.parametrize("how", BEGINNINGS)
def test_the_row_from_which_on_finance_signs_is_written_down(url: str, how: str) -> None:
    kinds, signed, since = BEGINNINGS[how]
    walk(url, "0007")
    engine = engine_of(url)
    with engine.begin() as tx:
        ledger_then, bookings_then = (
            sa.Table(name, sa.MetaData(), autoload_with=tx) for name in ("ledger", "bookings")
        )
        for no, kind in enumerate(kinds, 1):
            tx.execute(sa.insert(ledger_then).values(ledger_row(no, *kind.split())))
        for no in signed:
            tx.execute(sa.insert(bookings_then).values({"no": no, "pid": str(no), "document": b"x", "sig": b"x"}))
    engine.dispose()
    for version in (HEAD, "0007", HEAD):
        walk(url, version)
    engine = engine_of(url)
    with engine.begin() as tx:
        assert bookings.signed_from(ours(tx)) == since
    engine.dispose()


def test_the_ledgers_sums_are_made_from_the_rows_that_are_there(url: str) -> None:
    budget = Entry("budget", "2026-01-05", 2026, 10_000_000, source="区财政")
    later = [replace(budget, fen=5), replace(budget, day="2026-12-03", year=2027)]
    lock = Entry("lock", "2026-12-21", 2026, memo="2026-11")
    with Database.open(url) as db:
        for entry in (budget, *later, lock):
            db.write_sync(lambda tx, entry=entry: ledger.enter(ours(tx), entry))
        kept = db.read_sync(lambda tx: ledger.sums(ours(tx)))
    walk(url, "0008")
    walk(url, HEAD)
    with Database.open(url) as db:
        assert db.read_sync(lambda tx: (ledger.sums(ours(tx)), ledger.recount(ours(tx)))) == (kept, kept)
        assert kept[2026, "2026-01", "budget", ""] == (2, 10_000_005)


def test_nobody_is_migrated_under(db: Database, url: str) -> None:
    with pytest.raises(InUse):
        migrate(url, versions()[-2])
    migrate(url)


def test_a_file_of_no_bytes_a_broken_one_and_a_newer_one_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "whistle.db"
    path.touch()
    for look in (migrate, schema_version, Database.open):
        with pytest.raises(Empty):
            look(str(path))
    assert path.stat().st_size == 0
    path.write_bytes(b"something else that is no database " * 200)
    for look in (migrate, schema_version, Database.open):
        with pytest.raises(Damaged):
            look(str(path))
    path.unlink()
    with pytest.raises(NotMigrated):
        Database.open(str(path))


def test_a_database_of_a_later_version_is_refused_and_left_alone(url: str) -> None:
    engine = engine_of(url)
    with engine.begin() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    for look in (migrate, Database.open):
        with pytest.raises(Newer):
            look(url)
    assert schema_version(url) == "9999"


def test_a_page_that_was_overwritten_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "whistle.db"
    migrate(str(path))
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + bytes(len(whole) - 100))
    with pytest.raises(Damaged):
        Database.open(str(path))


def test_the_steps_are_one_line_without_the_application() -> None:
    scripts = ScriptDirectory(str(PLACE))
    assert scripts.get_heads() == [HEAD]
    for file_ in (PLACE / "versions").glob("*.py"):
        assert not re.search(r"^\s*(from|import) whistle", file_.read_text(), re.MULTILINE), file_.name


def test_every_new_database_has_its_own_epoch(empty_url: str, tmp_path: Path) -> None:
    epochs = set()
    for url in (empty_url, str(tmp_path / "other.db")):
        migrate(url)
        with Database.open(url) as db:
            epochs.add(db.epoch)
            assert re.fullmatch(r"[A-Za-z0-9_-]{22}", db.epoch)
    assert len(epochs) == 2


# Tables and indexes as the database itself describes them; on PostgreSQL with the rights of the doors.
SHAPE = {
    "sqlite": "SELECT name, sql, '' FROM sqlite_master ORDER BY name",
    "postgresql": "SELECT relname, relkind::text, relacl::text FROM pg_class "
    "WHERE relnamespace = current_schema()::regnamespace ORDER BY relname",
}


def test_the_databases_that_tests_begin_with_are_what_the_migrations_make(where: str, url: str, empty_url: str) -> None:
    """Made once and copied, under an epoch of their own: tests/ready.py, tests/postgres.py."""
    shapes, epochs = [], []
    for place in (url, f"{empty_url}.new" if where == "sqlite" else empty_url):
        migrate(place)
        with Database.open(place) as db:
            shapes.append(db.read_sync(lambda tx: [tuple(row) for row in tx.execute(text(SHAPE[where]))]))
            epochs.append(db.epoch)
    assert shapes[0] == shapes[1]
    assert len(shapes[0]) > len(tables.ALL)
    assert epochs[0] != epochs[1]
