"""One round: what is due is queued, and what waits is sent. Any number of workers may run it.

At least once: a row is marked after the message was taken, so a worker that dies in between sends it again, under the
same id. Failures are logged as codes.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from whistle.casework.reviewers import rids
from whistle.core.calendar import Tables
from whistle.core.clock import zone_day
from whistle.core.offices import is_authority
from whistle.crypto.directory import Directories
from whistle.docket import Docket
from whistle.notices import mail, schedule, webhooks
from whistle.notices.addresses import Allowed
from whistle.notices.errors import Undelivered
from whistle.notices.mail import Relay
from whistle.storage import meta, notices, staff
from whistle.storage.database import Database
from whistle.storage.notices import Claimed, Destination

# All that is ever said, by the kind of its slot; nothing is filled in.
SENTENCES = {
    "": "请登录办理台查看今天的待办和期限。",
    schedule.URGENT: "有紧急事项，请立即登录办理台。",
    schedule.TEST: "这是办理台发来的一条测试提醒。",
}
ON_DUTY = frozenset({"intake", "leader"})
TOGETHER = 5  # messages under way at once
HOUR = 3600
SECONDS = 45  # for one message: less than a row is claimed for
DIGESTED, NOTED = "notices_digested", "notices_urgent"  # the last digest that was queued; urgent reports counted so far
_LOG = logging.getLogger("whistle")


@dataclass(frozen=True)
class Notifier:
    """What the operator set: the hours of the digest, the relay, and where webhooks may go."""

    hours: Sequence[str]
    relay: Relay
    allowed: Allowed


async def run(docket: Docket, notifier: Notifier, now: float) -> int:
    """Queue what is due and send what waits; how many messages arrived."""
    due = Due(await docket.published.current(), schedule.digest_slot(now, notifier.hours, docket.years), now)
    if await docket.db.read(due.is_there):
        await docket.db.write(due.queue)
    return await deliver(docket.db, notifier, now)


def is_behind(tx: Connection, hours: Sequence[str], tables: Tables, now: float) -> bool:
    """Whether the digest that was due an hour ago was not even queued: no jobs run."""
    slot = schedule.digest_slot(now - HOUR, hours, tables)
    return bool(slot) and meta.get(tx, DIGESTED) < slot


async def deliver(db: Database, notifier: Notifier, now: float) -> int:
    """Send what waits, a few at once, until nothing does; how many arrived."""
    arrived, taken = 0, await db.write(partial(notices.claim, now=int(now), limit=TOGETHER))
    while taken:
        arrived += sum(await asyncio.gather(*(_try(db, notifier, one, now) for one in taken)))
        taken = await db.write(partial(notices.claim, now=int(now), limit=TOGETHER))
    return arrived


async def say(notifier: Notifier, to: Destination, slot: str, message: str, now: float) -> None:
    """One message to one destination, at once. Raises Undelivered."""
    sentence = SENTENCES[schedule.kind_of(slot)]
    if to.kind == "mail":
        work = asyncio.to_thread(mail.send, notifier.relay, to.address, sentence, slot, message)
    else:
        work = webhooks.send(to.kind, to.address, to.secret, sentence, message, notifier.allowed, int(now))
    try:
        await asyncio.wait_for(work, SECONDS)
    except TimeoutError:
        raise Undelivered("slow") from None


async def _try(db: Database, notifier: Notifier, one: Claimed, now: float) -> bool:
    if schedule.is_over(one.slot, now):
        await db.write(partial(notices.drop, one=one, code=one.to.said if one.tries > 1 else "late"))
        return False
    try:
        await say(notifier, one.to, one.slot, one.message, now)
    except Undelivered as error:
        _LOG.warning("notice: %s", error.code)
        later = int(now) + schedule.wait(one.tries, notices.LONGEST_WAIT, secrets.randbelow(1000) / 1000)
        await db.write(partial(notices.put_off, one=one, code=error.code, next_try=later))
        return False
    await db.write(partial(notices.sent, one=one))
    return True


@dataclass(frozen=True)
class Due:
    """What has come due at `now`, with `slot` the digest of this moment ("" for none)."""

    directories: Directories
    slot: str
    now: float

    def is_there(self, tx: Connection) -> bool:
        """Asked before a write, for most looks find nothing."""
        has_come = self._is_digest(tx) or self._urgent_in(tx) or self._is_other_day(tx)
        return bool(has_come) or notices.is_old(tx, *self._old)

    def queue(self, tx: Connection) -> None:
        """In one transaction: two workers queue nothing twice, and nothing is noted that was not queued."""
        known = [each for each in notices.every(tx) if each.active and self._works_here(tx, each.rid)]
        if self._is_digest(tx):
            for each in known:
                notices.queue(tx, each, self.slot, int(self.now))
            meta.put(tx, DIGESTED, self.slot)
        on_duty = self._on_duty(self._urgent_in(tx))
        for each in known:
            if each.urgent and each.rid in on_duty:
                self._queue_urgent(tx, each)
        day = _days_before(self.now, 1)  # a report of yesterday may be committed after midnight
        meta.put(tx, NOTED, json.dumps({"day": day, "counts": notices.urgent_since(tx, day)}))
        notices.purge(tx, *self._old)

    def _queue_urgent(self, tx: Connection, to: Destination) -> None:
        """Not beside one that did not get through yet: when it does, it tells of this too."""
        if notices.waits(tx, to, schedule.URGENT, int(self.now)):
            return
        slot = schedule.urgent_slot(self.now, notices.last_slot(tx, to, schedule.URGENT))
        if slot:
            notices.queue(tx, to, slot, int(max(schedule.moment(slot), self.now)))

    def _is_digest(self, tx: Connection) -> bool:
        """Whether this slot was not queued yet, nor a later one of its day: a clock may have been set back."""
        before = meta.get(tx, DIGESTED)
        return bool(self.slot) and not (before[:10] == self.slot[:10] and before >= self.slot)

    def _is_other_day(self, tx: Connection) -> bool:
        return str(self._noted(tx)["day"]) != _days_before(self.now, 1)

    def _urgent_in(self, tx: Connection) -> list[str]:
        """Channels that had an urgent report since the last look."""
        noted = self._noted(tx)
        counted = notices.urgent_since(tx, noted["day"])
        return [channel for channel, count in counted.items() if count > noted["counts"].get(channel, 0)]

    def _noted(self, tx: Connection) -> dict[str, Any]:
        """From which day on urgent reports were counted at the last look, and how many. At the very first look those of
        today are new."""
        noted = meta.get(tx, NOTED)
        return dict(json.loads(noted)) if noted else {"day": zone_day(self.now), "counts": {}}

    def _on_duty(self, channels: Sequence[str]) -> set[str]:
        """Who is told of something urgent there: intake and leaders, where the channel is an authority's."""
        newest = self.directories.newest_hash
        found = [channel for name in channels if (channel := self.directories.channel(newest, name)) is not None]
        readers = (one for channel in found if is_authority(channel["policy"]) for one in channel["readers"])
        return {one["rid"] for one in readers if ON_DUTY & set(one["roles"])}

    def _works_here(self, tx: Connection, rid: str) -> bool:
        """Whether the newest directory lists the key and its account was not closed."""
        account = staff.staff(tx, rid)
        return rid in rids(self.directories) and account is not None and account.status != "gone"

    @property
    def _old(self) -> tuple[str, str]:
        return schedule.minute(self.now - schedule.QUIET), _days_before(self.now, notices.KEPT_DAYS)


def _days_before(now: float, days: int) -> str:
    return (date.fromisoformat(zone_day(now)) - timedelta(days=days)).isoformat()
