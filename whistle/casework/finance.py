"""What finance enters itself: a budget, a budget row taken back, a month locked; and what the ledger shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection

from whistle import docket
from whistle.casework import awaiting
from whistle.casework.desk import Casework, Reviewer, need
from whistle.core import ledger
from whistle.core.clock import zone_day
from whistle.core.summary import Summary, summarise
from whistle.docket import Rejected
from whistle.storage import audit
from whistle.storage import ledger as books

READERS = ("finance", "leader", "auditor", "payout")
FIRST_YEAR, LAST_YEAR = 2000, 2099  # as the ledger counts them; a larger number is more than a database holds
Make = Callable[[Connection, str], ledger.Entry]


async def open_budget(desk: Casework, who: Reviewer, year: int, source: str, fen: int, now: float) -> None:
    """The budget of a fiscal year, or more of it, from a named source."""

    def make(tx: Connection, today: str) -> ledger.Entry:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ledger.LedgerError("bad_entry", field="year")
        return ledger.Entry("budget", today, year, fen, source=_said("source", source))

    await _enter(desk, who, "budget", now, make)


async def take_back(desk: Casework, who: Reviewer, no: int, memo: str, now: float) -> None:
    """A wrong budget row is taken back by a row of its own, dated today. Raises LedgerError: "not_a_budget" for any
    other row (an award's go with the acts of its case), "no_funds" where awards rest on the money already."""

    def make(tx: Connection, today: str) -> ledger.Entry:
        row = books.row(tx, no)
        if row is None or row.kind != "budget":
            raise ledger.LedgerError("not_a_budget")
        reason = _said("memo", memo)
        back = ledger.Entry("reverse", today, row.year, row.fen, source=row.source, memo=reason)
        return replace(back, corrects=no, corrects_kind=row.kind)

    await _enter(desk, who, "budget.reverse", now, make)


async def lock(desk: Casework, who: Reviewer, month: str, now: float) -> None:
    """Close a month that is over, and those before it, for good. Raises LedgerError."""

    def make(tx: Connection, today: str) -> ledger.Entry:
        if not ledger.is_month(month):
            raise ledger.LedgerError("bad_entry", field="memo")
        return ledger.Entry("lock", today, int(month[:4]), memo=month)

    await _enter(desk, who, "lock", now, make)


async def concur(desk: Casework, who: Reviewer, number: str, approval: str, paper: str, now: float) -> None:
    """The finance department concurs in an award of a large sum, by the number of its paper. Raises LedgerError:
    "not_approved" unless this is the approval that stands and is not paid, "not_large" where nothing is asked."""
    await _is_his(desk, who, number)

    def make(tx: Connection, today: str) -> ledger.Entry:
        stands = [award for award in awaiting.approved(tx, *awaiting.UNPAID) if award.approval == approval]
        if [award.number for award in stands] != [number]:
            raise ledger.LedgerError("not_approved")
        if not awaiting.needs_concurrence(tx, number, approval, stands[0].fen, desk.large):
            raise ledger.LedgerError("not_large")
        return ledger.Entry("concur", today, int(today[:4]), case=number, post=approval, memo=_said("memo", paper))

    await _enter(desk, who, "concur", now, make)


async def _is_his(desk: Casework, who: Reviewer, number: str) -> None:
    """Whether the award is one of his channel's, and he is neither excluded from the case nor recused."""
    need(who, "finance")
    found = await desk.docket.db.read(lambda tx: list(awaiting.approved(tx, *awaiting.UNPAID)))
    for award in (each for each in found if each.number == number):
        loaded = await docket.load(desk.docket, award.case.case)
        barred = loaded is None or who.person in loaded.chain.excluded
        if barred or award.case.channel not in who.channels_as("finance"):
            raise Rejected("not_found")


def _said(name: str, text: str) -> str:
    if not text.strip():
        raise ledger.LedgerError("bad_entry", field=name)
    return text


async def _enter(desk: Casework, who: Reviewer, act: str, now: float, make: Make) -> None:
    need(who, "finance")
    today = zone_day(now)

    def keep(tx: Connection) -> None:
        books.enter(tx, make(tx, today))
        audit.record(tx, day=today, rid=who.rid, act=act)

    await desk.docket.db.write(keep)


async def account(desk: Casework, who: Reviewer, year: int, now: float) -> dict[str, Any]:
    """The rows and the sums of a year, 0 for all, and what waits; rows name no reporter and no enterprise."""
    need(who, *READERS)
    today = zone_day(now)

    def read(tx: Connection) -> dict[str, Any]:
        rows = [ledger.parse_row(each.bytes) for each in books.every(tx)]
        listed = [asdict(row) for row in rows if year in (0, row.year)]
        years = sorted({row.year for row in rows} | {int(today[:4])})
        return {"rows": listed, "years": years, **told(summarise(rows, year)), **waiting(tx, desk.large, today)}

    return await desk.docket.db.read(read)


def waiting(tx: Connection, large: int, today: str) -> dict[str, Any]:
    """The awards that wait for money this year, and the large ones that wait for the finance department."""
    asked = [award.told() | {"approval": award.approval} for award in awaiting.for_concurrence(tx, large)]
    return {"waiting": awaiting.for_funds(tx, int(today[:4])), "large": {"from": large, "awards": asked}}


def told(summary: Summary) -> dict[str, Any]:
    """A summary as the door and `whistle ledger balance --json` tell it, sums in fen."""
    months = [
        {"month": month.month, "locked": month.is_locked, **asdict(month.moved)} for month in summary.months
    ]
    return {
        "balance": asdict(summary.balance),
        "sources": [asdict(source) for source in summary.sources],
        "months": months,
        "locked": summary.locked,
    }
