"""The reviewer's list: the cases he sees, page by page, each with its sealed card and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from whistle.casework import awaiting
from whistle.casework.reviewers import Casework, Reviewer
from whistle.core import calendar, deadlines
from whistle.core.case import WORKFLOW
from whistle.core.clock import zone_day, zone_hour
from whistle.core.offices import AUTHORITY
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import b64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.posts import parse_body
from whistle.docket import Rejected, register_number
from whistle.storage import cases
from whistle.storage.beside import Beside, beside
from whistle.storage.inbox import Filters, InboxRow, Page, Sight, counts, unread
from whistle.storage.inbox import inbox as rows_of
from whistle.storage.ledger import Book
from whistle.storage.records import Card, CaseRow, PostRow

# What a role without case keys sees: finance the cases that wait for money.
FINANCE_STATES = ("notified", "claimed", "paid", "forfeited", "clawback")
ORDERS = ("due", "day", "number", "state")
PAGE, MOST = 50, 200
# No number that a database cannot hold.
CURSOR = re.compile("([0-9]{1,9}_|[0-9]{4}-[0-9]{2}-[0-9]{2}_){0,2}[0-9]{0,19}", re.ASCII)


def sight(who: Reviewer, office: str) -> Sight:
    """The office's cases that he holds a key to, for finance those that wait for money, for an auditor what is to be
    destroyed and waits for him."""
    channels = who.channels_as(office, "finance")
    states = FINANCE_STATES if channels else ()
    return Sight(who.rid, channels, states, who.elsewhere(office), signs=who.channels_as(office, "auditor"))


async def inbox(casework: Casework, who: Reviewer, asked: Mapping[str, str], now: float) -> dict[str, Any]:
    """One page of rows, each with the sealed card its reader may open, the counts by state, and how many he has not
    read, counted up to MOST."""
    today, order = zone_day(now), asked.get("order", "due")
    limit, after = limit_of(asked.get("limit", str(PAGE))), asked.get("after", "")
    if order not in ORDERS or not CURSOR.fullmatch(after) or any("\0" in value for value in asked.values()):
        raise Rejected("malformed")
    filters, scope = _filters(asked, today), sight(who, casework.office)

    def read(tx: Connection) -> tuple[Page, dict[str, Card], dict[str, int], int, set[str], dict[int, Beside]]:
        if order == "state":
            page = _by_state(tx, scope, filters, after, limit)
        else:
            page = rows_of(tx, scope, filters, order=order, after=after, limit=limit)
        cards = cases.cards_for(tx, who.rid, [row.case_row.case for row in page.rows])
        held = awaiting.lacking(Book(tx, casework.office), [row.case_row for row in page.rows], int(today[:4]))
        told = beside(tx, [row.case_row.id for row in page.rows])
        return page, cards, counts(tx, scope), unread(tx, scope, MOST), held, told

    directories = await casework.docket.published.current()
    try:
        page, cards, by_state, waiting, held, told = await casework.docket.db.read(read)
    except ValueError:  # a cursor of another order
        raise Rejected("malformed") from None
    rows = [
        _row(casework, each, cards.get(each.case_row.case), now)
        | {"held": each.case_row.case in held, **_beside(directories, each.case_row, told[each.case_row.id])}
        for each in page.rows
    ]
    return {"rows": rows, "next": page.next, "counts": by_state, "unread": waiting, "today": today}


def _by_state(tx: Connection, scope: Sight, filters: Filters, after: str, limit: int) -> Page:
    """State after state in the order of the table, each by its days; the cursor begins with the state's place in it."""
    states = list(WORKFLOW["states"])
    first, _, place = after.partition("_") if after else ("0", "", "")
    rows: list[InboxRow] = []
    for number, state in list(enumerate(states))[int(first) :]:
        if filters.state not in ("", state):
            continue
        page = rows_of(tx, scope, replace(filters, state=state), "due", after=place, limit=limit - len(rows))
        rows, place = [*rows, *page.rows], ""
        if len(rows) == limit:
            # Behind the last row of a state the next begins at its own first.
            return Page(rows, f"{number}_{page.next}" if page.next else _next_state(states, number, filters.state))
    return Page(rows, "")


def _next_state(states: list[str], number: int, alone: str) -> str:
    """Where one state `alone` is asked for, nothing is behind it."""
    return f"{number + 1}_" if not alone and number + 1 < len(states) else ""


def _beside(directories: Directories, row: CaseRow, told: Beside) -> dict[str, Any]:
    """Labels of who looks into it, how much she said that nobody has answered, how many files of hers there are."""
    channel = directories.channel(directories.newest_hash, row.channel)
    readers = channel["readers"] if channel else ()
    gone = {each["person"] for each in readers if each["rid"] in told.hidden}  # excluded since, or stepped back
    labels = {each["person"]: each["label"] for each in readers if each["person"] not in gone}
    seated = [labels[person] for person in _verifiers(told.seated) if person in labels]
    return {"seated": seated, "said": told.said, "files": told.files}


def _verifiers(body: bytes | None) -> Sequence[str]:
    """Who is seated to look into it; nobody by a body that does not read: one such case never takes the list away."""
    try:
        return dict(parse_body(body)["seats"]).get("verifier", ()) if body else ()
    except EnvelopeError:
        return ()


def limit_of(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,3}", text, re.ASCII):
        raise Rejected("malformed")
    return min(int(text), MOST)


def _filters(asked: Mapping[str, str], today: str) -> Filters:
    def on(name: str) -> bool:
        return asked.get(name) == "1"

    return Filters(
        state=asked.get("state", ""),
        category=asked.get("category", ""),
        sector=asked.get("sector", ""),
        channel=asked.get("channel", ""),
        urgent=on("urgent"),
        overdue_before=today if on("overdue") else "",
        unread=on("unread"),
        mine=on("mine"),
    )


def _row(casework: Casework, row: InboxRow, card: Card | None, now: float) -> dict[str, Any]:
    facts = row.case_row
    return {
        "case": facts.case,
        "number": register_number(facts.year, facts.number),
        "state": facts.state,
        "due": facts.due,
        "step": facts.step,
        "provisional": facts.provisional,
        "level": level_of(casework, facts, now),
        "day": facts.day,
        "category": facts.category,
        "sector": facts.sector,
        "urgent": facts.urgent,
        "channel": facts.channel,
        "unread": row.unread,
        "card": card and _card(card),
    }


def level_of(casework: Casework, row: CaseRow, now: float) -> str:
    """The colour of a row, by the start of its own clock; an urgent one's by the hour. A reporter's time has none."""
    if not row.due or not row.since:
        return ""
    end = calendar.Due(row.due, False)
    if row.step == "dispatch":  # an authority's alone: nothing is urgent where nobody is on duty
        hours = casework.docket.processes[AUTHORITY].on(row.day).step("dispatch").limit
        end = calendar.due_hours(row.day, row.hour, hours)
    return deadlines.level(row.since, end, zone_day(now), zone_hour(now))


def _card(card: Card) -> dict[str, Any]:
    same = card.granter.hash == card.carrier.hash
    return {
        "carrier": _post(card.carrier),
        "index": card.index,
        "granter": None if same else _post(card.granter),
        "grant": b64(card.grant),
        "row": card.row,
        "item": card.item,
        "blob": b64(card.blob),
    }


def _post(post: PostRow) -> dict[str, str]:
    return {"head": post.head.decode(), "sig": b64(post.sig), "body": (post.body or b"").decode()}
