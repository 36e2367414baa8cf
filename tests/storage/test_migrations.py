"""Schema at head equals the models, data survives an upgrade, and the steps never import the application."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from tests.storage.people import a_report, file
from whistle.storage import tables
from whistle.storage.cases import iter_cases
from whistle.storage.database import Database
from whistle.storage.errors import NotMigrated
from whistle.storage.migrations import HEAD, PLACE, config, migrate, schema_version

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
    with pytest.raises(NotMigrated):
        Database.open(url)


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
