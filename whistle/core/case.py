"""A case is what its posts add up to: fold(acts) gives it, and refuses the first act that the table forbids.

Crypto's chain has checked signatures, links, roles, items and grants; here are states, persons, sums, days.
"""

from collections.abc import Iterable, Mapping

from whistle.core.effects import after, check_effects
from whistle.core.errors import RuleError
from whistle.core.gates import barred, check_names, refusal
from whistle.core.newposts import check_new
from whistle.core.record import Act, Ask, Case, Clock, Proposal
from whistle.core.workflow import View, Workflow, load

__all__ = ["WORKFLOW", "Act", "Ask", "Case", "Clock", "Proposal", "Refused", "allowed", "apply", "fold"]

WORKFLOW: Workflow = check_new(check_effects(check_names(load())))


class Refused(RuleError):
    """An act that the table forbids. `facts` hold its kind and the state as the reporter sees it, no more:
    an answer at the public door must not tell her, or a probe, what the office did."""

    def __init__(self, code: str, facts: Mapping[str, str]) -> None:
        super().__init__(code, **facts)


def fold(acts: Iterable[Act], workflow: Workflow, today: str, view: View = "office") -> Case:
    """The case that these acts make, in their order. Raises Refused at the first one the table forbids.

    The reporter's view folds what her door serves and accepts every chain that the office's accepts.
    No state depends on `today`, which only refuses an act dated in the future.
    """
    case = Case(workflow=workflow, view=view)
    for act in acts:
        if view == "office" or act.vis == "all":
            case = apply(case, act, today)
    return case


def apply(case: Case, act: Act, today: str) -> Case:
    """The case with one more act. Raises Refused."""
    code = refusal(case, act, today)
    if code:
        raise Refused(code, {"kind": act.kind, "seen": case.seen})
    return after(case, act)


def allowed(case: Case, roles: Iterable[str], person: str) -> list[str]:
    """The kinds this person may post now, in the table's order.

    What an act's fields say (sums, days, reasons) can only be checked once it is there: a forfeit is offered
    from the notice on, and refused while there is still time to claim.
    """
    mine = set(roles)
    kinds = case.workflow["kinds"]
    return [kind for kind in kinds if mine & set(kinds[kind]["roles"]) and not barred(case, kind, person)]
