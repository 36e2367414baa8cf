"""The published vectors of `cryptography_vectors`: RFC 9180, its post-quantum draft, C2SP, Ed25519."""

import base64
import hashlib
import json
import os
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cryptography_vectors
import pytest
from cryptography.cobblestone import (
    Cobblestone256Decryptor,
    Cobblestone256Encryptor,
)
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from tests.crypto import cobblestone
from whistle.crypto.encoding import Tag, digest
from whistle.crypto.keys import ENCAPSULATION, KeyPair, check_kem_public, check_sig_public, root_key

PUBLISHED = Path(cryptography_vectors.__file__).parent
HPKE: list[dict[str, Any]] = json.loads((PUBLISHED / "HPKE" / "test-vectors.json").read_text())
HPKE_PQ: list[dict[str, Any]] = json.loads((PUBLISHED / "HPKE" / "hpke-pq-test-vectors.json").read_text())
CHUNKED: list[dict[str, Any]] = [
    vector
    for vector in json.loads((PUBLISHED / "chunked-encryption" / "vectors.json").read_text())["vectors"]
    if vector["aead"] == "AEAD_AES_256_GCM"
]
ED25519 = (PUBLISHED / "asymmetric" / "Ed25519" / "sign.input").read_text().splitlines()
raw = bytes.fromhex
ids = {"aead": {1: hpke.AEAD.AES_128_GCM, 2: hpke.AEAD.AES_256_GCM, 3: hpke.AEAD.CHACHA20_POLY1305}}


def first(vector: dict[str, Any]) -> tuple[bytes, bytes, bytes]:
    sealed = vector["encryptions"][0]
    return raw(vector["enc"]) + raw(sealed["ct"]), raw(sealed["aad"]), raw(sealed["pt"])


def suite(kem: hpke.KEM, vector: dict[str, Any]) -> hpke.Suite:
    return hpke.Suite(kem, hpke.KDF.HKDF_SHA256, ids["aead"][vector["aead_id"]])


BASE = [v for v in HPKE if (v["mode"], v["kem_id"], v["kdf_id"]) == (0, 0x20, 1) and v["aead_id"] in ids["aead"]]
XWING = [v for v in HPKE_PQ if v["kem_id"] == 0x647A]


@pytest.mark.parametrize("vector", BASE, ids=lambda v: str(v["aead_id"]))
def test_rfc_9180_base_mode(vector: dict[str, Any]) -> None:
    sealed, aad, plain = first(vector)
    key = X25519PrivateKey.from_private_bytes(raw(vector["skRm"]))
    opened = openssl.hpke._decrypt_with_aad(suite(hpke.KEM.X25519, vector), sealed, key, raw(vector["info"]), aad)
    assert opened == plain


@pytest.mark.parametrize("vector", XWING, ids=lambda v: str(v["kdf_id"]))
def test_our_x_wing_keys_are_the_published_ones(vector: dict[str, Any]) -> None:
    keys = KeyPair(raw(vector["skRm"]), bytes(32))
    assert keys.kem == raw(vector["pkRm"]) and len(raw(vector["enc"])) == ENCAPSULATION
    check_kem_public(keys.kem)


def test_x_wing_opens_what_was_published() -> None:
    vector = next(v for v in XWING if v["kdf_id"] == 1)
    sealed, aad, plain = first(vector)
    keys = KeyPair(raw(vector["skRm"]), bytes(32))
    opened = openssl.hpke._decrypt_with_aad(
        suite(hpke.KEM.MLKEM768_X25519, vector), sealed, keys._opener, raw(vector["info"]), aad
    )
    assert opened == plain


def chunked(vector: dict[str, Any]) -> bytes:
    sealed = base64.b64decode(vector["ciphertext"] or "")
    return zlib.decompress(sealed) if vector.get("compressed") else sealed


def outcome(vector: dict[str, Any], opened: Callable[[bytes, bytes, bytes], bytes]) -> str:
    """success with the published payload, or failure."""
    try:
        plain = opened(raw(vector["key"]), vector["context"].encode(), chunked(vector))
    except (InvalidTag, ValueError):
        return "failure"
    assert hashlib.sha256(plain).hexdigest() == vector["payload_sha256"]
    return "success"


def ours_sha256(key: bytes, context: bytes, sealed: bytes) -> bytes:
    return cobblestone.open_(key, context, sealed, SHA256())


@pytest.mark.parametrize("vector", CHUNKED, ids=lambda v: v["name"])
def test_the_construction_is_the_published_one_but_for_its_hash(vector: dict[str, Any]) -> None:
    # What is published for AES-256-GCM derives with SHA-256; no vectors of Cobblestone-256 (SHA-512) are.
    assert outcome(vector, ours_sha256) == vector["expect"]


@pytest.mark.parametrize("size", [0, 1, 16_383, 16_384, 16_385, 50_000])
def test_with_sha_512_it_is_the_librarys_cobblestone_256(size: int) -> None:
    key, context, plain = os.urandom(32), b"context", os.urandom(size)
    opener = Cobblestone256Decryptor(key, context)
    sealed = cobblestone.seal(key, context, os.urandom(24), plain)
    assert opener.update(sealed) + opener.finalize() == plain
    sealer = Cobblestone256Encryptor(key, context)
    assert cobblestone.open_(key, context, sealer.update(plain) + sealer.finalize()) == plain


def test_ed25519_signs_as_published() -> None:
    for line in ED25519:
        seed, public, message, signed = line.split(":")[:4]
        key = root_key(raw(seed)[:32])
        check_sig_public(raw(public))
        assert key.public == raw(public)
        assert key._private.sign(raw(message)).hex() == signed[:128]


def test_a_tag_stands_before_whatever_we_sign() -> None:
    key = root_key(raw(ED25519[0][:64]))
    assert key.sign(Tag.POST, b"x") == key._private.sign(b"post v1\0x") != key._private.sign(b"x")
    assert len(digest(b"")) == 32
