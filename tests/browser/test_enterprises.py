"""The field for the enterprise: its list comes with the first touch, not before, and is searched where it is read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.people import Reporter, Reviewer
from tests.conftest import Demo

ADDRESS = "/api/enterprises"
WOOD, PLACE = "沂岭木业有限公司（示例）", "坪上镇工业园 3 号"


@pytest.fixture
def reporter(phone_page: Page, demo: Demo) -> Reporter:
    return Reporter(phone_page, demo.public)


def at_the_field(reporter: Reporter) -> Page:
    """The question of the enterprise, its field not touched yet."""
    reporter.begin()
    reporter.page.locator('input[name="category"]').first.check()
    reporter.next()
    expect(reporter.page.locator("#enterprise")).to_be_visible()
    return reporter.page


def asked(page: Page) -> Callable[[], list[str]]:
    """Addresses of the page's requests from now on, of its own doors."""
    heard: list[str] = []
    page.on("request", lambda request: heard.append(request.url))
    return lambda: heard


@pytest.mark.parametrize("typed", ["岭木", "沂木有限", "嶺木業", "ylmy", "YLMYYXGS"])
def test_a_name_is_found_as_she_types_it(reporter: Reporter, typed: str) -> None:
    page = at_the_field(reporter)
    page.locator("#enterprise").press_sequentially(typed)
    page.locator("#enterprise-list li", has_text=WOOD).click()
    expect(page.locator("#enterprise")).to_have_value(WOOD)
    expect(page.locator("#place")).to_have_value(PLACE)
    expect(page.locator("#enterprise-list")).to_be_hidden()


@pytest.mark.parametrize("language", ["/zh-hant", "/en"])
def test_it_is_so_in_every_language(phone_page: Page, demo: Demo, language: str) -> None:
    page = at_the_field(Reporter(phone_page, demo.public + language))
    page.locator("#enterprise").press_sequentially("ylmy")
    expect(page.locator("#enterprise-list li")).to_contain_text([WOOD])


def test_the_register_is_asked_for_once_when_the_field_is_touched_and_no_request_says_what_is_typed(
    reporter: Reporter,
) -> None:
    heard = asked(reporter.page)
    page = at_the_field(reporter)
    page.wait_for_load_state("networkidle")
    assert not [url for url in heard() if "enterprises" in url]
    before = len(heard())
    page.locator("#enterprise").press_sequentially("沂岭")
    expect(page.locator("#enterprise-list")).to_be_visible()
    page.locator("#place").focus()
    page.locator("#enterprise").press("End")
    page.locator("#enterprise").press_sequentially("木业")
    expect(page.locator("#enterprise-list li")).to_contain_text([WOOD])
    script, *asked_for = heard()[before:]
    assert (script.rpartition("/")[2], asked_for) == ("enterprises.js", [reporter.door + ADDRESS])


def test_who_passes_the_field_by_asks_for_no_register(reporter: Reporter) -> None:
    page = at_the_field(reporter)
    heard = asked(page)
    page.locator("#place").fill("二车间")
    reporter.next()
    expect(reporter.step("when")).to_be_visible()
    assert not [url for url in heard() if "enterprises" in url]


@pytest.mark.parametrize(
    "answer",
    [
        lambda route: route.abort(),
        lambda route: route.fulfill(status=503, body="busy"),
        lambda route: route.fulfill(body="<html>"),
    ],
    ids=["gone", "busy", "no list"],
)
def test_without_a_door_the_name_is_simply_typed(
    reporter: Reporter, phone: BrowserContext, answer: Callable[[Route], None]
) -> None:
    phone.route(f"**{ADDRESS}", answer)
    page = at_the_field(reporter)
    page.locator("#enterprise").press_sequentially("沂岭")
    expect(page.locator("#enterprise-list")).to_be_hidden()
    phone.unroute(f"**{ADDRESS}")
    page.locator("#place").fill("二车间")
    page.locator("#enterprise").press("End")
    page.locator("#enterprise").press_sequentially("木业")
    expect(page.locator("#enterprise-list li")).to_contain_text([WOOD])  # the next touch asked again
    page.locator("#enterprise").fill("沂岭某厂")
    reporter.next()
    expect(reporter.step("when")).to_be_visible()


def test_a_script_that_did_not_come_is_asked_for_with_the_next_touch(reporter: Reporter, phone: BrowserContext) -> None:
    phone.route("**/enterprises.js", lambda route: route.abort(), times=1)
    page = at_the_field(reporter)
    page.locator("#enterprise").press_sequentially("沂岭")
    page.locator("#place").focus()
    page.locator("#enterprise").press("End")
    page.locator("#enterprise").press_sequentially("木业")
    expect(page.locator("#enterprise-list li")).to_contain_text([WOOD])


def test_an_empty_register_leaves_a_plain_field(reporter: Reporter, phone: BrowserContext) -> None:
    phone.route(f"**{ADDRESS}", lambda route: route.fulfill(json={"enterprises": [], "traditional": {}}))
    page = at_the_field(reporter)
    field = page.locator("#enterprise")
    field.focus()
    expect(field).not_to_have_attribute("role", "combobox")
    field.press_sequentially("沂岭木业")
    expect(page.locator("#enterprise-list")).to_be_hidden()
    assert field.evaluate("field => field.hasAttribute('aria-expanded')") is False
    reporter.next()
    expect(reporter.step("when")).to_be_visible()


def test_intake_that_takes_a_report_down_finds_names_alike(desktop_page: Page, demo: Demo) -> None:
    reviewer = Reviewer(desktop_page, demo.review, "intake", demo.passphrase("intake"))
    reviewer.unlock()
    heard = asked(desktop_page)
    reviewer.go("#/transcribe")
    field = desktop_page.locator('.sheet input[name="enterprise"]')
    expect(field).to_be_visible()
    assert not [url for url in heard() if "enterprises" in url]
    field.press_sequentially("ylmy")
    expect(desktop_page.locator("#enterprise-list li")).to_contain_text([WOOD])
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value(WOOD)
    expect(desktop_page.locator('.sheet input[name="place"]')).to_have_value(PLACE)
    field.fill("嶺木")
    desktop_page.locator("#enterprise-list li", has_text=WOOD).click()
    expect(field).to_have_value(WOOD)
    assert [url for url in heard() if "enterprises" in url] == [demo.review + ADDRESS]
    assert not [url for url in heard() if "ylmy" in url]
