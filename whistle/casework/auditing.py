"""The audit as people of the office read it: the auditor's page, and who opened a case."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from whistle.casework.looking import IDENTITY
from whistle.casework.reading import sighted
from whistle.casework.reviewers import Casework, Reviewer, labels_ever, need
from whistle.docket import Loaded, Rejected
from whistle.storage import audit
from whistle.storage.audit import Seen

PAGE = 100
READERS = ("leader", "auditor")  # of who opened a case
OPENINGS = ("case", "item", IDENTITY, audit.SEARCH)
_DAY, _ROW, _NAME = (re.compile(form, re.ASCII) for form in ("(?:20[0-9-]{8})?", "[0-9]{0,9}", "[A-Za-z0-9_-]{0,64}"))


async def page(
    casework: Casework, who: Reviewer, *, person: str = "", case: str = "", day: str = "", before: str = ""
) -> dict[str, Any]:
    """What a person of the office opened or did, what was opened of a case, what was opened on a day; a page of rows,
    the newest first, and the people there are to choose from. Today's openings that wait for the night come first,
    without a number."""
    need(who, casework.office, "auditor")
    forms = ((_NAME, person), (_NAME, case), (_DAY, day), (_ROW, before))
    if not all(form.fullmatch(text) for form, text in forms):
        raise Rejected("malformed")
    asked: dict[str, Any] = {"rid": person or None, "case": case, "day": day, "before": int(before or 0)}
    found = await casework.docket.db.read(lambda tx: audit.find(tx, **asked, office=casework.office, limit=PAGE))
    labels = labels_ever(await casework.docket.published.current(), casework.office)
    numbers = [each.no for each in found if each.no]
    people = [{"rid": rid, "label": label} for rid, label in sorted(labels.items(), key=lambda one: one[1])]
    following = str(numbers[-1]) if len(numbers) == PAGE else ""
    return {"rows": [_row(each, labels) for each in found], "next": following, "people": people}


async def openings(casework: Casework, who: Reviewer, case: str, before: str = "") -> dict[str, Any]:
    """Who opened a case, its files or its identity, and when; before the office's first act the day alone; and who
    searched all that he held while a key of this case was among it: a page of them, the newest first. For a leader and
    an auditor who may see the case."""
    if not _ROW.fullmatch(before):
        raise Rejected("malformed")
    loaded = await sighted(casework, who, case)
    if not any(loaded.row.channel in who.channels_as(casework.office, role) for role in READERS):
        raise Rejected("wrong_role")
    since = _held_since(loaded)
    asked: dict[str, Any] = {"before": int(before or 0), "limit": PAGE + 1}
    opened, searched = await casework.docket.db.read(
        lambda tx: (
            audit.find(tx, case=case, office=casework.office, **asked),
            audit.searches(tx, casework.office, since, **asked),
        )
    )
    found = sorted([*opened, *searched], key=_when, reverse=True)
    waiting, numbered = [each for each in found if not each.no], [each for each in found if each.no]
    labels = labels_ever(await casework.docket.published.current(), casework.office)
    rows = [_row(each, labels) for each in [*waiting, *numbered[:PAGE]] if each.entry.act in OPENINGS]
    return {"rows": rows, "next": str(numbered[PAGE - 1].no) if len(numbered) > PAGE else ""}


def _held_since(loaded: Loaded) -> dict[str, str]:
    """Who was given a key of the case, and on which day first."""
    since: dict[str, str] = {}
    for act in loaded.chain.acts:
        for grant in act.grants:
            since.setdefault(grant["to"], act.day)
    return since


def _when(seen: Seen) -> tuple[bool, int]:
    """What waits for the night is the newest."""
    return not seen.no, seen.no


def _row(each: Seen, labels: dict[str, str]) -> dict[str, Any]:
    return {"no": each.no, **asdict(each.entry), "label": labels.get(each.entry.rid, "")}
