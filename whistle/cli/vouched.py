"""The auditor's check of what finance entered itself: each row as it was signed, by a key that was finance's then. The
same for a house and for a file that was exported from it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from whistle.client.errors import ClientError
from whistle.client.trust import Trust
from whistle.core import ledger
from whistle.core.errors import LedgerError
from whistle.core.offices import ZONE, office_of
from whistle.crypto.bookings import read_booking, verify_booking
from whistle.crypto.directory import Directories, channel_hash
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.strict import day_number, zone_day
from whistle.exports.chain import Signed
from whistle.storage.bookings import Booked

# What a row says of each act, by the names of the booking.
ROW: dict[str, dict[str, str]] = {
    "budget": {"year": "year", "source": "source", "fen": "fen"},
    "reverse": {"no": "corrects", "memo": "memo"},
    "lock": {"month": "memo"},
    "concur": {"number": "case", "approval": "post", "memo": "memo"},
    "meeting": {"number": "case", "approval": "post", "memo": "memo"},
    "filing": {"number": "case", "approval": "post", "memo": "memo"},
    "cash": {"number": "case", "approval": "post", "source": "voucher", "memo": "memo"},
    "amend": {"no": "corrects", "number": "voucher", "source": "treasury", "memo": "memo"},
}
NEAR = 1  # days: a minute before midnight may be booked a minute after, and two doors learn of a directory apart


@dataclass(frozen=True)
class Vouched:
    """`count` rows are signed as they stand, from row `since` on; `before` it finance entered that many which nobody
    signed. `zone`: whose root key the directories lead to, "" where none was needed. `doubtful`: rows whose day, held
    against the days on which the directories were issued, is not one on which the signer was finance."""

    count: int
    since: int
    before: int
    zone: str
    doubtful: tuple[int, ...]


def check(
    rows: Iterable[ledger.Row], booked: Iterable[Booked], trust: Trust, since: int, pinned: bool, office: str = ZONE
) -> Vouched:
    """The rows of an office's ledger.

    Raises LedgerError, with the row: "raised", "booked_twice", "unsigned", "bad_booking", "not_finance", "superseded",
    "stray"; and "directories" where these do not lead to the zone's root key. `pinned`: they must, also when nothing is
    signed."""
    signed = _by_row(booked, since)
    if signed or pinned:
        _sound(trust)
    signers, own = _Signers(trust, office), [row for row in rows if is_own(row)]
    for row in own:
        if row.no >= since:
            signers.check(row, signed.pop(row.no, None))
    if signed:
        raise LedgerError("stray", no=min(signed))
    zone = b64(trust.zone) if signers.count or pinned else ""
    return Vouched(signers.count, since, sum(row.no < since for row in own), zone, tuple(signers.doubtful))


def is_own(row: ledger.Row) -> bool:
    """Whether finance enters such a row itself; a reversal by an act of a case names its post."""
    return row.kind in ROW and (row.kind != "reverse" or not row.post)


def trust_of(signed: Signed, zone: str) -> Trust:
    """The directories and channels that an exported file brings along, by the zone's fingerprint."""
    channels = {b64(channel_hash(data)): data for data in signed.channels}
    return Trust(lambda: list(signed.directories), lambda name: channels.get(name, b""), zone)


def booked_of(signed: Signed) -> Iterator[Booked]:
    """The bookings that an exported file brings along."""
    return (Booked("", no, _pid(data), data, sig) for no, data, sig in signed.bookings)


def _pid(data: bytes) -> str:
    try:
        return str(read_booking(data)["pid"])
    except EnvelopeError:
        return ""  # told with its row


def _by_row(booked: Iterable[Booked], since: int) -> dict[int, Booked]:
    found: dict[int, Booked] = {}
    pids: set[str] = set()
    for one in booked:
        if one.no < since:
            raise LedgerError("raised", no=since)
        if one.no in found or one.pid in pids:
            raise LedgerError("booked_twice", no=one.no)
        found[one.no] = one
        pids.add(one.pid)
    return found


def _sound(trust: Trust) -> Directories:
    try:
        return trust.directories
    except ClientError:
        raise LedgerError("directories") from None


class _Signers:
    """Whoever signed, row by row in the order of the ledger."""

    def __init__(self, trust: Trust, office: str) -> None:
        self._trust, self._office = trust, office
        self._used: dict[int, str] = {}  # directory by its number: day of the first row under it
        self.count = 0
        self.doubtful: list[int] = []

    def check(self, row: ledger.Row, booked: Booked | None) -> None:
        """The row as it was signed, by who was finance then."""
        if booked is None:
            raise LedgerError("unsigned", no=row.no)
        said = _said(row, booked)
        known = self._trust.directories
        number = known.number(said["dir"])
        reader = self._finance(number, said["author"]) if number >= 0 else None
        if reader is None or said["zone"] != b64(self._trust.zone):
            raise LedgerError("not_finance", no=row.no)
        try:
            verify_booking(unb64(reader["sig"], 32), booked.bytes, booked.sig)
        except EnvelopeError:
            raise LedgerError("bad_booking", no=row.no) from None
        self._in_force(row, number)
        self.count += 1
        self.doubtful += [row.no] if self._is_doubtful(row, number, said["author"]) else []

    def _finance(self, number: int, rid: str) -> Mapping[str, Any] | None:
        """That key in the directory, if it is there finance's of this office."""
        known, name = self._trust.directories, self._trust.directories.hash_of(number)
        for channel, _ in known.every()[number]["channels"]:
            try:
                self._trust.channel(name, channel)
            except ClientError:
                raise LedgerError("directories") from None
            found, reader = known.channel(name, channel), known.reader(name, channel, rid)
            is_ours = found is not None and office_of(found["policy"]) == self._office
            if is_ours and reader is not None and "finance" in reader["roles"]:
                return reader
        return None

    def _in_force(self, row: ledger.Row, number: int) -> None:
        """A house books under its newest directory: never after its last day, nor once a newer one is in use."""
        every = self._trust.directories.every()
        newer = (day for used, day in self._used.items() if used > number)
        if row.day > every[number]["expires"] or any(_days(day, row.day) > NEAR for day in newer):
            raise LedgerError("superseded", no=row.no)
        self._used.setdefault(number, row.day)

    def _is_doubtful(self, row: ledger.Row, number: int, rid: str) -> bool:
        """Whether the directory was issued later, or a newer one, issued before, took the key away. No document says
        when a directory reached the house, and the ceremony has a clock of its own: this is no finding."""
        issued = [document["issued"] for document in self._trust.directories.every()]
        newer = (no for no in range(number + 1, len(issued)) if _days(issued[no], row.day) > NEAR)
        return _days(row.day, issued[number]) > NEAR or any(self._finance(no, rid) is None for no in newer)


def _said(row: ledger.Row, booked: Booked) -> Mapping[str, Any]:
    """What was signed, if it says the same as the row."""
    try:
        said = read_booking(booked.bytes)
    except EnvelopeError:
        raise LedgerError("bad_booking", no=row.no) from None
    same = all(said[name] == getattr(row, of) for name, of in ROW[said["act"]].items())
    near = abs(_days(zone_day(said["when"]), row.day)) <= NEAR
    if not (same and near) or (said["act"], said["pid"]) != (row.kind, booked.pid):
        raise LedgerError("bad_booking", no=row.no)
    return said


def _days(one: str, two: str) -> int:
    return day_number(two) - day_number(one)
