"""`whistle notices …`: where reviewers are told, a message to try it, and what waits."""

import time
from typing import Annotated, Any

import typer
import uvloop

from whistle import notices
from whistle.cli import console
from whistle.cli.options import Data, Json, told_settings
from whistle.core.clock import zone_day
from whistle.house import notifier_of
from whistle.notices import schedule
from whistle.settings import variable
from whistle.storage import notices as queue
from whistle.storage import staff
from whistle.storage.database import Database
from whistle.storage.notices import Destination

app = typer.Typer(help="Where reviewers are told that there is something to look at.", no_args_is_help=True)

SECRET = "WHISTLE_NOTICE_SECRET"  # noqa: S105 - the name of a variable
Id = Annotated[str, typer.Argument(help="As `notices list` prints it.")]


@app.command("list")
def listed(data: Data = None, json: Json = False) -> None:
    """Every destination: whose, where, how the last message went. Of a webhook only where it is."""
    with Database.open(told_settings(data).database_url) as db:
        logins = {one.rid: one.login for one in db.read_sync(staff.all_staff)}
        found = [_row(one, logins) for one in db.read_sync(queue.every)]
    if json:
        return console.emit(found)
    for one in found:
        urgent = console.sentence("notices_urgent") if one["urgent"] else ""
        said = console.sentence(f"notice_said_{one['said'] or 'nothing'}")
        console.say(f"{one['id']}  {one['login']}  {one['kind']}  {one['address']}  {said}  {urgent}".rstrip())
    return None if found else console.tell("notices_none")


@app.command("add")
def add(
    login: Annotated[str, typer.Option("--login", help="Login name of the reviewer.")],
    kind: Annotated[str, typer.Option("--kind", help="mail, wecom, dingtalk, feishu or json.")],
    address: Annotated[str, typer.Option("--address", help="Mail address or webhook; - reads standard input.")],
    label: Annotated[str, typer.Option("--label", help="What it is, for the reviewer.")] = "",
    urgent: Annotated[bool, typer.Option("--urgent", help="Urgent messages go there too.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Add a destination for a reviewer. A webhook's address is a password: give it on standard input; the signing
    secret
    of DingTalk and Feishu comes from WHISTLE_NOTICE_SECRET or its _FILE."""
    told = told_settings(data)
    where = console.read_text("-").strip() if address == "-" else address
    secret = variable(SECRET)
    notices.check(kind, where, secret, notifier_of(told).allowed)
    with Database.open(told.database_url) as db:
        member = db.read_sync(lambda tx: staff.staff_by_login(tx, login)) or console.fail("staff_unknown")
        made = Destination(
            queue.new_id(), member.rid, kind, where, secret, label[:40], zone_day(time.time()), urgent=urgent
        )
        db.write_sync(lambda tx: queue.add(tx, made))
    return console.emit({"id": made.id}) if json else console.say(made.id)


@app.command("remove")
def remove(id_: Id, data: Data = None) -> None:
    """Take a destination out, with what waits for it."""
    with Database.open(told_settings(data).database_url) as db:
        _known(db, id_)
        db.write_sync(lambda tx: queue.remove(tx, id_))
    console.tell("done")


@app.command("test")
def test(id_: Id, data: Data = None) -> None:
    """Send one message there now, and say how it went."""
    told = told_settings(data)
    with Database.open(told.database_url) as db:
        to = _known(db, id_)
    now = time.time()
    slot = schedule.minute(now, schedule.TEST)
    try:
        uvloop.run(notices.say(notifier_of(told), to, slot, queue.new_id(), now))
    except notices.Undelivered as error:
        console.fail(f"notice_said_{error.code}")
    console.tell("notice_said_sent")


@app.command("status")
def status(data: Data = None, json: Json = False) -> None:
    """How many messages wait, since over an hour too, and how many were given up."""
    with Database.open(told_settings(data).database_url) as db:
        found = db.read_sync(lambda tx: queue.standing(tx, schedule.minute(time.time() - 3600)))
    told = {"waiting": found.waiting, "late": found.late, "dropped": found.dropped}
    return console.emit(told) if json else console.tell("notices_status", **told)


def _known(db: Database, id_: str) -> Destination:
    return db.read_sync(lambda tx: queue.find(tx, id_)) or console.fail("notices_unknown")


def _row(one: Destination, logins: dict[str, str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "login": logins.get(one.rid, one.rid),
        "kind": one.kind,
        "address": notices.shown(one.kind, one.address),
        "label": one.label,
        "urgent": one.urgent,
        "said": one.said,
        "dropped": one.dropped,
    }
