"""Keys: derivation, ids, signatures under tags, and every weak key refused before a native call."""

import os
from typing import Any

import pytest

from tests.crypto.vectors import KEYS, REPORTER, X1, ZONE, raw
from whistle.crypto.encoding import Tag
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import (
    KeyPair,
    L,
    P,
    check_kem_public,
    check_sig_public,
    reviewer_id,
    reviewer_keys,
    root_key,
    seal,
    verify,
    zone_id,
)


def test_it_works() -> None:
    alice = KeyPair(os.urandom(32), os.urandom(32))
    assert alice.open(seal(alice.kem, b"words", b"here"), b"here") == b"words"
    verify(alice.sig, Tag.POST, b"{}", alice.sign(Tag.POST, b"{}"))


def test_the_zone_is_the_hash_of_its_root() -> None:
    root = root_key(raw(X1["zone"]["root_seed"]))
    assert (root.public.hex(), zone_id(root.public)) == (X1["zone"]["root"], ZONE)


@pytest.mark.parametrize("who", X1["reviewers"], ids=lambda who: who["name"])
def test_a_reviewers_keys_come_from_one_seed(who: dict[str, str]) -> None:
    keys = reviewer_keys(raw(who["seed"]))
    assert (keys.kem.hex(), keys.sig.hex()) == (who["kem"], who["sig"])
    assert reviewer_id(ZONE, keys.kem, keys.sig).hex() == who["rid"]


@pytest.mark.parametrize("key", X1["bad_ed25519"])
def test_weak_signing_keys_are_refused(key: str) -> None:
    with pytest.raises(EnvelopeError, match="bad_key"):
        check_sig_public(raw(key))
    with pytest.raises(EnvelopeError, match="bad_key"):
        verify(raw(key), Tag.POST, b"{}", bytes(64))


def test_a_signature_over_a_weak_point_is_refused() -> None:
    signature = REPORTER.sign(Tag.POST, b"{}")
    for weak in X1["bad_ed25519"]:
        with pytest.raises(EnvelopeError, match="bad_signature"):
            verify(REPORTER.sig, Tag.POST, b"{}", raw(weak) + signature[32:])


@pytest.mark.parametrize("patch", X1["bad_kem_patches"], ids=lambda patch: f"{patch['at']}-{patch['bytes'][:8]}")
def test_weak_sealing_keys_are_refused(patch: dict[str, Any]) -> None:
    key = bytearray(REPORTER.kem)
    key[patch["at"] : patch["at"] + len(patch["bytes"]) // 2] = raw(patch["bytes"])
    with pytest.raises(EnvelopeError, match="bad_key"):
        check_kem_public(bytes(key))
    with pytest.raises(EnvelopeError, match="bad_key"):
        seal(bytes(key), b"", b"")


@pytest.mark.parametrize("at", [0, 1, 383, 767])
@pytest.mark.parametrize(("value", "sound"), [(3328, True), (3329, False), (4095, False)])
def test_every_coefficient_is_checked(at: int, value: int, sound: bool) -> None:
    t = int.from_bytes(REPORTER.kem[:1152], "little") & ~(0xFFF << (12 * at)) | value << (12 * at)
    key = t.to_bytes(1152, "little") + REPORTER.kem[1152:]
    if sound:
        check_kem_public(key)
    else:
        with pytest.raises(EnvelopeError):
            check_kem_public(key)


@pytest.mark.parametrize("case", X1["refused_signatures"], ids=lambda case: case["why"])
def test_signatures_that_only_a_cofactored_check_accepts_are_refused(case: dict[str, str]) -> None:
    signed = raw(case["signed"])
    assert signed.startswith(Tag.POST.value)
    with pytest.raises(EnvelopeError, match="bad_signature"):
        verify(raw(case["public"]), Tag.POST, signed.removeprefix(Tag.POST.value), raw(case["sig"]))


def test_a_signature_that_is_not_reduced_is_refused() -> None:
    signature = REPORTER.sign(Tag.POST, b"{}")
    raised = int.from_bytes(signature[32:], "little") + L
    with pytest.raises(EnvelopeError):
        verify(REPORTER.sig, Tag.POST, b"{}", signature[:32] + raised.to_bytes(32, "little"))


def test_a_point_off_the_curve_signs_nothing() -> None:
    with pytest.raises(EnvelopeError):
        verify((P - 2).to_bytes(32, "little"), Tag.POST, b"{}", REPORTER.sign(Tag.POST, b"{}"))


@pytest.mark.parametrize("size", [0, 31, 33])
def test_keys_and_seeds_of_another_length_are_refused(size: int) -> None:
    for make in (reviewer_keys, root_key, check_sig_public, check_kem_public):
        with pytest.raises(EnvelopeError):
            make(bytes(size))
    with pytest.raises(EnvelopeError):
        KeyPair(bytes(size), bytes(size))
    with pytest.raises(EnvelopeError):
        verify(REPORTER.sig, Tag.POST, b"{}", bytes(size))


def test_what_is_signed_under_one_tag_is_nothing_under_another() -> None:
    with pytest.raises(EnvelopeError):
        verify(REPORTER.sig, Tag.LOGIN, b"{}", REPORTER.sign(Tag.POST, b"{}"))


def test_nothing_opens_with_another_key_or_another_place() -> None:
    sealed = seal(REPORTER.kem, b"words", b"here")
    for keys, where, bytes_ in (
        (KEYS["intake1"], b"here", sealed),
        (REPORTER, b"there", sealed),
        (REPORTER, b"here", sealed[:-1]),
        (REPORTER, b"here", b""),
        (REPORTER, b"here", bytes(len(sealed))),
    ):
        with pytest.raises(EnvelopeError, match="cannot_open"):
            keys.open(bytes_, where)


def test_no_secret_shows_in_a_repr() -> None:
    keys = KeyPair(b"\x01" * 32, b"\x02" * 32)
    assert "x01" not in repr(keys) + repr(root_key(b"\x01" * 32)) and "x02" not in repr(keys)
