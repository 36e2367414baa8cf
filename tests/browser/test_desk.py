"""A desk at 1280 pixels: nothing stands empty, counts stand beside their lists, buttons speak Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.cases import Cases
from tests.browser.people import SLOW, Reviewer

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

FIRM = "左栏不空机械厂"


@pytest.fixture(scope="module")
def case(demo: Demo) -> str:
    return Cases(demo).new("reward_proposed", FIRM).case


def at(desktop: BrowserContext, demo: Demo, role: str) -> Reviewer:
    one = Reviewer(desktop.new_page(), demo.review, role, demo.passphrase(role))
    one.unlock()
    return one


@pytest.mark.parametrize("role", ["verifier", "payout", "leader"])
def test_no_half_of_a_case_stands_empty(desktop: BrowserContext, demo: Demo, case: str, role: str) -> None:
    """Most people read little of a case: what happened stands where her words would."""
    person = at(desktop, demo, role)
    person.open(case)
    height = "node => node.getBoundingClientRect().height"
    left = person.page.locator(".cols .left")
    expect(left.locator(".timeline")).to_be_visible()
    last = left.locator(":scope > *").last.evaluate("node => node.getBoundingClientRect().bottom")
    first = left.evaluate("node => node.getBoundingClientRect().top")
    assert last - first >= person.page.locator(".cols .right").evaluate(height) / 2


def test_how_much_is_unread_stands_beside_the_word(desktop: BrowserContext, demo: Demo, case: str) -> None:
    person = at(desktop, demo, "intake")
    person.inbox("view=unread")
    shown = person.page.locator('.views a[href*="view=unread"] .count')
    rows = person.page.locator(".rows tbody tr")
    expect(rows.first).to_be_visible(timeout=SLOW)
    before = int(shown.inner_text())
    assert before >= 1
    person.open(case)
    person.inbox("view=unread")
    expect(shown).to_have_text(str(before - 1), timeout=SLOW)


def test_files_are_chosen_by_a_button_with_our_own_words(desktop: BrowserContext, demo: Demo, case: str) -> None:
    person = at(desktop, demo, "intake")
    person.open(case)
    person.begin("message")
    form = person.form("message")
    expect(form.locator("label.filepick", has_text="选择文件")).to_be_visible()
    assert form.locator('input[type="file"]').evaluate("node => getComputedStyle(node).opacity") == "0"


def test_the_page_without_script_names_its_button_and_shows_what_was_chosen(phone_page: Page, demo: Demo) -> None:
    phone_page.goto(f"{demo.public}/plain")
    label = phone_page.locator('label.button[for="file"]')
    expect(label).to_contain_text("选择照片和文件")
    with phone_page.expect_file_chooser():
        label.click()
    own = "node => getComputedStyle(node, '::file-selector-button').display"
    assert phone_page.locator("#file").evaluate(own) == "none"
