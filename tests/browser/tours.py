"""Walks through every page and state of a door. Each stop is a name; whoever walks along looks at the page there."""

from __future__ import annotations

import time
from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.browser.cases import LIKE, Cases
from tests.browser.people import SLOW, Report, Reporter, Reviewer
from whistle.core.clock import zone_day

SAW = Report(
    category="general_hazard",
    enterprise="同安铸造有限公司（示例）",
    place="团林镇铸造产业园 2 号 浇注区",
    sector="industry_trade",
    text="行车吊钩没有防脱扣,钢丝绳断了几股还在用,夜班吊着铁水包从人头上过。我叫王小明。",
    passphrase="青山绿水",
    contact="信得过的工友,电话由他转",
)


def reporters_pages(page: Page, door: str) -> Iterator[str]:
    """What can be read without doing anything."""
    for name in ("", "privacy", "plain", "nothing-here"):
        page.goto(f"{door}/{name}")
        yield name or "home"
    page.goto(f"{door}/")
    page.locator("#code").fill("12345 67890 12345 67890 12340")
    page.locator("[data-lookup-go]").click()
    expect(page.locator("#code-wrong")).to_be_visible()
    yield "home-wrong-digit"
    page.locator("[data-elder]").click()
    yield "home-elder"
    page.locator("[data-elder]").click()
    page.goto(f"{door}/plain")
    with page.expect_navigation():
        page.locator("form:has(#text) button").click()
    yield "plain-wrong"


def reporters_form(page: Page, door: str) -> Iterator[str]:
    """The report, question by question, every mistake once; a door that does not answer; the ticket."""
    reporter = Reporter(page, door)
    page.goto(f"{door}/report")
    expect(reporter.step("advice")).to_be_visible()
    yield "advice"
    reporter.next()
    reporter.next()
    yield "kind-wrong"
    reporter.say_what_kind(SAW)
    reporter.next()
    yield "where-wrong"
    page.locator("#enterprise").press_sequentially("有限")
    expect(page.locator("#enterprise-list")).to_be_visible()
    page.keyboard.press("ArrowDown")
    yield "where-list"
    page.keyboard.press("Escape")
    reporter.say_where(SAW)
    reporter.next()
    yield "when-wrong"
    for since in ("past", "now"):
        page.locator(f'input[name="since"][value="{since}"]').check()
        yield f"when-{since}"
    reporter.say_when(SAW)
    reporter.next()
    yield "what-wrong"
    page.locator("#text").fill(SAW.text)
    yield "what-myself"
    reporter.next()
    page.locator('input[name="identity"][value="named"]').check()
    reporter.next()
    yield "you-wrong"
    reporter.say_who(SAW)
    yield "review"
    page.route("**/api/posts", lambda route: route.abort())
    reporter.next()
    reporter.not_sent()
    yield "failed"
    page.unroute("**/api/posts")
    reporter.next()
    reporter.read_ticket()
    page.locator("[data-picture]").click()
    expect(page.locator("[data-picture-here] img")).to_be_visible()
    page.locator("#last").fill("00000")
    page.locator("[data-unlock] button").click()
    yield "ticket"
    reporter.keep_ticket()
    page.locator('[data-step="done"] details summary').click()
    yield "done"
    reporter.look()
    yield "case-received"
    yield from withdrawal(page)


def withdrawal(page: Page) -> Iterator[str]:
    """Taking an open report back, up to where it waits."""
    page.locator("[data-withdraw-card] summary").click()
    page.locator("[data-withdraw] button").click()
    yield "withdraw-wrong"
    page.locator('input[name="withdraw"][value="report"]').check()
    page.locator("[data-withdraw] button").click()
    expect(page.locator("[data-withdraw-title]")).to_be_focused()
    yield "withdraw-sure"
    page.locator("[data-withdraw-go]").click()
    expect(page.locator("[data-withdrawal]")).to_be_visible(timeout=SLOW)
    yield "withdraw-waits"


def reporters_case(page: Page, door: str, cases: Cases) -> Iterator[str]:
    """An award, from the notice to the claim, and a page that names another zone."""
    reporter = Reporter(page, door)
    reporter.ticket = cases.new("notified", "同安铸造有限公司").ticket
    reporter.look()
    yield "case-notified"
    page.locator("[data-claim] button").click()
    yield "claim-wrong"
    reporter.claim("持码人", "青山绿水")
    page.evaluate("() => document.activeElement?.blur()")
    yield "claimed"
    reporter.say("我下周二上午来。")
    yield "case-talk"
    page.goto("about:blank")
    page.goto(f"{door}/report#pin=1111-1111-1111-1111-1111-1111-1111-1111")
    expect(page.locator("[data-stopped]")).to_be_visible()
    yield "stopped"


# Which cases each role has work on: there every act it is offered is opened.
STATES = {
    "intake": ("received", "verifying"),
    "verifier": ("verifying",),
    "payout": ("reward_proposed", "claimed"),
    "leader": ("reward_proposed", "notified"),
    "finance": ("checked",),
}


def office_cases(cases: Cases) -> dict[str, str]:
    """One case in each state the forms need, by state."""
    made = {state: cases.new(state, f"巡看 {state}") for state in LIKE}
    for state in ("claimed", "checked"):
        made[state] = cases.new("notified", f"巡看 {state}")
        cases.public.claim(made[state].ticket, payee="持码人", method="transfer", declared=True, passphrase="青山不老")
    cases.office("payout").check(made["checked"].case)
    return {state: filed.case for state, filed in made.items()}


def gate(page: Page, reviewer: Reviewer) -> Iterator[str]:
    """The locked door: as it stands, and after a wrong passphrase."""
    page.goto(reviewer.door)
    expect(page.locator("form.unlock")).to_be_visible()
    yield "gate"
    page.locator('input[name="login"]').fill(reviewer.role)
    reviewer.give_passphrase("wrong wrong wrong")
    expect(page.locator("#unlock-say")).not_to_be_empty(timeout=SLOW)
    yield "gate-wrong"
    page.goto(f"{reviewer.door.rstrip('/')}/enrol#AAAAAAAAAAAAAAAAAAAAAA")
    expect(page.locator(".say.bad")).to_be_visible()
    yield "enrol-lost"
    page.goto(f"{reviewer.door.rstrip('/')}/nothing-here")
    yield "office-not-found"


def office_lists(reviewer: Reviewer) -> Iterator[str]:
    """The inbox and its dialogs, as this role has them."""
    page = reviewer.page
    for view in ("all", "today", "overdue", "claims", "unread", "mine") if reviewer.role == "intake" else ("all",):
        with page.expect_response("**/api/inbox?*"):
            reviewer.inbox(f"view={view}")
        expect(page.locator(".inbox .loading")).to_have_count(0)
        yield f"inbox-{view}"
    page.locator("#search").fill("没有这样的单位")
    yield "inbox-search-empty"
    page.locator("#search").fill("")
    page.locator("#search").blur()
    page.keyboard.press("?")
    expect(page.locator(".veil")).to_be_visible()
    yield "help"
    page.keyboard.press("Escape")
    if reviewer.role in {"finance", "leader", "auditor"}:
        reviewer.go("#/ledger")
        expect(page.locator(".ledger")).to_be_visible(timeout=SLOW)
        yield "ledger"
    if reviewer.role != "finance":
        yield from registers(reviewer)
    if reviewer.role == "auditor":
        yield from audited(reviewer)
    yield from reminders(reviewer)
    yield from drawer(reviewer)


def office_forms(reviewer: Reviewer, cases: dict[str, str]) -> Iterator[str]:
    """Each act's form that this role is offered, opened; and one signed too early."""
    seen: set[str] = set()
    for state in STATES[reviewer.role]:
        reviewer.open(cases[state])
        yield f"case-{state}"
        for kind in sorted(reviewer.offered() - seen):
            seen.add(kind)
            reviewer.begin(kind)
            yield f"form-{kind}"
            reviewer.form(kind).locator(".row button.quiet").click()
    if page_of := PAPERS.get(reviewer.role):
        yield from paper(reviewer, cases[page_of[0]], page_of[1])
    if reviewer.role == "intake":
        reviewer.go("#/transcribe")
        expect(reviewer.page.locator(".transcribe")).to_be_visible(timeout=SLOW)
        yield "transcribe"
        reviewer.page.locator(".transcribe button.main").click()
        yield "transcribe-too-early"


# A paper of each role that makes any: the case it is made of, and which.
PAPERS = {"intake": ("verifying", "accept"), "payout": ("reward_proposed", "award_a")}


def paper(reviewer: Reviewer, case: str, name: str) -> Iterator[str]:
    """An official paper on the screen as it will be printed, and as the printer is given it."""
    page = reviewer.page
    reviewer.open(case)
    page.locator(f'[data-paper="{name}"]').click()
    expect(page.locator("[data-sheet]")).to_be_visible()
    yield f"paper-{name}"
    page.emulate_media(media="print")
    yield f"paper-{name}-printed"
    page.emulate_media(media="screen")


def registers(reviewer: Reviewer) -> Iterator[str]:
    """The registers, asked for; not made: how long that takes depends on how many cases there are."""
    reviewer.go("#/registers")
    expect(reviewer.page.locator(".registers form")).to_be_visible(timeout=SLOW)
    yield "registers"
    if reviewer.role in {"leader", "verifier"}:
        reviewer.page.locator('input[name="register"][value="hazards"]').check()
        yield "registers-hazards"


def audited(reviewer: Reviewer) -> Iterator[str]:
    """The auditor's page, and on a case who opened it."""
    reviewer.go("#/audit")
    expect(reviewer.page.locator(".entries tbody tr").first).to_be_visible(timeout=SLOW)
    yield "audit"


def drawer(reviewer: Reviewer) -> Iterator[str]:
    """What one keeps for himself."""
    reviewer.go("#/own")
    expect(reviewer.page.locator(".own form.writing")).to_be_visible(timeout=SLOW)
    yield "own"


def reminders(reviewer: Reviewer) -> Iterator[str]:
    """Where one is told, and the form for one more."""
    reviewer.go("#/notices")
    expect(reviewer.page.locator(".reminders form")).to_be_visible(timeout=SLOW)
    yield "reminders"
    reviewer.page.locator('select[name="kind"]').select_option("dingtalk")
    yield "reminders-webhook"


def bulletin(reviewer: Reviewer) -> Iterator[str]:
    """The bulletin's own page, this month's and the copy for the public; then without a session."""
    page, door = reviewer.page, reviewer.door.rstrip("/")
    for name, query in (("inside", f"?month={zone_day(time.time())[:7]}"), ("published", "?publish=1")):
        page.goto(f"{door}/bulletin{query}")
        expect(page.locator(".bulletin")).to_be_visible()
        yield f"bulletin-{name}"
    page.context.clear_cookies()
    page.goto(f"{door}/bulletin")
    yield "bulletin-locked"


def locked_over(reviewer: Reviewer) -> Iterator[str]:
    """A session that ends while a case is on the screen."""
    page = reviewer.page
    page.context.clear_cookies()
    reviewer.go("#/inbox?view=all")
    expect(page.locator(".veil.locked")).to_be_visible(timeout=SLOW)
    yield "locked-over"
