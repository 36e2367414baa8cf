"""What a reviewer's key adds to the registers: rows filled from opened cases. Nothing is written here.

A row is a plain mapping by the columns' keys; codes stay codes. What this key does not open stays empty."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from whistle.client.basis import facts_in, finding_before, rests
from whistle.client.claims import claim_of, is_checked
from whistle.client.view import View
from whistle.core import rulebook, yuan
from whistle.core.errors import RuleError
from whistle.core.facts import Facts
from whistle.core.statistics import ENDS, PROVEN
from whistle.core.visible import visible
from whistle.crypto.chain import Act

Row = dict[str, Any]
Labels = Mapping[str, str]  # who a key is, as the directory labels it, and who a person is, as the roster names him
SHEETS = frozenset({"ground", "plan"})


def report_row(view: View, labels: Labels) -> Row:
    """A line of the register of reports 举报登记台账."""
    fold, card = view.fold, _card(view)
    accepted, moved = view.last("accept"), view.last("transfer")
    finding, facts = view.last("finding"), facts_of(view)
    return {
        "number": view.number,
        "source": fold.source,
        "day": fold.day,
        "category": fold.category or card.get("category", ""),
        "sector": fold.sector or card.get("sector", ""),
        "enterprise": card.get("enterprise", ""),
        "place": card.get("place", ""),
        "line": card.get("line", ""),
        "accepted": "yes" if accepted else "no" if view.last("decline") or moved else "",
        "accepted_on": accepted.day if accepted else "",
        "reason": _reason(view),
        "to": _field(view, "transfer", "to"),
        "merged": "yes" if "merge" in fold.marks else "no",
        "valid": ("yes" if fold.outcome in PROVEN else "no") if fold.outcome else "",
        "listed": _field(view, "list", "level"),
        "due": next((str(clock["due"]) for clock in view.clocks if not clock["stop"]), ""),
        "extended": _field(view, "extend", "until"),
        "by": named(finding, labels) if finding else "",
        "outcome": fold.outcome,
        "fine": _fine(view, facts),
        "feedback": _day(view, "feedback"),
        "ended": _ended(view),
        "late": "yes" if _is_late(view) else "no",
        "state": fold.state,
    }


def award_facts(view: View, labels: Labels) -> dict[str, Row]:
    """What a key adds to the lines of the award ledger 奖励台账, by the approval each line is about; the ledger itself
    gives sums, vouchers, days. A case that was awarded again has several: each rests on its own proposal, the finding
    before that, and the claims made on it."""
    at = [number for number, act in enumerate(view.acts) if act.kind == "award.approve"]
    spans = (view.acts[first:after] for first, after in pairwise([*at, len(view.acts)]))
    return {acts[0].hash: _award_facts(view, acts, labels) for acts in spans}


def _award_facts(view: View, acts: Sequence[Act], labels: Labels) -> Row:
    """`acts` begin with the approval and end before the next one."""
    approval = acts[0]
    proposal = next(act for act in view.acts if act.hash == approval.fields["proposal"])
    finding = finding_before(view.acts, proposal.hash)
    facts = facts_in(view.items, proposal.hash) or facts_in(view.items, finding)
    made = _award(facts, str(proposal.fields["pack"]))
    return {
        "finding": _words(view, finding),
        "decision": _sheet(view, finding).get("penalty", ""),
        "fine": facts.fine if facts else None,
        "trace": list(made.trace) if made else [],
        "computed": made.fen if made else 0,
        "employee": bool(facts and facts.employee),
        "payee": mask(visible(claim_of(view, acts).get("payee", ""))),
        "checked": is_checked(acts),
        "hands": "/".join(named(act, labels) for act in (proposal, approval)),
        "differs": rests(view.acts, view.items, proposal.hash),
    }


def named(act: Act, labels: Labels) -> str:
    """Who acted, by the name the office's roster has for him, else by the label of his key: measures taken on a report
    are signed by the person in charge (安全生产法 art. 73)."""
    return labels.get(act.person) or labels.get(act.author, "")


def in_order(row: Row) -> tuple[str, int, int]:
    """The order of receipt: by day, then by the number, 〔2026〕9号 before 〔2026〕10号, what has none yet last."""
    year, number = (int(each) for each in _NUMBER.findall(str(row["number"]))[-2:] or (9999, 0))
    return str(row["day"]), year, number


_NUMBER = re.compile("[0-9]+")


def _ended(view: View) -> str:
    """The day a closed case was ended: when its last result was told, else when it was closed. An open one has none."""
    if view.fold.state != "closed":
        return ""
    told = [act.day for act in view.acts if act.kind in ENDS and act.kind != "close"]
    return told[-1] if told else _day(view, "close")


def _fine(view: View, facts: Facts | None) -> int | str | None:
    """The fine in fen, "" where no finding states one, None where this key does not open it."""
    if facts:
        return facts.fine
    stated = _sheet(view, view.fold.finding).get("fine", "")
    try:
        if stated:
            return yuan.read(stated)
    except RuleError:
        return None  # an author may have written anything
    return None if view.fold.outcome in PROVEN and not _sheet(view, view.fold.finding).get("kind") else ""


def hazard_rows(views: Iterable[View], only: str = "") -> Iterator[Row]:
    """The register of major hazards 重大事故隐患台账: no number, case or day of a report is in it, and its order
    is that of enterprises and findings. `only` is the enterprise a copy is made for: that copy has no word of
    how the hazard came to be known."""
    rows = [_hazard(view, bool(only)) for view in views if _is_hazard(view)]
    rows = [row for row in rows if not only or row["enterprise"] == only]
    yield from sorted(rows, key=lambda row: (row["enterprise"], row["found"], row["text"]))


def _is_hazard(view: View) -> bool:
    return view.fold.category == "major_hazard" and view.fold.outcome in PROVEN


def _hazard(view: View, is_copy: bool) -> Row:
    card, finding = _card(view), view.last("finding")
    ground, plan = _sheet(view, view.fold.finding), _sheet(view, _newest(view, "list"))
    said = {
        "text": _words(view, view.fold.finding),
        "criterion": ground.get("criterion", ""),
        "owner": plan.get("owner", ""),
        "measures": plan.get("measures") or _words(view, _newest(view, "rectify")),
        "money": plan.get("money", ""),
        "plan": plan.get("plan", ""),
    }
    return {
        **{name: _without_origin(view, words, is_copy) for name, words in said.items()},
        "enterprise": card.get("enterprise", ""),
        "sector": view.fold.sector,
        "place": card.get("place", ""),
        "source": "inspection" if is_copy else "public_report",
        "found": finding.day if finding else "",
        "limit": _field(view, "list", "due"),
        "level": _field(view, "list", "level"),
        "listed": _field(view, "list", "document"),
        "rectified": _field(view, "rectify", "day"),
        "accepted": _field(view, "rectify", "document"),
        "delisted": _field(view, "delist", "day"),
        "approval": _field(view, "delist", "document"),
        "state": _hazard_state(view),
    }


def honour_rows(view: View, labels: Labels) -> Iterator[Row]:
    """The lines of 表彰台账 of a case, one a proposal with what became of it, beside the money that she was told of.
    Whoever reported stands in none of them."""
    at = [number for number, act in enumerate(view.acts) if act.kind == "honour.propose"]
    for first, after in pairwise([*at, len(view.acts)]):
        yield _honour(view, view.acts[first:after], labels)


def _honour(view: View, acts: Sequence[Act], labels: Labels) -> Row:
    """`acts` begin with the proposal and end before the next one: each of the others is among them at most once."""
    proposal, of = acts[0], {act.kind: act for act in acts}
    approval = of.get("honour.approve")
    ended = of.get("honour.revoke") or of.get("honour.return")
    days = {name: of[kind].day if kind in of else "" for name, kind in HONOURED.items()}
    return {
        "number": view.number,
        "category": view.fold.category,
        "honour": visible(str(proposal.fields["honour"])),
        "day": proposal.day,
        "by": named(proposal, labels),
        "grounds": _grounds(view, proposal),
        **days,
        "approver": named(approval, labels) if approval else "",
        "reason": str(ended.fields["reason"]) if ended else "",
        "awarded": view.fold.awarded or "",
        "paid": _day(view, "pay"),
        "state": next((state for kind, state in BECAME if kind in of), "proposed"),
    }


HONOURED = {"approved": "honour.approve", "told": "honour.tell", "revoked": "honour.revoke"}
BECAME = (  # the last that became of a proposal
    ("honour.revoke", "revoked"),
    ("honour.tell", "told"),
    ("honour.return", "returned"),
    ("honour.approve", "approved"),
)


def _grounds(view: View, act: Act) -> str:
    found = (item for item in view.items if item.post == act.hash and item.document == "grounds")
    return visible(next((item.data.get("grounds", "") for item in found), ""))


REWRITE = "(须另写)"


def _without_origin(view: View, text: str, is_copy: bool) -> str:
    """A verifier's words without the number of the case; in the enterprise's copy none that speak of a report."""
    if is_copy and "举报" in text:
        return REWRITE
    return text.replace(view.number, "").replace(view.case, "") if view.number else text


def _hazard_state(view: View) -> str:
    kinds = {act.kind for act in view.acts}
    return "delisted" if "delist" in kinds else "accepting" if "rectify" in kinds else "open"


def facts_of(view: View) -> Facts | None:
    """The facts that count and that this key opens: those of the proposal that stands, else the finding's."""
    proposal = view.fold.proposal
    return (facts_in(view.items, proposal.hash) if proposal else None) or facts_in(view.items, view.fold.finding)


def mask(name: str) -> str:
    """A payee as a register shows him: the first character."""
    return f"{name[0]}{'*' * min(len(name) - 1, 2)}" if name else ""


def _award(facts: Facts | None, pack: str) -> rulebook.Award | None:
    try:
        return rulebook.award(facts, rulebook.load(pack), trial=True) if facts and pack in rulebook.shipped() else None
    except RuleError:
        return None


def _card(view: View) -> Mapping[str, str]:
    """The cards this key opens, laid over each other: intake's of the report, then the copy in `work` for the
    others. What a later card leaves empty the earlier one still says."""
    made: dict[str, str] = {}
    for item in view.items:
        if item.document == "card":
            made |= {name: visible(value) for name, value in item.data.items() if value}
    return made


def _newest(view: View, kind: str) -> str:
    """The hash of the newest act of this kind, "" where there is none."""
    act = view.last(kind)
    return act.hash if act else ""


def _words(view: View, post: str) -> str:
    return next((visible(item.text) for item in view.items if item.post == post and item.comp == "work"), "")


def _sheet(view: View, post: str) -> Mapping[str, str]:
    """What an act says for the registers beyond its public fields and its words."""
    sheets = (item.data for item in view.items if item.post == post and item.document in SHEETS)
    return {name: visible(value) for said in sheets for name, value in said.items()}


def _reason(view: View) -> str:
    act = view.last("decline") or view.last("transfer")
    return str(act.fields["reason"]) if act else ""


def _field(view: View, kind: str, name: str) -> str:
    act: Act | None = view.last(kind)
    return visible(str(act.fields[name])) if act else ""


def _day(view: View, kind: str) -> str:
    act = view.last(kind)
    return act.day if act else ""


def _is_late(view: View) -> bool:
    """Whether any step of the office ended, or still runs, past its day."""
    whose = {clock.step: clock.whose for clock in view.fold.clocks}
    owed = (clock for clock in view.clocks if whose.get(clock["step"]) == "office")
    return any(clock["due"] and clock["due"] < (clock["stop"] or view.today) for clock in owed)
