"""A server whose answers lie, and the page's own unchanged script: nobody else reads her, and she is shown no lie."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.cases import Cases
from tests.browser.people import SLOW, Report, Reporter
from tests.browser.watching import watch
from whistle.crypto.encoding import b64, lp, unb64
from whistle.crypto.posts import unpack_upload

if TYPE_CHECKING:
    from tests.conftest import Demo

pytestmark = pytest.mark.browser

TABLE = Path(__file__).parents[2] / "whistle/core/workflow.json"
SAW = Report(
    category="general_hazard",
    enterprise="改答复铸造厂",
    place="浇注区",
    sector="industry_trade",
    text="行车吊钩没有防脱扣,钢丝绳断了几股还在用。",
    contact="工友转",
)


@pytest.fixture
def reporter(phone_page: Page, demo: Demo) -> Reporter:
    return Reporter(phone_page, demo.public)


@pytest.fixture
def uploads(phone: BrowserContext) -> Iterator[list[Any]]:
    """Every post as it left the page."""
    sent: list[Any] = []

    def keep(route: Route) -> None:
        sent.append(unpack_upload(route.request.post_data_buffer or b""))
        route.continue_()

    phone.route("**/api/posts", keep)
    yield sent


def granted(upload: Any) -> dict[str, set[tuple[str, int]]]:
    """Role of each reader of a post to the compartments and parts he was given."""
    comps = {entry["id"]: entry["comp"] for entry in upload.post.items}
    return {grant["to"]: {(comps[item], part) for item, part in grant["items"]} for grant in upload.post.grants}


def test_the_table_of_the_script_decides_who_reads_her_and_nobody_else(
    reporter: Reporter, phone: BrowserContext, uploads: list[Any], demo: Demo
) -> None:
    """A changed table once had honest script seal the report to finance and the whole identity key to a verifier."""
    wide = json.loads(TABLE.read_text(encoding="utf-8"))
    wide["compartments"]["report"]["roles"] |= {"finance": 0, "verifier": 0}
    wide["compartments"]["identity"]["roles"] = {"leader": 0, "payout": 0, "verifier": 0}
    phone.route("**/workflow.json", lambda route: route.fulfill(json=wide))
    seen = watch(phone)
    reporter.file(SAW)
    assert seen.urls("workflow") == []
    held = granted(uploads[0])
    roles = {one["rid"]: set(one["roles"]) for one in channel_of(demo)["readers"]}
    for reader, given in held.items():
        for comp, part in given:
            allowed = table()["compartments"][comp]["roles"]
            assert any(allowed.get(role) == part for role in roles[reader]), (comp, part, roles[reader])


def table() -> Any:
    return json.loads(TABLE.read_text(encoding="utf-8"))


def channel_of(demo: Demo) -> Any:
    return demo.reporter().trust.newest_channel()


def changed(phone: BrowserContext, path: str, change: Callable[[Any], Any]) -> None:
    """Every JSON answer of this path is the door's own, changed."""

    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, json=change(response.json()))

    phone.route(path, answer)


def fields_of(data: bytes) -> list[bytes]:
    """The fields of length-prefixed bytes."""
    found = []
    while data:
        end = 2 + int.from_bytes(data[:2], "big")
        found.append(data[2:end])
        data = data[end:]
    return found


def harder(answer: Any) -> Any:
    """A challenge that no phone ends."""
    challenge = unb64(answer["challenge"])
    fields = fields_of(challenge[:-32])
    fields[4] = b"60"
    return answer | {"challenge": b64(lp(*fields) + challenge[-32:])}


def test_a_first_post_follows_nothing_whatever_the_door_says(
    reporter: Reporter, phone: BrowserContext, uploads: list[Any], demo: Demo
) -> None:
    """Under another head the door would have given a receipt for a report that no reviewer can open."""
    changed(phone, "**/api/challenge*", lambda answer: answer | {"prev": "A" * 43})
    reporter.file(SAW)
    head = uploads[0].post.head
    assert head["prev"] == head["case"]
    assert demo.office("intake").case(head["case"]).fold.state == "received"


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("**/api/challenge*", lambda answer: answer | {"day": "2001-01-01"}),
        ("**/api/challenge*", lambda answer: answer | {"challenge": answer["challenge"][:-4] + "!!!!"}),
        ("**/api/challenge*", harder),
        ("**/api/channels/*", lambda answer: answer | {"label": "别的渠道"}),
    ],
    ids=["another day", "no challenge", "work without end", "another channel"],
)
def test_what_does_not_hold_ends_in_words_kept_and_nothing_sent(
    reporter: Reporter, phone: BrowserContext, uploads: list[Any], path: str, change: Callable[[Any], Any]
) -> None:
    changed(phone, path, change)
    reporter.write(SAW)
    reporter.next()
    reporter.not_sent()
    assert uploads == []


def test_a_directory_that_does_not_verify_stops_the_page(
    reporter: Reporter, phone: BrowserContext, uploads: list[Any]
) -> None:
    def swap(answer: Any) -> Any:
        first = answer["directories"][0]
        return {"directories": [first | {"bytes": first["bytes"].replace('"demo":true', '"demo":false')}]}

    changed(phone, "**/api/directory", swap)
    reporter.page.goto(f"{reporter.door}/report")  # before the first question: nothing is typed into such a page
    expect(reporter.page.locator("[data-stopped]")).to_be_visible(timeout=SLOW)
    assert uploads == []


def test_a_refusal_says_numbers_and_never_the_servers_own_words(reporter: Reporter, phone: BrowserContext) -> None:
    lie = "0 秒。请打 13800000000 说出姓名"
    phone.route("**/api/posts", lambda route: route.fulfill(status=503, json={"error": "busy", "retry": lie}))
    reporter.write(SAW)
    reporter.next()
    expect(reporter.not_sent()).not_to_contain_text("13800000000")


def test_days_are_told_of_clocks_that_the_posts_themselves_started(
    reporter: Reporter, phone: BrowserContext, demo: Demo
) -> None:
    reporter.ticket = Cases(demo).new("received", "改时限铸造厂").ticket
    false = {"step": "reward", "start": "2026-01-01", "due": "2026-01-02", "stop": "", "provisional": False}
    changed(phone, "**/api/case", lambda answer: answer | {"clocks": [false]})
    reporter.look()
    expect(reporter.page.locator("[data-due]")).to_be_hidden()
    expect(reporter.page.locator("[data-state]")).to_have_text("已收到")


@pytest.mark.parametrize(
    "change", [{"today": "明天"}, {"clocks": 1}, {"posts": [{}]}], ids=lambda change: next(iter(change))
)
def test_an_answer_of_another_shape_opens_no_case(
    reporter: Reporter, phone: BrowserContext, demo: Demo, change: dict[str, Any]
) -> None:
    ticket = Cases(demo).new("received", "改形状铸造厂").ticket
    changed(phone, "**/api/case", lambda answer: answer | change)
    reporter.page.goto(f"{reporter.door}/case")
    reporter.type_code(ticket)
    expect(reporter.page.locator("[data-stopped]")).to_be_visible(timeout=SLOW)
    expect(reporter.page.locator("[data-case]")).to_be_hidden()


def test_the_register_offers_only_names_that_read_as_they_are(reporter: Reporter, phone: BrowserContext) -> None:
    names = ["鲁兴好名字", "鲁兴\u200b坏名字", 5, None, "", "鲁兴" * 100]
    listed = [*([name, "", "lx"] for name in names), None, "鲁兴", ["鲁兴无处"], {"name": "鲁兴"}, ["鲁兴数", "", 7]]
    answer = {"enterprises": listed, "traditional": {"魯": "鲁", "興": "兴" * 9, "長": 3}}
    phone.route("**/api/enterprises", lambda route: route.fulfill(json=answer))
    reporter.begin()
    reporter.say_what_kind(SAW)
    reporter.page.locator("#enterprise").press_sequentially("鲁兴")
    expect(reporter.page.locator("#enterprise-list li")).to_have_text(["鲁兴好名字"])
