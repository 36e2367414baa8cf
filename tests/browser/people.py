"""What people do on the pages, step by step, as they would: the reporter on her phone, reviewers at their desks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

SLOW = 30_000


@dataclass(frozen=True)
class Report:
    """What somebody has to say."""

    category: str
    enterprise: str
    place: str
    sector: str
    text: str
    passphrase: str = ""
    contact: str = ""


class Reporter:
    """A worker with a phone. The ticket lives in this object, as it would on her paper.

    `door` may end in a language, as "/en": nothing here depends on the words of a page.
    """

    def __init__(self, page: Page, door: str) -> None:
        self.page = page
        self.door = door
        self.ticket = ""

    def file(self, report: Report) -> str:
        """Fill the form one question a screen, keep the ticket, unlock with its last group. The ticket."""
        self.write(report)
        self.next()
        return self.keep_ticket()

    def write(self, report: Report) -> None:
        """Every question, up to the last look before sending."""
        self.begin()
        self.say_what_kind(report)
        self.say_where(report)
        self.say_when(report)
        self.say_what(report)
        self.say_who(report)

    def begin(self, fragment: str = "") -> None:
        self.page.goto(f"{self.door}/report{fragment}")
        expect(self.step("advice")).to_be_visible()
        self.next()

    def step(self, name: str) -> Locator:
        return self.page.locator(f'[data-step="{name}"]')

    def say_what_kind(self, report: Report) -> None:
        self.page.locator(f'input[name="category"][value="{report.category}"]').check()
        self.next()

    def say_where(self, report: Report) -> None:
        self.page.locator("#enterprise").fill(report.enterprise)
        self.page.locator("#place").fill(report.place)
        self.next()

    def say_when(self, report: Report) -> None:
        self.page.locator('input[name="since"][value="ongoing"]').check()
        self.page.locator("#sector").select_option(report.sector)
        self.next()

    def say_what(self, report: Report) -> None:
        self.page.locator("#text").fill(report.text)
        self.next()

    def say_who(self, report: Report) -> None:
        if report.contact:
            self.page.locator('input[name="identity"][value="contact"]').check()
            self.page.locator("#contact").fill(report.contact)
        self.page.locator('input[name="reward"][value="yes"]').check()
        if report.passphrase:
            self.page.locator('[data-step="you"] summary').click()
            self.page.locator("#passphrase").fill(report.passphrase)
        self.next()

    def next(self) -> None:
        self.page.locator("button.next:visible").click()

    def read_ticket(self) -> str:
        shown = self.page.locator("[data-ticket]")
        expect(shown).to_be_visible(timeout=SLOW)
        self.ticket = "".join(shown.locator("span").all_inner_texts())
        assert re.fullmatch(r"\d{25}", self.ticket)
        return self.ticket

    def keep_ticket(self) -> str:
        self.read_ticket()
        self.page.locator("#last").fill(self.ticket[-5:])
        self.page.locator("[data-unlock] button").click()
        expect(self.step("done")).to_be_visible(timeout=SLOW)
        return self.ticket

    def not_sent(self) -> Locator:
        """The box that says why there is no receipt, once it stands there."""
        failed = self.page.locator("[data-failed]")
        expect(failed).to_be_visible(timeout=SLOW)
        return failed

    def type_code(self, ticket: str) -> None:
        """The digits as they stand on her paper, in groups of five."""
        digits = ticket.replace(" ", "")
        self.page.locator("#code").fill(" ".join(digits[i : i + 5] for i in range(0, 25, 5)))
        self.page.locator("[data-lookup-go]").click()

    def look(self) -> None:
        """Come back with the ticket alone."""
        self.page.goto(f"{self.door}/case")
        self.type_code(self.ticket)
        expect(self.page.locator("[data-case]")).to_be_visible(timeout=SLOW)

    def say(self, text: str) -> None:
        self.page.locator("#say").fill(text)
        self.page.locator("[data-say] button").click()
        expect(self.page.locator("[data-talk]")).to_contain_text(text, timeout=SLOW)

    def claim(self, payee: str, passphrase: str) -> str:
        """Claim the award at the counter; the 8-digit claim code."""
        self.page.locator('input[name="method"][value="counter"]').check()
        self.page.locator("#payee").fill(payee)
        self.page.locator("#claim-passphrase").fill(passphrase)
        self.page.locator("#declared").check()
        self.page.locator("[data-claim] button").click()
        code = self.page.locator("[data-claim-code]")
        expect(code).to_be_visible(timeout=SLOW)
        digits = re.sub(r"\D", "", code.inner_text())
        assert len(digits) == 8
        expect(self.page.locator("[data-claim]")).to_be_hidden(timeout=SLOW)
        self.page.locator("#claim-last").fill(digits[-4:])
        self.page.locator("[data-claim-unlock] button").click()
        expect(self.page.locator("[data-claim-kept]")).to_be_visible()
        return digits


class Reviewer:
    """Somebody of the office with a login name and a passphrase."""

    def __init__(self, page: Page, door: str, role: str, passphrase: str) -> None:
        self.page = page
        self.door = door
        self.role = role
        self.passphrase = passphrase

    def unlock(self) -> None:
        self.page.goto(self.door)
        self.page.locator('input[name="login"]').fill(self.role)
        self.give_passphrase()
        expect(self.page.locator(".inbox, .case, .ledger").first).to_be_visible(timeout=SLOW)

    def give_passphrase(self, words: str = "") -> None:
        self.page.locator("#passphrase").fill(words or self.passphrase)
        self.page.locator("form.unlock button.main").click()

    def go(self, hash_: str) -> None:
        self.page.evaluate("hash => { location.hash = hash }", hash_)

    def inbox(self, query: str = "view=all") -> None:
        self.go(f"#/inbox?{query}")
        expect(self.page.locator(".inbox")).to_be_visible(timeout=SLOW)
        self.page.locator("#search").fill("")

    def open(self, case: str) -> None:
        """Open a case by its id, as the inbox row does; coming from the list, so that it is fetched anew."""
        self.inbox()
        self.go(f"#/case/{case}")
        expect(self.page.locator("#acts")).to_be_visible(timeout=SLOW)

    def find(self, words: str) -> str:
        """Search the inbox for what a card says, open the case; its id."""
        self.inbox()
        self.page.locator("#search").fill(words)
        row = self.page.locator("tr", has_text=words).first
        expect(row).to_be_visible(timeout=SLOW)
        row.click()
        expect(self.page.locator("#acts")).to_be_visible(timeout=SLOW)
        return self.page.url.rpartition("/")[2]

    def begin(self, kind: str) -> None:
        """Choose an act; its form opens. The next step on the way stands open already."""
        offered = self.page.locator(f'form.actform[data-kind="{kind}"], #acts button[data-kind="{kind}"]')
        offered.first.wait_for(state="attached", timeout=SLOW)  # what was shown before is drawn until the case is read
        if self.form(kind).is_visible():
            return
        if not self.page.locator(f'button[data-kind="{kind}"]:visible').count():
            self.page.locator("#acts details.more summary").click()
        self.page.locator(f'button[data-kind="{kind}"]').click()
        expect(self.form(kind)).to_be_visible()

    def form(self, kind: str) -> Locator:
        return self.page.locator(f'form.actform[data-kind="{kind}"]')

    def press_sign(self, kind: str) -> None:
        self.form(kind).locator(".row button.main").click()

    def sign(self, kind: str) -> None:
        """Sign and send the open act; the form goes when it is done, the buttons wait until the case is read anew."""
        self.press_sign(kind)
        expect(self.form(kind)).to_have_count(0, timeout=SLOW)
        expect(self.page.locator("#acts button[data-kind]:disabled")).to_have_count(0, timeout=SLOW)

    def look_back(self, kind: str) -> None:
        """Wait until earlier claims were compared here; say of those alike that they were looked at."""
        expect(self.page.locator('[data-repeats="done"]')).to_be_visible(timeout=SLOW)
        alike = self.form(kind).locator('input[name="repeats"]')
        if alike.count():
            alike.check()

    def act(self, kind: str) -> None:
        self.begin(kind)
        self.sign(kind)

    def offered(self) -> set[str]:
        """The acts this person is offered on the open case."""
        buttons = self.page.locator("#acts [data-kind]").all()
        return {button.get_attribute("data-kind") or "" for button in buttons}
