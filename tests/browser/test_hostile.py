"""What was sealed badly, on the reviewers' pages: that item is shown as not opening, and work goes on."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.cases import Cases
from tests.browser.people import SLOW, Reviewer
from tests.browser.watching import watch
from tests.client.hostile import FILE
from tests.doors.reviewer import act
from whistle.client import HttpWire, Office, Piece, Public
from whistle.client.delivery import Delivery
from whistle.client.sealing import Party, seal_items
from whistle.core.clock import zone_day
from whistle.crypto.encoding import Tag, b64, tagged, unb64
from whistle.crypto.ticket import new_ticket, normalise, open_ticket

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

JSON, TEXT = "application/json", "text/plain"
BEFORE, AFTER = "恶意件之前板材厂", "恶意件之后板材厂"


class Stranger(Public):
    """Files what no page of ours would seal."""

    def file(self, pieces: Sequence[Piece]) -> str:
        ticket = open_ticket(self.trust.zone, normalise(new_ticket()))
        fields = {
            "reporter": {"kem": b64(ticket.keys.kem), "sig": b64(ticket.keys.sig)},
            "access": b64(ticket.access_hash),
            "channel": str(self.trust.newest_channel()["id"]),
            "source": "web",
            "urgent": False,
            "exclude": [],
            "sealed_by": "browser",
        }
        writer = Party(self.trust.zone, ticket.case, "reporter", ticket.keys)
        self._attempt(ticket, Delivery(writer, "report", fields, seal_items(writer, pieces), "all"))
        return b64(ticket.case)


def sealed_badly(*names: str) -> list[Piece]:
    """A report's four items as the vectors have them, one row of each compartment."""
    rows = {row["name"]: row for row in json.loads(FILE.read_text(encoding="utf-8"))["contents"]}
    return [Piece(row["comp"], unb64(row["body"]), row["type"]) for row in map(rows.__getitem__, names)]


def spoiled(office: Office, case: str, kind: str, fields: dict[str, str], pieces: Sequence[Piece]) -> None:
    """A colleague's act whose grants are noise."""
    made = act(office, case, kind, fields, pieces)
    noise = tuple(os.urandom(len(one)) for one in made.grants)
    body = json.loads(made.body)
    for entry, one in zip(body["grants"], noise, strict=True):
        entry["hash"] = b64(tagged(Tag.GRANT, one))
    spelled = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    sent = replace(made, body=spelled, grants=noise).send()
    assert sent.status_code in {200, 201}, sent.text


def at_a_desk(desktop: BrowserContext, demo: Demo, role: str) -> Reviewer:
    one = Reviewer(desktop.new_page(), demo.review, role, demo.passphrase(role))
    one.page.on("dialog", lambda dialog: dialog.accept())
    one.unlock()
    return one


def test_a_hostile_report_among_good_ones_stops_nothing(desktop: BrowserContext, demo: Demo) -> None:
    """`{"enterprise":1}` once froze every row from it on, and its case opened blank."""
    cases, stranger = Cases(demo), Stranger(HttpWire(demo.public, demo.http()))
    seen = watch(desktop)
    cases.new("received", BEFORE)
    hostile = stranger.file(
        [
            Piece("card", b'{"enterprise":1}', JSON),
            Piece("report", b"\xff\xfe", TEXT),
            Piece("identity"),
            Piece("payout", b"[]", JSON),
        ]
    )
    cases.new("received", AFTER)
    intake = at_a_desk(desktop, demo, "intake")
    page = intake.page

    intake.inbox("view=all")
    page.locator("#search").fill("恶意件")  # every page of the list is fetched for it, however many cases the house has
    expect(page.locator("tr", has_text=BEFORE)).to_be_visible(timeout=SLOW)
    expect(page.locator("tr", has_text=AFTER)).to_be_visible(timeout=SLOW)
    page.locator("#search").fill("")
    expect(page.locator("tbody tr", has_text="摘要卡打不开（举报人所封）").first).to_be_visible(timeout=SLOW)
    expect(page.locator("tbody tr", has_text="正在打开")).to_have_count(0, timeout=SLOW)
    intake.find(AFTER)

    intake.open(hostile)
    shut = page.locator(".broken")
    expect(shut).to_contain_text("摘要卡 · 举报 · 举报人")
    expect(shut).to_contain_text("举报原文 · 举报 · 举报人")
    intake.begin("message")
    intake.form("message").locator("textarea").fill("您交的内容打不开，请重新提交。")
    intake.sign("message")
    expect(page.locator(".talk")).to_contain_text("请重新提交")
    intake.begin("decline")
    intake.form("decline").locator('input[type="radio"]').nth(1).check()
    intake.sign("decline")
    expect(page.locator(".casehead .state").first).to_have_text("不予受理")
    assert cases.office("intake").case(hostile).fold.state == "not_accepted"
    assert seen.complaints == []


def test_a_case_of_which_nothing_opens_is_passed_on_and_closed_by_clicks(desktop: BrowserContext, demo: Demo) -> None:
    hostile = Stranger(HttpWire(demo.public, demo.http())).file(
        sealed_badly("a card with a long name", "a report as markup", "an identity as JSON", "a claim in a report")
    )
    seen = watch(desktop)
    intake = at_a_desk(desktop, demo, "intake")
    page = intake.page
    intake.open(hostile)
    expect(page.locator(".broken")).to_contain_text("摘要卡 · 举报 · 举报人")
    intake.begin("transfer")
    form = intake.form("transfer")
    form.locator('input[type="radio"]').first.check()
    form.locator('input:not([type="radio"]):not([type="file"])').fill("经侦支队")
    intake.sign("transfer")
    expect(page.locator(".casehead .state").first).to_have_text("已转办")
    intake.begin("close")
    intake.sign("close")
    expect(page.locator(".casehead .state").first).to_have_text("已归档")
    assert demo.office("intake").case(hostile).fold.state == "closed"
    assert seen.complaints == []


def test_a_colleagues_spoiled_grants_lock_nobody_out_and_the_register_is_made(
    desktop: BrowserContext, demo: Demo
) -> None:
    cases = Cases(demo)
    case = cases.new("verifying", "恶意中止污水站").case
    verifier = cases.office("verifier")
    fields = {"reason": "PA02", "day": zone_day(verifier._clock())}
    spoiled(verifier, case, "pause", fields, [Piece("work", "等检验。".encode(), TEXT)])
    intake = at_a_desk(desktop, demo, "intake")
    intake.open(case)
    expect(intake.page.locator(".broken")).to_contain_text("核查材料 · 中止计时")
    intake.begin("resume")
    intake.sign("resume")
    assert "pause" not in cases.office("intake").case(case).fold.marks

    intake.page.get_by_role("link", name="台账导出").click()
    intake.page.locator('input[name="register"][value="reports"]').check()
    intake.page.locator('select[name="year"]').select_option("0")
    intake.page.locator(".registers form button.main").click()
    expect(intake.page.locator("[data-made]")).to_be_visible(timeout=4 * SLOW)
