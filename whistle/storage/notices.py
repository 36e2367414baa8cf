"""Destinations and the queue of what is to be sent there. No broker: the row is the queue, and who changed it first has
it for a while. Nothing here knows of a case but `urgent_since`, which counts."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, fields
from datetime import date

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from whistle.storage import tables
from whistle.storage.appending import DRAWN

LEASE = 120  # seconds that a worker has a row; sending one takes less (notices/delivery.py)
LONGEST_WAIT = 3600  # between two tries; a row that waits longer was dated by a clock that was wrong
KEPT_DAYS = 40  # of a digest that was sent, so that a clock set back sends none a second time
_DESTINATIONS, _NOTICES, _CASES = tables.destinations, tables.notices, tables.cases


@dataclass(frozen=True, slots=True)
class Destination:
    """`kind`: mail, wecom, dingtalk, feishu, json. `said`: how the last try ended; `dropped`: how many messages were
    given up since the last that arrived."""

    id: str
    rid: str
    kind: str
    address: str
    secret: str
    label: str
    added: str
    active: bool = True
    urgent: bool = False
    said: str = ""
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this worker has until `until`, in Unix seconds; `message` is its id, the same at every try."""

    to: Destination
    slot: str
    message: str
    tries: int
    until: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many messages are in a state, and how many of those that wait are older than the slot that was asked for."""

    waiting: int
    late: int
    dropped: int


_COLUMNS = [_DESTINATIONS.c[field.name] for field in fields(Destination)]


def new_id() -> str:
    """Of a destination or a message: drawn, always of one length."""
    return secrets.token_hex(16)


def add(tx: Connection, destination: Destination) -> None:
    tx.execute(insert(_DESTINATIONS).values(asdict(destination)))


def find(tx: Connection, id_: str) -> Destination | None:
    found = tx.execute(select(*_COLUMNS).where(_DESTINATIONS.c.id == id_)).one_or_none()
    return None if found is None else Destination(*found)


def of(tx: Connection, rid: str) -> list[Destination]:
    return _all(tx, _DESTINATIONS.c.rid == rid)


def every(tx: Connection) -> list[Destination]:
    return _all(tx, _DESTINATIONS.c.id != "")


def switch(tx: Connection, id_: str, *, urgent: bool) -> None:
    """Whether urgent messages go there too."""
    tx.execute(update(_DESTINATIONS).where(_DESTINATIONS.c.id == id_).values(urgent=urgent))


def remove(tx: Connection, id_: str) -> None:
    """With what waits for it."""
    tx.execute(delete(_NOTICES).where(_NOTICES.c.destination == id_))
    tx.execute(delete(_DESTINATIONS).where(_DESTINATIONS.c.id == id_))


def queue(tx: Connection, to: Destination, slot: str, due: int) -> bool:
    """A message for this slot from `due` on, once. False when the slot has had one."""
    key = (_NOTICES.c.rid == to.rid) & (_NOTICES.c.destination == to.id) & (_NOTICES.c.slot == slot)
    if tx.execute(select(_NOTICES.c.slot).where(key)).first():
        return False
    row = {"rid": to.rid, "destination": to.id, "slot": slot, "message": new_id(), "state": "waiting"}
    tx.execute(insert(_NOTICES).values(row | {"tries": 0, "next_try": due, "claimed_until": 0}))
    return True


def last_slot(tx: Connection, to: Destination, kind: str) -> str:
    """The latest slot of a kind that this destination has a row of, "" for none."""
    mine = (_NOTICES.c.rid == to.rid) & (_NOTICES.c.destination == to.id)
    query = select(func.max(_NOTICES.c.slot)).where(mine, _NOTICES.c.slot.endswith(f" {kind}"))
    return str(tx.execute(query).scalar() or "")


def waits(tx: Connection, to: Destination, kind: str, now: int) -> bool:
    """Whether a message of this kind is still to be sent there, and under way in nobody's hands."""
    mine = (_NOTICES.c.destination == to.id) & (_NOTICES.c.state == "waiting") & (_NOTICES.c.claimed_until <= now)
    return tx.execute(select(_NOTICES.c.slot).where(mine, _NOTICES.c.slot.endswith(f" {kind}"))).first() is not None


def claim(tx: Connection, now: int, limit: int) -> list[Claimed]:
    """Up to `limit` messages that are due and that nobody has, for LEASE seconds: then they are anybody's again."""
    due = _free(now)
    key = (_NOTICES.c.rid, _NOTICES.c.destination, _NOTICES.c.slot)
    query = select(*key, _NOTICES.c.message, _NOTICES.c.tries, *_COLUMNS).join(
        _DESTINATIONS, _DESTINATIONS.c.id == _NOTICES.c.destination
    )
    taken = []
    for rid, id_, slot, message, tries, *to in tx.execute(query.where(due).order_by(_NOTICES.c.next_try).limit(limit)):
        mine = _key(rid, id_, slot) & due
        changed = update(_NOTICES).where(mine).values(claimed_until=now + LEASE, tries=_NOTICES.c.tries + 1)
        if tx.execute(changed).rowcount:
            taken.append(Claimed(Destination(*to), slot, message, tries + 1, now + LEASE))
    return taken


def sent(tx: Connection, one: Claimed) -> None:
    """It arrived, whoever has the row by now."""
    tx.execute(update(_NOTICES).where(_row(one)).values(state="sent"))
    tx.execute(update(_DESTINATIONS).where(_DESTINATIONS.c.id == one.to.id).values(said="sent", dropped=0))


def put_off(tx: Connection, one: Claimed, code: str, next_try: int) -> None:
    """It did not arrive and is tried again, unless another worker has it by now."""
    mine = _row(one) & (_NOTICES.c.claimed_until == one.until)
    tx.execute(update(_NOTICES).where(mine).values(next_try=next_try, claimed_until=0))
    _say(tx, one, code)


def drop(tx: Connection, one: Claimed, code: str) -> None:
    """It is given up; the destination says how often, until something arrives there."""
    gone = update(_NOTICES).where(_row(one), _NOTICES.c.state == "waiting").values(state="dropped")
    if tx.execute(gone).rowcount:
        more = update(_DESTINATIONS).where(_DESTINATIONS.c.id == one.to.id)
        tx.execute(more.values(dropped=_DESTINATIONS.c.dropped + 1))
    _say(tx, one, code)


def is_old(tx: Connection, brief_before: str, digests_before: str) -> bool:
    """Whether there is anything to purge."""
    return tx.execute(select(_NOTICES.c.slot).where(_done(brief_before, digests_before)).limit(1)).first() is not None


def purge(tx: Connection, brief_before: str, digests_before: str) -> int:
    """Takes out what is done: urgent and test messages of slots before one minute, digests of slots before one day."""
    return tx.execute(delete(_NOTICES).where(_done(brief_before, digests_before))).rowcount


def standing(tx: Connection, late_before: str) -> Waiting:
    """What waits, and what was given up, for doctor and the operator."""
    waits = _NOTICES.c.state == "waiting"
    count = select(func.count()).select_from(_NOTICES)
    waiting, late = (
        int(tx.execute(count.where(waits, _NOTICES.c.slot < before)).scalar_one()) for before in ("~", late_before)
    )
    dropped = int(tx.execute(select(func.coalesce(func.sum(_DESTINATIONS.c.dropped), 0))).scalar_one())
    return Waiting(waiting, late, dropped)


def urgent_since(tx: Connection, day: str) -> dict[str, int]:
    """How many urgent reports each channel has had from this day on. Those that were one stay one: it never falls."""
    first = date.fromisoformat(day).toordinal() << DRAWN
    query = select(_CASES.c.channel, func.count()).where(_CASES.c.id >= first, _CASES.c.hour >= 0)
    return {row[0]: row[1] for row in tx.execute(query.group_by(_CASES.c.channel))}


def _all(tx: Connection, which: ColumnElement[bool]) -> list[Destination]:
    found = tx.execute(select(*_COLUMNS).where(which).order_by(_DESTINATIONS.c.added, _DESTINATIONS.c.id))
    return [Destination(*row) for row in found]


def _done(brief_before: str, digests_before: str) -> ColumnElement[bool]:
    brief = _NOTICES.c.slot.endswith(" urgent") | _NOTICES.c.slot.endswith(" test")
    old = (brief & (_NOTICES.c.slot < brief_before)) | (_NOTICES.c.slot < digests_before)
    return (_NOTICES.c.state != "waiting") & old


def _free(now: int) -> ColumnElement[bool]:
    """Due and in nobody's hands. What lies further ahead than anything is put was dated by a clock that was wrong."""
    due = (_NOTICES.c.next_try <= now) | (_NOTICES.c.next_try > now + LONGEST_WAIT)
    free = (_NOTICES.c.claimed_until <= now) | (_NOTICES.c.claimed_until > now + LEASE)
    return (_NOTICES.c.state == "waiting") & due & free


def _key(rid: str, destination: str, slot: str) -> ColumnElement[bool]:
    return (_NOTICES.c.rid == rid) & (_NOTICES.c.destination == destination) & (_NOTICES.c.slot == slot)


def _row(one: Claimed) -> ColumnElement[bool]:
    return _key(one.to.rid, one.to.id, one.slot)


def _say(tx: Connection, one: Claimed, code: str) -> None:
    tx.execute(update(_DESTINATIONS).where(_DESTINATIONS.c.id == one.to.id).values(said=code))
