"""Papers that an award has to have, where the operator asks for them: finance enters them on the ledger page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.people import SLOW, Reviewer
from tests.browser.watching import watch
from tests.conftest import Demo, start
from tests.doors.office import Team


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    asked = {"WHISTLE_LARGE_SUM": "all", "WHISTLE_MEETING_SUM": "1", "WHISTLE_CASH_LIMIT": "1"}
    made = start(tmp_path_factory.mktemp("papers") / "data", **asked)
    yield made
    made.kill()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desk", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport=request.param, locale="zh-CN") as context:
        made = context.new_page()
        seen = watch(made)
        yield made
        assert seen.complaints == []


def test_finance_enters_the_minutes_and_then_the_award_can_be_told(page: Page, house: Demo, tmp_path: Path) -> None:
    team = Team(house)
    one = house.reporter().submit("皮带没有防护罩。", category="violation", reward="yes")
    team.to_proposal(one.case)
    house.fund()
    team.leader.approve(one.case)
    number = team.leader.case(one.case).number
    reviewer = Reviewer(page, house.review, "finance", house.passphrase("finance"))
    reviewer.unlock()
    reviewer.go("#/ledger")
    card = page.locator(".waits", has_text="奖励的其他手续")
    expect(page.locator(".ledger")).to_contain_text("每一笔奖励都由财政部门会签", timeout=SLOW)
    expect(card).to_contain_text("单笔达到 1.00 元的，登记集体决定的会议纪要以后才能通知和发放（外地做法")
    expect(card).to_contain_text("《现金管理暂行条例》第五、六条")
    line = card.locator("tr", has_text=number)
    line.get_by_role("button", name="登记会议纪要").click()
    form = card.locator("form")
    form.locator("button.main").click()
    expect(form).to_contain_text("请填编号")
    form.locator('input[name="document"]').fill("党组会纪要〔2026〕9号")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.screenshot(path=tmp_path / "papers.png", full_page=True)
    form.locator("button.main").click()
    expect(line).to_have_count(0, timeout=SLOW)
    row = page.locator(".book tr", has_text=number).filter(has_text="集体决定")
    expect(row).to_contain_text("党组会纪要〔2026〕9号")
    team.finance.concur(number, "临港财〔2026〕12号")
    assert team.payout.case(one.case).fold.state == "reward_approved"
    until = date.fromisoformat(team.payout.case(one.case).today) + timedelta(days=60)
    team.payout.notify(one.case, until.isoformat(), "请凭查询码申领。")


def test_the_case_page_says_which_paper_an_award_still_lacks(page: Page, house: Demo) -> None:
    team = Team(house)
    one = house.reporter().submit("护栏缺失。", category="violation", reward="yes")
    team.to_proposal(one.case)
    house.fund()
    team.leader.approve(one.case)
    reviewer = Reviewer(page, house.review, "payout", house.passphrase("payout"))
    reviewer.unlock()
    reviewer.go(f"#/case/{one.case}")
    expect(page.locator(".casehead")).to_contain_text("待集体决定", timeout=SLOW)
    expect(page.locator(".casehead")).to_contain_text("待财政会签")
    form = page.locator('form[data-kind="award.notify"]')
    expect(form.locator("[data-barred]")).to_contain_text(
        "须财政部门会签以后才能通知"
    )  # now, and not once it is signed
    expect(form.locator("button.main")).to_be_disabled()
