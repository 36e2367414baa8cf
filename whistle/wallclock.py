"""The wall clock of a door, believed while it keeps step and is neither behind what is stored nor far ahead of it.

A post bears its door's day for good. One dated two days ahead shuts its case until the time has caught up, and jobs
that see next year clear what is still wanted: so while the clock is in doubt, nothing is taken and nothing is cleared.
"""

from __future__ import annotations

import contextlib
import ctypes
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from whistle.core.clock import zone_day
from whistle.docket import Rejected
from whistle.storage import cases, meta

STEP = 600.0  # seconds; what time servers put right at once is less, what moves a day is more
AHEAD = 3  # days that a house may have stood still before its machine's word alone is not enough
ACCEPTED = "days_accepted"
CONFIRMED = "day_confirmed"
_UNSYNCHRONIZED = 5  # what adjtimex(2) answers where no time server keeps the clock
_TIMEX = 512  # bytes, more than any kernel's struct timex


def steady() -> float:
    """Seconds that nobody can set, running through sleep as the wall clock does."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def is_served() -> bool:
    """Whether a time server keeps this machine's clock, as its kernel says; False where that cannot be asked."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX))
    except (AttributeError, OSError):
        return False
    return 0 <= int(state) < _UNSYNCHRONIZED


def days_ahead(today: str, seen: str) -> int:
    """Days by which a clock runs before the last day this house is known to have lived, when they need a witness; 0
    while they are few, or nothing is known."""
    days = (date.fromisoformat(today) - date.fromisoformat(seen)).days if seen else 0
    return days if days > AHEAD else 0


class WallClock:
    """Call it for the time. `newest` is the last day that posts in the store bear, `seen` the last one on which this
    house is known to have run, "" for none.

    A start is believed when the day is not before `newest`, and not more than AHEAD days after `seen` unless a time
    server vouches for it. From then on the wall clock and the steady one must go on together: a step between them is
    in doubt until it is taken back, or until a new start of the door confirms it."""

    def __init__(
        self,
        newest: str,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = steady,
        seen: str = "",
        served: Callable[[], bool] = is_served,
    ) -> None:
        self._newest, self._wall, self._steady, self._seen, self._served = newest, wall, steady, seen, served
        self._apart: float | None = None

    def __call__(self) -> float:
        """Unix seconds. Raises Rejected("clock_doubt")."""
        if self.is_in_doubt():
            raise Rejected("clock_doubt")
        return self._wall()

    def is_in_doubt(self) -> bool:
        now = self._wall()
        if self._apart is None:
            today = zone_day(now)
            if today < self._newest or (days_ahead(today, self._seen) and not self._served()):
                return True
            self._apart = now - self._steady()
        return abs(now - self._steady() - self._apart) > STEP


def newest_day(tx: Connection) -> str:
    """The last day in the store that speaks against an earlier one: posts dated ahead that the operator has
    accepted (`whistle clock --accept`) do not."""
    found = cases.newest_day(tx)
    return "" if found == meta.get(tx, ACCEPTED) else found


def accept(tx: Connection, today: str = "") -> None:
    """The operator says that this machine is right today, and what bears later days was made while it was not."""
    meta.put(tx, ACCEPTED, cases.newest_day(tx))
    meta.put(tx, CONFIRMED, today)


def last_seen(tx: Connection, data: Path) -> str:
    """The last day on which this house is known to have lived: of its posts, of the operator's word, of the marks that
    running doors leave in the data folder; "" for a new one."""
    return max(newest_day(tx), meta.get(tx, CONFIRMED), *map(_read, data.glob("*.day")), "")


def mark_day(data: Path, door: str, day: str) -> None:
    """A door that believes its clock was running on this day. Raises OSError."""
    mark = data / f"{door}.day"
    if _read(mark) != day:
        mark.write_text(day, encoding="ascii")


def _read(mark: Path) -> str:
    """The day in a mark; "" for anything else that stands there, or nothing."""
    with contextlib.suppress(OSError, ValueError):
        return date.fromisoformat(mark.read_text(encoding="ascii").strip()).isoformat()
    return ""
