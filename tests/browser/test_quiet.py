"""A desk that somebody left: the screen folds, and what was written is there when he comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.cases import Cases
from tests.browser.people import Reviewer

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

PLACE = "静坐车间西门"
MINUTE = 60_000


@pytest.fixture
def intake(desktop: BrowserContext, demo: Demo) -> Reviewer:
    """At a case, on a page whose clock the test turns on."""
    filed = Cases(demo).new("received", "静坐木业", place=PLACE)
    one = Reviewer(desktop.new_page(), demo.review, "intake", demo.passphrase("intake"))
    one.page.clock.install()
    one.unlock()
    one.open(filed.case)
    expect(one.page.locator("main")).to_contain_text(PLACE)
    return one


def folded(page: Page) -> bool:
    return page.locator(".veil.locked").count() == 1


def test_after_ten_quiet_minutes_the_screen_folds_and_the_words_are_kept(intake: Reviewer, demo: Demo) -> None:
    page = intake.page
    intake.begin("message")
    intake.form("message").locator("textarea").fill("还没写完的话")
    page.evaluate("() => window.scrollTo(0, 300)")
    page.clock.fast_forward(9 * MINUTE)
    assert not folded(page)
    page.clock.fast_forward(MINUTE + 10_000)
    expect(page.locator(".veil.locked")).to_contain_text("十分钟没有人操作")
    for medium in ("screen", "print"):
        page.emulate_media(media=medium)
        assert PLACE not in page.evaluate("() => document.body.innerText")
    page.emulate_media(media="screen")
    intake.give_passphrase(demo.passphrase("intake"))
    expect(page.locator("main")).to_contain_text(PLACE)
    expect(intake.form("message").locator("textarea")).to_have_value("还没写完的话")
    page.wait_for_function("() => window.scrollY > 200")
    intake.sign("message")


def test_whoever_moves_is_there(intake: Reviewer) -> None:
    page = intake.page
    for at in range(3):
        page.clock.fast_forward(8 * MINUTE)
        page.mouse.move(100 + at, 100)
    page.clock.run_for(10_000)
    assert not folded(page)


def test_whoever_watches_a_film_is_there_until_it_ends(intake: Reviewer) -> None:
    page = intake.page
    page.evaluate(
        """() => {
            const film = document.body.appendChild(document.createElement("video"));
            Object.defineProperties(film, { paused: { value: false }, ended: { get: () => film.title === "ended" } });
        }"""
    )
    page.clock.fast_forward(30 * MINUTE)
    page.clock.run_for(10_000)
    assert not folded(page)
    page.evaluate("() => { document.querySelector('video').title = 'ended'; }")
    page.clock.run_for(10_000)
    expect(page.locator(".veil.locked")).to_be_visible()


def test_a_machine_that_slept_wakes_folded(intake: Reviewer) -> None:
    page = intake.page
    page.evaluate("() => { const real = Date.now; Date.now = () => real() + 3_600_000; }")
    page.mouse.move(200, 200)
    expect(page.locator(".veil.locked")).to_be_visible()


def test_locking_leaves_nothing_behind_in_the_browser(intake: Reviewer) -> None:
    page = intake.page
    page.evaluate("() => sessionStorage.setItem('left', 'behind')")
    with page.expect_response("**/api/logout") as answered:
        page.get_by_role("button", name="锁定").click()
    assert answered.value.header_value("clear-site-data") == '"cache", "storage"'
    expect(page.locator('input[name="login"]')).to_be_visible()
    assert page.evaluate("() => sessionStorage.length") == 0


def test_a_page_that_is_left_shows_no_case_when_it_comes_back(intake: Reviewer) -> None:
    page = intake.page
    page.evaluate("() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    expect(page.locator("main")).to_have_count(0)
    page.evaluate("() => window.dispatchEvent(new HashChangeEvent('hashchange'))")  # an answer that comes afterwards
    page.wait_for_timeout(500)
    expect(page.locator("main")).to_have_count(0)
    assert PLACE not in page.content()
