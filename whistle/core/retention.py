"""How long what is sealed in a case is kept: a schedule, which is data, held against the fold of a case.

Time destroys nothing. From the day that a schedule names a leader may ask, and seven days later another person may
sign; until both have, everything stays.
"""

import calendar
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from whistle.core.case import WORKFLOW, Case
from whistle.core.errors import RuleError

_DEFAULT = Path(__file__).with_name("retention.toml")
OUTCOMES = ("withdrawn", "not_investigated", "without_award", "with_award")
_ID = re.compile("[A-Z0-9][A-Z0-9-]{0,31}", re.ASCII)
MOST = 1200  # months: a hundred years


@dataclass(frozen=True)
class Schedule:
    """`months` by outcome and scope; `source`: "default", or the document that the figures stand in."""

    id: str
    source: str
    months: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Term:
    """From `until` on a scope of this case may be destroyed; `basis` is the schedule, the outcome and the scope, as
    `destroy.ask` names it."""

    scope: str
    until: str
    basis: str


def read(text: str) -> Schedule:
    """A schedule from its TOML. Raises RuleError("retention") for anything that is not exactly one."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise RuleError("retention") from None
    months = {outcome: _months(table.get(outcome, {})) for outcome in OUTCOMES}
    named, source = table.get("id"), table.get("source")
    if not isinstance(named, str) or not _ID.fullmatch(named) or not isinstance(source, str) or not source:
        raise RuleError("retention")
    if table.keys() - {"id", "source", *OUTCOMES}:
        raise RuleError("retention")
    return Schedule(named, source, months)


def default_schedule() -> Schedule:
    """The one that this program ships: its own figures, which no law names."""
    return read(_DEFAULT.read_text(encoding="utf-8"))


def told(schedule: Schedule) -> dict[str, Any]:
    """The schedule as pages tell it: `source`, and `months` by outcome and scope."""
    return {"source": schedule.source, "months": {outcome: dict(row) for outcome, row in schedule.months.items()}}


def _months(row: Any) -> dict[str, int]:
    if not isinstance(row, dict) or row.keys() - WORKFLOW["scopes"].keys():
        raise RuleError("retention")
    if any(type(months) is not int or not 0 <= months <= MOST for months in row.values()):
        raise RuleError("retention")
    return row


def terms(case: Case, schedule: Schedule) -> list[Term]:
    """What of this case may go, and from which day, in the order of the scopes; nothing that is destroyed already, and
    nothing of a case that is neither closed nor withdrawn."""
    found = (_term(case, scope, schedule) for scope in case.workflow["scopes"] if scope not in case.destroyed)
    return [term for term in found if term is not None]


def _term(case: Case, scope: str, schedule: Schedule) -> Term | None:
    outcome, since = _outcome(case, scope)
    months = schedule.months.get(outcome, {}).get(scope)
    if months is None:
        return None
    return Term(scope, later(since, months), f"{schedule.id}:{outcome}:{scope}")


def _outcome(case: Case, scope: str) -> tuple[str, str]:
    """How the case ended, and the day from which its terms count; "" while it is open and nothing is withdrawn."""
    if case.withdrawn in case.workflow["withdrawn_first"].get(scope, ()):
        return "withdrawn", case.taken_on
    if not case.is_final:
        return "", ""
    if case.withdrawn == "report":
        return "withdrawn", case.closed_on
    if "pay" in case.acted:
        return "with_award", case.closed_on
    return ("without_award" if "finding" in case.acted else "not_investigated"), case.closed_on


def later(day: str, months: int) -> str:
    """The same day so many months later, or the last of a month that has no such day. The calendar ends in 9999."""
    start = date.fromisoformat(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1])).isoformat()
