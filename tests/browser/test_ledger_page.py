"""The ledger page at finance's desk and on a phone: a budget by its item, a wrong one taken back, a month locked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.people import SLOW, Reviewer
from tests.browser.watching import watch
from tests.conftest import Demo

ITEM, YEAR = "财政专项(页面)", "2051"


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desk", "phone"])
def finance(request: pytest.FixtureRequest, browser: Browser, demo: Demo) -> Iterator[Reviewer]:
    with browser.new_context(viewport=request.param, locale="zh-CN") as context:
        page = context.new_page()
        seen = watch(page)
        one = Reviewer(page, demo.review, "finance", demo.passphrase("finance"))
        one.unlock()
        one.go("#/ledger")
        expect(page.locator(".book")).to_be_visible(timeout=SLOW)
        yield one
        assert seen.complaints == []


def test_a_wrong_budget_is_entered_taken_back_and_the_screen_adds_up(finance: Reviewer) -> None:
    page = finance.page
    form = page.locator("form.budget", has_text="登记预算")
    year, item, amount = (form.locator("input").nth(at) for at in range(3))
    year.fill(YEAR)
    item.fill(ITEM)
    amount.fill("12,345.60")
    expect(form.locator(".capitals")).to_have_text("壹万贰仟叁佰肆拾伍元陆角")
    form.locator("button.main").click()
    expect(page.locator(".notice")).to_contain_text("预算已登记", timeout=SLOW)
    page.locator(".pagehead select").select_option(YEAR)
    standing = page.locator(".book tr", has_text=ITEM).last
    expect(standing).to_contain_text("12,345.60", timeout=SLOW)
    expect(page.locator(".st-budget")).to_contain_text("12,345.60")
    expect(page.locator(".st-left")).to_contain_text("12,345.60")

    standing.get_by_role("button", name="冲销").click()
    expect(page.locator("#back-memo")).to_be_focused()
    page.locator("form.back button.main").click()
    expect(page.locator("form.back")).to_contain_text("请写明原因")
    page.locator("#back-memo").fill("登记错误")
    page.locator("form.back button.main").click()
    expect(page.locator("form.back")).to_have_count(0, timeout=SLOW)
    expect(page.locator(".st-budget")).to_contain_text("0.00", timeout=SLOW)
    expect(page.locator(".book tr").last).to_contain_text("登记错误")
    expect(page.locator(".book").get_by_role("button", name="冲销")).to_have_count(0)
    expect(page.locator(".sums section", has_text="按预算科目")).to_contain_text("0.00")


def test_a_month_is_locked_only_with_a_tick_and_then_said_to_be(finance: Reviewer, demo: Demo) -> None:
    page = finance.page
    form = page.locator("form", has_text="月末锁账")
    if form.locator("select").count():  # the demo is shared: another test may have locked it
        month = form.locator("select").input_value()
        form.locator("button.main").click()
        expect(form).to_contain_text("请先核对账目")
        form.locator('input[type="checkbox"]').check()
        form.locator("button.main").click()
        expect(form).to_contain_text(f"已锁到 {month}", timeout=SLOW)
    expect(form).to_contain_text("已经结束的月份都锁好了")
    assert demo.office("finance").session.get("/api/ledger")["locked"] in form.inner_text()


def test_the_page_says_that_no_sum_is_large_until_one_is_set(finance: Reviewer) -> None:
    expect(finance.page.locator(".ledger")).to_contain_text("大额会签：未设金额")
