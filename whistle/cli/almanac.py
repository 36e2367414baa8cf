"""`whistle calendar …`: the working-day tables, one a year; a year without one is computed provisionally."""

import time
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from whistle import almanac, house
from whistle.casework import refold
from whistle.cli import console
from whistle.cli.options import Data, Json, told_settings
from whistle.core import calendar
from whistle.core.clock import zone_day
from whistle.settings import Settings
from whistle.storage import meta
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
    """Load a year's table and compute every running deadline anew. The doors use it within a minute, and what they
    take until then `whistle jobs` computes anew in an hour."""
    told = told_settings(data)
    with Database.open(told.database_url) as db:
        table = db.write_sync(lambda tx: almanac.load(tx, console.read_text(str(file))))
        moved = _redated(told) if db.read_sync(meta.zone) else 0
    console.tell("calendar_loaded", year=table.year, moved=moved)


def _redated(told: Settings) -> int:
    docket = house.open_house(told, "review").docket
    with docket.db:
        return uvloop.run(refold.redate(docket))
