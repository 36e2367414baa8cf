"""The page of reminders: an officer says where he is told, tries it, and takes it out again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.looking import faults_on
from tests.browser.people import Reviewer
from tests.conftest import Demo, start
from tests.notices import conftest as servers
from tests.notices.conftest import Receiver
from whistle.notices.delivery import SENTENCES

pytestmark = pytest.mark.browser

receiver, mail = servers.receiver, servers.mail
HOOK = "https://oapi.dingtalk.com/robot/send?access_token=566cc69da782ec"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A house of its own: its jobs are run."""
    running = start(tmp_path_factory.mktemp("notices") / "data", WHISTLE_SMTP_HOST="127.0.0.1")
    yield running
    running.kill()


def at_the_reminders(context: BrowserContext, house: Demo, role: str = "intake") -> Page:
    person = Reviewer(context.new_page(), house.review, role, house.passphrase(role))
    person.unlock()
    person.page.get_by_role("link", name="提醒").click()
    expect(person.page.locator(".reminders form")).to_be_visible()
    return person.page


def add(page: Page, kind: str, address: str, **more: str) -> None:
    page.locator('select[name="kind"]').select_option(kind)
    page.locator('input[name="address"]').fill(address)
    for name, value in more.items():
        page.locator(f'input[name="{name}"]').fill(value)
    page.get_by_role("button", name="登记").click()


def clear(page: Page) -> None:
    buttons = page.locator("[data-remove]")
    while count := buttons.count():
        buttons.first.click()
        expect(buttons).to_have_count(count - 1)


def run_jobs(house: Demo, mail: Receiver) -> None:
    env: dict[str, Any] = os.environ | {
        "WHISTLE_NOTICE_HOURS": "",
        "WHISTLE_SMTP_HOST": "127.0.0.1",
        "WHISTLE_SMTP_PORT": str(mail.port),
        "WHISTLE_SMTP_TLS": "off",
        "WHISTLE_SMTP_FROM": "notice@office.example.cn",
    }
    command = [sys.executable, "-m", "whistle", "jobs", "--once", "--data", str(house.data)]
    subprocess.run(command, env=env, check=True, capture_output=True)


def test_it_works(desktop: BrowserContext, house: Demo, mail: Receiver) -> None:
    page = at_the_reminders(desktop, house)
    expect(page.locator(".reminders")).to_contain_text("还没有登记")
    add(page, "mail", "wangli@office.example.cn", label="办公邮箱")
    row = page.locator("[data-destination]")
    expect(row).to_contain_text("wangli@office.example.cn")
    expect(row).to_contain_text("办公邮箱")
    expect(row).to_contain_text("还没有发过")
    row.get_by_role("checkbox").check()
    expect(row.get_by_role("checkbox")).to_be_checked()
    row.get_by_role("button", name="发一条测试").click()
    expect(page.locator(".notice")).to_contain_text("已排队")
    run_jobs(house, mail)
    assert [letter.get_content().strip() for letter in mail.letters()] == [SENTENCES["test"]]
    page.get_by_role("button", name="刷新").click()
    expect(row).to_contain_text("已发出")
    expect(row.get_by_role("checkbox")).to_be_checked()
    clear(page)
    expect(page.locator(".reminders")).to_contain_text("还没有登记")


def test_a_webhook_is_a_password_and_is_not_shown_again(desktop: BrowserContext, house: Demo) -> None:
    page = at_the_reminders(desktop, house)
    add(page, "dingtalk", HOOK, secret="SECabc")
    expect(page.locator("[data-destination]")).to_contain_text("https://oapi.dingtalk.com/…82ec")
    assert "access_token" not in page.locator("main").inner_text()
    assert page.locator('input[name="address"]').input_value() == ""
    add(page, "dingtalk", HOOK, secret="SECother")
    expect(page.locator(".reminders [role=alert]")).to_contain_text("已经登记过了")
    expect(page.locator("[data-destination]")).to_have_count(1)
    clear(page)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://hook.example.cn/x", "https://"),
        ("https://127.0.0.1/x", "内部网络"),
        ("https://10.0.0.8:9/x", "内部网络"),
    ],
)
def test_an_address_that_no_message_goes_to_is_refused_and_stays_in_its_field(
    desktop: BrowserContext, house: Demo, address: str, said: str
) -> None:
    page = at_the_reminders(desktop, house)
    add(page, "wecom", address)
    expect(page.locator(".reminders [role=alert]")).to_contain_text(said)
    assert page.locator('input[name="address"]').input_value() == address


def test_five_are_enough(desktop: BrowserContext, house: Demo) -> None:
    page = at_the_reminders(desktop, house)
    for n in range(5):
        add(page, "mail", f"wangli{n}@office.example.cn")
        expect(page.locator("[data-destination]")).to_have_count(n + 1)
    add(page, "mail", "wangli6@office.example.cn")
    expect(page.locator(".reminders [role=alert]")).to_contain_text("最多登记五个")
    clear(page)


def test_nobody_sees_anothers_and_who_is_not_on_duty_is_asked_nothing_urgent(
    desktop: BrowserContext, house: Demo
) -> None:
    page = at_the_reminders(desktop, house)
    add(page, "mail", "wangli@office.example.cn")
    expect(page.locator("[data-destination]")).to_have_count(1)
    auditor = at_the_reminders(desktop.browser.new_context(locale="zh-CN"), house, "auditor")  # type: ignore[union-attr]
    expect(auditor.locator(".reminders")).to_contain_text("还没有登记")
    add(auditor, "mail", "auditor@office.example.cn")
    expect(auditor.locator("[data-destination]")).to_have_count(1)
    assert auditor.get_by_role("checkbox").count() == 0
    assert "紧急事项" not in auditor.locator("main").inner_text()
    auditor.context.close()
    clear(page)


def test_the_page_holds_on_a_phone_and_a_desktop(desktop: BrowserContext, house: Demo) -> None:
    page = at_the_reminders(desktop, house)
    long = "a.very.long.address.of.somebody.with.a.long.name@mail.office.lingang.example.cn"
    add(page, "mail", long, label="值班手机" * 10)
    expect(page.locator("[data-destination]")).to_have_count(1)
    add(page, "feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/2b1f-9a", secret="abc")
    expect(page.locator("[data-destination]")).to_have_count(2)
    page.locator('select[name="kind"]').select_option("dingtalk")
    shots = os.environ.get("SHOTS")
    for width, height in ((390, 844), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        if shots:
            page.screenshot(path=f"{shots}/reminders-{width}.png", full_page=True)
    assert faults_on(page, "reminders") == []
    page.set_viewport_size({"width": 1280, "height": 800})
    clear(page)
