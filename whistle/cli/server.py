"""`whistle demo`, `serve`, `migrate`, `jobs`: what runs on the server."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from whistle import demo, house, settings
from whistle.cli import console
from whistle.cli.options import Data, told_settings
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


def serve(door: Annotated[Door, typer.Argument(help="public or review.")]) -> None:
    """Serve one door with the settings of the environment, until stopped."""
    house.serve(settings.read(), door.value)


def migrate(data: Data = None) -> None:
    """Create or upgrade the database."""
    told = told_settings(data)
    told.data.mkdir(parents=True, exist_ok=True)
    migrations.migrate(told.database_url)
    console.tell("done")


def run_jobs(
    once: Annotated[bool, typer.Option("--once", help="Do what is due and stop.")] = False, data: Data = None
) -> None:
    """Mark what is due, send notices, clear what is old. Changes no case's state."""
    house.work(told_settings(data), once=once)
