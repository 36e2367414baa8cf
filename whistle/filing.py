"""How a report becomes a case: the one way for both doors, whoever sealed it. Nothing here opens an item."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from whistle import docket
from whistle.core import clock
from whistle.crypto.chain import Chain
from whistle.crypto.directory import Directories
from whistle.crypto.posts import Upload
from whistle.docket import Docket, Kept
from whistle.storage import appending
from whistle.storage.records import Appended

# Told to somebody of the office, who sealed it for the caller; any other source is the reporter's own doing.
ENTERED = ("phone", "letter", "counter", "hotline")


async def file(
    desk: Docket, upload: Upload, directories: Directories, now: float, beside: Callable[[Connection, bool], None]
) -> Kept:
    """Keeps the first post of a case and gives its receipt.

    `beside(tx, fresh)` runs in the same transaction; what it raises keeps nothing. Raises as `docket.admit` does.
    """
    today, fields = clock.zone_day(now), upload.post.fields
    channel = docket.channel_of(directories, fields["channel"])
    chain = Chain(desk.register.zone, directories, desk.workflow)
    folded = docket.admit(desk, chain, upload, directories, today)
    post = docket.record(chain, upload)
    stamp = docket.stamp(desk, upload.post, today)
    hour = clock.zone_hour(now) if fields["urgent"] else -1
    told = docket.told(desk, chain.acts, folded, today, hour)
    cached = docket.cached(desk, channel, folded, told, year=0, number=0, hour=hour)

    def keep(tx: Connection) -> Appended:
        appended = appending.append_report(
            tx,
            post,
            cached,
            channel=fields["channel"],
            access=fields["access"],
            urgent=fields["urgent"],
            hour=hour,
            stamp=stamp,
        )
        beside(tx, appended.fresh)
        return appended

    return docket.kept(await desk.db.write(keep))
