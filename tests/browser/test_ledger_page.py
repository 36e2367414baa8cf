"""The ledger page at finance's desk and on a phone: a budget by its item, a wrong one taken back, a month locked."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.people import SLOW, Reviewer
from tests.browser.watching import Held, watch
from tests.conftest import Demo
from tests.doors.office import Team
from whistle.core.clock import zone_day

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


def test_the_ledger_is_printed_with_every_column_and_nothing_to_press(finance: Reviewer) -> None:
    page = finance.page
    heading = page.locator(".ledger .onpaper").first
    expect(heading).to_be_hidden()
    page.emulate_media(media="print")
    try:
        expect(heading).to_be_visible()
        year = page.locator(".pagehead select").evaluate("node => node.selectedOptions[0].textContent")
        assert heading.inner_text() == f"{year} · 单位：元 · 打印日期：{zone_day(time.time())}"
        assert page.locator(".ledger button:visible, .ledger form:visible").count() == 0
        assert page.locator(".ledger .scroll").last.evaluate("node => getComputedStyle(node).overflowX") == "visible"
        expect(page.locator(".book th").last).to_be_visible()
        sums = page.locator(".ledger .balance")
        assert sums.evaluate("node => node.offsetHeight") <= 100, "a small line of sums, and the page is the rows'"
        assert sums.evaluate("node => parseFloat(getComputedStyle(node.querySelector('b')).fontSize)") <= 12.5
    finally:
        page.emulate_media(media="screen")


def test_a_ledger_left_open_over_night_is_printed_with_the_day_of_printing(finance: Reviewer) -> None:
    page = finance.page
    page.evaluate("Date.now = () => Date.UTC(2033, 4, 6, 4)")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".ledger .onpaper").first).to_contain_text("打印日期：2033-05-06")


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
    expect(page.locator(".sums section", has_text="按经费来源")).to_contain_text("0.00")


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
    expect(finance.page.locator(".ledger")).to_contain_text("预算科目：未设置")


def test_a_voucher_that_was_copied_wrongly_is_corrected_by_a_row_and_both_stay_readable(
    finance: Reviewer, demo: Demo
) -> None:
    page, team, reporter = finance.page, Team(demo), demo.reporter()
    one = reporter.submit("皮带没有防护罩。", category="violation", reward="yes")
    team.to_notice(one.case)
    reporter.claim(one.ticket, payee="持码人", method="counter", declared=True, passphrase="青山不老")
    team.to_payment(one.case)
    number = team.intake.case(one.case).number
    finance.go("#/inbox?view=all")
    finance.go("#/ledger")
    row = page.locator(".book tr", has_text=number).filter(has_text="凭-0100")
    row.locator("button[data-amend]").click()
    form = page.locator("form.amend")
    expect(form.locator('input[name="voucher"]')).to_have_value("凭-0100")
    # The demo is shared: numbers that another payment bears would be asked about first.
    right = f"凭-{number}"
    form.locator('input[name="voucher"]').fill(right)
    form.locator('input[name="treasury"]').fill(f"国-{number}")
    form.locator("button.main").click()
    expect(form).to_contain_text("原因")
    form.locator('input[name="memo"]').fill("号码抄错")
    also_borne = form.locator('input[name="numbers"]')
    if also_borne.count():  # all these tests pay under one number: it is asked about, and not refused
        form.locator("button.main").click()
        expect(form).to_contain_text("请核对")
        also_borne.check()
    form.locator("button.main").click()
    expect(form).to_have_count(0, timeout=SLOW)
    expect(row).to_be_visible()
    expect(page.locator(".book tr", has_text=number).filter(has_text=right)).to_contain_text("号码抄错")
    row.locator("button[data-amend]").click()
    expect(form.locator('input[name="voucher"]')).to_have_value(right)
    form.locator("[data-close]").click()


def show_long_year(finance: Reviewer, demo: Demo) -> None:
    """A year of 102 rows, of which the newest hundred come first."""
    page, office = finance.page, demo.office("finance")
    for _ in range(102 - len(list(office.ledger_rows(2059)))):
        office.open_budget(2059, "经费", 100)
    finance.go("#/inbox?view=all")
    finance.go("#/ledger")
    page.locator(".pagehead select").select_option("2059")
    expect(page.locator(".st-budget")).to_contain_text("102.00", timeout=SLOW)
    expect(page.locator(".book tbody tr")).to_have_count(100)


# No printer is here: how many rows stand on the page when it is asked to print.
PRINTING = """() => {
  window.print = () => {
    document.documentElement.dataset.printed = document.querySelectorAll(".book tbody tr").length;
  };
}"""


def test_a_long_year_is_printed_whole_by_the_pages_own_button(finance: Reviewer, demo: Demo) -> None:
    show_long_year(finance, demo)
    page = finance.page
    page.evaluate(PRINTING)
    page.get_by_role("button", name="打印", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-printed", "102", timeout=SLOW)
    expect(page.locator(".ledger .missing")).to_have_count(0)


def test_a_paper_that_does_not_hold_the_whole_year_says_so(finance: Reviewer, demo: Demo) -> None:
    show_long_year(finance, demo)
    page = finance.page
    page.emulate_media(media="print")
    expect(page.locator(".ledger .missing")).to_have_text(
        "只印了最新的 100 行，共 102 行：要印全，请用页面上的“打印”。"
    )
    assert page.locator(".ledger button:visible").count() == 0
    page.emulate_media(media="screen")
    expect(page.locator(".earlier")).to_contain_text("显示了最新的 100 行，共 102 行。")
    page.get_by_role("button", name="全部载入").click()
    expect(page.locator(".book tbody tr")).to_have_count(102, timeout=SLOW)
    expect(page.locator(".earlier, .ledger .missing")).to_have_count(0)


def test_the_answer_for_a_year_that_is_no_longer_chosen_is_not_shown_under_another(
    finance: Reviewer, demo: Demo
) -> None:
    show_long_year(finance, demo)
    page = finance.page
    held = Held(page, "**/api/ledger?year=0&*")
    page.locator(".pagehead select").select_option("0")
    page.locator(".pagehead select").select_option("2059")
    expect(page.locator(".st-budget")).to_contain_text("102.00", timeout=SLOW)
    with page.expect_response("**/api/ledger?year=0&*"):
        held.take().continue_()
    page.get_by_role("button", name="全部载入").click()
    expect(page.locator(".book tbody tr")).to_have_count(102, timeout=SLOW)
    expect(page.locator(".st-budget")).to_contain_text("102.00")
    held.end()


def test_while_a_year_is_loaded_how_far_it_is_stands_there(finance: Reviewer, demo: Demo) -> None:
    show_long_year(finance, demo)
    page = finance.page
    held = Held(page, "**/api/ledger?*after=*")
    page.get_by_role("button", name="全部载入").click()
    expect(page.locator(".earlier [role=status]")).to_have_text("正在载入：100 / 102 行")
    expect(page.locator(".earlier button:disabled")).to_have_count(2)
    held.take().continue_()
    expect(page.locator(".book tbody tr")).to_have_count(102, timeout=SLOW)
    held.end()


def test_a_long_year_is_shown_from_its_end_and_every_sum_is_the_whole_years(finance: Reviewer, demo: Demo) -> None:
    show_long_year(finance, demo)
    page = finance.page
    last = page.locator(".book tbody tr").last.inner_text()
    page.get_by_role("button", name="再显示更早的").click()
    expect(page.locator(".book tbody tr")).to_have_count(102, timeout=SLOW)
    expect(page.get_by_role("button", name="再显示更早的")).to_have_count(0)
    assert page.locator(".book tbody tr").last.inner_text() == last
    numbers = [int(text) for text in page.locator(".book tbody tr td:first-child").all_inner_texts()]
    assert numbers == sorted(numbers)
