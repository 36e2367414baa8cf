"""The ledger page by page: whoever reads on to the end has read every row once, and every sum is the whole year's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.doors import reviewer
from tests.doors.hand import Hand
from tests.doors.office import Team
from whistle.client import Office
from whistle.crypto.encoding import b64

CAP = 50_000_000
YEAR = 2058
GIVEN = [100, 200, 300, 400, 500]


@pytest.fixture(scope="module")
def budgeted(team: Team) -> list[int]:
    for fen in GIVEN:
        team.finance.open_budget(YEAR, "经费", fen)
    return GIVEN


def pages(office: Office, path: str, **asked: object) -> Iterator[dict[str, Any]]:
    after = ""
    while True:
        page: dict[str, Any] = reviewer.get(office, path, params={**asked, "after": after}).json()
        yield page
        if not (after := page["next"]):
            return


def test_rows_come_page_by_page_and_the_sums_of_the_whole_year_with_the_first(team: Team, budgeted: list[int]) -> None:
    first, *others = pages(team.leader, "/api/ledger", year=YEAR, limit=2)
    assert [len(page["rows"]) for page in (first, *others)] == [2, 2, 1]
    assert [row["fen"] for page in (first, *others) for row in page["rows"]] == budgeted
    assert first["balance"]["budget"] == first["sources"][0]["fen"] == first["months"][0]["budget"] == sum(budgeted)
    assert all(page.keys() == {"rows", "next"} for page in others)


def test_the_newest_row_comes_first_for_a_screen(team: Team, budgeted: list[int]) -> None:
    found = list(pages(team.leader, "/api/ledger", year=YEAR, limit=2, order="newest"))
    assert [row["fen"] for page in found for row in page["rows"]] == budgeted[::-1]
    assert found[0]["balance"]["left"] == sum(budgeted)


def test_a_year_knows_the_newest_lock_though_it_was_entered_in_another(team: Team, budgeted: list[int]) -> None:
    whole, one = (reviewer.get(team.leader, "/api/ledger", params={"year": year}).json() for year in (0, YEAR))
    assert one["locked"] == whole["locked"]
    assert set(one["years"]) == set(whole["years"])


@pytest.mark.parametrize(
    "path",
    ["/api/ledger", "/api/ledger/awards", "/api/ledger/waiting", "/api/ledger/large", "/api/ledger/papers"],
)
@pytest.mark.parametrize("asked", ["after=x", "after=-1", "after=1_2", "after=2026-01-01_x_1", "limit=0", "limit=x"])
def test_a_cursor_that_is_not_ours_is_malformed(team: Team, path: str, asked: str) -> None:
    assert reviewer.get(team.leader, f"{path}?{asked}").status_code == 400


def test_the_lines_of_the_award_ledger_are_the_same_page_by_page(team: Team, hand: Hand) -> None:
    for _ in range(2):
        team.to_notice(b64(hand.filed().case))
    whole = list(team.leader.award_lines())
    paged = [line for page in pages(team.leader, "/api/ledger/awards", year=0, limit=1) for line in page["rows"]]
    assert len(paged) >= 2 and paged == whole


def test_what_waits_for_money_is_paged_and_its_sum_is_of_all(team: Team, hand: Hand) -> None:
    cases = [b64(hand.filed().case) for _ in range(3)]
    for case in cases:
        team.to_proposal(case, CAP)  # more than the shared budget bears
        team.leader.case(case)
        team.leader.approve(case)
    told = reviewer.get(team.leader, "/api/ledger", params={"limit": 1}).json()["waiting"]
    found = [award for page in pages(team.leader, "/api/ledger/waiting", limit=1) for award in page["awards"]]
    assert len(told["awards"]) == 1
    assert (told["count"], told["fen"]) == (len(found), sum(award["fen"] for award in found))
    assert {team.leader.case(case).number for case in cases} <= {award["number"] for award in found}
    assert len({award["number"] for award in found}) == len(found)
    for case in cases:
        team.leader.unapprove(case, "UA01")
