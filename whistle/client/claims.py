"""What a reporter sealed for payout with her claim, as payout's key opens it."""

from collections.abc import Mapping, Sequence

from whistle.client import cards
from whistle.client.view import View
from whistle.core.entitlement import MAX_SIGNATORIES, Receiver
from whistle.crypto.chain import Act

# By what payout knows which of several claims is the reporter's: the passphrase agreed when she reported, or her
# answer in the talk with payout after the newest of them.
KNOWN_BY = ("passphrase", "answer")
# What sets a check, and what sets it aside.
CHECKING = {"claim": False, "claim.check": True, "award.cancel": False, "pay": True}


def claims_of(view: View) -> dict[str, Mapping[str, str]]:
    """Every claim of the award that was told last and that opens, by the hash of its post, in order."""
    return _claims_in(view, _told_last(view.acts))


def _told_last(acts: Sequence[Act]) -> Sequence[Act]:
    """From the newest notice on: what was claimed of an award that was cancelled counts for no other."""
    at = max((number for number, act in enumerate(acts) if act.kind == "award.notify"), default=0)
    return acts[at:]


def _claims_in(view: View, acts: Sequence[Act]) -> dict[str, Mapping[str, str]]:
    posts = {act.hash for act in acts}
    return {item.post: item.data for item in view.items if item.document == "claim" and item.post in posts}


def claim_of(view: View, acts: Sequence[Act] | None = None) -> Mapping[str, str]:
    """The claim that the newest check names, or else the newest; {} when there is none or it does not open. `acts` are
    those of one award where the case had several."""
    acts = _told_last(view.acts) if acts is None else acts
    claims, posts = _claims_in(view, acts), {act.hash for act in acts}
    named = [item.data.get("claim", "") for item in view.items if item.document == "standing" and item.post in posts]
    newest = next(reversed(claims.values()), {})
    return claims.get(named[-1], newest) if named and is_checked(acts) else newest


def is_checked(acts: Sequence[Act]) -> bool:
    """Whether a check stands: a claim that comes later sets it aside, a cancelled award has none, a paid one has it."""
    stands = False
    for act in acts:
        if act.kind in CHECKING:
            stands = CHECKING[act.kind]
    return stands


def fault(view: View, claim: str, by: str) -> str:
    """Why a check may not be signed, "" if it may: of several claims none is taken silently."""
    claims = claims_of(view)
    if len(claims) < 2:
        return ""
    if claim not in claims or by not in KNOWN_BY:
        return "which_claim"
    known = claims[claim].get("passphrase", "") == agreed(view) != "" if by == "passphrase" else _answered(view)
    return "" if known else by


def agreed(view: View) -> str:
    """The passphrase agreed when she reported, "" when none was."""
    found = (item.data.get("passphrase", "") for item in view.items if item.document == "passphrase")
    return next(found, "")


def _answered(view: View) -> bool:
    """She wrote to payout after the newest claim."""
    last = max((no for no, act in enumerate(view.acts) if act.kind == "claim"), default=0)
    return any(
        act.kind == "message" and act.author == "reporter" and act.fields["comp"] == "payout"
        for act in view.acts[last:]
    )


def receiver_of(claim: Mapping[str, str]) -> Receiver:
    """Who is to be paid as the claim itself says: `declared` stays "" where she ticked nothing."""
    said = claim.get("signatories", "")
    joint = int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else 1
    return Receiver(
        signatories=min(max(joint, 1), MAX_SIGNATORIES),
        declared="claim" if claim.get("declared") == cards.DECLARED else "",
    )
