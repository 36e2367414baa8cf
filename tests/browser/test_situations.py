"""A situation that an enterprise's pack lists is chosen by its words, by the verifier, and the sum follows from it."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import BEYOND
from tests.browser.people import SLOW, Reviewer
from tests.conftest import Demo
from tests.doors.firm import NAME, ROLES, at_the_firm, filed, founded
from whistle import publishing, settings, zone
from whistle.core import rulebook
from whistle.core.clock import zone_day
from whistle.crypto import fingerprint
from whistle.crypto.encoding import b64, unb64

pytestmark = pytest.mark.browser

EXAMPLE = ("EN-EX-1", b64(rulebook.pack_hash(rulebook.load("EN-EX-1"))))
CHOSEN = "较大隐患,本岗位职责以外"


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The firm's house, with an example of its awards in the directory."""
    running = founded(tmp_path_factory.mktemp("firm") / "data")
    folder = running.data / "zone"
    zone.add_pack(folder, *EXAMPLE, since="2020-01-01")
    zone.sign(folder, today=zone_day(time.time()), confirm=lambda one: fingerprint.show(unb64(one["rid"])))
    publishing.publish(settings.read({}, data=running.data), folder)
    yield running
    running.kill()


def desk(page: Page, demo: Demo, role: str) -> Reviewer:
    """This person, working for the firm."""
    one = Reviewer(page, demo.review, role, demo.passphrase(role))
    one.unlock()
    page.get_by_label("办理机构").select_option(label=NAME)
    expect(page.locator(".inbox, .ledger").first).to_be_visible(timeout=SLOW)
    return one


def test_the_verifier_names_the_situation_and_payout_has_its_sum(browser: Browser, firm: Demo, tmp_path: Path) -> None:
    team = {role: at_the_firm(firm, role) for role in ROLES}
    case = filed(firm.reporter()).case
    told = {"category": "unsafe_condition", "sector": "industry_trade", "received": team["intake"].case(case).today}
    team["intake"].accept(case, **told, packs=[EXAMPLE])
    team["intake"].extract(case, {"category": "unsafe_condition"}, "检查打磨间的除尘器。")
    team["intake"].assign(case, {role: [str(team[role].me["person"])] for role in ("verifier", "leader")})
    with browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN") as context:
        vera = desk(context.new_page(), firm, "verifier")
        vera.open(case)
        vera.begin("finding")
        form = vera.form("finding")
        form.locator('input[name="outcome"]').first.check()
        form.locator("textarea").first.fill("属实，已停机清灰。")
        form.locator('select[name="annex_item"]').select_option(label=CHOSEN)
        assert vera.page.evaluate(BEYOND) <= 0
        vera.page.screenshot(path=tmp_path / "finding.png", full_page=True)
        vera.sign("finding")
    with browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN") as context:
        paul = desk(context.new_page(), firm, "payout")
        paul.open(case)
        paul.begin("award.propose")
        expect(paul.form("award.propose")).to_contain_text("400.00", timeout=SLOW)
        expect(paul.form("award.propose").locator("dl.facts")).to_contain_text("附表情形 L-OUT")
        paul.page.screenshot(path=tmp_path / "proposal.png", full_page=True)
