"""When a clock of a case ends: the process pack's limit, moved by pauses; or the day that a post named."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from whistle.core import calendar, rulebook
from whistle.core.calendar import Due, Tables
from whistle.core.packs import Pack
from whistle.core.record import Clock

PAUSED = "paused"  # the step of a case whose every clock of the office stands still
EXTENDED = "{step}_extended"
OFFICE = "office"  # whose clock can be overdue; a reporter's time only runs out


class Limits(Protocol):
    """Which pack sets the limit of a clock: the one of the day it began (core/process), or one for every day."""

    def on(self, day: str) -> Pack: ...


def due_of(clock: Clock, process: Limits, years: Tables, hour: int = -1) -> Due:
    """The end of a clock. `hour` is that of receipt, known for urgent reports only; an open pause counts
    only once it has ended. Raises RuleError."""
    pack = process.on(clock.start)
    limit = None if clock.due else pack.step(clock.step)
    if limit and limit.unit == "hour":
        return calendar.due_hours(clock.start, hour, limit.limit)
    pauses = _ended(clock.pauses[clock.counted :])
    if limit is None:
        return _moved(clock.due, pauses, years)
    return rulebook.deadline(pack, clock.step, clock.start, years, pauses)


def furthest(clock: Clock, process: Limits, years: Tables) -> Due:
    """The last day to which this clock may be extended, by all its pauses."""
    return rulebook.deadline(
        process.on(clock.start), EXTENDED.format(step=clock.step), clock.start, years, _ended(clock.pauses)
    )


def regular(clock: Clock, process: Limits, years: Tables) -> Due:
    """The day it would have ended without any extension."""
    return rulebook.deadline(process.on(clock.start), clock.step, clock.start, years, _ended(clock.pauses))


def soonest(clocks: Iterable[Clock], process: Limits, years: Tables, hour: int = -1) -> tuple[Clock | None, Due | None]:
    """The running clock of the office that ends first, and when; only where none of its own runs, the reporter's."""
    running = [(due_of(each, process, years, hour), each) for each in clocks if not each.stop and not each.is_paused]
    if not running:
        return None, None
    due, clock = min(running, key=lambda pair: (pair[1].whose != OFFICE, pair[0].date, pair[0].hour < 0, pair[0].hour))
    return clock, due


def as_told(hers: Iterable[Clock], office: Iterable[Clock]) -> tuple[Clock, ...]:
    """The reporter's clocks, held by the office's pauses that have ended: the day she is told is the day that binds.

    An open pause is not told: how long it will last nobody knows yet."""
    known = {(clock.step, clock.start): clock for clock in office}
    return tuple(_held(clock, known.get((clock.step, clock.start), clock)) for clock in hers)


def _held(clock: Clock, like: Clock) -> Clock:
    return replace(clock, pauses=tuple(_ended(like.pauses)), counted=like.counted)


def level(start: str, due: Due, today: str, hour: int) -> str:
    """The colour of a clock at this hour of the zone: one in hours is red until it is overdue."""
    if due.hour < 0:
        return calendar.level(start, due.date, today)
    return "overdue" if (today, hour) >= (due.date, due.hour) else "red"


def _ended(pauses: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(since, until) for since, until in pauses if until]


def _moved(day: str, pauses: list[tuple[str, str]], years: Tables) -> Due:
    """A day that a post named: further by the days of the pauses after it, then to a working day."""
    days = sum(calendar.paused_days(since, until, "day", years)[0] for since, until in pauses)
    if not days:
        return Due(day, False)
    start = (calendar.check_day(day) - timedelta(days=1)).isoformat()
    return calendar.due(start, days + 1, "day", years)
