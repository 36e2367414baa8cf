"""`whistle poster`: what is printed and hung up, one page for the office or for each enterprise."""

import json
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from whistle import enterprises as register
from whistle import posters
from whistle.cli import console, offices
from whistle.cli.options import Data, told_settings
from whistle.core.offices import ENTERPRISE, ZONE
from whistle.crypto import fingerprint
from whistle.crypto.encoding import unb64
from whistle.posters import Place
from whistle.settings import Settings, assets
from whistle.storage import directory, meta
from whistle.storage.database import Database
from whistle.web.words import Words


class Paper(StrEnum):
    """The size of the paper."""

    A4 = "A4"
    A3 = "A3"


class Language(StrEnum):
    """The language of the poster's words."""

    ZH = "zh_CN"
    EN = "en"


def join(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("poster")(poster)


def poster(
    out: Annotated[Path, typer.Option("--out", help="The PDF to write.", metavar="F.pdf")],
    enterprise: Annotated[
        list[str] | None, typer.Option("--enterprise", help="Name of an enterprise; a page for each.", metavar="NAME")
    ] = None,
    enterprises: Annotated[
        Path | None, typer.Option("--enterprises", help="Text file with a name on each line.", metavar="FILE")
    ] = None,
    registered: Annotated[
        bool, typer.Option("--registered", help="A page for each enterprise of the register.")
    ] = False,
    channel: Annotated[str, typer.Option("--channel", help="Channel the code names; else the first.")] = "",
    size: Annotated[Paper, typer.Option("--size", help="Size of the paper.")] = Paper.A4,
    language: Annotated[Language, typer.Option("--language", help="Language of the words.")] = Language.ZH,
    data: Data = None,
) -> None:
    """Posters as one PDF: the code holds address, channel, enterprise and fingerprint. One per enterprise, no spot."""
    told = told_settings(data)
    place = _place(told, channel)
    names = [
        *(enterprise or []),
        *(_listed(enterprises) if enterprises else []),
        *(_registered(told) if registered else []),
    ]
    try:
        facts = posters.told(place, _words(told, language, channel), names, size.value)
    except posters.TooLong:
        console.fail("poster_long")
    made = posters.draw(assets() / "templates/posters/poster.typ", facts)
    assert isinstance(made, bytes)  # noqa: S101 - a PDF is one file
    try:
        with out.open("xb") as file:
            file.write(made)
    except FileExistsError:
        console.fail("file_exists", name=out.name)
    console.tell("poster_done", pages=len(facts["pages"]), name=out.name)


def _place(told: Settings, channel: str) -> Place:
    """Where the posters lead. What hangs on walls for years has an https address."""
    origin = told.origin("public")
    if urlsplit(origin).scheme != "https" and not told.plain_http:
        console.fail("poster_origin")
    with Database.open(told.database_url) as db:
        zone, newest = db.read_sync(meta.zone), db.read_sync(directory.newest_directory)
    listed = [name for name, _hash in json.loads(newest.bytes)["channels"]] if newest else []
    if not listed or (channel and channel not in listed):
        console.fail("channel_unknown", channel=channel)
    return Place(origin, fingerprint.show(unb64(zone, fingerprint.LENGTH)), channel)


def _words(told: Settings, language: Language, channel: str) -> dict[str, object]:
    folder = assets()
    words = Words(folder / "locale", language.value, "posters").tables([folder / "templates/posters/words"], "poster")
    with Database.open(told.database_url) as db:
        office = db.read_sync(partial(offices.of_channel, channel=channel))
        named = db.read_sync(partial(offices.name_of, office=office, told=told))
        kind = db.read_sync(partial(offices.kind_of_channel, channel=channel))
    inside = words.pop("inside")
    said = words | (inside if kind == ENTERPRISE and isinstance(inside, dict) else {})
    in_english = office == ZONE and language is not Language.ZH
    return {**said, "office": told.office_en if in_english else named, "phone": told.phone}


def _registered(told: Settings) -> list[str]:
    with Database.open(told.database_url) as db:
        found = [one.name for one in db.read_sync(register.listed)]
    return found or console.fail("enterprises_none")


def _listed(path: Path) -> list[str]:
    lines = console.read_text(str(path)).splitlines()
    return [name for line in lines if (name := line.strip())]
