"""What befalls a case: the shared histories in both views; what refusals, recusals and days do to it."""

import dataclasses

import pytest

from tests.core.histories import HISTORIES, PEOPLE, TODAY, act, acts_of
from whistle.core.case import WORKFLOW, Case, Refused, allowed, fold
from whistle.core.workflow import ROLES

STANDING = [name for name, history in HISTORIES.items() if "state" in history]
REFUSED = [name for name, history in HISTORIES.items() if "refused" in history]


def office(name: str) -> Case:
    return fold(acts_of(name), WORKFLOW, HISTORIES[name].get("today", TODAY))


def reporter(name: str) -> Case:
    return fold(acts_of(name), WORKFLOW, HISTORIES[name].get("today", TODAY), view="reporter")


def test_it_works() -> None:
    case = office("paid")
    assert (case.state, case.approved, case.awarded, case.channel) == ("paid", 2250000, 2250000, "zone")
    assert case.proposal and case.proposal.pack_hash == "sha-of-the-pack"
    assert case.approval == "h7" and case.claim_by == "2026-11-24"


@pytest.mark.parametrize("name", STANDING)
def test_a_history_leads_where_the_table_says(name: str) -> None:
    history, case = HISTORIES[name], office(name)
    assert (case.state, case.seen, list(case.marks)) == (history["state"], history["seen"], history["marks"])


@pytest.mark.parametrize("name", [name for name in STANDING if "allowed" in HISTORIES[name]])
def test_each_person_is_offered_what_he_may_do(name: str) -> None:
    case = office(name)
    offered = HISTORIES[name]["allowed"]
    assert {who: allowed(case, PEOPLE[who], "" if who == "alice" else who) for who in offered} == offered


@pytest.mark.parametrize("name", [name for name in STANDING if "running" in HISTORIES[name]])
def test_the_clocks_that_run(name: str) -> None:
    running = [[clock.step, clock.start, clock.due] for clock in office(name).clocks if not clock.stop]
    assert running == HISTORIES[name]["running"]


@pytest.mark.parametrize("name", STANDING)
def test_the_reporter_sees_the_same_case_and_no_more(name: str) -> None:
    case, hers = office(name), reporter(name)
    assert hers.state == hers.seen == case.seen
    assert (hers.awarded, hers.claim_by, hers.seats) == (case.awarded, case.claim_by, case.seats)
    assert not (hers.finding or hers.outcome or hers.proposals or hers.approved or hers.asks)


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_table_forbids_is_refused(name: str) -> None:
    history, acts = HISTORIES[name], acts_of(name)
    before = fold(acts[:-1], WORKFLOW, history.get("today", TODAY))
    with pytest.raises(Refused) as caught:
        office(name)
    assert caught.value.code == history["refused"]
    assert caught.value.facts == {"kind": acts[-1].kind, "seen": before.seen}


@pytest.mark.parametrize("name", [n for n in REFUSED if HISTORIES[n].get("reporter_accepts")])
def test_what_only_the_office_can_refuse_stands_in_the_reporters_view(name: str) -> None:
    assert reporter(name).state == reporter(name).seen


def test_a_refusal_never_names_an_office_state() -> None:
    with pytest.raises(Refused) as caught:
        office("claimed before the notice")
    assert caught.value.facts == {"kind": "claim", "seen": "verifying"}
    assert "approved" not in str(caught.value)


def test_no_state_depends_on_the_day_it_is_read() -> None:
    acts = acts_of("notified")
    assert fold(acts, WORKFLOW, "2026-09-25") == fold(acts, WORKFLOW, "2099-01-01")


def test_midnight_between_two_clocks_is_not_the_future() -> None:
    assert fold(acts_of("filed"), WORKFLOW, "2026-08-31").state == "received"
    with pytest.raises(Refused, match="future"):
        fold(acts_of("filed"), WORKFLOW, "2026-08-30")


def test_no_posts_are_no_case_yet_and_only_a_report_may_begin_it() -> None:
    case = fold([], WORKFLOW, TODAY)
    assert (case.state, case.seen, case.is_final) == ("", "", False)
    assert allowed(case, ["reporter"], "") == ["report"]
    assert allowed(case, ROLES, "bob") == []


def test_a_recusal_counts_for_the_cases_life_and_is_not_told() -> None:
    assert office("recused").excluded == {"mallory", "vera"}
    assert reporter("recused").excluded == {"mallory"}


def test_a_refusal_answers_the_proposal_that_counts_or_the_finding() -> None:
    assert office("proposed").answers == "h6"
    assert office("a new finding drops the proposal").answers == "h7"
    assert office("verified").answers == "h4"


def test_a_returned_proposal_counts_no_more_and_payout_is_waited_for() -> None:
    case = office("returned to payout")
    assert (case.proposal, len(case.proposals), case.answers) == (None, 1, "h4")
    assert case.pending == ("award.return",) and case.turn == ("intake", "payout")
    assert office("returned after the approval was taken back").pending == ("award.return",)
    for answered in ("proposed anew after the return", "refused on the finding after the return"):
        assert office(answered).pending == ()
    assert office("an objection to the result after the return").turn == ()
    assert reporter("returned to payout") == reporter("proposed") == reporter("told the result")


def test_a_refusal_after_approval_leaves_no_sum_to_pay() -> None:
    assert office("approved").approved == 2250000
    assert (office("refused after approval").approved, office("refused after approval").approval) == (0, "")


def test_the_clocks_remember_when_they_stopped_and_whose_they_are() -> None:
    clocks = {(clock.step, clock.whose): (clock.start, clock.stop) for clock in office("paid").clocks}
    assert clocks[("accept", "office")] == ("2026-09-01", "2026-09-03")
    assert clocks[("claim", "reporter")] == ("2026-09-25", "2026-10-02")
    assert clocks[("award", "office")] == ("2026-09-20", "2026-09-24")


def test_a_clock_that_has_stopped_keeps_its_day() -> None:
    clocks = office("the penalty is known").clocks
    assert [clock.stop for clock in clocks if clock.step == "feedback"] == ["2026-09-22", ""]
    clocks = office("not true, told and closed").clocks
    assert [clock.stop for clock in clocks if clock.step == "feedback"] == ["2026-09-21"]


def test_a_case_is_not_changed_by_what_follows() -> None:
    case = office("verified")
    with pytest.raises(dataclasses.FrozenInstanceError):
        case.state = "closed"  # type: ignore[misc]


def test_two_leaders_who_answer_one_ask_are_told_apart() -> None:
    acts = acts_of("identity given")
    case = fold(acts, WORKFLOW, TODAY)
    assert [(ask.given, ask.opened) for ask in case.asks] == [(True, False)]
    with pytest.raises(Refused, match="ask"):
        fold([*acts, act(9, "identity.give", "lena", "2026-09-24", {"ask": "h7"})], WORKFLOW, TODAY)
