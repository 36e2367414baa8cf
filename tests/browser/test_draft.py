"""A report put aside on the phone: only where she asks for it, sealed under her word, for a day."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import SLOW, Reporter
from tests.browser.test_language import SAW
from tests.conftest import Demo

pytestmark = pytest.mark.browser

WORD = "三更灯火五更鸡"
HOUR = 3600 * 1000  # milliseconds
DAY = 24 * HOUR


@pytest.fixture
def reporter(phone_page: Page, demo: Demo) -> Reporter:
    return Reporter(phone_page, demo.public)


def lies_there(page: Page) -> str:
    """What the browser keeps, whole."""
    return str(page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"))


def write_half(reporter: Reporter) -> None:
    reporter.begin()
    reporter.say_what_kind(SAW)
    reporter.say_where(SAW)
    reporter.say_when(SAW)
    reporter.page.locator("#text").fill(SAW.text)


def put_aside(reporter: Reporter, word: str = WORD) -> None:
    reporter.page.locator("[data-draft]").click()
    reporter.page.locator("#draft-word").fill(word)
    reporter.page.locator('[data-draft-form="new"] [type=submit]').click()


def stored(reporter: Reporter) -> None:
    put_aside(reporter)
    expect(part(reporter.page, "kept")).to_be_visible(timeout=SLOW)


def part(page: Page, name: str) -> Locator:
    return page.locator(f'[data-draft-form="{name}"]')


def come_back(reporter: Reporter, word: str = WORD) -> None:
    reporter.page.goto(f"{reporter.door}/report")
    expect(part(reporter.page, "back")).to_be_visible(timeout=SLOW)
    reporter.page.locator("#draft-again").fill(word)
    part(reporter.page, "back").locator("[type=submit]").click()


def test_it_comes_back_with_every_answer_at_the_question_where_she_was(reporter: Reporter, demo: Demo) -> None:
    page = reporter.page
    page.on("dialog", lambda dialog: dialog.accept())
    write_half(reporter)
    stored(reporter)
    page.reload()
    come_back(reporter)
    expect(reporter.step("what")).to_be_visible(timeout=SLOW)
    expect(page.locator("#text")).to_have_value(SAW.text)
    reporter.next()
    reporter.say_who(SAW)
    for words in (SAW.enterprise, SAW.place, SAW.text, SAW.contact):
        expect(page.locator("[data-summary]")).to_contain_text(words)
    reporter.next()
    ticket = reporter.keep_ticket()
    assert demo.reporter().status(ticket).state == "received"
    assert lies_there(page) == '[{},{},""]'  # what was sent lies nowhere on the phone


def test_nothing_is_kept_unless_she_asks(reporter: Reporter) -> None:
    write_half(reporter)
    assert lies_there(reporter.page) == '[{},{},""]'
    reporter.page.locator("[data-draft]").click()
    expect(part(reporter.page, "new")).to_be_visible(timeout=SLOW)
    reporter.page.locator("[data-draft-leave]").click()
    expect(part(reporter.page, "new")).to_be_hidden()
    assert lies_there(reporter.page) == '[{},{},""]'


def test_what_lies_there_says_nothing_but_that_it_is_there(reporter: Reporter) -> None:
    page = reporter.page
    write_half(reporter)
    stored(reporter)
    small, before = lies_there(page), page.evaluate("() => localStorage.draft")
    for words in (SAW.enterprise, SAW.place, SAW.text, SAW.category, WORD, "text", "enterprise"):
        assert words not in small
    page.locator("#text").fill("长" * 4000)
    page.locator("#text").blur()
    page.wait_for_function("before => localStorage.draft !== before", arg=before)
    assert int(before.split(":")[0]) % HOUR == 0  # nor the minute at which she wrote
    assert len(lies_there(page)) == len(small)  # four thousand characters are as long as nineteen


def test_later_answers_follow_by_themselves(reporter: Reporter) -> None:
    page = reporter.page
    page.on("dialog", lambda dialog: dialog.accept())
    write_half(reporter)
    stored(reporter)
    before = page.evaluate("() => localStorage.draft")
    page.locator("#text").fill(SAW.text + "昨天又断了一股。")
    page.locator("#text").blur()
    page.wait_for_function("before => localStorage.draft !== before", arg=before)
    come_back(reporter)
    expect(page.locator("#text")).to_have_value(SAW.text + "昨天又断了一股。", timeout=SLOW)


def test_a_short_word_is_refused_and_a_wrong_one_opens_nothing(reporter: Reporter) -> None:
    page = reporter.page
    page.on("dialog", lambda dialog: dialog.accept())
    write_half(reporter)
    put_aside(reporter, "五个字呀呀")
    expect(page.locator("#draft-word-wrong")).to_be_visible()
    assert lies_there(page) == '[{},{},""]'
    page.locator("#draft-word").fill(WORD)
    part(page, "new").locator("[type=submit]").click()
    expect(part(page, "kept")).to_be_visible(timeout=SLOW)
    come_back(reporter, "三更灯火五更鸭")
    expect(page.locator("#draft-again-wrong")).to_be_visible(timeout=SLOW)
    expect(page.locator("#text")).to_have_value("")
    page.locator("#draft-again").fill(f" {WORD} ")
    part(page, "back").locator("[type=submit]").click()
    expect(page.locator("#text")).to_have_value(SAW.text, timeout=SLOW)


@pytest.mark.parametrize("where", ["kept", "back"])
def test_one_tap_deletes_it(reporter: Reporter, where: str) -> None:
    page = reporter.page
    page.on("dialog", lambda dialog: dialog.accept())
    write_half(reporter)
    stored(reporter)
    if where == "back":
        page.goto(f"{reporter.door}/report")
        expect(part(page, "back")).to_be_visible(timeout=SLOW)
    part(page, where).locator("[data-draft-drop]").click()
    expect(part(page, "gone")).to_be_visible()
    assert lies_there(page) == '[{},{},""]'
    page.goto(f"{reporter.door}/report")
    expect(reporter.step("advice")).to_be_visible()
    expect(page.locator("[data-draft-box]")).to_have_count(0)


@pytest.mark.parametrize("clock", [DAY + 1000, -HOUR], ids=["a day later", "set back an hour"])
def test_its_day_over_it_goes_with_the_next_page(reporter: Reporter, clock: int) -> None:
    page = reporter.page
    page.goto(f"{reporter.door}/privacy")
    for path in ("/", "/report", "/case", "/privacy"):
        page.evaluate("left => localStorage.setItem('draft', `${Date.now() + left}:abc`)", DAY - clock)
        page.goto(f"{reporter.door}{path}")
        page.wait_for_function("() => localStorage.length === 0")


@pytest.mark.parametrize("box", ["", "abc", "!!", "A" * 4000, "{}"])
def test_what_somebody_else_put_there_opens_nothing_and_can_be_deleted(reporter: Reporter, box: str) -> None:
    page = reporter.page
    page.goto(f"{reporter.door}/privacy")
    page.evaluate("box => localStorage.setItem('draft', `${Date.now() + 3600000}:${box}`)", box)
    page.goto(f"{reporter.door}/report")
    if box:
        expect(part(page, "back")).to_be_visible(timeout=SLOW)
        page.locator("#draft-again").fill(WORD)
        part(page, "back").locator("[type=submit]").click()
        expect(page.locator("#draft-again-wrong")).to_be_visible(timeout=SLOW)
        part(page, "back").locator("[data-draft-drop]").click()
        assert lies_there(page) == '[{},{},""]'
    expect(reporter.step("advice")).to_be_visible()


def test_a_browser_that_keeps_nothing_says_so_and_the_words_stay(reporter: Reporter) -> None:
    page = reporter.page
    page.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('no', 'QuotaExceededError'); }")
    write_half(reporter)
    put_aside(reporter)
    expect(part(page, "refused")).to_be_visible(timeout=SLOW)
    expect(page.locator("#text")).to_have_value(SAW.text)


def test_another_report_sent_leaves_a_draft_that_was_not_opened(reporter: Reporter) -> None:
    page = reporter.page
    page.on("dialog", lambda dialog: dialog.accept())
    write_half(reporter)
    stored(reporter)
    reporter.file(SAW)
    come_back(reporter)
    expect(page.locator("#text")).to_have_value(SAW.text, timeout=SLOW)


def test_leaving_in_a_hurry_leaves_the_sealed_draft_and_no_key(reporter: Reporter) -> None:
    page = reporter.page
    page.route("**/weather*", lambda route: route.fulfill(body="天气"))
    write_half(reporter)
    stored(reporter)
    page.locator("[data-leave]").first.click()
    page.wait_for_function("() => !document.querySelector('[data-draft-box]')")
    page.goto(f"{reporter.door}/report")
    expect(part(page, "back")).to_be_visible(timeout=SLOW)
    expect(page.locator("#text")).to_have_value("")
