"""Approved awards that wait: for money in the year's budget, or for the finance department's concurrence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from whistle.casework import entries
from whistle.core.grounds import OTHERS, Sums
from whistle.crypto.posts import parse_body
from whistle.docket import register_number, register_place
from whistle.storage import cases, ledger, numbered
from whistle.storage.ledger import Book
from whistle.storage.records import CaseRow

APPROVED = "reward_approved"
CURSOR = re.compile("([0-9TZ:-]{10,20})_([0-9]{4})_([0-9]{1,9})", re.ASCII)  # an award's place
# From the approval to the payment: as long as it is not paid, the finance department can still concur.
UNPAID = (APPROVED, "notified", "claimed")


@dataclass(frozen=True)
class Award:
    """An award that is approved and not paid; day, hash and the minute it was signed are those of the approval."""

    case: CaseRow
    fen: int
    day: str
    approval: str
    when: str

    @property
    def place(self) -> tuple[str, int, int]:
        """Where it stands among those that wait: by the minute the leader signed, and within it by register number.
        No order of arrival is kept."""
        return self.when, self.case.year, self.case.number

    @property
    def number(self) -> str:
        return register_number(self.case.year, self.case.number)

    def plain(self) -> dict[str, Any]:
        """What finance may know of it: number, sum, day; never the case id."""
        return {"number": self.number, "fen": self.fen, "day": self.day}


def approved(book: Book, *states: str, among: list[int] | None = None) -> Iterator[Award]:
    """The approved awards of cases in these states, the oldest approval first."""
    found = numbered.newest(book.tx, book.office, "award.approve", states, among)
    awards = [
        Award(each.case, parse_body(each.body)["fen"], each.day, each.hash, json.loads(each.head)["when"])
        for each in found
    ]
    yield from sorted(awards, key=lambda award: award.place)


def approved_in(book: Book, number: str, *states: str) -> Award | None:
    """The approved award of the case with this register number, while the case is in one of these states."""
    place = register_place(number)
    id_ = cases.id_of(book.tx, book.office, *place) if place else None
    return next(approved(book, *states, among=[id_]), None) if id_ is not None else None


def for_funds(book: Book, year: int, *, after: str = "", limit: int = 0) -> dict[str, Any]:
    """What waits for money: how many, the sum, since when, what the year's budget lacks for all of them; and one page
    of them, `limit` 0 for all, each with whether it is borne when the oldest go first. Sums in fen. ValueError for a
    cursor that is not ours."""
    waiting = [award for award in approved(book, APPROVED) if entries.is_held(book, award.number)]
    left, total = ledger.balance(book, year).left, sum(award.fen for award in waiting)
    return {
        "count": len(waiting),
        "fen": total,
        "since": waiting[0].day if waiting else "",
        "short": max(total - left, 0),
        **_page(list(_borne(waiting, left)), after, limit),
    }


Shown = tuple[Award, dict[str, Any]]  # and what finance is told of it


def _page(listed: list[Shown], after: str, limit: int) -> dict[str, Any]:
    """The awards behind a cursor, and where the next page begins, "" at the end."""
    first = _place(after)
    behind = [each for each in listed if each[0].place > first]
    here = behind[:limit] if limit else behind
    following = "_".join(map(str, here[-1][0].place)) if len(behind) > len(here) else ""
    return {"awards": [told for _, told in here], "next": following}


def _place(cursor: str) -> tuple[str, int, int]:
    if not cursor:
        return "", 0, 0
    if not (found := CURSOR.fullmatch(cursor)):
        raise ValueError("not a cursor of ours")
    return found[1], int(found[2]), int(found[3])


def _borne(waiting: list[Award], left: int) -> Iterator[Shown]:
    for award in waiting:
        is_borne = award.fen <= left
        left -= award.fen if is_borne else 0
        yield award, award.plain() | {"borne": is_borne}


def lacking(book: Book, rows: Iterable[CaseRow], year: int) -> set[str]:
    """Of these cases, those with an approved award that the year's budget does not bear now: their ids."""
    held = [row.id for row in rows if row.state == APPROVED and entries.is_held(book, _number(row))]
    if not held:
        return set()
    left = ledger.balance(book, year).left
    return {award.case.case for award in approved(book, APPROVED, among=held) if award.fen > left}


def for_concurrence(book: Book, large: int, *, after: str = "", limit: int = 0) -> dict[str, Any]:
    """One page of the awards of a large sum, in fen, that the finance department has not concurred in; none where
    `large` is 0. Each names its approval: a concurrence does so too. ValueError for a cursor that is not ours."""
    found = approved(book, *UNPAID) if large else ()
    asked = [award for award in found if needs_concurrence(book, award.number, award.approval, award.fen, large)]
    return _page([(award, award.plain() | {"approval": award.approval}) for award in asked], after, limit)


def needs_concurrence(book: Book, number: str, approval: str, fen: int, large: int) -> bool:
    """Whether an approval of this sum still waits for the finance department."""
    return 0 < large <= fen and "concur" not in entries.papers_of(book, number, approval)


def for_papers(book: Book, sums: Sums, *, after: str = "", limit: int = 0) -> dict[str, Any]:
    """From which sum on each other paper is asked for, and one page of the awards, `limit` 0 for all, that lack one.
    ValueError for a cursor that is not ours."""
    methods = {}
    if any(map(sums.of, OTHERS)):
        found = numbered.newest(book.tx, book.office, "claim", UNPAID)
        methods = {each.case.id: str(parse_body(each.body)["method"]) for each in found}
    shown = list[Shown]()
    for award in approved(book, *UNPAID) if any(map(sums.of, OTHERS)) else ():
        lacks = lacking_papers(book, sums, award.number, award.approval, award.fen, methods.get(award.case.id, ""))
        if asks := [kind for kind in lacks if kind in OTHERS]:
            shown.append((award, award.plain() | {"approval": award.approval, "asks": asks}))
    return {"from": {kind: sums.of(kind) for kind in OTHERS}, **_page(shown, after, limit)}


def lacking_papers(book: Book, sums: Sums, number: str, approval: str, fen: int, method: str) -> list[str]:
    """The papers that an approval of this sum needs and does not have yet."""
    asked = list(sums.asked(fen, method))
    here = entries.papers_of(book, number, approval) if asked else set()
    return [kind for kind in asked if kind not in here]


def _number(row: CaseRow) -> str:
    return register_number(row.year, row.number)
