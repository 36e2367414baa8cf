"""`whistle backup`, `restore`, `doctor`: keeping the data of a server whole."""

import time
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from whistle import almanac, house, readership, wallclock
from whistle.casework import refold
from whistle.cli import console, standing
from whistle.cli.entering import entered
from whistle.cli.options import Data, Json, told_settings
from whistle.core.case import WORKFLOW
from whistle.core.clock import zone_day
from whistle.core.custody import DESTROY
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.posts import parse_post
from whistle.docket import misordered
from whistle.keystore import ORDER_KEY, known_door_key, secret
from whistle.notices import is_behind, schedule
from whistle.serving import clock_mark
from whistle.settings import DOORS, Settings
from whistle.storage import audit, cases, checks, destroyedlog, destroying, meta, moving, notices
from whistle.storage import backup as copies
from whistle.storage.database import Database
from whistle.storage.errors import Mismatch

# Without the doors' keys no receipt could be signed that the directory names, and without the third nobody could say
# any more which report came first; other secrets are drawn anew.
SAVED = ("public.key", "review.key", ORDER_KEY)


HOUR = 3600


def join(app: typer.Typer) -> None:
    """Put the commands into the program."""
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("doctor")(doctor)
    app.command("clock")(clock)


def backup(
    out: Annotated[Path, typer.Option("--out", help="The file to write.", metavar="FILE")],
    data: Data = None,
    json: Json = False,
) -> None:
    """One file with everything, while the doors are open. It holds the doors' keys: lock it away."""
    told = told_settings(data)
    home = told.data / "secrets"
    files = {name: home / name for name in SAVED if (home / name).exists()}
    if out.exists():
        console.fail("file_exists", name=out.name)
    with Database.open(told.database_url) as db:
        entered(db, "backup")
    saved = copies.backup(told.database_url, out, files, house.blobs_of(told))
    out.chmod(0o600)
    if json:
        console.emit({"file": str(out), "sha256": saved.sha256, "lost": saved.lost})
    else:
        console.say(f"{saved.sha256}  {out.name}")
    if saved.lost:
        console.fail("backup_lacks", count=saved.lost)


def restore(
    file: Annotated[Path, typer.Argument(help="A file that backup wrote.")],
    data: Data = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the data that is there.")] = False,
    json: Json = False,
) -> None:
    """Put a backup in place, while nothing runs on the data. What was there is kept, and a new epoch is drawn:
    receipts of posts lost since can be told apart."""
    told = told_settings(data)
    told.data.mkdir(parents=True, exist_ok=True)
    log = _destructions(told)
    put = copies.restore(
        told.database_url,
        file,
        force=force,
        files_to=told.data / "secrets",
        blobs=house.blobs_of(told),
        order_key=partial(secret, told.data, ORDER_KEY),
    )
    with Database.open(told.database_url) as db:
        entered(db, "restore")
        until = db.read_sync(wallclock.newest_day)
        again = _destroyed_again(db, told, log)
    if json:
        console.emit({"epoch": put.epoch, "kept": put.kept, "files": put.files, "until": until, "destroyed": again})
        return
    console.tell("restored_kept", name=put.kept) if put.kept else console.tell("restored")
    if put.files:
        console.tell("files_kept", name=put.files)
    if again:
        console.tell("destroyed_again", count=again)
    if not told.destroyed_log.exists():
        console.tell("destroyed_none", name=told.destroyed_log.name)
    if until:
        console.tell("restored_until", day=until)


def _destructions(told: Settings) -> list[destroyedlog.Entry]:
    """The log of destructions, read before anything is put in place; each line is a `destroy` in parts that belong
    together."""
    path = told.destroyed_log
    if told.destroyed and not path.exists():
        console.fail("destroyed_log_missing", name=str(path))
    log = destroyedlog.read(path)
    if not all(map(_is_destruction, log)):
        raise Mismatch("destroyed_log")
    return log


def _is_destruction(entry: destroyedlog.Entry) -> bool:
    """Who signed it only the restored directories can say: clients and doctor ask them."""
    try:
        post = parse_post(entry.head, entry.sig, entry.body)
    except EnvelopeError:
        return False
    return (post.kind, post.hash, post.head["case"]) == (DESTROY, entry.hash, entry.case)


def _destroyed_again(db: Database, told: Settings, log: list[destroyedlog.Entry]) -> int:
    """What was destroyed after the backup was made goes again, before a door opens; how many destructions it was."""
    carried = partial(destroyedlog.again, log=log, scopes=WORKFLOW["scopes"], since=int(time.time()))
    count = db.write_sync(carried)
    if found := destroying.remove(db, house.blobs_of(told)):
        db.write_sync(partial(destroying.done, removed=found))
    return count


def clock(
    accept: Annotated[bool, typer.Option("--accept", help="This machine is right; the later days were not.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Compare this machine's day with what this house has seen: doors take nothing while it is behind, or days ahead
    with no time server. Doors that run must be started anew after --accept."""
    told = told_settings(data)
    with Database.open(told.database_url) as db:
        if accept:
            db.write_sync(partial(wallclock.accept, today=zone_day(time.time())))
        found = {"today": zone_day(time.time()), "newest": db.read_sync(wallclock.newest_day)}
        ahead = _ahead(db, told.data, found["today"])
    if json:
        return console.emit(found | ({"ahead": ahead} if ahead else {}))
    if ahead:
        return console.tell("clock_ahead", **ahead)
    return console.tell("clock_behind" if found["today"] < found["newest"] else "clock_agrees", **found)


def _ahead(db: Database, data: Path, today: str) -> standing.Finding | None:
    """How far this machine is ahead of what the house has seen, where no time server vouches for it."""
    seen = db.read_sync(partial(wallclock.last_seen, data=data))
    days = wallclock.days_ahead(today, seen)
    return {"today": today, "seen": seen, "days": days} if days and not wallclock.is_served() else None


def doctor(data: Data = None, json: Json = False) -> None:
    """Check database, chains, ledger, directory. Exit status 1 when something is red."""
    found = _findings(told_settings(data))
    if json:
        console.emit(found)
    else:
        for one in found:
            console.say(f"{console.sentence('level_' + one['level'])}  {_told(one)}")
    if any(one["level"] == "red" for one in found):
        console.fail("not_healthy")


def _told(finding: standing.Finding) -> str:
    """A finding as a sentence: one for a thing that is well, another for one that is not."""
    code = f"doctor_{finding['code']}_{finding['level']}"
    facts = {name: console.roles(fact) if isinstance(fact, list) else fact for name, fact in finding["facts"].items()}
    return console.sentence(code, **facts)


def _findings(told: Settings) -> list[standing.Finding]:
    docket, counted = house.open_house(told, "review").docket, uvloop.run(standing.counting_of(told.redis))
    with docket.db as db:
        directories = uvloop.run(docket.published.current())
        now = time.time()
        today = zone_day(now)
        settled = db.read_sync(partial(almanac.is_settled, tables=docket.years))
        found = checks.check(
            told.database_url,
            refold=refold.checker(docket, directories),
            order=partial(misordered, docket),
            settled=settled,
            blobs=house.blobs_of(told),
            together=counted["code"] == "redis",
        )
        newest = db.read_sync(wallclock.newest_day)
        later = db.read_sync(partial(cases.count_after, day=today))
        ahead = _ahead(db, told.data, today)
        unmoved = db.read_sync(lambda tx: max(moving.behind(tx, today), audit.behind(tx, today)))
        restored = db.read_sync(meta.restored)
        left = db.read_sync(partial(readership.survey, readers=standing.readers_in(directories)))
        queue = db.read_sync(partial(notices.standing, late_before=schedule.minute(now - HOUR)))
        heard = {one.rid for one in db.read_sync(notices.every) if one.active}
        behind = partial(is_behind, hours=told.notice_hours, tables=docket.years, now=now)
        idle = bool(heard) and db.read_sync(behind)
    stored = [{"code": one.code, "level": one.level, "facts": dict(one.facts)} for one in found]
    doubting = [door for door in DOORS if (told.data / clock_mark(door)).exists()]
    clock = standing.clock_of(today, newest, later, doubting, ahead)
    keys = standing.doors_of(directories, {door: known_door_key(told.data, door) for door in DOORS})
    reminders = standing.reminders_of(queue, idle, heard, directories)
    days = [
        standing.night_of(unmoved),
        standing.calendar_of(docket.years, today),
        standing.restored_of(*restored, today),
    ]
    people = [*standing.findings(directories, today), *standing.readership_of(left)]
    return [*stored, counted, *clock, *keys, *people, *reminders, *days]
