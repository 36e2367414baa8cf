"""Reviewers' accounts and invitations. Key slots are documents their owners sealed: nothing here can be opened."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, select, update

from whistle.storage import tables
from whistle.storage.errors import Conflict, Unknown

_STAFF, _INVITES = tables.staff, tables.invites
Slot = dict[str, Any]
_ASIDE = "+"  # no login name holds one: what stands behind it is the id of a key that waits for the name, or had it


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
    """Keep a new key. Raises Conflict("login") when the key is known.

    A login that is taken stays with the key that has it until the directory names the new one: see `bind_person`."""
    if staff(tx, member.rid) is not None:
        raise Conflict("login")
    login = member.login if staff_by_login(tx, member.login) is None else _aside(member)
    tx.execute(insert(_STAFF).values(asdict(member) | {"login": login, "slots": _dump(member.slots)}))


def staff(tx: Connection, rid: str) -> Staff | None:
    return _one(tx, _own(rid))


def staff_by_login(tx: Connection, login: str) -> Staff | None:
    return _one(tx, _STAFF.c.login == login)


def staff_for_login(tx: Connection, login: str) -> Staff | None:
    """The account of this login, or of another one where nobody has it: a row is looked for, found and read either way,
    so that the time it takes does not tell. None only where there are no accounts at all."""
    asked = case((_STAFF.c.login == login, 0), else_=1)
    found = tx.execute(select(*_STAFF_COLUMNS).order_by(asked, _STAFF.c.rid).limit(1)).one_or_none()
    return None if found is None else _staff(found)


def all_staff(tx: Connection) -> list[Staff]:
    return [_staff(row) for row in tx.execute(select(*_STAFF_COLUMNS).order_by(_STAFF.c.login))]


def set_status(tx: Connection, rid: str, status: str) -> None:
    _change(tx, rid, status=status)


def bind_person(tx: Connection, rid: str, person: str, label: str) -> None:
    """What the directory says of this key: from now on he is active, under the login he was invited for.

    The key that had this login goes on under a name of its own, so that its owner can hand his cases over."""
    member = staff(tx, rid)
    if member is None:
        raise Unknown
    login = member.login.split(_ASIDE)[0]
    before = staff_by_login(tx, login)
    if before is not None and before.rid != rid:
        _change(tx, before.rid, login=_aside(before))
    _change(tx, rid, login=login)
    _change(tx, rid, person=person, label=label, status="active")


def add_invite(tx: Connection, invite: Invite) -> None:
    tx.execute(insert(_INVITES).values(asdict(invite) | {"used_by": ""}))


def invite(tx: Connection, id_hash: str, today: str) -> Invite | None:
    """The invitation, while it is good and unused."""
    open_ = (_INVITES.c.id_hash == id_hash) & (_INVITES.c.used_by == "") & (_INVITES.c.expires >= today)
    found = tx.execute(select(*_INVITE_COLUMNS).where(open_)).one_or_none()
    return None if found is None else Invite(*found)


def invited_until(tx: Connection, login: str, today: str) -> str:
    """The last day of an invitation to this login that is good and unused, "" where there is none."""
    open_ = (_INVITES.c.login == login) & (_INVITES.c.used_by == "") & (_INVITES.c.expires >= today)
    return str(tx.execute(select(func.max(_INVITES.c.expires)).where(open_)).scalar() or "")


def withdraw_invites(tx: Connection, login: str) -> None:
    """Nobody enrols any more with an invitation to this login that is not used yet."""
    tx.execute(delete(_INVITES).where((_INVITES.c.login == login) & (_INVITES.c.used_by == "")))


def use_invite(tx: Connection, id_hash: str, rid: str, today: str) -> None:
    """Use an invitation up. Raises Conflict("invite") when it is used, old or unknown."""
    if invite(tx, id_hash, today) is None:
        raise Conflict("invite")
    tx.execute(update(_INVITES).where(_INVITES.c.id_hash == id_hash).values(used_by=rid))


def used_by(tx: Connection, id_hash: str) -> str:
    """The key that used an invitation, "" when none did."""
    return str(tx.execute(select(_INVITES.c.used_by).where(_INVITES.c.id_hash == id_hash)).scalar() or "")


def _aside(member: Staff) -> str:
    return f"{member.login}{_ASIDE}{member.rid}"


def _own(rid: str) -> ColumnElement[bool]:
    return _STAFF.c.rid == rid


def _one(tx: Connection, which: ColumnElement[bool]) -> Staff | None:
    found = tx.execute(select(*_STAFF_COLUMNS).where(which)).one_or_none()
    return None if found is None else _staff(found)


def _staff(row: Any) -> Staff:
    values = row._asdict()
    return Staff(**values | {"slots": json.loads(values["slots"])})


def _change(tx: Connection, rid: str, **values: object) -> None:
    if not tx.execute(update(_STAFF).where(_own(rid)).values(values)).rowcount:
        raise Unknown


def _dump(slots: list[Slot]) -> str:
    return json.dumps(slots, ensure_ascii=False, separators=(",", ":"))
