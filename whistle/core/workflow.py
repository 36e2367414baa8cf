"""How the one table, workflow.json, is read. What befalls a case: case.py; who reads what: access.py."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

Workflow = Mapping[str, Any]
View = Literal["office", "reporter"]

NOTHING = ""  # the state of a case that has no post yet
TABLE = Path(__file__).with_name("workflow.json")
WIRE = Path(__file__).parents[1] / "crypto" / "kinds.json"
# Names and order of the reviewers' roles are the wire's; this room reads its data and imports nothing of crypto.
ROLES: tuple[str, ...] = tuple(json.loads(WIRE.read_bytes())["roles"])


def load() -> Workflow:
    """The table as shipped: the same bytes the public door serves to browsers."""
    table: Workflow = json.loads(TABLE.read_bytes())
    return table


def as_seen(workflow: Workflow, view: View, state: str) -> str:
    """The state as this view knows it: to the reporter all office-only states look like `verifying`."""
    if view == "office" or state == NOTHING:
        return state
    seen: str = workflow["states"][state]["seen"]
    return seen


def states_named(workflow: Workflow, view: View, names: str | list[str]) -> frozenset[str]:
    """States of this view: "nothing" is before the first post, "*" any state that is not final."""
    if names == "nothing":
        return frozenset({NOTHING})
    if names == "*":
        names = [state for state, rule in workflow["states"].items() if not rule["final"]]
    return frozenset(as_seen(workflow, view, state) for state in names)


def leaves(workflow: Workflow, view: View, kind: str) -> frozenset[str]:
    """The states in which a post of this kind takes the case to its target."""
    return states_named(workflow, view, workflow["kinds"][kind]["from"])


def stays(workflow: Workflow, view: View, kind: str) -> frozenset[str]:
    """The states in which it is allowed and moves nothing: a second `assign` changes the seats only."""
    return states_named(workflow, view, workflow["kinds"][kind].get("stays_in", []))


def target(workflow: Workflow, view: View, state: str, kind: str, fields: Mapping[str, Any]) -> str | None:
    """The state after such a post; None when the field that decides it holds a value not in the table."""
    to = workflow["kinds"][kind]["to"]
    while isinstance(to, dict):
        ((name, by_value),) = to.items()
        to = by_value.get(fields[name])
    if to == "same" or state not in leaves(workflow, view, kind):
        return state
    return to and as_seen(workflow, view, to)


def needed_mark(workflow: Workflow, view: View, state: str, kind: str) -> str:
    """The mark without which this kind may not leave the state, or "". Only marks the view is served."""
    for where, mark in workflow["kinds"][kind].get("needs", {}).items():
        if as_seen(workflow, view, where) == state and is_served(workflow, view, mark):
            return str(mark)
    return ""


def marks_named(workflow: Workflow, view: View, kind: str, list_name: str) -> list[str]:
    """The marks a kind waits for (`after`, `after_any`) or is barred by (`unless`), of those the view is served."""
    named: list[str] = workflow["kinds"][kind].get(list_name, [])
    return named if view == "office" else [mark for mark in named if is_served(workflow, view, mark)]


def rows(workflow: Workflow, view: View, kind: str, name: str) -> list[list[str]]:
    """The kind's own rules under `name`, each [code, predicate, what the predicate is given]. Those that rest on
    posts the reporter's door does not serve stand apart as `office_`: her view cannot ask them."""
    row = workflow["kinds"][kind]
    return [*row.get(name, ()), *(row.get(f"office_{name}", ()) if view == "office" else ())]


def is_served(workflow: Workflow, view: View, kind: str) -> bool:
    """Whether posts of this kind are in the view at all (envelope.md section 2, Two views)."""
    return view == "office" or workflow["kinds"][kind]["vis"] == "all"


def is_named(events: Mapping[str, Any], kind: str, fields: Mapping[str, Any]) -> bool:
    """Whether a clock's start or stop names this post: its kind with "any", or with the value of a field."""
    wanted = events.get(kind)
    if wanted is None or wanted == "any":
        return wanted == "any"
    return all(fields[name] in values for name, values in wanted.items())
