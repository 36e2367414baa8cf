"""Sealing a post: items once, then a grant for every reader the table and the channel name."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whistle.client import cards
from whistle.client.errors import ClientError
from whistle.core import contents
from whistle.core.access import audience, part, reporter_reads
from whistle.core.errors import RuleError
from whistle.crypto.directory import recipients
from whistle.crypto.encoding import unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.grants import Key, item_key, seal_grant
from whistle.crypto.items import Part, SealedItem, seal_item
from whistle.crypto.keys import KeyPair
from whistle.crypto.posts import LARGEST_INLINE

Table = Mapping[str, Any]
Channel = Mapping[str, Any]
Wanted = dict[str, tuple[Key, ...]]

REPORTER = "reporter"
JSON, TEXT = "application/json", "text/plain"
# The smallest office has no auditor; every other empty seat loses the case for somebody.
MAY_BE_EMPTY = frozenset({"auditor"})


@dataclass(frozen=True)
class Piece:
    """One item to be: compartment and plaintext; `name` only for files."""

    comp: str
    body: bytes = b""
    type: str = ""
    name: str = ""


@dataclass(frozen=True)
class Party:
    """Who seals and signs in which case."""

    zone: bytes
    case: bytes
    name: str
    keys: KeyPair


@dataclass(frozen=True)
class Office:
    """Who reads: the channel and what the chain says about seats."""

    channel: Channel
    table: Table
    seats: Sequence[Any] = ()
    excluded: Iterable[str] = ()
    assigned: bool = False
    reporter_kem: bytes = b""


@dataclass(frozen=True)
class Items:
    """The sealed items of one post. They bind `pid`, not `no`: a conflict never seals them again."""

    pid: bytes
    sealed: tuple[SealedItem, ...] = ()

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [one.entry for one in self.sealed]

    @property
    def blobs(self) -> dict[str, bytes]:
        return {one.entry["id"]: one.blob for one in self.sealed}

    @property
    def inline_size(self) -> int:
        """Bytes of the items that travel inside the post: work grows with them."""
        return sum(one.entry["len"] for one in self.sealed if one.entry["len"] <= LARGEST_INLINE)


@dataclass(frozen=True)
class Grants:
    """Grant entries as the body lists them, and the sealed bytes in the same order."""

    entries: tuple[dict[str, Any], ...]
    sealed: tuple[bytes, ...]


def check_pieces(kind: str, pieces: Sequence[Piece]) -> None:
    """Nothing is sealed that its readers would have to show as broken. Raises ClientError("malformed")."""
    for one in pieces:
        try:
            contents.parse(kind, one.comp, {"name": one.name, "type": one.type}, one.body)
        except RuleError:
            raise ClientError("malformed", comp=one.comp) from None


def seal_items(writer: Party, pieces: Sequence[Piece], pid: bytes = b"") -> Items:
    """Seal each piece under a fresh key; `pid` where the post is to be known by it when it is made again."""
    pid = pid or os.urandom(16)
    sealed = tuple(
        seal_item(writer.zone, writer.case, writer.name, pid, index, Part(one.comp, one.name, one.type, one.body))
        for index, one in enumerate(pieces)
    )
    return Items(pid, sealed)


def readers_of(comp: str, office: Office, kind: str = "") -> dict[str, int]:
    """Every rid an item of this compartment, carried by a post of this kind, is sealed to, with its part. Refuses when
    a role is empty."""
    found: dict[str, int] = {}
    for role in audience(comp, office.table, office.assigned, kind):
        for rid in _with_role(role, office):
            found[rid] = part(comp, role, office.table)
    return found


def plan(items: Items, office: Office, kind: str, to_reporter: bool, author: str = "") -> Wanted:
    """Which keys of these items each reader is given by compartment; the reporter's where she may read of a post by
    this `author`."""
    wanted: dict[str, list[Key]] = {}
    for one in items.sealed:
        for rid, which in readers_of(one.entry["comp"], office, kind).items():
            wanted.setdefault(rid, []).append(item_key(one, which))
        if to_reporter and reporter_reads(kind, one.entry["comp"], author, office.table):
            wanted.setdefault(REPORTER, []).append(item_key(one, 0))
    return {rid: tuple(keys) for rid, keys in wanted.items()}


def seal_grants(writer: Party, pid: bytes, wanted: Wanted, office: Office) -> Grants:
    """Seal each reader's keys to his KEM key of this channel."""
    kems = {reader["rid"]: unb64(reader["kem"]) for reader in office.channel["readers"]}
    kems[REPORTER] = office.reporter_kem
    made = [
        seal_grant(writer.zone, writer.case, writer.name, pid, rid, kems[rid], list(keys))
        for rid, keys in wanted.items()
    ]
    return Grants(tuple(entry for entry, _ in made), tuple(sealed for _, sealed in made))


def _with_role(role: str, office: Office) -> list[str]:
    if role in MAY_BE_EMPTY and not any(role in one["roles"] for one in office.channel["readers"]):
        return []
    try:
        return recipients(office.channel, role, office.seats, office.excluded)
    except EnvelopeError:
        raise ClientError("no_reader", role=role) from None


def words(comp: str, text: str) -> Piece:
    """A text item; the same size when it is empty."""
    return Piece(comp, text.encode(), TEXT) if text else Piece(comp)


def sheet(said: Mapping[str, str]) -> Piece:
    """What the hazard register asks of an act beyond its public fields; an item though nothing was written."""
    return Piece("work", cards.pack(said), JSON) if any(said.values()) else Piece("work")


def note_and_reply(note: str, reply: str) -> list[Piece]:
    """A note for the office and a reply to the reporter, sealed even when empty: sizes say nothing."""
    return [words("work", note), words("thread", reply)]
