"""Which budget account an office's awards of a year are booked to."""

import pytest

from whistle import settings
from whistle.core.budgetaccounts import NONE, BudgetAccounts

TOLD = "2240109 应急管理；fire:2240201 消防事务@2027\n2240110 新科目@2028"


@pytest.fixture(scope="module")
def accounts() -> BudgetAccounts:
    return BudgetAccounts(settings.read({"WHISTLE_BUDGET_ACCOUNT": TOLD}).budget_account)


@pytest.mark.parametrize(
    ("office", "year", "account"),
    [
        ("zone", 2026, "2240109 应急管理"),
        ("zone", 2027, "2240109 应急管理"),
        ("zone", 2028, "2240110 新科目"),
        ("zone", 2040, "2240110 新科目"),
        ("fire", 2026, ""),
        ("fire", 2027, "2240201 消防事务"),
        ("firm", 2027, ""),
    ],
)
def test_an_account_holds_from_its_year_on_and_for_its_office(
    accounts: BudgetAccounts, office: str, year: int, account: str
) -> None:
    assert accounts.of(office, year) == accounts.by_year(office)(year) == account


def test_none_is_set_until_it_is_told(accounts: BudgetAccounts) -> None:
    assert (NONE.of("zone", 2026), NONE.is_set("zone")) == ("", False)
    assert (accounts.is_set("fire"), accounts.is_set("firm")) == (True, False)
