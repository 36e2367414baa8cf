"""Whatever waits for somebody is on that person's list, and on nobody else's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from whistle.core.offices import AUTHORITY, ENTERPRISE
from whistle.core.record import Ask, Case, Destruction
from whistle.core.waiting import OPEN, Around, waits_for
from whistle.core.workflow import load

TABLE = load()
# Who is in the office: persons by role, two where the law wants another person.
OFFICE = {
    "i": ["intake"],
    "v1": ["verifier"],
    "v2": ["verifier"],
    "l1": ["leader"],
    "l2": ["leader"],
    "p": ["payout"],
    "f": ["finance"],
    "a": ["auditor"],
}


def waited(
    cosign: bool = False,
    parent: Case | None = None,
    listed: frozenset[str] | None = None,
    office: str = AUTHORITY,
    **facts: Any,
) -> set[str]:
    """For whom a case of these facts waits."""
    case = replace(Case(TABLE), marks=("extract",), **facts) if "marks" not in facts else replace(Case(TABLE), **facts)
    around = Around(cosign, parent, listed, office)
    return {person for person, roles in OFFICE.items() if waits_for(case, roles, person, around)}


def acted(**kinds: str) -> dict[str, frozenset[str]]:
    return {kind.replace("_", "."): frozenset({person}) for kind, person in kinds.items()}


def test_a_report_waits_for_intake_and_a_told_award_for_nobody() -> None:
    assert waited(state="received") == {"i"}
    assert waited(state="notified") == set()
    assert waited(state="closed") == set()


def test_an_enterprise_promises_what_was_found_and_keeps_it() -> None:
    assert {"v1", "v2"} <= waited(state="verified", office=ENTERPRISE)
    assert not {"v1", "v2"} & waited(state="verified")
    assert {"v1", "v2"} <= waited(state="notified", office=ENTERPRISE, marks=("commit", "extract"))
    assert not {"v1", "v2"} & waited(state="verified", office=ENTERPRISE, marks=("extract", "rectify"))


def test_an_objection_waits_for_a_leader_who_did_not_decide() -> None:
    assert waited(state="objection") == {"l1", "l2"}
    assert waited(state="objection", acted=acted(award_refuse="l1")) == {"l2"}


def test_an_extract_is_wanted_of_intake() -> None:
    assert waited(state="verifying", marks=()) == {"i", "v1", "v2"}
    assert waited(state="verifying") == {"v1", "v2"}
    assert waited(state="objection", marks=()) == {"i", "l1", "l2"}


def test_a_recusal_is_filled_by_intake() -> None:
    seats = (("verifier", ("v1",)), ("leader", ("l1",)))
    assert waited(state="verifying", seats=seats) == {"v1"}
    assert waited(state="verifying", seats=seats, excluded=frozenset({"v1"})) == {"i", "v2"}
    assert waited(state="paid", seats=seats, excluded=frozenset({"l1"})) == {"i"}


def test_the_seat_of_who_left_is_filled_by_intake() -> None:
    seats = (("verifier", ("v1",)), ("leader", ("l1",)))
    assert waited(state="verifying", seats=seats, listed=frozenset(OFFICE)) == {"v1"}
    assert waited(state="verifying", seats=seats, listed=frozenset(OFFICE) - {"v1"}) - {"v1"} == {"i", "v2"}


def test_an_identity_asked_waits_for_the_other_half_and_then_for_whoever_asked() -> None:
    asked = Ask("h", "p")
    assert waited(state="notified", asks=(asked,)) == {"l1", "l2"}
    assert waited(state="notified", asks=(replace(asked, given=True),)) == {"p"}
    assert waited(state="notified", asks=(replace(asked, given=True, opened=True),)) == set()


def test_a_claim_waits_for_the_check_and_then_for_the_payment() -> None:
    assert waited(state="claimed") == {"p"}
    assert waited(state="claimed", marks=("extract", "claim.check")) == {"f"}


def test_a_finding_waits_for_the_second_inspector_where_the_office_has_findings_co_signed() -> None:
    facts = {"state": "unverified", "found_by": "v1", "acted": acted(finding="v1")}
    assert waited(**facts) == {"i"}
    assert waited(cosign=True, **facts) == {"i", "v2"}
    assert waited(cosign=True, **facts, marks=("extract", "cosign")) == {"i"}


def test_a_proposal_that_was_voided_waits_for_payout_again() -> None:
    assert "p" in waited(state="verified", proposal=None)


@pytest.mark.parametrize("state", ["refused", "closed"])
def test_a_refusal_as_the_second_waits_for_a_leader_once_the_first_has_no_award(state: str) -> None:
    second = {"state": state, "refused_for": "NR07"}
    first = replace(Case(TABLE), awarded=0, acted=acted(award_cancel="l1"))
    assert "l1" not in waited(**second)
    assert "l1" not in waited(**second, parent=replace(first, acted={}))
    assert "l1" not in waited(**second, parent=replace(first, awarded=100))
    assert "l1" not in waited(state=state, refused_for="NR01", parent=first)
    assert {"l1", "l2"} <= waited(**second, parent=first)


def test_a_destruction_asked_waits_for_who_may_sign_it() -> None:
    """An auditor or another leader, seated or not; neither who asked nor who closed, and nobody while it is held."""
    seats = (("leader", ("l1",)),)
    asked = Destruction("h", "content", "2026-11-28")
    facts = {"state": "closed", "seats": seats, "destructions": (asked,)}
    assert waited(**facts, acted=acted(destroy_ask="l1", close="i")) == {"l2", "a"}
    assert waited(**facts, acted={**acted(destroy_ask="l1"), **acted(close="l2")}) == {"a"}
    assert waited(**facts, acted=acted(destroy_ask="l1"), marks=("hold",)) == set()
    assert waited(**{**facts, "destructions": ()}, acted=acted(destroy_ask="l1")) == set()


def test_a_seated_leader_who_decided_leaves_the_objection_to_the_others() -> None:
    facts = {"state": "objection", "seats": (("leader", ("l1",)),)}
    assert waited(**facts) == {"l1"}
    assert waited(**facts, acted=acted(award_refuse="l1")) == {"l2"}


def test_nobody_who_is_excluded_is_waited_for() -> None:
    for state in TABLE["states"]:
        assert waited(state=state, excluded=frozenset(OFFICE)) == set()


@pytest.mark.parametrize("row", TABLE["turns"], ids=lambda row: f"{row['role']}-{row['open']}")
def test_every_row_names_roles_states_kinds_and_a_condition_that_are(row: dict[str, Any]) -> None:
    assert row["open"] in OPEN
    assert row["in"] == "*" or set(row["in"]) <= TABLE["states"].keys()
    assert set(row.get("not_by", [])) <= TABLE["kinds"].keys()
    assert any(row["role"] in kind["roles"] for kind in TABLE["kinds"].values())


def test_no_condition_is_without_its_row() -> None:
    assert OPEN.keys() == {row["open"] for row in TABLE["turns"]}
