"""A caller on the telephone: taken down, her ticket handed over, accepted, the official letter printed and saved."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.cases import Cases
from tests.browser.people import Reviewer

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

SLOW = 30_000
PLANT = "沂水岸木业有限公司"
WORDS = "来电人说:涂装车间的配电箱没有门,电线泡在积水里,已经一个多星期。"


@pytest.fixture
def intake(desktop: BrowserContext, demo: Demo) -> Reviewer:
    person = Reviewer(desktop.new_page(), demo.review, "intake", demo.passphrase("intake"))
    person.unlock()
    return person


def taken_down(intake: Reviewer) -> str:
    """The sheet filled in, the ticket read back and put away; the 25 digits."""
    page = intake.page
    page.get_by_role("link", name="代录").click()
    page.locator('input[name="source"][value="phone"]').check()
    page.locator('input[name="paper"]').fill("电话记录〔2026〕18号")
    page.locator('select[name="category"]').select_option("general_hazard")
    page.locator('select[name="sector"]').select_option("industry_trade")
    page.locator('input[name="enterprise"]').fill(PLANT)
    page.locator('textarea[name="text"]').fill(WORDS)
    page.get_by_role("button", name="加密并登记").click()
    shown = page.locator("[data-ticket]")
    expect(shown).to_be_visible(timeout=SLOW)
    ticket = "".join(shown.locator("span").all_inner_texts())
    assert re.fullmatch(r"\d{25}", ticket)
    the_slip_alone_is_printed(intake)
    expect(page.get_by_role("button", name="收起")).to_be_disabled()
    page.locator('input[name="last"]').fill(ticket[-5:])
    page.get_by_role("button", name="收起").click()
    expect(page.locator("#acts")).to_be_visible(timeout=SLOW)
    return ticket


def the_slip_alone_is_printed(intake: Reviewer) -> None:
    page = intake.page
    page.emulate_media(media="print")
    expect(page.locator(".slip")).to_be_visible()
    expect(page.locator(".slip")).not_to_contain_text(PLANT)
    expect(page.get_by_role("button", name="收起")).to_be_hidden()
    page.emulate_media(media="screen")


def test_a_call_becomes_a_case_and_the_caller_follows_it_with_the_ticket(intake: Reviewer, demo: Demo) -> None:
    ticket = taken_down(intake)
    page = intake.page
    expect(page.locator("main")).to_contain_text(WORDS)
    expect(page.locator("main")).to_contain_text("来电代录")
    expect(page.locator("main")).to_contain_text("电话记录〔2026〕18号")
    assert demo.reporter().status(ticket).state == "received"
    page.evaluate("() => { location.hash = '#/transcribe' }")
    expect(page.locator('textarea[name="text"]')).to_have_value("")
    assert ticket[:5] not in page.content()


def test_the_letter_of_acceptance_is_printed_and_saved(intake: Reviewer, tmp_path: Path) -> None:
    taken_down(intake)
    page = intake.page
    expect(page.locator('[data-paper="accept"]')).to_have_count(0)
    intake.act("accept")
    page.locator('[data-paper="accept"]').click()
    sheet = page.locator("[data-sheet]")
    expect(sheet).to_contain_text("安全生产举报受理告知书")
    expect(page.locator("[data-print]")).to_be_disabled()
    page.locator('input[name="phone"]').fill("0539-12350")
    the_sheet_alone_is_printed(intake)
    saved(intake, tmp_path / "hers.docx", numbered=False)
    page.locator('input[name="copy"][value="file"]').check()
    number = saved(intake, tmp_path / "file.docx", numbered=True)
    expect(sheet).to_contain_text(number)
    page.get_by_role("link", name="返回案件").click()
    expect(page.locator("#papers")).to_contain_text(number)


def the_sheet_alone_is_printed(intake: Reviewer) -> None:
    """What the printer is given is the letter, on A4, and no word of the page around it."""
    page = intake.page
    page.emulate_media(media="print")
    expect(page.locator("[data-sheet]")).to_be_visible()
    shown = page.evaluate("() => document.body.innerText")
    assert "联系电话：0539-12350" in shown
    assert "取号" not in shown
    assert PLANT not in shown
    page.emulate_media(media="screen")


def saved(intake: Reviewer, path: Path, *, numbered: bool) -> str:
    """The DOCX, opened by another's library: page, words, number; the number as it stands there."""
    with intake.page.expect_download() as started:
        intake.page.locator("[data-docx]").click()
    started.value.save_as(path)
    paper = docx.Document(str(path))
    (section,) = paper.sections
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(edge.mm) for edge in margins if edge is not None] == [37, 35, 28, 26]
    text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert text.startswith("安全生产举报受理告知书")
    assert "0539-12350" in text
    assert PLANT not in text
    found = re.search(r"〔\d{4}〕\d+号", paper.paragraphs[1].text)
    assert bool(found) is numbered
    return found[0] if found else ""


def nothing_is_printed(page: Page, path: Path) -> None:
    """By the browser's own command, which asks no page whether it may."""
    page.emulate_media(media="print")
    expect(page.locator("[data-sheet]")).to_be_hidden()
    expect(page.locator(".unready")).to_be_visible()
    page.screenshot(path=path)
    printed = page.evaluate("() => document.querySelector('main').innerText")
    assert printed.strip() == page.locator(".unready").inner_text()
    page.emulate_media(media="screen")


def test_a_letter_to_another_department_waits_until_what_may_point_at_her_was_looked_at(
    intake: Reviewer, demo: Demo, tmp_path: Path
) -> None:
    cases = Cases(demo)
    filed = cases.new("received", "岸边渔具厂", text="我在三号车间干活，昨天夜里配电箱起火，没有人报警。")
    cases.office("intake").transfer(filed.case, "NA05", "沂水县应急管理局")
    intake.open(filed.case)
    page = intake.page
    page.locator('[data-paper="transfer"]').click()
    expect(page.locator(".extract .original")).to_contain_text("昨天夜里配电箱起火")
    page.locator('input[name="reply_by"]').fill("2027-01-20")
    for name in ("contact", "phone"):
        page.locator(f'input[name="{name}"]').fill("0539-12350")
    words = page.locator('textarea[name="summary"]')
    words.fill("昨天夜里配电箱起火，货车鲁Q12345堵在门口，可找王秀英师傅。")
    marked = page.locator(".desk .marked mark")
    assert marked.all_inner_texts() == ["昨天夜里配电箱起火", "鲁Q12345", "王秀英师傅"]
    nothing_is_printed(page, tmp_path / "unready.png")
    for button in ("[data-print]", "[data-docx]"):
        expect(page.locator(button)).to_be_disabled()
    page.locator('input[name="looked"]').check()
    expect(page.locator("[data-print]")).to_be_enabled()
    words.fill("二号车间配电箱曾经起火，夜班无人值守。")
    expect(page.locator("[data-print]")).to_be_disabled()
    expect(page.locator(".telltales li")).to_have_text(["时刻 夜班"])
    nothing_is_printed(page, tmp_path / "unready.png")
    words.fill("配电箱起过火。")
    expect(page.locator(".telltales")).to_have_count(0)
    expect(page.locator("[data-print]")).to_be_enabled()
    nothing_is_printed(page, tmp_path / "unready.png")  # it has no number yet
    page.evaluate("() => { window.print = () => {} }")
    page.locator("[data-print]").click()
    expect(page.locator(".desk[data-unready]")).to_have_count(0, timeout=SLOW)
    page.emulate_media(media="print")
    expect(page.locator("[data-sheet]")).to_contain_text("配电箱起过火。")
    expect(page.locator("[data-sheet]")).to_be_visible()
    expect(page.locator(".unready")).to_be_hidden()
    page.emulate_media(media="print")
    assert "鲁Q" not in page.evaluate("() => document.body.innerText")


def test_a_caller_who_hung_up_leaves_nothing_behind(intake: Reviewer, tmp_path: Path) -> None:
    page = intake.page
    page.get_by_role("link", name="代录").click()
    words, drop = page.locator('textarea[name="text"]'), page.locator("[data-drop]")
    expect(words).to_be_visible()
    expect(drop).to_have_count(0)
    words.fill(WORDS)
    drop.click()
    expect(page.locator("[data-dropping]")).to_contain_text("找不回来")
    page.screenshot(path=tmp_path / "drop.png", full_page=True)
    page.get_by_role("button", name="接着写").click()
    expect(words).to_have_value(WORDS)
    drop.click()
    page.get_by_role("button", name="放弃，清空").click()
    expect(words).to_have_value("")
    page.reload()
    intake.unlock()
    intake.go("#/transcribe")
    expect(words).to_have_value("")

    # What got no answer may be registered: that is said before its ticket goes.
    page.locator('input[name="enterprise"]').fill(PLANT)
    words.fill(WORDS)
    page.route("**/api/enter", lambda route: route.abort())
    page.get_by_role("button", name="加密并登记").click()
    expect(page.locator("form.sheet [role=alert]")).to_be_visible(timeout=SLOW)
    drop.click()
    expect(page.locator("[data-dropping]")).to_contain_text("可能已经登记")
