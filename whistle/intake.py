"""The reporter's verbs: ask for work, file, write, claim, follow. Nothing here opens an item or keeps an address."""

from __future__ import annotations

import contextlib
import hmac
import json
import math
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection

from whistle import docket, uploads
from whistle.core import clock, deadlines
from whistle.core.case import Refused
from whistle.crypto import posts, ticket, work
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import Tag, b64, tagged, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.posts import REPORTER, Upload
from whistle.docket import TRANSCRIBED, Docket, Joining, Kept, Loaded, Rejected
from whistle.storage import appending, cases
from whistle.storage.errors import StorageError
from whistle.storage.records import CaseRow, ReporterView
from whistle.uploads import Uploads

PURPOSES = ("report", "message", "claim")
# What work done for a message also pays for: the envelope knows no further purpose.
WORKED_AS = dict.fromkeys(("objection", "evidence", "withdraw", "withdraw.undo", "file"), "message")
WORK_SECONDS = 900
FREE_BYTES = 65_536  # a report of words alone is smaller; each doubling beyond costs one bit more
# Of a case in a day. An undoing is bounded by what it undoes, and is never refused for it.
MESSAGES, WITHDRAWALS = 30, 5
MOST_OF = {"message": MESSAGES, "withdraw": WITHDRAWALS}


@dataclass(frozen=True)
class Intake:
    """The public door's state: the docket, the secret of its challenges, and the fewest bits of work it takes."""

    docket: Docket
    secret: bytes
    floor: int
    uploads: Uploads


# The most that is asked of a sender, load and size together: 2^21 hashes on average, 8.4 s at the 250,000 a second of a
# slow phone. Only a floor that the operator set higher is more.
MOST_BITS = 21


def within(floor: int, bits: int) -> int:
    """What is asked at most."""
    return max(floor, min(MOST_BITS, bits))


def dearer(size: int) -> int:
    """How many bits more are asked for so many sealed bytes: what fills a disk costs as much as it fills."""
    return max(0, math.ceil(math.log2(size / FREE_BYTES))) if size > FREE_BYTES else 0


def dearer_file(size: int) -> int:
    """The same for a file, gentler: it comes in parts and counts against its case, and a phone has to work for it.

    A photo of 5 MB costs 3 bits more, a film of 500 MB 5."""
    return math.ceil(math.log2(size / FREE_BYTES) / 3) if size > FREE_BYTES else 0


async def challenge(
    intake: Intake, purpose: str, size: int, authorization: str, bits: int, now: float
) -> dict[str, str]:
    """A challenge of so many bits for one post with `size` bytes of sealed items, for which it costs more.

    `purpose` "file" is for the first part of a large item of `size` bytes, beside what its case holds already. With a
    ticket also the newest head's hash, to sign as `prev`: it is given here and never with a status.
    """
    if purpose not in (*PURPOSES, "file"):
        raise Rejected("malformed")
    row = await shown(intake, authorization) if authorization else None
    day, zone = clock.zone_day(now), intake.docket.published.zone
    more = (await _more(intake, purpose, size, row)) if intake.floor else 0
    asked = within(intake.floor, bits + more)
    fresh = work.challenge(intake.secret, zone, WORKED_AS.get(purpose, purpose), asked, day, int(now), work.nonce())
    return {"challenge": b64(fresh), "day": day, "prev": row.head if row else ""}


async def _more(intake: Intake, purpose: str, size: int, row: CaseRow | None) -> int:
    if purpose != "file":
        return dearer(size)
    return dearer_file(size + await uploads.held(intake.uploads, row, REPORTER) if row else size)


async def submit(intake: Intake, data: bytes, proof: str, authorization: str, now: float) -> Kept:
    """Keeps a reporter's post and gives its receipt; the same head again gives the same receipt.

    Raises EnvelopeError, Refused, Rejected, StorageError. What it raises for was not kept; its work is used up all the
    same, unless trying again is right.
    """
    coming = _Coming(intake, posts.unpack_upload(data), proof, authorization, now)
    try:
        return await docket.join(
            intake.docket, coming.upload, now, admit=coming.admit, check=coming.check, beside=coming.spend
        )
    except docket.REFUSALS:
        await coming.spend_alone()
        raise


@dataclass
class _Coming:
    """A post at the reporter's door, and the work that was done for it once that is known to be good."""

    intake: Intake
    upload: Upload
    proof: str
    authorization: str
    now: float
    nonce: bytes = b""

    async def admit(self, directories: Directories) -> Loaded | None:
        """Whose post it is: the cheapest first, and a case is read only for a post that may be its next."""
        post = self.upload.post
        if post.author != REPORTER:
            raise Rejected("wrong_role")
        self.nonce = _worked(self.intake, self.upload, self.proof, self.now)
        if await self.intake.docket.db.read_now(lambda tx: appending.is_spent(tx, self.nonce)):
            raise Rejected("work")
        if post.kind == "report":
            if post.fields["source"] in TRANSCRIBED:  # what the record says of such a source, the office vouches for
                raise Rejected("refused", reason="source")
            return None
        row = await shown(self.intake, self.authorization)
        if post.head["case"] != row.case:
            raise Rejected("unknown_ticket")
        return await docket.load(self.intake.docket, row.case, prev=post.head["prev"])

    async def check(self, joining: Joining) -> None:
        await _in_time(self.intake.docket, joining)
        if _today(joining) >= MOST_OF.get(joining.kind, math.inf):
            raise Rejected("enough_today")

    def spend(self, tx: Connection, joining: Joining, _number: tuple[int, int]) -> None:
        appending.spend(tx, self.nonce, joining.today)

    async def spend_alone(self) -> None:
        """The work of a refused post: it cannot pay for another try."""
        if not self.nonce:
            return
        day = clock.zone_day(self.now)
        with contextlib.suppress(StorageError):  # spent before, or the store is away: then nothing is taken at all
            await self.intake.docket.db.write(lambda tx: appending.spend(tx, self.nonce, day))


def _worked(intake: Intake, upload: Upload, proof: str, now: float) -> bytes:
    """The nonce of work done for this very post. Raises Rejected."""
    post, size = upload.post, sum(map(len, upload.items.values()))
    for_ = Work(WORKED_AS.get(post.kind, post.kind), post.head["case"], post.pid, post.day, dearer(size))
    return worked(intake, for_, proof, now)


@dataclass(frozen=True)
class Work:
    """What work must have been done for: purpose, case and pid as text, day, and how many bits above the floor."""

    purpose: str
    case: str
    pid: str
    day: str
    more: int


def worked(intake: Intake, for_: Work, proof: str, now: float) -> bytes:
    """The nonce of good work (envelope.md, WORK). Raises Rejected("work")."""
    try:
        sealed, counter = work.parse_header(proof)
        asked = work.read_challenge(intake.secret, sealed)
        good = (
            asked.zone == intake.docket.published.zone
            and asked.purpose == for_.purpose
            and asked.bits >= (intake.floor and within(intake.floor, intake.floor + for_.more))
            and 0 <= now - asked.issued <= WORK_SECONDS
            and asked.day == for_.day
            and work.check(sealed, unb64(for_.case), unb64(for_.pid), counter, asked.bits)
        )
    except EnvelopeError:
        good = False
    if not good:
        raise Rejected("work")
    return asked.nonce


def _today(joining: Joining) -> int:
    """How many posts of hers, of the kind that comes, the case has taken today."""
    acts = joining.standing.chain.acts
    return sum(act.kind == joining.kind and act.author == REPORTER and act.day == joining.today for act in acts)


async def _in_time(docket: Docket, joining: Joining) -> None:
    """An objection comes while the time for it runs, by the day she was told; afterwards what was decided stands."""
    if joining.kind != "objection":
        return
    clocks = deadlines.as_told(joining.seen.clocks, joining.folded.clocks)
    last = max((each for each in clocks if each.step == "objection"), key=lambda each: each.start)
    process = docket.process_in(await docket.published.current(), joining.folded.channel)
    if deadlines.due_of(last, process, docket.years).date < joining.today:
        raise Refused("objection_late", {"kind": "objection", "seen": joining.seen.seen})


async def shown(intake: Intake, authorization: str) -> CaseRow:
    """The case whose ticket was shown. Unknown case, wrong access, no ticket: the same Rejected."""
    return await intake.docket.db.read_now(partial(opened, authorization))


def opened(authorization: str, tx: Connection) -> CaseRow:
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


async def view(intake: Intake, authorization: str, now: float) -> dict[str, Any]:
    """What the reporter's client needs to verify and read her case; of the office's work, nothing."""

    def read(tx: Connection) -> tuple[ReporterView, list[dict[str, str]]]:
        row = opened(authorization, tx)
        return cases.reporter_view(tx, row), docket.tombs(tx, row.id)

    found, tombs = await intake.docket.db.read_now(read)
    return ({"tombs": tombs} if tombs else {}) | {
        "posts": [docket.shown(post, found.grants, found.items) for post in found.posts],
        "today": clock.zone_day(now),
        "clocks": json.loads(found.case.told),
    }
