"""The docket: a case's chain as stored, and the one way a checked post joins it.

Both doors' verbs stand on this room. It checks posts and never opens an item.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from whistle.core import calendar, case, deadlines, rulebook
from whistle.core.case import Case
from whistle.core.workflow import Workflow
from whistle.crypto import posts, receipts
from whistle.crypto.chain import Act, Chain
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import SUITE, b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import RootKey
from whistle.crypto.posts import Post, Upload
from whistle.register import Register
from whistle.storage import appending, cases
from whistle.storage.database import Database
from whistle.storage.records import (
    Appended,
    Cached,
    CaseRow,
    GrantRow,
    NewGrant,
    NewItem,
    NewPost,
    Place,
    PostRow,
    Receipt,
    Stamp,
)

Channel = Mapping[str, Any]


class Rejected(Exception):
    """A verb will not do it: a code of the HTTP API and facts that name nobody."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True)
class Kept:
    """A kept post's receipt; `fresh` is False when the same head had been kept before."""

    receipt: Receipt
    fresh: bool

    def plain(self) -> dict[str, str]:
        """The receipt as both doors give it out."""
        return receipt_text(self.receipt)


@dataclass(frozen=True)
class Seal:
    """The door's receipt key and its id in the directory."""

    door: str
    key: RootKey


@dataclass(frozen=True)
class Docket:
    """What the verbs of one door share. Clock and request facts are arguments of the verbs."""

    db: Database
    register: Register
    seal: Seal
    workflow: Workflow
    process: rulebook.Pack

    @property
    def years(self) -> calendar.Tables:
        """The working-day tables that due days are computed with."""
        return self.register.years


@dataclass(frozen=True)
class Loaded:
    """A case as stored: its row, its posts, and the chain rebuilt from them."""

    row: CaseRow
    posts: Sequence[PostRow]
    chain: Chain


def channel_of(directories: Directories, name: str) -> Channel:
    """The channel as the newest directory has it. Raises EnvelopeError when it has none."""
    found = directories.channel(directories.newest_hash, name)
    if found is None:
        raise EnvelopeError("wrong_channel")
    return found


def last_channel(directories: Directories, name: str) -> Channel:
    """The channel as the last directory that lists it has it: its cases stay, though nobody posts in them."""
    for no, document in reversed(list(enumerate(directories.every()))):
        if name in dict(document["channels"]):
            found = directories.channel(directories.hash_of(no), name)
            if found is not None:
                return found
    raise EnvelopeError("wrong_channel")


async def load(docket: Docket, case_id: str) -> Loaded | None:
    """The whole case, office posts too, for checking what comes next."""
    directories = await docket.register.current()

    def read(tx: Connection) -> tuple[CaseRow | None, list[PostRow]]:
        return cases.find_case(tx, case_id), cases.load_posts(tx, case_id)

    row, rows = await docket.db.read_now(read)
    return Loaded(row, rows, rebuild(docket, directories, rows)) if row else None


def rebuild(docket: Docket, directories: Directories, rows: Sequence[PostRow]) -> Chain:
    """The chain of stored posts; they were verified when they came in."""
    chain = Chain(docket.register.zone, directories, docket.workflow)
    for row in rows:
        chain.add(posts.parse_post(row.head, row.sig, row.body), trusted=True)
    return chain


def admit(docket: Docket, chain: Chain, upload: Upload, directories: Directories, today: str) -> Case:
    """Adds the post to the chain and folds it. Raises EnvelopeError or Refused; Rejected when its directory is old."""
    if upload.post.head["dir"] != directories.newest_hash:
        raise Rejected("stale_directory", no=directories.newest["no"])
    head = upload.post.head
    first = {"no": 0, "prev": head["case"], "last": head["case"]}
    place = chain.next(head["vis"]) if chain.acts else first
    if any(head[name] != value for name, value in place.items()):
        # Somebody was quicker, before or after `prev` was asked for: its client reads what came in and signs again.
        raise Rejected("conflict", what="prev")
    chain.add(upload.post)
    return case.fold(chain.acts, docket.workflow, today)


async def known(docket: Docket, post: Post) -> Kept | None:
    """What this very head was given before: the answer to a retry whose first answer was lost."""
    head = post.head
    receipt = await docket.db.read_now(lambda tx: appending.known(tx, head["case"], head["prev"], post.hash))
    return Kept(receipt, False) if receipt else None


def record(chain: Chain, upload: Upload) -> NewPost:
    """The rows of an admitted post."""
    post = upload.post
    rows = zip(post.items, range(len(post.items)), strict=True)
    cards = _cards(chain.acts)
    return NewPost(
        case=post.head["case"],
        hash=post.hash,
        vis=post.vis,
        no=post.no,
        prev=post.head["prev"],
        author=post.author,
        pid=post.pid,
        kind=post.kind,
        day=post.day,
        head=post.head_bytes,
        sig=post.sig,
        body=post.body_bytes or b"",
        items=tuple(
            NewItem(e["id"], e["comp"], index, e["len"], e["tree"], upload.items[e["id"]]) for e, index in rows
        ),
        grants=tuple(
            _grant(cards, index, entry, sealed)
            for index, (entry, sealed) in enumerate(zip(post.grants, upload.grants, strict=True))
        ),
    )


def _grant(cards: set[str], row: int, entry: dict[str, Any], sealed: bytes) -> NewGrant:
    keys = tuple((item, part) for item, part in entry["items"])
    mine = [item for item, _ in keys if item in cards]
    return NewGrant(row, entry["to"], keys, sealed, mine[-1] if mine else "")


def _cards(acts: Sequence[Act]) -> set[str]:
    """Items that a list row shows: every card, and the copy that `extract` carries in `work` for the others."""
    cards = {entry["id"] for act in acts for entry in act.items if entry["comp"] == "card"}
    return cards | {act.items[1]["id"] for act in acts if act.kind == "extract"}


def stamp(docket: Docket, post: Post, today: str) -> Callable[[Place], Stamp]:
    """The door's receipt for a post, signed inside the transaction that keeps it (envelope.md, RECEIPT)."""

    def sign(place: Place) -> Stamp:
        salt = secrets.token_bytes(32) if place.seq else b""
        document = {
            "v": 1,
            "suite": SUITE,
            "zone": b64(docket.register.zone),
            "door": docket.seal.door,
            "epoch": place.epoch,
            "case": post.head["case"],
            "no": post.no,
            "post": post.hash,
            "dir": post.head["dir"],
            "day": today,
            "seqc": _commitment(docket, place, salt),
        }
        body, sig = receipts.sign_receipt(docket.seal.key, document)
        return Stamp(body, sig, salt)

    return sign


def _commitment(docket: Docket, place: Place, salt: bytes) -> str:
    if not place.seq:
        return ""
    return b64(receipts.seq_commitment(docket.register.zone, unb64(place.epoch), place.seq, salt))


def cached(docket: Docket, channel: Channel, folded: Case, told: str, year: int, number: int, hour: int = -1) -> Cached:
    """What the store keeps beside the posts so that lists need no folding; ``doctor`` folds again and compares.

    `hour` of receipt is known for urgent reports only; `since` is the first day of the clock shown, "" when it is
    the reporter's own time, which is never overdue."""
    clock, due = deadlines.soonest(folded.clocks, docket.process, docket.years, hour)
    paused = any(each.is_paused for each in folded.clocks)
    return Cached(
        state=folded.state,
        seen=folded.seen,
        due=due.date if due else "",
        step=clock.step if clock else deadlines.PAUSED if paused else "",
        provisional=bool(due and due.provisional),
        since=clock.start if clock and clock.whose == deadlines.OFFICE else "",
        year=year,
        number=number,
        category=folded.category,
        sector=folded.sector,
        told=told,
        hidden=_readers(channel, folded.excluded),
        seated=_turn(docket, channel, folded),
    )


def receipt_text(receipt: Receipt) -> dict[str, str]:
    return {"bytes": receipt.bytes.decode(), "sig": b64(receipt.sig)}


def kept(appended: Appended) -> Kept:
    return Kept(appended.receipt, appended.fresh)


def clocks(docket: Docket, folded: Case, hour: int = -1) -> list[dict[str, Any]]:
    """Every clock of the case with its due day, for screens; what ends at an hour, or stands still, says so."""
    ends = [(each, deadlines.due_of(each, docket.process, docket.years, hour)) for each in folded.clocks]
    return [_clock(each, due) for each, due in ends]


def _clock(clock: case.Clock, due: calendar.Due) -> dict[str, Any]:
    said = {
        "step": clock.step,
        "start": clock.start,
        "due": due.date,
        "provisional": due.provisional,
        "stop": clock.stop,
    }
    more: dict[str, Any] = {"hour": due.hour} if due.hour >= 0 else {}
    return said | more | ({"paused": True} if clock.is_paused else {})


def shown(post: PostRow, keys: Sequence[GrantRow], blobs: dict[str, bytes]) -> dict[str, Any]:
    """One stored post as both doors serve it, with the grants and small items that are its reader's."""
    mine = [row for row in keys if row.post == post.hash]
    # What is stored was strict when it came in: only a post that may carry one of these items is read again.
    body = json.loads(post.body)["items"] if blobs and post.body else ()
    return {
        "head": post.head.decode(),
        "sig": b64(post.sig),
        "body": (post.body or b"").decode(),
        "receipt": receipt_text(post.receipt),
        "grants": {str(row.row): b64(row.sealed) for row in mine},
        "items": {entry["id"]: b64(blobs[entry["id"]]) for entry in body if entry["id"] in blobs},
    }


def told(docket: Docket, acts: Sequence[Act], folded: Case, today: str, hour: int = -1) -> str:
    """The clocks of the case as its reporter may know them, folded from the posts she is served; JSON.

    Of the office's pauses she is told nothing but what they did to her days."""
    seen = case.fold(acts, docket.workflow, today, view="reporter")
    told = replace(seen, clocks=deadlines.as_told(seen.clocks, folded.clocks))
    return json.dumps(clocks(docket, told, hour), separators=(",", ":"))


def register_number(year: int, number: int) -> str:
    """The office's number of a case, 〔2026〕3号, "" before its first act; never at the public door."""
    return f"〔{year}〕{number}号" if number else ""


def _turn(docket: Docket, channel: Channel, folded: Case) -> tuple[str, ...]:
    """Whose turn it is: the readers of the roles the table names for this state, the seated ones if any are."""
    seats = {role: set(people) for role, people in folded.seats}
    return tuple(
        sorted(
            each["rid"]
            for each in channel["readers"]
            for role in docket.workflow["states"][folded.state]["turn"]
            if role in each["roles"]
            and each["person"] not in folded.excluded
            and each["person"] in seats.get(role, {each["person"]})
        )
    )


def _readers(channel: Channel, people: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted({each["rid"] for each in channel["readers"] if each["person"] in people}))
