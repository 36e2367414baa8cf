"""Whoever sits in two offices works for one at a time: its cases, its ledger, its bulletin, its papers."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.people import SLOW, Report, Reporter, Reviewer
from tests.conftest import Demo, start
from tests.doors.hand import Hand
from whistle import publishing, settings, zone
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.keys import reviewer_keys

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
    publish(running)
    yield running
    running.kill()


def publish(demo: Demo) -> None:
    """The working file as the next directory, taken over by the running doors."""
    folder = demo.data / "zone"
    zone.sign(folder, today=zone_day(time.time()), confirm=lambda one: fingerprint.show(unb64(one["rid"])))
    publishing.publish(settings.read({}, data=demo.data), folder)


def seat(demo: Demo, label: str, *, person: str, replaces: str = "") -> None:
    """A key of this person's for intake in both offices; it stands in the next directory."""
    keys = reviewer_keys(os.urandom(32))
    told = {"person": person, "roles": ["intake"], "label": label, "replaces": replaces}
    for channel in ("zone", OTHER):
        zone.add_reader(demo.data / "zone", channel, kem=keys.kem, sig=keys.sig, **told)


def choice(page: Page) -> Locator:
    return page.get_by_label("办理机构")


def kept(page: Page, field: Locator, words: str) -> None:
    """Typed, and sealed into this tab's storage."""
    page.wait_for_function("() => Boolean(sessionStorage.drafts)")  # the office alone
    least = page.evaluate("sessionStorage.drafts.length") + len(words)  # more than the name of another office
    field.fill(words)
    page.wait_for_function("least => sessionStorage.drafts.length > least", arg=least)


def stands(page: Page, name: str) -> None:
    """The office that is chosen in the bar."""
    expect(choice(page).locator("option:checked")).to_have_text(name)


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


def test_after_a_reload_the_office_is_the_one_worked_for_and_the_draft_stands_in_it(
    desktop: BrowserContext, both: Demo
) -> None:
    case = b64(Hand(both).filed(to=OTHER).case)
    page = desktop.new_page()
    bob = Reviewer(page, both.review, "intake", both.passphrase("intake"))
    bob.unlock()
    choice(page).select_option(label=NAME)
    expect(page.locator(f"a[href*='{case}']").first).to_be_visible(timeout=SLOW)
    bob.open(case)
    bob.begin("message")
    kept(page, bob.form("message").locator("textarea").first, "请问是哪一段匝道？")
    page.reload()
    bob.unlock()
    stands(page, NAME)
    bob.open(case)
    bob.begin("message")
    expect(bob.form("message").locator("textarea").first).to_have_value("请问是哪一段匝道？")


def test_a_report_being_taken_down_is_filed_after_a_reload_with_the_office_it_was_told_to(
    desktop: BrowserContext, both: Demo, tmp_path: Path
) -> None:
    words = "跨线桥的护栏断了两根，没有围挡。"
    page = desktop.new_page()
    bob = Reviewer(page, both.review, "intake", both.passphrase("intake"))
    bob.unlock()
    choice(page).select_option(label=NAME)
    bob.go("#/transcribe")
    kept(page, page.locator('.sheet input[name="place"]'), "北环跨线桥")
    kept(page, page.locator('.sheet textarea[name="text"]'), words)
    expect(choice(page)).to_be_disabled()
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.locator(".subbar .why")).to_contain_text("请先办完或收起手上的表单")  # where a finger finds no title
    expect(choice(page)).to_have_accessible_description("请先办完或收起手上的表单、代录或移交，再换机构。")
    page.screenshot(path=tmp_path / "shut-390.png")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.screenshot(path=tmp_path / "shut-1280.png")
    page.reload()
    bob.go("#/inbox?view=all")
    bob.unlock()
    stands(page, NAME)
    expect(choice(page)).to_be_disabled()  # before its sheet was looked at, too
    bob.go("#/transcribe")
    expect(page.locator('.sheet textarea[name="text"]')).to_have_value(words)
    page.locator(".sheet button.main").click()
    ticket = page.locator("[data-ticket]")
    expect(ticket).to_be_visible(timeout=SLOW)
    expect(choice(page)).to_be_disabled()  # the code is shown once
    page.locator('input[name="last"]').fill(ticket.locator("span").all_inner_texts()[-1])
    page.locator(".hand button.main").click()
    expect(page.locator("main")).to_contain_text(words, timeout=SLOW)
    expect(choice(page)).to_be_enabled()
    case = page.url.rpartition("/")[2]
    served = both.office("intake")
    assert case not in {row["case"] for row in served.inbox()}
    served.serve(OTHER)
    assert case in {row["case"] for row in served.inbox()}


def test_a_form_of_the_ledger_is_entered_or_emptied_before_the_office_changes(
    desktop: BrowserContext, both: Demo
) -> None:
    page = desktop.new_page()
    flora = Reviewer(page, both.review, "finance", both.passphrase("finance"))
    flora.unlock()
    choice(page).select_option(label=NAME)
    flora.go("#/ledger")
    source = page.locator('form.budget input[list="sources"]').first
    kept(page, source, "交通专项")
    expect(choice(page)).to_be_disabled()
    page.reload()
    flora.unlock()
    stands(page, NAME)
    flora.go("#/ledger")
    expect(source).to_have_value("交通专项", timeout=SLOW)
    source.fill("")
    choice(page).select_option(index=0)
    expect(page.locator(".inbox")).to_be_visible(timeout=SLOW)


class Short:
    """The real door, asked for one row at a time; the second answer waits until it is let go."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []  # office and where the page begins
        self.held: list[Route] = []

    def __call__(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        query = {name: values[-1] for name, values in parse_qs(address.query).items()} | {"limit": "1"}
        self.asked.append((route.request.headers["whistle-office"], query.get("after", "")))
        asked = address._replace(query=urlencode(query)).geturl()
        if len(self.asked) == 2:
            self.held.append(route)
            self.go_on = lambda: route.continue_(url=asked)
        else:
            route.continue_(url=asked)


def test_an_office_chosen_while_the_list_is_being_fetched_ends_that(desktop: BrowserContext, both: Demo) -> None:
    hand = Hand(both)
    ours = {b64(hand.filed().case) for _ in range(3)}
    theirs = {b64(hand.filed(to=OTHER).case) for _ in range(2)}
    page = desktop.new_page()
    bob = Reviewer(page, both.review, "intake", both.passphrase("intake"))
    bob.unlock()
    expect(page.locator(".toolbar .total")).not_to_have_text("", timeout=SLOW)
    short = Short()
    page.route("**/api/inbox?*", short)
    bob.go("#/inbox?view=all")
    while not short.held:
        page.wait_for_timeout(50)
    choice(page).select_option(label=NAME)
    bob.go("#/inbox?view=all")
    with page.expect_response(lambda answer: answer.request == short.held[0].request):
        short.go_on()
    for case in theirs:
        expect(page.locator(f"a[href*='{case}']").first).to_be_visible(timeout=SLOW)
    expect(page.locator(".toolbar .total")).to_contain_text("件", timeout=SLOW)
    assert not rows(page) & ours
    cursors = {office: [after for one, after in short.asked if one == office] for office, _ in short.asked}
    assert set(cursors) == {"zone", OTHER}
    assert len(cursors["zone"]) == 2, "nothing more of the list that was left"
    assert not set(cursors["zone"]) & set(cursors[OTHER]) - {""}
    further = [after for after in cursors[OTHER] if after]
    assert len(further) == len(set(further)), "no page is asked for again and again"


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
    held: list[Route] = []
    page.route("**/api/ledger?*", lambda route: route.continue_() if held else held.append(route))
    flora.go("#/inbox")
    flora.go("#/ledger")
    while not held:
        page.wait_for_timeout(50)
    page.get_by_label("办理机构").select_option(label=NAME)
    page.get_by_role("link", name="台账", exact=True).click()
    expect(page.locator("main")).to_contain_text("交通经费", timeout=SLOW)
    with page.expect_response(lambda answer: answer.request == held[0].request):
        held[0].continue_()
    expect(page.locator("main")).to_contain_text("交通经费")
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


def test_a_round_through_one_office_tells_nothing_of_the_other(desktop: BrowserContext, both: Demo) -> None:
    """Else he retires the key that opens the other's cases. The last test here: it changes who reads."""
    old = next(one for one in both.reporter().trust.newest_channel()["readers"] if "intake" in one["roles"])
    seat(both, "受理员 2", person=zone.add_person(both.data / "zone", "受理员 2"))
    seat(both, "新钥", person=old["person"], replaces=old["rid"])
    publish(both)
    Hand(both).filed()
    page = desktop.new_page()
    bob = Reviewer(page, both.review, "intake", both.passphrase("intake"))
    bob.unlock()
    card = page.locator(".rotation")
    card.get_by_role("button").click()
    expect(card.locator("[role=status]")).to_contain_text("都交好了", timeout=SLOW)
    bob.go("#/handover")
    page.locator(".handover select").select_option(label="受理员 2 受理员 2")
    page.get_by_role("button", name="先看一遍").click()
    page.get_by_role("button", name="交给“受理员 2”").click(timeout=SLOW)
    expect(page.locator(".handover [role=alert]")).to_be_visible(timeout=SLOW)

    choice(page).select_option(label=NAME)
    expect(card).to_be_visible(timeout=SLOW)
    expect(card.locator("[role=status]")).to_have_text("")
    bob.go("#/handover")
    expect(page.locator(".handover select")).to_have_value("")
    expect(page.locator(".handover [role=alert]")).to_have_count(0)
    expect(page.locator(".handover [data-came]")).to_have_count(0)
