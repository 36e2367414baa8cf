"""`whistle calendar …`: the working-day tables, one a year; a year without one is computed provisionally."""

import time
from pathlib import Path
from typing import Annotated

import typer

from whistle import almanac
from whistle.cli import console
from whistle.cli.options import Data, Json, told_settings
from whistle.core import calendar
from whistle.core.clock import zone_day
from whistle.storage.database import Database

app = typer.Typer(help="Working-day tables: show, load.", no_args_is_help=True)


@app.command("show")
def show(data: Data = None, json: Json = False) -> None:
    """The years that are loaded, with the notice each comes from."""
    with Database.open(told_settings(data).database_url) as db:
        tables = db.read_sync(almanac.tables)
    found = [
        {"year": year, "notice": tables[year].notice, "published": tables[year].published} for year in sorted(tables)
    ]
    if json:
        return console.emit(found)
    for one in found:
        console.say(f"{one['year']}  {one['published']}  {one['notice']}")
    missing = calendar.missing_year(zone_day(time.time()), tables)
    return console.tell("calendar_missing", year=missing) if missing else None


@app.command("load")
def load(
    file: Annotated[Path, typer.Argument(help="One year's table as JSON; docs/operating.md shows one.")],
    data: Data = None,
) -> None:
    """Load a year's table. The doors use it within a minute, and `whistle jobs` computes provisional days anew."""
    with Database.open(told_settings(data).database_url) as db:
        table = db.write_sync(lambda tx: almanac.load(tx, file.read_text(encoding="utf-8")))
    console.tell("calendar_loaded", year=table.year)
