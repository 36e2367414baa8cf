"""Opens the house: settings and a data folder become the two doors."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from functools import partial
from typing import Any

from itsdangerous import URLSafeSerializer
from starlette.applications import Starlette

import whistle.public.app
import whistle.review.app
from whistle import process_packs
from whistle.casework.reviewers import Casework
from whistle.core import process, retention, rulebook, workflow
from whistle.core.budgetaccounts import BudgetAccounts
from whistle.core.clock import zone_day
from whistle.core.errors import RuleError
from whistle.core.offices import AUTHORITY, ENTERPRISE
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.fingerprint import show
from whistle.docket import Docket, Seal
from whistle.intake import Intake
from whistle.keystore import LIMITS_KEY, door_key, login_secret, order_key, secret
from whistle.notices import Notifier, Relay, allowed
from whistle.public.children import Children
from whistle.public.door import PublicDoor
from whistle.public.plain import Plain
from whistle.published import Published
from whistle.review.door import ReviewDoor
from whistle.settings import DoorName, NotReady, SettingError, Settings, assets
from whistle.storage import cases, meta
from whistle.storage.blobs import Blobs, open_blobs
from whistle.storage.database import Database
from whistle.storage.hold import DOORS
from whistle.uploads import MB, Room, Uploads
from whistle.wallclock import WallClock, last_seen, newest_day
from whistle.web.limits import BlindedKey, of_house
from whistle.web.pace import Pace, SharedPace
from whistle.web.pages import given
from whistle.web.shared import Alone, Shared


@dataclass(frozen=True)
class House:
    """One door's database and docket, opened, and the clock that both are asked by."""

    settings: Settings
    db: Database
    docket: Docket
    clock: WallClock


def open_house(settings: Settings, door: DoorName, name: str = "whistle") -> House:
    """Opens the database in the door's role; `name` as for `Database.open`. Raises NotReady, StorageError, and
    RuleError where the deadlines would not run by the packs that they have run by."""
    db = Database.open(settings.database_url, door, name=name)
    name = db.read_sync(meta.zone)
    if not name:
        raise NotReady("not_published")
    key = door_key(settings.data, door)
    limits = processes_of(settings)
    for kind, each in limits.items():
        db.read_sync(partial(process_packs.check, process=each, today=zone_day(time.time()), kind=kind))
    return House(
        settings,
        db,
        Docket(
            db,
            Published(db, unb64(name, 16)),
            Seal(door, key),
            workflow.load(),
            limits,
            order_key(settings.data, may_draw=not db.read_sync(cases.newest_day)),
            settings.cosign,
        ),
        WallClock(db.read_sync(newest_day), seen=db.read_sync(partial(last_seen, data=settings.data))),
    )


def processes_of(settings: Settings) -> dict[str, process.Process]:
    """The limits of time by kind of office. Raises RuleError."""
    named = {AUTHORITY: settings.process_pack, ENTERPRISE: settings.process_pack_enterprise}
    return {kind: process.read(packs) for kind, packs in named.items()}


def counting(settings: Settings, door: DoorName) -> tuple[BlindedKey, Shared]:
    """By what clients are told apart, and with whom they are counted: processes that count together blind alike."""
    fronted = settings.origin(door).startswith("https:")
    blinded = partial(BlindedKey, settings.proxy, settings.proxy_header, fronted=fronted)
    if not settings.redis:
        return blinded(), Alone()
    from whistle.web.together import Together  # noqa: PLC0415 - a tenth of a second that a house without Redis saves

    key = secret(settings.data, LIMITS_KEY)
    return blinded(time.time, hourly=of_house(key)), Together(settings.redis, key, door)


def schedule_of(settings: Settings) -> retention.Schedule:
    """How long what is sealed is kept. Raises SettingError."""
    try:
        return retention.read(settings.retention) if settings.retention else retention.default_schedule()
    except RuleError:
        raise SettingError("setting_value", name="WHISTLE_RETENTION") from None


def blobs_of(settings: Settings) -> Blobs:
    """Where large files lie."""
    return open_blobs(settings.blobs, settings.blob_folder)


def uploads_of(settings: Settings, db: Database) -> Uploads:
    """Where large files lie, and how much a case may hold of them."""
    megabytes = (settings.files_before, settings.files_after, settings.file_most, settings.reserve)
    room = Room(*(each * MB for each in megabytes))
    return Uploads(db, blobs_of(settings), room)


def notifier_of(settings: Settings) -> Notifier:
    """How reviewers are told, by the operator's settings."""
    told = settings
    relay = Relay(told.smtp_host, told.smtp_port, told.smtp_user, told.smtp_password, told.smtp_tls, told.smtp_from)
    return Notifier(told.notice_hours, relay, allowed(told.notice_reach, plain=told.plain_http))


def public_door(settings: Settings, demo: bool = False) -> Starlette:
    """The reporter's door over a data folder."""
    house = open_house(settings, "public", DOORS)
    intake = Intake(
        house.docket, secret(settings.data, "work.secret"), settings.work_bits, uploads_of(settings, house.db)
    )
    published, setup = house.docket.published, page_setup(house, "public", demo)
    key, shared = counting(settings, "public")
    pace, table = SharedPace(Pace(settings.work_bits, own=settings.asked), shared), workflow.TABLE.read_bytes()
    door = PublicDoor(intake, published, table, b64(published.zone), house.clock, key, pace)
    site, children = given(setup | _kept(settings, "public")), Children({"pages": setup, "pin": door.pin})
    plain = Plain(site, children, settings.plain_at_once, settings.plain_page, shared)
    app = whistle.public.app.create(settings, door, site, plain, shared)
    app.state.house = house
    return app


def review_door(settings: Settings, demo: tuple[dict[str, str], ...] = ()) -> Starlette:
    """The reviewers' door over a data folder; `demo` names its persons on the login page."""
    house = open_house(settings, "review", DOORS)
    for kind, each in processes_of(settings).items():
        house.db.write_sync(partial(process_packs.keep, process=each, today=zone_day(time.time()), kind=kind))
    origin = settings.origin("review")
    casework = Casework(
        house.docket,
        login_secret(settings.data),
        origin,
        settings.session_hours * 3600,
        {name: rulebook.load(name) for name in rulebook.shipped()},
        uploads_of(settings, house.db),
        settings.cosign,
        settings.large_sum,
        settings.review,
        schedule=schedule_of(settings),
        accounts=BudgetAccounts(settings.budget_account),
        papers={"meeting": settings.meeting_sum, "filing": settings.filing_sum, "cash": settings.cash_limit},
    )
    # The library's own default is SHA-1.
    signer = {"digest_method": hashlib.sha256}
    seal = URLSafeSerializer(secret(settings.data, "cookie.secret"), salt="session", signer_kwargs=signer)
    table = workflow.TABLE.read_bytes()
    door = ReviewDoor(
        casework,
        house.docket.published,
        seal,
        origin.startswith("https:"),
        house.clock,
        table,
        notifier_of(settings),
        settings.office,
        settings.agency,
        demo,
    )
    pages = given(page_setup(house, "review", bool(demo)) | _kept(settings, "review"))
    app = whistle.review.app.create(settings, door, pages, *counting(settings, "review"))
    app.state.house = house
    return app


def _kept(settings: Settings, door: DoorName) -> dict[str, str]:
    """Where a door keeps the static files of former builds; a child of the page without script serves none."""
    return {"former": str(settings.data / "former" / door)}


def page_setup(house: House, door: str, demo: bool) -> dict[str, Any]:
    """What a door's pages are made of (whistle/web/pages.py, `given`), with the operator's facts."""
    pin, told = house.docket.published.zone, house.settings
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
        "limits": process.limits(house.docket.processes[AUTHORITY].on(zone_day(time.time()))),
        "retention": retention.told(schedule_of(told)),
    }
    return {
        "templates": str(folder / "templates"),
        "locale": str(folder / "locale"),
        "static": str(static),
        "door": door,
        "context": context,
        "languages": list(told.languages),
    }
