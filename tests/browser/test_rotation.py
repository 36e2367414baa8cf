"""A new key takes over from an old one in the browser: every case, and again where it was broken off."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.people import SLOW, Reviewer
from tests.cli.test_handover import WORDS, new_key
from tests.conftest import Demo, start


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own, whose directory this test changes."""
    running = start(tmp_path_factory.mktemp("rotation") / "data")
    yield running
    running.kill()


def test_every_case_goes_to_the_new_key_and_a_round_broken_off_goes_on(desktop: BrowserContext, moving: Demo) -> None:
    filed = [moving.reporter().submit(WORDS).case for _ in range(3)]
    page = desktop.new_page()
    bob = Reviewer(page, moving.review, "intake", moving.passphrase("intake"))
    bob.unlock()
    expect(page.locator("table.rows")).to_be_visible(timeout=SLOW)
    expect(page.locator(".rotation")).to_have_count(0)
    page.get_by_role("button", name="锁定").click()
    fresh = new_key(moving, "intake")
    assert not {row["case"] for row in fresh.inbox()} & set(filed)

    # The line breaks after two posts: the rest is told, and nothing is lost.
    sent: list[str] = []

    def breaking(route: Route) -> None:
        sent.append(route.request.url)
        route.continue_() if len(sent) <= 2 else route.abort()

    bob.unlock()
    page.route("**/api/posts", breaking)
    page.locator(".rotation button").click()
    expect(page.locator(".rotation .bad")).to_contain_text("没有交成", timeout=SLOW)
    page.unroute("**/api/posts")
    page.locator(".rotation button").click()
    expect(page.locator(".rotation [role=status]")).to_contain_text("都交好了", timeout=SLOW)
    for case in filed:
        assert WORDS in [item.text for item in fresh.case(case).items]
    page.locator(".rotation button").click()
    expect(page.locator(".rotation [role=status]")).to_contain_text("这次交了 0 件", timeout=SLOW)
