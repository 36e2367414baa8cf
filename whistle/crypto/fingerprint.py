"""Sixteen bytes as people compare and type them, in groups of hex: the zone's pin, a reader's key id."""

import re

from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.typed import packed

LENGTH = 16
_HEX = re.compile("[0-9A-Fa-f]{32}", re.ASCII)
_B64U = re.compile("[A-Za-z0-9_-]{22}", re.ASCII)


def show(raw: bytes) -> str:
    """`3f2a 91bc …`: thirty-two hex digits in groups of four."""
    digits = raw.hex()
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def read(text: str) -> bytes:
    """The sixteen bytes of a typed fingerprint: hex spaced as a ticket may be or by colons, or the b64u of documents.

    Anything else is EnvelopeError("fingerprint")."""
    digits = packed(text).replace(":", "")
    if _HEX.fullmatch(digits):
        return bytes.fromhex(digits)
    # A dash is a letter of b64u, so only what stands around it may go.
    found = _B64U.search(text)
    if found is None or packed(text.replace(found[0], "", 1)):
        raise EnvelopeError("fingerprint")
    try:
        return unb64(found[0], LENGTH)
    except EnvelopeError:
        raise EnvelopeError("fingerprint") from None


def same(typed: str, raw: bytes) -> bool:
    """Whether a person typed this fingerprint. Never raises: what cannot be read is not the same."""
    try:
        return b64(read(typed)) == b64(raw)
    except EnvelopeError:
        return False
