"""A ledger of several years: obligations and cash of each, on the ledger page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.people import SLOW, Reviewer
from tests.browser.watching import watch
from tests.conftest import Demo, start
from tests.doors import years


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    made = start(tmp_path_factory.mktemp("years") / "data", WHISTLE_BUDGET_ACCOUNT="2240109 应急管理@2024")
    years.fill(made.data)
    yield made
    made.kill()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desk", "phone"])
def ledger(request: pytest.FixtureRequest, browser: Browser, house: Demo) -> Iterator[Page]:
    with browser.new_context(viewport=request.param, locale="zh-CN") as context:
        page = context.new_page()
        seen = watch(page)
        one = Reviewer(page, house.review, "finance", house.passphrase("finance"))
        one.unlock()
        one.go("#/ledger")
        expect(page.locator(".balance")).to_be_visible(timeout=SLOW)
        yield page
        assert seen.complaints == []


def cells(page: Page, row: str) -> list[str]:
    """What stands in a line of the table of obligations and cash."""
    return page.locator(".cash tr", has_text=row).locator("td").all_inner_texts()


def test_obligations_and_cash_stand_side_by_side_with_what_is_carried_over(ledger: Page, tmp_path: Path) -> None:
    ledger.locator(".pagehead select").select_option("2024")
    expect(ledger.locator(".cash")).to_contain_text("按 2024 年内入账日期统计", timeout=SLOW)
    assert cells(ledger, "2023 年度") == [
        "5,000.00",
        "0.00",
        "0.00",
        "0.00",
        "5,000.00",
        "0.00",
        "2,500.01",
        "2,499.99",
    ]
    assert cells(ledger, "2024 年度")[:7] == ["0.00", "33,000.03", "3,000.00", "0.00", "10,000.03", "20,000.00", "0.00"]
    assert cells(ledger, "合计")[-3:] == ["20,000.00", "2,500.01", "12,500.02"]
    expect(ledger.locator(".cash")).not_to_contain_text("今年还没有结束")
    expect(ledger.locator(".ledger")).to_contain_text("预算科目：2240109 应急管理")
    assert ledger.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ledger.screenshot(path=tmp_path / "cash.png", full_page=True)
    ledger.locator(".pagehead select").select_option("2025")
    expect(ledger.locator(".cash")).to_contain_text("按 2025 年内入账日期统计", timeout=SLOW)
    expect(ledger.locator(".ledger")).to_contain_text("这一年没有自己的预算和批准")
    assert cells(ledger, "2024 年度")[-4:] == ["20,000.00", "0.00", "10,000.03", "9,999.97"]


def test_all_years_have_a_line_each(ledger: Page) -> None:
    ledger.locator(".pagehead select").select_option("0")
    expect(ledger.locator(".cash thead")).to_contain_text("入账年份", timeout=SLOW)
    shown = ledger.locator(".cash tbody th").all_inner_texts()
    assert shown[:3] == ["2023 年度", "2024 年度", "2025 年度"]  # and behind them the demo's own
    open_now, paid = (ledger.locator(f".st-{name} b").inner_text() for name in ("open", "paid"))
    assert open_now.endswith(cells(ledger, "合计")[-3])
    assert paid.endswith(cells(ledger, "合计")[-1])


def test_the_yearly_report_opens_from_the_ledger_prints_alone_and_is_a_workbook(ledger: Page, tmp_path: Path) -> None:
    ledger.locator(".pagehead select").select_option("2024")
    link = ledger.get_by_role("link", name="年度报告")
    expect(link).to_have_attribute("href", re.compile("year=2024"), timeout=SLOW)
    with ledger.context.expect_page() as opened:
        link.click()
    report = opened.value
    expect(report.locator(".yearly .meta").first).to_contain_text("2024")
    expect(report.locator(".yearly")).to_contain_text("预算科目：2240109 应急管理")
    funds = report.locator("#funds tr")
    for name, shown in {"年末预算": "55,000.00", "净支出": "12,500.02", "年末结转待付": "20,000.00"}.items():
        expect(funds.filter(has=report.locator("th", has_text=name)).locator("td").first).to_have_text(shown)
    assert report.evaluate("document.documentElement.scrollWidth <= innerWidth")
    report.screenshot(path=tmp_path / "yearly.png", full_page=True)
    with report.expect_download() as started:
        report.get_by_role("link", name="XLSX").click()
    started.value.save_as(tmp_path / "y.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "y.xlsx")["权责与收付对照"]
    (last,) = ([cell.value for cell in row] for row in sheet.iter_rows() if row[0].value == "合计")
    assert last[-1] == 12_500.02
    report.emulate_media(media="print")
    for what in (".bulletin-ways", "header.top", "footer.foot"):
        expect(report.locator(what)).to_be_hidden()
    report.get_by_role("heading", name="奖励资金使用情况年度报告").wait_for()
    report.pdf(path=tmp_path / "yearly.pdf", prefer_css_page_size=True)
    report.emulate_media(media="screen")
    report.get_by_role("link", name="下一年").click()
    expect(report.locator(".yearly")).to_contain_text("本年没有登记预算")
    report.locator("header.top a[hreflang=en]").click()
    expect(report.locator(".yearly")).to_contain_text("2025")


def test_no_link_of_the_report_shows_the_refusal_of_an_expired_session(ledger: Page, house: Demo) -> None:
    ledger.goto(f"{house.review}/yearly?year=2024")
    ledger.context.clear_cookies()
    ledger.get_by_role("link", name="XLSX").click()
    expect(ledger.locator(".gatecard .lead")).to_contain_text("请先在办理台解锁")
    expect(ledger.locator("body")).not_to_contain_text("not_signed_in")
