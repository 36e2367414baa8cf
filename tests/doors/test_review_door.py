"""The reviewers' door: whose act it is, whose case, whose keys; and what the list tells."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conftest import Demo
from tests.doors import reviewer
from tests.doors.hand import Hand, error, join, split
from tests.doors.office import Team
from whistle.client import ClientError, Office, Piece
from whistle.crypto.encoding import b64
from whistle.crypto.keys import KeyPair

NOTE = [Piece("work", "复核。".encode(), "text/plain"), Piece("thread")]


@pytest.fixture
def case(hand: Hand) -> str:
    """A report nobody has looked at."""
    return b64(hand.filed().case)


def reason(answer: Any) -> tuple[int, str, str]:
    return answer.status_code, answer.json()["error"], answer.json().get("reason", "")


def kinds(office: Office, case: str) -> list[str]:
    return [act.kind for act in office.case(case).acts]


# Whose act it is


def test_it_works(team: Team, case: str) -> None:
    act = reviewer.act(team.intake, case, "decline", {"reason": "NA03"}, NOTE)
    first, again = act.send(act.upload()), act.send(act.upload())
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert kinds(team.intake, case) == ["report", "decline"]


def test_a_retry_draws_no_second_number(team: Team, hand: Hand) -> None:
    numbers = []
    for case in (b64(hand.filed().case) for _ in range(2)):
        act = reviewer.act(team.intake, case, "decline", {"reason": "NA03"}, NOTE)
        upload = act.upload()
        assert [act.send(upload).status_code for _ in range(3)] == [201, 200, 200]
        numbers.append(int(team.intake.case(case).number.partition("〕")[2].removesuffix("号")))
    assert numbers[1] == numbers[0] + 1


def test_nobody_posts_in_anothers_name(team: Team, case: str) -> None:
    act = reviewer.act(team.intake, case, "decline", {"reason": "NA03"}, NOTE)
    assert reason(act.send(act.upload(author=team.leader.rid))) == (403, "wrong_role", "")
    assert error(act.send(act.upload(keys=KeyPair(bytes(32), b"\1" * 32)))) == (422, "refused")
    assert kinds(team.intake, case) == ["report"]


def test_a_post_goes_with_its_authors_session_only(team: Team, case: str) -> None:
    act = reviewer.act(team.intake, case, "decline", {"reason": "NA03"}, NOTE)
    answer = reviewer.post(
        team.leader, "/api/posts", content=act.upload(), headers={"Content-Type": "application/octet-stream"}
    )
    assert error(answer) == (403, "wrong_role")


@pytest.mark.parametrize("off", [-1_000.0, 1_000.0])
def test_a_clock_a_quarter_of_an_hour_off_is_refused(team: Team, case: str, off: float) -> None:
    act = reviewer.act(team.intake, case, "decline", {"reason": "NA03"}, NOTE, when=off)
    assert reason(act.send()) == (422, "refused", "clock")


NOT_HIS: dict[str, tuple[str, dict[str, Any], list[Piece]]] = {
    "leader": ("decline", {"reason": "NA03"}, NOTE),
    "payout": ("accept", {"category": "other", "sector": "other", "packs": [], "received": "2026-11-01"}, NOTE),
    "intake": ("finding", {"outcome": "verified"}, [Piece("work"), Piece("award")]),
}


@pytest.mark.parametrize("role", NOT_HIS)
def test_an_act_of_another_role_is_refused(team: Team, case: str, role: str) -> None:
    act = reviewer.act(getattr(team, role), case, *NOT_HIS[role])
    assert reason(act.send()) == (422, "refused", "wrong_role")


def test_an_act_out_of_its_turn_names_only_the_state_the_reporter_sees(team: Team, case: str) -> None:
    act = reviewer.act(team.intake, case, "feedback", {}, [Piece("thread")])
    answer = act.send()
    assert reason(answer) == (422, "refused", "state")
    assert {key: answer.json()[key] for key in ("kind", "seen")} == {"kind": "feedback", "seen": "received"}


@pytest.mark.parametrize("code", ["NA01", "NA07", "NA05", "XX99", ""])
def test_a_decline_gives_a_reason_of_the_list(team: Team, case: str, code: str) -> None:
    assert reason(reviewer.act(team.intake, case, "decline", {"reason": code}, NOTE).send()) == (
        422,
        "refused",
        "reason",
    )


def test_an_old_place_in_the_chain_is_a_conflict(team: Team, hand: Hand) -> None:
    ticket = hand.filed()
    case = b64(ticket.case)
    act = reviewer.act(team.intake, case, "decline", {"reason": "NA03"}, NOTE)
    assert hand.send(hand.message(ticket)).status_code == 201
    assert error(act.send()) == (409, "conflict")
    assert kinds(team.intake, case) == ["report", "message"]


def test_a_grant_to_a_role_that_may_not_read_is_refused(team: Team, case: str) -> None:
    """An assign that would hand the verifier the reporter's words."""
    team.accept(case)
    words = next(entry["id"] for entry in team.intake.case(case).posts[0].post.items if entry["comp"] == "report")
    office, view = team.intake, team.intake.case(case)
    from whistle.client.sealing import Party, seal_grants
    from whistle.client.view import office as readers_of
    from whistle.crypto.encoding import unb64
    from whistle.crypto.posts import draft_body

    act = reviewer.act(office, case, "assign", {"seats": [["verifier", [team.person("verifier")]]]})
    writer = Party(office.trust.zone, unb64(case, 32), office.rid, office._keys)
    pid, readers = unb64(act.head["pid"]), readers_of(office.trust, view, office._table)
    given = seal_grants(writer, pid, {team.verifier.rid: tuple(view.held(words))}, readers)
    body = draft_body("assign", {"seats": [["verifier", [team.person("verifier")]]]}, [], list(given.entries))
    forged = reviewer.Act(office, act.head, body, given.sealed, {})
    assert reason(forged.send()) == (422, "refused", "wrong_role")
    assert [row["case"] for row in team.verifier.inbox() if row["case"] == case] == []


def test_broken_uploads_are_malformed_here_too(team: Team, case: str) -> None:
    act = reviewer.act(team.intake, case, "decline", {"reason": "NA03"}, NOTE)
    whole = act.upload()
    for broken in (b"", whole[:-1], whole + b"\0", join(split(whole)[:-1])):
        assert error(act.send(broken)) == (400, "malformed")
    assert error(act.send(whole, **{"Content-Type": "multipart/form-data"})) == (400, "malformed")
    assert error(act.send(bytes(4_194_305))) == (413, "too_large")
    assert error(act.send(whole, Origin="https://evil.example")) == (403, "origin")
    assert kinds(team.intake, case) == ["report"]


# Whose case it is


def test_a_case_is_there_for_its_readers_only(team: Team, case: str) -> None:
    for office in (team.verifier, team.finance, team.auditor):
        answers = [
            reviewer.get(office, "/api/case", headers={"Whistle-Case": named})
            for named in (case.encode(), b64(bytes(32)).encode(), b"AAAA", b"", "受理".encode())
        ]
        assert {(answer.status_code, answer.content) for answer in answers} == {(404, b'{"error":"not_found"}')}
        answer = reviewer.post(office, "/api/seen", json={"case": case, "head": "x"})
        assert error(answer) == (404, "not_found")


def served(office: Office, case: str) -> tuple[set[str], set[str]]:
    """Compartments of the items served to a reviewer, and whom the grants he got are for."""
    posts = reviewer.get(office, "/api/case", headers={"Whistle-Case": case}).json()["posts"]
    bodies = [json.loads(post["body"]) for post in posts]
    comps = {entry["id"]: entry["comp"] for body in bodies for entry in body["items"]}
    items = {comps[item] for post in posts for item in post["items"]}
    to = {body["grants"][int(row)]["to"] for post, body in zip(posts, bodies, strict=True) for row in post["grants"]}
    return items, to


def test_everybody_is_served_his_own_compartments_and_nobody_elses_grants(team: Team, hand: Hand) -> None:
    case = b64(hand.filed().case)
    team.to_proposal(case)
    expected = {
        "intake": {"card", "report", "thread", "work"},
        "verifier": {"work", "award"},  # the finding's own figures, which one of them signed
        "leader": {"work", "award"},
        "payout": {"payout", "award"},
        "auditor": {"award"},
    }
    for role, comps in expected.items():
        office = getattr(team, role)
        assert served(office, case) == (comps, {office.rid}), role


def test_an_identity_is_served_after_it_was_asked_for_and_given(team: Team, hand: Hand) -> None:
    case = b64(hand.filed().case)
    team.to_notice(case)
    team.payout.ask_identity(case, "ID01")
    assert "identity" not in served(team.payout, case)[0] | served(team.leader, case)[0]
    team.leader.give_identity(case)
    assert "identity" in served(team.payout, case)[0]
    assert "identity" not in served(team.leader, case)[0] | served(team.finance, case)[0]


def test_finance_sees_cases_that_wait_for_money_and_no_key(team: Team, hand: Hand) -> None:
    waiting, early = b64(hand.filed().case), b64(hand.filed().case)
    team.to_notice(waiting)
    team.to_proposal(early)
    rows = {row["case"]: row for row in team.finance.inbox()}
    assert waiting in rows and early not in rows
    assert rows[waiting]["card"] is None
    assert {row["state"] for row in rows.values()} <= {"notified", "claimed", "paid", "forfeited", "clawback"}
    assert served(team.finance, waiting) == (set(), set())


def test_a_recusal_says_why_to_the_leaders_and_to_nobody_else(team: Team, case: str) -> None:
    team.to_verifier(case)
    assert reviewer.act(team.verifier, case, "recuse").send().json()["reason"] == "why"
    with pytest.raises(ClientError, check=lambda error: error.facts.get("reason") == "why"):
        team.verifier.recuse(case, " ", strand=True)
    left = team.verifier.remaining(team.verifier.case(case))
    assert list(left) == ["verifier"] and not any(left.values())
    team.verifier.recuse(case, "厂长是我连襟。", strand=True)
    said = [item.text for item in team.leader.case(case).items if item.kind == "recuse.why"]
    assert said == ["厂长是我连襟。"]
    assert not [item for item in team.intake.case(case).items if item.kind == "recuse.why"]


def test_who_recused_himself_is_served_nothing_and_posts_nothing(team: Team, case: str) -> None:
    act = reviewer.act(team.payout, case, "message", {"comp": "payout"}, [Piece("payout")])
    team.payout.recuse(case, "厂长是我连襟。", strand=True)
    assert error(reviewer.get(team.payout, "/api/case", headers={"Whistle-Case": case})) == (404, "not_found")
    assert error(act.send()) == (404, "not_found")
    assert case not in [row["case"] for row in team.payout.inbox()]
    assert case in [row["case"] for row in team.intake.inbox()]


def test_the_list_names_nobody_who_stepped_back(team: Team, case: str) -> None:
    def seated() -> list[str]:
        return next(row["seated"] for row in team.intake.inbox() if row["case"] == case)  # type: ignore[no-any-return]

    team.to_verifier(case)
    label = team.verifier.me["label"]
    assert label in seated()
    team.verifier.recuse(case, "厂长是我连襟。", strand=True)
    assert label not in seated()


def test_one_state_in_the_order_of_states_ends_with_its_last_row(team: Team, case: str) -> None:
    asked, seen, after = {"order": "state", "state": "received"}, list[str](), ""
    while True:
        page = reviewer.get(team.intake, "/api/inbox", params=asked | {"after": after, "limit": "50"}).json()
        assert page["rows"], "no page is empty"
        seen += [row["case"] for row in page["rows"]]
        after = page["next"]
        if not after:
            break
    assert case in seen
    whole = {"order": "state", "state": "received", "limit": str(len(seen))}
    last = reviewer.get(team.intake, "/api/inbox", params=whole).json()
    assert len(seen) > 200 or last["next"] == ""  # no page is larger


CLOSED: dict[str, Callable[[Team], list[Office]]] = {
    "/api/ledger": lambda team: [team.intake, team.verifier],
    "/api/ledger/export?format=csv": lambda team: [team.intake, team.verifier, team.payout],
}


@pytest.mark.parametrize("path", CLOSED)
def test_the_ledger_is_for_those_who_answer_for_money(team: Team, path: str) -> None:
    for office in CLOSED[path](team):
        assert error(reviewer.get(office, path)) == (403, "wrong_role")
    for office in (team.leader, team.finance, team.auditor):
        assert reviewer.get(office, path).status_code == 200


# The list


def test_the_list_is_paged_without_gap_or_repetition(team: Team, hand: Hand) -> None:
    mine = [b64(hand.filed().case) for _ in range(5)]
    for order in ("due", "day", "number"):
        found: list[str] = []
        after = ""
        while True:
            page = reviewer.get(team.intake, "/api/inbox", params={"order": order, "limit": 3, "after": after}).json()
            found += [row["case"] for row in page["rows"]]
            assert len(page["rows"]) <= 3
            after = page["next"]
            if not after:
                break
        assert len(found) == len(set(found)), order
        assert set(mine) <= set(found), order


@pytest.mark.parametrize(
    "asked",
    [
        {"order": "name"},
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "99999"},
        {"limit": "٣"},
        {"limit": "9" * 5_000},
        {"after": "x"},
        {"after": "1_2_3_4"},
        {"after": f"2026-01-01_{10**30}"},
        {"order": "day", "after": "x"},
        {"state": "\0"},
    ],
)
def test_a_list_asked_for_in_another_form_is_malformed(team: Team, asked: dict[str, str]) -> None:
    assert error(reviewer.get(team.intake, "/api/inbox", params=asked)) == (400, "malformed")


def test_the_list_filters_by_what_is_public(team: Team, hand: Hand) -> None:
    urgent, calm = b64(hand.filed(urgent=True).case), b64(hand.filed().case)
    team.accept(calm)

    def rows(**asked: str) -> set[str]:
        return {row["case"] for row in team.intake.inbox(**asked)}

    assert {urgent, calm} <= rows()
    assert urgent in rows(urgent="1") and calm not in rows(urgent="1")
    assert calm in rows(state="accepted") and urgent not in rows(state="accepted")
    assert calm in rows(category="violation", sector="industry_trade", channel="zone")
    assert not {urgent, calm} & rows(category="major_hazard")
    assert not rows(channel="elsewhere") | rows(state="no such state")
    assert not {urgent, calm} & rows(overdue="1")


def test_counts_say_how_many_he_sees_in_each_state(team: Team, case: str) -> None:
    page = reviewer.get(team.intake, "/api/inbox", params={"limit": 1}).json()
    counted = {state: len(team.intake.inbox(state=state)) for state in page["counts"]}
    assert counted == page["counts"]


def row_of(office: Office, case: str) -> dict[str, Any]:
    return next(row for row in office.inbox() if row["case"] == case)


def test_a_row_is_unread_until_it_was_seen_and_again_after_the_next_post(team: Team, hand: Hand) -> None:
    ticket = hand.filed()
    case = b64(ticket.case)
    assert row_of(team.intake, case)["unread"]
    newest = team.intake.case(case).chain.newest
    assert reviewer.post(team.intake, "/api/seen", json={"case": case, "head": newest}).status_code == 200
    assert not row_of(team.intake, case)["unread"]
    assert case not in [row["case"] for row in team.intake.inbox(unread="1")]
    assert hand.send(hand.message(ticket)).status_code == 201
    assert row_of(team.intake, case)["unread"]
    reviewer.post(team.intake, "/api/seen", json={"case": case, "head": newest})
    assert row_of(team.intake, case)["unread"], "what he read is no longer the newest"


def test_each_role_opens_the_card_that_was_written_for_it(team: Team, demo: Demo) -> None:
    case = demo.reporter().submit("原话一句", enterprise="原名厂", category="violation").case
    row = row_of(team.intake, case)
    assert row["number"] == ""
    assert team.intake.card(row)["enterprise"] == "原名厂"  # type: ignore[index]
    team.to_verifier(case)
    row = row_of(team.verifier, case)
    assert row["number"].startswith("〔")
    assert team.verifier.card(row)["line"] == "检查设备"  # type: ignore[index]
    assert row_of(team.payout, case)["card"] is None


# At once


def test_two_reviewers_and_the_reporter_at_once_all_land_and_nothing_twice(demo: Demo, team: Team) -> None:
    filed = demo.reporter().submit("三个人同时写")
    desks = [demo.office("intake"), demo.office("payout")]
    alice = demo.reporter()
    alice.trust.refresh()
    ready = threading.Barrier(3)

    def say(what: Callable[[str], object]) -> list[str]:
        ready.wait()
        said = [f"{threading.get_ident()} {n}" for n in range(3)]
        for text in said:
            what(text)
        return said

    everybody: list[Callable[[str], object]] = [
        lambda text: alice.message(filed.ticket, text),
        lambda text: desks[0].message(filed.case, text),
        lambda text: desks[1].message(filed.case, text, comp="payout"),
    ]
    with ThreadPoolExecutor(3) as people:
        said = sorted(text for found in people.map(say, everybody) for text in found)
    told = [line.text for line in demo.reporter().status(filed.ticket).posts if line.kind == "message"]
    assert sorted(told) == said


def test_one_of_two_opposite_decisions_at_once_stands(demo: Demo, team: Team, hand: Hand) -> None:
    case = b64(hand.filed().case)
    today = team.intake.case(case).today
    fields = {"category": "other", "sector": "other", "packs": [], "received": today}
    acts = [
        reviewer.act(team.intake, case, "accept", fields, NOTE),
        reviewer.act(team.intake, case, "decline", {"reason": "NA03"}, NOTE),
    ]
    with ThreadPoolExecutor(2) as tabs:
        statuses = sorted(answer.status_code for answer in tabs.map(lambda act: act.send(), acts))
    assert statuses == [201, 409]
    with pytest.raises(ClientError, match="refused"):
        team.intake.decline(case, "NA03") if kinds(team.intake, case)[-1] == "accept" else team.accept(case)


def test_what_was_never_a_case_is_not_found(team: Team, hand: Hand, case: str) -> None:
    act = reviewer.act(team.intake, case, "decline", {"reason": "NA03"}, NOTE)
    stranger = b64(hand.somebody().case)
    assert error(act.send(act.upload(case=stranger, prev=stranger, last=stranger))) == (404, "not_found")
