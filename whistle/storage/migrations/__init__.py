"""Schema versions, run by Alembic. The scripts in versions/ are plain operations: they never import the models."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from itertools import count
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from whistle.storage import hold
from whistle.storage.engine import open_engine, sqlite_path, translate
from whistle.storage.errors import Empty, Mismatch, Newer, NotMigrated, Unfit
from whistle.storage.rights import ROLES, grants_sql

HEAD = "0014"
PLACE = Path(__file__).parent


OrderKey = Callable[[], bytes]


def migrate(url: str, to: str = HEAD, order_key: OrderKey | None = None) -> None:
    """Create the database or bring it to a version, up or down. The first time an epoch is drawn. `order_key` gives
    the key of the order of receipt; a step asks for it that has stored posts to seal or to open.

    Raises Newer for a database or a goal this program does not know, InUse when it would change under somebody,
    Mismatch when the key does not open what it should have sealed."""
    before = schema_version(url)
    if to not in versions() or before not in ("", *versions()):
        raise Newer
    _create_file(sqlite_path(url))
    with hold.take(url, alone=before not in ("", to)):
        _step(url, to, order_key)


def _step(url: str, to: str, order_key: OrderKey | None) -> None:
    engine = open_engine(url, "all", write=True, busy_seconds=60)
    try:
        with engine.connect() as tx, tx.begin():
            go(tx, to, order_key)
            _draw_epoch(tx)
            if to == HEAD:
                _give_rights(tx)
    except SQLAlchemyError as error:
        raise translate(error) from None
    except InvalidTag:
        raise Mismatch("order_key_differs") from None
    finally:
        engine.dispose()


def go(tx: Connection, to: str, order_key: OrderKey | None = None) -> None:
    """Walk the steps to a version, whichever way it lies, in the caller's transaction."""
    current = MigrationContext.configure(tx).get_current_revision() or ""
    (command.downgrade if current > to else command.upgrade)(config(tx, order_key), to)


def versions() -> tuple[str, ...]:
    """Every version this program knows, oldest first; their names sort."""
    return tuple(sorted(script.revision for script in ScriptDirectory(str(PLACE)).walk_revisions()))


def unfit(version: str) -> Unfit:
    """Why a database of another version than HEAD cannot be opened."""
    return NotMigrated() if version in ("", *versions()) else Newer()


def set_aside(tx: Connection) -> str:
    """Move every table of ours in a PostgreSQL database into a schema of its own, and create them anew, empty, in
    the caller's transaction; the schema's name, "" when there was nothing."""
    found = tx.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").scalars().all()
    kept = _free_schema(tx) if found else ""
    for name in found:
        tx.exec_driver_sql(f'ALTER TABLE "{name}" SET SCHEMA {kept}')
    go(tx, HEAD)
    _give_rights(tx)
    return kept


def _free_schema(tx: Connection) -> str:
    taken = set(tx.exec_driver_sql("SELECT nspname FROM pg_namespace").scalars())
    name = next(name for name in map("whistle_replaced_{}".format, count(1)) if name not in taken)
    tx.exec_driver_sql(f"CREATE SCHEMA {name}")
    return name


def config(tx: Connection, order_key: OrderKey | None = None) -> Config:
    """Alembic's configuration for one connection."""
    made = Config()
    made.set_main_option("script_location", str(PLACE).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes |= {"connection": tx, "order_key": order_key}
    return made


def schema_version(url: str) -> str:
    """The version a database is at, "" for an absent one or one without tables. Raises Empty, Damaged."""
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return ""
    fit_file(path)
    engine = open_engine(url, "all", write=False, busy_seconds=10)
    try:
        with engine.connect() as tx, tx.begin():
            return MigrationContext.configure(tx).get_current_revision() or ""
    except SQLAlchemyError as error:
        raise translate(error) from None
    finally:
        engine.dispose()


def fit_file(path: Path | None) -> None:
    """SQLite takes a file of no bytes for a new database; for an operator it is one that was lost."""
    if path is not None and path.exists() and not path.stat().st_size:
        raise Empty


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
