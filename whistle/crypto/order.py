"""The order in which posts came, as the store keeps it: sealed, so that a stolen copy does not tell it.

AES-256-GCM under a key of the installation (``secrets/order.key``), bound to the case and the post's place in it. What
is sealed has one length whatever it says.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from whistle.crypto.errors import EnvelopeError

SALT = 32
_FORM = struct.Struct(f">QQ{SALT}s")
_NONCE, _TAG = 12, 16
LENGTH = _NONCE + _FORM.size + _TAG


@dataclass(frozen=True, slots=True)
class Arrival:
    """`post`: the post's number in the order of all posts, from 1; `seq`: its case's in the order of receipt on a
    report, else 0; `salt`: 32 bytes that open the receipt's seqc."""

    post: int
    seq: int
    salt: bytes


def seal(key: bytes, case: str, place: int, arrival: Arrival) -> bytes:
    """nonce 12 ‖ sealed (post 8 ‖ seq 8 ‖ salt 32) ‖ tag 16, for the post at `place` of `case` (its id as text)."""
    nonce = os.urandom(_NONCE)
    plain = _FORM.pack(arrival.post, arrival.seq, arrival.salt)
    return nonce + AESGCM(key).encrypt(nonce, plain, _bound(case, place))


def open_(key: bytes, case: str, place: int, sealed: bytes) -> Arrival:
    """Raises EnvelopeError for another key, another post's, or bytes that were changed."""
    try:
        plain = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(case, place))
        return Arrival(*_FORM.unpack(plain))
    except (InvalidTag, ValueError, struct.error):
        raise EnvelopeError("does_not_open") from None


def _bound(case: str, place: int) -> bytes:
    return b"order v1\0" + case.encode() + b"\0" + str(place).encode()
