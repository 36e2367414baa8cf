"""The registers a key makes, in the page: byte for byte what the command line makes with the same key."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.cases import Cases
from tests.browser.people import SLOW, Reviewer
from tests.cli.shell import Shell

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

FIRM = "通海管件有限公司（示例）"


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(capsys, monkeypatch)


@pytest.fixture(scope="module")
def worked(demo: Demo) -> None:
    """A case with an award, so that every register has a line."""
    cases = Cases(demo)
    case = cases.new("notified", FIRM).case
    cases.office("payout").propose_honour(case, "praise", '=报告及时，"避免"了事故。')
    cases.office("leader").return_honour(case, "HT01", "写得再具体些")
    cases.office("payout").propose_honour(case, "certificate", "报告及时。")
    cases.office("leader").approve_honour(case)
    cases.office("leader").tell_honour(case, "特发此证。")
    cases.office("leader").revoke_honour(case, "HV01")


def at_the_registers(desktop: BrowserContext, demo: Demo, role: str) -> Reviewer:
    person = Reviewer(desktop.new_page(), demo.review, role, demo.passphrase(role))
    person.unlock()
    person.page.get_by_role("link", name="台账导出").click()
    expect(person.page.locator(".registers form")).to_be_visible()
    return person


def made(person: Reviewer, name: str, folder: Path, enterprise: str = "") -> dict[str, Path]:
    """The register, saved in both forms; each is what the digest beside it says."""
    page = person.page
    page.locator(f'input[name="register"][value="{name}"]').check()
    page.locator('select[name="year"]').select_option("0")
    if enterprise:
        page.locator('input[name="enterprise"]').fill(enterprise)
    page.locator(".registers form button.main").click()
    expect(page.locator("[data-made]")).to_be_visible(timeout=4 * SLOW)
    saved = {}
    for form in ("csv", "xlsx", "jsonl"):
        with page.expect_download() as started:
            page.locator(f'[data-format="{form}"]').click()
        saved[form] = folder / f"browser.{form}"
        started.value.save_as(saved[form])
        digest = page.locator(f'[data-digest="{form}"]').inner_text()
        assert digest == hashlib.sha256(saved[form].read_bytes()).hexdigest()
    return saved


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize(
    ("role", "name"), [("intake", "reports"), ("leader", "awards"), ("leader", "hazards"), ("payout", "honours")]
)
def test_the_page_makes_what_the_command_makes(
    desktop: BrowserContext, demo: Demo, shell: Shell, tmp_path: Path, role: str, name: str
) -> None:
    saved = made(at_the_registers(desktop, demo, role), name, tmp_path)
    shell.env.setenv("WHISTLE_PASSPHRASE", demo.passphrase(role))
    key = demo.data / "staff" / f"{role}.key"
    for form in ("csv", "jsonl"):
        out = tmp_path / f"command.{form}"
        shell.done("register", name, "--server", demo.review, "--key", key, "--format", form, "--out", out)
        assert saved[form].read_bytes() == out.read_bytes()
        assert name != "honours" or len(out.read_bytes().splitlines()) > 1
    sheet = openpyxl.load_workbook(saved["xlsx"]).active
    assert sheet is not None
    assert not sheet.merged_cells.ranges


@pytest.mark.usefixtures("worked")
def test_an_enterprises_copy_says_nothing_of_a_report(desktop: BrowserContext, demo: Demo, tmp_path: Path) -> None:
    person = at_the_registers(desktop, demo, "verifier")
    saved = made(person, "hazards", tmp_path, enterprise=FIRM)
    assert "举报" not in saved["csv"].read_text("utf-8-sig")
    person.go("#/inbox?view=all")
    expect(person.page.locator(".inbox")).to_be_visible(timeout=SLOW)
    person.go("#/registers")
    expect(person.page.locator("[data-made]")).to_have_count(0)


def test_each_role_is_offered_its_own_registers_and_finance_none(desktop: BrowserContext, demo: Demo) -> None:
    intake = at_the_registers(desktop, demo, "intake")
    assert intake.page.locator('input[name="register"]').count() == 1
    finance = Reviewer(desktop.new_page(), demo.review, "finance", demo.passphrase("finance"))
    finance.unlock()
    expect(finance.page.get_by_role("link", name="台账导出")).to_have_count(0)
