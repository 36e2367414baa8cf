"""What is overdue and what soon will be, for those who answer for it, and how the month stands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from whistle import docket
from whistle.casework import bulletin
from whistle.casework.desk import Casework, Reviewer, need
from whistle.casework.reading import MOST, level_of, sight
from whistle.core import statistics
from whistle.core.clock import zone_day
from whistle.core.statistics import Month, Terms
from whistle.storage.inbox import InboxRow, inbox

READERS = ("leader", "intake")
LEVELS = ("overdue", "red", "amber")


async def read(desk: Casework, who: Reviewer, now: float) -> dict[str, Any]:
    """His cases whose clock is amber, red or past, the soonest first, and the month's rate over all cases: of the
    steps that ended in it or run on past their day, those that are late."""
    need(who, *READERS)
    book, month = desk.docket, zone_day(now)[:7]
    terms = Terms(book.workflow, book.process, book.years, zone_day(now))

    def ask(tx: Connection) -> tuple[list[InboxRow], Month]:
        page = inbox(tx, sight(who), order="due", limit=MOST)
        (counted,) = statistics.months([month], bulletin.facts(tx, terms), (), terms)
        return page.rows, counted

    rows, counted = await book.db.read(ask)
    listed = [(each, level_of(desk, each.case_row, now)) for each in rows]
    return {
        "rows": [_row(each, level) for each, level in listed if level in LEVELS],
        "month": {"month": month, "steps": counted.steps, "late": counted.late},
        "today": zone_day(now),
    }


def _row(row: InboxRow, level: str) -> dict[str, Any]:
    facts = row.case_row
    return {
        "case": facts.case,
        "number": docket.register_number(facts.year, facts.number),
        "state": facts.state,
        "step": facts.step,
        "due": facts.due,
        "level": level,
    }
