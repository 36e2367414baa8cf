"""Two reports of one matter at the leader's desk: what the first was told decides what the second may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.people import Reviewer

# Fixtures are found by name: the office of reviewers is the journey's.
from tests.browser.test_journey import office  # noqa: F401
from tests.doors.office import Team

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser


def filed(demo: Demo, words: str) -> str:
    return demo.reporter().submit(words, category="violation", enterprise="双沟板材厂", reward="yes").case


def test_not_the_first_is_said_only_once_the_first_was_told_and_taken_back_with_it(
    office: Callable[[str], Reviewer],  # noqa: F811
    demo: Demo,
) -> None:
    team, leader = Team(demo), office("leader")
    first, second = (filed(demo, words) for words in ("锯片没有罩子。", "锯片还是没有罩子。"))
    team.to_proposal(first)
    team.to_finding(second)
    team.intake.merge(second, first)

    leader.open(second)
    leader.begin("award.refuse")
    form = leader.form("award.refuse")
    form.locator("label.pick", has_text="NR07").locator("input").check()
    expect(form.locator("[data-barred]")).to_contain_text("先收到的案件告知结果以后")
    expect(form.locator(".row button.main")).to_be_disabled()
    form.locator("label.pick", has_text="NR01").locator("input").check()
    expect(form.locator("[data-barred]")).to_have_count(0)

    team.leader.approve(first)
    team.payout.notify(first, "2099-01-04", "请凭查询码申领。")
    leader.open(second)
    leader.begin("award.refuse")
    form.locator("label.pick", has_text="NR07").locator("input").check()
    leader.sign("award.refuse")
    expect(leader.page.locator("[data-reopen]")).to_have_count(0)

    team.payout.ask_cancel(first, "AC02")
    team.leader.cancel_award(first, "AC02", "不符合条件。")
    leader.inbox("view=mine")
    row = leader.page.locator(f'table.rows a[href="#/case/{second}"]')
    expect(row).to_be_visible(timeout=30_000)
    leader.open(second)
    expect(leader.page.locator("[data-reopen]")).to_contain_text("请重开异议")
    expect(leader.page.locator('#acts > .buttons button[data-kind="objection.reopen"]')).to_be_visible()
    leader.begin("objection.reopen")
    leader.form("objection.reopen").locator("label.pick", has_text="OR01").locator("input").check()
    leader.form("objection.reopen").locator("textarea").fill("您可以再次提出异议。")
    leader.sign("objection.reopen")
    expect(leader.page.locator("[data-reopen]")).to_have_count(0)
    assert team.leader.case(second).fold.may_object
