"""A report that may stand never leaves its reporter without the code: a receipt that proves nothing, an answer lost."""

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.people import SLOW, Report, Reporter
from tests.conftest import Demo

pytestmark = pytest.mark.browser

REPORT = Report("general_hazard", "沂岭木业", "二车间", "industry_trade", "三台电机的外壳没有接地线，皮带没有罩子。")


def digits(reporter: Reporter, where: str) -> str:
    return "".join(reporter.page.locator(f"{where} span").all_inner_texts())


def test_a_receipt_that_proves_nothing_is_told_and_the_code_is_shown(phone: BrowserContext, demo: Demo) -> None:
    def spoil(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        route.fulfill(response=answer, json=told | {"bytes": told["bytes"].replace('"day":"20', '"day":"19')})

    alice = Reporter(phone.new_page(), demo.public)
    alice.page.route("**/api/posts", spoil)
    alice.write(REPORT)
    alice.next()
    ticket = alice.page.locator("[data-ticket]")
    expect(ticket).to_be_visible(timeout=SLOW)
    expect(alice.page.locator("[data-unproved]")).to_contain_text("回执却核对不上", timeout=SLOW)
    expect(alice.page.get_by_text("收到了。", exact=True)).to_be_hidden()
    assert demo.reporter().status(digits(alice, "[data-ticket]")).state == "received"


def test_an_answer_that_was_lost_leaves_the_code_on_the_page(phone: BrowserContext, demo: Demo) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    alice = Reporter(phone.new_page(), demo.public)
    alice.page.route("**/api/posts", lose)
    alice.write(REPORT)
    alice.next()
    expect(alice.not_sent()).to_contain_text("可能已经送到")
    shown = digits(alice, "[data-ticket]")
    assert demo.reporter().status(shown).state == "received"
    alice.page.unroute("**/api/posts")
    alice.page.locator("[data-retry]").click()
    expect(alice.page.get_by_text("收到了。", exact=True)).to_be_visible(timeout=SLOW)
    assert digits(alice, "[data-ticket]") == shown
