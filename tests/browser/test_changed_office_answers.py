"""A review door whose answers lie, and the office's own unchanged script: nobody else reads, and no lie stands as ours.

One field of one answer at a time; docs/threat-model.md lists them all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Error, Route, expect

from tests.browser.cases import Cases
from tests.browser.people import SLOW, Reviewer
from tests.browser.test_changed_answers import channel_of, granted, table
from tests.browser.watching import watch
from whistle.crypto.posts import unpack_upload

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

LIE = "谎称的话"
Lie = Callable[[str, Callable[[Any], Any]], None]


@pytest.fixture
def cases(demo: Demo) -> Cases:
    return Cases(demo)


@pytest.fixture
def desk(desktop: BrowserContext, changed: Lie, demo: Demo) -> Callable[[str], Reviewer]:
    def at(role: str) -> Reviewer:
        one = Reviewer(desktop.new_page(), demo.review, role, demo.passphrase(role))
        one.page.on("dialog", lambda dialog: dialog.accept())
        return one

    return at


@pytest.fixture
def uploads(desktop: BrowserContext) -> Iterator[list[Any]]:
    """Every post as it left the page."""
    sent: list[Any] = []

    def keep(route: Route) -> None:
        sent.append(unpack_upload(route.request.post_data_buffer or b""))
        route.continue_()

    desktop.route("**/api/posts", keep)
    yield sent


@pytest.fixture
def changed(desktop: BrowserContext) -> Callable[[str, Callable[[Any], Any]], None]:
    """From now on the answers of an address are the door's own, changed; by `honest` they are as they were."""
    lies: dict[str, Callable[[Any], Any]] = {}

    def answer(route: Route) -> None:
        asked = urlsplit(route.request.url).path
        lie = lies.get(asked) or next(
            (lie for path, lie in lies.items() if path.endswith("/") and asked.startswith(path)), None
        )
        if lie is None or lie is honest:
            route.fallback()
            return
        try:
            response = route.fetch()
            route.fulfill(response=response, json=lie(response.json()))
        except Error as gone:  # the page went on before its answer came
            assert "handled" in str(gone) or "disposed" in str(gone) or "closed" in str(gone), gone

    desktop.route("**/api/**", answer)
    return lambda path, change: lies.update({path: change})


def honest(answer: Any) -> Any:
    return answer


def with_(**fields: Any) -> Callable[[Any], Any]:
    return lambda answer: answer | fields


def test_who_signs_and_what_he_may_is_read_in_the_directory_and_not_in_the_doors_word(
    desk: Callable[[str], Reviewer], desktop: BrowserContext, changed: Lie, cases: Cases
) -> None:
    filed = cases.new("received", "改身份木业")
    every = ["intake", "verifier", "leader", "payout", "finance", "auditor"]

    def promote(answer: Any) -> Any:
        channels = [one | {"roles": every, "label": LIE} for one in answer["channels"]]
        return answer | {"label": LIE, "channels": channels}

    changed("/api/login", promote)
    intake = desk("intake")
    intake.unlock()
    intake.open(filed.case)
    expect(intake.page.locator("body")).not_to_contain_text(LIE)
    expect(intake.page.locator(".person")).not_to_contain_text("领导")
    assert not intake.offered() & {"finding", "award.propose", "award.approve", "decline.agree", "pay"}
    intake.go("#/transcribe")
    expect(intake.page.locator(".sheet")).to_be_visible()
    expect(intake.page.locator("body")).not_to_contain_text(LIE)


def test_another_person_than_the_directory_names_is_not_let_in(
    desk: Callable[[str], Reviewer], desktop: BrowserContext, changed: Lie, demo: Demo
) -> None:
    other = next(one["person"] for one in channel_of(demo)["readers"] if "leader" in one["roles"])
    changed("/api/login", with_(person=other))
    intake = desk("intake")
    intake.page.goto(demo.review)
    intake.page.locator('input[name="login"]').fill("intake")
    intake.give_passphrase()
    expect(intake.page.locator("#unlock-say")).not_to_be_empty(timeout=SLOW)
    expect(intake.page.locator(".inbox")).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/api/channels/", with_(label=LIE)),
        ("/api/directory", lambda answer: {"directories": answer["directories"][1:]}),
        ("/api/directory", lambda answer: json.loads(json.dumps(answer).replace('demo\\":true', 'demo\\":false'))),
        ("/api/login/challenge", with_(origin="https://elsewhere.example")),
        ("/api/login/challenge", with_(expires="tomorrow")),
    ],
    ids=["a channel", "no first directory", "another directory", "another origin", "no time"],
)
def test_papers_that_do_not_hold_let_nobody_in(
    desk: Callable[[str], Reviewer],
    desktop: BrowserContext,
    changed: Lie,
    demo: Demo,
    path: str,
    change: Callable[[Any], Any],
) -> None:
    changed(path, change)
    intake = desk("intake")
    intake.page.goto(demo.review)
    intake.page.locator('input[name="login"]').fill("intake")
    intake.give_passphrase()
    expect(intake.page.locator("#unlock-say")).not_to_be_empty(timeout=SLOW)
    expect(intake.page.locator(".inbox")).to_have_count(0)


DESTINATION = {
    "id": "a",
    "kind": "mail",
    "address": "x@example.cn",
    "label": "",
    "urgent": False,
    "said": "",
    "dropped": 0,
}


@pytest.mark.parametrize(
    "lie",
    [
        with_(destinations=[DESTINATION | {"kind": "pigeon"}]),
        with_(destinations=[DESTINATION | {"address": f"x\u202e{LIE}"}]),
        with_(destinations=[DESTINATION | {"said": LIE}]),
        with_(hours=[LIE]),
        with_(duty="yes"),
    ],
    ids=["a kind", "an address", "an outcome", "hours", "a duty"],
)
def test_where_one_is_told_is_of_the_kind_that_is_asked(
    desk: Callable[[str], Reviewer], changed: Lie, lie: Callable[[Any], Any]
) -> None:
    changed("/api/destinations", lie)
    intake = desk("intake")
    intake.unlock()
    intake.go("#/notices")
    expect(intake.page.locator(".reminders [role=alert]")).to_contain_text("核对不上")
    expect(intake.page.locator("body")).not_to_contain_text(LIE)


CASE = {
    "a number that is none": with_(number={"a": 1}),
    "a day that is none": with_(today="明天"),
    "clocks that are none": with_(clocks=1),
    "a clock of words": with_(clocks=[{"step": LIE, "start": LIE, "due": LIE, "stop": "", "provisional": False}]),
    "papers that are none": with_(papers=5),
    "posts that are none": with_(posts=[{}]),
    "no posts": with_(posts=[]),
    "a post left out": lambda answer: answer | {"posts": answer["posts"][1:]},
    "a word changed": lambda answer: json.loads(json.dumps(answer).replace("major_hazard", "violation")),
}


def test_a_case_is_what_its_posts_say_or_does_not_open(
    desk: Callable[[str], Reviewer], desktop: BrowserContext, changed: Lie, cases: Cases
) -> None:
    filed = cases.new("verifying", "改案件木业")
    seen = watch(desktop)
    intake = desk("intake")
    intake.unlock()
    for name, change in CASE.items():
        changed("/api/case", change)
        intake.inbox()
        intake.go(f"#/case/{filed.case}")
        shown = intake.page.locator(".case h1, .page .say.bad")
        expect(shown.first, name).to_be_visible(timeout=SLOW)
        expect(intake.page.locator("body"), name).not_to_contain_text(LIE)
        expect(intake.page.locator("body"), name).not_to_contain_text("[object Object]")
        expect(intake.page.locator("body"), name).not_to_contain_text("明天")
        changed("/api/case", honest)
    intake.open(filed.case)
    assert seen.complaints == []


def test_another_case_in_the_place_of_the_one_asked_for_does_not_open(
    desk: Callable[[str], Reviewer], desktop: BrowserContext, changed: Lie, cases: Cases
) -> None:
    mine, other = cases.new("received", "被换案件木业"), cases.new("received", "顶替案件木业")
    intake = desk("intake")
    intake.unlock()

    def swap(route: Route) -> None:
        route.continue_(headers=route.request.headers | {"whistle-case": other.case})

    desktop.route("**/api/case", swap)
    intake.inbox()
    intake.go(f"#/case/{mine.case}")
    expect(intake.page.locator(".page .say.bad")).to_be_visible(timeout=SLOW)
    expect(intake.page.locator("#acts")).to_have_count(0)


def test_a_list_shows_no_card_under_another_case_and_none_of_another_shape(
    desk: Callable[[str], Reviewer], desktop: BrowserContext, changed: Lie, cases: Cases
) -> None:
    for enterprise in ("甲卡木业", "乙卡木业"):
        cases.new("received", enterprise)
    seen = watch(desktop)

    def swap(answer: Any) -> Any:
        rows = answer["rows"]  # every row of a page under the next one's card: nobody knows on which page a case is
        cards = [row["card"] for row in rows]
        return answer | {"rows": [row | {"card": cards[at - 1]} for at, row in enumerate(rows)]}

    changed("/api/inbox", swap)
    intake = desk("intake")
    intake.unlock()
    intake.inbox()
    page = intake.page
    expect(page.locator("tbody tr", has_text="摘要卡打不开")).not_to_have_count(0, timeout=SLOW)
    expect(page.locator("tbody tr", has_text="正在打开")).to_have_count(0, timeout=SLOW)
    for words in ("甲卡木业", "乙卡木业"):
        expect(page.locator("tbody tr", has_text=words)).to_have_count(0)
    changed("/api/inbox", honest)
    for change in ({"rows": [None]}, {"rows": 5}, {"rows": [{"case": 1}]}, {"rows": [], "next": "x"}, {"counts": 5}):
        changed("/api/inbox", with_(**change))
        intake.go("#/inbox?view=mine")
        intake.go("#/inbox?view=all")
        expect(page.locator(".inbox")).to_be_visible(timeout=SLOW)
        changed("/api/inbox", honest)
    intake.inbox("view=mine")
    intake.find("甲卡木业")
    assert seen.complaints == []


def test_what_a_post_is_answered_with_proves_it_or_is_said_to_prove_nothing(
    desk: Callable[[str], Reviewer], desktop: BrowserContext, changed: Lie, cases: Cases
) -> None:
    filed = cases.new("received", "改回执木业")
    changed("/api/posts", lambda answer: json.loads(json.dumps(answer).replace('no\\":1', 'no\\":2')))
    intake = desk("intake")
    intake.unlock()
    intake.open(filed.case)
    intake.begin("message")
    intake.form("message").locator("textarea").fill("请问是哪一台设备?")
    intake.press_sign("message")
    expect(intake.form("message").locator(".say.bad")).to_be_visible(timeout=SLOW)
    expect(intake.form("message").locator("textarea")).to_have_value("请问是哪一台设备?")


def test_packs_calendars_and_names_that_do_not_hold_count_for_nothing(
    desk: Callable[[str], Reviewer], desktop: BrowserContext, changed: Lie, cases: Cases, demo: Demo, uploads: list[Any]
) -> None:
    """A changed pack is none, and a changed name is not told."""
    filed = cases.new("received", "改规则木业")
    seen = watch(desktop)
    changed("/api/packs", lambda answer: json.loads(json.dumps(answer).replace("1500", "9500")))
    changed("/api/roster", lambda answer: json.loads(json.dumps(answer).replace("王芳", LIE)))
    changed("/api/calendar", with_(years=LIE))
    intake = desk("intake")
    intake.unlock()
    for path in ("/api/packs", "/api/calendar"):
        intake.inbox()
        intake.go(f"#/case/{filed.case}")
        expect(intake.page.locator(".say.bad")).to_be_visible(timeout=SLOW)
        changed(path, honest)
    intake.open(filed.case)
    expect(intake.page.locator("body")).not_to_contain_text(LIE)
    intake.begin("message")
    intake.form("message").locator("textarea").fill("请问是哪一台设备?")
    intake.sign("message")
    expect(intake.page.locator(".bubble.ours")).to_have_count(1)
    held = granted(uploads[0])
    roles = {one["rid"]: set(one["roles"]) for one in channel_of(demo)["readers"]}
    for reader, given in held.items():
        for comp, part in given:
            allowed = table()["compartments"][comp]["roles"]
            assert reader == "reporter" or any(allowed.get(role) == part for role in roles[reader])
    assert seen.complaints == []


def test_a_ledger_of_another_shape_is_said_to_be_none(
    desk: Callable[[str], Reviewer], desktop: BrowserContext, changed: Lie
) -> None:
    seen = watch(desktop)
    finance = desk("finance")
    finance.unlock()
    for change in ({"rows": None}, {"balance": 1}, {"waiting": None}, {"large": "x"}, {"sources": 5}, {"years": None}):
        changed("/api/ledger", with_(**change))
        finance.inbox()
        finance.go("#/ledger")
        expect(finance.page.locator(".page.ledger > .say.bad").first).to_be_visible(timeout=SLOW)
        changed("/api/ledger", honest)
    finance.inbox()
    finance.go("#/ledger")
    expect(finance.page.locator(".page.ledger > .say.bad")).to_have_count(0, timeout=SLOW)
    assert seen.complaints == []


LATER = {
    "no rows": with_(rows=None),
    "rows of another shape": lambda answer: answer | {"rows": [row | {"fen": LIE} for row in answer["rows"]]},
    "words that steer": lambda answer: answer | {"rows": [row | {"source": "经费\u202e"} for row in answer["rows"]]},
    "a next that is none": with_(next=5),
    "an empty page and on": with_(rows=[], next="1"),
    "the same rows for ever": lambda answer: answer | {"rows": [row | {"no": 10**6} for row in answer["rows"]]},
}


def test_a_further_page_of_the_ledger_of_another_shape_is_said_to_be_none(
    desk: Callable[[str], Reviewer], desktop: BrowserContext, changed: Lie, demo: Demo
) -> None:
    year = 2057
    office = demo.office("finance")
    for _ in range(101 - len(list(office.ledger_rows(year)))):
        office.open_budget(year, "经费", 100)
    finance = desk("finance")
    finance.unlock()
    page = finance.page
    finance.go("#/ledger")
    page.locator(".pagehead select").select_option(str(year))
    expect(page.locator(".earlier")).to_contain_text("共 101 行", timeout=SLOW)
    for name, change in LATER.items():
        for button in ("再显示更早的", "全部载入"):
            finance.inbox()
            with page.expect_response(lambda answer: "/api/ledger?" in answer.url):  # one: the page keeps the year
                finance.go("#/ledger")
            expect(page.locator(".page.ledger > .say.bad"), name).to_have_count(0, timeout=SLOW)
            expect(page.locator(".earlier")).to_contain_text("共 101 行", timeout=SLOW)
            changed("/api/ledger", change)
            page.get_by_role("button", name=button).click()
            expect(page.locator(".page.ledger > .say.bad").first, name).to_be_visible(timeout=SLOW)
            expect(page.locator(".book tbody tr"), name).to_have_count(100)
            changed("/api/ledger", honest)


def test_an_answer_that_is_late_does_not_take_the_place_of_a_newer_one(
    desk: Callable[[str], Reviewer], desktop: BrowserContext
) -> None:
    finance = desk("finance")
    finance.unlock()
    page = finance.page
    late: list[Route] = []
    page.route("**/api/ledger?*", lambda route: route.continue_() if late else late.append(route))
    with page.expect_request("**/api/ledger?*"):
        finance.go("#/ledger")
    finance.inbox()
    finance.go("#/ledger")
    expect(page.locator(".page.ledger table").first).to_be_visible(timeout=SLOW)
    with page.expect_response("**/api/ledger?*"):
        late[0].fulfill(json={"rows": None})
    page.wait_for_timeout(200)  # the page has the answer by then, and would have drawn it
    expect(page.locator(".page.ledger > .say.bad")).to_have_count(0)
