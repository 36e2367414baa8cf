"""What an act that was let through adds to the case: one small function a kind; marks and clocks for all."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from whistle.core.record import Act, Ask, Case, Clock, Objection, Proposal
from whistle.core.workflow import is_named, target

Changes = dict[str, Any]
Effect = Callable[[Case, Act], Changes]


def after(case: Case, act: Act) -> Case:
    """The case with this act in it. The caller has made sure that nothing stands in its way."""
    kind = act.kind
    changes: Changes = {
        "state": target(case.workflow, case.view, case.state, kind, act.fields),
        "marks": _marks(case, kind),
        "acted": {**case.acted, kind: case.acted.get(kind, frozenset()) | {act.person}},
        "clocks": clocks_after(case, act),
    }
    effect = EFFECTS.get(kind)
    if effect:
        changes |= effect(replace(case, clocks=changes["clocks"], marks=changes["marks"]), act)
    return replace(case, **changes)


def _marks(case: Case, kind: str) -> tuple[str, ...]:
    rule = case.workflow["kinds"][kind]
    marks = set(case.marks) - set(rule.get("clears", []))
    if "mark" in rule:
        marks.add(rule["mark"])
    return tuple(sorted(marks))


def clocks_after(case: Case, act: Act) -> tuple[Clock, ...]:
    """A stop ends every running clock of its step; a start begins a further one: the earliest due governs."""
    table = case.workflow["clocks"]
    stopped = {rule["step"] for rule in table if is_named(rule["stop"], act.kind, act.fields)}
    kept = (replace(c, stop=act.day) if c.step in stopped and not c.stop else c for c in case.clocks)
    fresh = (_begin(rule, act) for rule in table if is_named(rule["start"], act.kind, act.fields))
    return (*kept, *fresh)


def _begin(rule: Changes, act: Act) -> Clock:
    due = act.fields[rule["due"]] if "due" in rule else ""
    return Clock(rule["step"], act.day, due=due, whose=rule["whose"])


def _report(case: Case, act: Act) -> Changes:
    f = act.fields
    return {
        "day": act.day,
        "received": act.day,
        "channel": f["channel"],
        "source": f["source"],
        "urgent": f["urgent"],
        "excluded": frozenset(f["exclude"]),
    }


def _message(case: Case, act: Act) -> Changes:
    """Who spoke last in the thread: what is asked first, and what a pause waits for."""
    if act.fields["comp"] != "thread":
        return {}
    if act.author != "reporter":
        return {"asked": True, "waiting": True}
    return {"waiting": False, "answered": case.answered or act.day}


def _accept(case: Case, act: Act) -> Changes:
    f = act.fields
    packs = tuple((pack, sha256) for pack, sha256 in f["packs"])
    return {"category": f["category"], "sector": f["sector"], "packs": packs, "received": f["received"]}


def _assign(case: Case, act: Act) -> Changes:
    return {"seats": tuple((role, tuple(persons)) for role, persons in act.fields["seats"])}


def _finding(case: Case, act: Act) -> Changes:
    """The last finding counts: what was proposed on the facts before it no longer stands."""
    return {"finding": act.hash, "found_by": act.person, "outcome": act.fields["outcome"], "proposal": None}


def _propose(case: Case, act: Act) -> Changes:
    f = act.fields
    proposal = Proposal(act.hash, act.person, f["pack"], f["pack_hash"], f["fen"], f["facts"])
    return {"proposals": (*case.proposals, proposal), "proposal": proposal}


def _approve(case: Case, act: Act) -> Changes:
    return {"approved": act.fields["fen"], "approval": act.hash}


def _refuse(case: Case, act: Act) -> Changes:
    return {"reason": act.fields["reason"], "approved": 0, "approval": ""}


def _notify(case: Case, act: Act) -> Changes:
    return {"awarded": act.fields["fen"], "claim_by": act.fields["claim_by"]}


def _claim(case: Case, act: Act) -> Changes:
    return {"method": act.fields["method"], "claimed_on": act.day}


def _because(case: Case, act: Act) -> Changes:
    return {"reason": act.fields["reason"]}


def _ask(case: Case, act: Act) -> Changes:
    return {"asks": (*case.asks, Ask(act.hash, act.person))}


def _give(case: Case, act: Act) -> Changes:
    return {"asks": tuple(replace(a, given=True) if a.hash == act.fields["ask"] else a for a in case.asks)}


def _opened(case: Case, act: Act) -> Changes:
    return {"asks": tuple(replace(a, opened=True) if a.hash == act.fields["ask"] else a for a in case.asks)}


def _extend(case: Case, act: Act) -> Changes:
    def put_off(clock: Clock) -> Clock:
        if clock.step != act.fields["step"] or clock.stop:
            return clock
        return replace(clock, due=act.fields["until"], counted=len(clock.pauses))

    return {"clocks": tuple(map(put_off, case.clocks))}


def _pause(case: Case, act: Act) -> Changes:
    """Every running clock of the office stands still; those of the reporter and the urgent one do not."""
    clocks = tuple(
        replace(c, pauses=(*c.pauses, (act.fields["day"], ""))) if _can_pause(c) else c for c in case.clocks
    )
    return {
        "clocks": clocks,
        "paused_for": act.fields["reason"],
        "paused_on": act.fields["day"],
        "answered": "",
    }


def _can_pause(clock: Clock) -> bool:
    return clock.whose == "office" and not clock.stop and clock.step not in ("dispatch", "list")


def _resume(case: Case, act: Act) -> Changes:
    def go_on(clock: Clock) -> Clock:
        if not clock.is_paused:
            return clock
        return replace(clock, pauses=(*clock.pauses[:-1], (clock.pauses[-1][0], act.fields["day"])))

    return {"clocks": tuple(map(go_on, case.clocks)), "paused_for": "", "paused_on": "", "answered": ""}


def _object(case: Case, act: Act) -> Changes:
    return {"objection": Objection(act.hash, act.fields["about"], case.state)}


def _decide(case: Case, act: Act) -> Changes:
    """Not heard, the case returns to where it stood, for good; heard, what was decided stands no longer."""
    assert case.objection is not None  # noqa: S101 - the table lets nobody decide without one
    if act.fields["outcome"] == "rejected":
        return {"state": case.objection.state, "objection": None}
    nothing: Changes = {"objection": None, "reason": "", "approved": 0, "approval": "", "proposal": None}
    if act.fields["about"] != "feedback":
        return nothing
    marks = tuple(mark for mark in case.marks if mark not in ("feedback", "cosign"))
    return nothing | {"finding": "", "found_by": "", "outcome": "", "marks": marks}


def _repin(case: Case, act: Act) -> Changes:
    """What was proposed under the packs before has to be proposed anew."""
    return {"packs": tuple((pack, sha256) for pack, sha256 in act.fields["packs"]), "proposal": None}


def _clawback(case: Case, act: Act) -> Changes:
    return {"reason": act.fields["reason"], "recovered": case.recovered + act.fields["fen"]}


def _recuse(case: Case, act: Act) -> Changes:
    return {"excluded": case.excluded | {act.person}}


EFFECTS: dict[str, Effect] = {
    "report": _report,
    "message": _message,
    "accept": _accept,
    "decline": _because,
    "transfer": _because,
    "assign": _assign,
    "finding": _finding,
    "award.propose": _propose,
    "award.approve": _approve,
    "award.refuse": _refuse,
    "award.notify": _notify,
    "claim": _claim,
    "forfeit": _because,
    "close": _because,
    "identity.ask": _ask,
    "identity.give": _give,
    "identity.opened": _opened,
    "recuse": _recuse,
    "extend": _extend,
    "pause": _pause,
    "resume": _resume,
    "merge": lambda case, act: {"parent": act.fields["parent"]},
    "objection": _object,
    "objection.decide": _decide,
    "list": lambda case, act: {"listed_until": act.fields["due"]},
    "reinstate": lambda case, act: {"reason": act.fields["reason"], "claim_by": act.fields["claim_by"]},
    "clawback": _clawback,
    "repin": _repin,
}
