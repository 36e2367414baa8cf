"""Serving: a door behind a server on its port, and the jobs, until they are told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
from pathlib import Path
from typing import Any

import uvicorn
import uvloop
from starlette.applications import Starlette

from whistle import jobs
from whistle.core.clock import zone_day
from whistle.crypto.directory import DIRECTORY
from whistle.crypto.strict import parse
from whistle.docket import Rejected
from whistle.house import House, notifier_of, open_house, public_door, review_door, uploads_of
from whistle.jobs import Chores
from whistle.settings import DoorName, NotReady, SettingError, Settings
from whistle.storage import directory
from whistle.storage.database import Database
from whistle.storage.errors import InUse, Newer, NotMigrated, Replaced, StorageError
from whistle.storage.hold import DOORS
from whistle.wallclock import WallClock, mark_day
from whistle.web.gate import Gates, Limits, files
from whistle.web.memory import Sweep, wiping

SECOND = 1.0
BACKLOG = 2048  # of connections that wait to be taken, as uvicorn has it
BIND = {errno.EADDRINUSE: "port_used", errno.EACCES: "port_denied"}
_LOG = logging.getLogger("whistle")


def server(app: Starlette, settings: Settings, port: int) -> uvicorn.Server:
    """A server that writes no access log, names no software, trusts no forwarded address, and sets its own limits."""
    for name in ("slowapi", "uvicorn.access"):
        logging.getLogger(name).disabled = True
    sweep = Sweep()
    sweep.prepare()
    gates: Any = Gates(_limits(settings), app.state.key.name, sweep)  # called as uvicorn calls a protocol's class
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=port,
            http=gates,
            ws="none",
            log_level=settings.log_level,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=5,
        )
    )


def _limits(settings: Settings) -> Limits:
    return Limits(
        min(settings.connections, files()),
        settings.head_bytes,
        settings.head_seconds,
        settings.bodies << 20,
        settings.body_seconds,
        settings.body_rate,
    )


async def run(app: Starlette, door: uvicorn.Server, sockets: list[socket.socket] | None = None) -> None:
    """Serves on `sockets`, else on the door's own port, until it is told to stop, or until the database is no longer
    the one it opened or not at its version: nothing may be answered from that one. Raises Replaced, InUse,
    NotMigrated, Newer."""
    watching = asyncio.create_task(_watch(app.state.house, door))
    await door.serve(sockets)
    await app.state.shared.close()
    if watching.done():
        watching.result()
    watching.cancel()


async def _watch(house: House, door: uvicorn.Server) -> None:
    """Each second: is it still the database that was opened, is the clock still to be believed."""
    mark = house.settings.data / clock_mark(house.docket.seal.door)
    while True:
        _tell_doubt(house.clock, mark)
        _leave_day(house)
        try:
            await asyncio.to_thread(house.db.look)
        except (Replaced, InUse, NotMigrated, Newer):
            door.should_exit = True
            raise
        except StorageError:  # a server that restarts: it is asked again
            _LOG.warning("the database does not answer")
        await asyncio.sleep(SECOND)


def clock_mark(door: str) -> str:
    """The file in the data folder that is there while a door doubts its clock, for doctor to see."""
    return f"{door}.clock"


def _tell_doubt(clock: WallClock, mark: Path) -> None:
    doubtful = clock.is_in_doubt()
    if doubtful and not mark.exists():
        _LOG.warning(
            "the clock was set while this door ran, or does not fit what this house has seen: nothing is taken"
        )
    with contextlib.suppress(OSError):
        mark.touch() if doubtful else mark.unlink(missing_ok=True)


def _leave_day(house: House) -> None:
    """So that a later start knows until when this house has run, even when nothing was filed."""
    with contextlib.suppress(OSError, Rejected):
        mark_day(house.settings.data, house.docket.seal.door, zone_day(house.clock()))


def work(settings: Settings, once: bool) -> None:
    """Runs the jobs, each in its time or once."""
    house = open_house(settings, "review", DOORS)
    chores = Chores(house.docket, uploads_of(settings, house.db), notifier_of(settings), settings.destroyed_log)
    if not once:
        uvloop.run(jobs.run(chores, house.clock))
    elif uvloop.run(jobs.run_once(chores, house.clock())).keys() != {job.name for job in (*jobs.JOBS, *jobs.OFTEN)}:
        raise NotReady("job_refused")


def _refuse_demo(settings: Settings) -> None:
    """By its folder and by its directory: the database may have been moved."""
    with Database.open(settings.database_url) as db:
        newest = db.read_sync(directory.newest_directory)
    if (settings.data / "demo").exists() or (newest and parse(DIRECTORY, newest.bytes)["demo"]):
        raise NotReady("demo_data")


def shared_port(host: str, port: int) -> socket.socket:
    """A listener beside those of other processes of this door, on one port; the system gives each connection to one of
    them. Raises NotReady."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG, reuse_port=True)
    except ValueError:
        raise NotReady("port_not_shared") from None
    except OSError:
        raise NotReady("port_taken", port=str(port)) from None


def serve(settings: Settings, door: DoorName, reuse_port: bool = False) -> None:
    """Serves one door until it is told to stop, with others on its port when `reuse_port`. Refuses plain HTTP for the
    world, and a demo's data."""
    if not settings.origin(door).startswith("https://") and not settings.plain_http:
        raise SettingError("plain_http", name=f"WHISTLE_{door.upper()}_ORIGIN")
    wiping()
    _refuse_demo(settings)
    app = public_door(settings) if door == "public" else review_door(settings)
    port = port_of(settings, door)
    if not reuse_port:
        refuse_taken(settings, door)
    sockets = [shared_port(settings.host, port)] if reuse_port else None
    uvloop.run(run(app, server(app, settings, port), sockets))


def port_of(settings: Settings, door: DoorName) -> int:
    """Where a door listens."""
    return settings.public_port if door == "public" else settings.review_port


def refuse_taken(settings: Settings, door: DoorName) -> None:
    """Raises NotReady for a port that cannot be had, in a sentence of ours: the server's own is in English, and names
    no setting."""
    facts = {"port": str(port_of(settings, door)), "name": f"WHISTLE_{door.upper()}_PORT"}
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((settings.host, port_of(settings, door)))
        except OSError as error:
            raise NotReady(BIND.get(error.errno or 0, "address_unknown"), host=settings.host, **facts) from None
