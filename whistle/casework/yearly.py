"""The yearly report of an office's reward funds, from its ledger."""

from __future__ import annotations

from dataclasses import replace

from whistle.casework.reviewers import Casework, Reviewer, need
from whistle.core import ledger
from whistle.core.budgetaccounts import NONE, BudgetAccounts
from whistle.core.clock import zone_day
from whistle.core.yearly import Yearly, yearly
from whistle.docket import Rejected
from whistle.storage import ledger as books
from whistle.storage.ledger import Book

__all__ = ["FIRST_YEAR", "READERS", "Rejected", "make", "read"]

READERS = ("finance", "leader", "auditor")
FIRST_YEAR, LAST_YEAR = 2000, 2099  # as the ledger counts them


def make(book: Book, year: int, today: str, accounts: BudgetAccounts = NONE) -> Yearly:
    """The report of a year, with the budget account that its awards are booked to.

    Raises Rejected("malformed") for one that no ledger has, and for one not begun."""
    if not FIRST_YEAR <= year <= LAST_YEAR or year > int(today[:4]):
        raise Rejected("malformed")
    made = yearly((ledger.parse_row(each.bytes) for each in books.every(book)), year, today)
    return replace(made, account=accounts.of(book.office, year))


async def read(casework: Casework, who: Reviewer, year: int, now: float) -> Yearly:
    """The same for a reviewer who answers for the money: of the office he works for, and of no other."""
    need(who, casework.office, *READERS)
    return await casework.docket.db.read(
        lambda tx: make(Book(tx, casework.office), year, zone_day(now), casework.accounts)
    )
