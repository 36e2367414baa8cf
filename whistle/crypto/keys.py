"""Keys of X1: checks before every native call, Ed25519 under a tag, HPKE with X-Wing, the ids of keys.

Libraries disagree on weak keys, so nothing reaches one unchecked (envelope.md section 2, "Key checks").
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from whistle.crypto.encoding import SUITE, Field, Tag, digest, lp, mac
from whistle.crypto.errors import EnvelopeError

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
KEM_SIZE = 1216
ENCAPSULATION = 1120

# Small order: Edwards y and Montgomery u of the points of order 1, 2, 4 and of the two of order 8.
_Y8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_U8 = 0x00B8495F16056286FDB1329CEB8D09DA6AC49FF1FAE35616AEB8413B7C7AEBE0
_U8_TWIN = 0x57119FD0DD4E22D8868E1C58C45C44045BEF839C55B1D0B1248C50A3BC959C5F
_SMALL_Y = frozenset((0, 1, P - 1, _Y8, P - _Y8))
_SMALL_U = frozenset((0, 1, P - 1, _U8, _U8_TWIN))
_Q = 3329
_LANES = sum(1 << (24 * i) for i in range(384))
_LOW = _LANES * 0xFFF
_ROUND_UP = _LANES * (4096 - _Q)
_CARRY = _LANES << 12

_HPKE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
Signable = bytes | Sequence[Field]


def _is_point(raw: bytes) -> bool:
    """A canonical y that is not of small order; whether it lies on the curve the native call says."""
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    return y < P and y not in _SMALL_Y


def check_sig_public(raw: bytes) -> None:
    """Refuses an Ed25519 public key that is not canonical or of small order (valid for every message)."""
    if len(raw) != 32 or not _is_point(raw):
        raise EnvelopeError("bad_key")


def check_kem_public(raw: bytes) -> None:
    """Refuses an X-Wing key with a coefficient ≥ 3329, with t = 0, or an X25519 part of small order."""
    if len(raw) != KEM_SIZE:
        raise EnvelopeError("bad_key")
    # 768 little-endian coefficients of 12 bits, spread over 24-bit lanes: one addition shows every carry.
    t = int.from_bytes(raw[:1152], "little")
    even, odd = t & _LOW, (t >> 12) & _LOW
    if not t or ((even + _ROUND_UP) | (odd + _ROUND_UP)) & _CARRY:
        raise EnvelopeError("bad_key")
    if (int.from_bytes(raw[1184:], "little") & (2**255 - 1)) % P in _SMALL_U:
        raise EnvelopeError("bad_key")


@lru_cache(maxsize=512)
def _sig_public(raw: bytes) -> Ed25519PublicKey:
    check_sig_public(raw)
    return Ed25519PublicKey.from_public_bytes(raw)


@lru_cache(maxsize=512)
def _kem_public(raw: bytes) -> hpke.MLKEM768X25519PublicKey:
    check_kem_public(raw)
    try:
        return hpke.MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(raw[:1184]), X25519PublicKey.from_public_bytes(raw[1184:])
        )
    except ValueError:
        raise EnvelopeError("bad_key") from None


def signed_bytes(tag: Tag, document: Signable) -> bytes:
    """What is really signed: the tag, then a document's bytes or fields as `lp`. Never raw bytes alone."""
    return tag.value + (document if isinstance(document, bytes) else lp(*document))


def verify(public: bytes, tag: Tag, document: Signable, signature: bytes) -> None:
    """Cofactorless Ed25519, [S]B − [k]A compared with R byte for byte; raises when it does not hold."""
    key = _sig_public(public)
    if len(signature) != 64 or not _is_point(signature[:32]) or int.from_bytes(signature[32:], "little") >= L:
        raise EnvelopeError("bad_signature")
    try:
        key.verify(signature, signed_bytes(tag, document))
    except InvalidSignature:
        raise EnvelopeError("bad_signature") from None


def seal(kem_public: bytes, plain: bytes, info: bytes) -> bytes:
    """HPKE base mode, one shot: encapsulation 1,120 bytes ‖ ciphertext. All context goes into `info`."""
    try:
        return _HPKE.encrypt(plain, _kem_public(kem_public), info=info)
    except ValueError:  # a bad X25519 half shows only here
        raise EnvelopeError("bad_key") from None


@dataclass(frozen=True)
class RootKey:
    """An Ed25519 key alone: a zone's root, a door's receipt key, an auditor's witness key."""

    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != 32:
            raise EnvelopeError("bad_key")

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @cached_property
    def public(self) -> bytes:
        return self._private.public_key().public_bytes_raw()

    def sign(self, tag: Tag, document: Signable) -> bytes:
        return self._private.sign(signed_bytes(tag, document))


def root_key(seed: bytes) -> RootKey:
    """The key of 32 random bytes."""
    return RootKey(seed)


@dataclass(frozen=True)
class KeyPair:
    """A reviewer's or a case's two keys: X-Wing to be sealed to, Ed25519 to sign with."""

    kem_seed: bytes = field(repr=False)
    sig_seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.kem_seed) != 32:
            raise EnvelopeError("bad_key")

    @cached_property
    def _signer(self) -> RootKey:
        return RootKey(self.sig_seed)

    @cached_property
    def _parts(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        expanded = hashlib.shake_256(self.kem_seed).digest(96)
        return (
            MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
            X25519PrivateKey.from_private_bytes(expanded[64:]),
        )

    @cached_property
    def _opener(self) -> hpke.MLKEM768X25519PrivateKey:
        return hpke.MLKEM768X25519PrivateKey(*self._parts)

    @cached_property
    def kem(self) -> bytes:
        lattice, curve = self._parts
        return lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()

    @property
    def sig(self) -> bytes:
        return self._signer.public

    def sign(self, tag: Tag, document: Signable) -> bytes:
        """64 bytes over tag ‖ document, or tag ‖ lp(fields)."""
        return self._signer.sign(tag, document)

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """What was sealed to this key under this `info`, or EnvelopeError; the reason is not told."""
        try:
            return _HPKE.decrypt(sealed, self._opener, info=info)
        except (InvalidTag, ValueError):
            raise EnvelopeError("cannot_open") from None


def reviewer_keys(seed: bytes) -> KeyPair:
    """A reviewer's two keys from the one seed of 32 bytes in his key slots."""
    if len(seed) != 32:
        raise EnvelopeError("bad_key")
    kem, sig = (mac(seed, lp("reviewer v1", SUITE, label) + b"\x01") for label in ("kem seed", "sig seed"))
    return KeyPair(kem, sig)


def zone_id(root_public: bytes) -> bytes:
    """16 bytes that name the zone: the pin. Hash of the first root key."""
    return digest(lp("zone v1", root_public))[:16]


def reviewer_id(zone: bytes, kem: bytes, sig: bytes) -> bytes:
    """16 bytes that name a reviewer's key pair."""
    return digest(lp("rid v1", SUITE, zone, kem, sig))[:16]


def case_id(zone: bytes, kem: bytes, sig: bytes) -> bytes:
    """32 bytes: the reporter's own keys name the case, so nobody can put other keys into it."""
    return digest(lp("case v1", SUITE, zone, kem, sig))
