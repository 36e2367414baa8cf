"""Internal notes: colleagues write to one another on a case; whom a note means finds it in his list once it is open."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.cases import Cases
from tests.browser.conftest import DESKTOP
from tests.browser.looking import faults_on
from tests.browser.people import SLOW, Reporter, Reviewer
from tests.conftest import Demo
from whistle.client import Filed

pytestmark = pytest.mark.browser

FIRM, WORDS = "备注样例水处理站", "请补一张现场照片，周五前。"


@pytest.fixture(scope="module")
def filed(demo: Demo) -> Filed:
    return Cases(demo).new("verifying", FIRM)


def at(context: BrowserContext, demo: Demo, role: str) -> Reviewer:
    one = Reviewer(context.new_page(), demo.review, role, demo.passphrase(role))
    one.unlock()
    return one


def test_a_note_means_a_colleague_who_finds_it_and_she_never_sees_it(
    desktop: BrowserContext, demo: Demo, filed: Filed
) -> None:
    intake = at(desktop, demo, "intake")
    intake.open(filed.case)
    card = intake.page.locator("[data-notes]")
    card.locator("[data-write-note]").click()
    form = intake.form("note")
    intake.press_sign("note")
    expect(form.locator('[role="alert"]')).to_contain_text("请写备注")
    field = form.locator("textarea")
    field.fill(WORDS)
    field.evaluate("node => node.setSelectionRange(0, 0)")
    meant = form.locator("[data-meant] .chip", has_text="核查")
    label = meant.first.get_attribute("title") or ""
    assert label.startswith("@核查")
    meant.first.click()
    expect(field).to_have_value(label + WORDS)
    assert faults_on(intake.page, "a note being written") == []
    intake.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    intake.sign("note")
    expect(card).to_contain_text(WORDS)
    expect(card.locator("mark.mention")).to_have_text(label.strip())

    verifier = at(desktop, demo, "verifier")
    verifier.inbox()
    verifier.page.locator("#search").fill(FIRM)
    row = verifier.page.locator("tr", has=verifier.page.locator(f'a[href*="{filed.case}"]'))
    expect(row).to_be_visible(timeout=SLOW)
    expect(row).not_to_contain_text("提到我")  # the list knows of no words: they open with the case
    verifier.open(filed.case)
    expect(verifier.page.locator("[data-notes] mark.mention")).to_be_visible(timeout=SLOW)
    verifier.inbox()
    verifier.page.locator("#search").fill(FIRM)
    expect(row).to_contain_text("提到我", timeout=SLOW)
    assert faults_on(verifier.page, "a list with a mention") == []
    verifier.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    verifier.open(filed.case)
    verifier.page.locator("[data-write-note]").click()
    verifier.form("note").locator("textarea").fill("已补。")
    verifier.sign("note")
    verifier.inbox()
    verifier.page.locator("#search").fill(FIRM)
    expect(row).to_be_visible(timeout=SLOW)
    expect(row).not_to_contain_text("提到我")  # he has answered

    leader = at(desktop, demo, "leader")
    leader.open(filed.case)
    expect(leader.page.locator("[data-notes]")).to_contain_text(WORDS, timeout=SLOW)
    leader.inbox()
    expect(leader.page.locator(".rows")).not_to_contain_text("提到我")

    her = Reporter(desktop.new_page(), demo.public)
    her.ticket = filed.ticket
    her.look()
    assert WORDS not in her.page.content() and "备注" not in her.page.locator("[data-case]").inner_text()


def test_search_finds_a_note_and_whom_it_means_after_a_reload(desktop: BrowserContext, demo: Demo) -> None:
    case = Cases(demo).new("verifying", "备注样例二厂").case
    office = Cases(demo).office("leader")
    office.write_note(case, f"@{demo.office('intake').me['label']} 请催一下。")
    intake = at(desktop, demo, "intake")
    intake.go("#/search")
    intake.page.get_by_role("button", name="建立检索").click()
    expect(intake.page.locator("[data-gather]")).to_be_visible(timeout=SLOW)
    intake.inbox()
    intake.page.locator("#search").fill("备注样例二厂")
    row = intake.page.locator("tr", has=intake.page.locator(f'a[href*="{case}"]'))
    expect(row).to_contain_text("提到我", timeout=SLOW)
