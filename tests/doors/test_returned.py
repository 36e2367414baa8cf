"""A leader sends a wrong proposal back to payout: who may, when, who reads why, and what the reporter sees of it."""

from __future__ import annotations

import pytest

from tests.conftest import Demo
from tests.doors import reviewer
from tests.doors.hand import Hand
from tests.doors.office import FACTS, FEN, PINNED, Team, facts_document
from tests.doors.test_further import refused, rows
from tests.doors.test_put_right import said
from whistle.client import ClientError, Office
from whistle.client.sealing import words
from whistle.crypto.encoding import b64
from whistle.crypto.ticket import Ticket

WHY = "罚款少抄了一位，请照处罚决定书重算。"
WORDS = [words("work", WHY)]


@pytest.fixture
def ticket(hand: Hand) -> Ticket:
    return hand.filed()


@pytest.fixture
def case(ticket: Ticket) -> str:
    return b64(ticket.case)


def proposal_of(office: Office, case: str) -> str:
    proposal = office.case(case).fold.proposal
    return proposal.hash if proposal else "A" * 43


def sent(office: Office, case: str, kind: str, **fields: object) -> tuple[int, str]:
    """What the door answers to an act that no client of ours would sign: status and reason."""
    answer = reviewer.act(office, case, kind, fields, WORDS if kind == "award.return" else []).send()
    return answer.status_code, str(answer.json().get("reason", answer.json().get("error")))


def is_waited_for(office: Office, case: str) -> bool:
    return case in [row["case"] for row in office.inbox(mine="1")]


def test_it_works_payout_learns_why_and_proposes_anew(team: Team, case: str) -> None:
    team.to_proposal(case)
    assert is_waited_for(team.leader, case) and not is_waited_for(team.payout, case)
    team.leader.return_award(case, "UA01", WHY)
    fold = team.leader.case(case).fold
    assert (fold.state, fold.proposal, fold.pending) == ("verified", None, ("award.return",))
    assert is_waited_for(team.payout, case) and not is_waited_for(team.leader, case)
    assert said(team.payout, case, "award.return", "work") == said(team.leader, case, "award.return", "work") == [WHY]
    team.payout.propose(case, *PINNED, FEN, facts_document())
    assert is_waited_for(team.leader, case) and not is_waited_for(team.payout, case)
    team.demo.fund()
    team.leader.case(case)
    team.leader.approve(case)
    assert rows(team, case) == [("approve", FEN)]  # what was returned never stood in the ledger


def test_why_is_read_by_leaders_and_payout_alone(team: Team, case: str) -> None:
    team.to_proposal(case)
    team.leader.return_award(case, "UA02", WHY)
    offices = [team.intake, team.verifier, team.leader, team.payout, team.auditor]  # finance has no part in it yet
    assert [one for one in offices if said(one, case, "award.return", "work") == [WHY]] == [team.leader, team.payout]


def test_the_reporter_is_served_the_very_same_bytes_before_and_after(
    team: Team, hand: Hand, ticket: Ticket, case: str
) -> None:
    team.to_finding(case)
    before = hand.case(ticket).content
    team.payout.propose(case, *PINNED, FEN, facts_document())
    team.leader.return_award(case, "UA01", WHY)
    assert hand.case(ticket).content == before


def test_the_time_to_decide_runs_on(team: Team, case: str) -> None:
    team.to_proposal(case)
    before = team.leader.case(case).fold.clocks
    team.leader.return_award(case, "UA01", WHY)
    after = team.leader.case(case).fold.clocks
    assert after == before
    assert [clock.stop for clock in after if clock.step == "award"] == [""]


def test_a_returned_proposal_is_neither_approved_nor_refused_nor_returned_again(team: Team, case: str) -> None:
    team.to_proposal(case)
    proposal = proposal_of(team.leader, case)
    team.leader.return_award(case, "UA01", WHY)
    with refused("proposal"):
        team.leader.approve(case)
    with refused("proposal"):
        team.leader.return_award(case, "UA01", WHY)
    assert sent(team.leader, case, "award.approve", proposal=proposal, fen=FEN) == (422, "state")
    assert sent(team.leader, case, "award.return", proposal=proposal, reason="UA01") == (422, "state")
    assert sent(team.leader, case, "award.refuse", proposal=proposal, reason="NR04") == (422, "proposal")
    team.leader.refuse_award(case, "NR04")  # on the finding, as before anything was proposed
    assert team.leader.case(case).fold.state == "refused"
    assert not is_waited_for(team.payout, case)


@pytest.mark.parametrize("role", ["intake", "verifier", "payout", "auditor"])
def test_nobody_but_a_leader_returns_a_proposal(team: Team, case: str, role: str) -> None:
    team.to_proposal(case)
    office, proposal = getattr(team, role), proposal_of(team.leader, case)
    assert "award.return" not in office.kinds(office.case(case))
    assert sent(office, case, "award.return", proposal=proposal, reason="UA01") == (422, "wrong_role")
    assert team.leader.case(case).fold.state == "reward_proposed"


def test_only_the_open_proposal_is_returned_and_for_a_listed_reason(team: Team, case: str) -> None:
    team.to_finding(case)
    assert sent(team.leader, case, "award.return", proposal="A" * 43, reason="UA01") == (422, "state")
    team.payout.propose(case, *PINNED, FEN, facts_document())
    first = proposal_of(team.leader, case)
    team.payout.propose(case, *PINNED, FEN, facts_document())
    assert sent(team.leader, case, "award.return", proposal=first, reason="UA01") == (422, "proposal")
    second = proposal_of(team.leader, case)
    assert sent(team.leader, case, "award.return", proposal=second, reason="NR04") == (422, "reason")
    team.demo.fund()
    team.leader.approve(case)
    assert sent(team.leader, case, "award.return", proposal=second, reason="UA01") == (422, "state")
    team.leader.unapprove(case, "UA01")
    team.leader.return_award(case, "UA01", WHY)  # first the approval is taken back, then what it approved
    assert team.leader.case(case).fold.pending == ("award.return",)
    assert rows(team, case) == [("approve", FEN), ("revoke", FEN)]


def test_nobody_signs_over_a_return_or_a_proposal_that_he_was_not_shown(team: Team, case: str) -> None:
    team.to_proposal(case)
    team.leader.case(case)
    team.payout.propose(case, *PINNED, FEN, facts_document())
    with pytest.raises(ClientError, match="overtaken"):
        team.leader.return_award(case, "UA01", WHY)
    team.leader.case(case)
    team.leader.return_award(case, "UA01", WHY)
    with pytest.raises(ClientError, match="overtaken"):
        team.payout.propose(case, *PINNED, FEN, facts_document())
    team.payout.case(case)
    team.payout.propose(case, *PINNED, FEN, facts_document(FACTS))


def test_a_case_returned_is_as_open_to_her_as_before_anything_was_proposed(team: Team, demo: Demo) -> None:
    one = demo.reporter().submit("锯末堆在电机边上。", category="violation")
    team.to_proposal(one.case)
    team.leader.return_award(one.case, "UA03", WHY)
    demo.reporter().objection(one.ticket, "feedback", "处罚太轻。")
    fold = team.leader.case(one.case).fold
    assert (fold.state, fold.turn) == ("objection", ())
