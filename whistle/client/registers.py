"""What a reviewer's key adds to the registers: rows filled from opened cases. Nothing is written here.

A row is a plain mapping by the columns' keys; codes stay codes. What this key does not open stays empty."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from whistle.client import cards
from whistle.client.claims import claim_of
from whistle.client.view import View
from whistle.core import rulebook
from whistle.core.errors import RuleError
from whistle.core.facts import Facts
from whistle.core.statistics import ENDS, PROVEN
from whistle.crypto.chain import Act

Row = dict[str, Any]
Labels = Mapping[str, str]  # who a key is, as the directory labels it


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
        "to": str(moved.fields["to"]) if moved else "",
        "merged": "yes" if "merge" in fold.marks else "no",
        "valid": ("yes" if fold.outcome in PROVEN else "no") if fold.outcome else "",
        "listed": _field(view, "list", "level"),
        "due": next((str(clock["due"]) for clock in view.clocks if not clock["stop"]), ""),
        "extended": _field(view, "extend", "until"),
        "by": labels.get(finding.author, "") if finding else "",
        "outcome": fold.outcome,
        "fine": facts.fine if facts else "",
        "feedback": _day(view, "feedback"),
        "ended": next((act.day for act in view.acts if act.kind in ENDS), ""),
        "late": "yes" if _is_late(view) else "no",
        "state": fold.state,
    }


def award_facts(view: View, labels: Labels) -> Row:
    """What a key adds to a line of the award ledger 奖励台账; the ledger itself gives sums, vouchers, days."""
    facts, pack = facts_of(view), _pack(view)
    made = _award(facts, pack)
    return {
        "category": view.fold.category,
        "notified": _day(view, "award.notify"),
        "claim_by": view.fold.claim_by,
        "finding": _finding(view),
        "decision": _sheet(view, "finding").get("penalty", ""),
        "fine": facts.fine if facts else 0,
        "trace": list(made.trace) if made else [],
        "computed": made.fen if made else 0,
        "employee": bool(facts and facts.employee),
        "payee": mask(claim_of(view).get("payee", "")),
        "checked": "claim.check" in view.fold.marks,
        "hands": "/".join(
            labels.get(act.author, "") for kind in ("award.propose", "award.approve") if (act := view.last(kind))
        ),
    }


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
    ground, plan = _sheet(view, "finding"), _sheet(view, "list")
    said = {
        "text": _finding(view),
        "criterion": ground.get("criterion", ""),
        "owner": plan.get("owner", ""),
        "measures": plan.get("measures") or _words(view, "rectify"),
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
    """The newest facts of a sum that this key opens: the proposal's, else the finding's."""
    for kind in ("award.propose", "finding"):
        act = view.last(kind)
        body = next((i.body for i in view.items if act and i.post == act.hash and i.comp == "award"), b"")
        try:
            if body:
                return rulebook.parse_facts(body)[0]
        except RuleError:
            continue  # an author may have sealed anything
    return None


def mask(name: str) -> str:
    """A payee as a register shows him: the first character."""
    return f"{name[0]}{'*' * min(len(name) - 1, 2)}" if name else ""


def _award(facts: Facts | None, pack: rulebook.Pack | None) -> rulebook.Award | None:
    try:
        return rulebook.award(facts, pack, trial=True) if facts and pack else None
    except RuleError:
        return None


def _pack(view: View) -> rulebook.Pack | None:
    name = view.fold.proposal.pack if view.fold.proposal else ""
    return rulebook.load(name) if name in rulebook.shipped() else None


def _card(view: View) -> Mapping[str, str]:
    """The cards this key opens, laid over each other: intake's of the report, then the copy in `work` for the
    others. What a later card leaves empty the earlier one still says."""
    made: dict[str, str] = {}
    for item in view.items:
        if not item.broken and item.kind in ("report", "extract") and _is_card(item):
            made |= {name: str(value) for name, value in (cards.unpack(item.body) or {}).items() if value}
    return made


def _is_card(item: Any) -> bool:
    return item.comp in ("card", "work") and item.meta.get("type") == "application/json"


def _finding(view: View) -> str:
    return _words(view, "finding")


def _words(view: View, kind: str) -> str:
    act = view.last(kind)
    return next((i.text for i in view.items if act and i.post == act.hash and i.comp == "work"), "")


def _sheet(view: View, kind: str) -> Mapping[str, str]:
    """What the newest act of this kind says for the registers beyond its public fields and its words."""
    act = view.last(kind)
    bodies = (
        item.body
        for item in view.items
        if act and item.post == act.hash and item.comp == "work" and item.meta.get("type") == "application/json"
    )
    return {name: str(value) for body in bodies for name, value in (cards.unpack(body) or {}).items()}


def _reason(view: View) -> str:
    act = view.last("decline") or view.last("transfer")
    return str(act.fields["reason"]) if act else ""


def _field(view: View, kind: str, name: str) -> str:
    act: Act | None = view.last(kind)
    return str(act.fields[name]) if act else ""


def _day(view: View, kind: str) -> str:
    act = view.last(kind)
    return act.day if act else ""


def _is_late(view: View) -> bool:
    """Whether any step of the office ended, or still runs, past its day."""
    whose = {clock.step: clock.whose for clock in view.fold.clocks}
    owed = (clock for clock in view.clocks if whose.get(clock["step"]) == "office")
    return any(clock["due"] and clock["due"] < (clock["stop"] or view.today) for clock in owed)
