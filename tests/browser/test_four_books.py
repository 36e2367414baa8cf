"""One history of awards, corrected in every way, in four books: register, ledger, approval form, auditor's check."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.people import SLOW, Reviewer
from tests.browser.test_registers import at_the_registers, made
from tests.cli.shell import Shell
from tests.conftest import Demo
from tests.doors import reviewer
from tests.doors.hand import Hand
from tests.doors.office import FACTS, FEN, PINNED, Team, facts_document
from tests.doors.test_further import filed, report
from whistle.core import yuan

pytestmark = pytest.mark.browser

TEN = replace(FACTS, fine=10 * FACTS.fine)
Lines = list[dict[str, str]]


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(capsys, monkeypatch)


class House:
    """Three awards: one approved over a wrong fine, taken back and approved anew; one cancelled after its notice; one
    paid, its voucher corrected, part of it demanded and received back."""

    def __init__(self, demo: Demo) -> None:
        self.team = Team(demo)
        self.corrected = self._corrected(filed(Hand(demo)))
        self.cancelled = self._cancelled(report(demo).case)
        self.recovered = self._recovered(demo)

    def number(self, case: str) -> str:
        return self.team.leader.case(case).number

    def _corrected(self, case: str) -> str:
        team = self.team
        team.to_finding(case)
        team.payout.propose(case, *PINNED, 10 * FEN, facts_document(TEN), reason="处罚决定书已改")
        team.demo.fund(10 * FEN + 20_000_000)
        team.leader.case(case)
        team.leader.approve(case, differing=True)
        team.leader.unapprove(case, "UA01", "多算了十倍")
        team.payout.propose(case, *PINNED, FEN, facts_document(FACTS))
        team.leader.case(case)
        team.leader.approve(case)
        return case

    def _cancelled(self, case: str) -> str:
        self.team.to_notice(case)
        self.team.payout.ask_cancel(case, "AC01")
        self.team.leader.cancel_award(case, "AC01", "金额算错。")
        return case

    def _recovered(self, demo: Demo) -> str:
        team, told = self.team, report(demo)
        team.to_notice(told.case)
        demo.reporter().claim(told.ticket, payee="持码人", method="counter", declared=True)
        team.to_payment(told.case)
        rows = team.finance.ledger_rows()
        paid = next(row for row in rows if row["case"] == self.number(told.case) and row["kind"] == "pay")
        team.finance.amend(paid["no"], "凭-0101", "国库-0101", "号码抄错")
        today = date.fromisoformat(team.leader.case(told.case).today)
        due = (today + timedelta(days=30)).isoformat()
        team.leader.demand(told.case, "CB03", FEN // 3, due, "追回〔2026〕1号")
        team.finance.receive(told.case, "收-1", FEN // 3, today.isoformat())
        return told.case


@pytest.fixture(scope="module")
def house(demo: Demo) -> House:
    return House(demo)


def read(path: Path) -> Lines:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fen(lines: Iterable[dict[str, str]], column: str) -> int:
    return sum(yuan.read(line[column]) for line in lines)


def of(lines: Lines, number: str) -> Lines:
    return [line for line in lines if line["举报编号"] == number]


def test_register_ledger_form_and_check_agree_to_the_fen(
    house: House, desktop: BrowserContext, demo: Demo, shell: Shell, tmp_path: Path
) -> None:
    shell.env.setenv("WHISTLE_PASSPHRASE", demo.passphrase("leader"))
    leader = at_the_registers(desktop, demo, "leader")
    browser = read(made(leader, "awards", tmp_path)["csv"])
    key, out = demo.data / "staff" / "leader.key", tmp_path / "command.csv"
    shell.done("register", "awards", "--server", demo.review, "--key", key, "--format", "csv", "--out", out)
    assert browser == read(out), "the browser and the command line make the same lines"

    # Each line rests on the proposal and the approval it is about.
    old, new = of(browser, house.number(house.corrected))
    assert (old["处罚金额"], old["应奖金额(元)"], old["状态"]) == ("450000.00", "225000.00", "已撤销")
    assert "处罚金额：核查结论45,000.00，奖励依据450,000.00" in old["与核查结论不一致"]
    assert (new["处罚金额"], new["应奖金额(元)"], new["与核查结论不一致"]) == ("45000.00", "22500.00", "")
    (cancelled,) = of(browser, house.number(house.cancelled))
    assert (cancelled["状态"], cancelled["收款人(脱敏)"]) == ("已撤销", "")
    assert (bool(cancelled["通知日"]), old["通知日"], new["通知日"], new["领取截止"]) == (True, "", "", "")
    assert not [line["备注"] for line in browser if "不符" in line["备注"]]
    (recovered,) = of(browser, house.number(house.recovered))
    assert (recovered["状态"], recovered["凭证号"]) == ("部分追回", "凭-0101")

    # The last row of the register is the ledger: what was revoked is listed and in no sum.
    *lines, total = browser
    counted = [line for line in lines if line["状态"] not in ("已撤销", "已冲销")]
    balance = reviewer.get(house.team.leader, "/api/ledger").json()["balance"]
    columns = {
        "approved": "应奖金额(元)",
        "paid": "实发金额(元)",
        "open": "待发金额(元)",
        "forfeited": "放弃金额(元)",
        "revoked": "撤销追回(元)",
    }
    for account, column in columns.items():
        assert fen([total], column) == fen(counted, column) == balance[account], column
    revoked = [line for line in lines if line["状态"] == "已撤销"]
    assert fen(revoked, "应奖金额(元)") == balance["cancelled"]
    assert total["处罚金额"] in ("", yuan.text(fen(counted, "处罚金额")))

    # The auditor computes every sum of the register again, the revoked ones too.
    shell.env.setenv("WHISTLE_PASSPHRASE", demo.passphrase("auditor"))
    key = demo.data / "staff" / "auditor.key"
    checked = json.loads(shell.done("ledger", "verify", "--data", demo.data, "--key", key, "--json").out)
    assert (checked["wrong"], checked["sums"]) == (0, len(lines))

    # The approval form has the sum of the approval that stands, and says of one that was taken back by whom and why.
    said = form(leader, house.corrected)
    assert f"人民币{yuan.grouped(fen([new], '应奖金额(元)'))}元" in said
    assert "独立复核并签名批准" in said
    said = form(leader, house.cancelled)
    assert "独立复核并签名批准" not in said
    assert "撤销奖励：金额或依据有误" in said


def form(person: Reviewer, case: str) -> str:
    """The words of the approval form, as it would be printed."""
    person.open(case)
    person.page.locator('[data-paper="award_a"]').click()
    sheet = person.page.locator("[data-sheet]")
    expect(sheet).to_contain_text("奖励审批表", timeout=SLOW)
    return sheet.inner_text()


def test_a_cancelled_award_says_so_and_nothing_of_it_is_green(
    house: House, desktop: BrowserContext, demo: Demo
) -> None:
    person = Reviewer(desktop.new_page(), demo.review, "leader", demo.passphrase("leader"))
    person.unlock()
    person.open(house.cancelled)
    card = person.page.locator("[data-award]")
    expect(card).to_contain_text("已撤销")
    expect(card).to_contain_text("金额或依据有误")
    expect(card.locator(".meta").first).to_contain_text("审批人")
    expect(card.locator(".say.good")).to_have_count(0)
    expect(card.locator(".big")).to_be_hidden()
    person.open(house.corrected)
    expect(card.locator(".say.good")).to_be_visible()
    expect(card).not_to_contain_text("已撤")
