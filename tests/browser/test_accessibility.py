"""WCAG 2.2 AA at every stop of both doors, in both languages; the report by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, product
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import tours
from tests.browser.cases import Cases
from tests.browser.conftest import PHONE
from tests.browser.looking import faults_of
from tests.browser.people import SLOW, Reporter, Reviewer

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

LANGUAGES = ["", "/en"]
NewPage = Callable[[], Page]


@pytest.fixture
def looked_at(browser: Browser) -> Iterator[NewPage]:
    """Pages that axe may be put into: their policy would forbid any script but their own."""
    contexts = []

    def open_page() -> Page:
        contexts.append(browser.new_context(viewport=PHONE, bypass_csp=True))
        page = contexts[-1].new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def cases(demo: Demo) -> Cases:
    return Cases(demo)


@pytest.fixture(scope="module")
def seen_by_the_office(cases: Cases) -> dict[str, str]:
    return tours.office_cases(cases)


@pytest.mark.parametrize("language", LANGUAGES, ids=["zh", "en"])
def test_no_page_of_the_reporter_shuts_anybody_out(looked_at: NewPage, demo: Demo, cases: Cases, language: str) -> None:
    page, door = looked_at(), demo.public + language
    stops = chain(
        tours.reporters_pages(page, door), tours.reporters_form(page, door), tours.reporters_case(page, door, cases)
    )
    assert not (found := faults_of(page, stops)), "\n".join(found)


def test_no_traditional_page_shuts_anybody_out(looked_at: NewPage, demo: Demo) -> None:
    """The same pages in other characters: what could differ is the language they name and how wide they run."""
    page = looked_at()
    assert not (found := faults_of(page, tours.reporters_pages(page, f"{demo.public}/zh-hant"))), "\n".join(found)


# What differs in English is the language that is named and how wide words run: one role's pages show that.
@pytest.mark.parametrize(
    ("role", "language"), [*product(tours.STATES, LANGUAGES[:1]), ("intake", LANGUAGES[1])], ids=lambda one: one or "zh"
)
def test_no_page_of_the_office_shuts_anybody_out(
    looked_at: NewPage, demo: Demo, seen_by_the_office: dict[str, str], role: str, language: str
) -> None:
    page = looked_at()
    reviewer = Reviewer(page, f"{demo.review}{language}/", role, demo.passphrase(role))
    found = faults_of(page, tours.gate(page, reviewer)) if role == "intake" else []
    reviewer.unlock()
    stops = chain(tours.office_lists(reviewer), tours.office_forms(reviewer, seen_by_the_office))
    found += faults_of(page, stops)
    found += faults_of(page, tours.locked_over(reviewer)) if role == "intake" else []
    found += faults_of(page, tours.bulletin(reviewer)) if role == "leader" else []
    assert not found, "\n".join(found)


def test_a_report_is_filed_by_keyboard_alone(desktop_page: Page, demo: Demo) -> None:
    """No mouse, no script's help: Tab, arrows, space, Enter, and the letters."""
    page, reporter = desktop_page, Reporter(desktop_page, demo.public)
    page.goto(f"{demo.public}/report")
    expect(reporter.step("advice")).to_be_visible()
    press_on(page, "advice")
    tab_to(page, 'input[name="category"]')
    page.keyboard.press("ArrowDown")
    press_on(page, "kind")
    tab_to(page, "#enterprise")
    page.keyboard.type("木业")
    expect(page.locator("#enterprise-list")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#enterprise")).to_have_value("沂岭木业有限公司（示例）")
    press_on(page, "where")
    tab_to(page, 'input[name="since"]')
    page.keyboard.press("Space")
    press_on(page, "when")
    tab_to(page, "#text")
    page.keyboard.type("电锯没有护罩,锯末堆到膝盖。")
    press_on(page, "what")
    press_on(page, "you")
    press_on(page, "review")
    ticket = reporter.read_ticket()
    tab_to(page, "#last")
    page.keyboard.type(ticket[-5:])
    page.keyboard.press("Enter")
    expect(reporter.step("done")).to_be_visible()
    expect(reporter.step("done").locator("h1")).to_be_focused()


def tab_to(page: Page, selector: str) -> None:
    for _ in range(40):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached with Tab")


def press_on(page: Page, step: str) -> None:
    """From the heading, where a new question puts the reader, to its last button, and on."""
    if step != "advice":
        expect(page.locator(f'[data-step="{step}"] .buttons')).to_be_visible()
    tab_to(page, f'[data-step="{step}"] button.next')
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-step="{step}"]')).to_be_hidden(timeout=SLOW)


def test_every_question_puts_the_reader_at_its_heading(phone_page: Page, demo: Demo) -> None:
    reporter = Reporter(phone_page, demo.public)
    reporter.begin()
    expect(reporter.step("kind").locator("h1")).to_be_focused()
    reporter.say_what_kind(tours.SAW)
    expect(reporter.step("where").locator("h1")).to_be_focused()
    phone_page.locator("[data-back]:visible").click()
    expect(reporter.step("kind").locator("h1")).to_be_focused()


def test_a_mistake_is_told_beside_its_field_and_goes_when_it_is_mended(phone_page: Page, demo: Demo) -> None:
    reporter = Reporter(phone_page, demo.public)
    reporter.begin()
    reporter.next()
    expect(phone_page.locator("#category-wrong")).to_be_visible()
    phone_page.locator('input[name="category"]').first.check()
    expect(phone_page.locator("#category-wrong")).to_be_hidden()


def test_the_office_page_puts_the_reader_where_things_change(
    desktop_page: Page, demo: Demo, seen_by_the_office: dict[str, str]
) -> None:
    page, reviewer = desktop_page, Reviewer(desktop_page, demo.review, "intake", demo.passphrase("intake"))
    reviewer.unlock()
    reviewer.open(seen_by_the_office["received"])
    expect(page.locator(".casehead h1")).to_be_focused()
    reviewer.begin("message")
    expect(reviewer.form("message").locator("h3")).to_be_focused()
    reviewer.form("message").locator(".row button.quiet").click()
    expect(page.locator("#acts h2")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator(".veil button")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".veil")).to_have_count(0)
    page.context.clear_cookies()
    reviewer.go("#/inbox?view=unread")
    expect(page.locator(".locked #passphrase")).to_be_focused(timeout=SLOW)
