"""A worker's day with her enterprise's own office, and its safety officer's: from the workshop's poster to a printed
certificate. Nobody of the authority sees a thing."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.looking import BEYOND
from tests.browser.people import SLOW, Report, Reporter, Reviewer
from tests.conftest import Demo
from tests.doors.firm import FIRM, NAME, PLAN, ROLES, at_the_firm, filed, founded, verified
from tests.doors.office import FACTS, FEN, PINNED, facts_document
from whistle.client import Office
from whistle.client.reporter import Filed
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint

REPORT = Report("unsafe_condition", NAME, "打磨间", "industry_trade", "除尘器没有泄爆口，粉尘积了很厚。")
# What a phone does: the sheet is laid out, and told of, after `print` has returned.
PRINTING = """() => {
    window.print = () => {
        window.seen = document.body.className;
        setTimeout(() => dispatchEvent(new Event("afterprint")), 50);
    };
}"""
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = founded(tmp_path_factory.mktemp("firm") / "data")
    yield running
    running.kill()


@pytest.fixture(scope="module")
def team(firm: Demo) -> dict[str, Office]:
    return {role: at_the_firm(firm, role) for role in ROLES}


def poster(demo: Demo) -> str:
    """What the workshop's poster adds to the address."""
    pin = fingerprint.show(demo.reporter().trust.zone)
    return "#" + urlencode({"channel": FIRM, "enterprise": NAME, "pin": pin})


def desk(page: Page, demo: Demo, role: str) -> Reviewer:
    """This person, working for the firm."""
    one = Reviewer(page, demo.review, role, demo.passphrase(role))
    one.unlock()
    page.get_by_label("办理机构").select_option(label=NAME)
    expect(page.locator(".inbox, .ledger").first).to_be_visible(timeout=SLOW)
    return one


def fits(page: Page) -> None:
    assert page.evaluate(BEYOND) <= 0


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_she_reports_by_the_workshops_poster_and_is_asked_for_no_name(
    browser: Browser, firm: Demo, team: dict[str, Office], tmp_path: Path, size: dict[str, int]
) -> None:
    with browser.new_context(viewport=size, locale="zh-CN") as context:
        alice = Reporter(context.new_page(), firm.public)
        alice.begin(poster(firm))
        expect(alice.page.locator('input[name="category"][value="unsafe_act"]')).to_be_visible(timeout=SLOW)
        expect(alice.page.locator('input[name="category"][value="violation"]')).to_be_hidden()
        expect(alice.page.get_by_role("button", name="改交监管部门")).to_be_visible()
        fits(alice.page)
        alice.page.screenshot(path=tmp_path / "kind.png", full_page=True)
        alice.say_what_kind(REPORT)
        alice.say_where(REPORT)
        alice.say_when(REPORT)
        alice.say_what(REPORT)
        expect(alice.page.locator('input[name="identity"]').first).to_be_hidden()
        fits(alice.page)
        alice.page.screenshot(path=tmp_path / "you.png", full_page=True)
        alice.page.locator('input[name="reward"][value="later"]').check()
        alice.next()
        expect(alice.page.locator("[data-office]").first).to_have_text(NAME)
        alice.next()
        ticket = alice.keep_ticket()
    case = firm.reporter().status(ticket).case
    assert case in {row["case"] for row in team["intake"].inbox()}
    assert case not in {row["case"] for row in firm.office("intake").inbox()}


def test_what_an_enterprise_shall_not_decide_goes_to_the_authority_with_the_words_kept(
    phone: BrowserContext, firm: Demo
) -> None:
    alice = Reporter(phone.new_page(), firm.public)
    alice.begin(poster(firm))
    alice.page.get_by_role("button", name="改交监管部门").click()
    told = alice.page.locator('input[name="category"][value="retaliation"]')
    expect(told).to_be_visible(timeout=SLOW)
    expect(alice.page.locator('input[name="category"][value="unsafe_act"]')).to_be_hidden()
    told.check()
    alice.next()
    expect(alice.page.locator("#enterprise")).to_have_value(NAME)
    alice.say_where(REPORT)
    alice.say_when(REPORT)
    alice.say_what(REPORT)
    expect(alice.page.locator('input[name="identity"][value="named"]')).to_be_visible()
    alice.say_who(REPORT)
    alice.next()
    ticket = alice.keep_ticket()
    case = firm.reporter().status(ticket).case
    assert case in {row["case"] for row in firm.office("intake").inbox()}


def test_without_a_connection_the_form_stays_the_firms_and_says_so(phone: BrowserContext, firm: Demo) -> None:
    alice = Reporter(phone.new_page(), firm.public)
    alice.begin(poster(firm))
    button = alice.page.get_by_role("button", name="改交监管部门")
    expect(button).to_be_visible(timeout=SLOW)
    alice.page.route("**/api/channels/*", lambda route: route.abort())
    button.click()
    expect(alice.page.get_by_text("连不上网，没有改成，请再按一次。")).to_be_visible(timeout=SLOW)
    expect(alice.page.locator('input[name="category"][value="unsafe_act"]')).to_be_visible()
    alice.page.unroute("**/api/channels/*")
    button.click()
    expect(alice.page.locator('input[name="category"][value="violation"]')).to_be_visible(timeout=SLOW)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_promise_an_honour_and_a_certificate(
    browser: Browser, firm: Demo, team: dict[str, Office], tmp_path: Path, size: dict[str, int]
) -> None:
    filing = filed(firm.reporter())
    verified(team, filing.case)
    for step in (promised, proposed, given):
        with browser.new_context(viewport=size, locale="zh-CN") as context:
            step(context.new_page(), firm, filing.case, tmp_path)
    with browser.new_context(viewport=size, locale="zh-CN", accept_downloads=True) as context:
        held(Reporter(context.new_page(), firm.public), filing, tmp_path)


def promised(page: Page, firm: Demo, case: str, pictures: Path) -> None:
    """The safety officer promises what an enterprise has to: who, how, with what money, until when, by which plan."""
    vera = desk(page, firm, "verifier")
    vera.open(case)
    vera.begin("commit")
    assert not {"list", "escalate"} & vera.offered()
    form = vera.form("commit")
    form.locator('input[type="date"]').fill("2099-01-10")
    vera.press_sign("commit")
    expect(form).to_contain_text("请写整改责任人。")
    for name, label in (("owner", "整改责任人"), ("measures", "整改措施"), ("money", "资金"), ("plan", "预案")):
        form.get_by_label(label).fill(PLAN[name])
    fits(page)
    page.screenshot(path=pictures / "commit.png", full_page=True)
    vera.sign("commit")
    expect(page.locator("main")).to_contain_text("整改承诺")


def proposed(page: Page, firm: Demo, case: str, pictures: Path) -> None:
    paul = desk(page, firm, "payout")
    paul.open(case)
    paul.begin("honour.propose")
    paul.form("honour.propose").get_by_label("通报表扬").check()
    paul.form("honour.propose").locator("textarea").fill("及时报告，避免了粉尘爆炸。")
    paul.sign("honour.propose")
    expect(page.locator("[data-honours]")).to_contain_text("避免了粉尘爆炸")
    page.screenshot(path=pictures / "proposed.png", full_page=True)


def given(page: Page, firm: Demo, case: str, pictures: Path) -> None:
    lena = desk(page, firm, "leader")
    lena.open(case)
    lena.begin("honour.approve")
    expect(lena.form("honour.approve").locator("[data-grounds]")).to_contain_text("避免了粉尘爆炸")
    lena.sign("honour.approve")
    lena.begin("honour.tell")
    words = lena.form("honour.tell").locator("textarea")
    expect(words).to_have_value("举报安全隐患及时、属实，为消除隐患作出贡献，授予通报表扬。")
    page.screenshot(path=pictures / "tell.png", full_page=True)
    lena.sign("honour.tell")
    expect(page.locator("[data-honours]")).to_contain_text("作出贡献")
    fits(page)
    page.screenshot(path=pictures / "office.png", full_page=True)


def held(alice: Reporter, filing: Filed, pictures: Path) -> None:
    """She sees it, prints it alone, keeps it with its signature, and nothing of it stays when she is done."""
    page, alice.ticket = alice.page, filing.ticket
    alice.look()
    expect(page.locator("[data-certificate]")).to_contain_text("通报表扬", timeout=SLOW)
    expect(page.locator("[data-certificate]")).to_contain_text(NAME)
    expect(page.locator("[data-line]")).to_contain_text("2099 年 1 月 10 日")
    fits(page)
    page.screenshot(path=pictures / "hers.png", full_page=True)
    printed = prints(page, pictures / "paper.png")
    assert "通报表扬" in printed and "办理经过" not in printed and "您的表彰" not in printed
    with page.expect_download() as download:
        page.get_by_role("button", name="存下带签名的证书").click()
    kept = Path(download.value.path()).read_text(encoding="utf-8")
    assert filing.case not in kept and filing.ticket.replace(" ", "") not in kept
    page.locator("[data-lock]").click()
    assert not "".join(page.locator("[data-certificate] > *").all_text_contents())


def prints(page: Page, picture: Path) -> str:
    """What would stand on paper when the certificate is printed."""
    page.evaluate(PRINTING)
    page.get_by_role("button", name="打印证书").click()
    assert page.evaluate("window.seen") == "certificate-alone"
    page.wait_for_function("() => !document.body.classList.contains('certificate-alone')")
    page.evaluate("() => document.body.classList.add('certificate-alone')")
    page.emulate_media(media="print")
    shown = str(page.evaluate("() => document.body.innerText"))
    page.screenshot(path=picture)
    page.emulate_media(media="screen")
    page.evaluate("() => document.body.classList.remove('certificate-alone')")
    return shown


def test_a_certificate_that_does_not_hold_is_not_shown(
    phone: BrowserContext, firm: Demo, team: dict[str, Office]
) -> None:
    """A leader's client of another make may have sealed anything: what it signed for another honour is no proof."""
    filing = filed(firm.reporter())
    verified(team, filing.case)
    team["payout"].propose_honour(filing.case, "praise", "报告及时。")
    team["leader"].approve_honour(filing.case)
    forger = team["leader"]
    real = forger.certified
    forger.certified = lambda view, text: (real(view, text)[0], bytes(64))  # type: ignore[method-assign]
    try:
        forger.tell_honour(filing.case, "授予通报表扬。")
    finally:
        forger.certified = real  # type: ignore[method-assign]
    alice = Reporter(phone.new_page(), firm.public)
    alice.ticket = filing.ticket
    alice.look()
    expect(alice.page.get_by_text("证书没有通过核对。")).to_be_visible(timeout=SLOW)
    expect(alice.page.locator("[data-certificate]")).to_be_hidden()


def test_she_is_told_who_learns_her_name_before_she_claims(
    phone: BrowserContext, firm: Demo, team: dict[str, Office], tmp_path: Path
) -> None:
    filing = filed(firm.reporter())
    verified(team, filing.case)
    team["payout"].propose(filing.case, *PINNED, FEN, facts_document(FACTS))
    team["finance"].open_budget(int(zone_day(time.time())[:4]), "安全生产费用", 10 * FEN)
    team["leader"].approve(filing.case)
    team["payout"].notify(filing.case, "2099-01-31", "请凭查询码申领。")
    alice = Reporter(phone.new_page(), firm.public)
    alice.ticket = filing.ticket
    alice.look()
    expect(alice.page.locator('input[name="method"][value="payroll"]')).to_be_visible(timeout=SLOW)
    expect(alice.page.locator('input[name="method"][value="transfer"]')).to_be_hidden()
    expect(alice.page.get_by_text("随工资发，单位就知道举报人是您。")).to_be_visible()
    expect(alice.page.get_by_text("怎么领都不用告诉我们您是谁。")).to_be_hidden()
    fits(alice.page)
    alice.page.screenshot(path=tmp_path / "claim.png", full_page=True)
    alice.claim("请人代领", "青山不老")
    assert firm.reporter().status(filing.ticket).state == "claimed"


def test_her_honour_stands_on_the_page_without_script_too(
    browser: Browser, firm: Demo, team: dict[str, Office]
) -> None:
    filing = filed(firm.reporter())
    verified(team, filing.case)
    team["payout"].propose_honour(filing.case, "model", "多次报告。")
    team["leader"].approve_honour(filing.case)
    team["leader"].tell_honour(filing.case, "授予安全标兵。")
    with browser.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{firm.public}/plain")
        page.fill("#ticket-look", filing.ticket)
        with page.expect_navigation():
            page.get_by_role("button", name="查看", exact=True).click()
        expect(page.get_by_role("heading", name="安全标兵")).to_be_visible()
        expect(page.get_by_text("授予安全标兵。")).to_be_visible()


def test_from_the_company_to_the_authority_with_the_proof(
    phone: BrowserContext, desktop: BrowserContext, firm: Demo, tmp_path: Path
) -> None:
    """She goes there from the company's case, files anew, and adds the proof by the old code."""
    old = filed(firm.reporter())
    alice = Reporter(phone.new_page(), firm.public)
    alice.ticket = old.ticket
    alice.look()
    expect(alice.page.locator("[data-onward]")).to_be_visible(timeout=SLOW)
    expect(alice.page.locator("[data-inside]")).to_be_hidden()
    fits(alice.page)
    alice.page.locator("[data-onward]").screenshot(path=tmp_path / "onward.png")
    alice.page.locator("[data-onward] a").click()
    expect(alice.step("advice")).to_be_visible()
    alice.page.on("dialog", lambda dialog: dialog.accept())
    again = Report("violation", NAME, "打磨间", "industry_trade", "向单位说了两个月，除尘器还是没有泄爆口。")
    alice.file(again)
    alice.look()
    expect(alice.page.locator("[data-onward]")).to_be_hidden()
    alice.page.locator("[data-inside] summary").click()
    box = alice.page.locator("#inside-code")
    box.fill("12345")
    alice.page.get_by_role("button", name="附上证明").click()
    expect(alice.page.locator("#inside-code-wrong")).to_contain_text("请填 25 位数字")
    box.fill(alice.ticket)
    alice.page.get_by_role("button", name="附上证明").click()
    expect(alice.page.locator("[data-case-wrong]")).to_contain_text("这个查询码不能作证明", timeout=SLOW)
    alice.page.screenshot(path=tmp_path / "refused.png", full_page=True)
    box.fill(old.ticket)
    alice.page.get_by_role("button", name="附上证明").click()
    expect(alice.page.locator("[data-line]")).to_contain_text("您补充了一份证据。", timeout=SLOW)
    expect(box).to_have_value("")
    case = firm.reporter().status(alice.ticket).case
    bob = Reviewer(desktop.new_page(), firm.review, "intake", firm.passphrase("intake"))
    bob.unlock()
    bob.open(case)
    expect(bob.page.locator("[data-inside]")).to_contain_text(f"向“{NAME}”内部渠道提交过一份报告", timeout=SLOW)
    bob.page.screenshot(path=tmp_path / "proven.png", full_page=True)


def test_a_reload_does_not_send_her_to_somebody_else(phone: BrowserContext, firm: Demo) -> None:
    alice = Reporter(phone.new_page(), firm.public)
    alice.begin(poster(firm))
    expect(alice.page.locator('input[name="category"][value="unsafe_act"]')).to_be_visible(timeout=SLOW)
    assert "channel" not in alice.page.url
    alice.page.on("dialog", lambda dialog: dialog.accept())
    alice.page.reload()
    alice.next()
    expect(alice.page.locator('input[name="category"][value="unsafe_act"]')).to_be_visible(timeout=SLOW)
    alice.page.get_by_role("button", name="改交监管部门").click()
    expect(alice.page.locator('input[name="category"][value="violation"]')).to_be_visible(timeout=SLOW)
    alice.page.reload()
    alice.next()
    expect(alice.page.locator('input[name="category"][value="violation"]')).to_be_visible(timeout=SLOW)


@pytest.mark.parametrize(("path", "own"), [("", "[class=brand]"), ("report", ""), ("case", ""), ("privacy", "")])
def test_a_link_to_the_page_itself_opens_it_anew_and_puts_nothing_into_the_address_bar(
    phone: BrowserContext, firm: Demo, path: str, own: str
) -> None:
    page = phone.new_page()
    page.goto(f"{firm.public}/{path}{poster(firm)}")
    link = page.locator(own or f"footer a[data-keep-fragment][href*='/{path}']").first
    page.evaluate("() => { window.isOld = true }")
    link.click()
    page.wait_for_function("() => !window.isOld && document.documentElement.dataset.shell")
    assert page.url == f"{firm.public}/{path}"
    assert page.evaluate("() => history.state.channel") == FIRM


def test_what_she_gives_to_the_authority_goes_there_by_the_links_of_the_page_too(
    phone: BrowserContext, firm: Demo
) -> None:
    alice = Reporter(phone.new_page(), firm.public)
    alice.begin(poster(firm))
    alice.page.get_by_role("button", name="改交监管部门").click()
    expect(alice.page.locator('input[name="category"][value="violation"]')).to_be_visible(timeout=SLOW)
    alice.page.on("dialog", lambda dialog: dialog.accept())
    for link in ("查进度和领奖", "我要举报"):
        alice.page.locator("footer").get_by_role("link", name=link).click()
        alice.page.wait_for_url(re.compile(r"/(case|report)$"))
    alice.next()
    expect(alice.page.locator('input[name="category"][value="violation"]')).to_be_visible(timeout=SLOW)
    assert alice.page.evaluate("() => history.state.pin"), "the poster's pin goes on with her"


def test_a_draft_goes_on_to_whom_it_was_begun_for(phone: BrowserContext, firm: Demo) -> None:
    alice = Reporter(phone.new_page(), firm.public)
    alice.begin(poster(firm))
    expect(alice.page.locator('input[name="category"][value="unsafe_condition"]')).to_be_visible(timeout=SLOW)
    alice.say_what_kind(REPORT)
    alice.say_where(REPORT)
    alice.page.locator("[data-draft]").click()
    alice.page.locator("#draft-word").fill("青山不老松柏")
    alice.page.locator('[data-draft-form="new"] button[type="submit"]').click()
    expect(alice.page.locator('[data-draft-form="kept"]')).to_be_visible(timeout=SLOW)
    alice.page.on("dialog", lambda dialog: dialog.accept())
    alice.page.goto(f"{firm.public}/report")
    alice.page.locator("#draft-again").fill("青山不老松柏")
    alice.page.locator('[data-draft-form="back"] button[type="submit"]').click()
    expect(alice.step("when")).to_be_visible(timeout=SLOW)
    alice.say_when(REPORT)
    alice.say_what(REPORT)
    expect(alice.page.locator('input[name="identity"]').first).to_be_hidden()
    alice.page.locator('input[name="reward"][value="later"]').check()
    alice.next()
    expect(alice.page.locator("[data-office]").first).to_have_text(NAME)
    alice.next()
    ticket = alice.keep_ticket()
    assert firm.reporter().status(ticket).office == NAME
