"""The small JSON documents that stand inside items: the card of a list row, the payout at filing, a claim."""

import json
import secrets
from collections.abc import Mapping

Json = dict[str, str]

CARD = ("category", "sector", "enterprise", "place", "line", "since", "relation", "reward")
LINE = 60
# What the office adds when it takes a report down: the day it came in, and the number of the paper.
TAKEN = ("arrived", "paper")
CODE_DIGITS = 8
DECLARED = "yes"


def card(text: str, **facts: str) -> Json:
    """The card of a report: what intake's list row shows, the first line of the text among it."""
    first = " ".join(text.split())[:LINE]
    names = CARD + tuple(name for name in TAKEN if name in facts)
    return {name: first if name == "line" else facts.get(name, "") for name in names}


def claim(payee: str, passphrase: str, note: str, signatories: int, declared: bool) -> Json:
    """Whom to pay, with a fresh 8-digit code to show at the counter in place of the ticket; how many signed the
    report, and whether she declared that nothing excludes her."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    said = {"payee": payee, "code": code, "passphrase": passphrase, "note": note}
    return said | {"signatories": str(signatories), "declared": DECLARED if declared else ""}


def pack(document: Mapping[str, object]) -> bytes:
    """As it stands in an item."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def unpack(body: bytes) -> dict[str, object] | None:
    """The document of an item that says it is JSON; None when a writer put something else there."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
