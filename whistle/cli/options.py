"""Options that several commands share, worded once."""

from pathlib import Path
from typing import Annotated

import typer

from whistle.settings import Settings, read

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]
Server = Annotated[str, typer.Option("--server", help="Address of the door, https://…", metavar="URL")]
Data = Annotated[
    Path | None,
    typer.Option("--data", help="Data folder; else WHISTLE_DATA or WHISTLE_DATABASE.", metavar="DIR"),
]
OfOffice = Annotated[str, typer.Option("--office", help="Id of the office; else the zone's own.", metavar="ID")]
Serves = Annotated[str, typer.Option("--office", help="Id of the office you work for; else your own.", metavar="ID")]
Folder = Annotated[Path, typer.Argument(help="Folder of the ceremony, on a machine without a network.")]
Days = Annotated[int, typer.Option("--days", help="How long the directory is valid, 1 to 400 days.")]


def told_settings(data: Path | None) -> Settings:
    """The settings of the environment, with the data folder of the command line when one is named."""
    return read(data=data) if data else read()
