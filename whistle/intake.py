"""The reporter's verbs: ask for work, file, write, claim, follow. Nothing here opens an item or keeps an address."""

from __future__ import annotations

import hmac
import json
import math
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection

from whistle import docket, filing
from whistle.core import clock, deadlines
from whistle.core.case import Case, Refused
from whistle.crypto import posts, ticket, work
from whistle.crypto.encoding import Tag, b64, tagged, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.posts import Upload
from whistle.docket import Docket, Kept, Rejected
from whistle.storage import appending, cases
from whistle.storage.errors import Conflict, Spent
from whistle.storage.records import Appended, CaseRow, ReporterView

PURPOSES = ("report", "message", "claim")
# What work done for a message also pays for: the envelope knows no further purpose.
WORKED_AS = {"objection": "message"}
WORK_SECONDS = 900
_MINUTE = 60.0


@dataclass
class Pace:
    """How much work is asked: the floor while it is quiet, one bit more for each doubling of the load.

    Per submission and never a shared budget, so nobody can use up another's turn.
    """

    floor: int
    quiet: int = 120
    most: int = 22
    _seen: deque[float] = field(default_factory=deque)

    def count(self, now: float) -> None:
        self._seen.append(now)

    def bits(self, now: float) -> int:
        while self._seen and self._seen[0] < now - _MINUTE:
            self._seen.popleft()
        busy = len(self._seen) / self.quiet
        return min(self.most, self.floor + max(0, math.ceil(math.log2(busy)))) if busy > 1 else self.floor


@dataclass(frozen=True)
class Intake:
    """The public door's state: the docket, the secret of its challenges, and the pace."""

    docket: Docket
    secret: bytes
    pace: Pace


async def challenge(desk: Intake, purpose: str, authorization: str, now: float) -> dict[str, str]:
    """A challenge for one post; with a ticket also the newest head's hash, to sign as `prev` (never with a status)."""
    if purpose not in PURPOSES:
        raise Rejected("malformed")
    prev = "" if not authorization else (await _shown(desk, authorization)).head
    day = clock.zone_day(now)
    fresh = work.challenge(
        desk.secret, desk.docket.register.zone, purpose, desk.pace.bits(now), day, int(now), work.nonce()
    )
    return {"challenge": b64(fresh), "day": day, "prev": prev}


async def submit(desk: Intake, data: bytes, proof: str, authorization: str, now: float) -> Kept:
    """Keeps a reporter's post and gives its receipt; the same head again gives the same receipt.

    Raises EnvelopeError, Refused, Rejected, StorageError. What it raises for was not kept.
    """
    upload = posts.unpack_upload(data)
    try:
        return await _keep(desk, upload, proof, authorization, now)
    except (Rejected, Refused, EnvelopeError, Conflict, Spent):
        # The answer to an earlier try may have been lost: its work is spent, its link is taken.
        known = await docket.known(desk.docket, upload.post)
        if known is None:
            raise
        return known


async def _keep(desk: Intake, upload: Upload, proof: str, authorization: str, now: float) -> Kept:
    post = upload.post
    if post.author != "reporter":
        raise Rejected("wrong_role")
    spent = _worked(desk, upload, proof, now)
    file = _report if post.kind == "report" else _further
    kept = await file(desk, upload, authorization, spent, now)
    desk.pace.count(now)
    return kept


def _worked(desk: Intake, upload: Upload, proof: str, now: float) -> bytes:
    """The nonce of work done for this very post (envelope.md, WORK). Raises Rejected."""
    post = upload.post
    try:
        sealed, counter = work.parse_header(proof)
        asked = work.read_challenge(desk.secret, sealed)
        good = (
            asked.zone == desk.docket.register.zone
            and asked.purpose == WORKED_AS.get(post.kind, post.kind)
            and asked.bits >= desk.pace.floor
            and 0 <= now - asked.issued <= WORK_SECONDS
            and asked.day == post.day
            and work.check(sealed, unb64(post.head["case"]), unb64(post.pid), counter, asked.bits)
        )
    except EnvelopeError:
        good = False
    if not good:
        raise Rejected("work")
    return asked.nonce


async def _report(desk: Intake, upload: Upload, authorization: str, spent: bytes, now: float) -> Kept:
    if upload.post.fields["source"] in filing.ENTERED:
        raise Rejected("refused", reason="source")  # what the register says of a source, the office vouches for
    today, directories = clock.zone_day(now), await desk.docket.register.current()

    def beside(tx: Connection, _fresh: bool) -> None:
        appending.spend(tx, spent, today)

    return await filing.file(desk.docket, upload, directories, now, beside)


async def _further(desk: Intake, upload: Upload, authorization: str, spent: bytes, now: float) -> Kept:
    today = clock.zone_day(now)
    shown = await _shown(desk, authorization)
    loaded = await docket.load(desk.docket, shown.case)
    if loaded is None or upload.post.head["case"] != shown.case:
        raise Rejected("unknown_ticket")
    directories = await desk.docket.register.current()
    folded = docket.admit(desk.docket, loaded.chain, upload, directories, today)
    _in_time(desk.docket, folded, upload, today)
    post, row = docket.record(loaded.chain, upload), loaded.row
    channel = docket.channel_of(directories, row.channel)
    told = docket.told(desk.docket, loaded.chain.acts, folded, today, row.hour)
    cached = docket.cached(desk.docket, channel, folded, told, row.year, row.number, row.hour)
    stamp = docket.stamp(desk.docket, upload.post, today)

    def keep(tx: Connection) -> Appended:
        appending.spend(tx, spent, today)
        return appending.append_post(tx, post, cached, stamp=stamp)

    return docket.kept(await desk.docket.db.write(keep))


def _in_time(desk: Docket, folded: Case, upload: Upload, today: str) -> None:
    """An objection comes while the time for it runs; afterwards what was decided stands."""
    if upload.post.kind != "objection":
        return
    clocks = [clock for clock in folded.clocks if clock.step == "objection"]
    last = max(clocks, key=lambda clock: clock.start)
    if deadlines.due_of(last, desk.process, desk.years).date < today:
        raise Refused("objection_late", {"kind": "objection", "seen": folded.seen})


async def _shown(desk: Intake, authorization: str) -> CaseRow:
    """The case whose ticket was shown. Unknown case, wrong access, no ticket: the same Rejected."""
    return await desk.docket.db.read_now(partial(_opened, authorization))


def _opened(authorization: str, tx: Connection) -> CaseRow:
    try:
        named, access = ticket.parse_authorization(authorization)
    except EnvelopeError:
        raise Rejected("unknown_ticket") from None
    row = cases.find_case(tx, b64(named))
    kept = row.access if row else _NOBODY
    if not hmac.compare_digest(kept, b64(tagged(Tag.ACCESS, access))) or row is None:
        raise Rejected("unknown_ticket")
    return row


_NOBODY = b64(bytes(32))


async def view(desk: Intake, authorization: str, now: float) -> dict[str, Any]:
    """What the reporter's client needs to verify and read her case; of the office's work, nothing."""

    def read(tx: Connection) -> ReporterView:
        return cases.told_of(tx, _opened(authorization, tx))

    found = await desk.docket.db.read_now(read)
    return {
        "posts": [docket.shown(post, found.grants, found.items) for post in found.posts],
        "today": clock.zone_day(now),
        "clocks": json.loads(found.case.told),
    }
