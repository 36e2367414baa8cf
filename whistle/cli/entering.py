"""What the operator reads or carries out at the server's command line is in the audit before it is told or written."""

import time

from sqlalchemy import Connection

from whistle.core.clock import zone_day, zone_minute
from whistle.core.offices import ZONE
from whistle.storage import audit
from whistle.storage.audit import Entry
from whistle.storage.database import Database


def entered(db: Database, act: str, rid: str = "", note: str = "", office: str = ZONE) -> None:
    """An entry of this minute for an office; `rid` of the key that was used, "" for the operator. Raises
    StorageError: then nothing is told."""
    now = time.time()
    entry = Entry(zone_day(now), rid, act, zone_minute(now), office, note=note)

    def keep(tx: Connection) -> None:
        audit.enter(tx, entry)

    db.write_sync(keep)
