"""What a reader's browser searches: page by page the words of every case he holds a key to, sealed as they are. One
entry of the audit stands for all of them (docs/decisions/0016-search-in-the-readers-browser.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from whistle.casework.reading import sighted
from whistle.casework.reviewers import Casework, Reviewer, need
from whistle.core.clock import zone_day
from whistle.crypto.items import TEXT_SIZES, blob_size
from whistle.docket import Loaded, Rejected, register_number, shown
from whistle.storage import cases
from whistle.storage.inbox import Filters, Sight, counts
from whistle.storage.inbox import inbox as rows_of

# Card, report, talk, extract and findings. An identity and what stands round the money are not searched: each opening
# of those is an entry of its own.
SEARCHED = ("card", "report", "thread", "work")
SIZES = {comp: blob_size(TEXT_SIZES[comp]) for comp in SEARCHED}  # of words; files are not searched
PAGE = 100  # cases looked at for one answer
MOST = 2_097_152  # sealed bytes of an answer; the case that goes past it ends the page
UNTOUCHED = "received"  # the state before the office's first act
CURSOR = re.compile("[0-9]{0,19}", re.ASCII)
LARGEST = 2**63


@dataclass(frozen=True)
class Searched:
    """A page as it is told, and how many cases the entry of it counts: those that the office has acted on. How many
    there were before that would say, from one search to the next, when a report came."""

    told: dict[str, Any]
    counted: int


async def read(casework: Casework, who: Reviewer, now: float, after: str = "") -> Searched:
    """The newest cases first. `next`: behind which the next page begins, "" at the end; `all`: how many cases he
    holds. A case that he may not open is not among them, whatever key of it he holds."""
    need(who, casework.office)
    if not CURSOR.fullmatch(after) or int(after or 0) >= LARGEST:
        raise Rejected("malformed")
    sight = Sight(who.rid, elsewhere=who.elsewhere(casework.office))
    page, by_state = await casework.docket.db.read(
        lambda tx: (rows_of(tx, sight, Filters(), order="day", after=after, limit=PAGE), counts(tx, sight))
    )
    lines: list[dict[str, Any]] = []
    following, size = page.next, 0
    for at, row in enumerate(page.rows, 1):
        line, weight = await _line(casework, who, row.case_row.case)
        lines += [line] if line else []
        size += weight
        if size > MOST and at < len(page.rows):
            following = str(row.case_row.id)
            break
    told = {"cases": lines, "next": following, "all": sum(by_state.values()), "today": zone_day(now)}
    return Searched(told, sum(n for state, n in by_state.items() if state != UNTOUCHED))


async def _line(casework: Casework, who: Reviewer, case: str) -> tuple[dict[str, Any] | None, int]:
    """A case as it is opened, with nothing but words among its items, and the weight of them; None for one that he may
    not open."""
    with suppress(Rejected):
        loaded = await sighted(casework, who, case)
        return await casework.docket.db.read_now(lambda tx: _served(tx, loaded, who))
    return None, 0


def _served(tx: Connection, loaded: Loaded, who: Reviewer) -> tuple[dict[str, Any], int]:
    row, words = loaded.row, _words(loaded)
    keys = [key for key in cases.grants_for(tx, row.case, who.rid) if any(item in words for item, _ in key.items)]
    blobs = cases.load_items(tx, row.case, {item for key in keys for item, _ in key.items if item in words})
    posts = cases.load_posts(tx, row.case)
    line = {
        "case": row.case,
        "number": register_number(row.year, row.number),
        "state": row.state,
        "day": row.day,
        "posts": [shown(post, keys, blobs) for post in posts],
    }
    sealed = sum(map(len, blobs.values())) + sum(len(key.sealed) for key in keys)
    return line, sealed + sum(len(post.head) + len(post.body or b"") for post in posts)


def _words(loaded: Loaded) -> set[str]:
    """The items of the case that are words, by what their authors signed of them."""
    entries = (entry for act in loaded.chain.acts for entry in act.items)
    return {entry["id"] for entry in entries if _is_words(entry)}


def _is_words(entry: Mapping[str, Any]) -> bool:
    return bool(SIZES.get(entry["comp"]) == entry["len"])
