"""Taking posts in: all that a post brings, in one transaction, once. Its receipt is stored with it."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, literal_column, select, update
from sqlalchemy.exc import IntegrityError

from whistle.storage import parts, tables
from whistle.storage.errors import Conflict, Spent, Unknown
from whistle.storage.prepared import Prepared
from whistle.storage.records import Appended, Cached, NewPost, Place, Receipt, Stamp, Stamper
from whistle.storage.rownumbers import inserting, numbered
from whistle.storage.standing import Arrival, Stand, cached_columns, move_readers, restate

_CASES, _POSTS, _ITEMS, _GRANTS = tables.cases, tables.posts, tables.items, tables.grants
_COUNTERS, _META = tables.counters, tables.meta
DRAWN = 43
_NEXT = Prepared(
    update(_COUNTERS)
    .where(_COUNTERS.c.name == bindparam("which"))
    .values(value=_COUNTERS.c.value + literal_column("1"))
    .returning(_COUNTERS.c.value)
)
_SAME_POST = (
    (_POSTS.c.case_id == _CASES.c.id) & (_POSTS.c.prev == bindparam("prev")) & (_POSTS.c.hash == bindparam("hash"))
)
_KNOWN = select(_POSTS.c.receipt, _POSTS.c.receipt_sig).where(_SAME_POST, _CASES.c.case == bindparam("case"))
_LOOK = Prepared(
    select(_META.c.value.label("epoch"), _POSTS.c.receipt, _POSTS.c.receipt_sig)
    .add_columns(
        _CASES.c.id,
        _CASES.c.channel,
        _CASES.c.state,
        _CASES.c.head,
        _CASES.c.count.label("total"),
        _CASES.c.count_all,
    )
    .select_from(_META)
    .outerjoin(_CASES, _CASES.c.case == bindparam("case"))
    .outerjoin(_POSTS, _SAME_POST)
    .where(_META.c.key == literal_column("'epoch'"))
)
_SPENT = Prepared(select(tables.spent.c.day).where(tables.spent.c.nonce == bindparam("nonce")))
_CLASHING_PID = select(_POSTS.c.place).where(_POSTS.c.case_id == bindparam("id"), _POSTS.c.pid == bindparam("pid"))
_NEW_CASE, _NEW_NONCE = Prepared(insert(_CASES)), Prepared(insert(tables.spent))
_NEW_POST, _NEW_ITEM, _NEW_GRANT = map(inserting, (_POSTS, _ITEMS, _GRANTS))


class Look(NamedTuple):
    """What is known before a post is taken in. Without its case all but the epoch is None."""

    epoch: str
    receipt: bytes | None
    receipt_sig: bytes | None
    id: int | None
    channel: str
    state: str
    head: str
    total: int
    count_all: int


def append_report(
    tx: Connection,
    post: NewPost,
    cached: Cached,
    *,
    channel: str,
    office: str,
    access: str,
    stamp: Stamper,
    urgent: bool = False,
    hour: int = -1,
) -> Appended:
    """Open a case with its first post. The same head again gives its old receipt, another one Conflict("case")."""
    look = _look(tx, post)
    if look.receipt is not None:
        return _again(look)
    if look.id is not None:
        raise Conflict("case")
    id_ = new_id(post.day)
    given = stamp(Place(look.epoch, next_number(tx, "case"), next_number(tx, "post"), 0))
    row = {
        "id": id_, "case": post.case, "access": access, "channel": channel, "office": office, "day": post.day,
        "urgent": urgent,
        "hour": hour if urgent else -1, **cached_columns(cached),
        "head": post.hash, "head_all": post.hash, "count": 1, "count_all": 1,
    }  # fmt: skip
    _NEW_CASE.run(tx, row)
    move_readers(tx, Stand(id_, channel, ""), cached, {}, _insert(tx, id_, 0, post, given))
    return Appended(Receipt(given.bytes, given.sig), True)


def append_post(tx: Connection, post: NewPost, cached: Cached, *, stamp: Stamper) -> Appended:
    """Add a post to its case. Raises Conflict("prev") when the case has moved on since the caller looked,
    Unknown when there is no such case."""
    case = _look(tx, post)
    if case.receipt is not None:
        return _again(case)
    if case.id is None:
        raise Unknown
    _refuse_clash(tx, case, post)
    given = stamp(Place(case.epoch, 0, next_number(tx, "post"), case.total))
    arrival = _insert(tx, case.id, case.total, post, given)
    heads: dict[str, object] = {"head": post.hash, "count": case.total + 1}
    if post.vis == "all":
        heads |= {"head_all": post.hash, "count_all": case.count_all + 1}
    restate(tx, Stand(case.id, case.channel, case.state), cached, heads, arrival)
    return Appended(Receipt(given.bytes, given.sig), True)


def known(tx: Connection, case: str, prev: str, head: str) -> Receipt | None:
    """The receipt of a head that is already here: the answer to a retry."""
    found = tx.execute(_KNOWN, {"case": case, "prev": prev, "hash": head}).one_or_none()
    return None if found is None else Receipt(found.receipt, found.receipt_sig)


def spend(tx: Connection, nonce: bytes, day: str) -> None:
    """Use a nonce up. Raises Spent when it was used before."""
    try:
        _NEW_NONCE.run(tx, {"nonce": hashlib.sha256(nonce).hexdigest(), "day": day})
    except IntegrityError:
        raise Spent from None


def is_spent(tx: Connection, nonce: bytes) -> bool:
    """Whether a nonce was used: asked before a post is looked at, and settled by `spend` when it is kept."""
    return bool(_SPENT.rows(tx, {"nonce": hashlib.sha256(nonce).hexdigest()}))


def purge_spent(tx: Connection, before_day: str) -> int:
    """Forget nonces of days whose challenges have long run out."""
    return tx.execute(delete(tables.spent).where(tables.spent.c.day < before_day)).rowcount


def counted(tx: Connection, which: str) -> int:
    """The last number that a counter gave, case or post; 0 before the first."""
    found = tx.execute(select(_COUNTERS.c.value).where(_COUNTERS.c.name == which)).scalar()
    return int(found or 0)


def next_number(tx: Connection, counter: str) -> int:
    """The next number of a counter: taken with the transaction, given back with it, so never a gap."""
    ((value,),) = _NEXT.rows(tx, {"which": counter})
    return int(value)


def office_number(tx: Connection, office: str, year: int, kind: str) -> int:
    """The next n of the office's 〔year〕n号 for this kind of paper: 1, 2, 3 … without gaps."""
    row = tables.numbers
    mine = (row.c.office == office) & (row.c.year == year) & (row.c.kind == kind)
    last = tx.execute(update(row).where(mine).values(last=row.c.last + 1).returning(row.c.last)).scalar()
    if last is None:
        tx.execute(insert(row).values(office=office, year=year, kind=kind, last=1))
    return last or 1


def _look(tx: Connection, post: NewPost) -> Look:
    """One question for all that must be known first: the epoch, the case if it is here, the receipt if this is."""
    (found,) = _LOOK.rows(tx, {"case": post.case, "prev": post.prev, "hash": post.hash})
    return Look(*found)


def _again(look: Look) -> Appended:
    return Appended(Receipt(look.receipt or b"", look.receipt_sig or b""), False)


def _refuse_clash(tx: Connection, case: Look, post: NewPost) -> None:
    """Under the write lock, so what is not there now cannot come in between; constraints stand behind it."""
    if post.prev != case.head:
        raise Conflict("prev", case.head)
    if post.no != (case.count_all if post.vis == "all" else case.total - case.count_all):
        raise Conflict("no", case.head)
    if tx.execute(_CLASHING_PID, {"id": case.id, "pid": post.pid}).first():
        raise Conflict("pid", case.head)
    ids = [item.id for item in post.items]
    if ids and tx.execute(select(_ITEMS.c.id).where(_ITEMS.c.case_id == case.id, _ITEMS.c.id.in_(ids))).first():
        raise Conflict("item", case.head)


def new_id(day: str) -> int:
    """A case's number in the store: its day, which stands beside it anyway, and 43 bits drawn, so that no key keeps the
    order of arrival within the day. Rows of one day lie together: there new ones find their pages warm."""
    return date.fromisoformat(day).toordinal() << DRAWN | secrets.randbits(DRAWN)


def _insert(tx: Connection, id_: int, place: int, post: NewPost, given: Stamp) -> Arrival:
    row: dict[str, object] = {
        "case_id": id_, "place": place, "hash": post.hash, "kind": post.kind, "vis": post.vis, "no": post.no,
        "prev": post.prev, "author": post.author, "pid": post.pid, "day": post.day, "head": post.head,
        "sig": post.sig, "body": post.body, "receipt": given.bytes, "receipt_sig": given.sig,
        "arrival": given.arrival,
    }  # fmt: skip
    _NEW_POST.run(tx, numbered(row))
    for item in post.items:
        if item.blob is None:
            sent = parts.Place(id_, post.author, post.pid, item.index)
            parts.claim(tx, sent, item.id, item.length, item.tree)
    _NEW_ITEM.run_many(tx, [numbered(row) for row in _item_rows(id_, place, post)])
    _NEW_GRANT.run_many(tx, [numbered(row) for row in _grant_rows(id_, place, post)])
    return Arrival(place, post.author, post.grants)


def _item_rows(id_: int, place: int, post: NewPost) -> list[dict[str, object]]:
    return [
        {"case_id": id_, "id": item.id, "place": place, "idx": item.index, "comp": item.comp,
         "length": item.length, "tree": item.tree, "blob": item.blob, "gone": False}
        for item in post.items
    ]  # fmt: skip


def _grant_rows(id_: int, place: int, post: NewPost) -> list[dict[str, object]]:
    return [
        {"case_id": id_, "place": place, "row": grant.row, "reader": grant.reader,
         "covers": json.dumps(grant.items, separators=(",", ":")), "sealed": grant.sealed}
        for grant in post.grants
    ]  # fmt: skip
