"""What the page without script says: a case, a problem, a wrong field, in the words the script's pages use."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from whistle.client import Line, Status

Words = Mapping[str, Any]
Form = dict[str, str]
Facts = dict[str, Any]

SHORTEST, LONGEST = 10, 5_000
BYTES = {"text": 16_000, "contact": 3_900}
LONGEST_SAID, SAID_BYTES = 1_200, 3_900


def case_facts(status: Status, words: Words) -> Facts:
    """A case for the template: state, what happened, what was said."""
    seen = words["seen"]["told" if status.state == "verifying" and status.is_told else status.state]
    return {
        "title": seen["title"],
        "text": seen["text"],
        "due": words["due"][status.step].format(day=status.due) if status.due else "",
        "provisional": status.provisional,
        "events": [
            {"day": line.day, "title": words["events"][line.kind], "text": _event(line, words)} for line in status.posts
        ],
        "may_object": bool(status.about),
        "said": [_said(line, words) for line in status.posts if line.text],
    }


def _event(line: Line, words: Words) -> str:
    key = line.kind
    if key == "message":
        key = "message_mine" if line.author == "reporter" else "message_theirs"
    fields = line.fields
    facts = {
        "category": words["categories"].get(fields.get("category"), ""),
        "reason": words["reasons"].get(fields.get("reason"), fields.get("reason", "")),
        "method": words["methods"].get(fields.get("method"), ""),
        "to": fields.get("to", ""),
        "yuan": f"{fields.get('fen', 0) // 100}.{fields.get('fen', 0) % 100:02}",
        "day": fields.get("claim_by") or fields.get("until") or fields.get("due", ""),
        **{name: words[f"{name}s"].get(fields.get(name), "") for name in ("action", "outcome", "result", "level")},
        **{name: fields.get(name, "") for name in ("document", "approved_by")},
    }
    told: str = words["told"].get(key, "")
    return told.format(**facts)


def _said(line: Line, words: Words) -> Facts:
    mine = line.author == "reporter"
    office = "payout" if line.kind == "award.notify" or line.fields.get("comp") == "payout" else "intake"
    return {"mine": mine, "who": words["who"]["me" if mine else office], "text": line.text}


# What the client's own checks refuse, in the words of the script's pages.
_SPOKEN = {"ticket_check": ("code", "check"), "ticket_digits": ("code", "length"), "too_long": ("problem", "too_large")}


def sentence(words: Words, code: str, facts: Mapping[str, Any]) -> str:
    """One plain sentence for a refusal, with what to do next."""
    table, name = _SPOKEN.get(facts.get("reason", ""), ("problem", code))
    told: str = words[table].get(name, words["problem"]["unknown"])
    return told.format_map({"retry": 5, "n": 0, **facts})


def too_long(said: str) -> bool:
    """More than a message's item holds."""
    return len(said) > LONGEST_SAID or len(said.encode()) > SAID_BYTES


def wrongs(form: Form, words: Words) -> dict[str, str]:
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
    return wrong


def mark(post: str) -> str:
    """Eight characters of the post's hash: enough to compare by telephone, saying nothing."""
    raw = base64.urlsafe_b64decode(post + "=").hex()[:8].upper()
    return f"{raw[:4]} {raw[4:]}"
