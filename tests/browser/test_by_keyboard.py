"""The office's straight path by keyboard alone: taken up, assigned, verified, answered, put away."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP
from tests.browser.looking import faults_on
from tests.browser.people import SLOW, Reviewer
from tests.conftest import Demo, start
from tests.doors import later

pytestmark = pytest.mark.browser

# A pointer that goes down fails the test: whoever cannot use one does the same work.
NO_POINTER = "() => addEventListener('pointerdown', () => document.body.classList.add('pointed'), true)"
DAY = 86_400
FURTHEST = 120  # presses of Tab


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = start(tmp_path_factory.mktemp("keyboard") / "demo")
    yield demo
    demo.kill()


@pytest.fixture
def desk(browser: Browser, own: Demo) -> Iterator[Callable[..., Reviewer]]:
    contexts, doors = [], contextlib.ExitStack()

    def sit(role: str, days: int = 0) -> Reviewer:
        """Today, or at a door so many days later."""
        url = doors.enter_context(later.door(own.data, "review", days * DAY)) if days else own.review
        contexts.append(browser.new_context(viewport=DESKTOP, locale="zh-CN"))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        page.clock.set_system_time(time.time() + days * DAY)
        page.goto(url)
        expect(page.locator("form.unlock")).to_be_visible(timeout=SLOW)
        page.evaluate(NO_POINTER)
        for words, field in ((role, "login"), (own.passphrase(role), "passphrase")):
            tab_to(page, f'input[name="{field}"]')
            page.keyboard.insert_text(words)
        page.keyboard.press("Enter")
        expect(page.locator(".inbox")).to_be_visible(timeout=SLOW)
        return Reviewer(page, url, role, own.passphrase(role))

    yield sit
    for context in contexts:
        assert not context.pages[0].locator("body.pointed").count()
        context.close()
    doors.close()


def tab_to(page: Page, selector: str) -> None:
    """Tab, until what is sought has the focus."""
    for _ in range(FURTHEST):
        if page.evaluate("sought => document.activeElement?.matches(sought) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by Tab: {selector}")


def open_case(page: Page, firm: str) -> None:
    """Looked for, and opened as the first row."""
    page.keyboard.press("/")
    page.keyboard.insert_text(firm)
    expect(page.locator("tbody tr")).to_have_count(1, timeout=SLOW)
    page.keyboard.press("Escape")  # out of the field: letters are keys again
    page.keyboard.press("k")
    page.keyboard.press("j")
    expect(page.locator("tr.cursor")).to_contain_text(firm)


def begin(reviewer: Reviewer, kind: str) -> None:
    """The next step stands open; n leads to it."""
    expect(reviewer.form(kind)).to_be_visible(timeout=SLOW)
    reviewer.page.keyboard.press("n")
    expect(reviewer.page.locator(".actform h3")).to_be_focused()


def sign(reviewer: Reviewer, kind: str) -> None:
    button = f'form[data-kind="{kind}"] .row button.main'
    expect(reviewer.page.locator(button)).to_be_enabled()  # one that has just come waits a moment
    tab_to(reviewer.page, button)
    reviewer.page.keyboard.press("Enter")
    expect(reviewer.form(kind)).to_have_count(0, timeout=SLOW)
    expect(reviewer.page.locator("#acts button[data-kind]:disabled")).to_have_count(0, timeout=SLOW)


FIRM = "键盘样例铸造厂"


def takes_up(intake: Reviewer) -> str:
    """From the list to the seated verifier and a question to her; the newest post's short fingerprint."""
    page = intake.page
    open_case(page, FIRM)
    page.keyboard.press("a")  # not yet: said, and nothing is opened
    expect(page.locator("#acts")).to_be_visible(timeout=SLOW)
    expect(page.locator(".notice")).to_contain_text("指派")
    begin(intake, "accept")
    sign(intake, "accept")
    begin(intake, "extract")
    tab_to(page, 'form[data-kind="extract"] textarea')
    page.keyboard.insert_text("检查起重设备的防脱装置。")
    sign(intake, "extract")
    page.keyboard.press("a")
    expect(page.locator('form[data-kind="assign"] h3')).to_be_focused()
    sign(intake, "assign")
    page.keyboard.press("r")
    expect(page.locator('form[data-kind="message"] h3')).to_be_focused()
    tab_to(page, 'form[data-kind="message"] textarea')
    page.keyboard.insert_text("请问还在用吗？")
    sign(intake, "message")
    return page.locator(".head-hash code").inner_text()


def looks_into(verifier: Reviewer, head: str) -> None:
    """The same record as at the other desk; a finding, then the dossier."""
    page = verifier.page
    open_case(page, FIRM)
    page.keyboard.press("Enter")
    expect(page.locator("#acts")).to_be_visible(timeout=SLOW)
    expect(page.locator(".head-hash code")).to_have_text(head)
    begin(verifier, "finding")
    tab_to(page, 'form[data-kind="finding"] input[name="outcome"]')
    page.keyboard.press("ArrowDown")
    expect(page.locator('input[name="outcome"]').nth(1)).to_be_checked()
    tab_to(page, 'form[data-kind="finding"] textarea')
    page.keyboard.insert_text("现场核查，未发现所述情况。")
    sign(verifier, "finding")
    page.keyboard.press("e")
    expect(page.locator("main")).to_contain_text("末条哈希", timeout=SLOW)


def puts_away(intake: Reviewer) -> None:
    page = intake.page
    open_case(page, FIRM)
    page.keyboard.press("Enter")
    expect(page.locator("#acts")).to_be_visible(timeout=SLOW)
    page.keyboard.press("n")
    tab_to(page, '#acts button[data-kind="close"]')
    page.keyboard.press("Enter")
    begin(intake, "close")
    sign(intake, "close")
    expect(page.locator("h1 .state").first).to_have_text("已归档")


def test_the_straight_path_by_keyboard_alone(desk: Callable[..., Reviewer], own: Demo) -> None:
    own.reporter().submit("行车吊钩没有防脱扣。", category="general_hazard", sector="industry_trade", enterprise=FIRM)
    intake = desk("intake")
    head = takes_up(intake)
    assert len(head.replace(" ", "")) == 12
    looks_into(desk("verifier"), head)
    intake.page.keyboard.press("u")
    expect(intake.page.locator(".inbox")).to_be_visible()
    intake.page.keyboard.press("Enter")
    begin(intake, "feedback")
    sign(intake, "feedback")
    expect(intake.page.locator("[data-closes]")).to_be_visible(timeout=SLOW)  # her time to object runs
    puts_away(desk("intake", 35))


def test_the_keys_stand_in_the_help(desk: Callable[..., Reviewer]) -> None:
    page = desk("intake").page
    page.keyboard.press("?")
    for key in ("j", "k", "a", "r", "e", "n"):
        expect(page.locator(".keys kbd", has_text=key).first).to_be_visible()
    assert faults_on(page, "the keys") == []
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.keyboard.press("Escape")
    expect(page.locator(".keys")).to_have_count(0)
