"""Carries what the ceremony signed into the store: directories, channels, rosters, and the accounts they name."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from whistle import zone
from whistle.core.clock import zone_day, zone_minute
from whistle.crypto.directory import Directories, channel_hash, directory_hash, parse_channel, roster_hash
from whistle.crypto.encoding import b64
from whistle.readership import Lost, readers_of, stranded
from whistle.settings import Settings
from whistle.storage import audit, directory, meta, staff
from whistle.storage.audit import Entry
from whistle.storage.database import Database
from whistle.storage.directory import StoredDirectory
from whistle.storage.held import Looked


class Stranding(Exception):
    """The newest directory drops the last reader of something in `count` cases that are not over; nothing was taken
    over. `rows`: the keys that alone open it, by label and id, the compartment, and in how many cases."""

    code = "stranding"

    def __init__(self, lost: Lost, labels: Mapping[str, str]) -> None:
        super().__init__(self.code)
        self.facts = {"count": lost.cases}
        rows = (([(labels[rid], rid) for rid in sorted(rids)], comp, cases) for (rids, comp), cases in lost.of.items())
        self.rows = sorted(rows, key=lambda row: (row[0], -row[2], row[1]))


def publish(settings: Settings, folder: Path, strand: bool = False) -> int:
    """Carries what a zone's folder has signed into the store; returns the newest directory's number. Raises Stranding
    for a directory that leaves cases without a reader, unless `strand`; ZoneError, as for a channel that was moved to
    another office."""
    signed = zone.publish(folder)
    known = Directories.verify(zone.zone_of(folder), [(one.data, one.sig) for one in signed])
    channels = [[parse_channel(known.zone, data) for data in one.channels] for one in signed]
    for no, listed in enumerate(channels):
        zone.refuse_moved(listed, channels[:no])
    looked: Looked = {}

    def check(tx: Connection) -> None:
        if not strand:
            _refuse_stranding(tx, known.zone, signed, looked)

    def keep(tx: Connection) -> None:
        meta.set_zone(tx, b64(known.zone))
        check(tx)  # again where nothing can come in between: a report filed meanwhile may have the leaving reader alone
        for no, one in enumerate(signed):
            channels = [(b64(channel_hash(data)), parse_channel(known.zone, data)["id"], data) for data in one.channels]
            roster = (b64(roster_hash(one.roster)), one.roster, one.roster_sig)
            kept = StoredDirectory(no, b64(directory_hash(one.data)), one.data, one.sig)
            directory.add_directory(tx, kept, channels, roster)
        now = time.time()
        audit.enter(tx, Entry(zone_day(now), "", "publish", zone_minute(now)))
        _bind(tx, [parse_channel(known.zone, data) for data in signed[-1].channels])

    with Database.open(settings.database_url) as db:
        db.read_sync(check)  # many cases take their time, in which the doors go on writing
        db.write_sync(keep)
    return len(signed) - 1


def _refuse_stranding(tx: Connection, zone_id: bytes, signed: list[zone.Published], looked: Looked) -> None:
    newest = directory.newest_directory(tx)
    if newest is None or newest.no >= len(signed):
        return
    before, after = (readers_of(parse_channel(zone_id, data) for data in signed[no].channels) for no in (newest.no, -1))
    lost = stranded(tx, before, after, looked)
    if lost.cases:
        raise Stranding(lost, {rid: str(one["label"]) for listed in before.values() for rid, one in listed.items()})


def _bind(tx: Connection, channels: list[dict[str, Any]]) -> None:
    """Enrolled keys that the zone has now signed are their persons' accounts."""
    for reader in (reader for channel in channels for reader in channel["readers"]):
        member = staff.staff(tx, reader["rid"])
        if member is not None and member.status == "invited":
            staff.bind_person(tx, member.rid, reader["person"], reader["label"])
