"""Alice takes her report back, or her name alone; until it is carried out the same ticket undoes it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from tests.client.gone import emptied
from tests.client.network import Losing, Lying
from tests.conftest import Demo
from tests.doors import later
from tests.doors.office import FACTS, Team, facts_document
from tests.web.test_told import words
from whistle import client
from whistle.client import ClientError, Office, draw_form, form_pid
from whistle.client.withdrawal import Withdrawal
from whistle.crypto.encoding import b64
from whistle.public.told import case_facts

WORDS = "木工车间的电机外壳没有接地。"
DAY = 86_400


@pytest.fixture(scope="module")
def team(demo: Demo) -> Team:
    return Team(demo)


@contextmanager
def at(demo: Demo, days: int) -> Iterator[Callable[[str], Office]]:
    """The review door on a later day: who of the office sits at it, by role."""
    with later.door(demo.data, "review", ahead=days * DAY, database=demo.database) as url:

        def somebody(role: str) -> Office:
            office = Office(url, demo.http(), *demo.keys(role), clock=lambda: time.time() + days * DAY)
            office.login()
            return office

        yield somebody


def kinds(demo: Demo, ticket: str) -> list[str]:
    return [line.kind for line in demo.reporter().status(ticket).posts]


def after(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def test_it_works_a_withdrawal_waits_and_the_same_ticket_undoes_it(demo: Demo) -> None:
    alice = demo.reporter()
    one = alice.submit(WORDS, contact="张三")
    today = alice.status(one.ticket).today
    assert alice.status(one.ticket).withdrawal == Withdrawal(may=("report", "contact"))
    alice.withdraw(one.ticket, "report")
    assert alice.status(one.ticket).withdrawal == Withdrawal("report", after(today, 4))
    assert alice.status(one.ticket).state == "received", "looked into all the same"
    alice.undo_withdrawal(one.ticket)
    assert alice.status(one.ticket).withdrawal == Withdrawal(may=("report", "contact"))
    alice.withdraw(one.ticket, "contact")
    assert alice.status(one.ticket).withdrawal.waits == "contact"
    assert kinds(demo, one.ticket) == ["report", "withdraw", "withdraw.undo", "withdraw"]


def test_each_post_says_what_it_is_of_and_when_it_is_carried_out(demo: Demo) -> None:
    alice = demo.reporter()
    one = alice.submit(WORDS)
    alice.withdraw(one.ticket, "contact")
    alice.undo_withdrawal(one.ticket)
    told = alice.status(one.ticket)
    _, withdrawn, undone = told.posts
    assert (withdrawn.fields["scope"], withdrawn.fields["until"]) == ("contact", after(told.today, 4))
    assert undone.fields["scope"] == "contact"


def test_an_answer_that_is_lost_makes_no_second_post(demo: Demo) -> None:
    one = demo.reporter().submit(WORDS)
    for act in ("withdraw", "undo"):
        network = Losing("/api/posts")
        far = client.connect(demo.public, demo.http(network))
        far.withdraw(one.ticket, "report") if act == "withdraw" else far.undo_withdrawal(one.ticket)
        assert len(network.sent) == 2 and network.sent[0] == network.sent[1]
    assert kinds(demo, one.ticket) == ["report", "withdraw", "withdraw.undo"]


def test_the_same_form_sent_again_gives_the_receipt_of_the_first_time(demo: Demo) -> None:
    alice = demo.reporter()
    one, pid, undone = alice.submit(WORDS), form_pid(draw_form(), {}), form_pid(draw_form(), {})
    assert alice.withdraw(one.ticket, "report", pid) == alice.withdraw(one.ticket, "report", pid)
    assert alice.undo_withdrawal(one.ticket, undone) == alice.undo_withdrawal(one.ticket, undone)
    assert kinds(demo, one.ticket) == ["report", "withdraw", "withdraw.undo"]


def test_a_second_withdrawal_beside_one_that_waits_is_refused(demo: Demo) -> None:
    alice = demo.reporter()
    one = alice.submit(WORDS)
    with pytest.raises(ClientError, match="refused"):
        alice.undo_withdrawal(one.ticket)
    alice.withdraw(one.ticket, "contact")
    for scope in ("contact", "report"):
        with pytest.raises(ClientError, match="refused"):
            alice.withdraw(one.ticket, scope)


def test_once_the_result_is_told_nothing_is_taken_back_and_what_waited_can_still_be_undone(
    demo: Demo, team: Team
) -> None:
    alice = demo.reporter()
    told, waiting = alice.submit(WORDS), alice.submit(WORDS)
    alice.withdraw(waiting.ticket, "report")
    for one in (told, waiting):
        team.to_finding(one.case)
    assert alice.status(told.ticket).withdrawal == Withdrawal()
    with pytest.raises(ClientError, match="refused"):
        alice.withdraw(told.ticket, "report")
    alice.undo_withdrawal(waiting.ticket)
    assert alice.status(waiting.ticket).withdrawal == Withdrawal()


def test_it_is_taken_from_the_fourth_day_on_and_no_award_is_proposed_afterwards(demo: Demo, team: Team) -> None:
    """The name first, then the whole report; the case goes on to its finding."""
    alice = demo.reporter()
    one = alice.submit(WORDS, contact="张三")
    team.to_verifier(one.case)
    waiting = alice.withdraw(one.ticket, "contact").document["post"]
    for days in (0, 3):
        with pytest.raises(ClientError, match="refused") as refused, at(demo, days) as office:
            office("intake").act(one.case, "withdraw.take", {"withdraw": waiting})
        assert refused.value.facts["reason"] == "waited"
    with at(demo, 4) as office, later.door(demo.data, "public", ahead=4 * DAY, database=demo.database) as url:
        office("intake").act(one.case, "withdraw.take", {"withdraw": waiting})
        with later.client() as http:
            then = client.connect(url, http)
            assert then.status(one.ticket).withdrawal == Withdrawal(taken="contact", may=("report",))
            with pytest.raises(ClientError, match="refused"):
                then.withdraw(one.ticket, "contact")
            report = then.withdraw(one.ticket, "report").document["post"]
    with at(demo, 8) as office:
        office("intake").act(one.case, "withdraw.take", {"withdraw": report})
        office("verifier").finding(one.case, "verified", "属实。", facts_document(FACTS))
        payout = office("payout")
        seen = payout.case(one.case)
        assert seen.fold.state == "verified" and "award.propose" not in payout.kinds(seen)
    with later.door(demo.data, "public", ahead=8 * DAY, database=demo.database) as url, later.client() as http:
        told = client.connect(url, http).status(one.ticket)
    assert (told.withdrawal, told.state) == (Withdrawal(taken="report"), "verifying")
    taken = [line.fields["scope"] for line in told.posts if line.kind == "withdraw.take"]
    assert taken == ["contact", "report"]


def test_what_was_destroyed_says_so_and_what_was_not_stays(demo: Demo) -> None:
    alice = demo.reporter()
    one = alice.submit(WORDS, readback=True)
    alice.message(one.ticket, "夜班也这样。")
    demo.office("intake").message(one.case, "请问是哪一台？")
    for scope, gone in (("content", [True, True, True]), ("payout", [False, False, False])):
        door = Lying("/api/case", emptied(demo, one.ticket, scope))
        told = client.connect(demo.public, demo.http(door)).status(one.ticket)
        *before, last = told.posts
        assert [line.gone for line in before] == gone
        assert [bool(line.text) for line in before] == [not each for each in gone]
        assert (last.kind, last.fields["scope"], told.destroyed) == ("destroy", scope, (scope,))
    door = Lying("/api/case", emptied(demo, one.ticket, "content"))
    facts = case_facts(client.connect(demo.public, demo.http(door)).status(one.ticket), words("zh_CN"))
    assert facts["own"] == "已按规定销毁。"
    assert [said["text"] for said in facts["said"]] == ["已按规定销毁。"] * 2
    assert facts["events"][0]["text"] == "已按规定销毁：举报内容、照片和文件、来往的话、核查材料。"


def test_what_was_destroyed_before_a_restore_says_so_too(demo: Demo) -> None:
    alice = demo.reporter()
    one = alice.submit(WORDS)
    alice.message(one.ticket, "夜班也这样。")
    change = emptied(demo, one.ticket, "content", restored=True)

    def forged(data: bytes) -> bytes:
        answer = json.loads(change(data))
        answer["tombs"][0]["sig"] = b64(bytes(64))
        return json.dumps(answer).encode()

    for door, gone in ((change, True), (forged, False)):
        told = client.connect(demo.public, demo.http(Lying("/api/case", door))).status(one.ticket)
        assert [line.kind for line in told.posts] == ["report", "message"]
        assert told.posts[1].gone is gone


def test_a_door_that_withholds_without_a_destruction_is_not_believed(demo: Demo) -> None:
    """Nothing is called destroyed that nobody signed for."""
    alice = demo.reporter()
    one = alice.submit(WORDS)
    alice.message(one.ticket, "夜班也这样。")

    def withheld(data: bytes) -> bytes:
        answer = json.loads(emptied(demo, one.ticket, "content")(data))
        answer["posts"].pop()
        return json.dumps(answer).encode()

    told = client.connect(demo.public, demo.http(Lying("/api/case", withheld))).status(one.ticket)
    assert [line.gone for line in told.posts] == [False, False]
