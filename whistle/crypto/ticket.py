"""The reporter's only credential: 24 random digits and a check digit, and all that is derived from them."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from whistle.crypto import typed
from whistle.crypto.encoding import SUITE, Tag, b64, lp, mac, tagged, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import KeyPair, case_id

ROUNDS = 600_000
LENGTH = 25
SCHEME = "Ticket "
_DIGITS = re.compile("[0-9]{25}", re.ASCII)
# The quasigroup of Damm's thesis: every single wrong digit and every swap of neighbours is seen.
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def damm(digits: str) -> int:
    """The check digit of `digits`; of digits with their check digit it is 0."""
    state = 0
    for digit in digits:
        state = int(_DAMM[state][int(digit)])
    return state


def new_ticket(random: Callable[[int], bytes] = os.urandom) -> str:
    """25 digits, 24 of them random and each equally likely."""
    digits = ""
    while len(digits) < 24:
        # 250 and above would make the low digits likelier.
        digits += "".join(str(byte % 10) for byte in random(32) if byte < 250)
    return digits[:24] + str(damm(digits[:24]))


def normalise(text: str) -> str:
    """The 25 digits a person typed, however wide, spaced or dashed; a wrong check digit is `ticket_check`."""
    kept = typed.packed(text)
    if not _DIGITS.fullmatch(kept):
        raise EnvelopeError("ticket_digits")
    if damm(kept):
        raise EnvelopeError("ticket_check")
    return kept


# Longer than any dictation of 25 digits; what is longer is no code box's text.
LONGEST_TYPED = 1_000


def find(text: str) -> str:
    """The 25 digits wherever they stand in what was typed, pasted or dictated; EnvelopeError as `normalise`.

    Of several runs of 25 the check digit says which; where it does not, nothing is guessed."""
    groups = typed.groups(text[:LONGEST_TYPED])
    found = set(typed.stretches(groups, LENGTH))
    if len(found) > 1:
        found = {run for run in found if damm(run) == 0}
    return normalise(found.pop() if len(found) == 1 else "")


def counted(text: str) -> int:
    """How many digits there are in what was typed, for the sentence that says it."""
    return sum(map(len, typed.groups(text[:LONGEST_TYPED])))


def show(digits: str) -> str:
    """Five groups of five."""
    return " ".join(digits[i : i + 5] for i in range(0, 25, 5))


@dataclass(frozen=True)
class Ticket:
    """What a ticket opens in one zone. The digits are not kept, and the repr shows no secret."""

    keys: KeyPair = field(repr=False)
    case: bytes
    access: bytes = field(repr=False)

    @property
    def access_hash(self) -> bytes:
        """What the server compares with; never a lookup key, for every reviewer can read it."""
        return tagged(Tag.ACCESS, self.access)

    @property
    def authorization(self) -> str:
        """The value of the Authorization header."""
        return SCHEME + b64(self.case + self.access)


def master_key(zone: bytes, digits: str) -> bytes:
    """PBKDF2 over the 24 digits: 0.14 s, so that guessing costs."""
    slow = PBKDF2HMAC(SHA256(), 32, lp("ticket v1", zone), ROUNDS)
    return slow.derive(normalise(digits)[:24].encode())


def open_ticket(zone: bytes, digits: str) -> Ticket:
    """The keys and the case of a ticket; the digits may be as typed."""
    master = master_key(zone, digits)
    labels = ("access", "kem seed", "sig seed")
    access, kem, sig = (mac(master, lp("ticket out v1", SUITE, label) + b"\x01") for label in labels)
    keys = KeyPair(kem, sig)
    return Ticket(keys, case_id(zone, keys.kem, keys.sig), access)


def parse_authorization(header: str) -> tuple[bytes, bytes]:
    """Case id and access of an `Authorization: Ticket …` header."""
    if not header.startswith(SCHEME):
        raise EnvelopeError("malformed")
    raw = unb64(header.removeprefix(SCHEME), 64)
    return raw[:32], raw[32:]
