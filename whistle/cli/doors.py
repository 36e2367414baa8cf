"""`whistle demo`, `serve`: the doors.

Both are started anew under an allocator that wipes what it frees (web/memory.py), and only then load the house: it
takes a second of processor to, and would be loaded twice."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from whistle import settings
from whistle.cli import console
from whistle.cli.loading import uncollected
from whistle.web.memory import wiping


class Door(StrEnum):
    """The two doors."""

    PUBLIC = "public"
    REVIEW = "review"


def join(app: typer.Typer) -> None:
    """Put the commands into the program."""
    app.command("demo")(run_demo)
    app.command("serve")(serve)


def run_demo(
    data: Annotated[Path, typer.Option("--data", help="Folder of the demo; made when new.", metavar="DIR")],
    public_port: Annotated[int, typer.Option("--public-port", help="Port of the public site.", metavar="N")],
    review_port: Annotated[int, typer.Option("--review-port", help="Port of the back office.", metavar="N")],
    ready_file: Annotated[
        Path | None, typer.Option("--ready-file", help="Written when both doors answer.", metavar="F")
    ] = None,
    offices: Annotated[
        bool, typer.Option("--offices", help="A new demo has a department and two enterprises as well.")
    ] = False,
) -> None:
    """A demo zone on this machine with sealed sample cases. Its keys lie open: never for real reports."""
    wiping()
    with uncollected():
        from whistle import demo  # noqa: PLC0415 - the whole house

    demo.run(data, public_port, review_port, ready_file, say=console.say, offices=offices)


def serve(
    door: Annotated[Door, typer.Argument(help="public or review.")],
    reuse_port: Annotated[
        bool, typer.Option("--reuse-port", help="Other processes of this door may listen on its port too.")
    ] = False,
) -> None:
    """Serve one door with the settings of the environment, until stopped."""
    told = settings.read()
    wiping()
    with uncollected():
        from whistle import serving  # noqa: PLC0415 - the whole house

    serving.serve(told, door.value, reuse_port)
