"""Reviewers' accounts and invitations. Key slots are documents their owners sealed: nothing here can be opened."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from whistle.storage import tables
from whistle.storage.errors import Conflict, Unknown

_STAFF, _INVITES = tables.staff, tables.invites
Slot = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Staff:
    """`status`: invited (enrolled, in no directory yet), active, gone. `proof` is the enrolment's signature."""

    rid: str
    login: str
    label: str
    kem: bytes
    sig: bytes
    proof: bytes = b""
    person: str = ""
    status: str = "invited"
    slots: list[Slot] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Invite:
    """Known by the hash of its id: the id itself is in the invitation only."""

    id_hash: str
    label: str
    login: str
    expires: str


_STAFF_COLUMNS = [_STAFF.c[part.name] for part in fields(Staff)]
_INVITE_COLUMNS = [_INVITES.c[part.name] for part in fields(Invite)]


def add_staff(tx: Connection, member: Staff) -> None:
    """Raises Conflict("login") when the name or the key is taken."""
    if tx.execute(select(_STAFF.c.rid).where(_own(member.rid) | (_STAFF.c.login == member.login))).first():
        raise Conflict("login")
    tx.execute(insert(_STAFF).values(asdict(member) | {"slots": _dump(member.slots)}))


def staff(tx: Connection, rid: str) -> Staff | None:
    return _one(tx, _own(rid))


def staff_by_login(tx: Connection, login: str) -> Staff | None:
    return _one(tx, _STAFF.c.login == login)


def all_staff(tx: Connection) -> list[Staff]:
    return [_staff(row) for row in tx.execute(select(*_STAFF_COLUMNS).order_by(_STAFF.c.login))]


def set_status(tx: Connection, rid: str, status: str) -> None:
    _change(tx, rid, status=status)


def bind_person(tx: Connection, rid: str, person: str, label: str) -> None:
    """What the directory says of this key: from now on he is active."""
    _change(tx, rid, person=person, label=label, status="active")


def put_slot(tx: Connection, rid: str, slot: Slot) -> None:
    """Add a key slot, or replace the one with its id."""
    _change(tx, rid, slots=_dump([*_others(tx, rid, slot["slot"]), slot]))


def drop_slot(tx: Connection, rid: str, slot_id: str) -> None:
    _change(tx, rid, slots=_dump(_others(tx, rid, slot_id)))


def add_invite(tx: Connection, invite: Invite) -> None:
    tx.execute(insert(_INVITES).values(asdict(invite) | {"used_by": ""}))


def invite(tx: Connection, id_hash: str, today: str) -> Invite | None:
    """The invitation, while it is good and unused."""
    open_ = (_INVITES.c.id_hash == id_hash) & (_INVITES.c.used_by == "") & (_INVITES.c.expires >= today)
    found = tx.execute(select(*_INVITE_COLUMNS).where(open_)).one_or_none()
    return None if found is None else Invite(*found)


def use_invite(tx: Connection, id_hash: str, rid: str, today: str) -> None:
    """Use an invitation up. Raises Conflict("invite") when it is used, old or unknown."""
    if invite(tx, id_hash, today) is None:
        raise Conflict("invite")
    tx.execute(update(_INVITES).where(_INVITES.c.id_hash == id_hash).values(used_by=rid))


def _own(rid: str) -> ColumnElement[bool]:
    return _STAFF.c.rid == rid


def _one(tx: Connection, which: ColumnElement[bool]) -> Staff | None:
    found = tx.execute(select(*_STAFF_COLUMNS).where(which)).one_or_none()
    return None if found is None else _staff(found)


def _staff(row: Any) -> Staff:
    values = row._asdict()
    return Staff(**values | {"slots": json.loads(values["slots"])})


def _others(tx: Connection, rid: str, slot_id: str) -> list[Slot]:
    member = staff(tx, rid)
    if member is None:
        raise Unknown
    return [slot for slot in member.slots if slot["slot"] != slot_id]


def _change(tx: Connection, rid: str, **values: object) -> None:
    if not tx.execute(update(_STAFF).where(_own(rid)).values(values)).rowcount:
        raise Unknown


def _dump(slots: list[Slot]) -> str:
    return json.dumps(slots, ensure_ascii=False, separators=(",", ":"))
