"""Whom a case waits for: the roles whose turn it is, and whatever else stands open. His list shows it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from whistle.core.offices import AUTHORITY, ENTERPRISE
from whistle.core.record import Case
from whistle.core.workflow import states_named


@dataclass(frozen=True)
class Around:
    """What the case itself does not say. `cosign`: the office has every finding signed by a second inspector.
    `parent`: the case that this one is merged into, None where there is none. `listed`: who stands in the channel
    today, None where that is not asked: a seat of somebody who left is no seat. `office`: its kind (core/offices)."""

    cosign: bool = False
    parent: Case | None = None
    listed: frozenset[str] | None = None
    office: str = AUTHORITY

    def seated(self, case: Case) -> dict[str, set[str]]:
        """Who still sits, by role; a role of which everybody recused himself or left is not among them."""
        sits = {role: set(people) - case.excluded for role, people in case.seats}
        still = {role: people if self.listed is None else people & self.listed for role, people in sits.items()}
        return {role: people for role, people in still.items() if people}


def waits_for(case: Case, roles: Collection[str], person: str, around: Around = Around()) -> bool:
    """Whether the case waits for this person, who holds these roles in its channel. Nobody who is excluded is waited
    for."""
    if person in case.excluded:
        return False
    turn = [role for role in case.turn if role in roles and _sits(case, role, person, around)]
    return bool(turn) or any(
        row["role"] in roles and _applies(case, row, person, around) for row in case.workflow["turns"]
    )


def _applies(case: Case, row: Mapping[str, Any], person: str, around: Around) -> bool:
    """One row of the table: in these states, while the condition holds, for whoever did none of `not_by`."""
    barred = {person for kind in row.get("not_by", []) for person in case.acted.get(kind, ())}
    return (
        case.state in states_named(case.workflow, "office", row["in"])
        and person not in barred
        and _sits(case, row["role"], person, around, barred)
        and OPEN[row["open"]](case, person, around)
    )


def _sits(case: Case, role: str, person: str, around: Around, barred: Collection[str] = ()) -> bool:
    """Whether he acts for the role here: seated, or nobody is. Whoever is barred keeps the others from nothing."""
    seated = around.seated(case).get(role, set()) - set(barred)
    return not seated or person in seated


def _seats_to_fill(case: Case, around: Around) -> Iterator[str]:
    """Roles whose every seated person has recused himself since, or left."""
    still = around.seated(case)
    return (role for role, people in case.seats if people and role not in still)


def _lost_its_reason(case: Case, parent: Case | None) -> bool:
    """Refused because another was first, who was told since that there is no award: she may object anew."""
    is_second = case.refused_for in case.workflow["not_first"]
    return is_second and parent is not None and "award.cancel" in parent.acted and not parent.awarded


def _is_on_hold(case: Case) -> bool:
    """A mark stands that keeps everybody from signing a destruction."""
    return bool(set(case.workflow["kinds"]["destroy"]["unless"]) & set(case.marks))


# What a row's `open` may name: True while it stands open for this person.
OPEN: dict[str, Callable[[Case, str, Around], bool]] = {
    "always": lambda case, person, around: True,
    "extract": lambda case, person, around: "extract" not in case.marks or case.extract_wanted,
    "seat": lambda case, person, around: any(_seats_to_fill(case, around)),
    "ask": lambda case, person, around: any(not each.given and each.person != person for each in case.asks),
    "given": lambda case, person, around: any(
        each.given and not each.opened and each.person == person for each in case.asks
    ),
    "check": lambda case, person, around: "claim.check" not in case.marks,
    "checked": lambda case, person, around: "claim.check" in case.marks,
    "cosign": lambda case, person, around: around.cosign and "cosign" not in case.marks and case.found_by != person,
    "destroy": lambda case, person, around: bool(case.destructions) and not _is_on_hold(case),
    "promise": lambda case, person, around: around.office == ENTERPRISE and not {"commit", "rectify"} & set(case.marks),
    "promised": lambda case, person, around: "commit" in case.marks,
    "reopen": lambda case, person, around: _lost_its_reason(case, around.parent),
}
