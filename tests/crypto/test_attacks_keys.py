"""Attacks by keys, logins and slots: each works without the defence first, and is then refused."""

import os
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from tests.crypto.curve import cofactored
from tests.crypto.scene import Scene, filed
from tests.crypto.vectors import KEYS, REPORTER, RIDS, X1, ZONE, raw
from whistle.crypto import slots
from whistle.crypto.encoding import SUITE, Tag, b64, lp, mac, tagged, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.items import Part, check_half, join_halves, seal_item, split
from whistle.crypto.keys import case_id, reviewer_id, reviewer_keys, seal, verify
from whistle.crypto.login import sign_login, verify_login
from whistle.crypto.ticket import parse_authorization

BOB = KEYS["intake1"]


def test_a_small_order_key_signs_every_message() -> None:
    identity = b"\x01" + bytes(31)
    signature = identity + bytes(32)
    for message in (b"post v1\0{}", b"anything"):
        Ed25519PublicKey.from_public_bytes(identity).verify(signature, message)  # the library does not mind

    with pytest.raises(EnvelopeError, match="bad_key"):
        verify(identity, Tag.POST, b"{}", signature)


def test_a_zero_half_makes_the_other_half_the_key() -> None:
    key = os.urandom(32)
    assert bytes(a ^ b for a, b in zip(key, bytes(32), strict=True)) == key  # one of two holders has it all

    sealed = seal_item(ZONE, bytes(32), "reporter", bytes(16), 0, Part("identity"))
    for attempt in (
        lambda: split(key, bytes),
        lambda: split(key, lambda size: key[:size]),
        lambda: check_half(sealed.entry, 1, bytes(32)),
        lambda: join_halves(key, bytes(32)),
    ):
        with pytest.raises(EnvelopeError, match="bad_half"):
            attempt()


def test_an_ml_kem_key_of_zeros_shares_a_secret_anybody_can_compute() -> None:
    empty = bytes(1_152) + REPORTER.kem[1_152:1_184]
    MLKEM768PublicKey.from_public_bytes(empty).encapsulate()  # the library does not mind

    with pytest.raises(EnvelopeError, match="bad_key"):
        seal(empty + REPORTER.kem[1_184:], b"words", b"")


@pytest.mark.parametrize("case", X1["refused_signatures"], ids=lambda case: case["why"])
def test_one_browser_believes_a_post_that_another_refuses(case: dict[str, str]) -> None:
    public, signed, signature = raw(case["public"]), raw(case["signed"]), raw(case["sig"])
    assert cofactored(public, signed, signature)

    with pytest.raises(EnvelopeError, match="bad_signature"):
        verify(public, Tag.POST, signed.removeprefix(Tag.POST.value), signature)


def test_a_login_challenge_is_relayed_from_another_origin() -> None:
    nonce = os.urandom(32)
    naive = BOB._signer._private.sign(nonce)
    # The phishing page passed on the real server's nonce; the signature is good there.
    Ed25519PublicKey.from_public_bytes(BOB.sig).verify(naive, nonce)

    said: dict[str, Any] = {
        "zone": ZONE, "rid": unb64(RIDS["intake1"]), "dir": bytes(32), "server_nonce": nonce,
        "client_nonce": os.urandom(32), "expires": 1_790_000_000,
    }  # fmt: skip
    relayed = sign_login(BOB, **said, origin="https://review.example.evil")
    with pytest.raises(EnvelopeError, match="bad_signature"):
        verify_login(BOB.sig, **said, origin="https://review.example", sig=relayed)


def test_a_login_challenge_is_crafted_to_be_a_post() -> None:
    scene = filed()
    wanted = scene.write("beth", "close", {"reason": "CL01"})
    bob = scene.keys("bob")
    crafted = Tag.POST.value + wanted.head_bytes
    # A client that signs what the server sends has signed a post.
    verify(bob.sig, Tag.POST, wanted.head_bytes, bob._signer._private.sign(crafted))

    with pytest.raises(EnvelopeError):
        sign_login(bob, scene.zone, "https://review.example", bytes(16), bytes(32), crafted, os.urandom(32), 1)
    for tag in set(Tag) - {Tag.POST}:
        with pytest.raises(EnvelopeError, match="bad_signature"):
            verify(bob.sig, Tag.POST, wanted.head_bytes, bob.sign(tag, wanted.head_bytes))


def test_a_hostile_server_weakens_a_slot_to_guess_the_passphrase() -> None:
    salt, typed = bytes(16), "horse"
    weak = PBKDF2HMAC(SHA256(), 32, salt, 1).derive(typed.encode())
    key = mac(weak, lp("slot key v1", SUITE, "pass") + b"\x01")
    sealed = AESGCM(key).encrypt(bytes(12), b"s" * 32, None)
    # At one round a word list opens it at once.
    words = ["apple", "horse", "zebra"]
    guesses = [PBKDF2HMAC(SHA256(), 32, salt, 1).derive(word.encode()) for word in words]
    keys = [mac(guess, lp("slot key v1", SUITE, "pass") + b"\x01") for guess in guesses]
    assert AESGCM(keys[1]).decrypt(bytes(12), sealed, None) == b"s" * 32

    slot = slots.decoy(ZONE, bytes(32)) | {"iterations": 1, "sealed": b64(bytes(12) + sealed)}
    with pytest.raises(EnvelopeError, match="weak_slot"):
        slots.open_slot(slot, typed)


def test_the_server_serves_one_person_the_slot_of_another() -> None:
    seed = os.urandom(32)
    mine = reviewer_keys(seed)
    theirs = slots.seal_slot(ZONE, bytes(16), seed, prf=b"p" * 32, rp="review.example", credential=b"c")
    assert reviewer_id(ZONE, mine.kem, mine.sig) != bytes(16)

    with pytest.raises(EnvelopeError, match="wrong_slot"):
        slots.open_slot(theirs, prf=b"p" * 32)


def test_a_reviewer_files_a_case_with_another_reporters_access_hash() -> None:
    access = os.urandom(32)
    hashed = tagged(Tag.ACCESS, access)
    by_hash = {hashed: "alice's case"}
    by_hash[hashed] = "the reviewer's case"  # every reviewer can read the hash in body 0
    assert by_hash[tagged(Tag.ACCESS, access)] != "alice's case"

    alice, mallory = Scene(), Scene()
    by_case = {alice.case: "alice's case", mallory.case: "the reviewer's case"}
    case, shown = parse_authorization("Ticket " + b64(alice.case + access))
    assert by_case[case] == "alice's case" and tagged(Tag.ACCESS, shown) == hashed
    assert case_id(mallory.zone, mallory.alice.kem, mallory.alice.sig) != case
