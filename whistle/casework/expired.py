"""The cases of which something may be destroyed by now, closed or withdrawn, for who asks and signs."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import partial
from typing import Any

from whistle.casework import custody
from whistle.casework.reading import sighted
from whistle.casework.reviewers import Casework, Reviewer, need
from whistle.core.clock import zone_day
from whistle.docket import Loaded, Rejected, register_number
from whistle.storage import cases

HOLDS = ("hold", "audit.hold")
PAGE = 50  # cases looked at for one answer
CURSOR = re.compile("[0-9]{0,19}", re.ASCII)
MOST = 2**63  # no number that a database cannot hold


async def read(casework: Casework, who: Reviewer, now: float, after: str) -> dict[str, Any]:
    """For leaders and auditors, the oldest reports first; those he is shut out of are not among them. `next`: behind
    which the next page begins, "" at the end."""
    need(who, casework.office, "leader", "auditor")
    if not CURSOR.fullmatch(after) or int(after or 0) >= MOST:
        raise Rejected("malformed")
    today, place = zone_day(now), int(after or 0)
    found = await casework.docket.db.read(partial(cases.iter_ended, office=casework.office, after_id=place, limit=PAGE))
    lines = [await _line(casework, who, row.case, today) for row in found]
    last = str(found[-1].id) if len(found) == PAGE else ""
    return {"rows": [line for line in lines if line], "next": last, "today": today}


async def _line(casework: Casework, who: Reviewer, case: str, today: str) -> dict[str, Any] | None:
    with suppress(Rejected):
        return _told(casework, await sighted(casework, who, case), today)
    return None


def _told(casework: Casework, loaded: Loaded, today: str) -> dict[str, Any] | None:
    """One case, None where nothing of it may go yet."""
    terms = [term for term in custody.terms(casework, loaded) if term.until <= today]
    if not terms:
        return None
    asked, row = {each.scope: each.day for each in loaded.folded.destructions}, loaded.row
    return {
        "case": row.case,
        "number": register_number(row.year, row.number),
        "day": row.day,
        "closed": loaded.folded.closed_on,
        "held": any(mark in HOLDS for mark in loaded.folded.marks),
        "terms": [{"scope": each.scope, "until": each.until, "asked": asked.get(each.scope, "")} for each in terms],
    }
