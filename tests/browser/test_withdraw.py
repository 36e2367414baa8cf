"""Taking a report back on her page: asked once more, waiting for days, undone by the same code, sent once."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.people import SLOW, Reporter
from tests.browser.watching import watch
from tests.client.gone import emptied
from tests.doors import later
from whistle.client import Filed, Office

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Demo

pytestmark = pytest.mark.browser

WORDS = "冲压车间的双手按钮被短接,冲床一脚就下来。"
DAY = 86_400
SHOWN_DAY = r"\d{4} 年 \d+ 月 \d+ 日"


class Case(Reporter):
    """One report of hers, and its page."""

    def __init__(self, page: Page, door: str, filed: Filed) -> None:
        super().__init__(page, door)
        self.ticket = filed.ticket

    @property
    def section(self) -> Locator:
        return self.page.locator("[data-withdraw-card]")

    @property
    def waiting(self) -> Locator:
        return self.page.locator("[data-withdrawal]")

    def choose(self, scope: str) -> None:
        """Up to the second step, where nothing is sent yet."""
        if not self.page.locator("[data-withdraw]").is_visible():
            self.section.locator("summary").click()
        self.page.locator(f'input[name="withdraw"][value="{scope}"]').check()
        self.page.locator("[data-withdraw] button").click()
        expect(self.page.locator("[data-withdraw-sure]")).to_be_visible()

    def withdraw(self, scope: str) -> None:
        self.choose(scope)
        self.page.locator("[data-withdraw-go]").click()
        expect(self.waiting).to_be_visible(timeout=SLOW)

    def undo(self) -> None:
        self.page.locator("[data-withdrawal-undo]").click()
        expect(self.waiting).to_be_hidden(timeout=SLOW)


@pytest.fixture
def filed(demo: Demo) -> Filed:
    return demo.reporter().submit(WORDS, contact="工友转", readback=True)


@pytest.fixture
def case(phone: BrowserContext, demo: Demo, filed: Filed) -> Case:
    one = Case(phone.new_page(), demo.public, filed)
    one.look()
    return one


def kinds(demo: Demo, filed: Filed) -> list[str]:
    return [line.kind for line in demo.reporter().status(filed.ticket).posts]


def test_it_works(case: Case, demo: Demo, filed: Filed, phone: BrowserContext) -> None:
    """Taken back, the page read anew, undone by the same code, taken back again."""
    seen = watch(phone)
    expect(case.section).to_be_visible()
    expect(case.page.locator("[data-withdraw]")).to_be_hidden()
    case.withdraw("report")
    expect(case.waiting).to_contain_text(re.compile(f"要求撤回整份举报，{SHOWN_DAY}起才办理"))
    expect(case.section).to_be_hidden()
    expect(case.page.locator("[data-state]")).to_have_text("已收到")
    expect(case.page.locator("[data-line]")).to_contain_text("您要求撤回整份举报。")
    case.page.reload()
    case.look()
    expect(case.waiting).to_contain_text("如果不是您要求的，请马上取消")
    case.undo()
    expect(case.page.locator("[data-line]")).to_contain_text("您取消了撤回整份举报的要求。")
    case.withdraw("contact")
    expect(case.waiting).to_contain_text("要求撤回联系方式（姓名、电话）")
    assert kinds(demo, filed) == ["report", "withdraw", "withdraw.undo", "withdraw"]
    leaves_no_trace(case)
    assert not seen.strangers(demo.public) and not seen.complaints
    assert not [url for url in seen.urls() if case.ticket[-5:] in url or "withdraw" in url]


def leaves_no_trace(case: Case) -> None:
    """Neither address, storage nor cookie knows of it."""
    kept = case.page.evaluate("() => [location.href, JSON.stringify(history.state), document.cookie]")
    assert kept == [f"{case.door}/case", "null", ""]
    assert case.page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]
    case.page.locator("[data-lock]").click()
    for said in ("整份举报", "联系方式（姓名、电话）", "要撤回"):
        assert said not in case.page.locator("[data-case]").evaluate("node => node.textContent")


def test_one_tap_sends_nothing_and_whoever_changes_her_mind_has_sent_nothing(
    case: Case, demo: Demo, filed: Filed
) -> None:
    posted: list[str] = []
    case.page.route("**/api/posts", lambda route: posted.append(route.request.url) or route.continue_())
    case.section.locator("summary").click()
    case.page.locator("[data-withdraw] button").click()
    expect(case.page.locator("#withdraw-wrong")).to_have_text("请先选撤回什么。")
    case.choose("report")
    sure = case.page.locator("[data-withdraw-sure]")
    expect(sure).to_contain_text("要撤回举报吗？")
    expect(sure).to_contain_text("查证照常进行。不再发放奖励。材料在规定的保存期满后才可以销毁。")
    expect(sure).to_contain_text(re.compile(f"{SHOWN_DAY}起才办理；在办理以前，凭这个查询码随时可以取消"))
    case.page.locator("[data-withdraw-leave]").click()
    expect(sure).to_be_hidden()
    expect(case.page.locator("[data-withdraw]")).to_be_hidden()
    case.choose("contact")
    expect(sure).to_contain_text("您留的姓名、电话在规定的保存期满后才可以销毁。")
    assert "不再发放奖励" not in sure.inner_text()
    assert posted == [] and kinds(demo, filed) == ["report"]


def test_an_answer_that_was_lost_and_the_button_pressed_again_is_one_post(case: Case, demo: Demo, filed: Filed) -> None:
    sent: list[bytes] = []

    def lose(route: Route) -> None:
        """It arrives; the first answer never comes back."""
        sent.append(route.request.post_data_buffer or b"")
        answer = route.fetch()
        route.abort() if len(sent) == 1 else route.fulfill(response=answer)

    case.page.route("**/api/posts", lose)
    case.choose("report")
    case.page.locator("[data-withdraw-go]").click()
    wrong = case.page.locator("[data-case-wrong]")
    expect(wrong).to_contain_text("再按一次不会重复", timeout=SLOW)
    case.page.locator("[data-withdraw-go]").click()
    expect(case.waiting).to_be_visible(timeout=SLOW)
    expect(wrong).to_be_hidden()
    assert len(sent) == 2 and sent[0] == sent[1]
    assert kinds(demo, filed) == ["report", "withdraw"]


def test_what_arrived_unheard_and_was_undone_elsewhere_is_taken_back_by_a_new_post(
    case: Case, demo: Demo, filed: Filed
) -> None:
    """Sending the old bytes again would get the old receipt, and nothing would wait."""
    page = case.page
    page.route("**/api/posts", lambda route: (route.fetch(), route.abort()))
    case.choose("report")
    page.locator("[data-withdraw-go]").click()
    expect(page.locator("[data-case-wrong]")).to_contain_text("再按一次不会重复", timeout=SLOW)
    page.unroute("**/api/posts")
    demo.reporter().undo_withdrawal(filed.ticket)
    page.locator("[data-refresh]").click()
    expect(page.locator("[data-line]")).to_contain_text("您取消了撤回整份举报的要求。")
    page.locator("[data-withdraw-go]").click()
    expect(case.waiting).to_be_visible(timeout=SLOW)
    assert kinds(demo, filed) == ["report", "withdraw", "withdraw.undo", "withdraw"]


def test_what_could_not_be_sent_of_one_case_is_not_sent_from_the_next(case: Case, demo: Demo, filed: Filed) -> None:
    page, second = case.page, demo.reporter().submit(WORDS)
    page.route("**/api/posts", lambda route: route.abort())
    case.choose("report")
    page.locator("[data-withdraw-go]").click()
    expect(page.locator("[data-case-wrong]")).to_be_visible(timeout=SLOW)
    page.unroute("**/api/posts")
    page.locator("[data-lock]").click()
    case.type_code(second.ticket)
    expect(page.locator("[data-case]")).to_be_visible(timeout=SLOW)
    case.withdraw("report")
    assert (kinds(demo, filed), kinds(demo, second)) == (["report"], ["report", "withdraw"])


def test_of_two_tabs_one_takes_back_and_the_other_is_told_how_it_stands(
    case: Case, phone: BrowserContext, demo: Demo, filed: Filed
) -> None:
    other = Case(phone.new_page(), demo.public, filed)
    other.look()
    for one in (case, other):
        one.choose("report")
    case.page.locator("[data-withdraw-go]").click()
    expect(case.waiting).to_be_visible(timeout=SLOW)
    other.page.locator("[data-withdraw-go]").click()
    expect(other.page.locator("[data-case-wrong]")).to_contain_text("请刷新看看", timeout=SLOW)
    other.page.locator("[data-refresh]").click()
    expect(other.waiting).to_be_visible(timeout=SLOW)
    expect(other.section).to_be_hidden()
    other.undo()
    case.page.locator("[data-withdrawal-undo]").click()
    expect(case.page.locator("[data-case-wrong]")).to_be_visible(timeout=SLOW)
    assert kinds(demo, filed) == ["report", "withdraw", "withdraw.undo"]


def test_by_keyboard_alone_and_enter_held_down_takes_nothing_back(case: Case, demo: Demo, filed: Filed) -> None:
    """Enter goes to the second step; there the title has the focus, so that the same key again does nothing."""
    page = case.page
    case.section.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator('input[name="withdraw"][value="contact"]')).to_be_checked()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-withdraw-title]")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert kinds(demo, filed) == ["report"]
    page.keyboard.press("Tab")
    expect(page.locator("[data-withdraw-go]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(case.section.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(case.waiting).to_be_visible(timeout=SLOW)
    assert kinds(demo, filed) == ["report", "withdraw"]


def test_what_was_taken_stays_told_and_the_whole_report_can_still_be_taken_back(
    phone: BrowserContext, demo: Demo, filed: Filed, tmp_path: Path
) -> None:
    waiting = demo.reporter().withdraw(filed.ticket, "contact").document["post"]
    ahead = {"ahead": 4 * DAY, "database": demo.database}
    with later.door(demo.data, "review", **ahead) as url:
        intake = Office(url, demo.http(), *demo.keys("intake"), clock=lambda: time.time() + 4 * DAY)
        intake.login()
        intake.act(filed.case, "withdraw.take", {"withdraw": waiting})
    with later.door(demo.data, "public", **ahead) as url:
        one = Case(phone.new_page(), url, filed)
        one.look()
        expect(one.waiting).to_contain_text(
            "联系方式已经按您的要求撤回，在规定的保存期满后才可以销毁。奖励凭查询码照样领。"
        )
        expect(one.page.locator("[data-withdrawal-undo]")).to_be_hidden()
        expect(one.page.locator("[data-line]")).to_contain_text("按您的要求撤回了联系方式")
        one.page.screenshot(path=tmp_path / "taken.png", full_page=True)
        one.section.locator("summary").click()
        expect(one.page.locator('input[name="withdraw"][value="contact"]')).to_be_hidden()
        one.withdraw("report")
        expect(one.waiting).to_contain_text("要求撤回整份举报")
        expect(one.waiting).to_contain_text("联系方式已经按您的要求撤回")


def test_once_the_result_is_told_there_is_no_such_section(phone: BrowserContext, demo: Demo, filed: Filed) -> None:
    demo.office("intake").decline(filed.case, "NA03", reply="这是建议。")
    one = Case(phone.new_page(), demo.public, filed)
    one.look()
    expect(one.page.locator("[data-state]")).to_have_text("不予受理")
    expect(one.section).to_be_hidden()
    expect(one.waiting).to_be_hidden()


def test_what_was_destroyed_is_called_so(phone: BrowserContext, demo: Demo, filed: Filed, tmp_path: Path) -> None:
    """Her talk and her own words are gone by a signed destruction: nothing looks broken, nothing looks empty."""
    alice = demo.reporter()
    alice.message(filed.ticket, "夜班也这样。")
    demo.office("intake").message(filed.case, "请问是哪一台？")
    change: Callable[[bytes], bytes] = emptied(demo, filed.ticket, "content")
    one = Case(phone.new_page(), demo.public, filed)
    one.page.route("**/api/case", lambda route: route.fulfill(body=change(route.fetch().body())))
    one.look()
    talk = one.page.locator("[data-talk] .said p")
    expect(talk).to_have_text(["已按规定销毁。", "已按规定销毁。"])
    expect(one.page.locator("[data-say]")).to_be_hidden()
    expect(one.page.locator("[data-emptied]")).to_contain_text("不能再补充。有新的情况，请重新举报")
    one.page.locator("[data-own-card] summary").click()
    expect(one.page.locator("[data-own]")).to_have_text("已按规定销毁。")
    expect(one.page.locator("[data-line] li").first).to_contain_text("已按规定销毁：举报内容")
    one.page.screenshot(path=tmp_path / "destroyed.png", full_page=True)


@pytest.mark.parametrize(("size", "script"), [(PHONE, True), (DESKTOP, True), (PHONE, False), (DESKTOP, False)])
def test_every_step_fits_its_screen(
    browser: Browser, demo: Demo, filed: Filed, size: dict[str, int], script: bool, tmp_path: Path
) -> None:
    with browser.new_context(viewport=size, locale="zh-CN", java_script_enabled=script) as context:
        page = context.new_page()
        steps = scripted if script else plain
        for name in steps(Case(page, demo.public, filed)):
            wide = page.evaluate("() => document.documentElement.scrollWidth")
            assert wide <= size["width"], name
            page.screenshot(path=tmp_path / f"{name}.png", full_page=True)


def scripted(case: Case) -> Iterator[str]:
    case.look()
    case.section.locator("summary").click()
    yield "choose"
    case.choose("report")
    yield "sure"
    case.page.locator("[data-withdraw-go]").click()
    expect(case.waiting).to_be_visible(timeout=SLOW)
    yield "waits"
    case.undo()
    yield "undone"


def plain(case: Case) -> Iterator[str]:
    page = case.page

    def press(name: str) -> None:
        # Each press is answered with a page of its own: a look before it has come measures the old one, or none.
        with page.expect_navigation():
            page.get_by_role("button", name=name, exact=True).click()

    page.goto(f"{case.door}/plain")
    page.fill("#ticket-look", case.ticket)
    press("查看")
    page.get_by_text("我想撤回").click()
    yield "choose"
    page.check('input[name="scope"][value="contact"]')
    press("下一步")
    yield "sure"
    page.fill("#ticket-withdraw", case.ticket)
    press("确定撤回")
    yield "waits"
    page.fill("#ticket-undo", case.ticket)
    press("取消撤回")
    expect(page.get_by_text("您取消了撤回联系方式")).to_be_visible()
    yield "undone"
