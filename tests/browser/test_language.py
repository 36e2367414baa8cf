"""Whoever changes the language in the middle loses no word, and stores none."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import SLOW, Report, Reporter
from tests.conftest import Demo
from whistle.crypto.encoding import b64
from whistle.crypto.ticket import open_ticket

pytestmark = pytest.mark.browser

SAW = Report(
    category="violation",
    enterprise="某铸造厂",
    place="浇注区东门",
    sector="industry_trade",
    text="吊钩没有防脱扣，钢丝绳断了几股还在用。",
    contact="一个新邮箱",
)


@pytest.fixture
def reporter(phone_page: Page, demo: Demo) -> Reporter:
    return Reporter(phone_page, demo.public)


def change(page: Page, tag: str) -> None:
    page.locator(f'nav [hreflang="{tag}"]').click()
    expect(page.locator("html")).to_have_attribute("lang", tag, timeout=SLOW)
    expect(page.locator(".needs-script")).to_have_count(0)  # the script runs in the other language too


def kept(page: Page) -> list[object]:
    return page.evaluate(
        "async () => [localStorage.length, document.cookie, (await caches.keys()).length,"
        " Object.keys(sessionStorage).length, window.name]"
    )


def test_it_works_every_answer_goes_over_and_the_report_arrives(reporter: Reporter, demo: Demo) -> None:
    page = reporter.page
    reporter.begin()
    reporter.say_what_kind(SAW)
    reporter.say_where(SAW)
    reporter.say_when(SAW)
    page.locator("#text").fill(SAW.text)
    change(page, "en")
    assert page.url == f"{demo.public}/en/report"
    expect(reporter.step("what")).to_be_visible()
    expect(page.locator("#text")).to_have_value(SAW.text)
    assert not re.search(r"[\u4e00-\u9fff]", page.locator('[data-step="what"] h1').inner_text())
    reporter.next()
    reporter.say_who(SAW)
    change(page, "zh-Hant")
    expect(reporter.step("review")).to_be_visible()
    summary = page.locator("[data-summary]")
    for word in (SAW.enterprise, SAW.place, SAW.text, SAW.contact):
        expect(summary).to_contain_text(word)
    assert kept(page) == [0, "", 0, 0, ""]
    reporter.next()
    reporter.keep_ticket()
    office = demo.office("intake")
    case = b64(open_ticket(office.trust.zone, reporter.ticket).case)
    items = {item.comp: item.text for item in office.case(case).items if item.comp == "report"}
    assert items == {"report": SAW.text}


def test_an_open_case_stays_open_with_the_words_that_are_not_sent(reporter: Reporter) -> None:
    page = reporter.page
    reporter.file(SAW)
    reporter.look()
    page.locator("#say").fill("东门今天关了。")
    change(page, "en")
    expect(page.locator("[data-case]")).to_be_visible()
    expect(page.locator("#say")).to_have_value("东门今天关了。")
    assert not re.search(r"[\u4e00-\u9fff]", page.locator("[data-state]").inner_text())
    change(page, "zh-CN")
    page.locator("[data-say] button").click()
    expect(page.locator("[data-talk]")).to_contain_text("东门今天关了。", timeout=SLOW)
    expect(page.locator("#say")).to_have_value("")


def test_without_a_connection_everything_stays_as_it_is(reporter: Reporter) -> None:
    page = reporter.page
    reporter.begin()
    reporter.say_what_kind(SAW)
    page.locator("#enterprise").fill(SAW.enterprise)
    page.context.set_offline(True)
    page.locator('nav [hreflang="en"]').click()
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    expect(page.locator("#enterprise")).to_have_value(SAW.enterprise)
    change(page, "en")
    expect(page.locator("#enterprise")).to_have_value(SAW.enterprise)


def test_the_way_out_and_the_larger_type_work_on_the_page_that_came(reporter: Reporter, demo: Demo) -> None:
    page = reporter.page
    page.route("https://www.weather.com.cn/**", lambda route: route.fulfill(body="weather"))
    reporter.begin()
    change(page, "en")
    page.locator("[data-elder]").click()
    expect(page.locator("html")).to_have_class(re.compile("elder"))
    change(page, "zh-CN")
    expect(page.locator("html")).to_have_class(re.compile("elder"))
    page.locator("[data-leave]").click()
    expect(page.locator("body")).to_have_text("weather")


def test_what_the_poster_said_goes_over_and_stays_out_of_the_address(reporter: Reporter, demo: Demo) -> None:
    page = reporter.page
    page.goto(f"{demo.public}/report#enterprise=某铸造厂")
    reporter.next()
    change(page, "en")
    told = page.locator("[data-keep-fragment]").first.evaluate("link => decodeURIComponent(link.hash)")
    assert (told, "#" in page.url) == ("#enterprise=某铸造厂", False)
    expect(page.locator("#enterprise")).to_have_value("某铸造厂")
