"""Approved awards that wait: for money in the year's budget, or for the finance department's concurrence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from whistle.casework import entries
from whistle.crypto.posts import parse_body
from whistle.docket import register_number
from whistle.storage import ledger, registry
from whistle.storage.records import CaseRow

APPROVED = "reward_approved"
# From the approval to the payment: as long as it is not paid, the finance department can still concur.
UNPAID = (APPROVED, "notified", "claimed")


@dataclass(frozen=True)
class Award:
    """An award that is approved and not paid; the day and the hash are those of the approval."""

    case: CaseRow
    fen: int
    day: str
    approval: str

    @property
    def number(self) -> str:
        return register_number(self.case.year, self.case.number)

    def told(self) -> dict[str, Any]:
        """What finance may know of it: number, sum, day; never the case id."""
        return {"number": self.number, "fen": self.fen, "day": self.day}


def approved(tx: Connection, *states: str, among: list[int] | None = None) -> Iterator[Award]:
    """The approved awards of cases in these states, the oldest approval first."""
    for row, approval, day, body in registry.newest(tx, "award.approve", states, among):
        yield Award(row, parse_body(body)["fen"], day, approval)


def for_funds(tx: Connection, year: int) -> dict[str, Any]:
    """What waits for money: how many, the sum, since when, what the year's budget lacks for all of them, and each with
    whether it is borne when the oldest go first. Sums in fen."""
    waiting = [award for award in approved(tx, APPROVED) if entries.is_held(tx, award.number)]
    left, total = ledger.balance(tx, year).left, sum(award.fen for award in waiting)
    return {
        "count": len(waiting),
        "fen": total,
        "since": waiting[0].day if waiting else "",
        "short": max(total - left, 0),
        "awards": list(_borne(waiting, left)),
    }


def _borne(waiting: list[Award], left: int) -> Iterator[dict[str, Any]]:
    for award in waiting:
        is_borne = award.fen <= left
        left -= award.fen if is_borne else 0
        yield award.told() | {"borne": is_borne}


def lacking(tx: Connection, rows: Iterable[CaseRow], year: int) -> set[str]:
    """Of these cases, those with an approved award that the year's budget does not bear now: their ids."""
    held = [row.seq for row in rows if row.state == APPROVED and entries.is_held(tx, _number(row))]
    if not held:
        return set()
    left = ledger.balance(tx, year).left
    return {award.case.case for award in approved(tx, APPROVED, among=held) if award.fen > left}


def for_concurrence(tx: Connection, large: int) -> list[Award]:
    """The awards of a large sum, in fen, that the finance department has not concurred in; none where `large` is 0."""
    found = approved(tx, *UNPAID) if large else ()
    return [award for award in found if needs_concurrence(tx, award.number, award.approval, award.fen, large)]


def needs_concurrence(tx: Connection, number: str, approval: str, fen: int, large: int) -> bool:
    """Whether an approval of this sum still waits for the finance department."""
    return 0 < large <= fen and not entries.is_concurred(tx, number, approval)


def _number(row: CaseRow) -> str:
    return register_number(row.year, row.number)
