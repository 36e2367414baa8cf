"""`whistle staff …`: inviting reviewers, carrying their public keys to the ceremony, closing an account."""

import json as jsonlib
import os
import time
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop
from sqlalchemy import Connection

from whistle import house, readership, settings
from whistle.casework.login import invite_hash
from whistle.cli import console, standing
from whistle.cli.options import Data, Json, told_settings
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.encoding import b64, unb64
from whistle.storage import meta, sessions
from whistle.storage import staff as people
from whistle.storage.database import Database

app = typer.Typer(help="Reviewers' accounts. Roles are given at the ceremony, not here.", no_args_is_help=True)

DAY = 86_400


@app.command("invite")
def invite(
    label: Annotated[str, typer.Option("--label", help="What others read in place of a name, as 受理员 2.")],
    login: Annotated[str, typer.Option("--login", help="Login name.")],
    days: Annotated[int, typer.Option("--days", help="How long the invitation is good.")] = 7,
    again: Annotated[
        bool, typer.Option("--again", help="The login is known: a new key for it, or an invitation that was lost.")
    ] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Print an invitation once. The reviewer opens it, makes a key there and reads out its fingerprint.
    With --again an earlier one to the same login is void."""
    if "+" in login:
        console.fail("login_form")
    told = told_settings(data)
    drawn = os.urandom(16)
    now = time.time()
    until = zone_day(now + days * DAY)
    with Database.open(told.database_url) as db:
        invite = people.Invite(invite_hash(drawn), label, login, until)
        db.write_sync(lambda tx: _invite(tx, invite, zone_day(now), again))
    # In the fragment, which no browser sends: an invitation stands in no log.
    url = f"{told.origin('review')}/enrol#{b64(drawn)}"
    if json:
        return console.emit({"url": url, "expires": until})
    console.tell("invited")
    return console.say(url)


def _invite(tx: Connection, invite: people.Invite, today: str, again: bool) -> None:
    """Two people under one login would take it from each other: a second invitation is asked for by name."""
    if not again and (until := people.invited_until(tx, invite.login, today)):
        console.fail("invited_already", login=invite.login, until=until)
    if not again and people.staff_by_login(tx, invite.login):
        console.fail("login_enrolled", login=invite.login)
    people.withdraw_invites(tx, invite.login)
    people.add_invite(tx, invite)


@app.command("list")
def listed(data: Data = None, json: Json = False) -> None:
    """Every account with the fingerprint of its key."""
    found = [_row(one) for one in _everybody(told_settings(data))]
    if json:
        return console.emit(found)
    for one in found:
        console.say(
            f"{one['fingerprint']}  {console.sentence('staff_' + one['status'])}  {one['login']}  {one['label']}"
        )
    return None


@app.command("keys")
def keys(
    out: Annotated[Path, typer.Option("--out", help="Folder for the public key files.", metavar="DIR")],
    data: Data = None,
) -> None:
    """Write the public key of every account that waits for the ceremony. Nothing in these files is secret."""
    told = told_settings(data)
    waiting = [one for one in _everybody(told) if one.status == "invited"]
    if not waiting:
        return console.tell("nobody_waits")
    with Database.open(told.database_url) as db:
        zone = db.read_sync(meta.zone)
    out.mkdir(parents=True, exist_ok=True)
    for one in waiting:
        document = {"zone": zone, "label": one.label, "kem": b64(one.kem), "sig": b64(one.sig)}
        target = out / f"{one.login}.json"
        target.write_text(jsonlib.dumps(document, ensure_ascii=False), encoding="utf-8")
        console.tell("written", name=target.name)
    return None


@app.command("sole")
def sole(
    out: Annotated[
        Path | None, typer.Option("--out", help="The file for the stick, for `zone sign --sole`.", metavar="FILE")
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """How many open cases hold something that opens for one person's keys alone. He hands over before he goes."""
    docket = house.open_house(told_settings(data), "review").docket
    with docket.db as db:
        directories = uvloop.run(docket.published.current())
        readers = standing.readers_in(directories)
        found = sorted(db.read_sync(partial(readership.survey, readers=readers)).sole.items(), key=lambda one: -one[1])
    labels = {rid: one["label"] for listed in readers.values() for rid, one in listed.items()}
    document = {"v": 1, "zone": b64(directories.zone), "sole": [[sorted(rids), cases] for rids, cases in found]}
    if out:
        out.write_text(jsonlib.dumps(document), encoding="utf-8")
    if json:
        return console.emit(document)
    for rids, cases in found:
        console.tell("sole_reader", label=labels[min(rids)], count=cases)
    return console.tell("written", name=out.name) if out else console.tell("sole_listed", count=len(found))


@app.command("close")
def close(reader: Annotated[str, typer.Argument(help="Fingerprint or key id.")], data: Data = None) -> None:
    """Close an account and end its sessions. Take the key out of the directory at the next ceremony too."""
    rid = console.key_id(reader)

    def shut(tx: Any) -> bool:
        if people.staff(tx, rid) is None:
            return False
        people.set_status(tx, rid, "gone")
        sessions.close_sessions_of(tx, rid)
        return True

    with Database.open(told_settings(data).database_url) as db:
        if not db.write_sync(shut):
            console.fail("staff_unknown")
    console.tell("done")


def _everybody(told: settings.Settings) -> list[people.Staff]:
    with Database.open(told.database_url) as db:
        return db.read_sync(people.all_staff)


def _row(one: people.Staff) -> dict[str, str]:
    shown = fingerprint.show(unb64(one.rid))
    return {
        "rid": one.rid,
        "fingerprint": shown,
        "login": one.login,
        "label": one.label,
        "status": one.status,
    }
