"""The bottom of envelope X1 (section 2): tags, length-prefixed fields, SHA-256, canonical base64url."""

import base64
import binascii
import hashlib
import hmac
import re
from enum import Enum

from whistle.crypto.errors import EnvelopeError

SUITE = "X1"
LARGEST = 2**53 - 1  # what a browser counts exactly: no integer of the envelope is larger
Field = bytes | str | int

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*", re.ASCII)


class Tag(bytes, Enum):
    """Every label that stands before bytes that are hashed or signed. No two uses share one."""

    ACCESS = b"access v1\0"
    AUDIT_DIGEST = b"audit digest v1\0"
    BODY = b"body v1\0"
    BOOKING = b"booking v1\0"
    CHANNEL = b"channel v1\0"
    CHECKPOINT = b"checkpoint v1\0"
    DIR = b"dir v1\0"
    DIRECTORY = b"directory v1\0"
    ENROL = b"enrol v1\0"
    FACTS = b"facts v1\0"
    GRANT = b"grant v1\0"
    HEAD = b"head v1\0"
    HONOUR = b"honour v1\0"
    LEDGER = b"ledger v1\0"
    LOGIN = b"login v1\0"
    ONWARD = b"onward v1\0"
    POST = b"post v1\0"
    POW = b"pow v1\0"
    RECEIPT = b"receipt v1\0"
    ROSTER = b"roster v1\0"
    WITNESS = b"witness v1\0"


def lp(*fields: Field) -> bytes:
    """Each field as u16 big-endian length ‖ bytes; text is UTF-8, integers are decimal ASCII.

    Refuses a field over 65,535 bytes, a negative integer and one over 2⁵³−1.
    """
    parts: list[bytes] = []
    for field in fields:
        raw = _field(field)
        if len(raw) > 0xFFFF:
            raise EnvelopeError("too_long")
        parts += (len(raw).to_bytes(2, "big"), raw)
    return b"".join(parts)


def _field(field: Field) -> bytes:
    if isinstance(field, bytes):
        return field
    if isinstance(field, str):
        return utf8(field)
    if type(field) is not int or not 0 <= field <= LARGEST:
        raise EnvelopeError("malformed")
    return b"%d" % field


def utf8(text: str) -> bytes:
    """UTF-8, or EnvelopeError where a lone surrogate stands."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise EnvelopeError("malformed") from None


def digest(data: bytes | memoryview) -> bytes:
    """SHA-256, the H of envelope.md."""
    return hashlib.sha256(data).digest()


def tagged(tag: Tag, data: bytes) -> bytes:
    """H(tag ‖ data)."""
    return digest(tag.value + data)


def mac(key: bytes, data: bytes) -> bytes:
    """HMAC-SHA-256."""
    return hmac.digest(key, data, "sha256")


def b64(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64(text: str, size: int | None = None) -> bytes:
    """The bytes of canonical base64url, of exactly `size` when given; anything else is refused."""
    if type(text) is not str or not _ALPHABET.fullmatch(text):
        raise EnvelopeError("malformed")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise EnvelopeError("malformed") from None
    if b64(data) != text or (size is not None and len(data) != size):
        raise EnvelopeError("malformed")
    return data


def same_bytes(left: bytes, right: bytes) -> bool:
    """Equality in constant time: for access secrets and MACs."""
    return hmac.compare_digest(left, right)
