"""`whistle enterprises …`: the zone's register of enterprises: load, show, undo."""

from pathlib import Path
from typing import Annotated, Any

import typer

from whistle import enterprises, spelling
from whistle.cli import console
from whistle.cli.options import Data, Json, told_settings
from whistle.core.enterprises import Changes, Enterprise, Sheet, changes, parse
from whistle.storage.database import Database

app = typer.Typer(help="The register of enterprises: load, show, undo.", no_args_is_help=True)

SHOWN = 20  # names of each kind, and faults by five times as many: a person reads no more of a terminal
GROUPS = {"added": "+", "changed": "~", "removed": "-"}
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how an .xlsx and an .xls begin


@app.command("load")
def load(
    file: Annotated[Path, typer.Argument(help="CSV in UTF-8 or GBK with the columns 企业名称 and 地址 or 镇街.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Take this list in the place of the whole register; the one before is kept for one undo."""
    sheet = parse(_text(file))
    if sheet.faults:
        _complain(sheet)
    with Database.open(told_settings(data).database_url) as db:
        if dry_run:
            done = changes(db.read_sync(enterprises.listed), sheet.enterprises)
        else:
            made = spelling.register(sheet.enterprises)
            done = db.write_sync(lambda tx: enterprises.put(tx, made))
    if json:
        return console.emit({"count": len(sheet.enterprises), "unread": sheet.unread, **_named(done)})
    if sheet.unread:
        console.tell("enterprises_unread", columns=console.listed(sheet.unread))
    return _tell("enterprises_would" if dry_run else "enterprises_loaded", done, len(sheet.enterprises))


@app.command("show")
def show(data: Data = None, json: Json = False) -> None:
    """The register, a line for each enterprise."""
    with Database.open(told_settings(data).database_url) as db:
        found = db.read_sync(enterprises.listed)
    if json:
        return console.emit([_row(one) for one in found])
    for one in found:
        console.say(_line(one))
    return console.tell("enterprises_count", count=len(found)) if found else console.tell("enterprises_none")


@app.command("undo")
def undo(data: Data = None, json: Json = False) -> None:
    """Put the register back that the last load replaced, once."""
    with Database.open(told_settings(data).database_url) as db:
        done = db.write_sync(enterprises.undo)
        count = len(db.read_sync(enterprises.listed))
    if json:
        return console.emit({"count": count, **_named(done)})
    return _tell("enterprises_undone", done, count)


def _text(path: Path) -> str:
    """The file's words, in UTF-8 or in what a Chinese spreadsheet writes without being asked."""
    try:
        held = path.read_bytes()
    except OSError:
        console.fail("file_missing", name=path.name)
    if held.startswith(WORKBOOKS):
        console.fail("enterprises_workbook", name=path.name)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return held.decode(encoding)
        except UnicodeDecodeError:
            continue
    return console.fail("file_not_text", name=path.name)


def _complain(sheet: Sheet) -> None:
    """Each wrong row with its number and what to do; nothing is taken of a list that has one."""
    most = 5 * SHOWN
    for fault in sheet.faults[:most]:
        console.warn(f"enterprises_{fault.code}", row=fault.row, **fault.facts)
    if len(sheet.faults) > most:
        console.warn("enterprises_rest", count=len(sheet.faults) - most)
    console.fail("enterprises_wrong", count=len({fault.row for fault in sheet.faults}))


def _tell(code: str, done: Changes, count: int) -> None:
    for group, sign in GROUPS.items():
        names = getattr(done, group)
        for one in names[:SHOWN]:
            console.say(f"{sign} {_line(one)}")
        if len(names) > SHOWN:
            console.tell("enterprises_more", sign=sign, count=len(names) - SHOWN)
    console.tell(code, count=count, **{group: len(getattr(done, group)) for group in GROUPS})


def _line(one: Enterprise) -> str:
    return f"{one.name}  {one.place}".rstrip()


def _row(one: Enterprise) -> dict[str, str]:
    return {"name": one.name, "place": one.place}


def _named(done: Changes) -> dict[str, Any]:
    return {group: [_row(one) for one in getattr(done, group)] for group in GROUPS}
