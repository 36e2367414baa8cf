"""Who is paid and for what, sealed beside the sum: joint reports, a part that was confirmed, the declaration."""

from __future__ import annotations

from tests.conftest import Demo
from tests.doors.office import FEN, PINNED, Team, facts_document
from tests.doors.test_further import refused, report
from whistle.client import Filed
from whistle.client.claims import claim_of, claims_of
from whistle.client.registers import facts_of
from whistle.core.entitlement import Confirmed, Receiver, parse_confirmed, parse_receiver


def claimed(team: Team, demo: Demo, declared: bool = True, signatories: int = 1) -> Filed:
    one = report(demo)
    team.to_notice(one.case)
    demo.reporter().claim(one.ticket, payee="持码人", method="counter", declared=declared, signatories=signatories)
    return one


def sealed(team: Team, case: str, kind: str) -> list[bytes]:
    """What stands in the items of such a post, as the leader opens them."""
    return [item.body for item in team.leader.case(case).items if item.kind == kind]


def test_it_works_the_check_says_who_is_paid_as_the_claim_does(team: Team, demo: Demo) -> None:
    one = claimed(team, demo, signatories=2)
    team.to_payment(one.case)
    (found,) = sealed(team, one.case, "claim.check")
    assert parse_receiver(found) == Receiver(signatories=2, recipient="first", authority="", declared="claim")


def test_without_the_declaration_nothing_is_checked(team: Team, demo: Demo) -> None:
    one = claimed(team, demo, declared=False)
    with refused("undeclared"):
        team.payout.check(one.case)
    team.payout.check(one.case, Receiver(declared="counter"))
    assert "claim.check" in team.payout.case(one.case).fold.marks


def test_of_several_claims_none_is_taken_silently(team: Team, demo: Demo) -> None:
    """The agreed passphrase says which is hers; where none was agreed, her answer after the newest claim."""
    one, public = claimed(team, demo), demo.reporter()
    team.payout.check(one.case)
    again = public.claim(
        one.ticket, payee="后来的人", method="counter", declared=True, passphrase="猜的口令"
    ).receipt.document
    assert "claim.check" not in team.payout.case(one.case).fold.marks
    first, second = claims_of(team.payout.case(one.case))
    assert second == again["post"]
    for claim, by, why in [("", "", "which_claim"), (second, "", "which_claim"), ("A" * 43, "answer", "which_claim")]:
        with refused(why):
            team.payout.check(one.case, claim=claim, by=by)
    for by in ("passphrase", "answer"):
        with refused(by):
            team.payout.check(one.case, claim=second, by=by)
    public.message(one.ticket, "第一次是我申领的。", "payout")
    team.payout.check(one.case, claim=first, by="answer")
    view = team.payout.case(one.case)
    assert claim_of(view)["payee"] == "持码人"
    assert [item.data for item in view.items if item.document == "standing"] == [{"claim": first, "by": "answer"}]


def test_another_signatory_is_paid_only_on_a_written_authority(team: Team, demo: Demo) -> None:
    one = claimed(team, demo, signatories=3)
    with refused("authority"):
        team.payout.check(one.case, Receiver(3, "authorised"))
    with refused("recipient_alone"):
        team.payout.check(one.case, Receiver(1, "authorised", "委托书 2026-11-20"))
    team.payout.check(one.case, Receiver(3, "authorised", "委托书 2026-11-20"))
    (found,) = sealed(team, one.case, "claim.check")
    assert parse_receiver(found).authority == "委托书 2026-11-20"


def test_an_award_for_a_part_says_which_part_was_confirmed(team: Team, demo: Demo) -> None:
    one, part = report(demo), Confirmed("partial", "所报三项,查实第一项")
    team.to_finding(one.case)
    team.payout.propose(one.case, *PINNED, FEN, facts_document(), part)
    _facts, confirmed, _basis = sealed(team, one.case, "award.propose")
    assert parse_confirmed(confirmed) == part
    facts = facts_of(team.leader.case(one.case))
    assert facts is not None
    assert facts.fine == 2 * FEN


def test_neither_finance_nor_the_reporter_is_given_what_was_sealed(team: Team, demo: Demo) -> None:
    one = claimed(team, demo, signatories=3)
    team.payout.check(one.case, Receiver(3, "authorised", "委托书 2026-11-20"))
    assert team.finance.case(one.case).items == []
    assert "claim.check" not in [line.kind for line in demo.reporter().status(one.ticket).posts]


def test_a_payee_and_a_matter_paid_before_are_noticed_by_payouts_own_client(zone_demo: Demo) -> None:
    """In a zone with few cases: every earlier claim is fetched and opened for it."""
    team, alice = Team(zone_demo), zone_demo.reporter()
    one, two, three = (report(zone_demo) for _ in range(3))
    for filed in (one, two, three):
        team.to_notice(filed.case)
    alice.claim(one.ticket, payee="木匠 甲", method="transfer", declared=True, note="工行 6222 0000 1111")
    team.to_payment(one.case)
    alice.claim(two.ticket, payee="木匠甲", method="transfer", declared=True, note="卡号6222-0000-1111")
    found = {repeat.case: repeat for repeat in team.payout.repeats(two.case)}
    assert (found[one.case].why, found[one.case].paid) == (("account", "payee", "matter"), True)
    assert (found[three.case].why, found[three.case].paid) == (("matter",), False)
    assert found[one.case].number == team.payout.case(one.case).number
    assert two.case not in found
