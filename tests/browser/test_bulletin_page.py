"""The monthly bulletin on the screen: the same month in the other language, as a workbook, and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.people import Reviewer

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

MONTH = "?month=2026-01&publish=1"


@pytest.fixture
def bulletin(desktop: BrowserContext, demo: Demo) -> Page:
    page = desktop.new_page()
    Reviewer(page, demo.review, "leader", demo.passphrase("leader")).unlock()
    page.goto(f"{demo.review}/bulletin{MONTH}")
    return page


def test_the_other_language_tells_the_same_month(bulletin: Page, demo: Demo) -> None:
    expect(bulletin.locator(".bulletin")).to_contain_text("上年同月")
    bulletin.locator("header.top a[hreflang=en]").click()
    expect(bulletin.locator(".bulletin")).to_contain_text("2026-01")
    assert bulletin.url == f"{demo.review}/en/bulletin{MONTH}"
    bulletin.locator("header.top a[hreflang=zh-CN]").click()
    expect(bulletin.locator(".bulletin")).to_contain_text("公开")
    assert bulletin.url == f"{demo.review}/bulletin{MONTH}"


def test_without_a_session_the_other_language_says_so_too(bulletin: Page, demo: Demo) -> None:
    bulletin.context.clear_cookies()
    bulletin.reload()
    bulletin.locator("header.top a[hreflang=en]").click()
    expect(bulletin.locator("h1")).not_to_be_empty()
    assert bulletin.url == f"{demo.review}/en/bulletin"


def test_it_is_a_workbook_too_and_prints_alone(bulletin: Page, tmp_path: Path) -> None:
    with bulletin.expect_download() as started:
        bulletin.get_by_role("link", name="XLSX").click()
    started.value.save_as(tmp_path / "b.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx").active
    assert sheet is not None
    assert {"本月", "上年同月", "同比"} <= {str(cell.value) for row in sheet for cell in row}
    bulletin.emulate_media(media="print")
    for what in (".bulletin-ways", "header.top", "footer.foot"):
        expect(bulletin.locator(what)).to_be_hidden()
    expect(bulletin.locator(".bulletin h1")).to_be_visible()


@pytest.mark.parametrize("form", ["XLSX", "JSON"])
def test_no_link_saves_or_shows_the_refusal_of_an_expired_session(bulletin: Page, form: str) -> None:
    """The workbook's link once showed `{"error":"not_signed_in"}` on a white page."""
    bulletin.context.clear_cookies()
    bulletin.get_by_role("link", name=form).click()
    expect(bulletin.locator(".gatecard .lead")).to_be_visible()
    expect(bulletin.locator("body")).not_to_contain_text("not_signed_in")
    expect(bulletin.locator(".gatecard a.button")).to_be_visible()


def test_no_button_of_the_ledger_saves_the_refusal_of_an_expired_session(desktop: BrowserContext, demo: Demo) -> None:
    """Every export of the page: it asks for the passphrase first, and the file that is saved then is the file."""
    page = desktop.new_page()
    auditor = Reviewer(page, demo.review, "auditor", demo.passphrase("auditor"))
    auditor.unlock()
    auditor.go("#/ledger")
    buttons = page.locator(".pagehead .row button").filter(has_not_text="打印")  # which saves nothing
    expect(buttons).to_have_count(4)
    for at in range(4):
        page.context.clear_cookies()
        with page.expect_download() as started:
            buttons.nth(at).click()
            auditor.give_passphrase()
        assert b"not_signed_in" not in Path(started.value.path()).read_bytes()
