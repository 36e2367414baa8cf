"""Rules for posts that are written now: asked by the door and by clients before they sign, never by the fold.

What the fold accepted once it accepts for ever; what is asked of a new post beyond it stands in the rows `new` of
workflow.json, as [code, predicate, arguments]. Like gates and checks they name predicates, each true when the way is
open; a kind that is `retired` is read for ever and written no more.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from whistle.core.errors import RuleError
from whistle.core.offices import AUTHORITY, KINDS
from whistle.core.record import Case
from whistle.core.workflow import Workflow

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Now:
    """What only the moment knows. `open_until`: the last day of every objection still open to the reporter, "" when
    none is. `parent`: the case this one is merged into, None where it is not at hand. `review`: who decides
    objections here: "office", "above", or "" for either. `office`: what kind of office has the case (core/offices)."""

    today: str
    open_until: str = ""
    parent: Case | None = None
    review: str = ""
    office: str = AUTHORITY


def is_here(case: Case, kind: str, office: str) -> bool:
    """Whether an office of this kind has acts of this kind at all, and from the state that the case is in."""
    row, anywhere = case.workflow["kinds"][kind], (office,)
    by_state = row.get("from_by_office", {})
    return office in row.get("offices", anywhere) and office in by_state.get(case.state, anywhere)


def listed(workflow: Workflow, office: str, table: str) -> list[Any]:
    """What an office of this kind offers of a table: its categories, its reasons to decline, its ways to pay."""
    found: list[Any] = workflow["offices"][office][table]
    return found


def reviewed_by(setting: str, office: str) -> str:
    """Who decides objections in an office of this kind: above an enterprise stands nobody who would."""
    return setting if office == AUTHORITY else "office"


def open_until(clocks: Iterable[Mapping[str, Any]]) -> str:
    """The last day of every objection that is open, of clocks as both doors show them; a provisional day counts."""
    return max((clock["due"] for clock in clocks if clock["step"] == "objection" and not clock["stop"]), default="")


def refused(case: Case, kind: str, fields: Fields, now: Now) -> str:
    """The code of the first rule that stands in the way of this new post on the case as it is, "" if none."""
    row = case.workflow["kinds"][kind]
    if row.get("retired"):
        return "retired"
    if not is_here(case, kind, now.office):
        return "not_here"
    return next((code for code, name, *more in row.get("new", ()) if not NEW[name](case, fields, now, *more)), "")


def check_new(workflow: Workflow) -> Workflow:
    """The same table; RuleError if a row names a predicate or a kind of office that does not exist."""
    if set(workflow["offices"]) != set(KINDS):
        raise RuleError("office_unknown")
    for kind, row in workflow["kinds"].items():
        named = {*row.get("offices", ()), *(each for some in row.get("from_by_office", {}).values() for each in some)}
        if not named <= set(KINDS):
            raise RuleError("office_unknown", kind=kind)
        for _, name, *_ in row.get("new", ()):
            if name not in NEW:
                raise RuleError("predicate_unknown", kind=kind, name=name)
    return workflow


def objections_are_over(case: Case, fields: Fields, now: Now) -> bool:
    """Nothing is put away while she can still object; who never looks holds a case open until that day, not longer."""
    return now.open_until < now.today


def is_agreed(case: Case, fields: Fields, now: Now) -> bool:
    """These reasons are one officer's word against hers: a leader who read an extract has agreed to this very one."""
    reason = fields.get("reason")
    agreed = "decline.agree" in case.marks and case.decline_reason == reason
    return reason not in case.workflow["agreed_first"] or agreed


def is_merged_for(case: Case, fields: Fields, now: Now, reason: str) -> bool:
    return fields.get("reason") != reason or bool(case.parent)


def parent_award_was_told(case: Case, fields: Fields, now: Now, reason: str, waived: str) -> bool:
    """ "Not the first" is said only once the earlier reporter was told her award, or had waived it: until then
    nothing that the later one sees depends on there being an earlier report."""
    if fields.get("reason") != reason or now.parent is None:
        return True
    return now.parent.awarded > 0 or now.parent.reason == waived


def parent_award_is_gone(case: Case, fields: Fields, now: Now, reason: str) -> bool:
    return fields.get("reason") != reason or now.parent is None or not now.parent.awarded


def is_of_the_office(case: Case, fields: Fields, now: Now, name: str, table: str) -> bool:
    """Of what the whole house knows an office offers what is its own; without the field, as a page asks before it is
    answered, nothing is wrong yet."""
    return name not in fields or fields[name] in listed(case.workflow, now.office, table)


def is_reviewed_by(case: Case, fields: Fields, now: Now, who: str) -> bool:
    return now.review in ("", who)


def has_not_acted(case: Case, fields: Fields, now: Now, kind: str) -> bool:
    """What she was told is put right before her eyes: what she was not told yet needs no word."""
    return kind not in case.acted


def has_its_extract(case: Case, fields: Fields, now: Now) -> bool:
    """Who decides has read an extract: the report itself is intake's alone, and intake may have made the decision."""
    return "extract" in case.marks and not case.extract_wanted


NEW: dict[str, Callable[..., bool]] = {
    rule.__name__: rule
    for rule in (
        *(objections_are_over, is_agreed, is_merged_for, parent_award_was_told, parent_award_is_gone),
        *(is_reviewed_by, has_its_extract, has_not_acted, is_of_the_office),
    )
}
