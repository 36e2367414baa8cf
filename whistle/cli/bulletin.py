"""`whistle bulletin`: the monthly bulletin 月通报 from the data folder, without the doors and without any key."""

import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from whistle import house
from whistle.casework import bulletin
from whistle.cli import console, offices
from whistle.cli.options import Data, Json, OfOffice, told_settings
from whistle.core.bulletin import Bulletin
from whistle.core.clock import zone_day
from whistle.core.offices import ZONE
from whistle.exports import Heading, write_digest
from whistle.exports import bulletin as papers
from whistle.exports.writers import sha256
from whistle.settings import assets
from whistle.web.words import SOURCE, Words

LISTS = ("common", "bulletin")


class Format(StrEnum):
    """What the bulletin is written as."""

    HTML = "html"
    XLSX = "xlsx"
    JSON = "json"


def join(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("bulletin")(monthly)


def monthly(
    month: Annotated[str, typer.Option("--month", help="The month, YYYY-MM.")],
    form: Annotated[Format, typer.Option("--format", help="html, xlsx or json.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write.", metavar="F")],
    data: Data = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Hide every number under 5, and what gives one away.")
    ] = False,
    all_offices: Annotated[bool, typer.Option("--all-offices", help="Of the whole zone; else of one office.")] = False,
    office: OfOffice = ZONE,
    json: Json = False,
) -> None:
    """The monthly bulletin, year on year. Without --publish it is the office's own copy."""
    if publish and all_offices:
        console.fail("publish_one_office")
    told = told_settings(data)
    opened = house.open_house(told, "review")
    docket = opened.docket
    terms = bulletin.terms_of(docket, uvloop.run(docket.published.current()), zone_day(time.time()))
    try:
        named = offices.asked(opened.db, told, office, "bulletin", note=form.value)
        of = "" if all_offices else office
        made = opened.db.read_sync(lambda tx: bulletin.make(tx, terms, month, publish, of))
    except bulletin.Rejected as error:
        console.fail("month_open" if error.code == "refused" else "bad_month")
    finally:
        opened.db.close()
    said = word_lists(*LISTS)
    note = str(said["page"]["published" if publish else "internal"])
    heading = Heading(named, str(said["page"]["title"]), month, zone_day(time.time()), note)
    digest = WRITERS[form](out, made, heading, said)
    write_digest(out, digest)
    if json:
        return console.emit({"file": str(out), "sha256": digest})
    return console.say(f"{digest}  {out.name}")


def word_lists(*names: str) -> Mapping[str, Any]:
    """Word lists of the back office, in Chinese."""
    folder = assets()
    lists = (folder / "templates" / "review" / "words", folder / "templates" / "shared" / "words")
    return Words(folder / "locale", SOURCE).tables(lists, *names)


def environment() -> Environment:
    """The templates, for a page that is a file of its own."""
    return Environment(loader=FileSystemLoader(assets() / "templates"), autoescape=True, undefined=StrictUndefined)


def _html(out: Path, made: Bulletin, heading: Heading, said: Mapping[str, Any]) -> str:
    """A page of its own: its style is inside, nothing is fetched."""
    css = (assets() / "static" / "css" / "bulletin.css").read_text("utf-8")
    facts = {"bulletin": made, "sections": papers.sections(made, said), "said": said, "office": heading.office}
    out.write_text(
        environment().get_template("review/bulletin_file.html").render(**facts, lang="zh-CN", css=css), "utf-8"
    )
    return sha256(out)


Writer = Callable[[Path, Bulletin, Heading, Mapping[str, Any]], str]
WRITERS: Mapping[Format, Writer] = {
    Format.HTML: _html,
    Format.XLSX: papers.xlsx_file,
    Format.JSON: lambda out, made, heading, said: papers.json_file(out, made),
}
