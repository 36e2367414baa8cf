"""No code is ever lost: both stand there before anything is sent, and what is said of an answer is exactly true."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.cases import Cases
from tests.browser.people import SLOW, Report, Reporter
from tests.browser.watching import Held
from whistle.crypto.ticket import new_ticket, normalise, open_ticket

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

SAW = Report("general_hazard", "先给码木业", "二车间", "industry_trade", "三台电机的外壳没有接地线,皮带没有罩子。")


@pytest.fixture
def reporter(phone_page: Page, demo: Demo) -> Reporter:
    return Reporter(phone_page, demo.public)


@pytest.fixture
def held(reporter: Reporter) -> Held:
    """Posts on their way, which nobody answers until the test does."""
    return Held(reporter.page, "**/api/posts")


def test_the_code_stands_there_before_anything_is_sent(reporter: Reporter, held: Held, demo: Demo) -> None:
    reporter.write(SAW)
    reporter.next()
    ticket = reporter.read_ticket()
    post = held.take()
    expect(reporter.page.locator("[data-sending]")).to_be_visible()
    reporter.page.locator("#last").fill("查询码最后一组：" + ticket[-5:])
    reporter.page.locator("[data-unlock] button").click()
    expect(reporter.page.locator("[data-kept]")).to_be_visible()
    expect(reporter.step("ticket")).to_be_visible()
    post.continue_()
    expect(reporter.step("done")).to_be_visible(timeout=SLOW)
    assert demo.reporter().status(ticket).state == "received"


def test_a_request_that_hangs_can_be_stopped_and_the_same_report_goes_on(
    reporter: Reporter, held: Held, demo: Demo
) -> None:
    reporter.write(SAW)
    reporter.next()
    ticket = reporter.read_ticket()
    held.take()
    reporter.page.locator("[data-stop-sending]").click()
    expect(reporter.not_sent()).to_contain_text("还没等到回音，可能已经送到")
    expect(reporter.not_sent()).to_contain_text("再按一次不会重复")
    held.end()
    reporter.next()
    assert reporter.keep_ticket() == ticket
    assert demo.reporter().status(ticket).state == "received"


def test_what_never_left_is_not_said_to_have_come(reporter: Reporter) -> None:
    reporter.write(SAW)
    reporter.page.route("**/api/challenge*", lambda route: route.abort())
    reporter.next()
    expect(reporter.not_sent()).to_contain_text("没有送出")
    expect(reporter.not_sent()).not_to_contain_text("可能已经送到")


def ask(reporter: Reporter) -> str:
    """Ask for the award; the claim code as soon as it stands there."""
    page = reporter.page
    page.locator("#payee").fill("持码人")
    page.locator("#claim-passphrase").fill("青山绿水")
    page.locator("#declared").check()
    page.locator("[data-claim] button[type=submit]").click()
    expect(page.locator("[data-claim-code] span")).to_have_count(2)
    return "".join(page.locator("[data-claim-code] span").all_inner_texts())


def test_the_claim_code_stands_there_before_the_claim_is_sent(reporter: Reporter, held: Held, demo: Demo) -> None:
    reporter.ticket = Cases(demo).new("notified", "先给领奖码厂").ticket
    reporter.look()
    code = ask(reporter)
    assert len(code) == 8
    held.take().abort()
    expect(reporter.page.locator("[data-case-wrong]")).to_contain_text("可能已经送到", timeout=SLOW)
    expect(reporter.page.locator("[data-told]")).to_be_empty()  # nothing says any more that it is being sent
    assert ask(reporter) == code  # the same claim again: the same code, and the same bytes
    held.take().continue_()
    expect(reporter.page.locator("[data-claim]")).to_be_hidden(timeout=SLOW)


def test_whose_code_was_never_seen_claims_again(reporter: Reporter, demo: Demo) -> None:
    """The answer lost and the page closed: the case says 已申请领奖, and she has no code."""
    reporter.ticket = Cases(demo).new("notified", "丢领奖码厂").ticket
    reporter.look()
    first = reporter.claim("持码人", "青山绿水")
    reporter.look()
    expect(reporter.page.locator("[data-state]")).to_have_text("已申请领奖")
    expect(reporter.page.locator("[data-claim]")).to_be_hidden()
    reporter.page.locator("[data-claim-again]").click()
    assert reporter.claim("持码人", "青山绿水") != first


def test_leaving_asks_while_a_claim_code_or_words_are_not_safe(reporter: Reporter, demo: Demo) -> None:
    asked: list[str] = []
    reporter.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    reporter.ticket = Cases(demo).new("notified", "离开要问厂").ticket
    reporter.look()
    reporter.page.locator("#say").fill("还没发出去的话")
    reporter.page.evaluate("() => { setTimeout(() => location.reload(), 0) }")
    reporter.page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    reporter.page.locator("#say").fill("")
    code = ask(reporter)
    reporter.page.evaluate("() => { setTimeout(() => location.reload(), 0) }")
    reporter.page.wait_for_timeout(300)
    assert asked == ["beforeunload", "beforeunload"]
    expect(reporter.page.locator("[data-claim-code]")).to_contain_text(code[:4])


def test_what_is_wanted_of_her_stands_on_top(reporter: Reporter, demo: Demo) -> None:
    cases = Cases(demo)
    filed = cases.new("notified", "等您来办厂")
    reporter.ticket = filed.ticket
    reporter.look()
    wanted = reporter.page.locator("[data-wanted] li")
    expect(wanted).to_have_count(1)
    expect(wanted).to_contain_text("（含）前申请领奖：")
    cases.staff["intake"].message(filed.case, "是哪一台电机？")
    reporter.page.locator("[data-refresh]").click()
    expect(wanted.first).to_contain_text("办理人员给您写了话")
    above, below = (reporter.page.locator(f"[data-{name}]").bounding_box() for name in ("wanted", "state"))
    assert above and below and above["y"] < below["y"]
    reporter.page.locator('input[name="to"][value="thread"]').check()
    reporter.say("靠门的那一台。")
    expect(wanted).to_have_count(1)


def test_a_message_that_names_her_is_pointed_out_and_goes_all_the_same(reporter: Reporter, demo: Demo) -> None:
    reporter.ticket = Cases(demo).new("received", "自报家门厂").ticket
    reporter.look()
    page = reporter.page
    words = "我是三班的王强,工号0412。"
    told = page.locator('[data-myself="say"]')
    for _ in range(100):  # the script for it comes once the case is open
        page.locator("#say").fill("")
        page.locator("#say").fill(words)
        if told.is_visible():
            break
        page.wait_for_timeout(100)
    expect(told).to_contain_text("工号 0412")
    expect(told).to_contain_text("王强")
    reporter.say(words)
    expect(told).to_be_hidden()


def test_a_channel_the_zone_does_not_have_stops_before_a_word_is_written(reporter: Reporter, demo: Demo) -> None:
    reporter.page.goto(f"{demo.public}/report#channel=nowhere")
    expect(reporter.page.locator("[data-stopped]")).to_contain_text("没有这个收件通道", timeout=SLOW)
    expect(reporter.page.locator("[data-step]:visible")).to_have_count(0)


def test_where_nobody_can_read_it_is_said_when_the_form_opens(reporter: Reporter, demo: Demo) -> None:
    """A directory that lists no channel is verified like any other; here the script's own reading of it is emptied."""
    reporter.page.add_init_script(
        """const real = JSON.parse;
        JSON.parse = function (...all) {
          const value = real.apply(this, all);
          if (Array.isArray(value?.channels) && value.doors) value.channels = [];
          return value;
        };"""
    )
    reporter.page.goto(f"{demo.public}/report")
    expect(reporter.page.locator("[data-stopped]")).to_be_visible(timeout=SLOW)
    expect(reporter.page.locator("[data-step]:visible")).to_have_count(0)


def test_the_picture_is_made_where_a_canvas_may_not_be_read(reporter: Reporter) -> None:
    reporter.page.add_init_script(
        "for (const each of ['toBlob', 'toDataURL']) delete HTMLCanvasElement.prototype[each];"
    )
    reporter.write(SAW)
    reporter.next()
    reporter.read_ticket()
    reporter.page.locator("[data-picture]").click()
    picture = reporter.page.locator("[data-picture-here] img")
    expect(picture).to_be_visible()
    assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth > 300 }")


def test_picture_and_paper_carry_the_code_as_one_that_is_scanned(reporter: Reporter) -> None:
    page = reporter.page
    reporter.write(SAW)
    reporter.next()
    reporter.read_ticket()
    page.locator("[data-picture]").click()
    picture = page.locator("[data-picture-here] img")
    expect(picture).to_be_visible()
    assert scanned(picture.screenshot()) == reporter.ticket
    expect(page.locator("[data-ticket-code]")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator("[data-ticket-code]")).to_be_visible(timeout=SLOW)
    assert scanned(page.locator(".ticket").screenshot()) == reporter.ticket


def scanned(picture: bytes) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return str(found.text)


def test_an_open_case_that_the_site_has_lost_is_no_mistake_of_hers(reporter: Reporter, demo: Demo) -> None:
    """As after an older backup was restored: the door knows nothing of the ticket that opened the case before."""
    page, cases = reporter.page, Cases(demo)
    reporter.ticket = cases.new("verifying", "丢了记录的木业").ticket
    reporter.look()
    page.locator("#say").fill("还没发出去的话")
    stranger = open_ticket(cases.public.trust.zone, normalise(new_ticket())).authorization
    page.route("**/api/**", lambda route: route.continue_(headers={**route.request.headers, "authorization": stranger}))
    page.locator("[data-refresh]").click()
    told = page.locator("[data-case-wrong]")
    expect(told).to_contain_text("可能恢复到了更早的一天", timeout=SLOW)
    expect(told).not_to_contain_text("对一对")
    expect(page.locator("#say")).to_have_value("还没发出去的话")
