"""A house whose objections the level above decides: nobody here is asked to, and its paper is entered and confirmed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DESKTOP
from tests.browser.people import SLOW, Reviewer
from tests.conftest import Demo, start

pytestmark = pytest.mark.browser


@pytest.fixture
def above(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = start(tmp_path_factory.mktemp("above") / "data", WHISTLE_REVIEW="above")
    yield running
    running.kill()


def test_the_decision_of_the_level_above_is_entered_by_one_and_confirmed_by_another(
    browser: Browser, above: Demo
) -> None:
    reporter = above.reporter()
    one = reporter.submit("灭火器全是空的。", category="violation", enterprise="沂岭板材二厂")
    above.office("intake").decline(one.case, "NA03")
    reporter.objection(one.ticket, "decline", "这是隐患,不是建议。")
    with browser.new_context(viewport=DESKTOP, locale="zh-CN") as desk, browser.new_context(locale="zh-CN") as other:
        intake, leader = (
            Reviewer(context.new_page(), above.review, role, above.passphrase(role))
            for context, role in ((desk, "intake"), (other, "leader"))
        )
        leader.unlock()
        leader.open(one.case)
        expect(leader.page.locator("#acts")).to_contain_text("异议由上一级机关复查")
        assert "objection.decide" not in leader.offered()

        intake.unlock()
        intake.open(one.case)
        intake.begin("objection.record")
        form = intake.form("objection.record")
        form.locator('input[name="objection_outcome"]').first.check()
        form.locator("label.field", has_text="作出决定的机关").locator("input").fill("市应急管理局")
        form.locator("label.field", has_text="文号").locator("input").fill("复查7号")
        form.locator("textarea").fill("决定书全文。")
        intake.sign("objection.record")
        assert above.reporter().status(one.ticket).state == "objection"

        leader.open(one.case)
        leader.begin("objection.confirm")
        leader.sign("objection.confirm")
        expect(leader.page.locator(".case")).to_contain_text("已接报", timeout=SLOW)
    assert above.reporter().status(one.ticket).state == "received"
