"""Large files: their parts in before the post, their slices out after it. Sealed bytes; nothing here opens any.

A case has a limit for each side and no file more than one; nothing is a budget that strangers share (design.md
section 6). Blobs are written and synced in a thread: in the event loop one slow disk would stall every reader.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from whistle.crypto.encoding import b64, digest, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.items import SALT, SLICE, check_length
from whistle.crypto.posts import LARGEST_INLINE
from whistle.crypto.slices import count
from whistle.docket import Rejected
from whistle.storage import moving, parts
from whistle.storage.blobs import Blobs, new_name
from whistle.storage.database import Database
from whistle.storage.errors import Conflict, Full, Unknown
from whistle.storage.parts import NewPart, Place, Slice
from whistle.storage.records import CaseRow

MB = 1_000_000
INDEX_LIMIT = 64
FILM, LARGE, POST = 64 * MB, 8 * MB, 131_072  # what is refused first when the disk is short, and what last
_HEADER = re.compile(r"([A-Za-z0-9_-]{22})\.(0|[1-9][0-9]?)(?:\.(0|[1-9][0-9]{0,4})\.([1-9][0-9]{0,11}))?", re.ASCII)
_RANGE = re.compile(r"bytes=(0|[1-9][0-9]{0,11})-(0|[1-9][0-9]{0,11})", re.ASCII)


@dataclass(frozen=True)
class Room:
    """How much a case may hold: bytes for each side before acceptance and after, for one file, and the disk's reserve.

    With less than `reserve` free only posts come in; with less than four times that no films; with less than twice no
    large files either."""

    before: int = 600 * MB
    after: int = 2_000 * MB
    item: int = 520 * MB
    reserve: int = 1_000 * MB

    def of(self, row: CaseRow) -> int:
        return self.before if row.state == "received" else self.after

    def takes(self, length: int, free: int | None) -> bool:
        """Whether a file of this length may come while `free` bytes are left on the disk (None: nobody knows)."""
        if free is None or length <= POST:
            return True
        steps = ((self.reserve, POST), (2 * self.reserve, LARGE), (4 * self.reserve, FILM))
        return all(length <= most for limit, most in steps if free < limit)


@dataclass(frozen=True)
class Uploads:
    """The store of parts as both doors use it."""

    db: Database
    blobs: Blobs
    room: Room


@dataclass(frozen=True)
class Named:
    """What the header Whistle-Part names: the pid and the index of the item in its post; for a part also its number
    and the length of the whole blob."""

    pid: str
    index: int
    n: int = -1
    length: int = 0

    def place(self, row: CaseRow, author: str) -> Place:
        return Place(row.id, author, self.pid, self.index)


def named(header: str, *, with_part: bool) -> Named:
    """The header, strictly. Raises Rejected("malformed")."""
    found = _HEADER.fullmatch(header)
    if found is None or (found[3] is not None) != with_part or int(found[2]) >= INDEX_LIMIT:
        raise Rejected("malformed")
    _canonical(found[1])
    return Named(found[1], int(found[2]), int(found[3] or -1), int(found[4] or 0))


def _canonical(pid: str) -> None:
    try:
        unb64(pid, 16)
    except EnvelopeError:
        raise Rejected("malformed") from None


async def put(
    uploads: Uploads,
    row: CaseRow,
    author: str,
    what: Named,
    data: bytes,
    today: str,
    admit: Callable[[], Awaitable[None]] | None = None,
) -> bool:
    """Keeps a part; True when it is new, False for the very same once more. It is on disk when this returns.

    `admit` is asked before the first part of a file, which speaks for the whole. Raises Rejected: malformed,
    part_differs (409), no_room (507)."""
    _fits(what, data, uploads.room)
    place, hashed = what.place(row, author), digest(data)
    if await _is_known(uploads, place, what, hashed):
        return False
    if what.n == 0 and not uploads.room.takes(what.length, await _free(uploads)):
        raise Rejected("no_room", what="disk")
    if what.n == 0 and admit:
        await admit()
    name = b64(data[SALT : SALT + 32]) if what.n == 0 else ""
    kept = NewPart(place, what.n, what.length, len(data), hashed, name, new_name(), today)
    await asyncio.to_thread(uploads.blobs.put, kept.object, data)
    try:
        await uploads.db.write(lambda tx: parts.put(tx, kept, uploads.room.of(row)))
    except (Full, Conflict) as refused:
        await asyncio.to_thread(uploads.blobs.remove, kept.object)
        if isinstance(refused, Full):
            raise Rejected("no_room", what="case") from None
        if not await _is_known(uploads, place, what, hashed):
            raise Rejected("part_differs") from None
        return False
    return True


def _fits(what: Named, data: bytes, room: Room) -> None:
    """The whole is a large file of a permitted length, and this is a slice of it: 1 MiB, the last the rest."""
    try:
        check_length("report", what.length)
    except EnvelopeError:
        raise Rejected("malformed") from None
    if what.length <= LARGEST_INLINE or not 0 <= what.n < count(what.length):
        raise Rejected("malformed")
    if what.length > room.item:
        raise Rejected("too_large")
    if len(data) != min(SLICE, what.length - what.n * SLICE):
        raise Rejected("malformed")


async def _is_known(uploads: Uploads, place: Place, what: Named, hashed: bytes) -> bool:
    """Whether this very part is here. Raises Rejected("part_differs") when another stands in its place."""
    found = await uploads.db.read_now(lambda tx: parts.known(tx, place, what.n))
    if found is None:
        return False
    if (found.length, bytes(found.hash)) != (what.length, hashed):
        raise Rejected("part_differs")
    return True


async def _free(uploads: Uploads) -> int | None:
    return await asyncio.to_thread(uploads.blobs.free)


async def held(uploads: Uploads, row: CaseRow, author: str) -> int:
    """Sealed bytes the case holds from this author's side, declared ones too."""
    return await uploads.db.read_now(lambda tx: parts.used(tx, row.id, author))


async def have(uploads: Uploads, row: CaseRow, author: str, what: Named) -> dict[str, Any]:
    """What a client asks after a break: the declared length, 0 for none, and the runs of parts that are here."""
    length, numbers = await uploads.db.read_now(lambda tx: parts.have(tx, what.place(row, author)))
    return {"len": length, "have": _runs(numbers)}


def _runs(numbers: list[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for n in numbers:
        if runs and runs[-1][1] == n - 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return runs


async def drop(uploads: Uploads, row: CaseRow, author: str, what: Named) -> None:
    """Takes back what was not posted: the way out of a 409, and cancel. Raises Rejected("conflict") once it was."""
    place = what.place(row, author)
    gone = await uploads.db.write(lambda tx: parts.drop(tx, place))
    for name in gone:
        await asyncio.to_thread(uploads.blobs.remove, name)


async def is_coming(uploads: Uploads, row: CaseRow, today: str) -> bool:
    """Whether parts of today or yesterday wait for their post: somebody may still be sending."""
    since = (date.fromisoformat(today) - timedelta(days=1)).isoformat()
    return await uploads.db.read_now(lambda tx: parts.uploading(tx, row.id, since))


async def slices(uploads: Uploads, row: CaseRow, item: str) -> list[Slice]:
    """The slices of a posted large item. Raises Rejected("not_found") for any other."""
    found = await uploads.db.read_now(lambda tx: parts.slices_of(tx, row.id, item))
    if not found:
        raise Rejected("not_found")
    return found


def ranged(header: str, length: int) -> tuple[int, int]:
    """First and last byte that `Range: bytes=a-b` asks of `length` bytes; at most four slices. Raises Rejected."""
    found = _RANGE.fullmatch(header)
    if found is None:
        raise Rejected("malformed")
    first, last = int(found[1]), min(int(found[2]), length - 1)
    if first > last or last - first >= 4 * SLICE:
        raise Rejected("malformed")
    return first, last


async def piece(uploads: Uploads, find: Callable[[], Awaitable[list[Slice]]], header: str) -> tuple[bytes, int, int]:
    """What `Range` asks of an item: the bytes, the first one's place, the length of the whole. `find` gives its slices;
    it is asked again where the nightly move has just copied one to another name. Raises Rejected, Unknown."""
    try:
        return await _piece(uploads, await find(), header)
    except Unknown:
        return await _piece(uploads, await find(), header)


async def _piece(uploads: Uploads, found: list[Slice], header: str) -> tuple[bytes, int, int]:
    length = sum(each.size for each in found)
    first, last = ranged(header, length)
    return await _read(uploads, found, first, last), first, length


async def _read(uploads: Uploads, found: list[Slice], first: int, last: int) -> bytes:
    """Bytes first…last of an item, from the slices they lie in."""
    wanted = found[first // SLICE : last // SLICE + 1]
    got = [await asyncio.to_thread(uploads.blobs.get, each.object) for each in wanted]
    start = first - first // SLICE * SLICE
    return b"".join(got)[start : start + last - first + 1]


async def sweep(uploads: Uploads, before_day: str, limit: int = 200) -> int:
    """Removes what was never posted and whose newest part came before a day: the row under the write lock first, then
    the object, so that no row ever names what is gone. Answers how many objects it was."""
    removed = 0
    for place in await uploads.db.read(lambda tx: parts.unposted(tx, before_day, limit)):
        for name in await _forgotten(uploads, place, before_day):
            await asyncio.to_thread(uploads.blobs.remove, name)
            removed += 1
    return removed


async def move(uploads: Uploads, before_day: str, batch: int = 200) -> int:
    """Copies what came before a day to new names, in random order: neither names nor the objects' own times then tell
    which came first. What a kill stops is begun anew; nothing is removed before its copy is in place."""
    names = await uploads.db.read(partial(moving.files_due, before_day=before_day))
    for at in range(0, len(names), batch):
        await _rename(uploads, names[at : at + batch])
    await uploads.db.write(partial(moving.settle_files, before_day=before_day))
    return len(names)


async def _rename(uploads: Uploads, names: Iterable[str]) -> None:
    copied = {old: new for old in names if (new := await _copied(uploads, old))}
    moved = await uploads.db.write(partial(moving.rename_files, names=copied))
    for old, new in copied.items():
        await asyncio.to_thread(uploads.blobs.remove, old if old in moved else new)


async def _copied(uploads: Uploads, old: str) -> str:
    """The name of the copy, "" when the object is not there: the doctor tells that, and the others go on."""
    new = new_name()
    try:
        await asyncio.to_thread(lambda: uploads.blobs.put(new, uploads.blobs.get(old)))
    except Unknown:
        return ""
    return new


async def _forgotten(uploads: Uploads, place: Place, before_day: str) -> list[str]:
    """The objects of a place, its rows gone; none when its post or another part came meanwhile."""
    try:
        return await uploads.db.write(lambda tx: parts.drop(tx, place, before_day))
    except Conflict:
        return []
