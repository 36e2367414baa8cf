"""What runs by itself, once an hour: old nonces and sessions go, provisional due days are computed again.

No job changes the state of a case: time does not, only posts do.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta

from whistle.casework import refold
from whistle.core.clock import zone_day
from whistle.docket import Docket
from whistle.storage import appending, sessions
from whistle.storage.errors import StorageError

HOUR = 3600
_LOG = logging.getLogger("whistle")


@dataclass(frozen=True)
class Job:
    """A name for the log, and what to do; it answers how many things it touched."""

    name: str
    run: Callable[[Docket, float], Awaitable[int]]


async def _purge_nonces(docket: Docket, now: float) -> int:
    # A challenge lives fifteen minutes: what was spent before yesterday can never come back.
    before = (date.fromisoformat(zone_day(now)) - timedelta(days=1)).isoformat()
    return await docket.db.write(lambda tx: appending.purge_spent(tx, before))


async def _purge_sessions(docket: Docket, now: float) -> int:
    return await docket.db.write(lambda tx: sessions.purge_sessions(tx, int(now)))


async def _redate(docket: Docket, now: float) -> int:
    return await refold.redate(docket, zone_day(now))


JOBS = (
    Job("nonces", _purge_nonces),
    Job("sessions", _purge_sessions),
    Job("due days", _redate),
)


async def run_once(docket: Docket, now: float) -> dict[str, int]:
    """Every job once; counts by name. Raises StorageError."""
    return {job.name: await job.run(docket, now) for job in JOBS}


async def run(docket: Docket, clock: Callable[[], float] = time.time) -> None:
    """Every job each hour until cancelled. What a full disk or a busy database stopped is due again in an hour."""
    while True:
        try:
            await run_once(docket, clock())
        except StorageError as error:
            _LOG.warning("jobs: %s", type(error).__name__)
        await asyncio.sleep(HOUR)
