"""The list: who looks into each case, what she said since, her files; ordered by a column, kept as a view."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.cases import Cases
from tests.browser.conftest import DESKTOP
from tests.browser.looking import faults_on
from tests.browser.people import SLOW, Reviewer
from tests.conftest import Demo
from tests.doors.test_files import film
from whistle.client import Filed
from whistle.core.case import WORKFLOW
from whistle.demo.people import CHANNEL
from whistle.demo.samples import SAMPLES

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def cases(demo: Demo) -> Cases:
    return Cases(demo)


@pytest.fixture(scope="module")
def filed(cases: Cases) -> Filed:
    return cases.new("verifying", "列表样例水务")


def at(context: BrowserContext, demo: Demo, role: str = "intake") -> Reviewer:
    one = Reviewer(context.new_page(), demo.review, role, demo.passphrase(role))
    one.unlock()
    return one


def look_up(reviewer: Reviewer, query: str = "view=all") -> None:
    """The list, with what is sought on whatever page it lies."""
    reviewer.inbox("view=unread")
    reviewer.inbox(query)
    reviewer.page.locator("#search").fill("列表样例")


def row_of(page: Page, case: str) -> Locator:
    return page.locator("tr", has=page.locator(f'a[href*="{case}"]'))


def states(page: Page) -> list[str]:
    marks = page.locator("td.c-state .state").evaluate_all("nodes => nodes.map((one) => one.classList[1].slice(2))")
    return [str(one) for one in marks]


def ordered(page: Page, column: str) -> Locator:
    head = page.locator(f"th.c-{column}")
    with page.expect_response("**/api/inbox?*"):
        head.locator("a").click()
    expect(page.locator(".total")).not_to_contain_text("正在", timeout=SLOW)
    return head


def test_a_row_says_who_looks_into_it_what_she_said_and_her_files(
    desktop: BrowserContext, demo: Demo, cases: Cases, filed: Filed
) -> None:
    fresh = cases.new("received", "列表样例木业")
    bob = at(desktop, demo)
    look_up(bob)
    row = row_of(bob.page, filed.case)
    expect(row.locator(".c-seated")).to_have_text(cases.office("verifier").me["label"], timeout=SLOW)
    expect(row.locator(".c-said")).to_have_text("")
    expect(row_of(bob.page, fresh.case).locator(".c-seated")).to_have_text("—")
    cases.public.message(filed.ticket, "又冒烟了。")
    cases.public.message(filed.ticket, "请快一点。")
    cases.public.attach(filed.ticket, film())
    look_up(bob)
    expect(row.locator(".c-said")).to_contain_text("3 条", timeout=SLOW)
    expect(row.locator(".c-files")).to_have_text("1 个")
    assert faults_on(bob.page, "the list with its columns") == []
    bob.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    cases.office("intake").message(filed.case, "收到。")
    look_up(bob)
    expect(row.locator(".c-said")).to_have_text("", timeout=SLOW)
    expect(row.locator(".c-files")).to_have_text("1 个")


def test_the_list_is_ordered_by_the_head_of_a_column(desktop: BrowserContext, demo: Demo, filed: Filed) -> None:
    bob = at(desktop, demo, "leader")  # whose list is short and has many states
    bob.inbox()
    table = list(WORKFLOW["states"])
    expect(ordered(bob.page, "state")).to_have_attribute("aria-sort", "ascending")
    assert "order=state" in bob.page.url
    shown = states(bob.page)
    assert shown == sorted(shown, key=table.index)
    expect(ordered(bob.page, "day")).to_have_attribute("aria-sort", "descending")
    days = bob.page.locator("td.c-day").all_inner_texts()
    assert days == sorted(days, reverse=True)
    expect(ordered(bob.page, "left")).to_have_attribute("aria-sort", "ascending")
    bob.page.reload()
    bob.unlock()
    expect(bob.page.locator("th.c-left")).to_have_attribute("aria-sort", "ascending", timeout=SLOW)


def test_a_view_of_ones_own_stands_beside_the_others_and_goes_with_the_drawer(
    desktop: BrowserContext, demo: Demo, filed: Filed
) -> None:
    bob = at(desktop, demo)
    page = bob.page
    bob.inbox("view=all")
    expect(page.locator("[data-keep-view]")).to_have_count(0)
    page.locator('.toolbar select:has(option[value="confined_space"])').select_option("confined_space")
    expect(page.locator("[data-keep-view]")).to_be_visible(timeout=SLOW)
    ordered(page, "state")
    page.locator("[data-keep-view]").click()
    page.locator(".naming button.main").click()
    expect(page.locator('.naming [role="alert"]')).to_contain_text("名字")
    page.locator(".naming input").fill("有限空间按状态")
    assert faults_on(page, "naming a view") == []
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.locator(".naming button.main").click()
    own = page.locator(".views .own-view", has_text="有限空间按状态")
    expect(own).to_have_attribute("aria-current", "page", timeout=SLOW)
    page.get_by_role("button", name="锁定").click()
    expect(page.locator("form.unlock")).to_be_visible(timeout=SLOW)
    bob.unlock()
    own.click()
    page.locator("#search").fill("列表样例")
    expect(row_of(page, filed.case)).to_be_visible(timeout=SLOW)
    assert "sector=confined_space" in page.url and "order=state" in page.url
    bob.go("#/own")
    page.locator("[data-views] [data-drop]").click()
    expect(page.locator("[data-views] li")).to_have_count(0, timeout=SLOW)
    bob.inbox()
    expect(page.locator(".own-view")).to_have_count(0)


def test_the_samples_are_all_in_one_of_the_pages_ordered_by_state(demo: Demo, filed: Filed) -> None:
    """Page after page, across the border between two states."""
    office = demo.office("intake")
    whole = [row["case"] for row in office.session.get("/api/inbox", {"order": "state", "limit": "200"})["rows"]]
    assert len(whole) >= len([each for each in SAMPLES if each.channel == CHANNEL]) and len(set(whole)) == len(whole)
    found, after = [], ""
    while True:
        page = office.session.get("/api/inbox", {"order": "state", "limit": "2", "after": after})
        found += [row["case"] for row in page["rows"]]
        after = page["next"]
        if not after:
            break
    assert found == whole
