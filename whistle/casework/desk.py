"""The review door's state, and who stands before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from whistle.core.rulebook import Pack
from whistle.crypto.directory import Directories
from whistle.docket import Docket, Rejected


@dataclass(frozen=True)
class Casework:
    """The docket, the secret of login nonces, the configured origin, and the packs this house ships.

    `cosign`: a finding counts once a second inspector has signed it. `large`: the sum in fen from which the finance
    department decides with the leader, 0 for none."""

    docket: Docket
    secret: bytes
    origin: str
    session_seconds: int
    packs: Mapping[str, Pack]
    cosign: bool = False
    large: int = 0


@dataclass(frozen=True)
class Seat:
    """A reviewer's place in one channel of the newest directory."""

    channel: str
    label: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Reviewer:
    """Who signed in: his key, his person, and what the newest directory lets him be."""

    rid: str
    person: str
    label: str
    seats: tuple[Seat, ...]
    expires: int

    def channels_as(self, role: str) -> tuple[str, ...]:
        return tuple(seat.channel for seat in self.seats if role in seat.roles)

    def has(self, *roles: str) -> bool:
        return any(self.channels_as(role) for role in roles)


def need(who: Reviewer, *roles: str) -> None:
    """Rejected unless he has one of the roles in some channel."""
    if not who.has(*roles):
        raise Rejected("wrong_role")


def rids(directories: Directories) -> list[str]:
    """Every key of the newest directory."""
    newest = directories.newest_hash
    channels = (directories.channel(newest, name) for name, _ in directories.newest["channels"])
    return sorted({reader["rid"] for channel in channels if channel for reader in channel["readers"]})


def reviewer(directories: Directories, rid: str, expires: int) -> Reviewer | None:
    """The reviewer as the newest directory knows him; None when it does not."""
    newest = directories.newest_hash
    found = [
        (channel, reader)
        for name, _ in directories.newest["channels"]
        if (channel := directories.channel(newest, name)) is not None
        if (reader := directories.reader(newest, name, rid)) is not None
    ]
    if not found:
        return None
    seats = tuple(Seat(channel["id"], channel["label"], tuple(reader["roles"])) for channel, reader in found)
    return Reviewer(rid, found[0][1]["person"], found[0][1]["label"], seats, expires)
