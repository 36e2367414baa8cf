"""Every case of a key goes on in the browser, to a colleague or to one's own new key, and again where it broke off."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.people import SLOW, Reviewer
from tests.cli.test_handover import WORDS, hired, new_key
from tests.conftest import Demo, start
from tests.doors import reviewer
from tests.doors.office import Team


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own, whose directory this test changes."""
    running = start(tmp_path_factory.mktemp("rotation") / "data")
    yield running
    running.kill()


class Breaking:
    """The line breaks after a few posts."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, route: Route) -> None:
        self.left -= 1
        route.continue_() if self.left >= 0 else route.abort()


def test_every_case_goes_to_a_colleague_after_a_list_of_them(desktop: BrowserContext, moving: Demo) -> None:
    filed = [moving.reporter().submit(WORDS).case for _ in range(3)]
    dora = hired(moving, "intake", label="受理员 2")
    barred = moving.reporter().submit(WORDS, exclude=[dora.me["person"]]).case
    page = desktop.new_page()
    bob = Reviewer(page, moving.review, "intake", moving.passphrase("intake"))
    bob.unlock()
    page.get_by_role("link", name="交接").click()
    page.locator(".handover select").select_option(label="受理员 2 受理员 2")
    page.get_by_role("button", name="先看一遍").click()
    hand = page.get_by_role("button", name="交给“受理员 2”")
    expect(hand).to_be_visible(timeout=SLOW)
    expect(page.locator(".handover")).to_contain_text("交不了 1 件")
    expect(page.locator("[data-came=stays]", has_text="排除")).to_contain_text("只有您打得开，请交给别人")
    assert not {row["case"] for row in dora.inbox()} & set(filed), "the list hands nothing"

    page.route("**/api/posts", Breaking(after=2))
    hand.click()
    told = page.locator(".handover [role=alert]")
    expect(told).to_contain_text("交了 2 件", timeout=SLOW)
    assert len(dora.inbox()) == 2

    # The page is gone as well: who begins again finds what is left, and nothing is handed twice.
    page.unroute("**/api/posts")
    bob.unlock()
    page.get_by_role("link", name="交接").click()
    page.locator(".handover select").select_option(label="受理员 2 受理员 2")
    page.get_by_role("button", name="先看一遍").click()
    expect(page.locator(".handover")).to_contain_text("已在他手里 2 件", timeout=SLOW)
    hand.click()
    expect(told).to_contain_text("没有交成 1 件", timeout=SLOW)
    theirs = {row["case"] for row in dora.inbox()}
    assert theirs >= set(filed) and barred not in theirs
    for case in filed:
        assert WORDS in [item.text for item in dora.case(case).items]


def test_whoever_steps_back_hands_over_first_what_only_he_can_open(desktop: BrowserContext, moving: Demo) -> None:
    fay = hired(moving, "intake", label="受理员 3")
    case = moving.reporter().submit(WORDS, exclude=[other for other in intake(moving) if other != mine(moving)]).case
    ann = hired(moving, "intake", label="受理员 4")
    bob = Reviewer(desktop.new_page(), moving.review, "intake", moving.passphrase("intake"))
    bob.unlock()
    bob.open(case)
    bob.begin("recuse")
    expect(bob.form("recuse").locator("[data-sole]")).to_contain_text("摘要卡、举报原文只有您打得开")
    bob.form("recuse").locator("textarea").fill("厂长是我连襟。")
    bob.press_sign("recuse")
    expect(bob.form("recuse").locator("[role=alert]")).to_contain_text("请先交接给同事")
    bob.begin("handover")
    expect(bob.form("handover").locator("option", has_text="受理员 3")).to_have_count(0)  # the reporter excluded her
    bob.form("handover").locator("select").select_option(label="受理员 4 受理员 4")
    bob.sign("handover")
    assert WORDS in [item.text for item in ann.case(case).items]
    bob.begin("recuse")
    expect(bob.form("recuse").locator("[data-sole]")).to_have_count(0)
    bob.sign("recuse")
    assert case not in {row["case"] for row in fay.inbox()}
    assert ann.case(case).acts[-1].kind == "recuse"


def intake(demo: Demo) -> list[str]:
    """The persons of the role."""
    return [one["person"] for one in demo.reporter().trust.newest_channel()["readers"] if "intake" in one["roles"]]


def mine(demo: Demo) -> str:
    return str(demo.office("intake").me["person"])


def test_one_case_goes_to_a_colleague_from_its_page(desktop: BrowserContext, moving: Demo) -> None:
    case = moving.reporter().submit(WORDS).case
    fay = hired(moving, "intake", label="受理员 5")
    bob = Reviewer(desktop.new_page(), moving.review, "intake", moving.passphrase("intake"))
    bob.unlock()
    bob.open(case)
    bob.begin("handover")
    bob.press_sign("handover")
    expect(bob.form("handover")).to_contain_text("请选择交给谁")
    bob.form("handover").locator("select").select_option(label="受理员 5 受理员 5")
    bob.sign("handover")
    expect(bob.page.locator(".timeline li").first).to_contain_text("交给受理员 5")
    assert WORDS in [item.text for item in fay.case(case).items]
    bob.begin("handover")
    bob.form("handover").locator("select").select_option(label="受理员 5 受理员 5")
    bob.press_sign("handover")
    expect(bob.form("handover")).to_contain_text("都已在他手里")


def test_keys_that_open_nothing_are_handed_again(desktop: BrowserContext, moving: Demo) -> None:
    """A grant says who was given a key, not that it opens."""
    page = desktop.new_page()
    mallory, case = hired(moving, "intake", label="受理员 6"), moving.reporter().submit(WORDS).case
    lena = hired(moving, "intake", label="受理员 7")
    mallory.trust.refresh()
    false = tuple((item.id, 0, os.urandom(32)) for item in mallory.case(case).items)
    assert reviewer.act(mallory, case, "handover", give={lena.rid: false}).send().status_code == 201
    bob = Reviewer(page, moving.review, "intake", moving.passphrase("intake"))
    bob.unlock()
    page.get_by_role("link", name="交接").click()
    page.locator(".handover select").select_option(label="受理员 7 受理员 7")
    page.get_by_role("button", name="先看一遍").click()
    expect(page.locator(".handover section").last).to_contain_text("已在他手里 1 件", timeout=SLOW)
    page.locator(".handover input[name=again]").check()
    expect(page.locator("[data-came]")).to_have_count(0)
    page.get_by_role("button", name="先看一遍").click()
    page.get_by_role("button", name="交给“受理员 7”").click(timeout=SLOW)
    expect(page.locator(".handover [role=alert]")).to_be_visible(timeout=SLOW)
    assert WORDS in [item.text for item in lena.case(case).items]


def test_whose_keys_do_not_open_is_told_whom_to_ask(desktop: BrowserContext, moving: Demo, tmp_path: Path) -> None:
    case = moving.reporter().submit(WORDS, category="violation").case
    team = Team(moving)
    team.accept(case)
    ivan, vera = moving.office("intake"), moving.office("verifier")
    ivan.extract(case, {"category": "violation", "line": "检查接地"}, "检查接地。")
    leader = next(one for one in moving.reporter().trust.newest_channel()["readers"] if "leader" in one["roles"])
    fields = {"seats": [["verifier", [str(vera.me["person"])]], ["leader", [leader["person"]]]]}
    work = [item for item in ivan.case(case).items if item.comp == "work"]
    false = {vera.rid: tuple((item.id, 0, os.urandom(32)) for item in work)}
    assert reviewer.act(ivan, case, "assign", fields, give=false).send().status_code == 201

    page = desktop.new_page()
    hers = Reviewer(page, moving.review, "verifier", moving.passphrase("verifier"))
    hers.unlock()
    hers.open(case)
    told = page.locator(".broken [data-given]").first
    expect(told).to_contain_text("指派时给的钥匙打不开：请受理人员再签一次指派")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=tmp_path / f"broken-{width}.png")
    page.get_by_role("button", name="锁定").click()

    bob = Reviewer(page, moving.review, "intake", moving.passphrase("intake"))
    bob.unlock()
    bob.open(case)
    bob.begin("assign")
    bob.form("assign").locator("input[name=again]").check()
    page.screenshot(path=tmp_path / "again.png")
    bob.sign("assign")
    assert "检查接地。" in [item.text for item in vera.case(case).items]


def test_every_case_goes_to_the_new_key_and_a_round_broken_off_goes_on(desktop: BrowserContext, moving: Demo) -> None:
    filed = [moving.reporter().submit(WORDS).case for _ in range(3)]
    page = desktop.new_page()
    bob = Reviewer(page, moving.review, "intake", moving.passphrase("intake"))
    bob.unlock()
    expect(page.locator("table.rows")).to_be_visible(timeout=SLOW)
    expect(page.locator(".rotation")).to_have_count(0)
    page.get_by_role("button", name="锁定").click()
    fresh = new_key(moving, "intake")
    assert not {row["case"] for row in fresh.inbox()} & set(filed)

    # The line breaks after two posts: the rest is told, and nothing is lost.
    bob.unlock()
    page.route("**/api/posts", Breaking(after=2))
    page.locator(".rotation button").click()
    expect(page.locator(".rotation .bad")).to_contain_text("没有交成", timeout=SLOW)
    page.unroute("**/api/posts")
    page.locator(".rotation button").click()
    expect(page.locator(".rotation [role=status]")).to_contain_text("都交好了", timeout=SLOW)
    for case in filed:
        assert WORDS in [item.text for item in fresh.case(case).items]
    page.locator(".rotation button").click()
    expect(page.locator(".rotation [role=status]")).to_contain_text("这次交了 0 件", timeout=SLOW)
