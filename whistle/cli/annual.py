"""`whistle ledger yearly`: the yearly report of the reward funds, from the data folder and without any key."""

import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from whistle.casework import yearly
from whistle.cli import console, offices
from whistle.cli.bulletin import environment, word_lists
from whistle.cli.options import Data, Json, OfOffice, told_settings
from whistle.core.budgetaccounts import BudgetAccounts
from whistle.core.clock import zone_day
from whistle.core.offices import ZONE
from whistle.core.yearly import Yearly
from whistle.docket import Rejected
from whistle.exports import Heading, write_digest
from whistle.exports import yearly as papers
from whistle.exports.writers import sha256
from whistle.settings import assets
from whistle.storage.database import Database
from whistle.storage.ledger import Book

LISTS = ("common", "yearly")


class Format(StrEnum):
    """What the report is written as."""

    HTML = "html"
    XLSX = "xlsx"
    JSON = "json"


def join(app: typer.Typer) -> None:
    """Put the command into the ledger's group."""
    app.command("yearly")(report)


def report(
    year: Annotated[int, typer.Option("--year", help="The calendar year.")],
    form: Annotated[Format, typer.Option("--format", help="html to print, xlsx or json.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write.", metavar="F")],
    data: Data = None,
    office: OfOffice = ZONE,
    json: Json = False,
) -> None:
    """The yearly report of the reward funds with its performance table, from the ledger alone. What the ledger does
    not hold (targets, marks, effects) stays empty, to be written by hand."""
    told, today = told_settings(data), zone_day(time.time())
    with Database.open(told.database_url) as db:
        named = offices.asked(db, told, office, "yearly", note=form.value)
        try:
            made = db.read_sync(
                lambda tx: yearly.make(Book(tx, office), year, today, BudgetAccounts(told.budget_account))
            )
        except Rejected:
            console.fail("bad_year")
    said = word_lists(*LISTS)
    digest = WRITERS[form](out, made, papers.heading(made, named, today, said), said)
    write_digest(out, digest)
    if json:
        return console.emit({"file": str(out), "sha256": digest})
    return console.say(f"{digest}  {out.name}")


def _html(out: Path, made: Yearly, heading: Heading, said: Mapping[str, Any]) -> str:
    """A page of its own: its style is inside, nothing is fetched."""
    css = (assets() / "static" / "css" / "bulletin.css").read_text("utf-8")
    facts = {**papers.page(made, said), "said": said, "office": heading.office, "lang": "zh-CN", "css": css}
    out.write_text(environment().get_template("review/yearly_file.html").render(**facts), "utf-8")
    return sha256(out)


Writer = Callable[[Path, Yearly, Heading, Mapping[str, Any]], str]
WRITERS: Mapping[Format, Writer] = {
    Format.HTML: _html,
    Format.XLSX: papers.xlsx_file,
    Format.JSON: lambda out, made, heading, said: papers.json_file(out, made),
}
