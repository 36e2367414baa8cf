"""Working days and due dates. Holidays and 调休 are data; a year without a table is provisional."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from whistle.core.errors import RuleError
from whistle.core.workflow import load

WARN = load()["warn"]  # per cent of the time gone (rules.md section 10)
MAX_LIMIT = 3650
_FIRST, _LAST = 2000, 2099
_ONE = timedelta(days=1)
_SHIPPED = Path(__file__).parent / "calendars"
# 《全国年节及纪念日放假办法》 (1949, amended 2024) article 2: the festivals, between which days of our calendar each
# falls, and its days off. 中秋 may fall into the days of 国庆节.
FESTIVALS = (
    ("元旦", "01-01", "01-01", 1),
    ("春节", "01-20", "02-24", 4),
    ("清明节", "04-04", "04-06", 1),
    ("劳动节", "05-01", "05-02", 2),
    ("端午节", "05-27", "06-26", 1),
    ("中秋节", "09-07", "10-08", 1),
    ("国庆节", "10-01", "10-03", 3),
)
_KEYS = ["v", "year", "notice", "published", "rest", "work"]


@dataclass(frozen=True)
class Table:
    """One year: days off by the State Council's notice, and the weekend days worked instead (调休)."""

    year: int
    notice: str
    published: str
    rest: frozenset[date]
    work: frozenset[date]


Tables = Mapping[int, Table]


@dataclass(frozen=True)
class Due:
    """The last day, and whether it rests on a year whose table was not loaded; `hour` of that day, -1 where
    the whole day is meant."""

    date: str
    provisional: bool
    hour: int = -1


def due(start: str, limit: int, unit: str, tables: Tables) -> Due:
    """The last day of a limit. The day of the event is not counted; a last day that is a day of rest
    moves to the next working day (民法典 201, 203). Raises RuleError for a bad day, limit or unit."""
    if unit not in ("day", "working_day"):
        raise RuleError("unit_unknown")
    if not 1 <= limit <= MAX_LIMIT:
        raise RuleError("limit_range", limit=limit)
    days = _Days(tables)
    first = check_day(start)
    last = days.after(first, limit) if unit == "working_day" else days.working_from(first + limit * _ONE)
    return Due(_text(last), days.provisional)


def due_hours(day: str, hour: int, limit: int) -> Due:
    """The end of a limit in hours, counted from the end of the hour in which it began; an hour that is not
    known is the last of its day. Hours run through nights and days of rest."""
    hours = (hour if hour >= 0 else 23) + 1 + limit
    last = check_day(day) + hours // 24 * _ONE
    return Due(_text(_in_range(last)), False, hours % 24)


def paused_days(since: str, until: str, unit: str, tables: Tables) -> tuple[int, bool]:
    """How long a pause was, in the unit of the limit it moves; and whether that is provisional."""
    if unit == "working_day":
        return working_days(since, until, tables)
    return (check_day(until) - check_day(since)).days, False


def working_days(after: str, upto: str, tables: Tables) -> tuple[int, bool]:
    """How many working days lie after one day, up to and with another; negative once it is past."""
    first, last = check_day(after), check_day(upto)
    sign = 1 if first <= last else -1
    low, high = min(first, last), max(first, last)
    days = _Days(tables)
    count = sum(days.is_working(low + n * _ONE) for n in range(1, (high - low).days + 1))
    return sign * count, days.provisional


def is_working(day: str, tables: Tables) -> bool:
    """Whether offices are open: a 调休 Saturday is, a holiday Monday is not."""
    return _Days(tables).is_working(check_day(day))


def level(start: str, due: str, today: str) -> str:
    """The colour of a running clock: "", amber and red from the table's `warn` per cent on, overdue the day
    after the last."""
    first, last, now = check_day(start), check_day(due), check_day(today)
    if now > last:
        return "overdue"
    gone, whole = (now - first).days * 100, max((last - first).days, 1)
    if gone >= WARN["red"] * whole:
        return "red"
    return "amber" if gone >= WARN["amber"] * whole else ""


def missing_year(today: str, tables: Tables, ahead: int = 60) -> int:
    """The first year without a table among today's and that of `ahead` days later, 0 when both are loaded: what
    an operator is told while there is still time to load it."""
    first = check_day(today)
    years = (first.year, (first + ahead * _ONE).year)
    return next((year for year in years if year not in tables), 0)


def check_day(text: str) -> date:
    """A day as YYYY-MM-DD between 2000 and 2099, or RuleError: nothing else is guessed at."""
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise RuleError("day_format") from error
    if day.isoformat() != text:
        raise RuleError("day_format")
    return _in_range(day)


class _Days:
    """Answers from the tables, and remembers whether any answer had to do without one."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.provisional = False

    def is_working(self, day: date) -> bool:
        weekend = day.weekday() >= 5
        table = self.tables.get(day.year)
        if table is None:
            self.provisional = True
            return not weekend and (day.month, day.day) != (1, 1)
        return day in table.work if weekend else day not in table.rest

    def working_from(self, day: date) -> date:
        while not self.is_working(_in_range(day)):
            day += _ONE
        return day

    def after(self, day: date, count: int) -> date:
        for _ in range(count):
            day = self.working_from(_in_range(day + _ONE))
        return day


def _in_range(day: date) -> date:
    if not _FIRST <= day.year <= _LAST:
        raise RuleError("day_range")
    return day


def _text(day: date) -> str:
    return day.isoformat()


def parse_table(text: str) -> Table:
    """One year's table as an administrator loads it: strict, or RuleError with what is wrong."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise RuleError("table_json") from error
    if not isinstance(value, dict) or list(value) != _KEYS or value["v"] != 1:
        raise RuleError("table_keys")
    year, notice, published = value["year"], value["notice"], value["published"]
    if type(year) is not int or not isinstance(notice, str) or not isinstance(published, str):
        raise RuleError("table_keys")
    rest, work = (_table_days(value[key], year) for key in ("rest", "work"))
    return _check_table(Table(year, notice, published, rest, work))


def _table_days(value: Any, year: int) -> frozenset[date]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RuleError("table_days")
    days = [check_day(item) for item in value]
    if days != sorted(set(days)) or any(day.year != year for day in days):
        raise RuleError("table_days", year=year)
    return frozenset(days)


def _check_table(table: Table) -> Table:
    if table.rest & table.work:
        raise RuleError("table_overlap", year=table.year)
    if any(day.weekday() < 5 for day in table.work):
        raise RuleError("table_work_on_weekday", year=table.year)
    if date(table.year, 1, 1) not in table.rest:
        raise RuleError("table_incomplete", year=table.year)
    return table


def whole_year(table: Table) -> Table:
    """The table, when it is off on every festival of the year, as an administrator types it from the notice; one that
    holds a few of them would move every deadline of the year unseen. Raises RuleError("table_festival")."""
    for name, first, last, least in FESTIVALS:
        days = [day for day in table.rest if first <= f"{day:%m-%d}" <= last]
        if len(days) < least:
            raise RuleError("table_festival", year=table.year, name=name)
    return table


def table_document(table: Table) -> dict[str, Any]:
    """The table in the form `parse_table` reads, for storage and for the browser."""
    days = {key: sorted(map(_text, getattr(table, key))) for key in ("rest", "work")}
    return {"v": 1, "year": table.year, "notice": table.notice, "published": table.published, **days}


def tables_json(tables: Tables) -> dict[str, Any]:
    """All loaded years, the year as text: what a page needs to count with us."""
    return {"years": {str(year): table_document(tables[year]) for year in sorted(tables)}}


def gather(tables: Iterable[Table]) -> dict[int, Table]:
    """Tables by year; a later one replaces an earlier one of the same year."""
    return {table.year: table for table in tables}


def shipped() -> dict[int, Table]:
    """The tables this release came with."""
    return gather(parse_table(path.read_text("utf-8")) for path in sorted(_SHIPPED.glob("*.json")))
