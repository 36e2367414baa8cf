"""Whoever sits in two offices works for one at a time: its cases, its ledger, its bulletin, its papers."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.people import SLOW, Report, Reporter, Reviewer
from tests.conftest import Demo, start
from tests.doors.hand import Hand
from whistle import publishing, settings, zone
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.encoding import b64, unb64

OTHER, NAME = "traffic", "交通运输局"
REPORT = Report("general_hazard", "临港木业", "二号车间", "industry_trade", "除尘器没有泄爆口，粉尘积了很厚。")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo whose people sit in a second office of the zone as well, with the same keys."""
    running = start(tmp_path_factory.mktemp("offices") / "data", WHISTLE_WORK_BITS="4")
    folder = running.data / "zone"
    zone.add_channel(folder, OTHER, NAME, policy=f"authority:{OTHER}")
    for one in running.reporter().trust.newest_channel()["readers"]:
        told = {name: one[name] for name in ("person", "roles", "label")}
        zone.add_reader(folder, OTHER, kem=unb64(one["kem"]), sig=unb64(one["sig"]), **told)
    zone.sign(folder, today=zone_day(time.time()), confirm=lambda one: fingerprint.show(unb64(one["rid"])))
    publishing.publish(settings.read({}, data=running.data), folder)
    yield running
    running.kill()


def rows(page: Page) -> set[str]:
    """The cases of the list, by their ids."""
    expect(page.locator("table.rows")).to_be_visible(timeout=SLOW)
    links = page.locator("table.rows a").evaluate_all("links => links.map((one) => one.hash)")
    return {link.rsplit("/", 1)[1] for link in links if "/case/" in link}


def test_the_list_and_the_case_are_of_the_office_that_is_chosen(desktop: BrowserContext, both: Demo) -> None:
    hand = Hand(both)
    ours, theirs = b64(hand.filed().case), b64(hand.filed(to=OTHER).case)
    page = desktop.new_page()
    bob = Reviewer(page, both.review, "intake", both.passphrase("intake"))
    bob.unlock()
    page.goto(f"{both.review}/#/inbox?view=all")
    expect(page.locator(f"a[href*='{ours}']").first).to_be_visible(timeout=SLOW)
    assert theirs not in rows(page)

    page.get_by_label("办理机构").select_option(label=NAME)
    expect(page.locator(f"a[href*='{theirs}']").first).to_be_visible(timeout=SLOW)
    assert rows(page) == {theirs}
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.set_viewport_size({"width": 1280, "height": 800})
    bob.open(theirs)
    expect(page.locator("main")).to_contain_text("铁链", timeout=SLOW)
    page.goto(f"{both.review}/#/case/{ours}")
    expect(page.locator("main")).to_contain_text("没有找到，或您无权查看。", timeout=SLOW)
    page.get_by_label("办理机构").select_option(index=0)
    expect(page.locator(f"a[href*='{ours}']").first).to_be_visible(timeout=SLOW)


def test_a_draft_waits_while_its_writer_works_for_the_other_office(desktop: BrowserContext, both: Demo) -> None:
    case = b64(Hand(both).filed().case)
    page = desktop.new_page()
    bob = Reviewer(page, both.review, "intake", both.passphrase("intake"))
    bob.unlock()
    bob.open(case)
    bob.begin("message")
    field = bob.form("message").locator("textarea").first
    field.fill("请问是哪一间仓库？")
    page.get_by_label("办理机构").select_option(label=NAME)
    expect(page.locator("table.rows, .empty").first).to_be_visible(timeout=SLOW)
    page.get_by_label("办理机构").select_option(index=0)
    bob.open(case)
    bob.begin("message")
    expect(bob.form("message").locator("textarea").first).to_have_value("请问是哪一间仓库？")


def test_ledger_and_bulletin_are_of_the_office_that_is_chosen(desktop: BrowserContext, both: Demo) -> None:
    year = int(zone_day(time.time())[:4])
    finance = both.office("finance")
    finance.open_budget(year, "本办经费", 111_100)
    finance.serve(OTHER)
    finance.open_budget(year, "交通经费", 222_200)
    page = desktop.new_page()
    flora = Reviewer(page, both.review, "finance", both.passphrase("finance"))
    flora.unlock()
    page.get_by_role("link", name="台账", exact=True).click()
    expect(page.locator("main")).to_contain_text("本办经费", timeout=SLOW)
    expect(page.locator("main")).not_to_contain_text("交通经费")
    page.get_by_label("办理机构").select_option(label=NAME)
    page.get_by_role("link", name="台账", exact=True).click()
    expect(page.locator("main")).to_contain_text("交通经费", timeout=SLOW)
    expect(page.locator("main")).not_to_contain_text("本办经费")
    with page.expect_download() as saved:
        page.get_by_role("button", name="导出哈希链（JSONL）").click()
    assert saved.value.suggested_filename == f"{OTHER}-award-ledger.jsonl"
    told = saved.value.path().read_text(encoding="utf-8")
    assert "交通经费" in told and "本办经费" not in told
    with page.expect_popup() as opened:
        page.get_by_role("link", name="月通报").click()
    bulletin = opened.value
    expect(bulletin.locator("body")).to_contain_text(NAME)
    bulletin.get_by_role("link", name="上一月").click()
    expect(bulletin.locator("body")).to_contain_text(NAME)
    assert f"office={OTHER}" in bulletin.url


def test_a_reporter_chooses_whom_her_report_goes_to_and_is_told_it(phone: BrowserContext, both: Demo) -> None:
    page = phone.new_page()
    worker = Reporter(page, both.public)
    worker.begin()
    worker.say_what_kind(REPORT)
    choice = page.get_by_label("交给哪个部门")
    expect(choice).to_be_visible(timeout=SLOW)
    assert choice.locator("option").all_inner_texts() == ["临港安监", NAME]
    choice.select_option(label=NAME)
    worker.say_where(REPORT)
    worker.say_when(REPORT)
    worker.say_what(REPORT)
    worker.say_who(REPORT)
    review = worker.step("review")
    expect(review.locator("[data-summary]")).to_contain_text(f"交给{NAME}")
    expect(review.locator("[data-office]")).to_have_text(NAME)
    worker.next()
    ticket = worker.keep_ticket()
    told = both.reporter().status(ticket)
    assert told.office == NAME
    served = both.office("intake")
    assert told.case not in {row["case"] for row in served.inbox()}
    served.serve(OTHER)
    assert told.case in {row["case"] for row in served.inbox()}


def test_whom_she_chose_stands_on_the_page_of_another_language(phone: BrowserContext, both: Demo) -> None:
    page = phone.new_page()
    worker = Reporter(page, both.public)
    worker.begin()
    worker.say_what_kind(REPORT)
    page.get_by_label("交给哪个部门").select_option(label=NAME)
    page.get_by_role("link", name="English").first.click()
    expect(page.locator("#channel")).to_have_value(OTHER)


def test_a_poster_that_names_the_office_leaves_nothing_to_choose(phone: BrowserContext, both: Demo) -> None:
    page = phone.new_page()
    worker = Reporter(page, both.public)
    worker.begin(f"#channel={OTHER}")
    worker.say_what_kind(REPORT)
    expect(page.locator("#channel")).to_be_hidden()
    for say in (worker.say_where, worker.say_when, worker.say_what, worker.say_who):
        say(REPORT)
    expect(worker.step("review").locator("[data-office]")).to_have_text(NAME)


def test_a_name_that_is_held_back_chooses_nobody_for_her(phone: BrowserContext, both: Demo) -> None:
    """Whoever holds back one office's channel takes the choice away: nothing is sealed until the list is known."""
    page = phone.new_page()
    trust = both.reporter().trust
    held_back = dict(trust.directories.newest["channels"])[OTHER]
    page.route(f"**/api/channels/{held_back}", lambda route: route.fulfill(status=404, body="{}"))
    posts: list[str] = []
    page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    worker = Reporter(page, both.public)
    worker.write(REPORT)
    worker.next()
    expect(page.locator("[data-failed]")).to_be_visible(timeout=SLOW)
    assert not [url for url in posts if url.endswith("/api/posts")]

    # It comes after all: she sees whom it may go to before anything is sealed.
    page.unroute(f"**/api/channels/{held_back}")
    page.locator("[data-retry]").click()
    expect(worker.step("review")).to_be_visible(timeout=SLOW)
    expect(worker.step("review").locator("[data-summary]")).to_contain_text("交给临港安监")
    worker.next()
    ticket = worker.keep_ticket()
    assert both.reporter().status(ticket).office == ""
