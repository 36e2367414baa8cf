"""A payee or a matter paid before, noticed by payout's own client over the cases its key opens; no index is kept."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from whistle.client.claims import claim_of, claims_of
from whistle.client.registers import facts_of
from whistle.client.view import View

# States in which money was promised or went out; a closed case may be either.
STATES = ("reward_approved", "notified", "claimed", "paid", "clawback", "closed")
NEAR_DAYS = 180  # the same fine is no likeness between matters far apart
_LOOSE = re.compile(r"[\s\-·.,，。]")


@dataclass(frozen=True)
class Repeat:
    """An earlier case that looks like this one: why (merged, account, payee, matter), and whether it was paid."""

    case: str
    number: str
    why: tuple[str, ...]
    paid: bool


def repeats(view: View, others: Iterable[View]) -> Iterator[Repeat]:
    """Those of the others that were rewarded and share a payee, an account, a merge or the very facts."""
    for other in others:
        if why := _alike(view, other):
            yield Repeat(other.case, other.number, why, "pay" in other.fold.acted)


def _alike(view: View, other: View) -> tuple[str, ...]:
    if view.case == other.case or not (other.fold.approved or other.fold.awarded):
        return ()
    tests = {
        "merged": _is_merged(view, other),
        "account": bool(_accounts(view) & _accounts(other)),
        "payee": bool(_payee(view)) and _payee(view) == _payee(other),
        "matter": bool(_matter(view)) and _matter(view) == _matter(other) and _is_near(view, other),
    }
    return tuple(name for name, is_alike in tests.items() if is_alike)


def _is_merged(view: View, other: View) -> bool:
    mine, its = view.fold.parent, other.fold.parent
    return mine == other.case or its == view.case or (bool(mine) and mine == its)


def _is_near(view: View, other: View) -> bool:
    apart = date.fromisoformat(view.fold.received) - date.fromisoformat(other.fold.received)
    return abs(apart.days) <= NEAR_DAYS


def _plain(text: str) -> str:
    """Spelled alike whatever the width, the case and the spaces."""
    return _LOOSE.sub("", unicodedata.normalize("NFKC", text).lower())


def _payee(view: View) -> str:
    return _plain(claim_of(view).get("payee", ""))


def _accounts(view: View) -> set[str]:
    """Of every claim: which of several counts is not known before the check."""
    said = (_plain(f"{claim.get('payee', '')}/{claim.get('note', '')}") for claim in claims_of(view).values())
    return {account for text in said for account in re.findall("[0-9]{8,}", text)}


def _matter(view: View) -> tuple[object, ...]:
    """The facts a sum rests on, where they could single a matter out."""
    facts = facts_of(view)
    if facts is None or not (facts.fine or facts.deaths_concealed):
        return ()
    return (facts.kind, facts.fine, facts.deaths, facts.deaths_concealed, facts.annex_item, view.fold.sector)
