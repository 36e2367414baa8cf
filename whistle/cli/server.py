"""`whistle demo`, `serve`, `migrate`, `jobs`: what runs on the server."""

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from whistle import demo, house, serving, settings
from whistle.cli import console
from whistle.cli.options import Data, told_settings
from whistle.keystore import ORDER_KEY, secret
from whistle.storage import backup as copies
from whistle.storage import migrations


class Door(StrEnum):
    """The two doors."""

    PUBLIC = "public"
    REVIEW = "review"


def join(app: typer.Typer) -> None:
    """Put the commands into the program."""
    app.command("demo")(run_demo)
    app.command("serve")(serve)
    app.command("migrate")(migrate)
    app.command("jobs")(run_jobs)


def run_demo(
    data: Annotated[Path, typer.Option("--data", help="Folder of the demo; made when new.", metavar="DIR")],
    public_port: Annotated[int, typer.Option("--public-port", help="Port of the public site.", metavar="N")],
    review_port: Annotated[int, typer.Option("--review-port", help="Port of the back office.", metavar="N")],
    ready_file: Annotated[
        Path | None, typer.Option("--ready-file", help="Written when both doors answer.", metavar="F")
    ] = None,
) -> None:
    """A demo zone on this machine with sealed sample cases. Its keys lie open: never for real reports."""
    demo.run(data, public_port, review_port, ready_file, say=console.say)


def serve(
    door: Annotated[Door, typer.Argument(help="public or review.")],
    reuse_port: Annotated[
        bool, typer.Option("--reuse-port", help="Other processes of this door may listen on its port too.")
    ] = False,
) -> None:
    """Serve one door with the settings of the environment, until stopped."""
    serving.serve(settings.read(), door.value, reuse_port)


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
