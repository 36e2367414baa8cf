"""A probe learns nothing: what a reporter is shown of a second report on a matter is shaped like a first one's."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from tests.conftest import Demo
from tests.doors.hand import Draft, Hand
from tests.doors.office import FEN, PINNED, Team, facts_document
from whistle.client import ClientError, Piece
from whistle.crypto.encoding import b64
from whistle.crypto.ticket import Ticket

MINUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ")
Step = Callable[[Team, str], None]
MATTER = "同一家厂的同一个安全出口被锁"


def shape(value: Any) -> Any:
    """Structure, lengths and plain words; what is random in every case is its length only, a minute only its day:
    the office's two posts are made one after the other, and a minute may end between them."""
    if isinstance(value, dict):
        return [(name if len(name) < 40 else len(name), shape(inner)) for name, inner in value.items()]
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    if isinstance(value, str) and value.startswith("{"):
        return len(value), shape(json.loads(value))
    if isinstance(value, str) and MINUTE.fullmatch(value):
        return value[:10]
    if (isinstance(value, str) and len(value) in {22, 43, 86}) or (isinstance(value, str) and len(value) > 100):
        return len(value)
    return value


def shown(hand: Hand, ticket: Ticket) -> tuple[Any, list[tuple[str, Any]]]:
    """Her case as the door shows it, and its headers."""
    answer = hand.case(ticket)
    return shape(answer.json()), sorted((name, value) for name, value in answer.headers.items())


def worked(team: Team, case: str) -> None:
    team.to_finding(case)
    team.payout.message(case, "请保存好查询码。", comp="payout")


def test_it_works_two_cases_on_different_matters_look_alike(hand: Hand) -> None:
    first, second = hand.filed(), hand.filed()
    assert shown(hand, first) == shown(hand, second)


def test_a_report_while_an_earlier_one_is_in_hand_looks_like_a_first(hand: Hand, team: Team) -> None:
    """An earlier case far along, a later one on the same matter, and one alone: each step looks the same."""
    earlier = hand.filed()
    team.to_notice(b64(earlier.case))
    probe, alone = hand.filed(), hand.filed()
    assert shown(hand, probe) == shown(hand, alone)
    for ticket in (probe, alone):
        worked(team, b64(ticket.case))
    assert shown(hand, probe) == shown(hand, alone)


def test_neither_receipt_nor_challenge_counts_anything(hand: Hand) -> None:
    receipts, challenges = [], []
    for _ in range(3):
        draft = hand.report()
        receipts.append(json.loads(hand.send(draft).json()["bytes"]))
        challenges.append(hand.get("/api/challenge", draft.ticket.authorization, purpose="message").json())
    assert {tuple(sorted(one)) for one in receipts} == {tuple(sorted(receipts[0]))}
    numbers = [[value for value in one.values() if isinstance(value, int)] for one in receipts]
    assert numbers == [[1, 0]] * 3  # the version, and the first post of her case
    assert len({one["seqc"] for one in receipts}) == 3
    assert [set(one) for one in challenges] == [{"challenge", "day", "prev"}] * 3


def test_the_offices_number_never_comes_to_her(demo: Demo, hand: Hand, team: Team) -> None:
    ticket = hand.filed()
    team.to_notice(b64(ticket.case))
    number = team.intake.case(b64(ticket.case)).number
    assert number.startswith("〔")
    assert number not in hand.case(ticket).text


def test_a_refusal_names_no_state_of_the_offices_own(hand: Hand, team: Team) -> None:
    """She claims while an award is being weighed, and while nothing is: the same refusal."""
    weighed, quiet = hand.filed(), hand.filed()
    team.to_proposal(b64(weighed.case))
    team.to_verifier(b64(quiet.case))
    answers = []
    for ticket in (weighed, quiet):
        draft = hand.claim(ticket)
        answers.append(hand.send(draft).json())
    assert answers == [{"error": "refused", "reason": "state", "kind": "claim", "seen": "verifying"}] * 2


def test_a_merged_case_shows_its_reporter_what_an_independent_one_shows(hand: Hand, team: Team) -> None:
    """Step by step, bytes alike but for keys and dates: merged into a first report, or standing alone."""
    first = hand.filed()
    probe, alone = hand.filed(), hand.filed()
    team.to_verifier(b64(first.case))
    for ticket in (probe, alone):
        team.to_verifier(b64(ticket.case))
    team.intake.merge(b64(probe.case), b64(first.case))
    assert shown(hand, probe) == shown(hand, alone)
    today = team.verifier.case(b64(probe.case)).today
    team.verifier.pause(b64(probe.case), "PA02", today)
    assert shown(hand, probe) == shown(hand, alone)
    team.verifier.resume(b64(probe.case), today)
    for ticket in (first, probe, alone):
        case = b64(ticket.case)
        team.verifier.finding(case, "verified", "属实。", facts_document())
        team.intake.feedback(case, "属实,已责令整改。")
    assert shown(hand, probe) == shown(hand, alone)
    team.payout.propose(b64(first.case), *PINNED, FEN, facts_document())
    team.demo.fund()
    team.leader.approve(b64(first.case))
    until = date.fromisoformat(today) + timedelta(days=60)
    team.payout.notify(b64(first.case), until.isoformat(), "请凭查询码申领。")
    for ticket, why in ((probe, "NR07"), (alone, "NR03")):
        team.leader.refuse_award(b64(ticket.case), why)
    merged, independent = (shown(hand, ticket) for ticket in (probe, alone))
    assert json.dumps(merged).replace("NR07", "NR03") == json.dumps(independent)


def test_a_refusal_of_the_office_never_tells_a_probe_of_the_earlier_case(hand: Hand, team: Team) -> None:
    first, probe = hand.filed(), hand.filed()
    team.to_finding(b64(probe.case))
    team.intake.merge(b64(probe.case), b64(first.case))
    before = shown(hand, probe)
    with pytest.raises(ClientError, match="refused"):
        team.leader.refuse_award(b64(probe.case), "NR07")
    assert shown(hand, probe) == before


def extracted(team: Team, case: str) -> None:
    team.intake.extract(case, {"category": "violation", "line": "检查设备"}, "检查设备防护。")
    team.intake.ask_decline(case, "NA09", "疑似恶意,请看摘录。")


def found(team: Team, case: str) -> None:
    today = team.verifier.case(case).today
    team.verifier.pause(case, "PA02", today)
    team.verifier.resume(case, today)
    team.verifier.finding(case, "verified", "属实。", facts_document())


def proposed(team: Team, case: str) -> None:
    team.payout.propose(case, *PINNED, FEN, facts_document())
    team.demo.fund()
    team.leader.approve(case)


def nothing(team: Team, case: str) -> None:
    """The office has done nothing that she is told of."""


@pytest.mark.parametrize(
    ("told", "hidden"),
    [(nothing, extracted), (Team.to_verifier, found), (Team.to_finding, proposed)],
    ids=["a decline is asked for", "found and paused", "an award is approved"],
)
def test_every_refusal_at_the_door_is_the_same_whatever_the_office_does_unseen(
    hand: Hand, team: Team, told: Step, hidden: Step
) -> None:
    """What test_her_refusals walks through all histories, over HTTP: one case as she sees it, and the same with posts
    of the office's own behind it. Each of her kinds is tried on both; what is taken leaves both alike for the next."""
    quiet, busy = hand.filed(), hand.filed()
    for ticket in (quiet, busy):
        told(team, b64(ticket.case))
    hidden(team, b64(busy.case))
    answers = [[answer(hand.send(draft)) for draft in tries(hand, ticket)] for ticket in (quiet, busy)]
    assert answers[0] == answers[1]
    assert {status for status, _ in answers[0]} == {201, 409, 422}, "some taken, some refused: else nothing was walked"


def tries(hand: Hand, ticket: Ticket) -> Iterator[Draft]:
    """Every post she could send now, made when the one before was answered."""
    words = Piece("thread", "我不同意。".encode(), "text/plain")
    for about in ("decline", "feedback", "award.refuse"):
        yield hand.further(ticket, "objection", {"about": about}, words)
    yield hand.claim(ticket)
    yield hand.report(ticket)
    yield hand.further(ticket, "evidence", {}, Piece("report", b"a", "text/plain"))
    yield hand.further(ticket, "message", {"comp": "payout"}, Piece("payout", b"a", "text/plain"))
    yield hand.message(ticket)


def answer(found: httpx.Response) -> tuple[int, Any]:
    """A refusal as it stands; of a receipt only its shape."""
    return found.status_code, shape(found.json()) if found.status_code == 201 else found.json()
