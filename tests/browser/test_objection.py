"""A report is declined, its reporter objects on her page, a leader brings it back; then time, merging, supervision."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.people import SLOW, Report, Reporter, Reviewer

# Fixtures are found by name: the office of reviewers is the journey's.
from tests.browser.test_journey import office  # noqa: F401

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

PLANT = "沂岭板材二厂"


def report(words: str) -> Report:
    return Report("violation", PLANT, "热压车间", "industry_trade", words)


def decline(intake: Reviewer, case: str) -> None:
    intake.open(case)
    intake.begin("decline")
    intake.form("decline").locator('input[name="reason"]').nth(1).check()
    intake.sign("decline")


def objects(reporter: Reporter, words: str) -> None:
    reporter.look()
    reporter.page.locator('input[name="to"][value="objection"]').check()
    reporter.say(words)
    expect(reporter.page.locator("[data-state]")).to_have_text("复查中", timeout=SLOW)


def upheld(leader: Reviewer, case: str) -> None:
    leader.open(case)
    leader.begin("objection.decide")
    leader.form("objection.decide").locator('input[name="objection_outcome"]').first.check()
    leader.sign("objection.decide")


def test_an_objection_brings_a_declined_report_back(
    phone: BrowserContext,
    office: Callable[[str], Reviewer],  # noqa: F811
    demo: Demo,
) -> None:
    reporter = Reporter(phone.new_page(), demo.public)
    reporter.file(report("热压机旁边的灭火器全是空的,已经两个月。"))
    intake, leader = office("intake"), office("leader")
    case = intake.find("灭火器全是空的")
    decline(intake, case)
    objects(reporter, "这是隐患,不是建议。")
    upheld(leader, case)
    reporter.look()
    expect(reporter.page.locator("[data-state]")).to_have_text("已收到")
    expect(reporter.page.locator("[data-line]")).to_contain_text("您的意见成立")
    expect(reporter.page.locator('input[name="to"][value="objection"]')).to_be_hidden()
    intake.open(case)
    intake.act("accept")


def test_time_is_extended_and_a_case_merged_at_the_desk(
    phone: BrowserContext,
    office: Callable[[str], Reviewer],  # noqa: F811
    demo: Demo,
) -> None:
    reporter = Reporter(phone.new_page(), demo.public)
    reporter.file(report("除尘管道漏粉,电机边上积了一层。"))
    reporter.file(report("除尘管道漏粉,又看见火花。"))
    intake, leader = office("intake"), office("leader")
    first, second = intake.find("电机边上积了一层"), intake.find("又看见火花")
    intake.begin("merge")
    intake.form("merge").locator("select").select_option(first)
    intake.sign("merge")
    intake.act("accept")
    leader.open(second)
    leader.begin("extend")
    form = leader.form("extend")
    form.locator('input[type="date"]').fill("2100-01-01")
    form.locator("input:not([type])").nth(0).fill("市应急管理局")
    form.locator("input:not([type])").nth(1).fill("5号")
    leader.press_sign("extend")
    expect(form.locator('[role="alert"]')).to_contain_text("法定最长期限", timeout=SLOW)
