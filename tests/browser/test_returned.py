"""A wrong proposal goes back at the desk: the leader says what has to change, payout reads it over his form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.cases import Cases
from tests.browser.looking import faults_on
from tests.browser.people import SLOW, Reviewer

# Fixtures are found by name: the office of reviewers is the journey's.
from tests.browser.test_journey import office  # noqa: F401
from tests.doors.office import FACTS, PINNED, facts_document

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

WHY = "罚款按四万五千元算，少了员工上浮，请重算。"


def stands_in_the_list_of(reviewer: Reviewer, case: str, times: int) -> None:
    """How often the case stands in this person's 待办, which is fetched anew."""
    reviewer.inbox("view=all")
    reviewer.inbox("view=mine")
    expect(reviewer.page.locator(f'.rows a[href*="{case}"]')).to_have_count(times, timeout=SLOW)


def test_a_proposal_is_returned_and_made_anew(
    office: Callable[[str], Reviewer],  # noqa: F811
    demo: Demo,
) -> None:
    cases = Cases(demo)
    case = cases.new("verifying", "退回重报木业").case
    cases.office("verifier").finding(case, "verified", "属实，已处罚。", facts_document(FACTS))
    cases.office("payout").propose(case, *PINNED, FACTS.fine // 2, facts_document())
    payout, leader = office("payout"), office("leader")

    leader.open(case)
    assert {"award.approve", "award.refuse", "award.return"} <= leader.offered()
    leader.begin("award.return")
    form = leader.form("award.return")
    form.locator('input[type="radio"]').nth(1).check()
    leader.press_sign("award.return")
    expect(form.locator('[role="alert"]')).to_be_visible()  # without a word of what has to change nothing is signed
    form.locator("textarea").fill(WHY)
    assert faults_on(leader.page, "returning") == []
    leader.page.set_viewport_size({"width": 1280, "height": 800})
    leader.sign("award.return")
    award = leader.page.locator("[data-award]")
    expect(award).to_contain_text("已退回，待重新拟奖")
    assert "award.approve" not in leader.offered()

    payout.open(case)
    form = payout.form("award.propose")  # his next step stands open, with what was asked of him on top
    asked = form.locator("[data-asked]")
    expect(asked).to_contain_text("退回重报 · 事实或材料有误", timeout=SLOW)
    expect(asked).to_contain_text(WHY)
    expect(asked.locator(".who")).not_to_be_empty()
    assert faults_on(payout.page, "returned") == []
    payout.page.set_viewport_size({"width": 1280, "height": 800})
    payout.look_back("award.propose")
    form.get_by_label("已证明是本单位职工").check()
    payout.sign("award.propose")

    leader.open(case)
    expect(leader.page.locator(".left")).to_contain_text(WHY)  # what he asked for stands beside the new sum
    form = leader.form("award.approve")
    expect(form).to_contain_text("27,000.00")
    form.locator('input[type="checkbox"]').check()
    leader.sign("award.approve")
    assert cases.office("leader").case(case).fold.approved == FACTS.fine * 6 // 10


def test_a_return_that_another_proposal_overtook_is_shown_and_signed_for_the_new_one(
    office: Callable[[str], Reviewer],  # noqa: F811
    demo: Demo,
) -> None:
    cases = Cases(demo)
    case = cases.new("reward_proposed", "又报一次木业").case
    leader = office("leader")
    leader.open(case)
    leader.begin("award.return")
    form = leader.form("award.return")
    form.locator('input[type="radio"]').first.check()
    form.locator("textarea").fill(WHY)
    proposal = cases.office("payout").case(case).fold.proposal
    assert proposal
    facts = facts_document()
    cases.office("payout").propose(case, proposal.pack, proposal.pack_hash, FACTS.fine // 2, facts, reason="更正")
    leader.press_sign("award.return")
    expect(form.locator('[role="alert"]').last).to_contain_text("拟定奖励", timeout=SLOW)
    assert cases.office("leader").case(case).fold.state == "reward_proposed"
    expect(form.locator("textarea")).to_have_value(WHY)
    leader.sign("award.return")
    view = cases.office("leader").case(case)
    assert (view.fold.state, view.acts[-1].fields["proposal"]) == ("verified", view.fold.proposals[-1].hash)


def test_a_refusal_that_a_return_overtook_is_signed_only_once_that_was_seen(
    office: Callable[[str], Reviewer],  # noqa: F811
    demo: Demo,
) -> None:
    cases = Cases(demo)
    case = cases.new("reward_proposed", "两位领导木业").case
    leader = office("leader")
    leader.open(case)
    leader.begin("award.refuse")
    form = leader.form("award.refuse")
    form.locator('input[type="radio"]').first.check()
    cases.office("leader").return_award(case, "UA01", WHY)
    leader.press_sign("award.refuse")
    expect(form.locator('[role="alert"]').last).to_contain_text("退回重报", timeout=SLOW)
    assert cases.office("leader").case(case).fold.state == "verified"
    leader.sign("award.refuse")
    view = cases.office("leader").case(case)
    assert (view.fold.state, view.acts[-1].fields["proposal"]) == ("refused", view.fold.finding)
    expect(leader.page.locator("[data-award] h2")).to_contain_text("不予奖励")


def test_a_returned_proposal_moves_from_one_list_to_the_other(
    office: Callable[[str], Reviewer],  # noqa: F811
    demo: Demo,
) -> None:
    cases = Cases(demo)
    case = cases.new("reward_proposed", "两份待办木业").case
    payout, leader = office("payout"), office("leader")
    stands_in_the_list_of(leader, case, 1)
    stands_in_the_list_of(payout, case, 0)
    cases.office("leader").return_award(case, "UA01", WHY)
    stands_in_the_list_of(payout, case, 1)
    stands_in_the_list_of(leader, case, 0)
