"""What finance enters in the ledger by itself, signed by its key like every act (section 2, Booking).

A booking is a strict JSON document. Fields that its act does not use are 0 or empty.
"""

from collections.abc import Mapping
from typing import Any

from whistle.crypto import strict
from whistle.crypto.encoding import SUITE, Tag
from whistle.crypto.keys import KeyPair, verify
from whistle.crypto.strict import Document

# What each act says. An act to come is a row of this table; the fields stay.
USES: dict[str, frozenset[str]] = {
    "budget": frozenset(("year", "source", "fen")),
    "reverse": frozenset(("no", "memo")),
    "lock": frozenset(("month",)),
    "concur": frozenset(("number", "approval", "memo")),
    "meeting": frozenset(("number", "approval", "memo")),
    "filing": frozenset(("number", "approval", "memo")),
    "cash": frozenset(("number", "approval", "source", "memo")),  # `source` is the paper's number, `memo` the reason
    "amend": frozenset(("no", "number", "source", "memo")),  # `number` is the voucher's, `source` the treasury's
}
SAID = {"year": 0, "source": "", "fen": 0, "no": 0, "month": "", "number": "", "approval": "", "memo": ""}

BOOKING = strict.Schema(
    strict.record(
        {
            "v": strict.one_of([1]),
            "suite": strict.one_of([SUITE]),
            "zone": strict.raw(16),
            "dir": strict.raw(32),
            "author": strict.raw(16),
            "pid": strict.raw(16),
            "when": strict.minute,
            "act": strict.one_of(USES),
            "year": strict.integer,
            "source": strict.text(600),
            "fen": strict.integer,
            "no": strict.integer,
            "month": strict.text(64),
            "number": strict.text(64),
            "approval": strict.either("", strict.raw(32)),
            "memo": strict.text(600),
        }
    ),
    2_048,
)


def draft(head: Mapping[str, str], act: str, said: Mapping[str, Any]) -> Document:
    """The document of an act; `head` gives zone, dir, author, pid and when."""
    return {"v": 1, "suite": SUITE, **head, "act": act, **SAID, **said}


def sign_booking(keys: KeyPair, document: Document) -> tuple[bytes, bytes]:
    """Bytes and signature of a booking."""
    _check_unused(document)
    data = strict.dump(BOOKING, document)
    return data, keys.sign(Tag.BOOKING, data)


def read_booking(data: bytes) -> Document:
    """The document, its signature still to be checked by the key its author has in its directory."""
    document = strict.parse(BOOKING, data)
    _check_unused(document)
    return document


def verify_booking(sig_public: bytes, data: bytes, signature: bytes) -> None:
    """Whether this key signed this booking."""
    verify(sig_public, Tag.BOOKING, data, signature)


def _check_unused(document: Mapping[str, Any]) -> None:
    used = USES.get(document["act"], frozenset())
    if any(document[name] != empty for name, empty in SAID.items() if name not in used):
        strict.malformed()
