"""What two readers of one format are likely to take differently: one rule each, one file of vectors for both."""

import json
from pathlib import Path
from typing import Any

import pytest

from whistle.core import strictjson
from whistle.crypto import fingerprint, work
from whistle.crypto.encoding import LARGEST, b64, lp
from whistle.crypto.errors import EnvelopeError

PARSERS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "parsers.json").read_text(encoding="utf-8")
)
KEYS, WORK, TYPED = PARSERS["keys"], PARSERS["work"], PARSERS["fingerprint"]
CHALLENGE = bytes.fromhex(WORK["challenges"]["valid"][0][0])


@pytest.mark.parametrize("text", KEYS["valid"])
def test_a_key_that_only_looks_like_a_number_keeps_its_place(text: str) -> None:
    assert strictjson.dump(strictjson.load(text.encode())) == text.encode()


@pytest.mark.parametrize("text", KEYS["invalid"])
def test_a_key_that_is_a_number_and_a_number_no_browser_counts_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        strictjson.load(text.encode())
    with pytest.raises(ValueError):
        strictjson.dump(json.loads(text))


@pytest.mark.parametrize(("text", "counter"), WORK["counters"]["valid"])
def test_a_counter_is_read(text: str, counter: int) -> None:
    assert work.parse_header(f"{b64(CHALLENGE)}.{text}") == (CHALLENGE, counter)


@pytest.mark.parametrize("text", WORK["counters"]["invalid"])
def test_a_counter_no_browser_counts_is_refused(text: str) -> None:
    with pytest.raises(EnvelopeError, match="malformed"):
        work.parse_header(f"{b64(CHALLENGE)}.{text}")


def test_work_with_a_counter_no_browser_counts_is_none() -> None:
    assert work.check(CHALLENGE, bytes(32), bytes(16), LARGEST, 0)
    assert not work.check(CHALLENGE, bytes(32), bytes(16), LARGEST + 1, 0)


@pytest.mark.parametrize(("sealed", "bits", "issued"), WORK["challenges"]["valid"])
def test_a_challenge_is_read(sealed: str, bits: int, issued: int) -> None:
    said = work.peek(bytes.fromhex(sealed))
    assert (said.bits, said.issued) == (bits, issued)


@pytest.mark.parametrize(("sealed", "purpose", "day", "why"), [row[1:] for row in WORK["asked"]["cases"]])
def test_a_client_works_for_what_was_asked_of_it_and_can_be_ended(
    sealed: str, purpose: str, day: str, why: str
) -> None:
    zone = bytes.fromhex(WORK["asked"]["zone"])
    assert work.wrong(work.peek(bytes.fromhex(sealed)), zone, purpose, day) == why


@pytest.mark.parametrize("sealed", WORK["challenges"]["invalid"])
def test_a_challenge_with_a_number_no_browser_counts_is_refused(sealed: str) -> None:
    with pytest.raises(EnvelopeError, match="malformed"):
        work.peek(bytes.fromhex(sealed))


def test_a_field_holds_what_a_browser_counts_and_no_more() -> None:
    assert [lp(number).hex() for number, _ in WORK["fields"]["valid"]] == [out for _, out in WORK["fields"]["valid"]]
    for number in WORK["fields"]["invalid"]:
        with pytest.raises(EnvelopeError, match="malformed"):
            lp(int(number))


@pytest.mark.parametrize("text", TYPED["valid"])
def test_a_typed_fingerprint_is_read(text: str) -> None:
    assert fingerprint.read(text).hex() == TYPED["raw"]
    assert fingerprint.same(text, bytes.fromhex(TYPED["raw"]))


@pytest.mark.parametrize("text", TYPED["invalid"])
def test_what_is_no_fingerprint_is_refused(text: str) -> None:
    with pytest.raises(EnvelopeError, match="fingerprint"):
        fingerprint.read(text)
    assert not fingerprint.same(text, bytes.fromhex(TYPED["raw"]))
