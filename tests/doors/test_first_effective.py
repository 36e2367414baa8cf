"""One matter, one reward: the first effective report by the order of receipt; the next only when it earned nothing."""

from __future__ import annotations

import pytest

from tests.conftest import Demo
from tests.doors.hand import Hand
from tests.doors.office import FEN, PINNED, Team, facts_document
from tests.doors.test_further import filed, refused, report


@pytest.fixture
def pair(team: Team, hand: Hand) -> tuple[str, str]:
    """Two reports on one matter: the later one is complete, confirmed, and merged into the first."""
    first, second = filed(hand), filed(hand)
    team.to_finding(second)
    team.intake.merge(second, first)
    return first, second


def propose(team: Team, case: str) -> None:
    team.payout.propose(case, *PINNED, FEN, facts_document())


def test_it_works_the_first_was_refused_and_the_complete_second_is_rewarded(team: Team, hand: Hand, demo: Demo) -> None:
    earlier, second = report(demo), filed(hand)
    first = earlier.case
    team.to_finding(second)
    team.intake.merge(second, first)
    with refused("parent_undecided"):
        propose(team, second)
    team.intake.decline(first, "NA03")
    with refused("parent_may_object"):
        propose(team, second)
    with refused("objection_open"):
        team.intake.close(first, "CL02")
    demo.reporter().objection(earlier.ticket, "decline", "请再看看。")
    team.intake.extract(first, {"line": "设备"}, "看设备防护。")
    team.leader.decide_objection(first, "rejected", "维持原决定。")
    propose(team, second)
    team.intake.close(first, "CL02")
    team.demo.fund()
    team.leader.approve(second)
    assert team.leader.case(second).fold.state == "reward_approved"


def test_once_the_first_is_rewarded_no_other_is(team: Team, pair: tuple[str, str]) -> None:
    first, second = pair
    team.to_notice(first)
    with refused("parent_awarded"):
        propose(team, second)
    team.leader.refuse_award(second, "NR07")


def test_who_waived_was_effective_all_the_same(team: Team, pair: tuple[str, str]) -> None:
    first, second = pair
    team.to_finding(first)
    team.leader.refuse_award(first, "NR16")
    with refused("parent_awarded"):
        propose(team, second)


def test_an_award_proposed_before_the_merge_is_not_approved_against_the_order(team: Team, hand: Hand) -> None:
    first, second = filed(hand), filed(hand)
    team.to_proposal(second)
    team.intake.merge(second, first)
    team.demo.fund()
    with refused("parent_undecided"):
        team.leader.approve(second)


def test_a_case_that_was_never_merged_waits_for_nobody(team: Team, hand: Hand) -> None:
    filed(hand)
    case = filed(hand)
    team.to_proposal(case)
    assert team.leader.case(case).fold.state == "reward_proposed"
