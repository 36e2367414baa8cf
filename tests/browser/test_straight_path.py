"""What an ordinary case costs the office, from the report to the archive: presses and typed fields, in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DESKTOP
from tests.browser.people import SLOW, Reviewer
from tests.conftest import Demo, start

pytestmark = pytest.mark.browser

PRESSES, TYPED = 25, 4
ROLES = ("intake", "verifier", "payout", "leader", "finance")
PLANT = "鲁兴木业加工厂"

# A press is a pointer that goes down; a field is typed when letters come into it, however many.
COUNT = """
addEventListener("pointerdown", (event) => {
    if (event.isTrusted) counted("press", event.target.textContent.trim());
}, true);
addEventListener("input", (event) => {
    const { target } = event;
    if (target.matches("textarea, input:not([type=radio], [type=checkbox], [type=date])"))
        counted("typed", target.closest("label")?.textContent.trim() ?? target.id);
}, true);
"""


@dataclass
class Counted:
    """What the people of the office did, all desks together."""

    presses: list[str] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    logins: int = 0

    def note(self, role: str, what: str, where: str) -> None:
        if what == "press":
            self.presses.append(f"{role}: {where[:12]}")
        else:
            self.fields.add(f"{role}: {where[:12]}")


@dataclass
class Desk:
    """A reviewer whose page stays open; coming back to it is looking at its window again."""

    who: Reviewer

    def take_up(self, case: str) -> None:
        row = self.who.page.locator(".rows tr", has=self.who.page.locator(f'a[href="#/case/{case}"]'))
        expect(row).to_be_visible(timeout=SLOW)
        row.locator(".c-subject").click()
        expect(self.who.page.locator("#acts")).to_be_visible(timeout=SLOW)

    def come_back(self, kind: str) -> None:
        page = self.who.page
        page.wait_for_timeout(3_100)  # a page just read is not read again
        page.evaluate("() => dispatchEvent(new Event('focus'))")
        expect(self.who.form(kind)).to_be_visible(timeout=SLOW)

    def sign(self, kind: str) -> None:
        expect(self.who.form(kind)).to_be_visible(timeout=SLOW)
        self.who.sign(kind)


@pytest.fixture(scope="module")
def quiet_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = start(tmp_path_factory.mktemp("straight") / "demo")
    demo.fund()
    yield demo
    demo.kill()


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def desks(browser: Browser, quiet_demo: Demo, counted: Counted) -> Iterator[Callable[[str], Desk]]:
    contexts = []

    def desk(role: str) -> Desk:
        contexts.append(browser.new_context(viewport=DESKTOP, locale="zh-CN"))
        page = contexts[-1].new_page()
        page.expose_function("counted", lambda what, where: counted.note(role, what, where))
        reviewer = Reviewer(page, quiet_demo.review, role, quiet_demo.passphrase(role))
        reviewer.unlock()
        counted.logins += 1
        counted.presses.append(f"{role}: 解锁")
        page.evaluate(COUNT)
        return Desk(reviewer)

    yield desk
    for context in contexts:
        context.close()


def test_an_ordinary_case_takes_few_presses_and_fewer_typed_fields(
    desks: Callable[[str], Desk], counted: Counted, quiet_demo: Demo, tmp_path: Path
) -> None:
    public = quiet_demo.reporter()
    filed = public.submit(
        "车间里十几台电机外壳都没有接地,开料锯和输送皮带没有防护罩。",
        category="violation",
        sector="industry_trade",
        enterprise=PLANT,
        place="二号车间",
        reward="yes",
        source="web",
        passphrase="青山绿水",
    )

    intake = desks("intake")
    intake.take_up(filed.case)
    intake.sign("accept")
    expect(intake.who.form("extract")).to_be_visible(timeout=SLOW)
    intake.who.form("extract").locator("textarea").first.fill("看电机外壳接地和皮带、锯片的防护。")
    intake.sign("extract")
    intake.sign("assign")

    verifier = desks("verifier")
    verifier.take_up(filed.case)
    finding = verifier.who.form("finding")
    finding.locator('input[name="outcome"]').first.check()
    finding.locator("textarea").first.fill("电机外壳未接地、皮带未设防护罩,属实;已责令整改并处罚。")
    finding.locator("input.num").first.fill("４５，０００")
    verifier.sign("finding")

    intake.come_back("feedback")
    intake.sign("feedback")

    payout = desks("payout")
    payout.take_up(filed.case)
    payout.who.look_back("award.propose")
    payout.sign("award.propose")

    leader = desks("leader")
    leader.take_up(filed.case)
    leader.who.form("award.approve").locator('input[type="checkbox"]').check()
    leader.sign("award.approve")

    payout.come_back("award.notify")
    payout.sign("award.notify")
    public.claim(filed.ticket, payee="持码人", method="counter", declared=True, passphrase="青山绿水")
    payout.come_back("claim.check")
    payout.who.form("claim.check").locator('input[name="agreed"]').check()
    payout.who.look_back("claim.check")
    payout.sign("claim.check")

    finance = desks("finance")
    finance.take_up(filed.case)
    pay = finance.who.form("pay")
    expect(pay.locator("input").nth(0)).to_have_value("凭-0002")  # after the sample's 凭-0001; to be looked at
    pay.locator("input").nth(1).fill("国库-0002")
    finance.sign("pay")

    intake.come_back("close")
    intake.sign("close")

    assert public.status(filed.ticket).state == "closed"
    assert counted.logins == len(ROLES)
    assert len(counted.presses) <= PRESSES, counted.presses
    assert len(counted.fields) <= TYPED, counted.fields
