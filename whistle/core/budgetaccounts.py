"""The budget account 预算科目 that an office's awards are booked to, as finance has it: code and name, by fiscal year.

No rule names one; it is told by the setting BUDGET_ACCOUNT, and where it is not, papers leave the place empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Told = tuple[tuple[str, int, str], ...]  # office, the first fiscal year, the account


@dataclass(frozen=True)
class BudgetAccounts:
    """The accounts of a house's offices; of two for the same office the later year's holds from that year on."""

    told: Told = ()

    def of(self, office: str, year: int) -> str:
        """The account of a fiscal year, "" where none is set."""
        mine = [(since, account) for whose, since, account in self.told if whose == office and since <= year]
        return max(mine, key=lambda each: each[0])[1] if mine else ""

    def by_year(self, office: str) -> Callable[[int], str]:
        """The same as a function of the year."""
        return lambda year: self.of(office, year)

    def is_set(self, office: str) -> bool:
        """Whether this office has any."""
        return any(whose == office for whose, _, _ in self.told)


NONE = BudgetAccounts()
