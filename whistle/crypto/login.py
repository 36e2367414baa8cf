"""Login and enrolment are signatures over fixed bytes: no password table exists (envelope.md section 2)."""

from whistle.crypto.encoding import SUITE, Field, Tag
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import KeyPair, verify

DOOR = "review"


def login_fields(
    zone: bytes,
    origin: str,
    rid: bytes,
    dir: bytes,  # noqa: A002 (the field's own name)
    server_nonce: bytes,
    client_nonce: bytes,
    expires: int,
) -> tuple[Field, ...]:
    """What a login signs. `origin` is the one each side was configured with, never the Host header.

    Both nonces stand in it, so neither side can craft bytes that mean something elsewhere.
    """
    sizes = [len(part) for part in (zone, rid, dir, server_nonce, client_nonce)]
    if sizes != [16, 16, 32, 32, 32]:
        raise EnvelopeError("malformed")
    return SUITE, zone, DOOR, origin, rid, dir, server_nonce, client_nonce, expires


def sign_login(
    keypair: KeyPair,
    zone: bytes,
    origin: str,
    rid: bytes,
    dir: bytes,  # noqa: A002 (the field's own name)
    server_nonce: bytes,
    client_nonce: bytes,
    expires: int,
) -> bytes:
    """A reviewer's signature that he is at this origin, now."""
    return keypair.sign(Tag.LOGIN, login_fields(zone, origin, rid, dir, server_nonce, client_nonce, expires))


def verify_login(
    sig_public: bytes,
    *,
    zone: bytes,
    origin: str,
    rid: bytes,
    dir: bytes,  # noqa: A002 (the field's own name)
    server_nonce: bytes,
    client_nonce: bytes,
    expires: int,
    sig: bytes,
) -> None:
    """Whether this key signed this login. Clock, nonce and directory are the caller's to check."""
    verify(
        sig_public,
        Tag.LOGIN,
        login_fields(zone, origin, rid, dir, server_nonce, client_nonce, expires),
        sig,
    )


def enrol_fields(zone: bytes, kem: bytes, sig: bytes, invite: bytes) -> tuple[Field, ...]:
    """What a new key signs to be enrolled. It proves neither the KEM key nor the person."""
    if len(invite) != 16:
        raise EnvelopeError("malformed")
    return SUITE, zone, kem, sig, invite


def sign_enrol(keypair: KeyPair, zone: bytes, invite: bytes) -> bytes:
    """The proof that goes with a new key."""
    return keypair.sign(Tag.ENROL, enrol_fields(zone, keypair.kem, keypair.sig, invite))


def verify_enrol(*, zone: bytes, kem: bytes, sig: bytes, invite: bytes, proof: bytes) -> None:
    """Whether the new signing key made this proof for this invitation."""
    verify(sig, Tag.ENROL, enrol_fields(zone, kem, sig, invite), proof)
