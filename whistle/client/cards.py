"""The small JSON documents that stand inside items: the card of a list row, the payout at filing, a claim."""

import json
import secrets
from collections.abc import Mapping, Sequence

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


def classes(said: Mapping[str, str], categories: Sequence[str], sectors: Sequence[str]) -> tuple[str, str]:
    """Category and sector of a card, of the lists; where it says none that is listed, the plainest there are."""
    category, sector = said.get("category", ""), said.get("sector", "")
    plainest = "general_hazard" if "general_hazard" in categories else categories[0]
    return category if category in categories else plainest, sector if sector in sectors else "unknown"


def claim_code(random: int | None = None) -> str:
    """The 8 digits to show at the counter in place of the ticket; of a number that was drawn before, or fresh."""
    return f"{(secrets.randbelow(10**CODE_DIGITS) if random is None else random) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def claim(payee: str, code: str, passphrase: str, note: str, signatories: int, declared: bool) -> Json:
    """Whom to pay, and with which code; how many signed the report, and whether she declared that nothing excludes
    her."""
    said = {"payee": payee, "code": code, "passphrase": passphrase, "note": note}
    return said | {"signatories": str(signatories), "declared": DECLARED if declared else ""}


def pack(document: Mapping[str, object]) -> bytes:
    """As it stands in an item."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
