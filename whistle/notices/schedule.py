"""When a message is due: pure, on seconds that a caller passes in and the zone's calendar.

A slot is a minute of the zone, `2026-11-27 08:30`, and behind it what is not a digest: ` urgent`, ` test`. Slots
compare as their moments do.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from whistle.core import calendar
from whistle.core.clock import ZONE

URGENT, TEST = "urgent", "test"
QUIET = 600  # seconds between two urgent messages to one destination
DAY = 86_400  # after which a message is given up
FIRST_WAIT = 30
_MINUTE = "%Y-%m-%d %H:%M"


def minute(now: float, kind: str = "") -> str:
    """The slot of this moment."""
    return f"{datetime.fromtimestamp(now, ZONE).strftime(_MINUTE)} {kind}".rstrip()


def kind_of(slot: str) -> str:
    """ "" for a digest, else URGENT or TEST."""
    return slot[17:]


def moment(slot: str) -> float:
    """Unix seconds at which a slot begins."""
    return datetime.strptime(slot[:16], _MINUTE).replace(tzinfo=ZONE).timestamp()


def digest_slot(now: float, hours: Sequence[str], tables: calendar.Tables) -> str:
    """The last slot of today that has begun, "" before the first and on a day of rest: what was missed is sent once,
    and on the same day only."""
    day, _, clock = minute(now).partition(" ")
    begun = [hour for hour in hours if hour <= clock]
    return f"{day} {max(begun)}" if begun and calendar.is_working(day, tables) else ""


def urgent_slot(now: float, last: str) -> str:
    """The slot for something urgent that is there now, when `last` was the one before ("" for none): at once, or as
    soon as QUIET is over; "" when a message that is still to come tells of it too."""
    since = now - moment(last) if last else QUIET
    if not -QUIET <= since < QUIET:  # further ahead than any message is put: a clock was wrong
        return minute(now, URGENT)
    return minute(moment(last) + QUIET, URGENT) if since >= 0 else ""


def wait(tries: int, longest: int, drawn: float) -> int:
    """Seconds until the next try after so many, doubled each time up to `longest`; `drawn` from 0 to 1 keeps those
    that failed together from coming back together."""
    most = min(FIRST_WAIT * 2 ** min(tries - 1, 20), longest)
    return int(most * (0.5 + drawn / 2))


def is_over(slot: str, now: float) -> bool:
    """Whether nobody needs it any more."""
    return now - moment(slot) >= DAY
