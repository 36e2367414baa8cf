"""What holds over every history there can be: drawn by walking what allowed() offers."""

import hashlib
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.histories import Act
from whistle.core.case import WORKFLOW, Case, Refused, allowed, apply, fold
from whistle.core.gates import ALWAYS, MARKED
from whistle.core.record import Destruction, Objection
from whistle.core.workflow import ROLES
from whistle.crypto.encoding import b64

FOREVER = "2999-01-01"
PACKS = ("SD-REW-2021", "CN-NAT-2018")
KINDS = WORKFLOW["kinds"]
OFFICE = {f"{role}-{n}": role for role in ROLES for n in (1, 2)}
EVERYBODY = {"": "reporter", **OFFICE}
# Every code a gate can give: those of all kinds, and those of the kinds' own rows.
GATES = {code for code, _ in (*ALWAYS, *MARKED)} | {
    code
    for rule in KINDS.values()
    for code in (
        *rule.get("other_person", {}).values(),
        *(row[0] for row in (*rule.get("gates", []), *rule.get("office_gates", []))),
    )
}
Dice = random.Random
History = list[Act]


def _reason(kind: str) -> Callable[[Case, Dice, str], dict[str, Any]]:
    return lambda case, dice, day: {"reason": dice.choice(WORKFLOW["reasons"][kind])}


def _report(case: Case, dice: Dice, day: str) -> dict[str, Any]:
    exclude = dice.sample(list(OFFICE), dice.randint(0, 3))
    return {
        "channel": "zone",
        "source": dice.choice(WORKFLOW["sources"]),
        "urgent": dice.random() < 0.3,
        "exclude": exclude,
    }


def _accept(case: Case, dice: Dice, day: str) -> dict[str, Any]:
    packs = [[pack, f"sha of {pack}"] for pack in PACKS[: dice.randint(0, 2)]]
    category = dice.choice(["other", "other", "concealed_accident"])
    return {"category": category, "sector": "unknown", "packs": packs, "received": case.day}


def _assign(case: Case, dice: Dice, day: str) -> dict[str, Any]:
    seats = [[role, [f"{role}-{dice.randint(1, 2)}"]] for role in ROLES if dice.random() < 0.5]
    return {"seats": [seat for seat in seats if not case.excluded & set(seat[1])]}


def _propose(case: Case, dice: Dice, day: str) -> dict[str, Any]:
    pack, sha256 = dice.choice(case.packs or [("", "")])
    return {"pack": pack, "pack_hash": sha256, "fen": dice.randint(1, 10**9), "facts": "facts"}


def _ask(case: Case, dice: Dice, day: str) -> dict[str, Any]:
    return {"ask": dice.choice([ask.hash for ask in case.asks] or ["none"])}


def _forfeit(case: Case, dice: Dice, day: str) -> dict[str, Any]:
    return {"reason": dice.choice(["NR14", "NR16"]) if day > case.claim_by else "NR16"}


def _decline(case: Case, dice: Dice, day: str) -> dict[str, Any]:
    return {"reason": dice.choice(["NA02", "NA03"]) if case.asked else "NA03"}


def _pause(case: Case, dice: Dice, day: str) -> dict[str, Any]:
    return {"reason": dice.choice(["PA01", "PA02"]) if case.waiting else "PA02", "day": day}


def _resume(case: Case, dice: Dice, day: str) -> dict[str, Any]:
    awaited = case.paused_for == "PA01" and case.answered
    return {"day": dice.choice([case.paused_on, awaited or day])}


def _extend(case: Case, dice: Dice, day: str) -> dict[str, Any]:
    named = [clock.due for clock in case.clocks if clock.step == "verify" and clock.due]
    until = later(max([day, *named]), dice.randint(1, 30))
    return {"step": "verify", "until": until, "document": "d", "approved_by": "上级"}


def _object(case: Case, dice: Dice, day: str) -> dict[str, Any]:
    about = {"not_accepted": ["decline"], "refused": ["award.refuse", "feedback"]}.get(case.state, ["feedback"])
    decided = {"award.refuse": {"award.refuse", "award.cancel"}}
    told = [kind for kind in about if decided.get(kind, {kind}) & case.acted.keys()]
    return {"about": dice.choice(told or about)}


def _decide(case: Case, dice: Dice, day: str) -> dict[str, Any]:
    named = case.objection or Objection("", "decline", "")
    return {"objection": named.hash, "about": named.about, "outcome": dice.choice(["upheld", "rejected"])}


def _repin(case: Case, dice: Dice, day: str) -> dict[str, Any]:
    """Any packs but the very same."""
    count = len(case.packs) % 2 + 1
    packs = [[pack, f"sha of {pack}, {dice.random()}"] for pack in PACKS[:count]]
    return {"reason": "RP02", "old": [list(pair) for pair in case.packs], "packs": packs}


def _part(dice: Dice, fen: int) -> int:
    """A part of a sum, and often the whole."""
    return dice.choice([max(fen, 1), dice.randint(1, max(fen, 1))])


def _others(case: Case) -> list[str]:
    return [sector for sector in WORKFLOW["sectors"] if sector != case.sector]


def _paper(case: Case, dice: Dice, day: str) -> dict[str, Any]:
    return {"day": day, "document": "d"}


def _held(reason: str) -> Callable[[Case, Dice, str], dict[str, Any]]:
    return lambda case, dice, day: {"reason": reason, "document": "d"}


def _destroy_ask(case: Case, dice: Dice, day: str) -> dict[str, Any]:
    return {"scope": dice.choice(list(WORKFLOW["scopes"])), "basis": "default:1", "registers": ["r"]}


def _destroyed(case: Case, dice: Dice) -> dict[str, Any]:
    named = dice.choice(case.destructions or (Destruction("", "identity", ""),))
    return {"ask": named.hash, "scope": named.scope}


FIELDS: dict[str, Callable[[Case, Dice, str], dict[str, Any]]] = {
    "report": _report,
    "message": lambda case, dice, day: {"comp": dice.choice(["thread", "payout"])},
    "accept": _accept,
    "decline": _decline,
    "transfer": lambda case, dice, day: {"reason": "NA05", "to": "住建局"},
    "assign": _assign,
    "finding": lambda case, dice, day: {"outcome": dice.choice(list(KINDS["finding"]["to"]["outcome"]))},
    "award.propose": _propose,
    "award.approve": lambda case, dice, day: {
        "proposal": case.answers,
        "fen": case.proposal.fen if case.proposal else 1,
    },
    "award.refuse": lambda case, dice, day: {
        "proposal": case.answers,
        **_reason("award.refuse")(case, dice, day),
    },
    "award.notify": lambda case, dice, day: {
        "fen": case.approved,
        "claim_by": later(day, dice.randint(1, 90)),
    },
    "claim": lambda case, dice, day: {"method": dice.choice(WORKFLOW["methods"])},
    "pay": lambda case, dice, day: {"voucher": "v", "treasury": "", "day": day},
    "forfeit": _forfeit,
    "close": _reason("close"),
    "identity.ask": _reason("identity.ask"),
    "identity.give": _ask,
    "identity.opened": _ask,
    "extend": _extend,
    "pause": _pause,
    "resume": _resume,
    "dispatch": lambda case, dice, day: {"action": dice.choice(WORKFLOW["actions"])},
    "merge": lambda case, dice, day: {"parent": "earlier"},
    "objection": _object,
    "objection.decide": _decide,
    "transfer.result": lambda case, dice, day: {"day": day, "result": dice.choice(WORKFLOW["results"])},
    "list": lambda case, dice, day: {"level": "city", "due": later(day, 30), "document": "d"},
    "rectify": _paper,
    "delist": _paper,
    "reinstate": lambda case, dice, day: {"reason": "RI01", "claim_by": later(day, dice.randint(1, 90))},
    "clawback": lambda case, dice, day: {
        "reason": "CB01",
        "fen": _part(dice, case.awarded - case.recovered),
    },
    "cosign": lambda case, dice, day: {"finding": case.finding},
    "escalate": lambda case, dice, day: {"to": "县人民政府", **_paper(case, dice, day)},
    "repin": _repin,
    "classify": lambda case, dice, day: {"category": case.category or "other", "sector": dice.choice(_others(case))},
    "classify.tell": lambda case, dice, day: {
        "category": dice.choice(WORKFLOW["categories"]),
        "sector": dice.choice(WORKFLOW["sectors"]),
    },
    "decline.ask": _reason("decline.ask"),
    "decline.agree": lambda case, dice, day: {"ask": case.decline_ask},
    "unmerge": _reason("unmerge"),
    "award.unapprove": lambda case, dice, day: {
        "approval": case.approval,
        **_reason("award.unapprove")(case, dice, day),
    },
    "award.return": lambda case, dice, day: {"proposal": case.answers, **_reason("award.return")(case, dice, day)},
    "award.cancel.ask": _reason("award.cancel.ask"),
    "award.cancel": lambda case, dice, day: {"ask": case.cancel_ask, **_reason("award.cancel")(case, dice, day)},
    "objection.record": lambda case, dice, day: {**_decide(case, dice, day), "body": "上级", **_paper(case, dice, day)},
    "objection.confirm": lambda case, dice, day: {
        "record": case.record,
        "about": case.objected,
        "outcome": case.recorded,
    },
    "objection.reopen": _reason("objection.reopen"),
    "recover.demand": lambda case, dice, day: {
        "reason": "CB01",
        "fen": _part(dice, case.awarded - case.recovered - case.demanded),
        "due": later(day, 30),
        "document": "d",
    },
    "withdraw": lambda case, dice, day: {
        "scope": dice.choice([scope for scope in ("report", "contact") if scope != case.withdrawn])
    },
    "withdraw.undo": lambda case, dice, day: {"withdraw": case.withdrawal},
    "withdraw.take": lambda case, dice, day: {"withdraw": case.withdrawal},
    "hold": _held("HO01"),
    "release": _held("HR01"),
    "audit.hold": _held("HO01"),
    "audit.release": _held("HR01"),
    "award.recomputed": lambda case, dice, day: {
        "fen": case.awarded,
        "facts": case.proposal.facts if case.proposal else "",
    },
    "destroy.ask": _destroy_ask,
    "destroy.stop": lambda case, dice, day: {"reason": "DS01", "ask": _destroyed(case, dice)["ask"]},
    "destroy": lambda case, dice, day: _destroyed(case, dice),
    "commit": lambda case, dice, day: {"due": later(day, 5)},
    "honour.propose": lambda case, dice, day: {"honour": dice.choice(WORKFLOW["honours"])},
    "honour.approve": lambda case, dice, day: {"proposal": case.honour_proposal},
    "honour.return": lambda case, dice, day: {"proposal": case.honour_proposal, "reason": "HT01"},
    "honour.tell": lambda case, dice, day: {"honour": case.honour},
    "honour.revoke": _reason("honour.revoke"),
    "recover.receipt": lambda case, dice, day: {
        "receipt": "1",
        "fen": _part(dice, min(case.demanded, case.awarded - case.recovered)),
        "day": day,
    },
}


def later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def write(case: Case, kind: str, person: str, day: str, dice: Dice) -> Act:
    fields = FIELDS[kind](case, dice, day) if kind in FIELDS else {}
    name = hashlib.sha256(f"{kind} {sum(map(len, case.acted.values()))} {dice.random()}".encode()).digest()
    return Act(b64(name), kind, KINDS[kind]["vis"], person or "reporter", person, day, fields)


def choices(case: Case) -> dict[str, list[str]]:
    """Each kind on offer, and to whom."""
    offers = [(kind, who) for who, role in EVERYBODY.items() for kind in allowed(case, [role], who)]
    return {kind: [who for other, who in offers if other == kind] for kind, _ in offers}


def eagerness(kind: str) -> float:
    """Acts that move the case come up more often: few walks would reach the money otherwise."""
    return SELDOM.get(kind, 1) if KINDS[kind]["to"] == "same" else AWAY.get(kind, 12)


SELDOM = {
    **dict.fromkeys(("withdraw", "hold", "release", "audit.hold", "audit.release"), 0.1),
    **dict.fromkeys(("note", "commit", *(kind for kind in KINDS if kind.startswith("honour."))), 0.1),
}
AWAY = {
    "decline": 1,
    "transfer": 1,
    "award.refuse": 1,
    "award.return": 1,
    "forfeit": 3,
    "close": 3,
    "objection": 3,
    "repin": 2,
}


def walk(dice: Dice, steps: int) -> History:
    """A legal history: each act one that allowed() offers, its fields as they must be."""
    case, day, acts = fold([], WORKFLOW, FOREVER), "2026-01-01", History()
    for _ in range(steps):
        offers = choices(case)
        if not offers:
            break
        (kind,) = dice.choices(list(offers), [eagerness(kind) for kind in offers])
        day = later(day, dice.choice([0, 0, 1, 30]))
        act = write(case, kind, dice.choice(offers[kind]), day, dice)
        try:
            case = apply(case, act, FOREVER)
        except Refused as refused:
            # What allowed() cannot see: which ask of several this answers, that all is asked back already, how many
            # days have passed since a withdrawal or an ask to destroy, and which scope may go.
            assert refused.code in {"ask", "fen", "waited", "asked_already", "not_yet", "recomputed"}
            continue
        acts.append(act)
    return acts


histories = st.builds(walk, st.randoms(use_true_random=False), st.integers(1, 45))
many = settings(max_examples=100, deadline=None)


@many
@given(histories)
def test_what_the_office_accepts_the_reporters_view_accepts(acts: History) -> None:
    for no in range(1, len(acts) + 1):
        case = fold(acts[:no], WORKFLOW, FOREVER)
        hers = fold(acts[:no], WORKFLOW, FOREVER, view="reporter")
        assert hers.state == case.seen


# By state, the kinds that lead to the archive: the first that is offered to a new person of its role.
WAYS_OUT = {
    "received": ["decline"],
    "accepted": ["transfer"],
    "verifying": ["finding", "escalate"],
    "awaiting_penalty": ["finding", "escalate"],  # classed anew as a death, it goes to the county first
    "unverified": ["close", "feedback"],
    "unable": ["close", "feedback"],
    "verified": ["award.refuse"],
    "reward_proposed": ["award.refuse"],
    "reward_approved": ["award.refuse"],
    "notified": ["forfeit"],
    "claimed": ["pay", "claim.check"],
    "objection": ["objection.decide"],
}
LISTED = ["rectify", "delist"]  # what a case listed for supervision needs before it is closed


@many
@given(histories)
def test_every_open_case_can_still_be_closed(acts: History) -> None:
    case, day = fold(acts, WORKFLOW, FOREVER), later(acts[-1].day, 1)
    for seed in range(160):
        if not case.is_final:
            case = apply(case, way_out(case, day, Dice(seed)), FOREVER)
    assert case.state == "closed"


def way_out(case: Case, day: str, dice: Dice) -> Act:
    # First what a listing waits for: the reporter of a listed case may be told for ever, and that leads nowhere.
    for kind in [*LISTED, *WAYS_OUT.get(case.state, ["close"])]:
        role = KINDS[kind]["roles"][0]
        if kind in allowed(case, [role], f"new {role}"):
            return write(case, kind, f"new {role}", day, dice)
    raise AssertionError(f"no way out of {case.state}")


@many
@given(histories, st.randoms(use_true_random=False))
def test_what_is_not_offered_is_refused(acts: History, dice: Dice) -> None:
    case = fold(acts, WORKFLOW, FOREVER)
    day = later(acts[-1].day, 1)
    for who, role in EVERYBODY.items():
        for kind in set(KINDS) - set(allowed(case, [role], who)):
            if role in KINDS[kind]["roles"]:
                code = refusal(case, write(case, kind, who, day, dice))
                assert code in GATES


def refusal(case: Case, act: Act) -> str:
    try:
        apply(case, act, FOREVER)
    except Refused as refused:
        return refused.code
    return ""


@many
@given(histories)
def test_a_payment_takes_three_people_one_sum_and_one_pack(acts: History) -> None:
    case = fold(acts, WORKFLOW, FOREVER)
    by = {kind: {act.person for act in acts if act.kind == kind} for kind in KINDS}
    assert not by["award.approve"] & by["award.propose"]
    assert not by["pay"] & (by["award.propose"] | by["award.approve"])
    assert not by["pay"] & by["claim.check"]
    assert not by["identity.give"] & by["identity.ask"]
    if by["pay"]:
        assert case.proposal
        assert case.proposal.fen == case.approved == case.awarded > 0
        assert (case.proposal.pack, case.proposal.pack_hash) in case.packs


@many
@given(histories)
def test_the_excluded_and_the_recused_do_nothing_more(acts: History) -> None:
    for no, act in enumerate(acts):
        before = fold(acts[:no], WORKFLOW, FOREVER)
        assert act.person not in before.excluded


@many
@given(histories)
def test_clocks_stop_after_they_start_and_none_outlives_the_case(acts: History) -> None:
    case = fold(acts, WORKFLOW, FOREVER)
    assert all(not clock.stop or clock.start <= clock.stop for clock in case.clocks)
    assert not (case.is_final and any(not clock.stop for clock in case.clocks))


@many
@given(histories, st.randoms(use_true_random=False))
def test_acts_dropped_repeated_or_out_of_order_are_refused_or_fold_and_nothing_else(acts: History, dice: Dice) -> None:
    shuffled = [act for act in [*acts, *acts] if dice.random() < 0.6]
    dice.shuffle(shuffled)
    for view in ("office", "reporter"):
        try:
            assert fold([acts[0], *shuffled], WORKFLOW, FOREVER, view).state in WORKFLOW["states"]
        except Refused as refused:
            assert set(refused.facts) == {"kind", "seen"}


def test_the_walks_reach_every_state() -> None:
    reached: set[str] = set()
    for seed in range(200):
        if reached == set(WORKFLOW["states"]):
            break
        case = fold([], WORKFLOW, FOREVER)
        for act in walk(Dice(seed), 45):
            case = apply(case, act, FOREVER)
            reached.add(case.state)
    assert reached == set(WORKFLOW["states"])
