"""The office destroys what is past its term: the list, the ask with archived registers, another person's signature."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DESKTOP
from tests.browser.looking import faults_on
from tests.browser.people import SLOW, Reviewer
from tests.conftest import Demo
from tests.doors import later

# Fixtures are found by name: the house whose days go on, its team, and whoever sits at a door of a later day.
from tests.doors.test_custody import AT_ONCE, DAY, WEEK, At, at, closed, filed, own, team  # noqa: F401

from tests.doors.office import Team  # isort: skip

pytestmark = pytest.mark.browser

Desk = Callable[[str, int], Reviewer]


@pytest.fixture
def desk(own: Demo, browser: Browser) -> Iterator[Desk]:  # noqa: F811
    """Somebody in a browser whose clock is so many days ahead, like that of his door."""
    with contextlib.ExitStack() as open_things:

        def sit(role: str, days: int) -> Reviewer:
            url = open_things.enter_context(later.door(own.data, "review", days * DAY, retention=AT_ONCE))
            context = open_things.enter_context(browser.new_context(viewport=DESKTOP, locale="zh-CN"))  # type: ignore[arg-type]
            page = context.new_page()
            page.clock.set_system_time(time.time() + days * DAY)
            reviewer = Reviewer(page, url, role, own.passphrase(role))
            reviewer.unlock()
            return reviewer

        yield sit


def asks(leader: Reviewer, case: str, archived: Path) -> None:
    """From the list to the case; nothing is asked before the registers are archived."""
    page = leader.page
    leader.go("#/retention")
    row = page.locator(".retention tr", has=page.locator(f'a[href*="{case}"]'))
    expect(row).to_contain_text("案件内容", timeout=SLOW)
    assert faults_on(page, "retention") == []
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    row.locator("a").click()
    card = page.locator(".card.custody")
    expect(card).to_contain_text("起可以销毁", timeout=SLOW)
    leader.begin("destroy.ask")
    form = leader.form("destroy.ask")
    form.get_by_role("radio", name="案件内容").check()
    leader.press_sign("destroy.ask")
    expect(form.locator('[role="alert"]')).to_contain_text("台账")
    form.locator('input[type="file"]').set_input_files(archived)
    expect(form.locator(".digests")).to_contain_text(archived.name)
    assert faults_on(page, "asking to destroy") == []
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    leader.sign("destroy.ask")
    expect(card).to_contain_text("已提请")
    assert "destroy" not in leader.offered()


def signs_too_early(auditor: Reviewer, case: str) -> None:
    auditor.open(case)
    auditor.begin("destroy")
    form = auditor.form("destroy")
    form.locator('input[name="for_good"]').check()
    auditor.press_sign("destroy")
    expect(form.locator('[role="alert"]')).to_contain_text("不满七天")


def signs(auditor: Reviewer, case: str) -> None:
    """It waits in his own list."""
    auditor.inbox("view=mine")
    row = auditor.page.locator(f'.rows a[href*="{case}"]')
    expect(row).to_be_visible(timeout=SLOW)
    assert faults_on(auditor.page, "what an auditor has to sign") == []
    auditor.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    row.click()
    auditor.begin("destroy")
    form = auditor.form("destroy")
    auditor.press_sign("destroy")
    expect(form.locator('[role="alert"]')).to_contain_text("无法恢复")
    form.locator('input[name="for_good"]').check()
    assert faults_on(auditor.page, "destroying") == []
    auditor.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    auditor.sign("destroy")
    expect(auditor.page.locator(".card.custody")).to_contain_text("销毁：案件内容")


def test_a_leader_asks_and_another_person_signs(
    own: Demo,  # noqa: F811
    team: Team,  # noqa: F811
    at: At,  # noqa: F811
    desk: Desk,
    tmp_path: Path,
) -> None:
    case, archived = filed(own)[2], tmp_path / "举报台账.xlsx"
    archived.write_bytes(b"PK archived")
    closed(team, case, at)
    asks(desk("leader", 35), case, archived)
    signs_too_early(desk("auditor", 36), case)
    signs(desk("auditor", 35 + WEEK), case)
    assert at("intake", 35 + WEEK).case(case).fold.destroyed == ("content",)
    intake = desk("intake", 35 + WEEK)
    intake.open(case)
    expect(intake.page.locator(".card.custody")).to_contain_text("销毁：案件内容")
    expect(intake.page.locator(".left")).not_to_contain_text("打不开的内容")
    intake.inbox()
    assert faults_on(intake.page, "a destroyed case in the list") == []


def test_a_hold_stands_on_the_case_and_is_released(
    own: Demo,  # noqa: F811
    team: Team,  # noqa: F811
    at: At,  # noqa: F811
    desk: Desk,
) -> None:
    case = filed(own)[2]
    closed(team, case, at)
    auditor = desk("auditor", 35)
    auditor.open(case)
    auditor.begin("audit.hold")
    form = auditor.form("audit.hold")
    form.locator('input[type="radio"]').first.check()
    auditor.press_sign("audit.hold")
    expect(form.locator('[role="alert"]')).to_contain_text("文号")
    form.get_by_label("文号").fill("审〔2026〕1号")
    auditor.sign("audit.hold")
    expect(auditor.page.locator(".card.custody")).to_contain_text("审计暂缓销毁中")
    leader = desk("leader", 35)
    leader.open(case)
    assert not {"destroy.ask", "audit.release", "release"} & leader.offered()
    leader.go("#/retention")
    row = leader.page.locator(".retention tr", has=leader.page.locator(f'a[href*="{case}"]'))
    expect(row).to_contain_text("暂缓", timeout=SLOW)
