"""Sixteen bytes as people compare and type them, in groups of hex: the zone's pin, a reader's key id."""

from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError

LENGTH = 16


def show(raw: bytes) -> str:
    """`3f2a 91bc …`: thirty-two hex digits in groups of four."""
    digits = raw.hex()
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def read(text: str) -> bytes:
    """The sixteen bytes of a typed fingerprint: hex with any spacing, or the b64u of documents."""
    packed = "".join(text.split()).replace("-", "").replace(":", "").lower()
    if len(packed) == 2 * LENGTH:
        try:
            return bytes.fromhex(packed)
        except ValueError:
            raise EnvelopeError("fingerprint") from None
    return unb64(text.strip(), LENGTH)


def same(typed: str, raw: bytes) -> bool:
    """Whether a person typed this fingerprint. Never raises: what cannot be read is not the same."""
    try:
        return b64(read(typed)) == b64(raw)
    except EnvelopeError:
        return False
