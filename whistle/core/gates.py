"""What stands in the way of an act: gates (kind and person, before it is written), checks (its fields).

Tables of small predicates, each true when the way is open. Roles, grants and signatures are crypto's.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from whistle.core.record import Act, Ask, Case
from whistle.core.workflow import leaves, marks_named, needed_mark, stays, target

REPORTER = "reporter"
LATE = "NR14"  # forfeited because nobody claimed in time (2018 art. 13)

Gate = Callable[[Case, str, str], bool]
Check = Callable[[Case, Act], bool]


def barred(case: Case, kind: str, person: str) -> str:
    """The code of the first gate closed to this person for this kind, "" if all are open."""
    gates = GATES + (OFFICE_GATES if case.view == "office" else ())
    return next((code for code, is_open in gates if not is_open(case, kind, person)), "")


def objection(case: Case, act: Act, today: str) -> str:
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
    checks = CHECKS.get(act.kind, ()) + (OFFICE_CHECKS.get(act.kind, ()) if case.view == "office" else ())
    return next((code for code, holds in checks if not holds(case, act)), "")


# Gates


def _state_is_right(case: Case, kind: str, person: str) -> bool:
    return case.state in leaves(case.workflow, case.view, kind) | stays(case.workflow, case.view, kind)


def _is_not_excluded(case: Case, kind: str, person: str) -> bool:
    return person not in case.excluded


def _is_another_person(case: Case, kind: str, person: str) -> bool:
    """By person, not by key, and over the whole history: a proposal since replaced still binds its author."""
    others = case.workflow["kinds"][kind]["other_person"]
    return not any(person in case.acted.get(other, ()) for other in others)


def _has_its_mark(case: Case, kind: str, person: str) -> bool:
    mark = needed_mark(case.workflow, case.view, case.state, kind)
    return not mark or mark in case.marks


def _comes_after(case: Case, kind: str, person: str) -> bool:
    return set(marks_named(case.workflow, case.view, kind, "after")) <= set(case.marks)


def _is_not_done(case: Case, kind: str, person: str) -> bool:
    return not set(marks_named(case.workflow, case.view, kind, "unless")) & set(case.marks)


def _is_urgent(case: Case, kind: str, person: str) -> bool:
    return kind != "dispatch" or case.urgent


def _may_still_object(case: Case, kind: str, person: str) -> bool:
    return kind != "objection" or case.may_object


def _was_paid(case: Case, kind: str, person: str) -> bool:
    """Only money that went out can come back; a case may have been closed for other reasons."""
    return kind != "clawback" or ("pay" in case.acted and case.recovered < case.awarded)


def _is_second_inspector(case: Case, kind: str, person: str) -> bool:
    return kind != "cosign" or person != case.found_by


def _is_second_officer(case: Case, kind: str, person: str) -> bool:
    """Two sign for money that leaves: who checked the claim code does not hand it out as well (rules.md section 8)."""
    return kind != "pay" or person not in case.acted.get("claim.check", ())


def _went_to_county(case: Case, kind: str, person: str) -> bool:
    """Deaths are verified by the county government or above (安全生产法 art. 73): first it is told."""
    return kind != "finding" or case.category not in case.workflow["to_county"] or "escalate" in case.marks


def _has_its_ask(case: Case, kind: str, person: str) -> bool:
    return kind not in ANSWERS or any(ANSWERS[kind](ask, person) for ask in case.asks)


def _has_packs(case: Case, kind: str, person: str) -> bool:
    return kind != "award.propose" or bool(case.packs)


# A leader gives an ask not yet given; its own author opens one that was given, once.
ANSWERS: dict[str, Callable[[Ask, str], bool]] = {
    "identity.give": lambda ask, person: not ask.given,
    "identity.opened": lambda ask, person: ask.given and not ask.opened and ask.person == person,
}
GATES: tuple[tuple[str, Gate], ...] = (
    ("state", _state_is_right),
    ("excluded", _is_not_excluded),
    ("same_person", _is_another_person),
    ("needs", _has_its_mark),
    ("after", _comes_after),
    ("unless", _is_not_done),
    ("urgent", _is_urgent),
    ("objection", _may_still_object),
    ("paid", _was_paid),
)
# These rest on posts the reporter's door does not serve, so her view cannot ask them.
OFFICE_GATES: tuple[tuple[str, Gate], ...] = (
    ("ask", _has_its_ask),
    ("packs", _has_packs),
    ("same_person", _is_second_inspector),
    ("two_officers", _is_second_officer),
    ("county", _went_to_county),
)


# Checks


def _is_listed(name: str, table: str) -> Check:
    return lambda case, act: act.fields[name] in case.workflow[table]


def _reason_is_listed(case: Case, act: Act) -> bool:
    return act.fields["reason"] in case.workflow["reasons"][act.kind]


def _comp_is_known(case: Case, act: Act) -> bool:
    return act.fields["comp"] in case.workflow["kinds"]["message"]["roles_by"]["comp"]


def _packs_are_distinct(case: Case, act: Act) -> bool:
    ids = [pack for pack, _ in act.fields["packs"]]
    return len(ids) == len(set(ids))


def _received_by_then(case: Case, act: Act) -> bool:
    """A letter may have come days before it was typed in; nothing is received after its report."""
    return bool(act.fields["received"] <= case.day)


def _seats_in_order(case: Case, act: Act) -> bool:
    """Known roles, each once, in the channel's order."""
    order = case.workflow["roles"]
    named = [role for role, _ in act.fields["seats"]]
    return named == [role for role in order if role in named]


def _seats_nobody_excluded(case: Case, act: Act) -> bool:
    return not any(case.excluded & set(persons) for _, persons in act.fields["seats"])


def _outcome_is_known(case: Case, act: Act) -> bool:
    return target(case.workflow, case.view, case.state, act.kind, act.fields) is not None


def _pack_is_pinned(case: Case, act: Act) -> bool:
    """Only a pack that acceptance, or a leader since, pinned may be proposed."""
    return act.fields["pack"] in dict(case.packs)


def _pack_is_unedited(case: Case, act: Act) -> bool:
    """With the same bytes: a pack edited after it was pinned pays nothing."""
    return (act.fields["pack"], act.fields["pack_hash"]) in case.packs


def _names_the_packs_pinned(case: Case, act: Act) -> bool:
    return _pairs(act.fields["old"]) == case.packs


def _pins_others(case: Case, act: Act) -> bool:
    """At least one, and not the very same again."""
    return bool(act.fields["packs"]) and set(_pairs(act.fields["packs"])) != set(case.packs)


def _pairs(packs: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(pair) for pair in packs)


def _sum_is_positive(case: Case, act: Act) -> bool:
    return bool(act.fields["fen"] > 0)


def _names_what_it_answers(case: Case, act: Act) -> bool:
    return bool(act.fields["proposal"] == case.answers)


def _sum_is_proposed(case: Case, act: Act) -> bool:
    return case.proposal is not None and act.fields["fen"] == case.proposal.fen


def _sum_is_approved(case: Case, act: Act) -> bool:
    return bool(act.fields["fen"] == case.approved)


def _leaves_time_to_claim(case: Case, act: Act) -> bool:
    return bool(act.fields["claim_by"] > act.day)


def _has_voucher(case: Case, act: Act) -> bool:
    return bool(act.fields["voucher"])


def _paid_since_the_claim(case: Case, act: Act) -> bool:
    return bool(case.claimed_on <= act.fields["day"] <= act.day)


def _is_late_or_waived(case: Case, act: Act) -> bool:
    return act.fields["reason"] != LATE or act.day > case.claim_by


def _ask_is_open_to_him(case: Case, act: Act) -> bool:
    return any(ask.hash == act.fields["ask"] and ANSWERS[act.kind](ask, act.person) for ask in case.asks)


def _was_asked_first(case: Case, act: Act) -> bool:
    """Nothing is refused as unclear, and no clock waits for an answer, before the reporter was asked."""
    return act.fields["reason"] not in case.workflow["asked_first"] or case.asked


def _awaits_an_answer(case: Case, act: Act) -> bool:
    return act.fields["reason"] not in case.workflow["asked_first"] or case.waiting


def _pause_is_now(case: Case, act: Act) -> bool:
    """Not before any clock it stops began, not before the last pause ended, not in the future."""
    running = [clock for clock in case.clocks if clock.whose == "office" and not clock.stop]
    begun = [clock.start for clock in running] + [until for clock in running for _, until in clock.pauses]
    return bool(max(begun, default=case.day) <= act.fields["day"] <= act.day)


def _resumes_in_time(case: Case, act: Act) -> bool:
    """On a day since the pause; one that waited for an answer ends with the answer."""
    asked = case.paused_for in case.workflow["asked_first"] and case.answered
    return bool(case.paused_on <= act.fields["day"] <= max(asked or act.day, case.paused_on) <= act.day)


def _step_is_extendable(case: Case, act: Act) -> bool:
    return act.fields["step"] in case.workflow["extendable"]


def _is_later(case: Case, act: Act) -> bool:
    named = [c.due for c in case.clocks if c.step == act.fields["step"] and not c.stop and c.due]
    return bool(act.fields["until"] > max([act.day, *named]))


def _is_documented(case: Case, act: Act) -> bool:
    return all(act.fields[name] for name in ("document", "approved_by", "to") if name in act.fields)


# What she may object to, by the state of the decision; from any other it is the result she was told.
_ABOUT = {"not_accepted": ("decline",), "refused": ("award.refuse", "feedback")}


def _is_about_a_decision(case: Case, act: Act) -> bool:
    about = act.fields["about"]
    return about in _ABOUT.get(case.state, ("feedback",)) and about in case.acted


def _names_the_objection(case: Case, act: Act) -> bool:
    named = (act.fields["objection"], act.fields["about"])
    return case.objection is not None and named == (case.objection.hash, case.objection.about)


def _day_has_come(case: Case, act: Act) -> bool:
    return bool(case.day <= act.fields["day"] <= act.day)


def _due_lies_ahead(case: Case, act: Act) -> bool:
    return bool(act.fields["due"] > act.day)


def _is_at_most_paid(case: Case, act: Act) -> bool:
    return bool(0 < act.fields["fen"] <= case.awarded - case.recovered)


def _cosigns_what_counts(case: Case, act: Act) -> bool:
    return bool(act.fields["finding"] == case.finding)


Checks = dict[str, tuple[tuple[str, Check], ...]]
_REASON: tuple[str, Check] = ("reason", _reason_is_listed)
CHECKS: Checks = {
    "report": (("source", _is_listed("source", "sources")),),
    "message": (("comp", _comp_is_known),),
    "accept": (
        ("category", _is_listed("category", "categories")),
        ("sector", _is_listed("sector", "sectors")),
        ("packs", _packs_are_distinct),
        ("received", _received_by_then),
    ),
    "decline": (_REASON, ("asked", _was_asked_first)),
    "transfer": (_REASON,),
    "assign": (("seats", _seats_in_order), ("excluded", _seats_nobody_excluded)),
    "finding": (("outcome", _outcome_is_known),),
    "award.refuse": (_REASON,),
    "award.notify": (("fen", _sum_is_positive), ("claim_by", _leaves_time_to_claim)),
    "claim": (("method", _is_listed("method", "methods")),),
    "pay": (("voucher", _has_voucher), ("day", _paid_since_the_claim)),
    "forfeit": (_REASON, ("claim_by", _is_late_or_waived)),
    "close": (_REASON,),
    "identity.ask": (_REASON,),
    "extend": (("step", _step_is_extendable), ("until", _is_later), ("document", _is_documented)),
    "dispatch": (("action", _is_listed("action", "actions")),),
    "objection": (("about", _is_about_a_decision),),
    "objection.decide": (("objection", _names_the_objection), ("outcome", _outcome_is_known)),
    "transfer.result": (("result", _is_listed("result", "results")), ("day", _day_has_come)),
    "list": (
        ("level", _is_listed("level", "levels")),
        ("due", _due_lies_ahead),
        ("document", _is_documented),
    ),
    "rectify": (("day", _day_has_come), ("document", _is_documented)),
    "delist": (("day", _day_has_come), ("document", _is_documented)),
    "reinstate": (_REASON, ("claim_by", _leaves_time_to_claim)),
    "clawback": (_REASON, ("fen", _is_at_most_paid)),
}
# Again what the reporter's view cannot know.
OFFICE_CHECKS: Checks = {
    "award.propose": (("pack", _pack_is_pinned), ("pack_edited", _pack_is_unedited), ("fen", _sum_is_positive)),
    "award.approve": (("proposal", _names_what_it_answers), ("fen", _sum_is_proposed)),
    "award.refuse": (("proposal", _names_what_it_answers),),
    "award.notify": (("fen", _sum_is_approved),),
    "identity.give": (("ask", _ask_is_open_to_him),),
    "identity.opened": (("ask", _ask_is_open_to_him),),
    "pause": (_REASON, ("asked", _awaits_an_answer), ("day", _pause_is_now)),
    "resume": (("day", _resumes_in_time),),
    "cosign": (("finding", _cosigns_what_counts),),
    "escalate": (("day", _day_has_come), ("document", _is_documented)),
    "repin": (
        _REASON,
        ("packs_old", _names_the_packs_pinned),
        ("packs_new", _pins_others),
        ("packs_new", _packs_are_distinct),
    ),
}
