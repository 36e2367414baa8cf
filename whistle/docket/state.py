"""What the verbs of one door share, and how they refuse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from whistle.core import calendar
from whistle.core.deadlines import Limits
from whistle.core.offices import kind_of
from whistle.core.workflow import Workflow
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import b64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import RootKey
from whistle.docket.shelf import Shelf
from whistle.published import Published
from whistle.storage.database import Database
from whistle.storage.records import Receipt

Channel = Mapping[str, Any]
# Sources of a report told to somebody of the office, who seals it for the caller (代录); any other is her own doing.
TRANSCRIBED = ("phone", "letter", "counter", "hotline")


class Rejected(Exception):
    """A verb will not do it: a code of the HTTP API and facts that name nobody."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True)
class Kept:
    """A kept post's receipt; `fresh` is False when the same head had been kept before."""

    receipt: Receipt
    fresh: bool

    def plain(self) -> dict[str, str]:
        """The receipt as both doors give it out."""
        return receipt_text(self.receipt)


def receipt_text(receipt: Receipt) -> dict[str, str]:
    return {"bytes": receipt.bytes.decode(), "sig": b64(receipt.sig)}


@dataclass(frozen=True)
class Seal:
    """The door's receipt key and its id in the directory."""

    door: str
    key: RootKey


@dataclass(frozen=True)
class Docket:
    """What the verbs of one door share. Clock and request facts are arguments of the verbs."""

    db: Database
    published: Published
    seal: Seal
    workflow: Workflow
    processes: Mapping[str, Limits]  # the limits of time by kind of office
    order: bytes = field(repr=False)  # key of what is stored of the order of receipt
    cosign: bool = False  # every finding is signed by a second inspector
    shelf: Shelf = field(default_factory=Shelf, repr=False)

    @property
    def years(self) -> calendar.Tables:
        """The working-day tables that due days are computed with."""
        return self.published.years

    def process_of(self, channel: Channel) -> Limits:
        """The limits of time of the office that a channel belongs to."""
        return self.processes[kind_of(channel["policy"])]

    def process_in(self, directories: Directories, channel: str) -> Limits:
        """The same by the channel's name, though the zone lists it no more."""
        return self.process_of(last_channel(directories, channel))


def channel_of(directories: Directories, name: str) -> Channel:
    """The channel as the newest directory has it. Raises EnvelopeError when it has none."""
    found = directories.channel(directories.newest_hash, name)
    if found is None:
        raise EnvelopeError("wrong_channel")
    return found


def last_channel(directories: Directories, name: str) -> Channel:
    """The channel as the last directory that lists it has it: its cases stay, though nobody posts in them."""
    for no, document in reversed(list(enumerate(directories.every()))):
        if name in dict(document["channels"]):
            found = directories.channel(directories.hash_of(no), name)
            if found is not None:
                return found
    raise EnvelopeError("wrong_channel")
