"""Key slots: a reviewer's 32-byte seed under a passphrase, a passkey or a USB stick (section 2, KEY SLOT).

The kinds passkey and file are a frozen part of X1, held by its vectors; no client of this release makes one."""

import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from whistle.crypto import strict
from whistle.crypto.encoding import SUITE, Field, b64, lp, mac, unb64, utf8
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import reviewer_id, reviewer_keys
from whistle.crypto.strict import Document

ROUNDS = 2_000_000
MOST_ROUNDS = 20_000_000
KINDS = ("passphrase", "passkey", "file")
_SPACES = re.compile("[\t-\r ]+")
# 20 of 31 letters and digits that cannot be mistaken for each other: 99 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 5


def _base64(value: Any) -> None:
    strict.text(1_400)(value)
    unb64(value)


SLOT = strict.Schema(
    strict.record(
        {
            "v": strict.one_of([1]),
            "suite": strict.one_of([SUITE]),
            "zone": strict.raw(16),
            "rid": strict.raw(16),
            "slot": strict.raw(16),
            "kind": strict.one_of(KINDS),
            "iterations": strict.integer,
            "salt": strict.either("", strict.raw(16)),
            "rp": strict.text(253),
            "credential": _base64,
            "sealed": strict.raw(60),
        }
    ),
    4_096,
)


def parse_slot(data: bytes) -> Document:
    """A slot document with parameters no weaker than the floors."""
    slot = strict.parse(SLOT, data)
    check_floors(slot)
    return slot


def check_floors(slot: Mapping[str, Any]) -> None:
    """Refuses what a hostile server would weaken: few rounds, no salt, and fields that another kind uses."""
    stretched = slot["kind"] != "passkey"
    rounds = slot["iterations"]
    if (stretched and not ROUNDS <= rounds <= MOST_ROUNDS) or (not stretched and rounds):
        raise EnvelopeError("weak_slot")
    if stretched != bool(slot["salt"]) or stretched == bool(slot["rp"] and slot["credential"]):
        raise EnvelopeError("weak_slot")
    if stretched and (slot["rp"] or slot["credential"]):
        raise EnvelopeError("weak_slot")


def new_passphrase(random: Callable[[int], bytes] = os.urandom) -> str:
    """A generated passphrase of 99 bits in four short groups; nobody is asked to invent one."""
    letters = ""
    while len(letters) < _GROUPS * _GROUP:
        # 248 is the largest multiple of 31 in a byte: above it some letters would be likelier.
        letters += "".join(_LETTERS[byte % 31] for byte in random(32) if byte < 248)
    return "-".join(letters[i : i + _GROUP] for i in range(0, _GROUPS * _GROUP, _GROUP))


def seal_slot(
    zone: bytes,
    rid: bytes,
    seed: bytes,
    passphrase: str = "",
    *,
    file_secret: bytes | None = None,
    prf: bytes | None = None,
    rp: str = "",
    credential: bytes = b"",
    random: Callable[[int], bytes] = os.urandom,
) -> Document:
    """A slot of the kind its secrets say: `prf` a passkey, `file_secret` a stick, else a passphrase."""
    kind = "passkey" if prf is not None else "file" if file_secret is not None else "passphrase"
    stretched = kind != "passkey"
    slot: Document = {
        "v": 1,
        "suite": SUITE,
        "zone": b64(zone),
        "rid": b64(rid),
        "slot": b64(random(16)),
        "kind": kind,
        "iterations": ROUNDS if stretched else 0,
        "salt": b64(random(16)) if stretched else "",
        "rp": rp,
        "credential": b64(credential),
    }
    check_floors(slot)
    nonce = random(12)
    sealed = AESGCM(slot_key(slot, passphrase, file_secret, prf)).encrypt(nonce, seed, slot_context(slot))
    slot["sealed"] = b64(nonce + sealed)
    SLOT.check(slot)
    return slot


def open_slot(
    slot: Mapping[str, Any], passphrase: str = "", file_secret: bytes | None = None, prf: bytes | None = None
) -> bytes:
    """The seed, or EnvelopeError. Its rid is computed again, so a server cannot swap slots."""
    SLOT.check(dict(slot))
    check_floors(slot)
    sealed = unb64(slot["sealed"], 60)
    try:
        key = slot_key(slot, passphrase, file_secret, prf)
        seed = AESGCM(key).decrypt(sealed[:12], sealed[12:], slot_context(slot))
    except InvalidTag:
        raise EnvelopeError("cannot_open") from None
    keys = reviewer_keys(seed)
    if b64(reviewer_id(unb64(slot["zone"]), keys.kem, keys.sig)) != slot["rid"]:
        raise EnvelopeError("wrong_slot")
    return seed


def slot_context(slot: Mapping[str, Any]) -> bytes:
    """Everything about a slot but the seed: bound, so none of it can be changed."""
    return lp(
        "slot v1",
        SUITE,
        unb64(slot["zone"], 16),
        unb64(slot["rid"], 16),
        unb64(slot["slot"], 16),
        slot["kind"],
        slot["iterations"],
        unb64(slot["salt"]),
        slot["rp"],
        unb64(slot["credential"]),
    )


def slot_key(
    slot: Mapping[str, Any], passphrase: str, file_secret: bytes | None = None, prf: bytes | None = None
) -> bytes:
    """The AES key of a slot; two of the kinds cost seconds of an attacker's time for every guess."""
    fields: tuple[Field, ...]
    if slot["kind"] == "passkey":
        secret, fields = prf or b"", ("slot key v1", SUITE, "prf")
    elif slot["kind"] == "file":
        secret, fields = file_secret or b"", ("slot key v1", SUITE, "file", _stretch(slot, passphrase))
    else:
        secret, fields = _stretch(slot, passphrase), ("slot key v1", SUITE, "pass")
    if len(secret) != 32:
        raise EnvelopeError("cannot_open")
    return mac(secret, lp(*fields) + b"\x01")


def _stretch(slot: Mapping[str, Any], passphrase: str) -> bytes:
    typed = _SPACES.sub(" ", unicodedata.normalize("NFKC", passphrase)).strip(" ")
    return PBKDF2HMAC(SHA256(), 32, unb64(slot["salt"], 16), slot["iterations"]).derive(utf8(typed))


def decoy(zone: bytes, secret: bytes) -> Document:
    """A slot that looks like any other and opens nothing: the same one for the same unknown login."""
    rid, salt, name = (mac(secret, label)[:16] for label in (b"rid", b"salt", b"slot"))
    sealed = b"".join(mac(secret, label) for label in (b"sealed 1", b"sealed 2"))[:60]
    return {
        "v": 1,
        "suite": SUITE,
        "zone": b64(zone),
        "rid": b64(rid),
        "slot": b64(name),
        "kind": "passphrase",
        "iterations": ROUNDS,
        "salt": b64(salt),
        "rp": "",
        "credential": "",
        "sealed": b64(sealed),
    }
