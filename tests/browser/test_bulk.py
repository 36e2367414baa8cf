"""Many cases at once: ticked in the list, looked at, signed one by one; broken off in the middle it goes on."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.cases import Cases
from tests.browser.conftest import DESKTOP
from tests.browser.looking import faults_on
from tests.browser.people import SLOW, Reviewer
from tests.browser.test_two_offices import NAME, both  # noqa: F401  a fixture is found by its name
from tests.conftest import Demo
from tests.doors.office import Team

pytestmark = pytest.mark.browser

FIRM = "一起办样例厂"


@pytest.fixture(scope="module")
def team(demo: Demo) -> Team:
    return Team(demo)


def filed(demo: Demo, team: Team, name: str, *accepted: bool) -> list[str]:
    """Cases of one firm, some of them accepted."""
    found = [Cases(demo).new("received", f"{FIRM}{name}{no}").case for no, _ in enumerate(accepted)]
    for case, is_accepted in zip(found, accepted, strict=True):
        if is_accepted:
            team.accept(case)
    return found


def at(context: BrowserContext, demo: Demo, role: str = "intake") -> Reviewer:
    one = Reviewer(context.new_page(), demo.review, role, demo.passphrase(role))
    one.unlock()
    return one


def tick(reviewer: Reviewer, name: str, count: int) -> None:
    """Every case of that name, by the box at the head of the column."""
    reviewer.inbox()
    page = reviewer.page
    page.locator("#search").fill(f"{FIRM}{name}")
    expect(page.locator("tbody tr")).to_have_count(count, timeout=SLOW)
    page.locator("th.c-tick input").check()
    expect(page.locator("[data-ticked]")).to_contain_text(f"{count} 件")


def came(page: Page, case: str) -> str:
    return page.locator(f'[data-case="{case}"]').get_attribute("data-came") or ""


def wish_to_assign(reviewer: Reviewer, demo: Demo) -> None:
    page = reviewer.page
    page.locator('input[name="op"][value="assign"]').check()
    expect(page.locator("[data-look]")).to_be_disabled()
    label = demo.office("verifier").me["label"]
    page.locator(".bulk label.pick", has_text=label).locator("input").check()
    page.locator("[data-look]").click()


def test_cases_are_assigned_together_and_what_cannot_be_says_why(
    desktop: BrowserContext, demo: Demo, team: Team
) -> None:
    first, second, third = filed(demo, team, "甲", True, True, False)
    bob = at(desktop, demo)
    page = bob.page
    tick(bob, "甲", 3)
    assert faults_on(page, "ticked rows") == []
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.locator("[data-ticked] a").click()
    wish_to_assign(bob, demo)
    expect(page.locator("[data-sign]")).to_contain_text("2 件", timeout=SLOW)
    assert (came(page, first), came(page, second), came(page, third)) == ("due", "due", "stays")
    expect(page.locator(f'[data-case="{third}"]')).to_contain_text("已接报")
    assert faults_on(page, "what each would come to") == []
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.locator("[data-sign]").click()
    expect(page.locator("[data-over]")).to_contain_text("办好 2 件", timeout=SLOW)
    expect(page.locator("[data-over]")).to_contain_text("没有办成 1 件")
    assert faults_on(page, "what was done") == []
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    for case in (first, second):
        assert team.intake.case(case).fold.state == "verifying"
    assert team.intake.case(third).fold.state == "received"
    page.locator("[data-look]").click()  # once more: nothing is signed twice
    expect(page.locator(".card p", has_text="已是这样 2 件")).to_be_visible(timeout=SLOW)
    assert (came(page, first), came(page, third)) == ("has", "stays")


def test_a_row_that_is_not_ticked_any_more_is_not_signed(desktop: BrowserContext, demo: Demo, team: Team) -> None:
    filed(demo, team, "庚", True, True)
    bob = at(desktop, demo)
    page = bob.page
    tick(bob, "庚", 2)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("a")
    expect(page.locator(".bulk")).to_be_visible()
    expect(page).to_have_url(re.compile("#/bulk$"))  # what the key wished is said once, not at every reload
    wish_to_assign(bob, demo)
    expect(page.locator("[data-sign]")).to_contain_text("2 件", timeout=SLOW)
    page.locator(".bulk nav.back a").click()
    page.locator("td.c-tick input:checked").first.uncheck()
    expect(page.locator("[data-ticked]")).to_contain_text("1 件")
    page.locator("[data-ticked] a").click()
    expect(page.locator("[data-look]")).to_be_enabled(timeout=SLOW)
    expect(page.locator(".bulk [data-case]")).to_have_count(0)
    expect(page.locator("[data-sign]")).to_have_count(0)
    page.locator("[data-look]").click()
    expect(page.locator("[data-sign]")).to_contain_text("1 件", timeout=SLOW)


def test_a_reload_in_the_middle_goes_on_where_it_stopped(desktop: BrowserContext, demo: Demo, team: Team) -> None:
    cases = filed(demo, team, "乙", True, True, True)
    bob = at(desktop, demo)
    page = bob.page
    tick(bob, "乙", 3)
    page.locator("[data-ticked] a").click()
    wish_to_assign(bob, demo)
    expect(page.locator("[data-sign]")).to_contain_text("3 件", timeout=SLOW)
    sent = threading.Event()

    def once(route: Route) -> None:
        """The first goes through; the second is on its way while the page is loaded anew."""
        if sent.is_set():
            return
        sent.set()
        route.continue_()

    page.route("**/api/posts", once)
    page.locator("[data-sign]").click()
    expect(page.locator('[data-came="done"]')).to_have_count(1, timeout=SLOW)
    page.wait_for_function("() => Boolean(sessionStorage.drafts)")
    page.reload()
    page.unroute("**/api/posts")
    page.locator('input[name="login"]').fill("intake")
    bob.give_passphrase()
    expect(page.locator("[data-look]")).to_be_enabled(timeout=SLOW)
    page.locator("[data-look]").click()
    expect(page.locator("[data-sign]")).to_contain_text("2 件", timeout=SLOW)
    assert sorted(came(page, case) for case in cases) == ["due", "due", "has"]
    page.locator("[data-sign]").click()
    expect(page.locator("[data-over]")).to_contain_text("办好 2 件", timeout=SLOW)
    for case in cases:
        assert [act.kind for act in team.intake.case(case).acts].count("assign") == 1


def test_a_colleague_who_was_quicker_in_another_tab_is_told_and_nothing_is_signed_twice(
    desktop: BrowserContext, demo: Demo, team: Team
) -> None:
    cases = filed(demo, team, "丙", True, True)
    bob = at(desktop, demo)
    page = bob.page
    tick(bob, "丙", 2)
    page.locator("[data-ticked] a").click()
    wish_to_assign(bob, demo)
    expect(page.locator("[data-sign]")).to_contain_text("2 件", timeout=SLOW)
    team.intake.assign(cases[0], {"verifier": [team.person("verifier")]})
    page.locator("[data-sign]").click()
    expect(page.locator("[data-over]")).to_contain_text("办好 1 件", timeout=SLOW)
    assert (came(page, cases[0]), came(page, cases[1])) == ("has", "done")
    assert [act.kind for act in team.intake.case(cases[0]).acts].count("assign") == 1


def test_ticked_cases_are_a_list_to_print_or_to_save(
    desktop: BrowserContext, demo: Demo, team: Team, tmp_path: Path
) -> None:
    filed(demo, team, "丁", False, False)
    bob = at(desktop, demo)
    page = bob.page
    tick(bob, "丁", 2)
    page.locator("#search").press("Escape")
    page.keyboard.press("e")
    expect(page.locator('input[name="op"][value="list"]')).to_be_checked(timeout=SLOW)
    page.locator("[data-look]").click()
    expect(page.locator("[data-csv]")).to_be_visible(timeout=SLOW)
    with page.expect_download() as saved:
        page.locator("[data-csv]").click()
    saved.value.save_as(tmp_path / "list.csv")
    lines = (tmp_path / "list.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 3 and lines[0].startswith('"编号"') and f"{FIRM}丁" in lines[1]
    page.emulate_media(media="print")
    expect(page.locator(".bulk .cases")).to_contain_text(f"{FIRM}丁0")
    expect(page.locator("[data-look]")).to_be_hidden()


def test_what_was_begun_for_one_office_is_put_away_before_the_other_is_chosen(
    browser: Browser,
    both: Demo,  # noqa: F811
) -> None:
    case = Cases(both).new("received", f"{FIRM}戊").case
    context = browser.new_context(viewport=DESKTOP, locale="zh-CN")  # type: ignore[arg-type]
    bob = at(context, both)
    page = bob.page
    tick(bob, "戊", 1)
    choice = page.get_by_label("办理机构")
    page.locator("[data-ticked] a").click()
    page.locator('input[name="op"][value="list"]').check()
    expect(choice).to_be_disabled()
    page.locator(".bulk .back a").click()
    page.locator("[data-ticked] button").click()
    expect(choice).to_be_enabled()
    page.locator("#search").fill(f"{FIRM}戊")
    page.locator("tr", has=page.locator(f'a[href*="{case}"]')).locator(".c-tick input").check()
    choice.select_option(label=NAME)
    expect(page.locator("table.rows, .empty").first).to_be_visible(timeout=SLOW)
    expect(page.locator("[data-ticked]")).to_have_count(0)
    bob.go("#/bulk")
    expect(page.locator(".bulk")).to_contain_text("没有勾选案件", timeout=SLOW)
    expect(page.locator("[data-case]")).to_have_count(0)
    context.close()
