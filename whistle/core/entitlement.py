"""What stands beside a sum: what it is for, which finding it rests on, who is paid. Three small documents, the first
two sealed with a proposal, the third with a claim's check."""

import re
from dataclasses import asdict, dataclass, fields
from typing import Any

from whistle.core import strictjson
from whistle.core.errors import RuleError

PARTS = ("whole", "partial")
RECIPIENTS = ("first", "authorised")
DECLARED = ("claim", "counter")
MAX_SIGNATORIES = 100
TEXT, DOCUMENT = 600, 200  # bytes
_HASH = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Confirmed:
    """What an award is for: all that was reported, or only the part that was found true, in words
    (rules.md 10.3: what matches is rewarded, found extras are not)."""

    part: str = "whole"
    text: str = ""


@dataclass(frozen=True)
class Basis:
    """The hash of the finding that a proposal's facts were taken over from, and why they differ from it: "" where
    they do not (facts.differences)."""

    finding: str
    reason: str = ""


@dataclass(frozen=True)
class Receiver:
    """Who is paid (2018 art. 12): of how many `signatories` the first, or another whom the first has authorised in
    writing, by the number and day of that paper. `declared`: where he said that nothing excludes him (art. 7), in
    the claim itself or before the officer."""

    signatories: int = 1
    recipient: str = "first"
    authority: str = ""
    declared: str = "claim"


def check_confirmed(confirmed: Confirmed) -> Confirmed:
    """The same, or RuleError with the code of what cannot be."""
    _check_text(confirmed.text, TEXT, "confirmed_text")
    if confirmed.part not in PARTS:
        raise RuleError("part_unknown")
    if (confirmed.part == "partial") != bool(confirmed.text):
        raise RuleError("confirmed_text")
    return confirmed


def check_basis(basis: Basis) -> Basis:
    """The same, or RuleError with the code of what cannot be."""
    _check_text(basis.reason, TEXT, "basis_reason")
    if type(basis.finding) is not str or not _HASH.fullmatch(basis.finding):
        raise RuleError("basis_finding")
    return basis


def check_receiver(receiver: Receiver) -> Receiver:
    """The same, or RuleError with the code of what cannot be."""
    _check_text(receiver.authority, DOCUMENT, "authority")
    if type(receiver.signatories) is not int or not 1 <= receiver.signatories <= MAX_SIGNATORIES:
        raise RuleError("signatories_range")
    if receiver.recipient not in RECIPIENTS:
        raise RuleError("recipient_unknown")
    if receiver.recipient == "authorised" and receiver.signatories == 1:
        raise RuleError("recipient_alone")
    if (receiver.recipient == "authorised") != bool(receiver.authority):
        raise RuleError("authority")
    if receiver.declared not in DECLARED:
        raise RuleError("undeclared")
    return receiver


def _check_text(text: object, size: int, code: str) -> None:
    if type(text) is not str or not strictjson.is_plain(text, size):
        raise RuleError(code)


def confirmed_document(confirmed: Confirmed) -> bytes:
    """The body of the second `award` item of a proposal."""
    return strictjson.dump(asdict(check_confirmed(confirmed)))


def basis_document(basis: Basis) -> bytes:
    """The body of the third `award` item of a proposal."""
    return strictjson.dump(asdict(check_basis(basis)))


def receiver_document(receiver: Receiver) -> bytes:
    """The body of the `award` item of a claim's check."""
    return strictjson.dump(asdict(check_receiver(receiver)))


def parse_confirmed(data: bytes) -> Confirmed:
    return check_confirmed(_parsed(Confirmed, data))


def parse_basis(data: bytes) -> Basis:
    return check_basis(_parsed(Basis, data))


def parse_receiver(data: bytes) -> Receiver:
    return check_receiver(_parsed(Receiver, data))


def _parsed(of: Any, data: bytes) -> Any:
    """The one spelling, the names in their order; RuleError("entitlement_json") for anything else."""
    try:
        value = strictjson.load(data)
    except ValueError as error:
        raise RuleError("entitlement_json") from error
    if not isinstance(value, dict) or list(value) != [field.name for field in fields(of)]:
        raise RuleError("entitlement_json")
    return of(**value)
