"""A ledger of several years: obligations and cash of each, on the ledger page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.people import SLOW, Reviewer
from tests.browser.watching import watch
from tests.conftest import Demo, start
from tests.doors import years


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    made = start(tmp_path_factory.mktemp("years") / "data")
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
