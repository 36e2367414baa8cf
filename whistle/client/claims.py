"""What a reporter sealed for payout with her claim, as payout's key opens it."""

from collections.abc import Mapping

from whistle.client import cards
from whistle.client.view import View
from whistle.core.entitlement import MAX_SIGNATORIES, Receiver


def claim_of(view: View) -> Mapping[str, str]:
    """The newest claim, {} when there is none or this key does not open it."""
    bodies = [i.body for i in view.items if i.kind == "claim" and i.comp == "payout" and not i.broken]
    return {name: str(value) for name, value in (cards.unpack(bodies[-1]) or {}).items()} if bodies else {}


def receiver_of(claim: Mapping[str, str]) -> Receiver:
    """Who is to be paid as the claim itself says: `declared` stays "" where she ticked nothing."""
    said = claim.get("signatories", "")
    joint = int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else 1
    return Receiver(
        signatories=min(max(joint, 1), MAX_SIGNATORIES),
        declared="claim" if claim.get("declared") == cards.DECLARED else "",
    )
