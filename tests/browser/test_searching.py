"""检索: everything a reader may open, looked through in his browser, and nothing of it left once he has gone."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.cases import Cases
from tests.browser.conftest import ARGUMENTS, CHROMIUM, DESKTOP, PHONE
from tests.browser.looking import faults_on
from tests.browser.people import SLOW, Reviewer
from tests.doors import search
from whistle.client import Filed

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

FIRM = "寻字锅炉厂"
MINUTE = 60_000


@pytest.fixture(scope="module")
def word() -> str:
    """A word that stands nowhere else."""
    return "".join(chr(0x4E00 + secrets.randbelow(5000)) for _ in range(6))


@pytest.fixture(scope="module")
def filed(demo: Demo, word: str) -> Filed:
    cases = Cases(demo)
    made = cases.new("received", FIRM, text=f"锅炉的安全阀被铅丝捆死了，{word}，值班的人都知道。")
    cases.public.message(made.ticket, "夜里三点压力表爆过一次。")
    return made


def at(context: BrowserContext, demo: Demo, role: str = "intake") -> Reviewer:
    one = Reviewer(context.new_page(), demo.review, role, demo.passphrase(role))
    one.unlock()
    return one


def gathered(person: Reviewer) -> Page:
    """At 检索, everything opened."""
    page = person.page
    page.locator(".subbar").get_by_role("link", name="检索").click()
    page.get_by_role("button", name="建立检索").click()
    expect(page.get_by_role("button", name="重新建立")).to_be_visible(timeout=SLOW)
    return page


def test_it_works(desktop: BrowserContext, demo: Demo, filed: Filed, word: str) -> None:
    page = gathered(at(desktop, demo))
    page.locator("#search").fill(f"安全阀 {word}")
    expect(page.locator("[data-count]")).to_have_text("找到 1 件")
    hit = page.locator(".hits li")
    expect(hit).to_contain_text(FIRM)
    assert hit.locator("mark").all_inner_texts() == ["安全阀", word]
    assert word not in page.url, "an address stays in the browser's history"
    page.locator("#search").fill("压力表爆过")
    expect(hit.locator(".tag", has_text="对话").first).to_be_visible()
    page.locator("#search").press("Enter")
    expect(page.locator(".casehead")).to_contain_text(FIRM, timeout=SLOW)
    page.get_by_role("link", name="回到检索结果").click()
    expect(page.locator("#search")).to_have_value("压力表爆过")
    expect(hit.first).to_contain_text(FIRM)


def test_what_was_typed_over_the_list_is_looked_for_everywhere(desktop: BrowserContext, demo: Demo, word: str) -> None:
    person = at(desktop, demo)
    person.page.locator("#search").fill(word)
    person.page.get_by_role("link", name="查全部内容").click()
    expect(person.page.locator(".page.search #search")).to_have_value(word)


def test_keys_alone_find_and_open(desktop: BrowserContext, demo: Demo, filed: Filed, word: str) -> None:
    person = at(desktop, demo)
    page = person.page
    person.go("#/search")
    page.locator(".page.search").wait_for()
    page.keyboard.press("/")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="重新建立")).to_be_visible(timeout=SLOW)
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.insert_text("安全阀被铅丝捆死")
    expect(page.locator(".hits li").first).to_contain_text(FIRM)
    page.keyboard.press("ArrowDown")
    expect(page.locator(".hits a").first).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".casehead")).to_contain_text(FIRM, timeout=SLOW)


def test_who_holds_no_key_of_her_words_finds_none(desktop: BrowserContext, demo: Demo, filed: Filed, word: str) -> None:
    page = gathered(at(desktop, demo, "verifier"))
    page.locator("#search").fill(word)
    expect(page.locator(".page.search")).to_contain_text("没有找到")


def test_a_search_is_one_entry_for_the_auditor(desktop: BrowserContext, demo: Demo, filed: Filed) -> None:
    gathered(at(desktop, demo))
    with desktop.browser.new_context(viewport=DESKTOP, locale="zh-CN") as context:  # type: ignore[union-attr]
        auditor = at(context, demo, "auditor")
        auditor.go("#/audit")
        row = auditor.page.locator(".entries tr", has_text="建立检索").first
        expect(row).to_contain_text("新到各件", timeout=SLOW)
        expect(row.locator("time")).not_to_contain_text(":")


def test_when_the_screen_folds_it_is_gone(desktop: BrowserContext, demo: Demo, filed: Filed, word: str) -> None:
    person = Reviewer(desktop.new_page(), demo.review, "intake", demo.passphrase("intake"))
    person.page.clock.install()
    person.unlock()
    page = gathered(person)
    page.locator("#search").fill(word)
    expect(page.locator(".hits mark")).to_have_text(word)
    page.clock.fast_forward(11 * MINUTE)
    expect(page.locator(".veil.locked")).to_be_visible()
    assert word not in page.content()
    person.give_passphrase()
    expect(page.get_by_role("button", name="建立检索")).to_be_visible(timeout=SLOW)
    expect(page.locator("#search")).to_have_value("")


def test_nothing_of_it_is_on_the_disk_once_locked(
    demo: Demo, browser: Browser, tmp_path: Path, filed: Filed, word: str
) -> None:
    profile = tmp_path / "profile"
    with browser.browser_type.launch_persistent_context(
        str(profile), executable_path=CHROMIUM, args=ARGUMENTS, viewport=DESKTOP, locale="zh-CN"
    ) as context:
        page = gathered(at(context, demo))
        page.locator("#search").fill(word)
        expect(page.locator(".hits mark")).to_have_text(word)
        page.locator(".person button").click()
        expect(page.locator('input[name="login"]')).to_be_visible(timeout=SLOW)
    assert search.in_files(search.spellings(word), profile) == set()


def test_it_fits_a_phone_and_a_desk_and_is_for_everybody(browser: Browser, demo: Demo, filed: Filed) -> None:
    with browser.new_context(viewport=PHONE, locale="zh-CN") as context:
        page = gathered(at(context, demo))
        page.locator("#search").fill("安全阀被铅丝捆死")
        expect(page.locator(".hits li").first).to_contain_text(FIRM)
        assert faults_on(page, "search") == []


def test_before_a_report_is_taken_up_what_may_be_the_same_is_shown_beside_it_and_merged(
    desktop: BrowserContext, demo: Demo
) -> None:
    cases = Cases(demo)
    firm = f"并看{secrets.token_hex(3)}木业"
    told = "三号车间的除尘管道从来没有清理过，滤袋破了也不换，打磨的火星直接飞进管道。"
    first = cases.new("received", f"{firm}有限公司", text=told, place="三号车间")
    second = cases.new("received", firm, text=told.replace("从来", "一直"), place="三号车间")
    person = at(desktop, demo)
    person.open(second.case)
    card = person.page.locator("[data-duplicates]")
    card.get_by_role("button", name="建立检索").click()
    expect(card.locator("[data-open]")).to_have_text("同一单位，1 件在办", timeout=SLOW)
    expect(card.locator(".likely")).to_contain_text("同一单位，同一地点，写得相近")
    card.get_by_role("button", name="并排看").click()
    expect(card.locator(".beside .glance")).to_have_count(2)
    expect(card.locator(".beside .glance").last).to_contain_text("从来没有清理", timeout=SLOW)
    assert faults_on(person.page, "duplicates") == []
    person.page.set_viewport_size(DESKTOP)
    card.locator("[data-merge]").click()
    form = person.form("merge")
    expect(form.locator("select")).to_have_value(first.case)
    person.sign("merge")
    expect(person.page.locator("[data-parent]")).to_contain_text(f"{firm}有限公司", timeout=SLOW)


def test_reports_that_say_nearly_the_same_take_one_line_of_the_card(
    desktop: BrowserContext, demo: Demo, tmp_path: Path
) -> None:
    cases = Cases(demo)
    firm = f"并看{secrets.token_hex(3)}化工"
    told = "二号罐区的呼吸阀堵死了半年，液位计坏了也没有人修，罐顶的护栏断了两处，夜班的人靠敲罐壁听声音估液位。"
    mine = cases.new("received", firm, text=told)
    for ending in ("没人管。", "没人管", "都没人管。"):
        cases.new("received", firm, text=told + ending)
    other = cases.new("received", firm, text="食堂的煤气瓶放在灶台边上，软管用胶布缠着。")
    person = at(desktop, demo)
    person.open(mine.case)
    card = person.page.locator("[data-duplicates]")
    card.get_by_role("button", name="建立检索").click()
    expect(card.locator("[data-open]")).to_have_text("同一单位，4 件在办", timeout=SLOW)
    expect(card.locator(".likely")).to_have_count(2)
    expect(card.locator("[data-same] summary")).to_have_text("另有 2 件几乎相同")
    expect(card.locator(f'a[href$="{other.case}"]')).to_be_visible()
    expect(card.locator("[data-compared]")).to_contain_text("打开全部案件，与另外")
    card.locator("[data-same] summary").click()
    expect(card.locator("[data-same] a")).to_have_count(2)
    assert faults_on(person.page, "same") == []
    for width in (390, 1280):
        person.page.set_viewport_size({"width": width, "height": 900})
        card.screenshot(path=tmp_path / f"same-{width}.png")
