"""The reviewers' door as careful, hurried and mistaken people use it, in real Chromium."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import openpyxl
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.cases import LIKE, Cases
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.people import SLOW, Reporter, Reviewer
from tests.browser.watching import Watch, watch
from whistle import publishing, settings, zone
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.encoding import unb64

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

Office = Callable[[str], Reviewer]


@pytest.fixture(scope="module")
def cases(demo: Demo) -> Cases:
    return Cases(demo)


@pytest.fixture(scope="module")
def office(browser: Browser, demo: Demo) -> Iterator[Office]:
    """Reviewers by role, each at a desk of his own, signed in once for all tests here; again when locked out."""
    known: dict[str, tuple[Reviewer, Watch]] = {}

    def person(role: str) -> Reviewer:
        if role not in known:
            context = browser.new_context(viewport=DESKTOP, locale="zh-CN")
            seen = watch(context)
            page = context.new_page()
            page.on("dialog", lambda dialog: dialog.accept())
            known[role] = Reviewer(page, demo.review, role, demo.passphrase(role)), seen
            known[role][0].unlock()
        return known[role][0]

    yield person
    complaints = {role: seen.complaints + seen.strangers(demo.review) for role, (_, seen) in known.items()}
    for one, _ in known.values():
        one.page.context.close()
    assert complaints == {role: [] for role in known}, "the console of a desk complained, or it asked a stranger"


@pytest.fixture
def desk(desktop: BrowserContext, demo: Demo) -> Callable[[str], Reviewer]:
    """A desk of one's own, for what would disturb the others: not signed in yet."""
    return lambda role: Reviewer(desktop.new_page(), demo.review, role, demo.passphrase(role))


# Getting in


def test_a_wrong_passphrase_and_a_made_up_name_are_one_sentence(desk: Callable[[str], Reviewer]) -> None:
    said = []
    for name in ("intake", "nobody-of-that-name"):
        one = desk(name) if name == "intake" else Reviewer(desk("intake").page, "", name, "")
        page = one.page
        page.goto(desk("intake").door)
        page.locator('input[name="login"]').fill(name)
        one.give_passphrase("wrong-wrong-wrong-wrong")
        expect(page.locator("#unlock-say")).not_to_be_empty(timeout=SLOW)
        said.append(page.locator("#unlock-say").inner_text())
        expect(page.locator("#passphrase")).to_be_focused()
    assert said[0] == said[1] and "口令不对" in said[0]


def test_a_key_file_opens_the_desk_without_a_name(desk: Callable[[str], Reviewer], demo: Demo) -> None:
    auditor = desk("auditor")
    auditor.page.goto(demo.review)
    auditor.page.locator('input[type="file"]').set_input_files(demo.data / "staff" / "auditor.key")
    expect(auditor.page.locator(".keyfile")).to_contain_text("auditor.key")
    auditor.give_passphrase()
    expect(auditor.page.locator(".inbox")).to_be_visible(timeout=SLOW)
    expect(auditor.page.locator(".person")).to_contain_text("审计")


def test_a_file_that_is_no_key_is_told(desk: Callable[[str], Reviewer], demo: Demo, tmp_path: Path) -> None:
    (tmp_path / "holiday.key").write_text("not a key", encoding="utf-8")
    page = desk("auditor").page
    page.goto(demo.review)
    page.locator('input[type="file"]').set_input_files(tmp_path / "holiday.key")
    expect(page.locator("#unlock-say")).to_contain_text("这不是钥匙文件")


def test_a_locked_page_has_forgotten_everything(desk: Callable[[str], Reviewer], cases: Cases) -> None:
    filed = cases.new("received", "锁屏木业")
    intake = desk("intake")
    intake.unlock()
    intake.open(filed.case)
    expect(intake.page.locator("main")).to_contain_text("锁屏木业")
    intake.page.locator(".person button").click()
    expect(intake.page.locator("form.unlock")).to_be_visible()
    assert "锁屏木业" not in intake.page.content()
    kept = intake.page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"
    )
    assert kept == [0, 0, 0]
    intake.page.reload()
    expect(intake.page.locator("form.unlock")).to_be_visible()


# The session ends


def test_a_session_that_ends_in_the_middle_of_a_case_keeps_the_draft(
    desk: Callable[[str], Reviewer], cases: Cases
) -> None:
    """The dialog opens over the page; after unlocking the very act goes out, and nothing was typed twice."""
    filed = cases.new("received", "过时木业")
    intake = desk("intake")
    intake.unlock()
    intake.open(filed.case)
    intake.begin("message")
    intake.form("message").locator("textarea").fill("请问是哪一台设备?")
    intake.page.context.clear_cookies()
    intake.press_sign("message")
    expect(intake.page.locator(".veil.locked")).to_be_visible(timeout=SLOW)
    expect(intake.page.locator(".veil.locked")).to_contain_text("您写了一半的内容都还在")
    intake.give_passphrase("not-the-right-one")
    expect(intake.page.locator("#unlock-say")).not_to_be_empty(timeout=SLOW)
    expect(intake.form("message").locator("textarea")).to_have_value("请问是哪一台设备?")
    intake.give_passphrase()
    expect(intake.form("message")).to_have_count(0, timeout=SLOW)
    expect(intake.page.locator(".bubble.ours")).to_have_count(1)
    told = cases.public.status(filed.ticket)
    assert [post.text for post in told.posts if post.kind == "message"] == ["请问是哪一台设备?"]


def test_what_was_begun_survives_a_reload_and_goes_with_the_lock(
    desk: Callable[[str], Reviewer], cases: Cases, demo: Demo
) -> None:
    """Sealed to its writer's key: nothing of it can be read in the storage, and nobody else gets it back."""
    filed = cases.new("received", "重载木业")
    intake = desk("intake")
    page, words = intake.page, "请问是三号锅炉房吗?"
    intake.unlock()
    intake.open(filed.case)
    intake.begin("message")
    intake.form("message").locator("textarea").fill(words)
    page.wait_for_function("() => sessionStorage.length === 1")
    assert words not in page.evaluate("() => JSON.stringify(sessionStorage)")
    assert filed.case not in page.evaluate("() => JSON.stringify(sessionStorage)")
    page.reload()
    intake.unlock()
    intake.open(filed.case)
    expect(intake.form("message").locator("textarea")).to_have_value(words)
    page.locator(".person button").click()
    expect(page.locator("form.unlock")).to_be_visible()
    assert page.evaluate("() => sessionStorage.length") == 0


def test_a_report_being_taken_down_survives_a_reload_and_goes_with_the_lock(desk: Callable[[str], Reviewer]) -> None:
    """A caller is on the telephone: nothing she said is asked twice."""
    intake = desk("intake")
    page, words = intake.page, "升降机的门没有联锁，人可以伸手进去。"
    intake.unlock()
    intake.go("#/transcribe")
    page.locator('.sheet input[name="enterprise"]').fill("重载升降机厂")
    page.locator('.sheet textarea[name="text"]').fill(words)
    page.locator('.sheet select[name="category"]').select_option("violation")
    page.wait_for_function("() => sessionStorage.length === 1")
    assert "升降机" not in page.evaluate("() => JSON.stringify(sessionStorage)")
    page.reload()
    intake.go("#/inbox?view=all")
    intake.unlock()
    intake.go("#/transcribe")
    expect(page.locator('.sheet textarea[name="text"]')).to_have_value(words)
    expect(page.locator('.sheet input[name="enterprise"]')).to_have_value("重载升降机厂")
    expect(page.locator('.sheet select[name="category"]')).to_have_value("violation")
    page.locator(".person button").click()
    expect(page.locator("form.unlock")).to_be_visible()
    assert page.evaluate("() => sessionStorage.length") == 0


def test_finances_forms_survive_a_reload_and_are_nobody_elses(desk: Callable[[str], Reviewer], demo: Demo) -> None:
    finance = desk("finance")
    page = finance.page
    finance.unlock()
    finance.go("#/ledger")
    source = page.locator('form.budget input[list="sources"]').first
    source.fill("市级专项经费")
    page.wait_for_function("() => sessionStorage.length === 1")
    page.reload()
    finance.unlock()
    finance.go("#/ledger")
    expect(source).to_have_value("市级专项经费")
    source.fill("")
    page.wait_for_function("() => sessionStorage.length === 0")
    source.fill("只给我自己看")
    page.wait_for_function("() => sessionStorage.length === 1")
    page.reload()
    Reviewer(page, demo.review, "leader", demo.passphrase("leader")).unlock()
    assert page.evaluate("() => sessionStorage.length") == 0


def test_a_draft_is_nobody_elses_after_a_reload(desk: Callable[[str], Reviewer], cases: Cases, demo: Demo) -> None:
    filed = cases.new("received", "重载换人")
    intake = desk("intake")
    page = intake.page
    intake.unlock()
    intake.open(filed.case)
    intake.begin("message")
    intake.form("message").locator("textarea").fill("只给我自己看")
    page.wait_for_function("() => sessionStorage.length === 1")
    page.reload()
    Reviewer(page, demo.review, "leader", demo.passphrase("leader")).unlock()
    assert page.evaluate("() => sessionStorage.length") == 0


def test_two_people_in_two_tabs_are_told_whose_session_it_is(
    desk: Callable[[str], Reviewer], desktop: BrowserContext, cases: Cases, demo: Demo
) -> None:
    filed = cases.new("received", "两页木业")
    first = desk("intake")
    first.unlock()
    first.open(filed.case)
    first.begin("message")
    first.form("message").locator("textarea").fill("写了一半")
    second = Reviewer(desktop.new_page(), demo.review, "payout", demo.passphrase("payout"))
    second.unlock()
    expect(first.page.locator(".veil.locked")).to_contain_text("在另一个标签页解锁")
    another = cases.new("received", "锁着时翻到的木业").case
    with first.page.expect_response("**/api/case*"):  # the back button still turns the page beneath
        first.go(f"#/case/{another}")
    expect(first.page.locator("main")).not_to_contain_text("校验不通过")
    first.page.go_back()
    first.give_passphrase()
    expect(first.page.locator(".veil.locked")).to_have_count(0, timeout=SLOW)
    expect(second.page.locator(".veil.locked")).to_contain_text("受理", timeout=SLOW)
    expect(first.form("message").locator("textarea")).to_have_value("写了一半")
    first.sign("message")
    assert [post.author != "reporter" for post in cases.public.status(filed.ticket).posts][-1]


def test_only_a_record_that_does_not_verify_is_said_not_to(office: Office, cases: Cases) -> None:
    filed = cases.new("received", "故障木业")
    intake = office("intake")
    intake.inbox()
    page, main = intake.page, intake.page.locator("main")

    def forged(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        told["posts"][0]["sig"] = "A" * len(told["posts"][0]["sig"])
        route.fulfill(response=answer, json=told)

    page.route("**/api/case", forged)
    intake.go(f"#/case/{filed.case}")
    expect(main).to_contain_text("校验不通过", timeout=SLOW)
    page.unroute("**/api/case")
    intake.inbox()
    broken = "Promise.all = () => { Promise.all = all; throw new RangeError('broken') }"
    page.evaluate(f"() => {{ const {{ all }} = Promise; {broken}; location.hash = '#/case/{filed.case}' }}")
    expect(main).to_contain_text("请重新载入本页", timeout=SLOW)
    expect(main).not_to_contain_text("校验不通过")


def test_escape_puts_the_open_form_away_and_keeps_what_was_written(office: Office, cases: Cases) -> None:
    filed = cases.new("received", "退出木业")
    intake = office("intake")
    intake.open(filed.case)
    expect(intake.form("accept")).to_be_visible()  # the next step stands open
    intake.begin("message")
    intake.form("message").locator("textarea").fill("先写到这里")
    intake.page.keyboard.press("Escape")
    expect(intake.page.locator("form.actform")).to_have_count(0)
    intake.begin("message")
    expect(intake.form("message").locator("textarea")).to_have_value("先写到这里")
    intake.form("message").locator("textarea").fill("")
    intake.page.keyboard.press("Escape")


def test_no_sentence_that_stops_at_its_colon_is_signed(office: Office, cases: Cases) -> None:
    filed = cases.new("received", "半句木业")
    intake = office("intake")
    intake.open(filed.case)
    intake.begin("message")
    for unfinished in ("因情况复杂，核查期限依法延长。原因：", "原因：…", "结果: "):
        intake.form("message").locator("textarea").fill(unfinished)
        intake.press_sign("message")
        expect(intake.form("message").locator(".say.bad")).to_contain_text("还没有写完")
    intake.form("message").locator("textarea").fill("原因：等鉴定结论。")
    intake.sign("message")
    said = [post.text for post in cases.public.status(filed.ticket).posts if post.kind == "message"]
    assert said == ["原因：等鉴定结论。"]


def test_the_list_keeps_its_place(office: Office, cases: Cases) -> None:
    """Opened from further down, a case leads back to where one was."""
    intake = office("intake")
    for at in range(12):
        cases.new("received", f"长单第 {at} 家")
    page = intake.page
    with page.expect_response("**/api/inbox?*"):  # the rows shown before stay until the new ones are there
        intake.inbox("view=all")
    expect(page.locator(".toolbar .total")).to_have_text(re.compile(r"^(共|已列出) \d+ 件"), timeout=SLOW)
    page.set_viewport_size({"width": 1280, "height": 420})
    expect(page.locator(".rows tbody tr").nth(9)).to_be_visible(timeout=SLOW)
    row = page.locator(".rows tbody tr").nth(9)
    row.scroll_into_view_if_needed()
    place = page.evaluate("() => scrollY")
    number = row.locator(".c-number a").inner_text()
    row.click()
    expect(page.locator("#acts")).to_be_visible(timeout=SLOW)
    page.locator(".back a").click()
    expect(page.locator("tr.cursor .c-number a")).to_have_text(number)
    page.wait_for_function("place => place > 0 && Math.abs(scrollY - place) < 40", arg=place)
    page.set_viewport_size(DESKTOP)


@pytest.mark.parametrize("button", ["导出 XLSX", "导出 CSV", "导出哈希链", "下载锚点"])
def test_a_session_that_ends_before_a_download_saves_no_refusal_as_a_file(
    desk: Callable[[str], Reviewer], button: str
) -> None:
    finance = desk("finance")
    page = finance.page
    finance.unlock()
    finance.go("#/ledger")
    expect(page.locator(".ledger .pagehead button").first).to_be_visible(timeout=SLOW)
    saved: list[str] = []
    page.on("download", lambda download: saved.append(download.suggested_filename))
    page.context.clear_cookies()
    page.get_by_role("button", name=button).click()
    expect(page.locator(".veil.locked")).to_be_visible(timeout=SLOW)
    assert saved == []
    with page.expect_download(timeout=SLOW) as started:
        finance.give_passphrase()
    assert started.value.suggested_filename.startswith(("award-ledger", "ledger-anchor"))
    assert "not_signed_in" not in started.value.path().read_text(encoding="utf-8", errors="replace")


def test_somebody_else_who_unlocks_the_page_sees_nothing_of_the_first(
    desk: Callable[[str], Reviewer], cases: Cases, demo: Demo
) -> None:
    filed = cases.new("received", "换人木业")
    intake = desk("intake")
    intake.unlock()
    intake.open(filed.case)
    intake.begin("message")
    intake.form("message").locator("textarea").fill("还没写完的话")
    intake.page.context.clear_cookies()
    intake.press_sign("message")
    expect(intake.page.locator(".veil.locked")).to_be_visible(timeout=SLOW)
    intake.page.locator('input[name="login"]').fill("finance")
    intake.give_passphrase(demo.passphrase("finance"))
    expect(intake.page.locator(".veil.locked")).to_have_count(0, timeout=SLOW)
    expect(intake.page.locator(".person")).to_contain_text("财务")
    expect(intake.page.locator("main .say.bad")).to_contain_text("没有找到，或您无权查看", timeout=SLOW)
    text = intake.page.content()
    assert "还没写完的话" not in text and "换人木业" not in text
    assert not [post for post in cases.public.status(filed.ticket).posts if post.kind == "message"]


# Who may do what


@pytest.mark.parametrize(
    ("role", "state", "offered", "never"),
    [
        (
            "intake",
            "received",
            {"accept", "decline", "transfer", "message"},
            {"assign", "finding", "award.propose", "pay"},
        ),
        ("verifier", "verifying", {"finding"}, {"accept", "decline", "extract", "award.propose"}),
        ("payout", "reward_proposed", {"award.propose"}, {"award.approve", "accept", "finding"}),
        ("leader", "reward_proposed", {"award.approve", "award.refuse"}, {"award.propose", "pay", "finding"}),
        ("finance", "notified", set(), {"pay", "award.approve", "forfeit"}),
    ],
)
def test_each_role_is_offered_its_own_acts_only(
    office: Office, shelf: dict[str, str], role: str, state: str, offered: set[str], never: set[str]
) -> None:
    person = office(role)
    person.open(shelf[state])
    found = person.offered()
    assert offered <= found and not never & found


@pytest.fixture(scope="module")
def shelf(cases: Cases) -> dict[str, str]:
    """A case in each state, only looked at."""
    return {state: cases.new(state, f"书架 {state}").case for state in LIKE}


def test_an_award_is_not_forfeited_before_its_day(office: Office, shelf: dict[str, str]) -> None:
    """Offered, since the table allows the state; refused in words, since the day has not come."""
    leader = office("leader")
    leader.open(shelf["notified"])
    leader.begin("forfeit")
    leader.form("forfeit").locator('input[type="radio"]').first.check()
    leader.press_sign("forfeit")
    expect(leader.form("forfeit").locator(".say.bad")).to_contain_text("期限", timeout=SLOW)
    expect(leader.form("forfeit").locator('input[type="radio"]').first).to_be_checked()
    leader.form("forfeit").locator(".row button.quiet").click()


# Acting


def test_two_at_intake_and_the_reporter_all_land(
    office: Office, desk: Callable[[str], Reviewer], phone: BrowserContext, cases: Cases, demo: Demo
) -> None:
    filed = cases.new("received", "三人同时木业")
    first, second = office("intake"), desk("intake")
    second.unlock()
    reporter = Reporter(phone.new_page(), demo.public)
    reporter.ticket = filed.ticket
    reporter.look()
    for number, one in enumerate((first, second)):
        one.open(filed.case)
        one.begin("message")
        one.form("message").locator("textarea").fill(f"第 {number} 张桌子问")
    reporter.page.locator("#say").fill("我也补一句")
    for one in (first, second):
        one.press_sign("message")
    reporter.page.locator("[data-say] button").click()
    for one in (first, second):
        expect(one.form("message")).to_have_count(0, timeout=SLOW)
    expect(reporter.page.locator("[data-talk]")).to_contain_text("我也补一句", timeout=SLOW)
    said = sorted(post.text for post in cases.public.status(filed.ticket).posts if post.kind == "message")
    assert len(said) == 3 and {"第 0 张桌子问", "第 1 张桌子问"} <= set(said)


def test_an_act_that_came_too_late_is_told_and_the_draft_stays(office: Office, cases: Cases) -> None:
    filed = cases.new("received", "晚了一步木业")
    intake = office("intake")
    intake.open(filed.case)
    intake.begin("decline")
    intake.form("decline").locator('input[type="radio"]').first.check()
    intake.form("decline").locator("textarea").first.fill("写了很久的理由")
    cases.office("intake").transfer(filed.case, "NA06", "莒南县应急管理局")
    intake.press_sign("decline")
    expect(intake.form("decline").locator(".say.bad")).to_contain_text("刚刚有人先办了“更正分类、转办”", timeout=SLOW)
    expect(intake.form("decline").locator("textarea").first).to_have_value("写了很久的理由")
    expect(intake.form("decline").locator(".row button.main")).to_be_disabled()
    intake.form("decline").locator(".row button.quiet").click()
    expect(intake.page.locator(".casehead .state").first).to_have_text("已转办")


def test_a_reason_is_needed_and_reaches_the_reporter(
    office: Office, phone: BrowserContext, cases: Cases, demo: Demo
) -> None:
    filed = cases.new("received", "不受理木业")
    intake = office("intake")
    intake.open(filed.case)
    intake.begin("decline")
    intake.press_sign("decline")
    expect(intake.form("decline").locator(".say.bad")).to_have_text("请选择理由。")
    intake.form("decline").get_by_text("属于意见建议、信息公开或复议申请").click()
    intake.form("decline").locator("textarea").first.fill("这是意见建议,请拨 12345。")
    intake.sign("decline")
    reporter = Reporter(phone.new_page(), demo.public)
    reporter.ticket = filed.ticket
    reporter.look()
    page = reporter.page
    expect(page.locator("[data-state]")).to_have_text("不予受理")
    expect(page.locator("[data-line]")).to_contain_text("不")
    expect(page.locator("[data-talk]")).to_contain_text("这是意见建议,请拨 12345。")
    expect(page.locator("[data-case]")).not_to_contain_text("NA03")


def test_a_transfer_says_where_it_went(office: Office, phone: BrowserContext, cases: Cases, demo: Demo) -> None:
    filed = cases.new("received", "转办木业")
    intake = office("intake")
    intake.open(filed.case)
    intake.begin("transfer")
    form = intake.form("transfer")
    form.locator('input[type="radio"]').last.check()
    form.locator('input:not([type="radio"]):not([type="file"])').fill("莒南县应急管理局")
    intake.sign("transfer")
    reporter = Reporter(phone.new_page(), demo.public)
    reporter.ticket = filed.ticket
    reporter.look()
    expect(reporter.page.locator("[data-state]")).to_have_text("已转办")
    expect(reporter.page.locator("[data-line]")).to_contain_text("莒南县应急管理局")


def test_who_recuses_himself_sees_the_case_no_more(office: Office, cases: Cases) -> None:
    filed = cases.new("verifying", "回避木业", place="3 号回避池")
    verifier = office("verifier")
    verifier.open(filed.case)
    verifier.begin("recuse")
    expect(verifier.form("recuse")).to_contain_text("您是本案核查岗唯一的人")  # what comes first
    verifier.form("recuse").locator("textarea").fill("厂长是我连襟。")
    verifier.press_sign("recuse")
    expect(verifier.form("recuse").locator("[role=alert]")).to_contain_text("请先增加人手")
    verifier.page.keyboard.press("Escape")
    cases.office("verifier").recuse(filed.case, "厂长是我连襟。", strand=True)
    verifier.page.wait_for_timeout(3_100)  # a page just read is not read again
    verifier.page.evaluate("() => dispatchEvent(new Event('focus'))")
    expect(verifier.page.locator("main")).not_to_contain_text("3 号回避池", timeout=SLOW)
    expect(verifier.page.locator("main .say.bad")).to_contain_text("刚才还开着的这件案子")
    with verifier.page.expect_response("**/api/inbox?*"):
        verifier.inbox("view=all&state=verifying")
    expect(verifier.page.locator(".inbox .loading")).to_have_count(0)
    expect(verifier.page.locator(f'a[href="#/case/{filed.case}"]')).to_have_count(0)


def test_an_award_refused_is_told_with_its_reason(
    office: Office, phone: BrowserContext, cases: Cases, demo: Demo
) -> None:
    filed = cases.new("reward_proposed", "不予奖励木业")
    leader = office("leader")
    leader.open(filed.case)
    leader.begin("award.refuse")
    leader.form("award.refuse").get_by_text("媒体已公开曝光").click()
    leader.sign("award.refuse")
    reporter = Reporter(phone.new_page(), demo.public)
    reporter.ticket = filed.ticket
    reporter.look()
    expect(reporter.page.locator("[data-state]")).to_have_text("已办结，不予奖励")
    expect(reporter.page.locator("[data-prize]")).to_be_hidden()


def test_words_that_read_backwards_are_shown_as_they_are(office: Office, cases: Cases) -> None:
    """A hostile client need not check itself: the desk shows the control characters."""
    filed = cases.new("received", "木业\u202e司公限有", text="图片\u202egpj.exe 在网盘里,请下载看看。")
    intake = office("intake")
    intake.open(filed.case)
    expect(intake.page.locator(".original")).to_contain_text("木业⟦U+202E⟧司公限有")
    expect(intake.page.locator(".original")).to_contain_text("⟦U+202E⟧gpj.exe")
    assert "\u202e" not in (intake.page.locator("#app").text_content() or "")


# Lists


def test_the_list_is_filtered_by_the_server_and_searched_here(office: Office, cases: Cases) -> None:
    cases.new("received", "独一无二搜索木业")
    intake = office("intake")
    page = intake.page
    intake.inbox("view=all")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#search").fill("独一无二 木业")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert not any("独一" in unquote(url) for url in asked)
    page.locator("#search").fill("")
    with page.expect_response("**/api/inbox?*") as answered:
        page.locator(".toolbar select").first.select_option("major_hazard")
    assert "category=major_hazard" in answered.value.url
    kinds = page.locator("td .c-category")
    expect(kinds.filter(has_not_text="重大事故隐患")).to_have_count(0)
    expect(kinds.first).to_have_text("重大事故隐患")
    with page.expect_response("**/api/inbox?*") as answered:
        page.locator(".views a.sub", has_text="不予受理").click()
    assert "state=not_accepted" in answered.value.url


def test_what_is_sought_is_found_though_it_lies_on_a_later_page(office: Office, cases: Cases) -> None:
    """Those due first come first, so a case being verified lies behind fifty that are to be accepted within days."""
    for number in range(51):
        cases.new("received", f"排在前面的木业{number}")
    last = cases.new("verifying", "排在最后的木业")
    intake = office("intake")
    intake.inbox()
    expect(intake.page.locator("tr", has_text="排在最后的木业")).to_have_count(0)
    assert intake.find("排在最后的木业") == last.case


def test_the_list_is_walked_by_keyboard(office: Office, cases: Cases) -> None:
    intake = office("intake")
    page = intake.page
    with page.expect_response("**/api/inbox?*"):
        intake.inbox("order=number")
    with page.expect_response("**/api/inbox?*"):
        page.locator(".views a", has_text="全部案件").click()
    expect(page.locator(".toolbar .total")).to_have_text(re.compile(r"^共 \d+ 件$"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tbody tr").nth(1)).to_have_class(re.compile("cursor"))
    wanted = page.locator("tbody tr").nth(1).locator("a").get_attribute("href") or ""
    page.locator("#main").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#acts")).to_be_visible(timeout=SLOW)
    assert page.url.endswith(wanted)
    page.keyboard.press("u")
    expect(page.locator(".inbox")).to_be_visible()
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()


# Money


def test_a_budget_is_entered_once_and_the_books_come_out(office: Office, tmp_path: Path) -> None:
    finance = office("finance")
    page = finance.page
    finance.go("#/ledger")
    expect(page.locator(".ledger")).to_be_visible(timeout=SLOW)
    form = page.locator("form.budget", has_text="登记预算")
    form.locator("button.main").click()
    expect(form.locator(".say.bad")).to_be_visible()
    rows = page.locator(".book tbody tr").count()
    fields = form.locator("input")
    fields.nth(1).fill("举报奖励经费(追加)")
    fields.nth(2).fill("1234.50")
    expect(form.locator(".capitals")).to_have_text("壹仟贰佰叁拾肆元伍角")
    form.locator("button.main").click()
    expect(page.locator(".book tbody tr")).to_have_count(rows + 1, timeout=SLOW)
    expect(page.locator(".book")).to_contain_text("1,234.50")
    for kind in ("CSV", "XLSX"):
        with page.expect_download() as started:
            page.get_by_role("button", name=f"导出 {kind}").click()
        started.value.save_as(tmp_path / kind)
    assert (tmp_path / "CSV").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "XLSX").open("rb") as file:
        sheet = openpyxl.load_workbook(file).active
    assert sheet is not None and sheet.max_row > 1
    assert "叉车" not in str([cell.value for row in sheet.iter_rows() for cell in row])


# Widths and languages


def test_a_phone_is_enough_to_read_and_to_act(browser: Browser, cases: Cases, demo: Demo) -> None:
    filed = cases.new("received", "手机上办木业")
    with browser.new_context(viewport=PHONE, locale="zh-CN", has_touch=True, is_mobile=True) as context:
        intake = Reviewer(context.new_page(), demo.review, "intake", demo.passphrase("intake"))
        intake.unlock()
        assert intake.find("手机上办木业") == filed.case
        aside = "() => document.documentElement.scrollWidth - innerWidth"
        assert intake.page.evaluate(aside) <= 0
        intake.page.locator(".jump").click()
        intake.begin("accept")
        assert intake.page.evaluate(aside) <= 0
        intake.sign("accept")
    assert cases.public.status(filed.ticket).state == "accepted"


def test_the_english_desk_says_nothing_in_chinese_of_its_own(
    browser: Browser, shelf: dict[str, str], demo: Demo
) -> None:
    with browser.new_context(viewport=DESKTOP, locale="en-GB") as context:
        leader = Reviewer(context.new_page(), f"{demo.review}/en/", "leader", demo.passphrase("leader"))
        leader.unlock()
        leader.open(shelf["reward_proposed"])
        leader.begin("award.approve")
        words = leader.page.locator(
            "#acts h2, #acts h3, #acts button, #acts legend, .clocks, .way, .back"
        ).all_inner_texts()
        assert words and not [text for text in words if re.search(r"[\u4e00-\u9fff]", text)]


# A new colleague


def test_a_new_colleague_is_invited_signed_in_by_the_zone_and_gets_to_work(
    desktop: BrowserContext, demo: Demo, cases: Cases
) -> None:
    """Invitation by command line, key made in her browser, fingerprint read out, directory signed, first sign-in."""
    invited = json.loads(whistle(demo, "staff", "invite", "--label", "受理员 2", "--login", "intake2", "--json"))
    page = desktop.new_page()
    page.goto(invited["url"].replace(invited["url"].partition("/enrol")[0], demo.review))
    page.locator("button.main").click()
    words = page.locator(".passphrase")
    expect(words).to_be_visible(timeout=SLOW)
    passphrase = words.inner_text()
    assert "#" not in page.url
    page.locator("input").fill("nearly right")
    page.locator("form button.main").click()
    expect(page.locator(".say.bad")).to_contain_text("不一致")
    page.locator("input").fill(passphrase)
    page.locator("form button.main").click()
    expect(page.locator("h1")).to_contain_text("登记完成", timeout=SLOW)
    shown = page.locator(".passphrase.digits").inner_text()
    with page.expect_download() as started:
        page.get_by_role("button", name="另存钥匙文件").click()
    assert json.loads(Path(started.value.path()).read_text(encoding="utf-8"))["kind"] == "passphrase"

    sign_in_directory(demo, shown)
    newcomer = Reviewer(page, demo.review, "intake2", passphrase)
    newcomer.unlock()
    expect(page.locator(".person")).to_contain_text("受理员 2")
    filed = cases.new("received", "新同事木业")
    newcomer.open(filed.case)
    newcomer.act("accept")
    assert demo.reporter().status(filed.ticket).state == "accepted"


def sign_in_directory(demo: Demo, read_out: str) -> None:
    """The ceremony: the key file carried over, the fingerprint typed as it was read out."""
    keys = demo.data.parent / "carried"
    whistle(demo, "staff", "keys", "--out", str(keys))
    carried = json.loads((keys / "intake2.json").read_text(encoding="utf-8"))
    folder = demo.data / "zone"
    person = zone.add_person(folder, "孙悦", "受理科科员")
    kem, sig = unb64(carried["kem"]), unb64(carried["sig"])
    rid = zone.add_reader(folder, "zone", kem=kem, sig=sig, person=person, roles=["intake"], label="受理员 2")
    assert fingerprint.show(unb64(rid)) == read_out
    zone.sign(folder, today=zone_day(time.time()), confirm=lambda _: read_out)
    publishing.publish(settings.read({}, data=demo.data), folder)


def whistle(demo: Demo, *words: str) -> str:
    command = [sys.executable, "-m", "whistle", *words, "--data", str(demo.data)]
    return subprocess.run(command, env=os.environ, capture_output=True, check=True, text=True).stdout


def test_an_invitation_works_once(desktop_page: Page, demo: Demo) -> None:
    desktop_page.goto(f"{demo.review}/enrol#AAAAAAAAAAAAAAAAAAAAAA")
    expect(desktop_page.locator(".say.bad")).to_contain_text("邀请链接不完整，或已经用过")
