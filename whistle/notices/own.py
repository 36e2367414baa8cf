"""What a reviewer does with his own destinations; nobody's else are there for him."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from whistle.casework.reviewers import Reviewer
from whistle.core.clock import zone_day
from whistle.core.visible import visible
from whistle.docket import Rejected
from whistle.notices import addresses, schedule
from whistle.notices.delivery import ON_DUTY, Notifier
from whistle.notices.errors import BadAddress
from whistle.storage import notices
from whistle.storage.database import Database
from whistle.storage.notices import Destination

MOST = 5  # destinations of one key
LABEL = 40


async def listed(db: Database, notifier: Notifier, who: Reviewer) -> dict[str, Any]:
    """His destinations, the hours of the digest, whether mail goes out here and whether he may be told of what is
    urgent."""
    found = await db.read(lambda tx: notices.of(tx, who.rid))
    return {
        "destinations": [_told(one) for one in found],
        "hours": list(notifier.hours),
        "mail": bool(notifier.relay.host),
        "duty": is_on_duty(who),
    }


async def add(db: Database, notifier: Notifier, who: Reviewer, said: dict[str, str], now: float) -> str:
    """Keeps a destination; its id. Raises Rejected for an address that no message goes to, and for one too many."""
    kind, address, secret, label = (said[name].strip() for name in ("kind", "address", "secret", "label"))
    try:
        addresses.check(kind, address, secret, notifier.allowed)
    except BadAddress as error:
        raise Rejected("refused", reason=error.code) from None
    if len(label) > LABEL or visible(label) != label:
        raise Rejected("refused", reason="notice_label")
    made = Destination(notices.new_id(), who.rid, kind, address, secret, label, zone_day(now))

    def keep(tx: Connection) -> None:
        mine = notices.of(tx, who.rid)
        if any((one.kind, one.address) == (kind, address) for one in mine):
            raise Rejected("refused", reason="notice_known")  # he would be told of everything twice
        if len(mine) >= MOST:
            raise Rejected("refused", reason="notice_many")
        notices.add(tx, made)

    await db.write(keep)
    return made.id


async def switch(db: Database, who: Reviewer, id_: str, *, urgent: bool) -> None:
    """Whether urgent messages go there too. Raises Rejected("wrong_role") for who is told of none."""
    if urgent and not is_on_duty(who):
        raise Rejected("wrong_role")

    def change(tx: Connection) -> None:
        notices.switch(tx, _his(tx, who, id_).id, urgent=urgent)

    await db.write(change)


async def try_out(db: Database, who: Reviewer, id_: str, now: float) -> None:
    """Queues a test message, one a minute: the jobs send it, no door does."""
    await db.write(lambda tx: notices.queue(tx, _his(tx, who, id_), schedule.minute(now, schedule.TEST), int(now)))


async def remove(db: Database, who: Reviewer, id_: str) -> None:
    await db.write(lambda tx: notices.remove(tx, _his(tx, who, id_).id))


def is_on_duty(who: Reviewer) -> bool:
    """Whether he is among those who may be told at once of something urgent."""
    return any(seat.is_authority and ON_DUTY & set(seat.roles) for seat in who.seats)


def _his(tx: Connection, who: Reviewer, id_: str) -> Destination:
    found = notices.find(tx, id_)
    if found is None or found.rid != who.rid:
        raise Rejected("not_found")
    return found


def _told(one: Destination) -> dict[str, Any]:
    address = addresses.shown(one.kind, one.address)
    facts = {"id": one.id, "kind": one.kind, "address": address, "label": one.label}
    return facts | {"urgent": one.urgent, "said": one.said, "dropped": one.dropped}
