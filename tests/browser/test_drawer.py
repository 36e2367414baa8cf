"""The drawer: what a reviewer keeps for himself lies sealed at the door and opens with his key alone, in one office."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.cases import Cases
from tests.browser.conftest import DESKTOP
from tests.browser.looking import faults_on
from tests.browser.people import SLOW, Reviewer
from tests.browser.test_two_offices import NAME, both  # noqa: F401  a fixture is found by its name
from tests.conftest import Demo
from whistle import settings
from whistle.storage import tables
from whistle.storage.database import Database

pytestmark = pytest.mark.browser

OWN = "您反映的内容很有帮助，我们会抓紧核实。"
FIRM = "抽屉样例机械厂"


@pytest.fixture(scope="module")
def case(demo: Demo) -> str:
    return Cases(demo).new("received", FIRM).case


def at(context: BrowserContext, demo: Demo, role: str = "intake") -> Reviewer:
    one = Reviewer(context.new_page(), demo.review, role, demo.passphrase(role))
    one.unlock()
    return one


def message(reviewer: Reviewer, case: str) -> Locator:
    reviewer.open(case)
    reviewer.begin("message")
    return reviewer.form("message")


def write(page: Page, words: str) -> None:
    page.locator(".own form.writing textarea").fill(words)
    page.locator(".own form.writing button.main").click()
    expect(page.locator("[data-own]")).to_contain_text(words, timeout=SLOW)


def boxes(demo: Demo) -> list[tuple[str, str, int, bytes]]:
    with Database.open(settings.read({}, data=demo.data).database_url) as db:
        return [tuple(row) for row in db.read_sync(lambda tx: tx.execute(tables.drawers.select()).all())]  # type: ignore[misc]


def test_a_sentence_is_kept_and_stands_where_the_cursor_is(desktop: BrowserContext, demo: Demo, case: str) -> None:
    bob = at(desktop, demo)
    form = message(bob, case)
    words = form.locator("textarea")
    words.fill(OWN)
    form.locator("[data-keep]").click()
    chip = form.locator(".snippets .chip", has_text=OWN[:14])
    expect(chip).to_be_visible(timeout=SLOW)
    words.fill("您好。谢谢。")
    words.evaluate("node => node.setSelectionRange(3, 3)")
    chip.click()
    expect(words).to_have_value(f"您好。{OWN}谢谢。")
    expect(words).to_be_focused()
    assert words.evaluate("node => node.selectionStart") == 3 + len(OWN)
    assert faults_on(bob.page, "a reply with sentences of one's own") == []
    bob.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]


def test_it_lies_sealed_at_the_door_and_is_there_after_locking(desktop: BrowserContext, demo: Demo) -> None:
    bob = at(desktop, demo)
    bob.go("#/own")
    write(bob.page, "请不要担心，我们不会透露您的情况。")
    assert faults_on(bob.page, "the drawer") == []
    bob.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    mine = [sealed for rid, office, _, sealed in boxes(demo) if (rid, office) == (demo_rid(demo, "intake"), "zone")]
    assert len(mine) == 1 and "不会透露".encode() not in mine[0] and b"sentences" not in mine[0]
    left = "() => JSON.stringify([{...localStorage}, {...sessionStorage}])"
    assert "不会透露" not in bob.page.evaluate(left)
    bob.page.get_by_role("button", name="锁定").click()
    expect(bob.page.locator("form.unlock")).to_be_visible(timeout=SLOW)
    assert bob.page.evaluate("() => localStorage.length + sessionStorage.length") == 0
    bob.unlock()
    bob.go("#/own")
    expect(bob.page.locator("[data-own]")).to_contain_text("不会透露", timeout=SLOW)
    bob.page.locator("[data-own] li", has_text="不会透露").locator("[data-edit]").click()
    bob.page.locator(".own form.writing textarea").fill("请放心，我们不会透露您的情况。")
    bob.page.locator(".own form.writing button.main").click()
    expect(bob.page.locator("[data-own]")).to_contain_text("请放心", timeout=SLOW)
    expect(bob.page.locator("[data-own]")).not_to_contain_text("请不要担心")
    bob.page.locator("[data-own] li", has_text="请放心").locator("[data-drop]").click()
    expect(bob.page.locator("[data-own]")).not_to_contain_text("请放心", timeout=SLOW)


def demo_rid(demo: Demo, role: str) -> str:
    return demo.office(role).rid


def test_two_pages_lose_nothing_of_one_another(desktop: BrowserContext, demo: Demo) -> None:
    one, other = at(desktop, demo, "leader"), at(desktop, demo, "leader")
    for page in (one.page, other.page):
        page.evaluate("() => { location.hash = '#/own' }")
        expect(page.locator(".own form.writing")).to_be_visible(timeout=SLOW)
    write(one.page, "第一页写的。")
    write(other.page, "第二页写的。")
    expect(other.page.locator("[data-own]")).to_contain_text("第一页写的。")
    assert [rev for rid, _, rev, _ in boxes(demo) if rid == demo_rid(demo, "leader")] == [2]


def test_nobody_else_finds_them_and_they_go_with_who_locks(desktop: BrowserContext, demo: Demo) -> None:
    page = at(desktop, demo, "payout").page
    page.evaluate("() => { location.hash = '#/own' }")
    expect(page.locator(".own form.writing")).to_be_visible(timeout=SLOW)
    expect(page.locator("[data-own] li")).to_have_count(0)


def test_a_box_that_the_door_put_there_is_not_believed(desktop: BrowserContext, demo: Demo) -> None:
    """Sealed to his key, as anybody can; not signed by it, or of another number: said, and his to empty."""
    bob = at(desktop, demo, "verifier")
    bob.go("#/own")
    write(bob.page, "我自己写的。")

    def older(route) -> None:  # type: ignore[no-untyped-def]
        told = route.fetch().json()
        route.fulfill(body=json.dumps({**told, "rev": told["rev"] + 1}), content_type="application/json")

    bob.page.route("**/api/drawer", lambda route: older(route) if route.request.method == "GET" else route.continue_())
    bob.page.reload()
    bob.unlock()
    bob.go("#/own")
    expect(bob.page.get_by_role("alert")).to_contain_text("打不开", timeout=SLOW)
    expect(bob.page.locator("[data-own]")).to_have_count(0)
    bob.page.unroute("**/api/drawer")
    assert faults_on(bob.page, "a drawer that does not open") == []
    bob.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    bob.page.locator("[data-anew]").click()
    expect(bob.page.locator(".own form.writing")).to_be_visible(timeout=SLOW)
    expect(bob.page.locator("[data-own] li")).to_have_count(0)


def test_what_is_kept_in_one_office_is_not_there_in_the_other(browser: Browser, both: Demo) -> None:  # noqa: F811
    context = browser.new_context(viewport=DESKTOP, locale="zh-CN")  # type: ignore[arg-type]
    page = at(context, both).page
    page.evaluate("() => { location.hash = '#/own' }")
    expect(page.locator(".own form.writing")).to_be_visible(timeout=SLOW)
    write(page, "应急口的话。")
    page.get_by_label("办理机构").select_option(label=NAME)
    expect(page.locator("table.rows, .empty").first).to_be_visible(timeout=SLOW)
    page.evaluate("() => { location.hash = '#/own' }")
    expect(page.locator(".own form.writing")).to_be_visible(timeout=SLOW)
    expect(page.locator("[data-own] li")).to_have_count(0)
    write(page, "交通口的话。")
    page.get_by_label("办理机构").select_option(index=0)
    expect(page.locator("table.rows, .empty").first).to_be_visible(timeout=SLOW)
    page.evaluate("() => { location.hash = '#/own' }")
    expect(page.locator("[data-own]")).to_contain_text("应急口的话。", timeout=SLOW)
    expect(page.locator("[data-own]")).not_to_contain_text("交通口")
    assert len({office for _, office, _, _ in boxes(both)}) == 2
    context.close()


def test_a_tie_that_meets_a_case_proposes_to_step_back(desktop: BrowserContext, demo: Demo, case: str) -> None:
    bob = at(desktop, demo)
    bob.open(case)
    expect(bob.page.locator("[data-ties]")).to_have_count(0)
    bob.go("#/own")
    form = bob.page.locator("[data-ties-form]")
    form.locator("textarea").fill(f"旧友木业\n{FIRM}")
    form.locator("button.main").click()
    expect(bob.page.locator(".notice")).to_contain_text("抽屉", timeout=SLOW)
    bob.open(case)
    card = bob.page.locator("[data-ties]")
    expect(card).to_contain_text(FIRM, timeout=SLOW)
    expect(card).not_to_contain_text("旧友木业")
    assert faults_on(bob.page, "a proposal to step back") == []
    bob.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    card.get_by_role("button").click()
    expect(bob.form("recuse")).to_be_visible()
    assert FIRM.encode() not in b"".join(sealed for *_, sealed in boxes(demo))
