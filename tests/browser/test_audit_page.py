"""The auditor's page, who opened a case, and the faint mark of the reader over what he reads."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.cases import Cases
from tests.browser.looking import SIZES, faults_on
from tests.browser.people import SLOW, Reviewer
from tests.conftest import Demo

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def case(demo: Demo) -> str:
    return Cases(demo).new("verifying", "审计页铸造厂").case


def seated(context: BrowserContext, demo: Demo, role: str) -> Reviewer:
    person = Reviewer(context.new_page(), demo.review, role, demo.passphrase(role))
    person.unlock()
    return person


def pictured(page: Page, name: str) -> None:
    """At both widths; kept where SHOTS names a folder."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        if shots := os.environ.get("SHOTS"):
            page.screenshot(path=f"{shots}/{name}-{width}.png", full_page=name == "audit")


def test_the_auditor_finds_who_did_what_by_person_case_and_day(desktop: BrowserContext, demo: Demo, case: str) -> None:
    person = seated(desktop, demo, "auditor")
    page = person.page
    page.get_by_role("link", name="查阅记录").click()
    rows = page.locator(".entries tbody tr")
    expect(rows.first).to_be_visible(timeout=SLOW)
    page.locator('input[name="case"]').fill(case)
    page.get_by_role("button", name="查看").click()
    expect(rows.filter(has_text="受理").first).to_be_visible(timeout=SLOW)
    assert page.locator(".entries a").all_inner_texts() == [f"{case[:8]}…"] * rows.count()
    label = rows.first.locator("td").nth(1).inner_text()
    page.locator('select[name="person"]').select_option(label=label)
    page.get_by_role("button", name="查看").click()
    expect(page.locator(".audit")).to_have_attribute("aria-busy", "false")
    assert {row.locator("td").nth(1).inner_text() for row in rows.all()} == {label}
    page.locator('input[name="day"]').fill("2001-01-01")
    page.get_by_role("button", name="查看").click()
    expect(page.locator(".audit")).to_contain_text("没有记录")
    person.go("#/audit")
    expect(rows.first).to_be_visible(timeout=SLOW)
    pictured(page, "audit")
    assert faults_on(page, "audit") == []


def test_nobody_else_has_the_page(desktop: BrowserContext, demo: Demo) -> None:
    person = seated(desktop, demo, "intake")
    assert person.page.get_by_role("link", name="查阅记录").count() == 0
    person.go("#/audit")
    expect(person.page.locator(".audit [role=alert]")).to_be_visible(timeout=SLOW)


def test_a_leader_sees_on_the_case_who_opened_it_and_intake_does_not(
    desktop: BrowserContext, demo: Demo, case: str
) -> None:
    person = seated(desktop, demo, "leader")
    person.open(case)
    card = person.page.locator("[data-openings]")
    card.locator("summary").click()
    expect(card.locator("tbody tr").first).to_be_visible(timeout=SLOW)
    assert "打开案件" in card.inner_text()
    pictured(person.page, "openings")
    assert faults_on(person.page, "openings") == []
    other = seated(desktop.browser.new_context(locale="zh-CN"), demo, "intake")  # type: ignore[union-attr]
    other.open(case)
    assert other.page.locator("[data-openings]").count() == 0
    other.page.context.close()


def test_what_is_read_bears_the_readers_label_and_the_day_and_a_printed_case_too(
    desktop: BrowserContext, demo: Demo, case: str
) -> None:
    person = seated(desktop, demo, "leader")
    person.open(case)
    page, mark = person.page, person.page.locator(".readers-mark")
    label = page.locator(".person b").inner_text()
    assert (mark.locator("span").first.get_attribute("data-mark") or "").startswith(f"{label} 20")
    assert mark.get_attribute("aria-hidden") == "true"
    with_mark = page.screenshot()
    mark.evaluate("node => { node.hidden = true }")
    assert page.screenshot() != with_mark, "it shows on a photograph of the screen"
    mark.evaluate("node => { node.hidden = false }")
    page.locator("[data-openings] summary").click()
    expect(page.locator("[data-openings]")).to_have_attribute("open", "")
    page.emulate_media(media="print")
    expect(mark).to_be_visible()
    page.emulate_media(media="screen")
    person.go("#/inbox")
    expect(page.locator(".inbox")).to_be_visible(timeout=SLOW)
    page.emulate_media(media="print")
    expect(mark).to_be_hidden()
    page.emulate_media(media="screen")
    person.go("#/notices")
    expect(mark).to_have_count(0)
