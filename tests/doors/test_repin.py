"""The rule packs of a case changed after acceptance: by a leader, with a reason, and what was proposed falls."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import Demo
from tests.doors import later
from tests.doors.hand import Hand
from tests.doors.office import FEN, PINNED, Team, facts_document
from tests.doors.test_further import filed, refused
from whistle.client import ClientError, Office
from whistle.core import rulebook
from whistle.crypto.encoding import b64

NATIONAL = ("CN-NAT-2018", b64(rulebook.pack_hash(rulebook.load("CN-NAT-2018"))))
WHY = "受理时选错,见内部签报。"


@pytest.fixture
def case(team: Team, hand: Hand) -> str:
    return filed(hand)


def test_it_works_the_leader_changes_the_pack_and_the_award_is_proposed_anew(team: Team, case: str) -> None:
    team.to_proposal(case)
    team.leader.repin(case, "RP02", [NATIONAL, PINNED], WHY)
    seen = team.leader.case(case)
    assert (seen.fold.state, seen.fold.proposal, seen.fold.packs) == ("verified", None, (NATIONAL, PINNED))
    assert seen.acts[-1].fields == {
        "reason": "RP02", "old": [list(PINNED)], "packs": [list(NATIONAL), list(PINNED)],
    }  # fmt: skip
    assert WHY in [item.text for item in team.intake.case(case).items]
    with pytest.raises(ClientError, match="refused"):
        team.leader.approve(case)
    with pytest.raises(ClientError, match="overtaken"):
        team.payout.propose(case, *PINNED, FEN, facts_document())
    team.payout.case(case)
    team.payout.propose(case, *PINNED, FEN, facts_document())
    team.demo.fund()
    team.leader.case(case)
    team.leader.approve(case)
    assert team.leader.case(case).fold.state == "reward_approved"


def test_a_pack_the_directory_does_not_list_is_pinned_for_trial_only(team: Team, case: str) -> None:
    team.to_finding(case)
    team.leader.repin(case, "RP01", [NATIONAL], WHY)
    with refused("pack_not_listed"):
        team.payout.propose(case, *NATIONAL, FEN, facts_document())
    with refused("pack"):
        team.payout.propose(case, *PINNED, FEN, facts_document())


def test_only_a_pack_of_this_house_in_its_present_bytes_is_pinned(team: Team, case: str) -> None:
    team.to_verifier(case)
    with refused("pack_edited"):
        team.leader.repin(case, "RP03", [(NATIONAL[0], PINNED[1])], WHY)
    with refused("pack"):
        team.leader.repin(case, "RP03", [("SD-REW-2999", PINNED[1])], WHY)
    with refused("packs_new"):
        team.leader.repin(case, "RP03", [PINNED], WHY)


def test_nobody_but_the_leader_changes_the_pack_and_none_after_the_approval(team: Team, case: str) -> None:
    team.to_proposal(case)
    for other in (team.intake, team.payout, team.verifier):
        with pytest.raises(ClientError, match="refused"):
            other.repin(case, "RP02", [NATIONAL], WHY)
    team.demo.fund()
    team.leader.approve(case)
    with pytest.raises(ClientError, match="refused"):
        team.leader.repin(case, "RP02", [NATIONAL], WHY)


def test_the_reporter_is_not_told_of_a_change(team: Team, demo: Demo) -> None:
    one = demo.reporter().submit("除尘器没有泄爆口。", category="violation")
    team.to_finding(one.case)
    before = demo.reporter().status(one.ticket)
    team.leader.repin(one.case, "RP04", [NATIONAL, PINNED], WHY)
    assert demo.reporter().status(one.ticket) == before


def test_a_pack_edited_after_it_was_pinned_is_neither_proposed_nor_approved(
    team: Team, demo: Demo, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A house that was given another text under the same name, on the same cases."""
    team.to_proposal(case)
    edited = replace(rulebook.load(PINNED[0]), title="改过的标准")
    shipped = rulebook.load
    monkeypatch.setattr(rulebook, "load", lambda name: edited if name == edited.id else shipped(name))
    door = later.door(demo.data, "review", database=demo.database)
    with door as url, later.client() as http, later.client() as another:
        leader = Office(url, http, *demo.keys("leader"))
        leader.login()
        payout = Office(url, another, *demo.keys("payout"))
        payout.login()
        with refused("pack_edited"):
            leader.approve(case)
        with refused("pack_edited"):
            payout.propose(case, *PINNED, FEN, facts_document())
        now = b64(rulebook.pack_hash(edited))
        with refused("pack_edited"):
            payout.propose(case, PINNED[0], now, FEN, facts_document())
        leader.repin(case, "RP03", [(PINNED[0], now)], WHY)
        payout.case(case)
        with refused("pack_not_listed"):
            payout.propose(case, PINNED[0], now, FEN, facts_document())
