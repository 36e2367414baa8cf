"""Key slots: the vectors, the three kinds, and what a hostile server would weaken."""

import functools
import os
from typing import Any

import pytest

from tests.crypto.vectors import RIDS, X1, ZONE, raw
from whistle.crypto import slots, strict
from whistle.crypto.encoding import b64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import reviewer_id, reviewer_keys

VECTOR = X1["slot"]
SEED = raw(X1["reviewers"][0]["seed"])
SLOT: dict[str, Any] = {
    "v": 1,
    "suite": "X1",
    "zone": b64(ZONE),
    "rid": RIDS["intake1"],
    "slot": b64(raw(VECTOR["slot"])),
    "kind": "passphrase",
    "iterations": VECTOR["iterations"],
    "salt": b64(raw(VECTOR["salt"])),
    "rp": "",
    "credential": "",
    "sealed": b64(raw(VECTOR["sealed"])),
}
KEYS = reviewer_keys(SEED)
RID = reviewer_id(ZONE, KEYS.kem, KEYS.sig)


@functools.cache
def made(kind: str) -> dict[str, Any]:
    secrets: dict[str, dict[str, Any]] = {
        "passphrase": {"passphrase": "abcde-fghjk"},
        "file": {"passphrase": "1234", "file_secret": b"f" * 32},
        "passkey": {"prf": b"p" * 32, "rp": "review.example", "credential": b"credential"},
    }
    return slots.seal_slot(ZONE, RID, SEED, **secrets[kind])


def test_the_vector() -> None:
    assert slots.slot_context(SLOT).hex() == VECTOR["aad"]
    assert slots.slot_key(SLOT, VECTOR["passphrase"]).hex() == VECTOR["key"]
    assert slots.open_slot(SLOT, f"  {VECTOR['passphrase'].replace(' ', chr(9) + ' ')} ") == SEED
    assert slots.slot_key({"kind": "passkey"}, "", None, bytes(32)).hex() == VECTOR["prf_key_of_zeros"]


def test_it_works() -> None:
    assert slots.open_slot(made("passphrase"), "ａbcde-fghjk") == SEED
    assert slots.open_slot(made("file"), "1234", b"f" * 32) == SEED
    assert slots.open_slot(made("passkey"), prf=b"p" * 32) == SEED


@pytest.mark.parametrize("kind", slots.KINDS)
def test_a_slot_is_a_strict_document(kind: str) -> None:
    data = strict.dump(slots.SLOT, made(kind))
    assert slots.parse_slot(data) == made(kind) and made(kind)["kind"] == kind


def test_another_secret_opens_nothing() -> None:
    for kind, secrets in (
        ("passphrase", {"passphrase": "abcde-fghjl"}),
        ("file", {"passphrase": "1234", "file_secret": b"g" * 32}),
        ("file", {"passphrase": "1235", "file_secret": b"f" * 32}),
        ("file", {"passphrase": "1234"}),
        ("passkey", {"prf": b"q" * 32}),
        ("passkey", {"passphrase": "abcde-fghjk"}),
    ):
        with pytest.raises(EnvelopeError, match="cannot_open"):
            slots.open_slot(made(kind), **secrets)  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [{"slot": b64(bytes(16))}, {"iterations": 2_000_001}, {"salt": b64(bytes(16))}])
def test_nothing_about_a_slot_can_be_changed(change: dict[str, Any]) -> None:
    with pytest.raises(EnvelopeError, match="cannot_open"):
        slots.open_slot(made("passphrase") | change, "abcde-fghjk")


def test_a_seed_of_another_rid_is_refused() -> None:
    other = slots.seal_slot(ZONE, bytes(16), SEED, prf=b"p" * 32, rp="review.example", credential=b"c")
    with pytest.raises(EnvelopeError, match="wrong_slot"):
        slots.open_slot(other, prf=b"p" * 32)


@pytest.mark.parametrize(
    "change",
    [
        {"iterations": 1},
        {"iterations": 1_999_999},
        {"iterations": 2**40},
        {"salt": ""},
        {"rp": "review.example"},
        {"credential": "AA"},
        {"kind": "passkey"},
        {"kind": "passkey", "iterations": 0, "salt": ""},
        {"kind": "passkey", "iterations": 0, "salt": "", "rp": "review.example"},
    ],
)
def test_weak_parameters_are_refused_before_anything_is_derived(change: dict[str, Any]) -> None:
    with pytest.raises(EnvelopeError, match="weak_slot"):
        slots.open_slot(SLOT | change, VECTOR["passphrase"])


def test_generated_passphrases_are_long_and_easy_to_type() -> None:
    made = {slots.new_passphrase() for _ in range(100)}
    assert len(made) == 100
    assert all(len(one) == 23 and set(one) <= set(slots._LETTERS + "-") for one in made)
    assert len(slots._LETTERS) ** 20 > 2**90 and not set(slots._LETTERS) & set("il1o0")


def test_an_unknown_login_gets_a_slot_that_looks_like_any_other() -> None:
    secret = os.urandom(32)
    fake = slots.decoy(ZONE, secret)
    assert slots.parse_slot(strict.dump(slots.SLOT, fake)) == slots.decoy(ZONE, secret)
    assert slots.decoy(ZONE, os.urandom(32)) != fake
    assert set(fake) == set(SLOT) and len(fake["sealed"]) == len(SLOT["sealed"])
