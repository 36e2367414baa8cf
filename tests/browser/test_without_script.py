"""The page without script in Chromium whose scripts are off: found at once, finished, kept by reload, left for good."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.conftest import Demo
from tests.doors import later
from tests.doors.office import Team
from whistle.public import plain

pytestmark = pytest.mark.browser

TEXT = "仓库的安全出口用铁链锁着，里面堆满纸箱。"
SIZES = {"phone": PHONE, "desktop": DESKTOP}


@pytest.fixture
def still(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=False) as context:
        yield context.new_page()


def file(page: Page, url: str) -> str:
    page.goto(f"{url}/plain")
    page.fill("#place", "三号仓库")
    page.fill("#text", TEXT)
    page.get_by_role("button", name="提交，由网站加密").click()
    return ticket(page)


def ticket(page: Page) -> str:
    return "".join(page.locator(".ticket .groups span").all_text_contents())


def look(page: Page, url: str, code: str) -> None:
    page.goto(f"{url}/plain")
    page.fill("#ticket-look", code)
    page.get_by_role("button", name="查看").click()


def test_the_pages_that_need_script_say_at_once_where_to_go(still: Page, demo: Demo) -> None:
    for path in ("/", "/report", "/case"):
        still.goto(demo.public + path)
        note = still.locator("[data-needs-script]")
        assert note.is_visible()
        assert "Safest" in note.inner_text() and "Safer" in note.inner_text()
        note.get_by_role("link").first.click()
        assert still.url == f"{demo.public}/plain"


@pytest.mark.parametrize("size", SIZES)
def test_it_works(browser: Browser, demo: Demo, tmp_path: Path, size: str) -> None:
    team = Team(demo)
    with browser.new_context(viewport=SIZES[size], locale="zh-CN", java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{demo.public}/plain")
        page.screenshot(path=tmp_path / "form.png", full_page=True)
        code = file(page, demo.public)
        assert len(code) == 25
        case = demo.reporter().status(code).case
        team.to_notice(case)
        look(page, demo.public, code)
        page.screenshot(path=tmp_path / "notified.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]
        page.fill("#ticket-claim", code)
        page.fill("#payee", "代号七号")
        page.fill("#passphrase", "青山不老")
        page.check("#declared")
        page.get_by_role("button", name="申请领奖").click()
        shown = ticket(page)
        assert re.fullmatch("[0-9]{8}", shown)
        page.screenshot(path=tmp_path / "claimed.png", full_page=True)
        page.reload()
        assert ticket(page) == shown
        assert [line.kind for line in demo.reporter().status(code).posts].count("claim") == 1


def test_a_form_that_nobody_served_is_kept_by_reload(
    still: Page, demo: Demo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(plain, "OF_WORDS", plain.Budget(1, 1, 100))
    monkeypatch.setattr(plain, "OF_FILES", plain.Budget(1, 1, 100))
    monkeypatch.setattr(plain, "PLACE_PATIENCE", 0.0)
    with later.door(demo.data, "public", plain_at_once=1) as url:
        with socket.create_connection(("127.0.0.1", urlparse(url).port or 0)) as half:
            half.sendall(b"POST /plain HTTP/1.1\r\nhost: door\r\ncontent-length: 20000\r\n\r\nact=look&")
            still.goto(f"{url}/plain")
            still.fill("#place", "三号仓库")
            still.fill("#text", TEXT)
            still.set_input_files("#file", files=[{"name": "a.pdf", "mimeType": "x/y", "buffer": b"%PDF-1.4 \n%%EOF"}])
            still.get_by_role("button", name="提交，由网站加密").click()
            expect(still.get_by_text("还在您的浏览器里")).to_be_visible()
            still.screenshot(path=tmp_path / "again.png", full_page=True)
        for _ in range(20):  # until the door has seen that the other one is gone
            still.reload()
            if ticket(still):
                break
            still.wait_for_timeout(250)
        assert len(ticket(still)) == 25, still.locator("main").inner_text()[:300]
