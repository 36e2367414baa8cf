"""The office's clocks of a case, from its posts alone: what a register or a bulletin needs of the fold.

No person, seat or sum is looked at; the posts were folded and admitted when they came in."""

from collections.abc import Iterable
from typing import Any

from whistle.core import effects
from whistle.core.record import Act, Case, Clock
from whistle.core.workflow import Workflow

# What moves a running clock otherwise than by starting or stopping it.
MOVERS = ("extend", "pause", "resume")


class Timekeeper:
    """The clocks the office owes, counted in days; the two hours of an urgent report are not among them."""

    def __init__(self, workflow: Workflow) -> None:
        rules = [rule for rule in workflow["clocks"] if rule["whose"] == "office" and _in_days(rule)]
        self._table = {**workflow, "clocks": rules}
        self._heard = frozenset(kind for rule in rules for kind in (*rule["start"], *rule["stop"])) | {*MOVERS}
        self.read = frozenset(_read(rules)) | {*MOVERS}

    def clocks(self, acts: Iterable[Act]) -> tuple[Clock, ...]:
        """Every clock these acts start, in their order."""
        case = Case(self._table)
        for act in acts:
            if act.kind in self._heard:
                case = _kept(case, act)
        return case.clocks


def _kept(case: Case, act: Act) -> Case:
    moved = effects.clocks_after(case, act)
    case = Case(case.workflow, clocks=moved)
    if act.kind not in MOVERS:
        return case
    effect = effects.EFFECTS[case.workflow["kinds"][act.kind]["effect"]]
    return Case(case.workflow, clocks=effect(case, act)["clocks"])


def _in_days(rule: dict[str, Any]) -> bool:
    return bool(rule["start"].get("report", "any") == "any")


def _read(rules: list[dict[str, Any]]) -> Iterable[str]:
    """The kinds whose fields a clock asks for; of all others kind and day are enough."""
    for rule in rules:
        for events in (rule["start"], rule["stop"]):
            yield from (kind for kind, wanted in events.items() if wanted != "any")
        yield from rule["start"] if "due" in rule else ()
