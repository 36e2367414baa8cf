"""`whistle migrate`, `jobs`: what runs on the server beside the doors."""

from functools import partial
from typing import Annotated

import typer

from whistle import house, serving
from whistle.cli import console
from whistle.cli.options import Data, told_settings
from whistle.keystore import ORDER_KEY, secret
from whistle.storage import backup as copies
from whistle.storage import migrations


def join(app: typer.Typer) -> None:
    """Put the commands into the program."""
    app.command("migrate")(migrate)
    app.command("jobs")(run_jobs)


def migrate(
    to: Annotated[str, typer.Option("--to", help="A version of the database, as doctor names them.")] = migrations.HEAD,
    data: Data = None,
) -> None:
    """Create or upgrade the database, or take it back to an earlier version: what that one does not know is dropped,
    so a backup is written first."""
    told = told_settings(data)
    if to not in migrations.versions():
        console.fail("version_unknown", versions=", ".join(migrations.versions()))
    told.data.mkdir(parents=True, exist_ok=True)
    before = migrations.schema_version(told.database_url)
    if to < before == migrations.HEAD:
        saved = told.data / f"before-{to}.whistle"
        copies.backup(told.database_url, saved, blobs=house.blobs_of(told))
        console.tell("written", name=saved.name)
    migrations.migrate(told.database_url, to, partial(secret, told.data, ORDER_KEY))
    console.tell("done")


def run_jobs(
    once: Annotated[bool, typer.Option("--once", help="Do what is due and stop.")] = False, data: Data = None
) -> None:
    """Mark what is due, send notices, clear what is old. Changes no case's state."""
    serving.work(told_settings(data), once=once)
