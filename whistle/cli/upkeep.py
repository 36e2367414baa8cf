"""`whistle backup`, `restore`, `doctor`: keeping the data of a server whole."""

import time
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop

from whistle import house
from whistle.casework import refold
from whistle.cli import console, standing
from whistle.cli.options import Data, Json, told_settings
from whistle.core.clock import zone_day
from whistle.settings import Settings
from whistle.storage import backup as copies
from whistle.storage import checks

# Without these the doors could sign no receipt that the directory names; other secrets are drawn anew.
DOOR_KEYS = ("public.key", "review.key")


def join(app: typer.Typer) -> None:
    """Put the commands into the program."""
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("doctor")(doctor)


def backup(
    out: Annotated[Path, typer.Option("--out", help="The file to write.", metavar="FILE")],
    data: Data = None,
    json: Json = False,
) -> None:
    """One file with everything, while the doors are open. It holds the doors' keys: lock it away."""
    told = told_settings(data)
    home = told.data / "secrets"
    files = {name: home / name for name in DOOR_KEYS if (home / name).exists()}
    if out.exists():
        console.fail("file_exists", name=out.name)
    digest = copies.backup(told.database_url, out, files)
    out.chmod(0o600)
    if json:
        return console.emit({"file": str(out), "sha256": digest})
    return console.say(f"{digest}  {out.name}")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that backup wrote.")],
    data: Data = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the data that is there.")] = False,
    json: Json = False,
) -> None:
    """Put a backup in place. A new epoch is drawn: receipts of posts lost since can be told apart."""
    told = told_settings(data)
    told.data.mkdir(parents=True, exist_ok=True)
    epoch = copies.restore(told.database_url, file, force=force, files_to=told.data / "secrets")
    return console.emit({"epoch": epoch}) if json else console.tell("done")


def doctor(data: Data = None, json: Json = False) -> None:
    """Check database, chains, ledger, directory. Exit status 1 when something is red."""
    found = _findings(told_settings(data))
    if json:
        console.emit(found)
    else:
        for one in found:
            facts = "  ".join(f"{name}={value}" for name, value in one["facts"].items())
            console.say(f"{one['level']:5}  {one['code']}  {facts}".rstrip())
    if any(one["level"] == "red" for one in found):
        console.fail("not_healthy")


def _findings(told: Settings) -> list[dict[str, Any]]:
    desk = house.open_house(told, "review").docket
    directories = uvloop.run(desk.register.current())
    today = zone_day(time.time())
    found = checks.check(told.database_url, refold=refold.checker(desk, directories, today))
    desk.db.close()
    stored = [{"code": one.code, "level": one.level, "facts": dict(one.facts)} for one in found]
    return [*stored, *standing.findings(directories, today), standing.calendar_of(desk.years, today)]
