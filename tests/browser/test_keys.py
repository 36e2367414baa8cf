"""Keys that an input method takes for itself are nobody else's: no shortcut, no quick exit while a word is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import Reporter, Reviewer

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

# How browsers tell such a key: by the flag, and older WebKit by the number 229.
COMPOSING = ("{ isComposing: true }", "{ keyCode: 229 }")


def press(page: Page, selector: str, key: str, how: str, times: int = 1) -> None:
    page.locator(selector).evaluate(
        f"""(node, [key, times]) => {{
            for (let n = 0; n < times; n += 1)
                node.dispatchEvent(new KeyboardEvent("keydown", {{ key, bubbles: true, cancelable: true, ...{how} }}));
        }}""",
        [key, times],
    )


@pytest.mark.parametrize("how", COMPOSING)
def test_choosing_a_word_is_no_quick_exit(phone_page: Page, demo: Demo, how: str) -> None:
    reporter = Reporter(phone_page, demo.public)
    reporter.begin()
    press(phone_page, "h1:visible", "Escape", how, times=6)
    expect(reporter.step("kind")).to_be_visible()
    for _ in range(3):
        phone_page.keyboard.press("Escape")
    expect(reporter.step("kind")).to_have_count(0)


@pytest.mark.parametrize("how", COMPOSING)
def test_choosing_a_word_takes_no_enterprise_from_the_list(phone_page: Page, demo: Demo, how: str) -> None:
    reporter = Reporter(phone_page, demo.public)
    reporter.begin()
    phone_page.locator('input[name="category"]').first.check()
    reporter.next()
    phone_page.locator("#enterprise").press_sequentially("木业")
    expect(phone_page.locator("#enterprise-list")).to_be_visible()
    phone_page.keyboard.press("ArrowDown")
    press(phone_page, "#enterprise", "Enter", how)
    press(phone_page, "#enterprise", "Escape", how)
    expect(phone_page.locator("#enterprise")).to_have_value("木业")
    expect(phone_page.locator("#enterprise-list")).to_be_visible()


@pytest.mark.parametrize("how", COMPOSING)
def test_choosing_a_word_is_no_shortcut_of_the_office(desktop_page: Page, demo: Demo, how: str) -> None:
    reviewer = Reviewer(desktop_page, demo.review, "intake", demo.passphrase("intake"))
    reviewer.unlock()
    press(desktop_page, "main", "?", how)
    press(desktop_page, "main", "Enter", how)
    expect(desktop_page.locator(".veil")).to_have_count(0)
    expect(desktop_page.locator(".inbox")).to_be_visible()
    desktop_page.keyboard.press("?")
    expect(desktop_page.locator(".veil")).to_be_visible()
