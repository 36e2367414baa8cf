"""What an act that was let through adds to the case.

State, marks, clocks and what is kept are rows of workflow.json; here are only the effects that compute.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from whistle.core.errors import RuleError
from whistle.core.record import Act, Ask, Case, Clock, Destruction, Objection, Proposal
from whistle.core.workflow import Workflow, is_named, target

Changes = dict[str, Any]
Effect = Callable[[Case, Act], Changes]


def after(case: Case, act: Act) -> Case:
    """The case with this act in it. The caller has made sure that nothing stands in its way."""
    kind, row = act.kind, case.workflow["kinds"][act.kind]
    changes: Changes = {
        "state": target(case.workflow, case.view, case.state, kind, act.fields),
        "marks": _marks(case, kind),
        "acted": {**case.acted, kind: case.acted.get(kind, frozenset()) | {act.person}},
        "clocks": clocks_after(case, act),
        "pending": _pending(case, kind),
        **{name: _value(source, act) for name, source in row.get("keeps", {}).items()},
    }
    if "effect" in row:
        changes |= EFFECTS[row["effect"]](replace(case, clocks=changes["clocks"], marks=changes["marks"]), act)
    return replace(case, **changes)


def _value(source: Any, act: Act) -> Any:
    """What a row keeps: a field of the post by name, $day, $hash or $person of the post, else the value itself."""
    if not isinstance(source, str) or not source:
        return source
    return getattr(act, source[1:]) if source.startswith("$") else act.fields[source]


def check_effects(workflow: Workflow) -> Workflow:
    """The same table; RuleError if a row names an effect that does not exist, or keeps what a case has no place for."""
    places = {place.name for place in fields(Case)}
    for kind, row in workflow["kinds"].items():
        if row.get("effect", "") not in {"", *EFFECTS} or not row.get("keeps", {}).keys() <= places:
            raise RuleError("effect_unknown", kind=kind)
    return workflow


def _marks(case: Case, kind: str) -> tuple[str, ...]:
    rule = case.workflow["kinds"][kind]
    marks = set(case.marks) - set(rule.get("clears", []))
    if "mark" in rule:
        marks.add(rule["mark"])
    return tuple(sorted(marks))


def _pending(case: Case, kind: str) -> tuple[str, ...]:
    """Which kinds still wait for somebody's answer: a row's `waits` ends with the first of its `until`."""
    kinds = case.workflow["kinds"]
    kept = {each for each in case.pending if kind not in kinds[each]["waits"]["until"]}
    return tuple(sorted(kept | ({kind} if "waits" in kinds[kind] else set())))


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


def exclude_the_named(case: Case, act: Act) -> Changes:
    return {"excluded": frozenset(act.fields["exclude"])}


def exclude_the_author(case: Case, act: Act) -> Changes:
    return {"excluded": case.excluded | {act.person}}


def note_who_spoke(case: Case, act: Act) -> Changes:
    """Who spoke last in the thread: what is asked first, and what a pause waits for."""
    if act.fields["comp"] != "thread":
        return {}
    if act.author != "reporter":
        return {"asked": True, "waiting": True}
    return {"waiting": False, "answered": case.answered or act.day}


def pin(case: Case, act: Act) -> Changes:
    return {"packs": tuple((pack, sha256) for pack, sha256 in act.fields["packs"])}


def seat(case: Case, act: Act) -> Changes:
    return {"seats": tuple((role, tuple(persons)) for role, persons in act.fields["seats"])}


def propose(case: Case, act: Act) -> Changes:
    f = act.fields
    proposal = Proposal(act.hash, act.person, f["pack"], f["pack_hash"], f["fen"], f["facts"])
    return {"proposals": (*case.proposals, proposal), "proposal": proposal}


def ask(case: Case, act: Act) -> Changes:
    return {"asks": (*case.asks, Ask(act.hash, act.person))}


def give(case: Case, act: Act) -> Changes:
    return {"asks": tuple(replace(a, given=True) if a.hash == act.fields["ask"] else a for a in case.asks)}


def open_(case: Case, act: Act) -> Changes:
    return {"asks": tuple(replace(a, opened=True) if a.hash == act.fields["ask"] else a for a in case.asks)}


def put_off(case: Case, act: Act) -> Changes:
    def until(clock: Clock) -> Clock:
        if clock.step != act.fields["step"] or clock.stop:
            return clock
        return replace(clock, due=act.fields["until"], counted=len(clock.pauses))

    return {"clocks": tuple(map(until, case.clocks))}


def stop_the_clocks(case: Case, act: Act) -> Changes:
    """Every running clock of the office stands still; those of the reporter, and those that run on, do not."""
    runs_on = {rule["step"] for rule in case.workflow["clocks"] if rule.get("runs_on")}

    def stop(clock: Clock) -> Clock:
        if clock.whose != "office" or clock.stop or clock.step in runs_on:
            return clock
        return replace(clock, pauses=(*clock.pauses, (act.fields["day"], "")))

    return {"clocks": tuple(map(stop, case.clocks))}


def restart_the_clocks(case: Case, act: Act) -> Changes:
    def go_on(clock: Clock) -> Clock:
        if not clock.is_paused:
            return clock
        return replace(clock, pauses=(*clock.pauses[:-1], (clock.pauses[-1][0], act.fields["day"])))

    return {"clocks": tuple(map(go_on, case.clocks))}


def object_(case: Case, act: Act) -> Changes:
    """An extract from before reached a leader only where one sits, or where it was shared to decline."""
    is_read = "extract" in case.marks and bool(case.seats or "decline.ask" in case.acted)
    return {"objection": Objection(act.hash, act.fields["about"], case.state), "extract_wanted": not is_read}


def decide(case: Case, act: Act) -> Changes:
    """Not heard, the case returns to where it stood, for good; heard, what was decided stands no longer."""
    assert case.objection is not None  # noqa: S101 - the table lets nobody decide without one
    if act.fields["outcome"] == "rejected":
        return {"state": case.objection.state, "objection": None}
    nothing: Changes = {
        "objection": None,
        "reason": "",
        "refused_for": "",
        "approved": 0,
        "approval": "",
        "proposal": None,
    }
    if act.fields["about"] != "feedback":
        return nothing
    kept = set(case.marks) - set(case.workflow["kinds"]["finding"]["clears"])
    return nothing | {"finding": "", "found_by": "", "outcome": "", "marks": tuple(sorted(kept))}


def recover(case: Case, act: Act) -> Changes:
    return {"recovered": case.recovered + act.fields["fen"]}


def demand(case: Case, act: Act) -> Changes:
    return {"demanded": case.demanded + act.fields["fen"]}


def receive(case: Case, act: Act) -> Changes:
    return {"demanded": case.demanded - act.fields["fen"], "recovered": case.recovered + act.fields["fen"]}


def take(case: Case, act: Act) -> Changes:
    nothing = {"withdrawal": "", "withdraws": "", "withdrawn_on": ""}
    return {"withdrawn": case.withdraws, "taken_on": act.day, **nothing}


def ask_to_destroy(case: Case, act: Act) -> Changes:
    return {"destructions": (*case.destructions, Destruction(act.hash, act.fields["scope"], act.day))}


def stop_destroying(case: Case, act: Act) -> Changes:
    return {"destructions": tuple(each for each in case.destructions if each.hash != act.fields["ask"])}


def destroy(case: Case, act: Act) -> Changes:
    """Gone for good. Of the ask her own view knows nothing; of what was destroyed it does."""
    destroyed = tuple(sorted({*case.destroyed, act.fields["scope"]}))
    return {"destroyed": destroyed, **stop_destroying(case, act)}


EFFECTS: dict[str, Effect] = {
    effect.__name__.rstrip("_"): effect
    for effect in (
        *(exclude_the_named, exclude_the_author, note_who_spoke, pin, seat, propose, ask, give, open_),
        *(put_off, stop_the_clocks, restart_the_clocks, object_, decide, recover, demand, receive),
        *(take, ask_to_destroy, stop_destroying, destroy),
    )
}
