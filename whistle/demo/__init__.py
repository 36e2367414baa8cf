"""`whistle demo`: both doors in one process on this machine, a zone with one person per role, sealed sample cases."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import httpx
import uvicorn
import uvloop
from starlette.applications import Starlette

from whistle import enterprises, house, serving, settings
from whistle.core import offices as kinds
from whistle.core.clock import zone_day
from whistle.core.enterprises import parse
from whistle.demo import people, samples
from whistle.keystore import ORDER_KEY, secret
from whistle.settings import Settings
from whistle.storage.database import Database
from whistle.storage.migrations import migrate
from whistle.web.memory import wiping

MARK = "demo"
REGISTER = Path(__file__).with_name("enterprises.csv")


def run(
    data: Path,
    public_port: int,
    review_port: int,
    ready_file: Path | None = None,
    say: Callable[[str], None] = print,
    *,
    offices: bool = False,
) -> None:
    """Serves the demo until it is interrupted; `ready_file` is written when both doors answer. `offices`: a new one has
    a department and two enterprises beside the zone's own office.

    The first start makes the zone and files the sample cases; later ones find them. Refuses a folder with real data.
    """
    wiping()
    told = _settings(data, public_port, review_port)
    fresh = _prepare(told, offices)
    apps = (house.public_door(told, demo=True), public_port), (house.review_door(told, _shown(data)), review_port)
    doors = [(app, serving.server(app, told, port)) for app, port in apps]
    threading.Thread(target=_greet, args=(told, fresh, ready_file, say), daemon=True).start()
    uvloop.run(_both(doors))


def _settings(data: Path, public_port: int, review_port: int) -> Settings:
    return settings.read(
        data=data.resolve(),
        host="127.0.0.1",
        public_port=public_port,
        review_port=review_port,
        plain_http=True,
        public_origin="",
        review_origin="",
        site="临沂临港经济开发区",
        site_hant="臨沂臨港經濟開發區",
        site_en="Linyi Lingang Economic Development Zone",
        office="临港经济开发区安全生产监管办公室",
        office_hant="臨港經濟開發區安全生產監管辦公室",
        agency="临港安",
        office_en="the work safety office of the Lingang zone",
    )


def _prepare(told: Settings, offices: bool) -> bool:
    """Whether this is the first start. Raises NotReady for a folder that is somebody's."""
    order_key = partial(secret, told.data, ORDER_KEY)
    if (told.data / MARK).exists():
        migrate(told.database_url, order_key=order_key)
        return not (told.data / MARK).read_text(encoding="utf-8")
    if told.data.exists() and any(told.data.iterdir()):
        raise settings.NotReady("not_a_demo")
    with _whole_or_nothing(told.data):
        migrate(told.database_url)
        people.establish(told, zone_day(time.time()), offices)
        _register(told)
        (told.data / MARK).write_text("", encoding="utf-8")
    return True


def _register(told: Settings) -> None:
    """The demo's own enterprises, loaded as an operator loads his."""
    from whistle import spelling  # noqa: PLC0415 - a third of a second of tables that only a first start needs

    sheet = parse(REGISTER.read_text(encoding="utf-8"))
    with Database.open(told.database_url) as db:
        db.write_sync(partial(enterprises.put, made=spelling.register(sheet.enterprises)))


@contextlib.contextmanager
def _whole_or_nothing(folder: Path) -> Iterator[None]:
    """Half a zone is no demo, and the next start would take it for somebody's data."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _shown(data: Path) -> tuple[dict[str, str], ...]:
    """What the demo's login page shows; the one place where a passphrase is ever shown."""
    home = data / "staff"
    return tuple(
        {
            "login": person.login,
            "name": person.name,
            "label": person.label if place is people.ZONE else f"{place.label} {person.label}",
            "passphrase": (home / f"{person.login}.passphrase").read_text(encoding="utf-8").strip(),
        }
        for place in people.places(data)
        for person in place.people
    )


async def _both(doors: list[tuple[Starlette, uvicorn.Server]]) -> None:
    await asyncio.gather(*(serving.run(app, door) for app, door in doors))


def _greet(told: Settings, fresh: bool, ready_file: Path | None, say: Callable[[str], None]) -> None:
    """Waits for both doors, says where to go, and on the first start files the samples through them."""
    with httpx.Client(trust_env=False, timeout=30) as http:
        for door in settings.DOORS:
            _wait(http, told.origin(door))
        _say_where(told, say)
        if fresh:
            say("示例案件还在放进去 Sample cases are being filed …")
            samples.file(told, http)
            (told.data / MARK).write_text("seeded\n", encoding="utf-8")
            say("示例案件都在了 Sample cases are there.")
    if ready_file:
        ready_file.write_text("ready\n", encoding="utf-8")


def _say_where(told: Settings, say: Callable[[str], None]) -> None:
    say(f"举报 Report:   {told.origin('public')}/")
    for place in people.places(told.data)[1:]:
        if not kinds.is_authority(place.policy):
            say(f"海报 Poster:   {told.origin('public')}/report#{urlencode({'channel': place.channel})}  {place.label}")
    say(f"受理 Review:   {told.origin('review')}/")


def _wait(http: httpx.Client, origin: str) -> None:
    for _ in range(600):
        with contextlib.suppress(httpx.HTTPError):
            if http.get(f"{origin}/api/directory").is_success:
                return
        time.sleep(0.05)
