"""A report is declined, its reporter objects on her page, a leader brings it back; then time, merging, supervision."""

from __future__ import annotations

import re
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
ELSEWHERE = "东风机械加工厂"  # a sample of the demo


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


def extracted(intake: Reviewer, case: str, words: str) -> None:
    """The extract that whoever decides the objection reads; intake is asked for it on opening the case."""
    intake.open(case)
    intake.begin("extract")
    form = intake.form("extract")
    expect(form.locator("textarea")).to_have_value("")
    form.locator("textarea").fill(words)
    intake.sign("extract")


def upheld(leader: Reviewer, case: str) -> None:
    leader.open(case)
    leader.begin("objection.decide")
    leader.form("objection.decide").locator('input[name="objection_outcome"]').first.check()
    leader.form("objection.decide").locator("textarea").fill("您的意见成立,我们重新办理。")
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
    intake.open(case)
    expect(intake.page.locator("[data-closes]")).to_contain_text("过了这一天才能归档")
    assert "close" not in intake.offered()
    objects(reporter, "这是隐患,不是建议。")
    leader.open(case)
    assert "objection.decide" not in leader.offered()
    expect(leader.page.locator("#acts")).to_contain_text("要有摘录才能复查")
    extracted(intake, case, "看热压机周围的灭火器材。")
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
    first = intake.find("电机边上积了一层")
    intake.act("accept")
    expect(intake.page.locator("h1")).not_to_contain_text("待编号", timeout=SLOW)
    number = re.findall(r"\S+号", intake.page.locator("h1").inner_text())[0]
    second = intake.find("又看见火花")
    intake.begin("merge")
    cases, warned = intake.form("merge").locator("select"), intake.form("merge").locator("[data-other-unit]")
    cases.select_option(cases.locator("option", has_text=ELSEWHERE).first.get_attribute("value"))
    expect(warned).to_contain_text(ELSEWHERE, timeout=SLOW)
    expect(warned).to_contain_text(PLANT)
    expect(cases.locator(f'option[value="{first}"]')).to_contain_text(number)  # it has it since it was listed
    cases.select_option(first)
    both = intake.form("merge").locator(".beside .glance")
    expect(both).to_have_count(2, timeout=SLOW)
    expect(warned).to_have_count(0)
    expect(both.first).to_contain_text("又看见火花")
    expect(both.last).to_contain_text("电机边上积了一层")
    intake.sign("merge")
    expect(intake.page.locator("[data-parent]")).to_contain_text("电机边上积了一层", timeout=SLOW)
    intake.act("accept")
    leader.open(second)
    leader.begin("extend")
    form = leader.form("extend")
    form.locator('input[type="date"]').fill("2100-01-01")
    form.locator("input:not([type])").nth(0).fill("市应急管理局")
    form.locator("input:not([type])").nth(1).fill("5号")
    form.locator("textarea").fill("情况复杂,须做鉴定。")
    leader.press_sign("extend")
    expect(form.locator('[role="alert"]')).to_contain_text("法定最长期限", timeout=SLOW)


def test_her_own_words_are_marked_as_an_extract_is_written(
    phone: BrowserContext,
    office: Callable[[str], Reviewer],  # noqa: F811
    demo: Demo,
) -> None:
    Reporter(phone.new_page(), demo.public).file(report("夜班的开料锯没有防护罩,王师傅的手被擦伤。"))
    intake = office("intake")
    intake.find("王师傅的手被擦伤")
    intake.act("accept")
    form = intake.form("extract")
    expect(form.locator(".original")).to_contain_text("王师傅的手被擦伤")
    lines = form.locator("input:not([type])")
    expect(form.locator("textarea")).to_have_value("")
    expect(lines.last).to_have_value("")
    form.locator("textarea").fill("夜班的开料锯没有防护罩,王师傅的手被擦伤")
    intake.press_sign("extract")
    expect(form.locator('[role="alert"]')).to_contain_text("不能就是举报原文")
    form.locator("textarea").fill("查看:开料锯没有防护罩。问王师傅。")
    expect(form.locator("mark").first).to_have_text("开料锯没有防护罩")
    expect(form.locator(".telltales li")).to_have_text(["照抄原文 开料锯没有防护罩", "姓名 王师傅"])
    intake.press_sign("extract")
    expect(form.locator('[role="alert"]')).to_contain_text("逐条看过")
    form.locator("textarea").fill("查看木工机械的防护装置。")
    expect(form.locator("mark, .telltales")).to_have_count(0)
    lines.last.fill("检查木工机械")
    intake.sign("extract")
