"""Proof of work: bound to case, post and challenge."""

import os

import pytest

from tests.crypto.vectors import CASE, X1, ZONE, raw
from whistle.crypto import work
from whistle.crypto.errors import EnvelopeError

WORK = X1["work"]
SECRET, SEALED, PID = raw(WORK["server_secret"]), raw(WORK["challenge"]), raw(WORK["pid"])


def test_it_works() -> None:
    asked = work.read_challenge(SECRET, SEALED)
    assert (asked.zone, asked.purpose, asked.bits, asked.day) == (ZONE, "report", WORK["bits"], WORK["day"])
    again = work.challenge(SECRET, asked.zone, asked.purpose, asked.bits, asked.day, asked.issued, asked.nonce)
    assert again == SEALED and work.read_bits(SEALED) == WORK["bits"]
    counter = work.solve(SEALED, CASE, PID, asked.bits)
    assert counter == WORK["first_counter"]
    assert work.work_hash(SEALED, CASE, PID, counter).hex() == WORK["hash"]
    assert work.check(SEALED, CASE, PID, counter, asked.bits)
    assert work.parse_header(work.header(SEALED, counter)) == (SEALED, counter)


def test_work_for_another_post_or_case_or_challenge_counts_for_nothing() -> None:
    counter, bits = WORK["first_counter"], WORK["bits"]
    assert not work.check(SEALED, CASE, bytes(16), counter, bits)
    assert not work.check(SEALED, bytes(32), PID, counter, bits)
    assert not work.check(SEALED + b"\0", CASE, PID, counter, bits)
    assert not work.check(SEALED, CASE, PID, counter + 1, bits)


@pytest.mark.parametrize("bits", [0, 1, 7, 8, 9])
def test_bits_are_counted_from_the_most_significant(bits: int) -> None:
    found = work.work_hash(SEALED, CASE, PID, work.solve(SEALED, CASE, PID, bits))
    assert int.from_bytes(found, "big") >> (256 - bits) == 0


def test_a_counter_outside_64_bits_is_no_work() -> None:
    assert not work.check(SEALED, CASE, PID, 2**64, 0) and not work.check(SEALED, CASE, PID, -1, 0)
    with pytest.raises(EnvelopeError):
        work.check(SEALED, CASE, PID, 0, 65)


def test_a_challenge_nobody_here_made_is_refused() -> None:
    for sealed in (SEALED[:-1] + b"\0", b"", b"\0" + SEALED):
        with pytest.raises(EnvelopeError, match="work"):
            work.read_challenge(SECRET, sealed)
    with pytest.raises(EnvelopeError, match="work"):
        work.read_challenge(os.urandom(32), SEALED)


@pytest.mark.parametrize(
    ("zone", "purpose", "bits", "day", "nonce"),
    [
        (bytes(15), "report", 1, "2026-06-02", bytes(16)),
        (bytes(16), "gossip", 1, "2026-06-02", bytes(16)),
        (bytes(16), "report", 65, "2026-06-02", bytes(16)),
        (bytes(16), "report", 1, "2026-06-31", bytes(16)),
        (bytes(16), "report", 1, "2026-06-02", bytes(15)),
    ],
)
def test_a_challenge_that_asks_nonsense_is_refused(
    zone: bytes, purpose: str, bits: int, day: str, nonce: bytes
) -> None:
    with pytest.raises(EnvelopeError):
        work.peek(work.challenge(SECRET, zone, purpose, bits, day, 1, nonce))


@pytest.mark.parametrize(
    "value", ["", ".", "AA.", "AA.01", "AA.-1", "AA.1.2", "AA.１", f"AA.{2**64}", "=.1", "A" * 1_100 + ".1"]
)
def test_another_header_is_refused(value: str) -> None:
    with pytest.raises(EnvelopeError):
        work.parse_header(value)


def test_every_challenge_has_a_nonce_of_its_own() -> None:
    assert work.nonce() != work.nonce()
