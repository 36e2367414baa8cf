"""What runs by itself. Once an hour: old nonces, sessions and files never posted go, due days are computed again, and
yesterday's posts lose the order in which they came. Each half minute: reviewers are told what is due.

No job changes the state of a case: time does not, only posts do.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from whistle import notices, uploads
from whistle.casework import refold
from whistle.core.clock import zone_day
from whistle.docket import Docket, Rejected
from whistle.notices import Notifier
from whistle.storage import appending, audit, destroyedlog, destroying, moving, objects, sessions
from whistle.storage.errors import Newer, NotMigrated, Replaced
from whistle.uploads import Uploads

HOUR, HALF_MINUTE = 3600, 30
_LOG = logging.getLogger("whistle")


@dataclass(frozen=True)
class Chores:
    """What the jobs work on."""

    docket: Docket
    uploads: Uploads
    notifier: Notifier
    log: Path  # of destructions (storage/destroyedlog.py)


@dataclass(frozen=True)
class Job:
    """A name for the log, and what to do; it answers how many things it touched."""

    name: str
    run: Callable[[Chores, float], Awaitable[int]]


async def _purge_nonces(chores: Chores, now: float) -> int:
    # A challenge lives fifteen minutes: what was spent before yesterday can never come back.
    before = (date.fromisoformat(zone_day(now)) - timedelta(days=1)).isoformat()
    return await chores.docket.db.write(lambda tx: appending.purge_spent(tx, before))


async def _purge_sessions(chores: Chores, now: float) -> int:
    return await chores.docket.db.write(lambda tx: sessions.purge_sessions(tx, int(now)))


async def _redate(chores: Chores, now: float) -> int:
    return await refold.redate(chores.docket)


async def _reseat(chores: Chores, now: float) -> int:
    return await refold.reseat(chores.docket)


async def _move(chores: Chores, now: float) -> int:
    """The days before today: what came in them loses the order in which it came."""
    db, today = chores.docket.db, zone_day(now)
    moved, days = 0, await db.read(partial(moving.due, before_day=today))
    if days:
        for part in await db.read(partial(moving.slices, days=days)):
            moved += await db.write(partial(moving.move, days=days, part=part))
        await db.write(partial(moving.settle, days=days, today=today))
    return moved + await uploads.move(chores.uploads, today)


async def _gather(chores: Chores, now: float) -> int:
    """What was opened on the days before today joins the audit, and these days are closed in it."""
    db, today = chores.docket.db, zone_day(now)
    if not await db.read(partial(audit.is_due, before_day=today)):
        return 0
    return await db.write(partial(audit.gather, before_day=today))


async def _clear(chores: Chores, now: float) -> int:
    """Each hour: a reading that lasts may have kept the log from being emptied after the move."""
    await asyncio.to_thread(moving.clear_traces, chores.docket.db)
    return 0


async def _destroy(chores: Chores, now: float) -> int:
    """What a signed destruction left on the disk goes, and then it stands in the log of destructions. Raises Busy: then
    again in an hour."""
    db = chores.docket.db
    found = await asyncio.to_thread(destroying.remove, db, chores.uploads.blobs)
    signed = await db.read(partial(destroyedlog.entries, cases={each.case_id for each in found}))
    await asyncio.to_thread(destroyedlog.append, chores.log, signed)
    return await db.write(partial(destroying.done, removed=found)) if found else 0


async def _sweep(chores: Chores, now: float) -> int:
    # A client that broke off may go on for days; after three nobody is coming back for it.
    before = (date.fromisoformat(zone_day(now)) - timedelta(days=3)).isoformat()
    return await uploads.sweep(chores.uploads, before)


async def _orphans(chores: Chores, now: float) -> int:
    return await asyncio.to_thread(objects.sweep, chores.docket.db, chores.uploads.blobs)


async def _notify(chores: Chores, now: float) -> int:
    return await notices.run(chores.docket, chores.notifier, now)


JOBS = (
    Job("nonces", _purge_nonces),
    Job("sessions", _purge_sessions),
    Job("due days", _redate),
    Job("seats", _reseat),
    Job("unposted files", _sweep),
    Job("objects without a row", _orphans),
    Job("order of arrival", _move),
    Job("audit of the day", _gather),
    Job("traces", _clear),
    Job("destroyed", _destroy),
)
OFTEN = (Job("notices", _notify),)


async def run_once(chores: Chores, now: float) -> dict[str, int]:
    """Every job once; counts by name, of those that were done: what stops one stops no other. Raises Replaced,
    NotMigrated, Newer: then none may go on."""
    return await _each((*JOBS, *OFTEN), chores, now)


async def run(chores: Chores, clock: Callable[[], float]) -> None:
    """Every job in its time until cancelled. What was stopped is due again at the next; while the clock is in doubt
    nothing is cleared and nobody is told."""
    await asyncio.gather(
        _repeat(JOBS, HOUR, chores, clock),
        _repeat(OFTEN, HALF_MINUTE, chores, clock),
    )


async def _repeat(jobs: Sequence[Job], seconds: float, chores: Chores, clock: Callable[[], float]) -> None:
    while True:
        try:
            await _each(jobs, chores, clock())
        except Rejected as error:
            _LOG.warning("jobs: %s", error.code)
        await asyncio.sleep(seconds)


async def _each(jobs: Sequence[Job], chores: Chores, now: float) -> dict[str, int]:
    done = {}
    for job in jobs:
        try:
            done[job.name] = await job.run(chores, now)
        except (Replaced, NotMigrated, Newer):
            raise
        except Exception as error:  # whatever it is about, the other jobs and the next hour go on
            _LOG.warning("jobs: %s: %s", job.name, type(error).__name__)  # a message may carry data
    return done
