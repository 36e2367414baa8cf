"""Alice reports; bob does intake, dora verifies, erik leads, fay pays; charlie must be refused.

Their bytes are random here: storage opens and judges nothing.
"""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import replace

from sqlalchemy import Connection, select

from whistle.storage import tables
from whistle.storage.appending import append_post, append_report
from whistle.storage.ledger import Book
from whistle.storage.records import Appended, Cached, NewGrant, NewItem, NewPost, Place, Stamp

CHANNEL = "zone"
DAY = "2026-11-23"


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def new_id(size: int = 32) -> str:
    return b64(os.urandom(size))


BOB, DORA, ERIK, FAY, CHARLIE = (b64(hashlib.sha256(name.encode()).digest()[:16]) for name in
                                 ("bob", "dora", "erik", "fay", "charlie"))  # fmt: skip
RECEIVED = Cached(state="received", seen="received", due="2026-12-02", step="accept")
ACCEPTED = Cached(state="accepted", seen="accepted", due="2027-01-22", step="verify", category="violation")


def tree(blob: bytes) -> str:
    slices = [hashlib.sha256(blob[at : at + 1048576]).digest() for at in range(0, len(blob), 1048576)]
    return b64(hashlib.sha256(b"".join(slices)).digest())


def an_item(index: int = 0, comp: str = "card", size: int = 4168) -> NewItem:
    blob = os.urandom(size)
    return NewItem(b64(blob[24:56]), comp, index, len(blob), tree(blob), blob)


def a_report(readers: tuple[str, ...] = (BOB, ERIK, FAY), items: int = 4, size: int = 4168) -> NewPost:
    """The first post of a case: bob is granted the card."""
    comps = ("card", "report", "identity", "payout")[:items]
    made = tuple(an_item(index, comp, size) for index, comp in enumerate(comps))
    covers = tuple((item.id, 0) for item in made)
    grants = tuple(
        NewGrant(row, rid, covers, os.urandom(1200), covers[0][0] if rid == BOB and covers else "")
        for row, rid in enumerate(readers)
    )
    case = new_id()
    return NewPost(
        case=case, hash=new_id(), vis="all", no=0, prev=case, author="reporter", pid=new_id(16),
        kind="report", day=DAY, head=os.urandom(420), sig=os.urandom(64), body=os.urandom(3700),
        items=made, grants=grants,
    )  # fmt: skip


def after(last: NewPost, no: int, author: str = BOB, kind: str = "accept", vis: str = "all") -> NewPost:
    """The next post of the case."""
    return replace(
        last, hash=new_id(), prev=last.hash, no=no, author=author, kind=kind, vis=vis, pid=new_id(16),
        items=(), grants=(), head=os.urandom(420), sig=os.urandom(64),
    )  # fmt: skip


def stamp(place: Place) -> Stamp:
    return Stamp(f"receipt {place.seq} {place.epoch}".encode(), os.urandom(64), os.urandom(32))


def ours(tx: Connection) -> Book:
    """The ledger of the zone's own office."""
    return Book(tx, "zone")


def number(given: Appended) -> int:
    """The number in the order of receipt that a report's receipt was given."""
    return int(given.receipt.bytes.split()[1])


def received(tx: Connection) -> dict[str, int]:
    """Every case's number in the order of receipt, from its first receipt: the store itself keeps it sealed."""
    query = select(tables.cases.c.case, tables.posts.c.receipt).join_from(tables.cases, tables.posts)
    rows = tx.execute(query.where(tables.posts.c.place == 0))
    return {case: int(bytes(receipt).split()[1]) for case, receipt in rows}


def file(
    tx: Connection, post: NewPost, cached: Cached = RECEIVED, channel: str = CHANNEL, office: str = "zone"
) -> Appended:
    return append_report(tx, post, cached, channel=channel, office=office, access=new_id(), stamp=stamp)


def add(tx: Connection, post: NewPost, cached: Cached = ACCEPTED) -> Appended:
    return append_post(tx, post, cached, stamp=stamp)
