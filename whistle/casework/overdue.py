"""What is overdue and what soon will be, for those who answer for it, and how the month stands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from whistle.casework import bulletin
from whistle.casework.listing import CURSOR, MOST, level_of, limit_of, sight
from whistle.casework.reviewers import Casework, Reviewer, need
from whistle.core import statistics
from whistle.core.clock import zone_day
from whistle.core.statistics import Month
from whistle.docket import Rejected, register_number
from whistle.storage.inbox import Filters, InboxRow, Page, inbox

READERS = ("leader", "intake")
LEVELS = ("overdue", "red", "amber")


async def read(casework: Casework, who: Reviewer, now: float, after: str = "", limit: str = "") -> dict[str, Any]:
    """One page of his cases whose clock is amber, red or past, the soonest first, and where the next begins.
    A page holds what is due among so many cases in hand, so it may be short, or empty, before the last."""
    need(who, casework.office, *READERS)
    if not CURSOR.fullmatch(after):
        raise Rejected("malformed")
    size = limit_of(limit or str(MOST))

    def ask(tx: Connection) -> Page:
        return inbox(tx, sight(who, casework.office), Filters(owed=True), order="due", after=after, limit=size)

    try:
        page = await casework.docket.db.read(ask)
    except ValueError:  # no cursor of ours
        raise Rejected("malformed") from None
    listed = [(each, level_of(casework, each.case_row, now)) for each in page.rows]
    return {
        "rows": [_row(each, level) for each, level in listed if level in LEVELS],
        "next": page.next,
        "today": zone_day(now),
    }


async def rate(casework: Casework, who: Reviewer, now: float) -> dict[str, Any]:
    """How the month stands over the office's cases: of the steps that ended in it or run on past their day, those that
    are late. It folds the clocks of every case of the month, so it is asked for by itself and not with each page."""
    need(who, casework.office, *READERS)
    docket, month = casework.docket, zone_day(now)[:7]
    terms = bulletin.terms_of(docket, await docket.published.current(), zone_day(now))

    def count(tx: Connection) -> Month:
        (counted,) = statistics.months([month], bulletin.timed_facts(tx, terms, month, casework.office), (), terms)
        return counted

    counted = await docket.db.read(count)
    return {"month": month, "steps": counted.steps, "late": counted.late}


def _row(row: InboxRow, level: str) -> dict[str, Any]:
    facts = row.case_row
    return {
        "case": facts.case,
        "number": register_number(facts.year, facts.number),
        "state": facts.state,
        "step": facts.step,
        "due": facts.due,
        "level": level,
    }
