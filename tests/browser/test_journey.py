"""The zone's own case, from the worker's phone to the auditor's spreadsheet, in real browsers on real servers."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.people import Report, Reporter, Reviewer

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

PLANT = "鲁兴木业加工厂"
WORDS = "车间里十几台电机外壳都没有接地,开料锯和输送皮带没有防护罩,上周有人袖子被卷进去。"
EXTRACT = "日常检查:看电机外壳接地和皮带、锯片的防护。"
REPORT = Report(
    category="violation",
    enterprise=PLANT,
    place="二号车间",
    sector="industry_trade",
    text=WORDS,
    passphrase="青山绿水",
    contact="信得过的工友,电话由他转",
)


@pytest.fixture(params=["phone", "desktop"])
def reporters_page(request: pytest.FixtureRequest) -> Page:
    """She comes on a phone of 390 × 844, or at a screen of 1280 × 800."""
    context: BrowserContext = request.getfixturevalue(request.param)
    return context.new_page()


@pytest.fixture
def office(desktop: BrowserContext, demo: Demo) -> Iterator[Callable[[str], Reviewer]]:
    """Reviewers by role, each in a page of his own, signed in once."""
    known: dict[str, Reviewer] = {}

    def person(role: str) -> Reviewer:
        if role not in known:
            context = desktop.browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
            known[role] = Reviewer(context.new_page(), demo.review, role, demo.passphrase(role))
            known[role].unlock()
        return known[role]

    yield person
    for one in known.values():
        one.page.context.close()


def test_the_zones_own_case_from_report_to_payment(
    reporters_page: Page, office: Callable[[str], Reviewer], demo: Demo, tmp_path: Path
) -> None:
    reporter = Reporter(reporters_page, demo.public)
    reporter.file(REPORT)

    case = accepted_and_assigned(office("intake"))
    verified(office("verifier"), case)
    told(office("intake"), case)
    awarded(office("payout"), office("leader"), case)
    code = claimed(reporter)
    paid(office("payout"), office("finance"), case, code)

    reporter.look()
    expect(reporter.page.locator("[data-state]")).to_have_text("奖金已发")
    expect(reporter.page.locator("[data-prize]")).to_be_visible()
    expect(reporter.page.locator('[data-claim-how="transfer"]')).to_be_hidden()  # where to collect is over with
    the_export_shows_the_award(office("finance"), tmp_path)
    the_ledger_verifies(demo)


def accepted_and_assigned(intake: Reviewer) -> str:
    case = intake.find(PLANT)
    expect(intake.page.locator("main")).to_contain_text(WORDS)
    intake.act("accept")
    intake.begin("extract")
    intake.form("extract").locator("textarea").first.fill(EXTRACT)
    intake.sign("extract")
    intake.begin("assign")
    for name in ("核查员 1", "审批人 1"):
        intake.form("assign").get_by_label(name).check()
    intake.sign("assign")
    return case


def verified(verifier: Reviewer, case: str) -> None:
    """He works from the extract; her words never reach his browser."""
    seen: list[str] = []
    verifier.page.on("response", lambda answer: seen.append(answer.text()) if "/api/" in answer.url else None)
    verifier.open(case)
    expect(verifier.page.locator("main")).to_contain_text(EXTRACT)
    expect(verifier.page.locator("main")).not_to_contain_text("袖子")
    assert not any("袖子" in text for text in seen)
    verifier.begin("finding")
    form = verifier.form("finding")
    form.locator('input[name="outcome"]').first.check()
    form.locator("textarea").fill("电机外壳未接地、皮带未设防护罩,属实;已责令整改并处罚。")
    form.locator("input.num").first.fill("45000.00")
    verifier.sign("finding")


def told(intake: Reviewer, case: str) -> None:
    intake.open(case)
    intake.act("feedback")


def awarded(payout: Reviewer, leader: Reviewer, case: str) -> None:
    payout.open(case)
    payout.begin("award.propose")
    form = payout.form("award.propose")
    expect(form).to_contain_text("22,500.00")
    expect(form).to_contain_text("贰万贰仟伍佰元整")
    expect(form).to_contain_text("演示用:该标准已被鲁应急发〔2025〕12号修订")
    payout.look_back("award.propose")
    payout.sign("award.propose")
    leader.open(case)
    leader.begin("award.approve")
    form = leader.form("award.approve")
    expect(form).to_contain_text("22,500.00")
    form.locator('input[type="checkbox"]').check()
    leader.sign("award.approve")
    payout.open(case)
    payout.act("award.notify")


def claimed(reporter: Reporter) -> str:
    reporter.look()
    prize = reporter.page.locator("[data-prize]")
    expect(prize).to_contain_text("22,500.00")
    expect(prize).to_contain_text("贰万贰仟伍佰元整")
    return reporter.claim("持码人", REPORT.passphrase)


def paid(payout: Reviewer, finance: Reviewer, case: str, code: str) -> None:
    payout.open(case)
    payout.begin("claim.check")
    form = payout.form("claim.check")
    expect(form).to_contain_text(code)
    expect(form).to_contain_text(REPORT.passphrase)
    expect(form).to_contain_text("申领人已声明")
    form.locator('input[name="agreed"]').check()
    payout.look_back("claim.check")
    payout.sign("claim.check")
    finance.open(case)
    finance.begin("pay")
    # Numbers of this payment's own: one that another payment bears is asked about.
    numbers = (f"凭-{case[:8]}", f"国库-{case[:8]}")
    for field, words in zip(finance.form("pay").locator("input:not([type=date])").all(), numbers, strict=True):
        field.fill(words)
    finance.sign("pay")


def the_export_shows_the_award(finance: Reviewer, tmp_path: Path) -> None:
    finance.page.evaluate("() => { location.hash = '#/ledger' }")
    files = {}
    for form in ("csv", "xlsx"):
        with finance.page.expect_download() as started:
            finance.page.get_by_role("button", name=f"导出 {form.upper()}").click()
        files[form] = tmp_path / f"ledger.{form}"
        started.value.save_as(files[form])
    text = files["csv"].read_text(encoding="utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text)) if "22500.00" in row]
    assert rows and "贰万贰仟伍佰元整" in rows[-1]
    sheet = openpyxl.load_workbook(files["xlsx"]).active
    assert 22500 in [cell.value for row in sheet.iter_rows() for cell in row]
    assert PLANT not in text and "持码人" not in text


def the_ledger_verifies(demo: Demo) -> None:
    command = [sys.executable, "-m", "whistle", "ledger", "verify", "--data", str(demo.data)]
    key = ["--key", str(demo.data / "staff" / "auditor.key")]
    environ = {**os.environ, "WHISTLE_PASSPHRASE": demo.passphrase("auditor")}
    assert subprocess.run(command, env=environ, check=False).returncode == 0
    assert subprocess.run([*command, *key], env=environ, check=False).returncode == 0
