"""待办 at the running door: whoever something waits for finds the case on his own list, and only there."""

from __future__ import annotations

from tests.conftest import Demo
from tests.doors.office import Team

ROLES = ("intake", "verifier", "leader", "payout", "finance")


def waits_for(team: Team, case: str) -> set[str]:
    return {role for role in ROLES if any(row["case"] == case for row in getattr(team, role).inbox(mine="1"))}


def test_a_claim_is_payouts_until_it_is_checked_and_finances_after(team: Team, demo: Demo) -> None:
    alice = demo.reporter()
    filed = alice.submit("皮带没有防护罩,人袖子会卷进去。", category="violation", reward="yes")
    assert waits_for(team, filed.case) == {"intake"}
    team.to_notice(filed.case)
    assert waits_for(team, filed.case) == set()
    alice.claim(filed.ticket, payee="持码人", method="counter", declared=True, passphrase="青山不老")
    assert waits_for(team, filed.case) == {"payout"}
    team.payout.check(filed.case)
    assert waits_for(team, filed.case) == {"finance"}


def test_an_assigned_case_without_an_extract_waits_for_intake_too(team: Team, demo: Demo) -> None:
    filed = demo.reporter().submit("电线裸露,一直没有人管。", category="general_hazard")
    team.accept(filed.case)
    team.intake.assign(filed.case, {role: [team.person(role)] for role in ("verifier", "leader")})
    assert waits_for(team, filed.case) == {"intake", "verifier"}
    team.intake.extract(filed.case, {"category": "general_hazard", "line": "检查用电"}, "检查用电。")
    assert waits_for(team, filed.case) == {"verifier"}


def test_an_identity_asked_waits_for_the_leader_who_holds_the_other_half(team: Team, demo: Demo) -> None:
    filed = demo.reporter().submit("皮带没有防护罩,谁都看得见。", category="violation", contact="工友转")
    team.to_notice(filed.case)
    team.payout.ask_identity(filed.case, "ID01")
    assert waits_for(team, filed.case) == {"leader"}
    team.leader.give_identity(filed.case)
    assert waits_for(team, filed.case) == {"payout"}
