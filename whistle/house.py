"""Opens the house: settings and a data folder become the two doors, and the doors become servers."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import secrets
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import uvicorn
import uvloop
from itsdangerous import URLSafeSerializer
from sqlalchemy import Connection
from starlette.applications import Starlette

import whistle.public.app
import whistle.review.app
from whistle import jobs, zone
from whistle.casework.desk import Casework
from whistle.core import rulebook, workflow
from whistle.crypto.directory import (
    DIRECTORY,
    Directories,
    channel_hash,
    directory_hash,
    parse_channel,
    roster_hash,
)
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.fingerprint import show
from whistle.crypto.keys import RootKey, root_key
from whistle.crypto.strict import parse
from whistle.docket import Docket, Seal
from whistle.intake import Intake, Pace
from whistle.public.door import PublicDoor
from whistle.public.plain import Plain
from whistle.register import Register
from whistle.review.door import ReviewDoor
from whistle.settings import SettingError, Settings, assets
from whistle.storage import directory, meta, staff
from whistle.storage.database import Database
from whistle.storage.directory import StoredDirectory
from whistle.web.pages import Pages

DoorName = Literal["public", "review"]
DOORS: tuple[DoorName, ...] = ("public", "review")
SECRET = 32


class NotReady(Exception):
    """The data folder cannot be served; the text is one sentence that says what to do."""


def secret(data: Path, name: str) -> bytes:
    """A 32-byte secret of this installation, drawn when it is first asked for; readable by the owner only."""
    path = data / "secrets" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _draw(path)
    found = path.read_bytes()
    if len(found) != SECRET:
        raise NotReady(f"The file secrets/{name} is damaged: restore it from a backup.")
    return found


def _draw(path: Path) -> None:
    """Whole or not at all, and once: processes that start together agree on whose came first."""
    with tempfile.NamedTemporaryFile(dir=path.parent) as file:  # mode 0600
        file.write(secrets.token_bytes(SECRET))
        file.flush()
        os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)


def door_key(data: Path, door: str) -> RootKey:
    """The key that signs a door's receipts; its public half stands in the directory."""
    return root_key(secret(data, f"{door}.key"))


def publish(settings: Settings, folder: Path) -> int:
    """Carries what a zone's folder has signed into the store; returns the newest directory's number."""
    signed = zone.publish(folder)
    known = Directories.verify(unb64(zone.load(folder).id, 16), [(one.data, one.sig) for one in signed])

    def keep(tx: Connection) -> None:
        meta.set_zone(tx, b64(known.zone))
        for no, one in enumerate(signed):
            channels = [(b64(channel_hash(data)), parse_channel(known.zone, data)["id"], data) for data in one.channels]
            roster = (b64(roster_hash(one.roster)), one.roster, one.roster_sig)
            kept = StoredDirectory(no, b64(directory_hash(one.data)), one.data, one.sig)
            directory.add_directory(tx, kept, channels, roster)
        _bind(tx, [parse_channel(known.zone, data) for data in signed[-1].channels])

    with Database.open(settings.database_url) as db:
        db.write_sync(keep)
    return len(signed) - 1


def _bind(tx: Connection, channels: list[dict[str, Any]]) -> None:
    """Enrolled keys that the zone has now signed are their persons' accounts."""
    for reader in (reader for channel in channels for reader in channel["readers"]):
        member = staff.staff(tx, reader["rid"])
        if member is not None and member.status == "invited":
            staff.bind_person(tx, member.rid, reader["person"], reader["label"])


@dataclass(frozen=True)
class House:
    """One door's database and docket, opened."""

    settings: Settings
    db: Database
    docket: Docket


def open_house(settings: Settings, door: DoorName) -> House:
    """Opens the database in the door's role. Raises NotReady, StorageError."""
    db = Database.open(settings.database_url, door)
    name = db.read_sync(meta.zone)
    if not name:
        raise NotReady("No zone has been published here yet: run `whistle zone publish` first.")
    key = door_key(settings.data, door)
    return House(
        settings,
        db,
        Docket(
            db,
            Register(db, unb64(name, 16)),
            Seal(door, key),
            workflow.load(),
            rulebook.load(settings.process_pack),
        ),
    )


def public_door(settings: Settings, demo: bool = False) -> Starlette:
    """The reporter's door over a data folder."""
    house = open_house(settings, "public")
    intake = Intake(house.docket, secret(settings.data, "work.secret"), Pace(settings.work_bits))
    register, site = house.docket.register, pages(house, "public", demo)
    door = PublicDoor(intake, register, workflow.TABLE.read_bytes(), b64(register.zone), time.time)
    return whistle.public.app.create(settings, door, site, Plain(site, settings.plain_page))


def review_door(settings: Settings, demo: tuple[dict[str, str], ...] = ()) -> Starlette:
    """The reviewers' door over a data folder; `demo` names its persons on the login page."""
    house = open_house(settings, "review")
    origin = settings.origin("review")
    casework = Casework(
        house.docket,
        secret(settings.data, "session.secret"),
        origin,
        settings.session_hours * 3600,
        {name: rulebook.load(name) for name in rulebook.shipped()},
        settings.cosign,
        settings.large_sum,
    )
    # The library's own default is SHA-1.
    signer = {"digest_method": hashlib.sha256}
    seal = URLSafeSerializer(secret(settings.data, "session.secret"), salt="session", signer_kwargs=signer)
    table = workflow.TABLE.read_bytes()
    door = ReviewDoor(
        casework,
        house.docket.register,
        seal,
        origin.startswith("https:"),
        time.time,
        table,
        settings.office,
        settings.agency,
        demo,
    )
    return whistle.review.app.create(settings, door, pages(house, "review", bool(demo)))


def pages(house: House, door: str, demo: bool) -> Pages:
    """A door's pages with the operator's facts."""
    pin, told = house.docket.register.zone, house.settings
    folder = assets()
    static = folder / ("static" if folder.name == "assets" else "build/static")
    context = {
        "zone": b64(pin),
        "fingerprint": show(pin),
        "name": {"zh_CN": told.site, "zh_Hant": told.site_hant, "en": told.site_en},
        "office": {"zh_CN": told.office, "zh_Hant": told.office_hant, "en": told.office_en},
        "phone": told.phone,
        "exit": told.exit,
        "plain": told.plain_page,
        "demo": demo,
    }
    return Pages(
        folder / "templates",
        folder / "locale",
        static,
        door=door,
        context=context,
        languages=told.languages,
    )


def server(app: Starlette, host: str, port: int, level: str = "warning") -> uvicorn.Server:
    """A server that writes no access log, names no software, and trusts no forwarded address by itself."""
    for name in ("slowapi", "uvicorn.access"):
        logging.getLogger(name).disabled = True
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            log_level=level,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=5,
        )
    )


def work(settings: Settings, once: bool) -> None:
    """Runs the jobs, each hour or once."""
    house = open_house(settings, "review")
    uvloop.run(jobs.run_once(house.docket, time.time()) if once else jobs.run(house.docket))


def _refuse_demo(settings: Settings) -> None:
    """By its folder and by its directory: the database may have been moved."""
    with Database.open(settings.database_url) as db:
        newest = db.read_sync(directory.newest_directory)
    if (settings.data / "demo").exists() or (newest and parse(DIRECTORY, newest.bytes)["demo"]):
        raise NotReady("This is a demo; its keys are public. Start with a folder of your own.")


def serve(settings: Settings, door: DoorName) -> None:
    """Serves one door until it is told to stop. Refuses plain HTTP for the world, and a demo's data."""
    if not settings.origin(door).startswith("https://") and not settings.plain_http:
        raise SettingError(
            f"WHISTLE_{door.upper()}_ORIGIN is not an https:// address; put TLS in front, "
            "or set WHISTLE_PLAIN_HTTP=on for a trial on one machine."
        )
    _refuse_demo(settings)
    app = public_door(settings) if door == "public" else review_door(settings)
    port = settings.public_port if door == "public" else settings.review_port
    uvloop.run(server(app, settings.host, port, settings.log_level).serve())
