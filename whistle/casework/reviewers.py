"""The review door's state, and who stands before it.

Every read and every act is asked for an office (core/offices.py)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType

from whistle.core.budgetaccounts import NONE, BudgetAccounts
from whistle.core.grounds import Sums
from whistle.core.offices import ZONE, in_order, is_authority, office_of
from whistle.core.retention import Schedule, default_schedule
from whistle.core.rulebook import Pack
from whistle.crypto.directory import Directories
from whistle.crypto.strict import Document
from whistle.docket import Docket, Rejected
from whistle.storage.audit import FOLD, Entry
from whistle.uploads import Uploads


class Lately:
    """Entries of the audit that this process has on disk: the same, opened again at once, need not ask the store."""

    MOST = 4096

    def __init__(self) -> None:
        self._written: OrderedDict[Entry, float] = OrderedDict()

    def has(self, entry: Entry, now: float) -> bool:
        """Whether it stands there since less than FOLD minutes."""
        return 0 <= now - self._written.get(replace(entry, minute=""), now + 1) < FOLD * 60

    def keep(self, entry: Entry, now: float) -> None:
        self._written[replace(entry, minute="")] = now // 60 * 60
        while len(self._written) > self.MOST:
            self._written.popitem(last=False)


@dataclass(frozen=True)
class Casework:
    """The docket, the secret of login nonces, the configured origin, and the packs this house ships.

    `cosign`: a finding counts once a second inspector has signed it. `large`: the sum in fen from which the finance
    department decides with the leader, 0 for none. `review`: who decides objections, "office" or
    "above", "" for either. `office`: whose docket it is, and for which every read and every act is asked. `schedule`:
    how long what is sealed is kept. `accounts`: the budget account of each office. `papers`: from
    which sum on the other papers of core/grounds.py are asked for."""

    docket: Docket
    secret: bytes
    origin: str
    session_seconds: int
    packs: Mapping[str, Pack]
    uploads: Uploads
    cosign: bool = False
    large: int = 0
    review: str = ""
    office: str = ZONE
    lately: Lately = field(default_factory=Lately, repr=False)
    schedule: Schedule = field(default_factory=default_schedule)
    accounts: BudgetAccounts = NONE
    papers: Mapping[str, int] = field(default_factory=dict)

    @property
    def sums(self) -> Sums:
        """From which sum on an award needs which paper, the concurrence among them."""
        return Sums({"concur": self.large, **self.papers})


@dataclass(frozen=True)
class Seat:
    """A reviewer's place in one channel of the newest directory, the office that the channel belongs to, and whether
    that is an authority's: an enterprise's people are strangers who may sign in."""

    channel: str
    label: str
    roles: tuple[str, ...]
    office: str = ZONE
    is_authority: bool = True


@dataclass(frozen=True)
class Reviewer:
    """Who signed in: his key, his person, and what the newest directory lets him be. `offices` names the office of
    every channel that any directory has listed."""

    rid: str
    person: str
    label: str
    seats: tuple[Seat, ...]
    expires: int
    offices: Mapping[str, str]

    def seats_in(self, office: str) -> tuple[Seat, ...]:
        return tuple(seat for seat in self.seats if seat.office == office)

    @property
    def home(self) -> str:
        """The office that what he does for none is told under: the zone's own if he sits there, else his first."""
        return in_order(seat.office for seat in self.seats)[0]

    def channels_as(self, office: str, role: str) -> tuple[str, ...]:
        """The office's channels in which he has the role."""
        return tuple(seat.channel for seat in self.seats_in(office) if role in seat.roles)

    def elsewhere(self, office: str) -> tuple[str, ...]:
        """The channels of all other offices: what is theirs is not told here, whatever key he holds."""
        return tuple(channel for channel, of in self.offices.items() if of != office)


def need(who: Reviewer, office: str, *roles: str) -> None:
    """Rejected unless he sits in this office, and there in one of the roles if any is named."""
    seats = who.seats_in(office)
    if not seats or (roles and not any(role in seat.roles for seat in seats for role in roles)):
        raise Rejected("wrong_role")


def label_of(directories: Directories, office: str) -> str:
    """The name of an office: that of its first channel in the newest directory, else its id."""
    newest = directories.newest_hash
    named = (directories.channel(newest, name) for name, _ in directories.newest["channels"])
    return next((str(each["label"]) for each in named if each and office_of(each["policy"]) == office), office)


def colleagues(directories: Directories, who: Reviewer) -> list[Document]:
    """Everybody of the offices he sits in, by key, role and label: what a screen needs to say who acted. Nobody of
    another office is among them."""
    own = {seat.office for seat in who.seats}
    named = (
        directories.channel(directories.newest_hash, name) for name, office in who.offices.items() if office in own
    )
    readers = (one for channel in named if channel for one in channel["readers"])
    found = sorted({(str(one["rid"]), tuple(one["roles"]), str(one["label"])) for one in readers})
    return [{"id": rid, "roles": list(roles), "label": label} for rid, roles, label in found]


def labels_ever(directories: Directories, office: str = "") -> dict[str, str]:
    """Every key that a directory has ever listed, in an office or "" in any, by the last label it had."""
    labels: dict[str, str] = {}
    for number, document in enumerate(directories.every()):
        for name, _ in document["channels"]:
            channel = directories.channel(directories.hash_of(number), name)
            if channel and office in ("", office_of(channel["policy"])):
                labels |= {one["rid"]: one["label"] for one in channel["readers"]}
    return labels


def rids(directories: Directories) -> list[str]:
    """Every key of the newest directory."""
    newest = directories.newest_hash
    channels = (directories.channel(newest, name) for name, _ in directories.newest["channels"])
    return sorted({reader["rid"] for channel in channels if channel for reader in channel["readers"]})


@lru_cache(maxsize=2)  # asked with every request, and the same under one directory
def _offices_ever(directories: Directories) -> Mapping[str, str]:
    """The office of every channel that the zone has ever listed: the cases of one that is listed no more stay its
    own."""
    ever = {name for document in directories.every() for name, _ in document["channels"]}
    found = ((name, directories.versions(name)) for name in ever)
    return MappingProxyType({name: office_of(versions[-1]["policy"]) for name, versions in found if versions})


def reviewer(directories: Directories, rid: str, expires: int) -> Reviewer | None:
    """The reviewer as the newest directory knows him; None when it does not."""
    newest = directories.newest_hash
    named = (directories.channel(newest, name) for name, _ in directories.newest["channels"])
    channels = [channel for channel in named if channel is not None]
    found = [
        (channel, reader)
        for channel in channels
        if (reader := directories.reader(newest, channel["id"], rid)) is not None
    ]
    if not found:
        return None
    offices = _offices_ever(directories)
    seats = tuple(
        Seat(
            channel["id"],
            channel["label"],
            tuple(reader["roles"]),
            offices[channel["id"]],
            is_authority(channel["policy"]),
        )
        for channel, reader in found
    )
    return Reviewer(rid, found[0][1]["person"], found[0][1]["label"], seats, expires, offices)
