"""Proof of work bound to a case and a post: slows abuse without an address being kept (section 2, WORK)."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from whistle.crypto import strict
from whistle.crypto.encoding import LARGEST, Tag, b64, digest, lp, mac, same_bytes, unb64
from whistle.crypto.errors import EnvelopeError

PURPOSES = ("report", "message", "claim")
DOOR = "public"
MOST_BITS = 64
# More work than a slow phone does in minutes is no work but a way to keep a person from sending.
MOST_ASKED = 26
_NUMBER = re.compile(b"0|[1-9][0-9]{0,15}")
_FIELDS = 8


@dataclass(frozen=True)
class Challenge:
    """What the server asked: for which zone and purpose, how hard, on which day of the zone, when, once."""

    zone: bytes
    purpose: str
    bits: int
    day: str
    issued: int
    nonce: bytes


def nonce(random: Callable[[int], bytes] = os.urandom) -> bytes:
    """16 random bytes; the server spends them with the post."""
    return random(16)


def challenge(secret: bytes, zone: bytes, purpose: str, bits: int, day: str, issued: int, nonce: bytes) -> bytes:
    """The challenge and the server's MAC over it: nothing is stored until it is spent."""
    made = lp("chal v1", zone, DOOR, purpose, bits, day, issued, nonce)
    return made + mac(secret, made)


def peek(sealed: bytes) -> Challenge:
    """What a challenge asks, for the client that has to do it; the MAC is the server's alone to check."""
    label, zone, door, purpose, bits, day, issued, nonce = _fields(sealed[:-32])
    strict.day(day.decode("ascii", "replace"))
    if (label, door) != (b"chal v1", DOOR.encode()) or purpose.decode("ascii", "replace") not in PURPOSES:
        strict.malformed()
    if (len(zone), len(nonce)) != (16, 16) or _number(bits) > MOST_BITS:
        strict.malformed()
    return Challenge(zone, purpose.decode(), _number(bits), day.decode(), _number(issued), nonce)


def read_challenge(secret: bytes, sealed: bytes) -> Challenge:
    """A challenge this server made. Zone, bits, age, day and purpose are then compared by the caller."""
    if not same_bytes(mac(secret, sealed[:-32]), sealed[-32:]):
        raise EnvelopeError("work")
    return peek(sealed)


def read_bits(sealed: bytes) -> int:
    """How many zero bits a client has to find."""
    return peek(sealed).bits


def wrong(asked: Challenge, zone: bytes, purpose: str, day: str) -> str:
    """Why a client does not work for what a server asked: "challenge" when it is for another zone or purpose or not for
    the day the server says, "busy" when it is more than honest doors ask, "" when it holds."""
    if (asked.zone, asked.purpose, asked.day) != (zone, purpose, day):
        return "challenge"
    return "busy" if asked.bits > MOST_ASKED else ""


def _fields(made: bytes) -> list[bytes]:
    fields: list[bytes] = []
    rest = made
    while rest:
        size = 2 + int.from_bytes(rest[:2], "big")
        if len(rest) < 2 or size > len(rest):
            strict.malformed()
        fields.append(rest[2:size])
        rest = rest[size:]
    if len(fields) != _FIELDS:
        strict.malformed()
    return fields


def _number(field: bytes) -> int:
    if not _NUMBER.fullmatch(field) or int(field) > LARGEST:
        strict.malformed()
    return int(field)


def work_hash(sealed: bytes, case: bytes, pid: bytes, counter: int) -> bytes:
    """What must begin with the zero bits, most significant first."""
    return digest(_prefix(sealed, case, pid) + counter.to_bytes(8, "big"))


def _prefix(sealed: bytes, case: bytes, pid: bytes) -> bytes:
    return Tag.POW.value + digest(sealed) + case + pid


def solve(sealed: bytes, case: bytes, pid: bytes, bits: int) -> int:
    """The first counter that does it."""
    prefix, limit = _prefix(sealed, case, pid), _limit(bits)
    return next(n for n in count() if b"\0" + digest(prefix + n.to_bytes(8, "big")) < limit)


def check(sealed: bytes, case: bytes, pid: bytes, counter: int, bits: int) -> bool:
    """Whether the work was done for this case and this post."""
    return 0 <= counter <= LARGEST and b"\0" + work_hash(sealed, case, pid, counter) < _limit(bits)


def _limit(bits: int) -> bytes:
    if not 0 <= bits <= MOST_BITS:
        raise EnvelopeError("work")
    # Hashes that begin with so many zero bits are those below this bound; 33 bytes hold the bound of no bits.
    return (1 << (256 - bits)).to_bytes(33, "big")


def header(sealed: bytes, counter: int) -> str:
    """The value of the Whistle-Work header."""
    return f"{b64(sealed)}.{counter}"


def parse_header(value: str) -> tuple[bytes, int]:
    """Challenge and counter of a Whistle-Work header."""
    sealed, _, counter = value.partition(".")
    if not counter.isascii() or len(value) > 1_024:
        strict.malformed()
    return unb64(sealed), _number(counter.encode())
