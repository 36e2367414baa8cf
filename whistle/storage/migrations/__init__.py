"""Schema versions, run by Alembic. The scripts in versions/ are plain operations: they never import the models."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from whistle.storage import tables
from whistle.storage.engine import open_engine, sqlite_path, translate
from whistle.storage.rights import ROLES, grants_sql

HEAD = "0003"
PLACE = Path(__file__).parent


def migrate(url: str) -> None:
    """Create the database or bring it to HEAD. The first time an epoch is drawn."""
    _create_file(sqlite_path(url))
    engine = open_engine(url, "all", write=True, busy_seconds=60)
    try:
        with engine.connect() as tx, tx.begin():
            command.upgrade(config(tx), "head")
            _draw_epoch(tx)
            _give_rights(tx)
    except SQLAlchemyError as error:
        raise translate(error) from None
    finally:
        engine.dispose()


def rebuild(tx: Connection) -> None:
    """Drop everything of ours in a PostgreSQL database and create it anew, in the caller's transaction."""
    for table in (*reversed(tables.ALL), None):
        name = "alembic_version" if table is None else table.name
        tx.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}" CASCADE')
    command.upgrade(config(tx), "head")
    _give_rights(tx)


def config(tx: Connection) -> Config:
    """Alembic's configuration for one connection."""
    made = Config()
    made.set_main_option("script_location", str(PLACE).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = tx
    return made


def schema_version(url: str) -> str:
    """The version a database is at, "" for an empty or absent one."""
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return ""
    engine = open_engine(url, "all", write=False, busy_seconds=10)
    try:
        with engine.connect() as tx, tx.begin():
            return MigrationContext.configure(tx).get_current_revision() or ""
    except SQLAlchemyError as error:
        raise translate(error) from None
    finally:
        engine.dispose()


def new_epoch() -> str:
    return base64.urlsafe_b64encode(os.urandom(16)).rstrip(b"=").decode()


def _create_file(path: Path | None) -> None:
    """Nobody else on the machine may read it; SQLite gives its WAL the same mode."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _draw_epoch(tx: Connection) -> None:
    tx.execute(
        text(
            "INSERT INTO meta (key, value) SELECT 'epoch', :epoch "
            "WHERE NOT EXISTS (SELECT 1 FROM meta WHERE key = 'epoch')"
        ),
        {"epoch": new_epoch()},
    )


def _give_rights(tx: Connection) -> None:
    if tx.dialect.name != "postgresql":
        return
    for role in ROLES:
        exists = text("SELECT 1 FROM pg_roles WHERE rolname = :name")
        if tx.execute(exists, {"name": f"whistle_{role}"}).scalar():
            for statement in grants_sql(role):
                tx.exec_driver_sql(statement)
