"""An award rests on its finding: taken over on the page, explained where it differs, looked at anew if it changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.cases import Cases
from tests.browser.conftest import DESKTOP
from tests.browser.people import SLOW, Reviewer
from tests.doors.office import FACTS, PINNED, facts_document

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

REASON = "处罚决定书已更正为四十五万元"


@pytest.fixture(scope="module")
def cases(demo: Demo) -> Cases:
    return Cases(demo)


@pytest.fixture(scope="module")
def office(browser: Browser, demo: Demo) -> Iterator[Callable[[str], Reviewer]]:
    known: dict[str, Reviewer] = {}

    def person(role: str) -> Reviewer:
        if role not in known:
            page = browser.new_context(viewport=DESKTOP, locale="zh-CN").new_page()
            known[role] = Reviewer(page, demo.review, role, demo.passphrase(role))
            known[role].unlock()
        return known[role]

    yield person
    for one in known.values():
        one.page.context.close()


def verified(cases: Cases, enterprise: str) -> str:
    """A case whose verifier found a fine of 45,000.00."""
    case = cases.new("verifying", enterprise).case
    cases.office("verifier").finding(case, "verified", "属实，已处罚。", facts_document(FACTS))
    return case


def test_ten_times_the_fine_is_told_to_the_leader_before_he_signs(
    office: Callable[[str], Reviewer], cases: Cases, demo: Demo
) -> None:
    case = verified(cases, "十倍罚款木业")
    payout, leader = office("payout"), office("leader")
    payout.open(case)
    payout.begin("award.propose")
    form = payout.form("award.propose")
    expect(form).to_contain_text("45,000.00")
    assert form.locator("input.num").count() == 0
    form.locator('input[name="differs"]').check()
    form.locator("input.num").first.fill("４５０，０００")
    expect(form.locator(".differs")).to_contain_text("450,000.00")
    payout.look_back("award.propose")
    payout.press_sign("award.propose")
    expect(form.locator("p.say.bad").last).to_contain_text("须写明理由")
    form.locator('textarea[name="why"]').fill(REASON)
    payout.sign("award.propose")
    leader.open(case)
    expect(leader.page.locator(".left .differs")).to_contain_text(REASON)
    leader.begin("award.approve")
    approval = leader.form("award.approve")
    expect(approval.locator(".budget")).to_contain_text("批准后余额")
    for said in ("45,000.00", "450,000.00", REASON):
        expect(approval.locator(".differs")).to_contain_text(said)
    approval.locator('input[type="checkbox"]').check()
    demo.fund()
    leader.sign("award.approve")


def test_a_proposal_waits_for_a_look_at_the_finding_that_came_in_between(
    office: Callable[[str], Reviewer], cases: Cases
) -> None:
    case = verified(cases, "改了结论木业")
    payout = office("payout")
    payout.open(case)
    payout.begin("award.propose")
    form = payout.form("award.propose")
    expect(form).to_contain_text("22,500.00")
    payout.look_back("award.propose")
    cases.office("verifier").finding(case, "verified", "处罚减半。", facts_document(replace(FACTS, fine=20_000_00)))
    payout.press_sign("award.propose")
    expect(form.locator(".news")).to_contain_text("45,000.00 → 20,000.00", timeout=SLOW)
    assert cases.office("payout").case(case).fold.proposal is None
    payout.press_sign("award.propose")
    expect(form.locator(".news")).to_be_visible()
    assert cases.office("payout").case(case).fold.proposal is None
    form.locator(".news button").click()
    expect(form).to_contain_text("10,000.00")
    payout.look_back("award.propose")
    payout.sign("award.propose")
    found = cases.office("payout").case(case).fold.proposal
    assert found is not None and found.fen == 10_000_00


def test_an_approval_waits_for_a_look_at_the_proposal_that_came_in_between(
    office: Callable[[str], Reviewer], cases: Cases, demo: Demo
) -> None:
    case = verified(cases, "又拟一次木业")
    cases.office("payout").case(case)
    cases.office("payout").propose(case, *PINNED, FACTS.fine // 2, facts_document())
    leader = office("leader")
    leader.open(case)
    leader.begin("award.approve")
    form = leader.form("award.approve")
    form.locator('input[type="checkbox"]').check()
    facts = facts_document(replace(FACTS, employee=True))
    cases.office("payout").propose(case, *PINNED, FACTS.fine * 6 // 10, facts)
    leader.press_sign("award.approve")
    expect(form.locator(".news")).to_be_visible(timeout=SLOW)
    assert cases.office("leader").case(case).fold.state == "reward_proposed"
    form.locator(".news button").click()
    expect(form).to_contain_text("27,000.00")
    form.locator('input[type="checkbox"]').check()
    demo.fund()
    leader.sign("award.approve")


def test_the_inspector_who_co_signs_reads_the_figures(office: Callable[[str], Reviewer], cases: Cases) -> None:
    case = verified(cases, "会签数字木业")
    verifier = office("verifier")
    verifier.open(case)
    expect(verifier.page.locator(".left")).to_contain_text("45,000.00")


def test_an_approval_that_became_impossible_says_so_and_can_be_taken_up_again(
    office: Callable[[str], Reviewer], cases: Cases, demo: Demo
) -> None:
    case = verified(cases, "结论又变木业")
    cases.office("payout").case(case)
    cases.office("payout").propose(case, *PINNED, FACTS.fine // 2, facts_document())
    leader = office("leader")
    leader.open(case)  # the form comes up by itself: nobody chose it
    form = leader.form("award.approve")
    form.locator('input[type="checkbox"]').check()
    halved = facts_document(replace(FACTS, fine=20_000_00))
    cases.office("verifier").finding(case, "verified", "处罚减半。", halved)
    leader.press_sign("award.approve")
    expect(form.locator('[role="alert"]').last).to_contain_text("核查结论", timeout=SLOW)
    left = leader.page.locator(".left")
    expect(left.locator(".signed .tag")).to_have_count(1)  # of two findings the first no longer counts
    expect(left.locator("[data-award]")).to_contain_text("这份拟奖已不作数")
    expect(left).not_to_contain_text("复核一致")
    steps = leader.page.locator("table.clocks th").all_inner_texts()
    assert len(steps) == len(set(steps)), steps
    cases.office("payout").case(case)
    cases.office("payout").propose(case, *PINNED, 10_000_00, halved)
    leader.open(case)
    expect(form).to_contain_text("10,000.00")
    form.locator(".news button").click()
    form.locator('input[type="checkbox"]').check()
    demo.fund()
    leader.sign("award.approve")
    payout = office("payout")
    payout.open(case)
    payout.begin("award.notify")
    notice = payout.form("award.notify")
    words, day = notice.locator("textarea").first, notice.locator('input[type="date"]')
    expect(words).to_have_value(re.compile("10,000.00 元"))
    early = day.input_value()
    for typed in ("", "2099-01-31"):  # half typed, then whole
        day.fill(typed)
    expect(words).to_have_value(re.compile("2099-01-31"))
    expect(words).not_to_have_value(re.compile(early))
    day.fill(early)
    payout.sign("award.notify")
    payout.begin("award.cancel.ask")
    payout.form("award.cancel.ask").locator('input[type="radio"]').nth(1).check()
    payout.sign("award.cancel.ask")
    leader.open(case)  # what waits for him stands open, with who asked and why
    asked = leader.form("award.cancel").locator("[data-asked]")
    expect(asked).to_contain_text("申请撤销奖励 · 领奖人不符合条件", timeout=SLOW)
    expect(asked.locator(".who")).not_to_be_empty()
    expect(leader.form("award.cancel").locator("button.main")).to_be_enabled()
