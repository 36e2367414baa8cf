"""Directories, channels, rosters: who may read and sign in a zone, signed by its offline root (section 2)."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from whistle.crypto import strict
from whistle.crypto.encoding import SUITE, Tag, b64, tagged, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import RootKey, check_kem_public, check_sig_public, reviewer_id, verify, zone_id
from whistle.crypto.kinds import ROLES
from whistle.crypto.strict import Document

SUITES = ("X1", "X2", "C1")
APART = (
    ("verifier", "leader"),
    ("intake", "payout"),
    ("verifier", "payout"),
    ("leader", "payout"),
    ("payout", "finance"),
    ("leader", "finance"),
    ("intake", "auditor"),
    ("verifier", "auditor"),
    ("leader", "auditor"),
    ("payout", "auditor"),
    ("finance", "auditor"),
)
NOTHING = b64(bytes(32))

DIRECTORY = strict.Schema(
    strict.record(
        {
            "v": strict.one_of([1]),
            "suite": strict.one_of([SUITE]),
            "zone": strict.raw(16),
            "no": strict.integer,
            "prev": strict.raw(32),
            "issued": strict.day,
            "expires": strict.day,
            "allow": strict.array(strict.one_of(SUITES)),
            "demo": strict.boolean,
            "root": strict.raw(32),
            "packs": strict.array(
                strict.record(
                    {
                        "id": strict.text(64),
                        "sha256": strict.raw(32),
                        "from": strict.day,
                        "to": strict.either("", strict.day),
                        "note": strict.text(600),
                    }
                )
            ),
            "doors": strict.array(
                strict.record(
                    {
                        "id": strict.text(32),
                        "sig": strict.raw(32),
                        "use": strict.one_of(["receipt", "witness"]),
                    }
                )
            ),
            "escrow": strict.empty,
            "roster": strict.raw(32),
            "channels": strict.array(strict.pair(strict.text(64), strict.raw(32))),
        }
    ),
    65_536,
)
CHANNEL = strict.Schema(
    strict.record(
        {
            "id": strict.text(64),
            "label": strict.text(200),
            "policy": strict.text(64),
            "readers": strict.array(
                strict.record(
                    {
                        "rid": strict.raw(16),
                        "person": strict.raw(16),
                        "suite": strict.one_of([SUITE]),
                        "kem": strict.raw(1216),
                        "sig": strict.raw(32),
                        "roles": strict.array(strict.one_of(ROLES)),
                        "unit": strict.text(200),
                        "label": strict.text(200),
                        "replaces": strict.either("", strict.raw(16)),
                    }
                )
            ),
        }
    ),
    262_144,
)
ROSTER = strict.Schema(
    strict.record(
        {
            "v": strict.one_of([1]),
            "suite": strict.one_of([SUITE]),
            "zone": strict.raw(16),
            "no": strict.integer,
            "salt": strict.raw(16),
            "people": strict.array(
                strict.record({"person": strict.raw(16), "name": strict.text(200), "title": strict.text(200)})
            ),
        }
    ),
    262_144,
)


def directory_hash(data: bytes) -> bytes:
    """What heads, receipts and the next directory name a directory by."""
    return tagged(Tag.DIR, data)


def channel_hash(data: bytes) -> bytes:
    """What a directory names a channel by."""
    return tagged(Tag.CHANNEL, data)


def roster_hash(data: bytes) -> bytes:
    """What a directory names its roster by."""
    return tagged(Tag.ROSTER, data)


def sign_directory(root: RootKey, document: Document) -> tuple[bytes, bytes]:
    """Bytes and signature of the next directory; `root` is the key the one before it names."""
    data = strict.dump(DIRECTORY, document)
    _check_directory(document)
    return data, root.sign(Tag.DIRECTORY, data)


def sign_roster(root: RootKey, document: Document) -> tuple[bytes, bytes]:
    """Bytes and signature of a roster, served to staff only."""
    data = strict.dump(ROSTER, document)
    return data, root.sign(Tag.ROSTER, data)


def parse_roster(directory: Mapping[str, Any], root: bytes, data: bytes, signature: bytes) -> Document:
    """The roster that `directory` names, signed by the root that signed the directory."""
    if b64(roster_hash(data)) != directory["roster"]:
        raise EnvelopeError("wrong_roster")
    verify(root, Tag.ROSTER, data, signature)
    document = strict.parse(ROSTER, data)
    if (document["zone"], document["no"]) != (directory["zone"], directory["no"]):
        raise EnvelopeError("wrong_roster")
    return document


def parse_channel(zone: bytes, data: bytes) -> Document:
    """A channel whose every key is sound, named by its own hash and listed once, with roles in order."""
    document = strict.parse(CHANNEL, data)
    for reader in document["readers"]:
        _check_reader(zone, reader)
    rids = [reader["rid"] for reader in document["readers"]]
    if len(set(rids)) != len(rids):
        raise EnvelopeError("bad_channel")
    return document


def _check_reader(zone: bytes, reader: Document) -> None:
    kem, sig = unb64(reader["kem"]), unb64(reader["sig"])
    check_kem_public(kem)
    check_sig_public(sig)
    if b64(reviewer_id(zone, kem, sig)) != reader["rid"]:
        raise EnvelopeError("bad_key")
    places = [ROLES.index(role) for role in reader["roles"]]
    if not all(one < two for one, two in pairwise(places)):
        raise EnvelopeError("bad_channel")


def check_apart(channels: Iterable[Mapping[str, Any]]) -> None:
    """No person holds two roles that must be apart, with all his keys in all these channels together."""
    held: dict[str, set[str]] = {}
    for channel in channels:
        for reader in channel["readers"]:
            held.setdefault(reader["person"], set()).update(reader["roles"])
    if any(one in roles and two in roles for roles in held.values() for one, two in APART):
        raise EnvelopeError("roles_apart")


def recipients(
    channel: Mapping[str, Any], role: str, seats: Iterable[Sequence[Any]], exclude: Iterable[str]
) -> list[str]:
    """Whom a client seals to for a role (section 4): the seated readers if any is left, else all.

    Sorted by rid bytes. Raises `no_reader` when nobody is left: then nothing is sealed.
    """
    excluded = set(exclude)
    keys = {reader["rid"]: reader for reader in channel["readers"]}
    replaced = {r["replaces"] for r in keys.values() if _same_person(keys.get(r["replaces"]), r)}
    left = [
        reader
        for rid, reader in keys.items()
        if role in reader["roles"] and rid not in replaced and reader["person"] not in excluded
    ]
    people = {person for seat, persons in seats if seat == role for person in persons}
    seated = [reader for reader in left if reader["person"] in people]
    if not left:
        raise EnvelopeError("no_reader")
    return sorted((reader["rid"] for reader in seated or left), key=unb64)


def _same_person(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> bool:
    return old is not None and old["person"] == new["person"]


class Directories:
    """The directories of one zone, verified from number 0 to the pin, and the channels fetched so far."""

    def __init__(self, zone: bytes) -> None:
        self.zone = zone
        self._hashes: list[str] = []
        self._documents: list[Document] = []
        self._numbers: dict[str, int] = {}
        self._channels: dict[str, Document] = {}
        self._readers: dict[str, dict[str, Document]] = {}

    @classmethod
    def verify(cls, pin_zone: bytes, signed: Iterable[tuple[bytes, bytes]]) -> "Directories":
        """All directories from 0, as (bytes, signature); directory 0 is signed by the root the pin names."""
        found = cls(pin_zone)
        for data, signature in signed:
            found.append(data, signature)
        if not found._documents:
            raise EnvelopeError("bad_directory")
        return found

    def append(self, data: bytes, signature: bytes) -> None:
        """The next directory: signed by the root of the one before, and following it."""
        document = strict.parse(DIRECTORY, data)
        root = unb64((self._documents or [document])[-1]["root"])
        if not self._documents and zone_id(root) != self.zone:
            raise EnvelopeError("wrong_zone")
        verify(root, Tag.DIRECTORY, data, signature)
        _check_directory(document)
        self._check_place(document)
        check_sig_public(unb64(document["root"]))
        name = b64(directory_hash(data))
        self._numbers[name] = len(self._documents)
        self._documents.append(document)
        self._hashes.append(name)

    def _check_place(self, document: Document) -> None:
        prev = self._hashes[-1] if self._hashes else NOTHING
        place = (b64(self.zone), len(self._documents), prev)
        if (document["zone"], document["no"], document["prev"]) != place:
            raise EnvelopeError("bad_directory")

    @property
    def newest(self) -> Document:
        """The newest directory."""
        return self._documents[-1]

    @property
    def newest_hash(self) -> str:
        """The hash that new posts carry as `dir`."""
        return self._hashes[-1]

    def extends(self, earlier: "Directories") -> bool:
        """Whether it goes on from what was seen before: a server that tells fewer directories, or others, goes back."""
        return self.number(earlier.newest_hash) >= 0

    def is_expired(self, today: str) -> bool:
        """Whether the newest directory is past its last day: reviewers then sign nothing, reporters are still heard."""
        return str(self.newest["expires"]) < today

    def every(self) -> list[Document]:
        """All directories from number 0."""
        return list(self._documents)

    def hash_of(self, number: int) -> str:
        """The hash of the directory with this number."""
        return self._hashes[number]

    def number(self, dir_hash: str) -> int:
        """The number of the directory with this hash, −1 when it is not in this chain."""
        return self._numbers.get(dir_hash, -1)

    def by_hash(self, dir_hash: str) -> Document | None:
        """The directory with this hash, None when it is not in this chain."""
        number = self.number(dir_hash)
        return self._documents[number] if number >= 0 else None

    def add_channel(self, data: bytes) -> Document:
        """Keep a fetched channel; refused unless a directory names its hash and no roles kept apart meet."""
        name = b64(channel_hash(data))
        if name in self._channels:
            return self._channels[name]
        listing = [one for one in self._documents if any(name == listed for _, listed in one["channels"])]
        if not listing:
            raise EnvelopeError("wrong_channel")
        channel = parse_channel(self.zone, data)
        for directory in listing:
            self._check_listed(directory, channel, name)
        self._channels[name] = channel
        self._readers[name] = {reader["rid"]: reader for reader in channel["readers"]}
        return channel

    def _check_listed(self, directory: Document, channel: Document, name: str) -> None:
        if [channel["id"], name] not in directory["channels"]:
            raise EnvelopeError("wrong_channel")
        known = [self._channels[listed] for _, listed in directory["channels"] if listed in self._channels]
        check_apart([*known, channel])

    def channel(self, dir_hash: str, channel_id: str) -> Document | None:
        """The channel in that directory; None when it is not listed there or was not fetched."""
        return self._channels.get(self._channel_hash(dir_hash, channel_id))

    def versions(self, channel_id: str) -> list[Document]:
        """The channel as each directory that lists it has it, as far as it was fetched, oldest first."""
        hashes = (dict(one["channels"]).get(channel_id, "") for one in self._documents)
        return [self._channels[name] for name in hashes if name in self._channels]

    def reader(self, dir_hash: str, channel_id: str, rid: str) -> Document | None:
        """The reader with this key in that channel of that directory, or None."""
        return self._readers.get(self._channel_hash(dir_hash, channel_id), {}).get(rid)

    def readers(self, dir_hash: str, rid: str) -> list[Document]:
        """That key in any fetched channel of the directory: when a forgotten body no longer says which."""
        directory = self.by_hash(dir_hash) or {"channels": []}
        found = [self._readers.get(name, {}).get(rid) for _, name in directory["channels"]]
        return [reader for reader in found if reader is not None]

    def _channel_hash(self, dir_hash: str, channel_id: str) -> str:
        directory = self.by_hash(dir_hash)
        return str(dict(directory["channels"]).get(channel_id, "")) if directory else ""


def _check_directory(document: Document) -> None:
    days = strict.day_number(document["expires"]) - strict.day_number(document["issued"])
    ids = [channel_id for channel_id, _ in document["channels"]]
    if not 1 <= days <= 400 or len(set(ids)) != len(ids):
        raise EnvelopeError("bad_directory")
