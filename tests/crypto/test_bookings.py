"""What finance signs for the ledger: one document, one spelling, both languages."""

import json
from pathlib import Path
from typing import Any

import pytest

from whistle.crypto.bookings import SAID, USES, draft, read_booking, sign_booking, verify_booking
from whistle.crypto.encoding import Tag, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import reviewer_keys

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "bookings.json").read_text(encoding="utf-8")
)
KEYS = reviewer_keys(bytes.fromhex(VECTORS["seed"]))


@pytest.mark.parametrize("case", VECTORS["valid"], ids=lambda case: case["act"])
def test_it_works(case: dict[str, Any]) -> None:
    data, sig = case["bytes"].encode(), unb64(case["sig"])
    verify_booking(KEYS.sig, data, sig)
    document = read_booking(data)
    assert sign_booking(KEYS, document) == (data, sig)
    said = {name: document[name] for name in USES[case["act"]]}
    head = {name: document[name] for name in ("zone", "dir", "author", "pid", "when")}
    assert draft(head, case["act"], said) == document


def test_every_act_is_in_the_vectors_and_says_something_of_its_own() -> None:
    assert {case["act"] for case in VECTORS["valid"]} == set(USES)
    assert all(uses and uses <= set(SAID) for uses in USES.values())


@pytest.mark.parametrize("text", VECTORS["invalid"])
def test_what_is_no_booking_is_refused(text: str) -> None:
    with pytest.raises(EnvelopeError):
        read_booking(text.encode())


def test_a_booking_is_signed_under_a_tag_of_its_own() -> None:
    data = VECTORS["valid"][0]["bytes"].encode()
    for tag in Tag:
        if tag is not Tag.BOOKING:
            with pytest.raises(EnvelopeError, match="bad_signature"):
                verify_booking(KEYS.sig, data, KEYS.sign(tag, data))
