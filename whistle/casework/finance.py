"""What finance enters itself: a budget, a budget row taken back, a month locked; and what the ledger shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection

from whistle.casework import awaiting
from whistle.casework.listing import MOST, limit_of
from whistle.casework.looking import Look, entry_of
from whistle.casework.reviewers import Casework, Reviewer, need
from whistle.core import ledger
from whistle.core.books import AMENDABLE
from whistle.core.clock import seconds, zone_day
from whistle.core.grounds import BEFORE, OTHERS
from whistle.core.summary import Summary
from whistle.crypto import bookings as signed
from whistle.crypto import strict
from whistle.crypto.encoding import unb64
from whistle.crypto.errors import EnvelopeError
from whistle.docket import Rejected, load
from whistle.storage import audit, bookings
from whistle.storage import ledger as books
from whistle.storage.ledger import Book

READERS = ("finance", "leader", "auditor", "payout")
PAID = ("paid", "clawback", "closed")
FIRST_YEAR, LAST_YEAR = 2000, 2099  # as the ledger counts them; a larger number is more than a database holds
Said = dict[str, Any]
Make = Callable[[Casework, Book, Said, str], ledger.Entry]
ORDERS = ("no", "newest")
ROW = re.compile("[0-9]{0,9}", re.ASCII)  # of the ledger, behind which a page begins
CLOCK_SECONDS = 900  # as for a post: a reviewer's clock may be a quarter of an hour off


async def book(casework: Casework, who: Reviewer, data: bytes, sig: bytes, now: float) -> None:
    """Enter what finance signed: a budget or more of it; a wrong budget row taken back by a row of today; a month
    that is over closed for good; the finance department's concurrence in a large award, by the number of its paper;
    the numbers of a payment as they are right.

    The same booking again, its answer was lost, is entered once. Raises Rejected; LedgerError: "not_a_budget" for a
    reversal of any other row (an award's go with the acts of its case), "no_funds" where awards rest on the money,
    "not_amendable" for an amendment of a row without such numbers, "not_approved" unless a concurrence names the
    approval that stands and is not paid, "not_large" where none is asked; the same for another paper of an award,
    "not_asked"."""
    need(who, casework.office, "finance")
    said = await _verified(casework, who, data, sig, now)
    if said["act"] in BEFORE:
        await _is_his(casework, who, said["number"])
    if said["act"] == "amend":
        row = await casework.docket.db.read(lambda tx: books.row(Book(tx, casework.office), said["no"]))
        await _is_his(casework, who, row.case if row else "", PAID)
    today = zone_day(now)

    def keep(tx: Connection) -> None:
        known = bookings.by_pid(tx, said["pid"])
        if known is not None:
            if (known.office, known.bytes) != (casework.office, data):
                raise Rejected("conflict")
            return
        book = Book(tx, casework.office)
        row = books.enter(book, _ENTRIES[said["act"]](casework, book, said, today))
        bookings.keep(tx, bookings.Booked(book.office, row.no, said["pid"], data, sig))
        audit.enter(tx, entry_of(casework, who, Look(_AUDITED.get(said["act"]) or str(said["act"])), now))

    await casework.docket.db.write(keep)


async def _verified(casework: Casework, who: Reviewer, data: bytes, sig: bytes, now: float) -> Said:
    """The booking, signed by this very officer's key under the newest directory, now."""
    said = signed.read_booking(data)
    strict.check_nfc(said)
    directories = await casework.docket.published.current()
    if said["dir"] != directories.newest_hash:
        raise Rejected("stale_directory", no=directories.newest["no"])
    if directories.is_expired(zone_day(now)):
        raise Rejected("expired_directory")
    if abs(seconds(said["when"]) - now) > CLOCK_SECONDS:
        raise Rejected("refused", reason="clock")
    channel = who.channels_as(casework.office, "finance")[0]
    reader = directories.reader(said["dir"], channel, who.rid)
    if reader is None or (said["zone"], said["author"]) != (directories.newest["zone"], who.rid):
        raise EnvelopeError("author")
    signed.verify_booking(unb64(reader["sig"], 32), data, sig)
    return said


def _budget(casework: Casework, book: Book, said: Said, today: str) -> ledger.Entry:
    if not FIRST_YEAR <= said["year"] <= LAST_YEAR:
        raise ledger.LedgerError("bad_entry", field="year")
    return ledger.Entry("budget", today, said["year"], said["fen"], source=_filled(said, "source"))


def _reverse(casework: Casework, book: Book, said: Said, today: str) -> ledger.Entry:
    row = books.row(book, said["no"])
    if row is None or row.kind != "budget":
        raise ledger.LedgerError("not_a_budget")
    back = ledger.Entry("reverse", today, row.year, row.fen, source=row.source, memo=_filled(said, "memo"))
    return replace(back, corrects=said["no"], corrects_kind=row.kind)


def _amend(casework: Casework, book: Book, said: Said, today: str) -> ledger.Entry:
    """Voucher (`number`) and treasury number (`source`) of a payment, or of money that came back, as they hold now."""
    row = books.row(book, said["no"])
    if row is None or row.kind not in AMENDABLE:
        raise ledger.LedgerError("not_amendable")
    if (row.voucher and not said["number"]) or (row.treasury and not said["source"]):
        raise ledger.LedgerError("bad_entry", field="number")  # put right is not struck out
    made = ledger.Entry("amend", today, row.year, case=row.case, voucher=said["number"], treasury=said["source"])
    return replace(made, corrects=row.no, corrects_kind=row.kind, memo=_filled(said, "memo"))


def _lock(casework: Casework, book: Book, said: Said, today: str) -> ledger.Entry:
    if not ledger.is_month(said["month"]):
        raise ledger.LedgerError("bad_entry", field="memo")
    return ledger.Entry("lock", today, int(said["month"][:4]), memo=said["month"])


def _concur(casework: Casework, book: Book, said: Said, today: str) -> ledger.Entry:
    number, approval = said["number"], said["approval"]
    stands = awaiting.approved_in(book, number, *awaiting.UNPAID)
    if stands is None or stands.approval != approval:
        raise ledger.LedgerError("not_approved")
    if not awaiting.needs_concurrence(book, number, approval, stands.fen, casework.large):
        raise ledger.LedgerError("not_large")
    return ledger.Entry("concur", today, int(today[:4]), case=number, post=approval, memo=_filled(said, "memo"))


def _paper(casework: Casework, book: Book, said: Said, today: str) -> ledger.Entry:
    """Another paper of an award that stands and is not paid, where one is asked for and not there yet."""
    number, approval, kind = said["number"], said["approval"], str(said["act"])
    stands = awaiting.approved_in(book, number, *awaiting.UNPAID)
    if stands is None or stands.approval != approval:
        raise ledger.LedgerError("not_approved")
    wanting = awaiting.for_papers(book, casework.sums)["awards"]
    if not any(award["approval"] == approval and kind in award["asks"] for award in wanting):
        raise ledger.LedgerError("not_asked")
    made = ledger.Entry(kind, today, int(today[:4]), case=number, post=approval, memo=_filled(said, "memo"))
    return replace(made, voucher=_filled(said, "source")) if kind == "cash" else made


_ENTRIES: dict[str, Make] = {
    "budget": _budget,
    "reverse": _reverse,
    "lock": _lock,
    "concur": _concur,
    "amend": _amend,
    **dict.fromkeys(OTHERS, _paper),
}
_AUDITED = {"reverse": "budget.reverse", **{kind: f"award.{kind}" for kind in OTHERS}}


async def _is_his(casework: Casework, who: Reviewer, number: str, states: tuple[str, ...] = awaiting.UNPAID) -> None:
    """Whether the award is one of his channel's, and he is neither excluded from the case nor recused."""
    award = await casework.docket.db.read(lambda tx: awaiting.approved_in(Book(tx, casework.office), number, *states))
    if award is None:
        return
    loaded = await load(casework.docket, award.case.case)
    barred = loaded is None or who.person in loaded.chain.excluded
    if barred or award.case.channel not in who.channels_as(casework.office, "finance"):
        raise Rejected("not_found")


def _filled(said: Said, name: str) -> str:
    text: str = said[name]
    if not text.strip():
        raise ledger.LedgerError("bad_entry", field=name)
    return text


async def account(
    casework: Casework, who: Reviewer, year: int, now: float, *, after: str = "", limit: str = "", order: str = "no"
) -> dict[str, Any]:
    """One page of a year's rows, 0 for all years, and where the next begins; rows name no reporter and no enterprise.
    With the first page the sums of the whole year, and what waits. `order`: "no", or "newest" for the last row
    first."""
    need(who, casework.office, *READERS)
    today, size = zone_day(now), limit_of(limit or str(MOST))
    if order not in ORDERS or not ROW.fullmatch(after):
        raise Rejected("malformed")

    def read(tx: Connection) -> dict[str, Any]:
        book = Book(tx, casework.office)
        rows, following = books.page(book, year, int(after or 0), size, newest=order == "newest")
        page = {"rows": [asdict(ledger.parse_row(each.bytes)) for each in rows], "next": str(following or "")}
        if after:
            return page
        return {
            **page,
            "count": books.count(book, year),
            "years": sorted({*books.years(book), int(today[:4])}),
            **summary_json(books.summary(book, year)),
            "account": {
                "now": casework.accounts.of(book.office, year or int(today[:4])),
                "set": casework.accounts.is_set(book.office),
            },
            "cash": asdict(books.carried_over(book, year)),
            **waiting(book, casework.large, today, size),
            "papers": awaiting.for_papers(book, casework.sums, limit=size),
        }

    return await casework.docket.db.read(read)


def waiting(book: Book, large: int, today: str, limit: int = 0) -> dict[str, Any]:
    """The awards that wait for money this year, and the large ones that wait for the finance department: the first
    `limit` of each, 0 for all, with the sums of all."""
    return {
        "waiting": awaiting.for_funds(book, int(today[:4]), limit=limit),
        "large": {"from": large, **awaiting.for_concurrence(book, large, limit=limit)},
    }


async def awaited(
    casework: Casework, who: Reviewer, what: str, now: float, *, after: str = "", limit: str = ""
) -> dict[str, Any]:
    """One page of the awards that wait: `what` "waiting" for money, "large" for the finance department,
    "papers" for another paper."""
    need(who, casework.office, *READERS)
    size, year = limit_of(limit or str(MOST)), int(zone_day(now)[:4])

    def read(tx: Connection) -> dict[str, Any]:
        book = Book(tx, casework.office)
        if what == "large":
            return awaiting.for_concurrence(book, casework.large, after=after, limit=size)
        if what == "papers":
            found = awaiting.for_papers(book, casework.sums, after=after, limit=size)
        else:
            found = awaiting.for_funds(book, year, after=after, limit=size)
        return {"awards": found["awards"], "next": found["next"]}

    try:
        return await casework.docket.db.read(read)
    except ValueError:  # no cursor of ours
        raise Rejected("malformed") from None


def summary_json(summary: Summary) -> dict[str, Any]:
    """A summary as the door and `whistle ledger balance --json` give it, sums in fen."""
    months = [{"month": month.month, "locked": month.is_locked, **asdict(month.moved)} for month in summary.months]
    return {
        "balance": asdict(summary.balance),
        "sources": [asdict(source) for source in summary.sources],
        "months": months,
        "locked": summary.locked,
    }
