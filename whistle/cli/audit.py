"""`whistle audit …`: who did and opened what, from the data folder; and its daily digests, kept elsewhere."""

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop
from sqlalchemy import Connection

from whistle import exports, house
from whistle.casework import digests
from whistle.casework.digests import Compared, Digest
from whistle.casework.reviewers import labels_ever
from whistle.cli import console
from whistle.cli.entering import entered
from whistle.cli.options import Data, Json, told_settings
from whistle.core.clock import zone_day
from whistle.crypto.encoding import b64
from whistle.exports import Heading, write_digest
from whistle.exports.audit import AUDIT
from whistle.settings import assets
from whistle.storage import audit
from whistle.storage.audit import Seen
from whistle.web.words import SOURCE, Words

app = typer.Typer(help="The audit: verify, show, export, daily digests.", no_args_is_help=True)
Day = Annotated[str, typer.Option("--day", help="One day, YYYY-MM-DD.", metavar="D")]
Case = Annotated[str, typer.Option("--case", help="The entries of one case.", metavar="CASE")]
Person = Annotated[str, typer.Option("--person", help="Of one key: its id, or its label in the directory.")]
CASE = re.compile(r"[\w-]{43}", re.ASCII)
Row = dict[str, Any]


class Format(StrEnum):
    """What the export is written as."""

    CSV = "csv"
    XLSX = "xlsx"


@app.command("verify")
def verify(
    digest: Annotated[
        list[Path] | None,
        typer.Option("--digest", help="A digest kept elsewhere, or a folder of them; several times.", metavar="FILE"),
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Walk the hash chain. Against digests it also finds rows cut off at the end and a chain made anew, and names the
    first day that differs."""
    opened = house.open_house(told_settings(data), "review")
    with opened.db as db:
        known = uvloop.run(opened.docket.published.current())
        zone = b64(opened.docket.published.zone)
        told = [digests.read(path.read_bytes(), zone, known) for path in _files(digest or [])]
        entered(db, "audit.verify")
        found = db.read_sync(lambda tx: digests.compare(audit.every(tx), told))
        miscopied = db.read_sync(audit.miscopied)
    if json:
        console.emit(_plain(found) | {"miscopied": miscopied})
    elif not found.differs and not miscopied:
        _tell_held(found, told)
    if found.missing and not json:
        console.tell("audit_missing", days=console.listed(found.missing))
    if found.differs:
        console.fail("audit_broken" if found.is_broken else "audit_differs", day=found.differs)
    if miscopied:
        console.fail("audit_miscopied", count=miscopied)


def _files(paths: list[Path]) -> Iterator[Path]:
    """What is named, and every digest of a folder; a folder without one has nothing to say."""
    for path in paths:
        found = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not found:
            console.fail("audit_no_digest", name=path.name)
        yield from found


def _plain(found: Compared) -> Row:
    told = {"holds": not found.differs, "rows": found.rows, "head": found.head.hex(), "differs": found.differs}
    return told | {"missing": list(found.missing)}


def _tell_held(found: Compared, told: list[Digest]) -> None:
    console.tell("audit_holds", count=found.rows, head=found.head.hex())
    if told:
        days = sorted(one.day for one in told)
        console.tell("audit_digests_hold", count=len(days), first=days[0], last=days[-1])


@app.command("digest")
def digest(
    day: Day,
    out: Annotated[Path, typer.Option("--out", help="The file to write.", metavar="FILE")],
    data: Data = None,
) -> None:
    """The signed digest of a day that the jobs have closed. Keep it where nobody of this house can change it."""
    opened = house.open_house(told_settings(data), "review")
    with opened.db as db:
        made = db.read_sync(lambda tx: digests.make(tx, opened.docket.seal.key, day))
        entered(db, "audit.digest", note=day)
    try:
        with out.open("xb") as file:
            file.write(made)
    except FileExistsError:
        console.fail("file_exists", name=out.name)
    console.tell("audit_digest_written", day=day, name=out.name)


@app.command("show")
def show(
    case: Case = "",
    person: Person = "",
    day: Day = "",
    limit: Annotated[int, typer.Option("--limit", help="So many rows at most.", min=1, max=100_000)] = 200,
    data: Data = None,
    json: Json = False,
) -> None:
    """Who opened a case, what a person opened, what was opened on a day; the newest first."""
    rows = list(_found(data, case, person, day, limit))
    if json:
        return console.emit(rows)
    said = _said(console.language())
    for row in (_worded(row, said) for row in rows):
        line = (row["day"], row["minute"] or "     ", row["person"], row["act"], row["case"], row["outcome"])
        console.say("  ".join(filter(None, line)))
    return None


@app.command("export")
def export(
    form: Annotated[Format, typer.Option("--format", help="csv or xlsx.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write.", metavar="F")],
    case: Case = "",
    person: Person = "",
    day: Day = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """The same as a register, oldest first, with its SHA-256 beside it."""
    said = _said(SOURCE)
    rows = [_worded(row, said) for row in reversed(list(_found(data, case, person, day, 10_000_000)))]
    heading = Heading(told_settings(data).office, period=day, made=zone_day(time.time()))
    if form is Format.CSV:
        sha256 = exports.csv_file(out, rows, register=AUDIT)
    else:
        sha256 = exports.xlsx_file(out, rows, heading, register=AUDIT)
    write_digest(out, sha256)
    if json:
        return console.emit({"file": str(out), "rows": len(rows), "sha256": sha256})
    return console.say(f"{sha256}  {out.name}")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _found(data: Path | None, case: str, person: str, day: str, limit: int) -> list[Row]:
    """Reading the audit is an entry too, on disk before it is told."""
    if case and not CASE.fullmatch(case):
        console.fail("audit_case")
    if day and not _is_day(day):
        console.fail("audit_day", day=day)
    opened = house.open_house(told_settings(data), "review")
    with opened.db as db:
        labels = labels_ever(uvloop.run(opened.docket.published.current()))
        known = [rid for rid, label in labels.items() if person in (rid, label)]
        rids = known or [person]
        entered(db, "audit")

        def read(tx: Connection) -> list[Seen]:
            asked = rids if person else [None]
            found = [one for rid in asked for one in audit.find(tx, rid=rid, case=case, day=day, limit=limit)]
            return sorted(found, key=lambda one: -one.no if one.no else -(10**12))[:limit]

        found = db.read_sync(read)
    if person and not known and not found:
        console.fail("audit_person", name=person)
    return [{"no": one.no, **asdict(one.entry), "person": labels.get(one.entry.rid, "")} for one in found]


def _said(language: str) -> Mapping[str, Any]:
    folder = assets()
    words: Mapping[str, Any] = Words(folder / "locale", language, "review").tables(
        [folder / "templates/review/words"], "audit"
    )
    return words


def _worded(row: Row, said: Mapping[str, Any]) -> Row:
    """The row with its codes in the words of the office; an act of a case by its kind's name."""
    act = said["audit_act"].get(row["act"]) or console.named("kinds", row["act"])
    person = row["person"] or row["rid"] or console.sentence("audit_operator")
    return {**row, "no": str(row["no"] or ""), "act": act, "person": person} | {
        "outcome": said["audit_outcome"].get(row["outcome"], row["outcome"])
    }
