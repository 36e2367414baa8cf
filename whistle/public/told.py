"""What the page without script says: a case, a problem, a wrong field, in the words the script's pages use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from whistle.client import Line, Status, Withdrawal, grouped, parse_yuan, taken_day

Words = Mapping[str, Any]
Form = dict[str, str]
Facts = dict[str, Any]

_PRIZED = ("notified", "claimed", "paid")  # the states that show her sum
SINCE = ("", "now", "ongoing", "past", "unknown")
RELATIONS = ("", "employee", "contractor", "family", "public")
REWARDS = ("later", "yes", "no")
METHODS = ("counter", "voucher", "transfer", "payroll")
SHORTEST, LONGEST = 10, 5_000
BYTES = {"text": 16_000, "contact": 3_900}
LONGEST_SAID, SAID_BYTES = 1_200, 3_900
_CLAIM_BYTES, _SIGNATORIES = 3_900, re.compile("[1-9][0-9]?|100", re.ASCII)


def day_in_words(words: Words, day: str) -> str:
    """A day, YYYY-MM-DD, as people read it, as static/js/public/shell/day.js writes it; "" stays empty."""
    if not day:
        return ""
    year, month, number = map(int, day.split("-"))
    named = words["months"].get("names")
    said: str = words["months"]["day"]
    return said.format(y=year, m=month, d=number, month=named[month - 1] if named else month)


def case_facts(status: Status, words: Words) -> Facts:
    """A case for the template: what waits for her, state, what happened (newest first), what was said."""
    seen = words["seen"][_standing(status)]
    reason = words["reasons"].get(status.cancelled, status.cancelled)
    text = seen["text"].format(reason=reason)
    category = words["categories"].get(status.category, "")
    return {
        "wanted": _wanted(status, words),
        "title": seen["title"],
        "text": text + seen.get("object", "") if status.about else text,
        "office": status.office,
        "class": words["state"]["class"].format(category=category) if category else "",
        "due": words["due"][status.step].format(day=day_in_words(words, status.due)) if status.due else "",
        "provisional": status.provisional,
        "events": [
            {"day": day_in_words(words, line.day), "title": words["events"][line.kind], "text": _event(line, words)}
            for line in reversed(status.posts)
        ],
        "award": _sum(status) if status.state in _PRIZED else "",
        "claim_by": day_in_words(words, status.claim_by) if status.state == "notified" else "",
        "may_object": bool(status.about),
        "may_ask_payout": bool(status.award),
        "may_claim": "claim" in status.may,
        "methods": status.methods,
        "certificate": _certified(status, words),
        "may_attach": "evidence" in status.may,
        "emptied": "content" in status.destroyed,
        "own": "".join(_words(line, words) for line in status.posts if line.kind == "report"),
        "said": [_said(line, words) for line in status.posts if (line.text or line.gone) and line.kind != "report"],
        "withdrawal": _withdrawal(status.withdrawal, words),
    }


def _certified(status: Status, words: Words) -> Facts | None:
    """What she was honoured with, as static/js/public/case/honour.js says it."""
    held = status.certificate
    if held is None:
        return None
    by = words["honour"]["by"].format(office=held.office, day=day_in_words(words, held.day))
    return {"honour": words["honours"].get(held.honour, held.honour), "text": held.text, "by": by}


def _withdrawal(of: Withdrawal, words: Words) -> Facts:
    """What waits or was taken, each in one sentence, and what she may still do, as
    static/js/public/case/withdrawal.js says it."""
    told = words["withdrawal"]
    waits = {"scope": words["withdraws"].get(of.waits, ""), "day": day_in_words(words, of.taken_from)}
    return {
        "told": [
            *([told["taken"][of.taken]] if of.taken else []),
            *([told["waits"].format(**waits), told["means"][of.waits]] if of.waits else []),
        ],
        "may_undo": bool(of.waits),
        "may": of.may,
    }


def _wanted(status: Status, words: Words) -> list[str]:
    """What is wanted of her now, each in one sentence, as static/js/public/case/view.js says it."""
    asked, claim = words["wanted"]["answer"], words["wanted"]["claim"]
    to_claim = status.state == "notified" and "claim" in status.may
    facts = {"yuan": _sum(status), "day": day_in_words(words, status.claim_by)}
    return [*([asked] if status.is_asked else []), *([claim.format(**facts)] if to_claim else [])]


def _sum(status: Status) -> str:
    """The award as people write a sum, "" when there is none."""
    return grouped(parse_yuan(status.award)) if status.award else ""


def _standing(status: Status) -> str:
    """Where the case stands for her, by the name of its words."""
    if status.state == "verifying" and status.is_told:
        return "told"
    return "cancelled" if status.cancelled else status.state


def _event(line: Line, words: Words) -> str:
    key, fields = line.kind, line.fields
    if key == "message":
        key = "message_mine" if line.author == "reporter" else "message_theirs"
    elif key == "classify.tell" and line.before in ("", fields["category"]):
        key = "classify.tell_same"
    elif key == "withdraw.take" and fields.get("scope") == "contact":
        key = "withdraw.take_contact"
    facts = {
        "category": words["categories"].get(fields.get("category"), ""),
        "before": words["categories"].get(line.before, ""),
        "reason": words["reasons"].get(fields.get("reason"), fields.get("reason", "")),
        "method": words["methods"].get(fields.get("method"), ""),
        "to": fields.get("to", ""),
        "yuan": grouped(fields.get("fen", 0)),
        "day": day_in_words(words, fields.get("claim_by") or fields.get("until") or fields.get("due", "")),
        **{name: words[f"{name}s"].get(fields.get(name), "") for name in ("action", "outcome", "result", "level")},
        **{name: fields.get(name, "") for name in ("document", "approved_by")},
        "honour": words["honours"].get(fields.get("honour"), ""),
        "scope": {**words["withdraws"], **words["destroyed"]}.get(fields.get("scope"), ""),
    }
    told: str = words["told"].get(key, "")
    return told.format(**facts)


def _said(line: Line, words: Words) -> Facts:
    mine = line.author == "reporter"
    who = f"{words['who']['me' if mine else line.role]} · {day_in_words(words, line.day)}"
    return {"mine": mine, "who": who, "text": _words(line, words)}


def _words(line: Line, words: Words) -> str:
    """What a post says to her, or that it is gone."""
    return words["said"]["destroyed"] if line.gone else line.text


def sure_facts(scope: str, words: Words, today: str) -> Facts:
    """What taking this back would mean, before it is done."""
    told = words["withdrawal"]
    when = told["when"].format(day=day_in_words(words, taken_day(today)))
    return {"scope": scope, "title": told["sure"][scope], "means": told["means"][scope], "when": when}


_OF_THE_CODE = frozenset({"ticket_check", "ticket_digits", "unknown_ticket"})
# What the client's own checks refuse, in the words of the script's pages.
_SPOKEN = {"ticket_check": ("code", "check"), "ticket_digits": ("code", "length"), "too_long": ("problem", "too_large")}
_NO_DIGITS = ("code", "empty")


def sentence(words: Words, code: str, facts: Mapping[str, Any]) -> str:
    """One plain sentence for a refusal, with what to do next."""
    table, name = _SPOKEN.get(facts.get("reason", ""), ("problem", code))
    if (table, name) == ("code", "length") and not facts.get("n"):
        table, name = _NO_DIGITS
    told: str = words[table].get(name, words["problem"]["unknown"])
    return told.format_map({"retry": 5, "n": 0, **facts})


def code_wrong(form: Form, words: Words, code: str, facts: Mapping[str, Any]) -> str:
    """What to mend in the code that a form was sent with; "" when the refusal is for something else."""
    is_of_it = form.get("act", "file") != "file" and facts.get("reason", code) in _OF_THE_CODE
    return sentence(words, code, facts) if is_of_it else ""


def too_long(said: str) -> bool:
    """More than a message's item holds."""
    return len(said) > LONGEST_SAID or len(said.encode()) > SAID_BYTES


def wrongs(form: Form, words: Words, today: str) -> dict[str, str]:
    """What to mend in a report before it is sealed, by field."""
    wrong, told = {}, words["wrong"]
    text = form.get("text", "").strip()
    if len(text) < SHORTEST:
        wrong["text"] = told["text_short"].format(n=len(text))
    elif len(text) > LONGEST or len(text.encode()) > BYTES["text"]:
        wrong["text"] = told["text_long"].format(n=len(text))
    if not form.get("enterprise", "").strip() and not form.get("place", "").strip():
        wrong["place"] = told["where"]
    if form.get("passphrase") and not 4 <= len(form["passphrase"]) <= 12:
        wrong["passphrase"] = told["passphrase"]
    if form.get("date") and not _is_past(form["date"], today):
        wrong["date"] = told["date"]
    return wrong


def _is_past(day: str, today: str) -> bool:
    try:
        return date.fromisoformat(day).isoformat() == day <= today
    except ValueError:
        return False


def claim_wrongs(form: Form, told: Words) -> dict[str, str]:
    """What to mend in a claim, by field."""
    payee, passphrase, note = (form.get(name, "").strip() for name in ("payee", "passphrase", "note"))
    wrong = {
        "payee": told["payee"] if not payee else "",
        "passphrase": told["passphrase"] if not 4 <= len(passphrase) <= 12 else "",
        "note": told["too_long"] if len((payee + passphrase + note).encode()) > _CLAIM_BYTES else "",
        "signatories": "" if _SIGNATORIES.fullmatch(form.get("signatories", "1")) else told["signatories"],
        "declared": "" if form.get("declared") == "yes" else told["declared"],
        "method": "" if form.get("method") else told["method"],
    }
    return {name: said for name, said in wrong.items() if said}
