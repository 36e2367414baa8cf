"""A proposed sum rests on the finding: what is not taken over is explained, and nobody signs over what came in."""

import dataclasses
from collections.abc import Callable

import pytest

from tests.cli.shell import Shell
from tests.conftest import Demo
from tests.doors import reviewer
from tests.doors.hand import Hand
from tests.doors.office import FACTS, FEN, PINNED, Team, facts_document
from tests.doors.test_repin import NATIONAL
from whistle.client import ClientError, Piece
from whistle.client.basis import Difference, rests
from whistle.core.facts import TAKEN_OVER, Facts
from whistle.crypto.encoding import b64
from whistle.crypto.posts import facts_hash

TEN = dataclasses.replace(FACTS, fine=10 * FACTS.fine)
TEN_FEN = 10 * FEN
REASON = "处罚决定书已改为四十五万元"
JSON = "application/json"


@pytest.fixture
def case(hand: Hand) -> str:
    return b64(hand.filed().case)


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(capsys, monkeypatch)


@pytest.fixture
def apart(zone_demo: Demo) -> tuple[Team, str]:
    """A house of its own, whose ledger an auditor may find wanting, and a case in it."""
    return Team(zone_demo), b64(Hand(zone_demo).filed().case)


def refusal(work: Callable[[], object]) -> tuple[str, object]:
    with pytest.raises(ClientError) as refused:
        work()
    return refused.value.code, refused.value.facts.get("reason", refused.value.facts.get("kinds"))


def proposed_by_hand(team: Team, case: str, facts: Facts, fen: int) -> None:
    """A proposal as a client signs it that knows nothing of findings: facts alone."""
    document = facts_document(facts)
    fields = {"pack": PINNED[0], "pack_hash": PINNED[1], "fen": fen, "facts": facts_hash(document)}
    assert reviewer.act(team.payout, case, "award.propose", fields, [Piece("award", document, JSON)]).send().is_success


def test_it_works(team: Team, case: str) -> None:
    """Taken over whole: nothing differs, no reason is asked, and the leader signs."""
    team.to_finding(case)
    team.payout.propose(case, *PINNED, FEN, facts_document(dataclasses.replace(FACTS, employee=False)))
    view = team.leader.case(case)
    assert view.fold.proposal is not None
    found = rests(view.acts, view.items, view.fold.proposal.hash)
    assert (found.differs, found.reason, found.is_bound) == ((), "", True)
    team.demo.fund()
    team.leader.approve(case)
    assert team.leader.case(case).fold.state == "reward_approved"


OTHERS = {
    "kind": {"kind": "major_hazard"},
    "fine": {"fine": FACTS.fine + 100},
    "deaths": {"kind": "concealed_accident", "deaths": 3, "fine": 0},
    "deaths_concealed": {"kind": "concealed_accident", "deaths": 3, "deaths_concealed": 1, "fine": 0},
    "annex_item": {"annex_item": "GM-DUST"},
    "domain": {"domain": "fire"},
}


@pytest.mark.parametrize("name", TAKEN_OVER)
def test_no_fact_of_the_finding_is_replaced_without_a_reason(team: Team, case: str, name: str) -> None:
    team.to_finding(case)
    facts = facts_document(dataclasses.replace(FACTS, **OTHERS[name]))
    assert refusal(lambda: team.payout.propose(case, *PINNED, FEN, facts)) == ("refused", "basis")
    assert team.payout.case(case).fold.state == "verified"


def test_what_differs_is_shown_to_the_leader_before_he_signs(team: Team, case: str) -> None:
    team.to_finding(case)
    team.payout.propose(case, *PINNED, TEN_FEN, facts_document(TEN), reason=REASON)
    view = team.leader.case(case)
    assert view.fold.proposal is not None
    found = rests(view.acts, view.items, view.fold.proposal.hash)
    assert found.differs == (Difference("fine", "45,000.00", "450,000.00"),)
    assert (found.reason, found.is_bound) == (REASON, True)
    team.demo.fund()
    assert refusal(lambda: team.leader.approve(case)) == ("refused", "basis")
    team.leader.approve(case, differing=True)
    assert team.leader.case(case).fold.approved == TEN_FEN


def test_a_difference_that_nobody_explains_is_not_approved(team: Team, case: str) -> None:
    team.to_finding(case)
    proposed_by_hand(team, case, TEN, TEN_FEN)
    assert refusal(lambda: team.leader.approve(case, differing=True)) == ("refused", "basis")


@pytest.mark.parametrize("kind", ["finding", "repin"])
def test_a_proposal_is_not_signed_over_what_came_in_since_the_case_was_shown(team: Team, case: str, kind: str) -> None:
    team.to_finding(case)
    team.payout.case(case)
    came_in(team, case, kind)
    propose = lambda: team.payout.propose(case, *PINNED, FEN, facts_document())  # noqa: E731
    assert refusal(propose) == ("overtaken", [kind])
    team.payout.case(case)
    if kind == "finding":
        assert refusal(propose) == ("refused", "basis")
    else:
        assert propose().document


@pytest.mark.parametrize("kind", ["finding", "repin", "award.propose"])
def test_an_approval_is_not_signed_over_what_came_in_since_the_case_was_shown(team: Team, case: str, kind: str) -> None:
    team.to_proposal(case)
    team.demo.fund()
    team.leader.case(case)
    came_in(team, case, kind)
    if kind != "award.propose":
        proposed_by_hand(team, case, TEN, TEN_FEN)
    assert refusal(lambda: team.leader.approve(case, differing=True)) in (
        ("overtaken", [kind]), ("overtaken", [kind, "award.propose"]),
    )  # fmt: skip
    assert team.leader.case(case).fold.state == "reward_proposed"


def came_in(team: Team, case: str, kind: str) -> None:
    if kind == "finding":
        team.verifier.case(case)
        team.verifier.finding(case, "verified", "处罚减半。", facts_document(dataclasses.replace(FACTS, fine=100)))
    elif kind == "repin":
        Team(team.demo).leader.repin(case, "RP02", [NATIONAL, PINNED], "受理时选错。")
    else:
        team.payout.propose(case, *PINNED, FEN, facts_document())


def test_the_co_signing_inspector_reads_the_figures(team: Team, case: str) -> None:
    """A finding's facts are its verifiers' too; a proposal's are not, and intake reads of neither what it comes to."""
    team.to_finding(case)
    team.payout.propose(case, *PINNED, FEN, facts_document())
    read = team.verifier.case(case).items
    assert [(item.kind, item.data[0].fine) for item in read if item.comp == "award"] == [("finding", FACTS.fine)]
    for item in team.intake.case(case).items:
        assert "4500000" not in item.text.replace(",", "").replace(".", ""), item


def verified(shell: Shell, demo: Demo, *options: str) -> tuple[int, str]:
    shell.env.setenv("WHISTLE_PASSPHRASE", demo.passphrase("auditor"))
    ran = shell("ledger", "verify", "--data", demo.data, "--key", demo.data / "staff" / "auditor.key", *options)
    return ran.status, ran.out + ran.err


def test_the_auditor_reads_what_an_award_rests_on(apart: tuple[Team, str], shell: Shell) -> None:
    team, case = apart
    team.to_finding(case)
    team.payout.propose(case, *PINNED, TEN_FEN, facts_document(TEN), reason=REASON)
    team.demo.fund()
    team.leader.case(case)
    team.leader.approve(case, differing=True)
    _, said = verified(shell, team.demo)
    number = team.leader.case(case).number
    assert f"{number}, fine: finding 45,000.00, award rests on 450,000.00: {REASON}" in said
    assert f"{number}." not in said


def test_ten_times_the_money_without_a_word_is_no_consistent_ledger(apart: tuple[Team, str], shell: Shell) -> None:
    team, case = apart
    team.to_finding(case)
    proposed_by_hand(team, case, TEN, TEN_FEN)
    team.demo.fund()
    found = team.leader.case(case).fold.proposal
    assert found is not None
    reviewer.act(
        team.leader, case, "award.approve", {"proposal": found.hash, "fen": found.fen}
    ).send().raise_for_status()
    status, said = verified(shell, team.demo)
    number = team.leader.case(case).number
    assert f"{number}, fine: finding 45,000.00, award rests on 450,000.00, and no reason is given." in said
    assert (status, f"{number}." in said) == (1, True)
