"""The reporter's door: what is sent to it is kept once, and no answer of its tells more than is hers."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.conftest import Demo
from tests.doors.hand import Hand, error
from tests.doors.office import Team
from whistle.client import ClientError
from whistle.crypto import work
from whistle.crypto.encoding import b64
from whistle.crypto.posts import FIELDS, draft_body
from whistle.crypto.ticket import Ticket

ALWAYS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "integrity-policy": "blocked-destinations=(script)",
}


def count(hand: Hand, ticket: Ticket) -> int:
    return len(hand.case(ticket).json()["posts"])


# Once, and for good


def test_it_works(hand: Hand) -> None:
    draft = hand.report()
    answer = hand.send(draft)
    assert answer.status_code == 201
    receipt = json.loads(answer.json()["bytes"])
    assert (receipt["case"], receipt["no"], len(receipt["seqc"])) == (b64(draft.ticket.case), 0, 43)
    shown = hand.case(draft.ticket).json()
    assert [post["receipt"] for post in shown["posts"]] == [answer.json()]


def test_the_same_head_again_gives_the_same_receipt_and_one_report(hand: Hand) -> None:
    draft = hand.report()
    upload, proof = draft.upload(), hand.work(draft)
    first, again = hand.send(draft, upload, proof), hand.send(draft, upload, proof)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert count(hand, draft.ticket) == 1


def test_a_retry_with_new_work_or_none_gives_the_same_receipt(hand: Hand) -> None:
    draft = hand.report()
    upload, first = draft.upload(), hand.send(draft)
    for proof in (hand.work(draft), ""):
        again = hand.send(draft, upload, proof)
        assert (again.status_code, again.json()) == (200, first.json())
    assert count(hand, draft.ticket) == 1


def test_a_message_whose_answer_was_lost_stands_once(hand: Hand) -> None:
    ticket = hand.filed()
    draft = hand.message(ticket)
    upload, proof = draft.upload(), hand.work(draft)
    answers = [hand.send(draft, upload, proof) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert len({answer.text for answer in answers}) == 1
    assert count(hand, ticket) == 2


def test_another_first_post_for_the_same_case_is_a_conflict(hand: Hand) -> None:
    ticket = hand.filed()
    assert error(hand.send(hand.report(ticket))) == (409, "conflict")
    assert count(hand, ticket) == 1


def test_two_tabs_at_once_all_land_and_nothing_twice(demo: Demo) -> None:
    filed = demo.reporter().submit("两个窗口同时写")
    texts = [f"第 {n} 句" for n in range(6)]
    start = threading.Barrier(len(texts))

    def say(text: str) -> None:
        tab = demo.reporter()
        tab.trust.refresh()
        start.wait()
        tab.message(filed.ticket, text)

    with ThreadPoolExecutor(len(texts)) as tabs:
        list(tabs.map(say, texts))
    said = [line.text for line in demo.reporter().status(filed.ticket).posts if line.kind == "message"]
    assert sorted(said) == sorted(texts)


def test_thirty_two_at_once_all_get_their_receipt_and_one_address_makes_work_harder_for_nobody(demo: Demo) -> None:
    hands = [Hand(demo) for _ in range(32)]

    def five(hand: Hand) -> list[int]:
        return [hand.send(hand.report()).status_code for _ in range(5)]

    with ThreadPoolExecutor(len(hands)) as people:
        assert {status for found in people.map(five, hands) for status in found} == {201}
    assert work.read_bits(hands[0].challenge("report").challenge) == 8
    assert demo.reporter().submit("人多的时候也能交").receipt


def test_the_directories_come_compressed_and_once(demo: Demo) -> None:
    for door in (demo.public, demo.review):
        first = demo.http().get(f"{door}/api/directory")
        assert first.headers["Content-Encoding"] == "gzip"
        assert "directories" in first.json()
        again = demo.http().get(f"{door}/api/directory", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


# What every answer carries


def everywhere(hand: Hand) -> list[tuple[str, str, int]]:
    """Method, path and status: answers, refusals, pages, and what is not there."""
    return [
        ("GET", "/", 200),
        ("GET", "/en/report", 200),
        ("GET", "/plain", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/static/00000000/css/public.css", 404),
        ("GET", "/workflow.json", 200),
        ("GET", "/api/directory", 200),
        ("GET", "/api/channels/AAAA", 404),
        ("GET", "/api/challenge", 200),
        ("GET", "/api/case", 404),
        ("GET", "/api/posts", 404),
        ("POST", "/api/posts", 400),
        ("POST", "/api/case", 405),
        ("PUT", "/api/posts", 405),
        ("DELETE", "/", 405),
        ("OPTIONS", "/api/posts", 405),
        ("TRACE", "/api/case", 405),
        ("HEAD", "/api/directory", 200),
        ("HEAD", "/", 200),
        ("POST", "/plain", 400),
    ]


def test_every_answer_carries_every_header_and_no_cookie(hand: Hand) -> None:
    for method, path, status in everywhere(hand):
        answer = hand.http.request(
            method, hand.url + path, headers={"Cookie": "session=x", "Whistle-Purpose": "report"}
        )
        told, where = answer.headers, (method, path)
        assert (answer.status_code, *where) == (status, *where)
        may_differ = {"cache-control", "referrer-policy"} if path == "/plain" else {"cache-control"}
        for name, value in ALWAYS.items():
            assert told.get(name) and (name in may_differ or told[name] == value), (*where, name)
        assert "default-src 'none'" in told["content-security-policy"], where
        assert not {"set-cookie", "server", "date", "last-modified"} & set(told), where


def test_what_is_hers_alone_is_kept_by_no_cache(hand: Hand) -> None:
    ticket = hand.filed()
    for path in ("/api/case", "/api/challenge"):
        answer = hand.get(path, ticket.authorization, purpose="message")
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


def test_another_sites_page_may_not_post(hand: Hand, demo: Demo) -> None:
    draft = hand.report()
    foreign = [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": demo.review},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": demo.public},
    ]
    for told in foreign:
        assert error(hand.send(draft, **told)) == (403, "origin"), told
    own = {"Origin": demo.public, "Sec-Fetch-Site": "same-origin"}
    assert hand.send(draft, **own).status_code == 201


def test_the_host_header_decides_nothing(hand: Hand) -> None:
    draft = hand.report()
    assert error(hand.send(draft, Host="evil.example", Origin="https://evil.example")) == (403, "origin")
    assert hand.send(draft, Host="evil.example").status_code == 201


def test_the_api_answers_no_other_sites_script(hand: Hand) -> None:
    answer = hand.http.get(f"{hand.url}/api/directory", headers={"Origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_nothing_of_the_back_office_is_at_this_door(hand: Hand) -> None:
    for path in ("/api/inbox", "/api/slots", "/api/roster", "/api/ledger", "/api/packs", "/api/demo", "/api/me"):
        assert hand.http.get(hand.url + path).status_code == 404


# Who may not read


def test_an_excluded_person_never_hears_of_the_case(hand: Hand, team: Team) -> None:
    """Finance sees every case that waits for money, but for this one."""
    open_to_all, case = (
        b64(hand.filed(exclude=exclude).case) for exclude in ((), (team.person("finance"), team.person("verifier")))
    )
    team.to_notice(open_to_all)
    team.accept(case)
    with pytest.raises(ClientError, match="no_reader"):
        team.intake.assign(case, {"verifier": [team.person("verifier")]})
    rows = {office: {row["case"] for row in office.inbox()} for office in (team.intake, team.finance, team.verifier)}
    assert {open_to_all, case} <= rows[team.intake]
    for office in (team.finance, team.verifier):
        assert open_to_all in rows[office]
        assert case not in rows[office]
        with pytest.raises(ClientError, match="not_found"):
            office.case(case)


def test_a_grant_to_an_excluded_person_is_refused(hand: Hand, team: Team) -> None:
    ticket = hand.somebody()
    draft = hand.report(ticket)
    body = json.loads(draft.body)
    given = {name: body[name] for name in FIELDS["report"]} | {"exclude": [team.person("intake")]}
    bent = replace(draft, body=draft_body("report", given, body["items"], body["grants"]))
    answer = hand.send(bent)
    assert (error(answer), answer.json()["reason"]) == ((422, "refused"), "excluded")


def test_she_is_served_only_what_is_told_her(hand: Hand, team: Team) -> None:
    """The heads, minutes and numbers of the office's work are not in her answer; nor is any grant but hers."""
    ticket = hand.filed()
    case = b64(ticket.case)
    team.accept(case)
    team.intake.extract(case, {"category": "violation"}, "摘录。")
    shown = hand.case(ticket).json()
    assert [json.loads(post["body"])["kind"] for post in shown["posts"]] == ["report", "accept"]
    assert set(shown) == {"posts", "today", "clocks"}
    for post in shown["posts"]:
        body = json.loads(post["body"])
        assert all(body["grants"][int(row)]["to"] == "reporter" for row in post["grants"])
