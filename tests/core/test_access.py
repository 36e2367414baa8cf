"""Who reads what (envelope.md section 2, Roles by compartment; design.md section 4), in both languages."""

import json
from pathlib import Path
from typing import Any

import pytest

from whistle.core.access import audience, may_read, part, reporter_reads
from whistle.core.case import WORKFLOW
from whistle.core.workflow import ROLES
from whistle.crypto.holdings import items_fit

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "access.json").read_text(encoding="utf-8"))


def test_it_works() -> None:
    assert audience("work", WORKFLOW, assigned=True) == ["intake", "verifier", "leader"]


@pytest.mark.parametrize("case", VECTORS["audience"], ids=lambda case: f"{case['comp']}-{case['assigned']}")
def test_a_new_item_is_sealed_for_the_roles_of_its_compartment(case: dict[str, Any]) -> None:
    assert audience(case["comp"], WORKFLOW, case["assigned"], case.get("kind", "")) == case["roles"]


@pytest.mark.parametrize("case", VECTORS["parts"], ids=lambda case: f"{case['comp']}-{case['role']}")
def test_only_an_identity_is_given_in_halves(case: dict[str, Any]) -> None:
    assert part(case["comp"], case["role"], WORKFLOW) == case["part"]


@pytest.mark.parametrize("case", VECTORS["may_read"], ids=lambda case: "-".join(case["roles"]))
def test_a_role_reads_its_compartments_and_no_other(case: dict[str, Any]) -> None:
    assert [c for c in WORKFLOW["compartments"] if may_read(c, case["roles"], WORKFLOW, case.get("kind", ""))] == case[
        "reads"
    ]


@pytest.mark.parametrize("case", VECTORS["reporter_reads"], ids=lambda case: f"{case['kind']}-{case['comp']}")
def test_the_reporter_reads_what_is_written_to_her_and_never_her_claim(case: dict[str, Any]) -> None:
    assert reporter_reads(case["kind"], case["comp"], case["author"], WORKFLOW) is case["reads"]


@pytest.mark.parametrize("case", VECTORS["items"], ids=lambda case: f"{case['kind']}-{len(case['comps'])}")
def test_the_items_of_a_post_stand_in_exactly_the_tables_order(case: dict[str, Any]) -> None:
    items = WORKFLOW["kinds"][case["kind"]]["items"]
    assert items_fit(items, case["comps"], case.get("comp", "")) is case["fit"]


def test_the_table_lists_readers_in_the_channels_order() -> None:
    for rule in WORKFLOW["compartments"].values():
        assert list(rule["roles"]) == [role for role in ROLES if role in rule["roles"]]
