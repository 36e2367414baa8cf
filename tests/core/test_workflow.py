"""The one table: what it says kind by kind (design.md section 5), and that it hangs together."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from whistle.core.case import WORKFLOW, Case
from whistle.core.effects import check_effects
from whistle.core.errors import RuleError
from whistle.core.gates import ALWAYS, CHECKS, GATES, MARKED, check_names
from whistle.core.workflow import NOTHING, ROLES, as_seen, is_named, leaves, needed_mark, stays, target
from whistle.crypto.kinds import FIELDS

KINDS, STATES = WORKFLOW["kinds"], WORKFLOW["states"]
CASE = {place.name for place in dataclasses.fields(Case)} | {"answers", "objected"}
TOLD = [kind for kind, rule in KINDS.items() if rule["vis"] == "all"]
CUSTODY = [
    *("hold", "release", "audit.hold", "audit.release"),
    *("award.recomputed", "destroy.ask", "destroy.stop", "destroy"),
]
REVIEWERS = "intake verifier leader payout finance auditor"

# kind: roles | fields | vis, as design.md section 5 has them, in its order
DESIGN = {
    "report": ("reporter", "reporter access channel source urgent exclude sealed_by", "all"),
    "message": ("reporter intake payout", "comp", "all"),
    "accept": ("intake", "category sector packs received", "all"),
    "decline": ("intake", "reason", "all"),
    "transfer": ("intake", "reason to", "all"),
    "assign": ("intake", "seats", "all"),
    "extract": ("intake", "", "office"),
    "finding": ("verifier", "outcome", "office"),
    "feedback": ("intake", "", "all"),
    "award.propose": ("payout", "pack pack_hash fen facts", "office"),
    "award.approve": ("leader", "proposal fen", "office"),
    "award.refuse": ("leader", "proposal reason", "all"),
    "award.notify": ("payout", "fen claim_by", "all"),
    "claim": ("reporter", "method", "all"),
    "claim.check": ("payout", "", "office"),
    "pay": ("finance", "voucher treasury day", "all"),
    "forfeit": ("leader", "reason", "all"),
    "close": ("intake leader", "reason", "all"),
    "identity.ask": ("payout", "reason", "office"),
    "identity.give": ("leader", "ask", "office"),
    "identity.opened": ("payout", "ask", "all"),
    "regrant": (REVIEWERS, "", "office"),
    "recuse": (REVIEWERS, "", "office"),
    "extend": ("leader", "step until document approved_by", "all"),
    "pause": ("intake verifier", "reason day", "office"),
    "resume": ("intake verifier", "day", "office"),
    "dispatch": ("intake", "action", "all"),
    "merge": ("intake", "parent", "office"),
    "objection": ("reporter", "about", "all"),
    "objection.decide": ("leader", "objection about outcome", "all"),
    "transfer.result": ("intake", "day result", "all"),
    "list": ("leader", "level due document", "all"),
    "rectify": ("verifier", "day document", "all"),
    "delist": ("leader", "day document", "all"),
    "reinstate": ("leader", "reason claim_by", "all"),
    "clawback": ("leader", "reason fen", "all"),
    "cosign": ("verifier", "finding", "office"),
    "escalate": ("leader", "to document day", "office"),
    "repin": ("leader", "reason old packs", "office"),
    "evidence": ("reporter", "", "all"),
    "classify": ("intake", "category sector", "office"),
    "decline.ask": ("intake", "reason", "office"),
    "decline.agree": ("leader", "ask", "office"),
    "unmerge": ("intake", "reason", "office"),
    "award.unapprove": ("leader", "approval reason", "office"),
    "award.cancel.ask": ("payout", "reason", "office"),
    "award.cancel": ("leader", "ask reason", "all"),
    "objection.record": ("intake", "objection about outcome body document day", "all"),
    "objection.confirm": ("leader", "record about outcome", "all"),
    "objection.reopen": ("leader", "reason", "all"),
    "recover.demand": ("leader", "reason fen due document", "all"),
    "recover.receipt": ("finance", "receipt fen day", "all"),
    "recuse.why": (REVIEWERS, "", "office"),
    "classify.tell": ("intake", "category sector", "all"),
    "award.return": ("leader", "proposal reason", "office"),
    "withdraw": ("reporter", "scope", "all"),
    "withdraw.undo": ("reporter", "withdraw", "all"),
    "withdraw.take": ("intake", "withdraw", "all"),
    "hold": ("leader", "reason document", "office"),
    "release": ("leader auditor", "reason document", "office"),
    "audit.hold": ("auditor", "reason document", "office"),
    "audit.release": ("auditor", "reason document", "office"),
    "award.recomputed": ("auditor", "fen facts", "office"),
    "destroy.ask": ("leader", "scope basis registers", "office"),
    "destroy.stop": ("leader auditor", "ask reason", "office"),
    "destroy": ("leader auditor", "ask scope", "all"),
    "handover": (REVIEWERS, "", "office"),
    "commit": ("verifier", "due", "all"),
    "honour.propose": ("payout", "honour", "office"),
    "honour.approve": ("leader", "proposal", "office"),
    "honour.return": ("leader", "proposal reason", "office"),
    "honour.tell": ("leader", "honour", "all"),
    "honour.revoke": ("leader", "reason", "all"),
    "note": ("intake verifier leader", "", "office"),
}


def targets(kind: str, state: str) -> set[str]:
    """Every state this kind can lead to from here, whatever its fields say."""
    to = KINDS[kind]["to"]
    return {target(WORKFLOW, "office", state, kind, fields) or "" for fields in deciding(to)}


def deciding(to: Any) -> Iterator[dict[str, str]]:
    """The values of the fields that decide a target, in every combination the table knows."""
    if not isinstance(to, dict):
        yield {}
        return
    ((name, by_value),) = to.items()
    for value, inner in by_value.items():
        yield from ({name: value, **more} for more in deciding(inner))


def test_it_works() -> None:
    assert target(WORKFLOW, "office", "verifying", "finding", {"outcome": "verified"}) == "verified"
    assert target(WORKFLOW, "reporter", "verifying", "award.notify", {}) == "notified"


def test_the_kinds_are_those_of_the_design_in_its_order() -> None:
    said = {kind: (" ".join(r["roles"]), " ".join(FIELDS[kind]), r["vis"]) for kind, r in KINDS.items()}
    assert said == DESIGN
    assert list(said) == list(DESIGN)


def test_every_name_in_the_table_is_one_the_table_explains() -> None:
    for kind, rule in KINDS.items():
        assert set(rule["roles"]) <= {"reporter", *ROLES}, kind
        assert set(rule.get("other_person", {})) | set(rule.get("needs", {}).values()) <= set(KINDS), kind
        assert leaves(WORKFLOW, "office", kind) | stays(WORKFLOW, "office", kind) <= {NOTHING, *STATES}, kind
        assert {item.rstrip("*") for item in rule["items"]} <= {"$comp", *WORKFLOW["compartments"]}, kind
        assert rule["grants"] in {"readers", "none", "own", "asker", "colleague"}, kind
        for marks in ("clears", "after", "after_any", "unless"):
            assert set(rule.get(marks, [])) <= {r.get("mark") for r in KINDS.values()}, kind
        assert rule.get("mark", kind) == kind, "a mark is named after the kind that sets it"
    for clock in WORKFLOW["clocks"]:
        assert set(clock["start"]) | set(clock["stop"]) <= set(KINDS), clock["step"]
    for kind, rule in KINDS.items():
        waits = rule.get("waits", {"roles": ROLES, "until": []})
        assert waits["roles"] and set(waits["roles"]) <= set(ROLES) and set(waits["until"]) <= set(KINDS), kind
    assert set(WORKFLOW["reasons"]) - {"never"} == {k for k in KINDS if "reason" in FIELDS[k]}


def test_a_report_begins_a_case_and_nothing_else_does() -> None:
    assert [kind for kind in KINDS if NOTHING in leaves(WORKFLOW, "office", kind)] == ["report"]
    assert leaves(WORKFLOW, "office", "report") == {NOTHING}


def test_nothing_leaves_a_closed_case_but_money_wrongly_paid_and_a_right_given_back() -> None:
    assert [state for state, rule in STATES.items() if rule["final"]] == ["closed"]
    assert [kind for kind in KINDS if "closed" in leaves(WORKFLOW, "office", kind)] == [
        *("clawback", "objection.reopen", "recover.demand", "recover.receipt"),
        *CUSTODY,  # and what says how long it is kept
        "handover",  # whoever leaves hands on what may be opened again
        *(kind for kind in KINDS if kind.startswith("honour.")),  # a praise may come late, and moves nothing
    ]
    assert all(KINDS[kind]["to"] == "same" for kind in CUSTODY)


@pytest.mark.parametrize("state", [state for state in STATES if state != "closed"])
def test_no_state_is_dead(state: str) -> None:
    reached, edge = {state}, {state}
    while edge:
        edge = {
            to
            for here in edge
            for kind in KINDS
            if here in leaves(WORKFLOW, "office", kind)
            for to in targets(kind, here)
        }
        edge -= reached
        reached |= edge
    assert "closed" in reached


@pytest.mark.parametrize("state", list(STATES))
def test_every_state_is_reached(state: str) -> None:
    assert any(state in targets(kind, here) for kind in KINDS for here in leaves(WORKFLOW, "office", kind))


def test_the_reporter_sees_office_states_as_verifying_and_is_told_the_rest() -> None:
    hidden = {state for state, rule in STATES.items() if rule["seen"] != state}
    assert hidden == {
        *("verified", "unverified", "unable", "awaiting_penalty"),
        *("reward_proposed", "reward_approved"),
    }
    assert {STATES[state]["seen"] for state in hidden} == {"verifying"}
    for state, rule in STATES.items():
        assert rule["told"] == ("" if state in hidden else f"seen.{state}")
    for kind, rule in KINDS.items():
        assert rule["told"] == (f"told.{kind}" if kind in TOLD else "")


def test_an_office_act_never_changes_what_the_reporter_sees() -> None:
    for kind in KINDS.keys() - set(TOLD):
        for state in leaves(WORKFLOW, "office", kind):
            assert {as_seen(WORKFLOW, "reporter", to) for to in targets(kind, state)} == {STATES[state]["seen"]}


@pytest.mark.parametrize("kind", TOLD)
def test_what_the_reporter_is_told_leads_her_to_the_same_state(kind: str) -> None:
    for state in leaves(WORKFLOW, "office", kind) | stays(WORKFLOW, "office", kind):
        for fields in deciding(KINDS[kind]["to"]):
            to = target(WORKFLOW, "office", state, kind, fields) or ""
            hers = as_seen(WORKFLOW, "reporter", state)
            assert target(WORKFLOW, "reporter", hers, kind, fields) == as_seen(WORKFLOW, "reporter", to)


@pytest.mark.parametrize("kind", TOLD)
def test_the_reporters_view_asks_no_mark_that_the_office_does_not(kind: str) -> None:
    for state in leaves(WORKFLOW, "office", kind):
        asked = needed_mark(WORKFLOW, "reporter", as_seen(WORKFLOW, "reporter", state), kind)
        assert asked in {"", needed_mark(WORKFLOW, "office", state, kind)}


def test_every_clock_starts_before_it_can_stop_and_is_somebodys() -> None:
    steps = [clock["step"] for clock in WORKFLOW["clocks"]]
    first = ["accept", "verify", "feedback", "award", "notice", "claim", "objection"]
    assert steps == [*first, "review", "dispatch", "list", "commit"]
    for clock in WORKFLOW["clocks"]:
        assert clock["start"] and clock["stop"] and clock["whose"] in {"office", "reporter"}


def test_a_clock_may_wait_for_one_value_of_a_field() -> None:
    award = next(clock for clock in WORKFLOW["clocks"] if clock["step"] == "award")
    assert is_named(award["start"], "finding", {"outcome": "verified"})
    assert not is_named(award["start"], "finding", {"outcome": "unable"})
    assert is_named(award["stop"], "award.refuse", {}) and not is_named(award["stop"], "pay", {})


def test_a_duplicate_a_stray_and_an_unnamed_employee_are_never_refused() -> None:
    declined = WORKFLOW["offices"]["authority"]["decline"]
    assert declined == ["NA02", "NA03", "NA04", "NA08", "NA09", "NA10"]
    assert WORKFLOW["reasons"]["transfer"] == ["NA05", "NA06"]
    assert WORKFLOW["reasons"]["never"] == ["NA01", "NA07"]


def test_what_an_office_offers_is_of_what_the_house_knows() -> None:
    for office in WORKFLOW["offices"].values():
        assert set(office["decline"]) <= set(WORKFLOW["reasons"]["decline"])
        assert all(set(office[table]) <= set(WORKFLOW[table]) for table in ("categories", "methods"))
    offered = [office["categories"] for office in WORKFLOW["offices"].values()]
    assert [each for some in offered for each in some] == WORKFLOW["categories"]


def test_an_enterprise_opens_no_identity_and_speaks_for_no_authority() -> None:
    authoritys = [kind for kind, rule in KINDS.items() if rule.get("offices") == ["authority"]]
    assert {"identity.ask", "identity.give", "identity.opened", "list", "delist", "escalate"} <= set(authoritys)
    assert "reporter" not in {role for kind in authoritys for role in KINDS[kind]["roles"]}


def test_every_reason_of_the_rules_has_its_place() -> None:
    codes = {code for listed in WORKFLOW["reasons"].values() for code in listed}
    assert {f"NA{n:02}" for n in range(1, 11)} | {f"NR{n:02}" for n in range(1, 18)} <= codes


def test_roles_and_compartments_keep_apart_what_the_law_keeps_apart() -> None:
    readers = {comp: rule["roles"] for comp, rule in WORKFLOW["compartments"].items()}
    assert "verifier" in readers["work"] and not any("verifier" in readers[c] for c in readers if c != "work")
    assert not any("finance" in roles for roles in readers.values())
    assert [comp for comp, roles in readers.items() if "auditor" in roles] == ["award"]
    assert readers["identity"] == {"leader": 1, "payout": 2}
    assert {part for comp, roles in readers.items() if comp != "identity" for part in roles.values()} == {0}


def test_three_people_for_a_payment() -> None:
    assert KINDS["award.approve"]["other_person"].keys() == {"award.propose"}
    assert KINDS["award.refuse"]["other_person"].keys() == {"award.propose"}
    assert KINDS["pay"]["other_person"].keys() == {"award.propose", "award.approve", "claim.check"}
    assert KINDS["identity.give"]["other_person"].keys() == {"identity.ask"}


def test_the_table_has_rules_for_the_kinds_of_the_wire_and_no_other() -> None:
    assert set(KINDS) == set(FIELDS)


def own_rows(kind: str, *lists: str) -> list[list[str]]:
    return [row for name in lists for part in (name, f"office_{name}") for row in KINDS[kind].get(part, [])]


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_row_names_fields_that_the_kind_has(kind: str) -> None:
    names = {*FIELDS[kind], *CASE}
    for _, predicate, *more in own_rows(kind, "checks"):
        if predicate in {"is_listed", "has_roles", "equals", "is_positive", "is_ahead", "has_come"}:
            assert more[0] in FIELDS[kind], (kind, predicate)
        if predicate == "is_written":
            assert set(more) <= set(FIELDS[kind])
        if predicate == "equals":
            assert more[1] in names
    for source in KINDS[kind].get("keeps", {}).values():
        if isinstance(source, str) and source and not source.startswith("$"):
            assert source in FIELDS[kind]


def test_every_predicate_is_asked_by_some_row() -> None:
    asked = {name: {row[1] for kind in KINDS for row in own_rows(kind, name)} for name in ("gates", "checks")}
    assert asked == {"gates": set(GATES), "checks": set(CHECKS)}


@pytest.mark.parametrize(
    "changes",
    [
        {"checks": [["reason", "is_lsited_reason"]]},
        {"office_checks": [["reason", "made_up"]]},
        {"gates": [["urgent", "made_up"]]},
        {"office_gates": [["urgent", "is_listed"]]},
        {"effect": "made_up"},
        {"keeps": {"nowhere": "reason"}},
    ],
)
def test_a_table_that_names_what_nobody_knows_does_not_load(changes: dict[str, Any]) -> None:
    table = {**WORKFLOW, "kinds": {**KINDS, "decline": {**KINDS["decline"], **changes}}}
    with pytest.raises(RuleError, match="unknown"):
        check_effects(check_names(table))


def test_the_page_explains_every_name_of_the_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "workflow.md").read_text(encoding="utf-8")
    steps = [clock["step"] for clock in WORKFLOW["clocks"]]
    for name in [*STATES, *KINDS, *steps]:
        assert f"| `{name}` |" in page, name
    for code in {code for listed in WORKFLOW["reasons"].values() for code in listed}:
        assert f"| {code} |" in page, code
    codes = {row[0] for kind in KINDS for row in own_rows(kind, "gates", "checks")}
    codes |= {code for code, _ in (*ALWAYS, *MARKED)} | {"kind", "role", "future"}
    for code in codes | {code for rule in KINDS.values() for code in rule.get("other_person", {}).values()}:
        assert f"`{code}`" in page.split("## What a refusal says")[1], code


def test_the_page_draws_the_moves_of_the_table_and_no_other() -> None:
    page = (Path(__file__).parents[2] / "docs" / "workflow.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"^ +(\w+) --> (\w+): ([\w.]+)", page, re.MULTILINE))
    moves = {
        (here, to, kind)
        for kind, rule in KINDS.items()
        if rule["to"] != "same"
        for here in leaves(WORKFLOW, "office", kind) - {NOTHING}
        for to in targets(kind, here)
    }
    assert drawn <= moves
    assert {(here, kind) for here, to, kind in moves if kind != "finding" and here != to} == {
        (here, kind) for here, _, kind in drawn if kind != "finding"
    }


def test_every_open_state_says_whose_turn_it_is_and_that_role_can_move_it() -> None:
    waits_for_others = {"not_accepted", "notified"}
    for name, state in WORKFLOW["states"].items():
        assert set(state["turn"]) <= set(ROLES)
        # What hangs on another case, another year, or what kind of office has it.
        own = [row for row in WORKFLOW["turns"] if row["open"] not in {"reopen", "destroy", "promise", "promised"}]
        waited = state["turn"] or [row for row in own if name in row["in"]]
        assert bool(waited) != (state["final"] or name in waits_for_others), name
        for role in state["turn"]:
            kinds = WORKFLOW["kinds"].values()
            assert any(role in kind["roles"] and name in kind["from"] for kind in kinds), (name, role)
