"""Parts of large items: slices of 1 MiB that arrive before their post, and whose they are once it came.

A part hangs on (case, author, pid, index in the post's items, n). Its bytes lie in `blobs` under a random name.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from whistle.storage import tables
from whistle.storage.errors import Conflict, Full, Missing

_PARTS, _ITEMS, _POSTS, _CASES = tables.parts, tables.items, tables.posts, tables.cases
REPORTER = "reporter"


class Place(NamedTuple):
    """Where a large item will stand: the case (its number in the store), author, pid, index in the post's items."""

    case_id: int
    author: str
    pid: str
    idx: int


@dataclass(frozen=True, slots=True)
class NewPart:
    """One part that lies in `object` already. `length`: of the whole blob; `hash`: of this slice, 32 bytes;
    `name`: on part 0 the id that its bytes 24…55 give the item, else ""."""

    place: Place
    n: int
    length: int
    size: int
    hash: bytes
    name: str
    object: str
    day: str


@dataclass(frozen=True, slots=True)
class Slice:
    n: int
    size: int
    hash: bytes
    object: str


def _at(place: Place) -> ColumnElement[bool]:
    return and_(
        _PARTS.c.case_id == place.case_id,
        _PARTS.c.author == place.author,
        _PARTS.c.pid == place.pid,
        _PARTS.c.idx == place.idx,
    )


def known(tx: Connection, place: Place, n: int) -> Any:
    """Length of the whole, hash, item and object of part n, or None. `item` is "" until its post came."""
    columns = (_PARTS.c.length, _PARTS.c.hash, _PARTS.c.item, _PARTS.c.object)
    return tx.execute(select(*columns).where(_at(place), _PARTS.c.n == n)).one_or_none()


def put(tx: Connection, part: NewPart, most: int) -> None:
    """Keep a part. The first declares the length of the whole and is taken only if the case stays within `most` bytes
    of its side. Raises Conflict("part") for one that is there with other bytes or of another length, Full."""
    first = known(tx, part.place, 0)
    if part.n == 0 and first is None and used(tx, part.place.case_id, part.place.author) + part.length > most:
        raise Full
    if part.n > 0 and (first is None or first.length != part.length):
        raise Conflict("part")
    if known(tx, part.place, part.n) is not None:
        raise Conflict("part")
    case_id, author, pid, index = part.place
    row = {
        "case_id": case_id, "author": author, "pid": pid, "idx": index, "n": part.n, "length": part.length,
        "size": part.size, "hash": part.hash, "name": part.name, "object": part.object, "day": part.day, "item": "",
    }  # fmt: skip
    tx.execute(insert(_PARTS), row)


def used(tx: Connection, case_id: int, author: str) -> int:
    """Sealed bytes of a case on one side, the reporter's or the office's: posted ones, and what is declared."""
    hers = author == REPORTER
    mine = (_POSTS.c.author == REPORTER) if hers else (_POSTS.c.author != REPORTER)
    of_post = (_POSTS.c.case_id == _ITEMS.c.case_id) & (_POSTS.c.place == _ITEMS.c.place)
    posted = select(func.coalesce(func.sum(_ITEMS.c.length), 0)).join(_POSTS, of_post)
    declared = select(func.coalesce(func.sum(_PARTS.c.length), 0)).where(
        _PARTS.c.case_id == case_id,
        _PARTS.c.n == 0,
        _PARTS.c.item == "",
        (_PARTS.c.author == REPORTER) if hers else (_PARTS.c.author != REPORTER),
    )
    kept = tx.execute(posted.where(_ITEMS.c.case_id == case_id, mine)).scalar_one()
    return int(kept) + int(tx.execute(declared).scalar_one())


def have(tx: Connection, place: Place) -> tuple[int, list[int]]:
    """Declared length (0 when there is none) and the numbers of the parts that are here, in order."""
    rows = tx.execute(select(_PARTS.c.n, _PARTS.c.length).where(_at(place)).order_by(_PARTS.c.n)).all()
    return (rows[0].length if rows else 0), [row.n for row in rows]


def drop(tx: Connection, place: Place, before_day: str = "") -> list[str]:
    """Forget what was not posted; the objects to remove. With `before_day` only if no part is of that day or later.

    Raises Conflict("posted") once its post came."""
    rows = tx.execute(select(_PARTS.c.object, _PARTS.c.item, _PARTS.c.day).where(_at(place))).all()
    if any(row.item for row in rows):
        raise Conflict("posted")
    if before_day and any(row.day >= before_day for row in rows):
        return []
    tx.execute(delete(_PARTS).where(_at(place)))
    return [row.object for row in rows]


def claim(tx: Connection, place: Place, item: str, length: int, tree: str) -> None:
    """In the post's own transaction: every slice is here, of this length, and they are what the author signed.

    Raises Missing for anything else; the parts stay for another try."""
    slices = tx.execute(
        select(_PARTS.c.n, _PARTS.c.length, _PARTS.c.size, _PARTS.c.hash, _PARTS.c.name)
        .where(_at(place), _PARTS.c.item == "")
        .order_by(_PARTS.c.n)
    ).all()
    is_whole = [row.n for row in slices] == list(range(len(slices))) and sum(row.size for row in slices) == length
    if not slices or not is_whole or slices[0].length != length or slices[0].name != item:
        raise Missing
    if tree_of([row.hash for row in slices]) != tree:
        raise Missing
    tx.execute(update(_PARTS).where(_at(place)).values(item=item))


def slices_of(tx: Connection, case_id: int, item: str) -> list[Slice]:
    """The slices of a posted item in order; none for an item that lies in its row."""
    query = select(_PARTS.c.n, _PARTS.c.size, _PARTS.c.hash, _PARTS.c.object)
    rows = tx.execute(query.where(_PARTS.c.case_id == case_id, _PARTS.c.item == item).order_by(_PARTS.c.n))
    return [Slice(*row) for row in rows]


def uploading(tx: Connection, case_id: int, since_day: str) -> bool:
    """Whether unposted parts of this day or later are here: somebody may still be sending."""
    query = select(_PARTS.c.n).where(_PARTS.c.case_id == case_id, _PARTS.c.item == "", _PARTS.c.day >= since_day)
    return tx.execute(query.limit(1)).first() is not None


def unposted(tx: Connection, before_day: str, limit: int) -> list[Place]:
    """Places whose newest part came before a day and whose post never did, the oldest day first."""
    where = (_PARTS.c.case_id, _PARTS.c.author, _PARTS.c.pid, _PARTS.c.idx)
    newest = func.max(_PARTS.c.day)
    query = select(*where).where(_PARTS.c.item == "").group_by(*where)
    rows = tx.execute(query.having(newest < before_day).order_by(newest, *where).limit(limit))
    return [Place(*row) for row in rows]


def objects(tx: Connection) -> Iterator[str]:
    """The name of every object that a part names."""
    for rows in tx.execution_options(yield_per=1000).execute(select(_PARTS.c.object)).partitions():
        yield from (row.object for row in rows)


def tree_of(hashes: list[bytes]) -> str:
    """What an author signs of an item's slices (envelope.md, ITEM), base64url."""
    tree = hashlib.sha256(b"".join(hashes)).digest()
    return base64.urlsafe_b64encode(tree).rstrip(b"=").decode()
