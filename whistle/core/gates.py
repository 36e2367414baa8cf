"""What stands in the way of an act: gates (kind and person, before it is written), checks (its fields).

Which of them a kind asks for, with which code and arguments, are rows of workflow.json; here are the predicates that
the rows name, each true when the way is open. Roles, grants and signatures are crypto's.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from whistle.core.errors import RuleError
from whistle.core.record import Act, Ask, Case
from whistle.core.workflow import ROLES, Workflow, leaves, marks_named, needed_mark, rows, stays, target

REPORTER = "reporter"

Always = Callable[[Case, str, str], bool]
Gate = Callable[..., bool]  # case, person, and what the row adds
Check = Callable[..., bool]  # case, act, and what the row adds


def barred(case: Case, kind: str, person: str) -> str:
    """The code of the first gate closed to this person for this kind, "" if all are open."""
    return next(_closed(case, kind, person), "")


def _closed(case: Case, kind: str, person: str) -> Iterator[str]:
    yield from (code for code, is_open in ALWAYS if not is_open(case, kind, person))
    yield from _same_person(case, kind, person)
    yield from (code for code, is_open in MARKED if not is_open(case, kind, person))
    own = rows(case.workflow, case.view, kind, "gates")
    yield from (code for code, name, *more in own if not GATES[name](case, person, *more))


def refusal(case: Case, act: Act, today: str) -> str:
    """The code of the first rule this act breaks, "" if none."""
    kinds = case.workflow["kinds"]
    if act.kind not in kinds:
        return "kind"
    if not _may_author(kinds[act.kind]["roles"], act.author):
        return "role"
    if _is_future(act.day, today):
        return "future"
    return barred(case, act.kind, act.person) or _failed(case, act)


def _may_author(roles: list[str], author: str) -> bool:
    """Which of his roles a reviewer uses is crypto's to check; what is the reporter's is checked here too."""
    return REPORTER in roles if author == REPORTER else set(roles) != {REPORTER}


def _is_future(day: str, today: str) -> bool:
    """Clocks may differ by fifteen minutes with midnight between them: tomorrow is not yet the future."""
    return date.fromisoformat(day) > date.fromisoformat(today) + timedelta(days=1)


def _failed(case: Case, act: Act) -> str:
    own = rows(case.workflow, case.view, act.kind, "checks")
    return next((code for code, name, *more in own if not CHECKS[name](case, act, *more)), "")


def check_names(workflow: Workflow) -> Workflow:
    """The same table; RuleError if a row names a predicate that does not exist: it would let everything through."""
    for kind, row in workflow["kinds"].items():
        for listed, known in (("gates", GATES), ("checks", CHECKS)):
            for _, name, *_ in [*row.get(listed, ()), *row.get(f"office_{listed}", ())]:
                if name not in known:
                    raise RuleError("predicate_unknown", kind=kind, name=name)
    return workflow


# Gates of every kind


def _state_is_right(case: Case, kind: str, person: str) -> bool:
    return case.state in leaves(case.workflow, case.view, kind) | stays(case.workflow, case.view, kind)


def _is_not_excluded(case: Case, kind: str, person: str) -> bool:
    return person not in case.excluded


def _same_person(case: Case, kind: str, person: str) -> Iterator[str]:
    """By person, not by key, and over the whole history: a proposal since replaced still binds its author."""
    others = case.workflow["kinds"][kind].get("other_person", {})
    return (code for other, code in others.items() if person in case.acted.get(other, ()))


def _has_its_mark(case: Case, kind: str, person: str) -> bool:
    mark = needed_mark(case.workflow, case.view, case.state, kind)
    return not mark or mark in case.marks


def _comes_after(case: Case, kind: str, person: str) -> bool:
    """Every mark of `after`, and of `after_any` one."""
    needed, one_of = (set(marks_named(case.workflow, case.view, kind, name)) for name in ("after", "after_any"))
    return needed <= set(case.marks) and (not one_of or bool(one_of & set(case.marks)))


def _is_not_done(case: Case, kind: str, person: str) -> bool:
    return not set(marks_named(case.workflow, case.view, kind, "unless")) & set(case.marks)


ALWAYS: tuple[tuple[str, Always], ...] = (("state", _state_is_right), ("excluded", _is_not_excluded))
MARKED: tuple[tuple[str, Always], ...] = (("needs", _has_its_mark), ("after", _comes_after), ("unless", _is_not_done))


# Gates that rows name


def is_urgent(case: Case, person: str) -> bool:
    return case.urgent


def may_object(case: Case, person: str) -> bool:
    return case.may_object


def was_paid(case: Case, person: str) -> bool:
    """Only money that went out can come back; a case may have been closed for other reasons."""
    return "pay" in case.acted and case.recovered < case.awarded


def is_demanded(case: Case, person: str) -> bool:
    return case.demanded > 0


def is_not(case: Case, person: str, name: str) -> bool:
    """Another person than the one the case keeps under this name."""
    return bool(person != getattr(case, name))


def went_to_county(case: Case, person: str) -> bool:
    """Deaths are verified by the county government or above (安全生产法 art. 73): first it is told."""
    return case.category not in case.workflow["to_county"] or "escalate" in case.marks


def has_ask(case: Case, person: str, standing: str) -> bool:
    return any(ASKS[standing](ask, person) for ask in case.asks)


def has_acted(case: Case, person: str, kind: str) -> bool:
    """Such a post is in the case's history."""
    return kind in case.acted


def has_not_acted(case: Case, person: str, kind: str) -> bool:
    return kind not in case.acted


def is_verified(case: Case, person: str) -> bool:
    return case.outcome == "verified"


def has_packs(case: Case, person: str) -> bool:
    return bool(case.packs)


def is_not_withdrawn(case: Case, person: str) -> bool:
    """A report that was taken back at her word earns nothing; what it says is verified all the same."""
    return case.withdrawn != "report"


def keeps_contact(case: Case, person: str) -> bool:
    """Who she is is not opened any more once she has taken it back."""
    return not case.withdrawn


def was_awarded(case: Case, person: str) -> bool:
    return case.awarded > 0


def is_kept(case: Case, person: str, scope: str) -> bool:
    """Not destroyed: what would rest on it is not begun."""
    return scope not in case.destroyed


def has_what_may_go(case: Case, person: str) -> bool:
    """In the archive, or withdrawn: before that nothing is destroyed."""
    return case.is_final or bool(case.withdrawn)


def is_asked_to_destroy(case: Case, person: str) -> bool:
    return bool(case.destructions)


# A leader gives an ask not yet given; its own author opens one that was given, once.
ASKS: dict[str, Callable[[Ask, str], bool]] = {
    "not_given": lambda ask, person: not ask.given,
    "given_to_him": lambda ask, person: ask.given and not ask.opened and ask.person == person,
}


# Checks that rows name


def is_listed(case: Case, act: Act, name: str, table: str) -> bool:
    return act.fields[name] in case.workflow[table]


def is_listed_reason(case: Case, act: Act) -> bool:
    return act.fields["reason"] in case.workflow["reasons"][act.kind]


def has_roles(case: Case, act: Act, name: str) -> bool:
    return act.fields[name] in case.workflow["kinds"][act.kind]["roles_by"][name]


def equals(case: Case, act: Act, name: str, kept: str) -> bool:
    """The field is what the case keeps under that name: the sum approved, the finding that counts."""
    return bool(act.fields[name] == getattr(case, kept))


def is_positive(case: Case, act: Act, name: str) -> bool:
    return bool(act.fields[name] > 0)


def is_written(case: Case, act: Act, *names: str) -> bool:
    return all(act.fields[name] for name in names)


def is_ahead(case: Case, act: Act, name: str) -> bool:
    return bool(act.fields[name] > act.day)


def has_come(case: Case, act: Act, name: str) -> bool:
    return bool(case.day <= act.fields[name] <= act.day)


def is_received_by_then(case: Case, act: Act) -> bool:
    """A letter may have come days before it was typed in; nothing is received after its report."""
    return bool(act.fields["received"] <= case.day)


def seats_are_in_order(case: Case, act: Act) -> bool:
    """Known roles, each once, in the channel's order."""
    named = [role for role, _ in act.fields["seats"]]
    return named == [role for role in ROLES if role in named]


def seats_nobody_excluded(case: Case, act: Act) -> bool:
    return not any(case.excluded & set(persons) for _, persons in act.fields["seats"])


def leads_somewhere(case: Case, act: Act) -> bool:
    return target(case.workflow, case.view, case.state, act.kind, act.fields) is not None


def packs_are_distinct(case: Case, act: Act) -> bool:
    ids = [pack for pack, _ in act.fields["packs"]]
    return len(ids) == len(set(ids))


def is_pinned(case: Case, act: Act) -> bool:
    """Only a pack that acceptance, or a leader since, pinned may be proposed."""
    return act.fields["pack"] in dict(case.packs)


def is_unedited(case: Case, act: Act) -> bool:
    """With the same bytes: a pack edited after it was pinned pays nothing."""
    return (act.fields["pack"], act.fields["pack_hash"]) in case.packs


def names_the_packs_pinned(case: Case, act: Act) -> bool:
    return _pairs(act.fields["old"]) == case.packs


def pins_others(case: Case, act: Act) -> bool:
    """At least one, and not the very same again."""
    return bool(act.fields["packs"]) and set(_pairs(act.fields["packs"])) != set(case.packs)


def _pairs(packs: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(pair) for pair in packs)


def is_proposed(case: Case, act: Act) -> bool:
    return case.proposal is not None and act.fields["fen"] == case.proposal.fen


def is_since_the_claim(case: Case, act: Act) -> bool:
    return bool(case.claimed_on <= act.fields["day"] <= act.day)


def is_late_or_waived(case: Case, act: Act, late: str) -> bool:
    """`late` is the reason that nobody claimed in time (2018 art. 13): not before the last day is over."""
    return act.fields["reason"] != late or act.day > case.claim_by


def names_ask(case: Case, act: Act, standing: str) -> bool:
    return any(ask.hash == act.fields["ask"] and ASKS[standing](ask, act.person) for ask in case.asks)


def was_asked_first(case: Case, act: Act) -> bool:
    """Nothing is refused as unclear, and no clock waits for an answer, before the reporter was asked."""
    return act.fields["reason"] not in case.workflow["asked_first"] or case.asked


def awaits_an_answer(case: Case, act: Act) -> bool:
    return act.fields["reason"] not in case.workflow["asked_first"] or case.waiting


def pauses_now(case: Case, act: Act) -> bool:
    """Not before any clock it stops began, not before the last pause ended, not in the future."""
    running = [clock for clock in case.clocks if clock.whose == "office" and not clock.stop]
    begun = [clock.start for clock in running] + [until for clock in running for _, until in clock.pauses]
    return bool(max(begun, default=case.day) <= act.fields["day"] <= act.day)


def resumes_in_time(case: Case, act: Act) -> bool:
    """On a day since the pause; one that waited for an answer ends with the answer."""
    asked = case.paused_for in case.workflow["asked_first"] and case.answered
    return bool(case.paused_on <= act.fields["day"] <= max(asked or act.day, case.paused_on) <= act.day)


def is_later(case: Case, act: Act) -> bool:
    named = [c.due for c in case.clocks if c.step == act.fields["step"] and not c.stop and c.due]
    return bool(act.fields["until"] > max([act.day, *named]))


def is_about_a_decision(case: Case, act: Act) -> bool:
    """What she may object to, by the state of the decision; from any other it is the result she was told."""
    objectable = case.workflow["objectable"]
    decisions = objectable.get(case.state, objectable["*"]).get(act.fields["about"], ())
    return any(kind in case.acted for kind in decisions)


def names_the_objection(case: Case, act: Act) -> bool:
    named = (act.fields["objection"], act.fields["about"])
    return case.objection is not None and named == (case.objection.hash, case.objection.about)


def is_at_most_paid(case: Case, act: Act) -> bool:
    return bool(0 < act.fields["fen"] <= case.awarded - case.recovered)


def can_be_demanded(case: Case, act: Act) -> bool:
    """What was paid and is neither back nor asked back already."""
    return bool(0 < act.fields["fen"] <= case.awarded - case.recovered - case.demanded)


def was_demanded(case: Case, act: Act) -> bool:
    return bool(0 < act.fields["fen"] <= min(case.demanded, case.awarded - case.recovered))


def changes(case: Case, act: Act, *names: str) -> bool:
    """At least one field is not what the case has."""
    return any(act.fields[name] != getattr(case, name) for name in names)


def differs(case: Case, act: Act, name: str, kept: str) -> bool:
    """The field is not what the case keeps under that name."""
    return bool(act.fields[name] != getattr(case, kept))


def waited_since(case: Case, act: Act, name: str) -> bool:
    """The days that the table wants between: a found or extorted code must not end a case at once."""
    return _has_waited(case, act, getattr(case, name))


def waited_since_the_ask(case: Case, act: Act) -> bool:
    return all(_has_waited(case, act, each.day) for each in case.destructions if each.hash == act.fields["ask"])


def _has_waited(case: Case, act: Act, day: str) -> bool:
    wanted = timedelta(days=case.workflow["days"][act.kind])
    return date.fromisoformat(act.day) >= date.fromisoformat(day) + wanted


def is_of_the_facts(case: Case, act: Act) -> bool:
    """The auditor names the facts that the proposal which counts was made of."""
    return case.proposal is not None and act.fields["facts"] == case.proposal.facts


def is_not_asked(case: Case, act: Act) -> bool:
    """Neither destroyed already nor asked for."""
    known = {*case.destroyed, *(each.scope for each in case.destructions)}
    return act.fields["scope"] not in known


def may_be_destroyed(case: Case, act: Act) -> bool:
    """From the archive; who she is and where money would go also once she has withdrawn it."""
    early = case.workflow["withdrawn_first"].get(act.fields["scope"], ())
    return case.is_final or case.withdrawn in early


def was_recomputed(case: Case, act: Act) -> bool:
    """What an award was computed from goes only after an auditor has computed it again: nobody can afterwards."""
    return act.fields["scope"] != "award" or not case.awarded or "award.recomputed" in case.marks


def names_registers(case: Case, act: Act) -> bool:
    """What registers are made of goes only after they were made and archived."""
    return act.fields["scope"] not in case.workflow["archived_first"] or bool(act.fields["registers"])


def names_the_destruction(case: Case, act: Act) -> bool:
    """The ask, and where the act says it too, its scope."""
    named = [each for each in case.destructions if each.hash == act.fields["ask"]]
    return bool(named) and act.fields.get("scope", named[0].scope) == named[0].scope


def _named(*predicates: Any) -> dict[str, Any]:
    return {predicate.__name__: predicate for predicate in predicates}


GATES: dict[str, Gate] = _named(
    *(is_urgent, may_object, was_paid, is_demanded, is_not, went_to_county, has_ask, has_acted, has_not_acted),
    *(has_packs, is_not_withdrawn, keeps_contact, was_awarded, is_kept, has_what_may_go, is_asked_to_destroy),
    is_verified,
)
CHECKS: dict[str, Check] = _named(
    *(is_listed, is_listed_reason, has_roles, equals, is_positive, is_written, is_ahead, has_come),
    *(is_received_by_then, seats_are_in_order, seats_nobody_excluded, leads_somewhere),
    *(packs_are_distinct, is_pinned, is_unedited, names_the_packs_pinned, pins_others),
    *(is_proposed, is_since_the_claim, is_late_or_waived, names_ask, was_asked_first, awaits_an_answer),
    *(pauses_now, resumes_in_time, is_later, is_about_a_decision, names_the_objection, is_at_most_paid),
    *(can_be_demanded, was_demanded, changes, differs, waited_since, waited_since_the_ask, is_of_the_facts),
    *(is_not_asked, may_be_destroyed, was_recomputed, names_registers, names_the_destruction),
)
