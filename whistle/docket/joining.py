"""The one way in: a post is checked against its case, written with its receipt, and what belongs beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from whistle.core import case, clock, newposts
from whistle.core.case import Act, Case, Refused
from whistle.core.errors import RuleError
from whistle.core.newposts import Now
from whistle.core.offices import kind_of, office_of
from whistle.crypto.chain import Checked
from whistle.crypto.directory import Directories
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.posts import REPORTER, Post, Upload
from whistle.docket import rows
from whistle.docket.loading import Loaded, empty, load
from whistle.docket.shelf import Standing
from whistle.docket.state import Channel, Docket, Kept, Rejected, channel_of, last_channel
from whistle.storage import appending
from whistle.storage.errors import Conflict, Missing, Spent
from whistle.storage.records import Appended, CaseRow, NewPost

ITEMS = 32  # of one post; a report has four, a file is one more
# What says no to a post for good. Whoever is told so may have lost the answer that said yes to the same head before.
REFUSALS = (Rejected, RuleError, EnvelopeError, Conflict, Spent, Missing)


@dataclass(frozen=True)
class Joining:
    """A post that its chain and the table let in, with its case after it; `row` is None on a report."""

    row: CaseRow | None
    standing: Standing
    checked: Checked
    post: Post
    folded: Case
    seen: Case
    today: str
    hour: int

    @property
    def kind(self) -> str:
        return self.post.kind


Admit = Callable[[Directories], Awaitable[Loaded | None]]
Check = Callable[[Joining], Awaitable[None]]
Number = Callable[[Connection, Joining], tuple[int, int]]
Beside = Callable[[Connection, Joining, tuple[int, int]], None]


async def _nothing_more(joining: Joining) -> None:
    """For doors that hold nothing else against a post."""


def _as_numbered(tx: Connection, joining: Joining) -> tuple[int, int]:
    """The register number the case has; (0, 0) before the office's first act."""
    return (joining.row.year, joining.row.number) if joining.row else (0, 0)


async def join(
    docket: Docket,
    upload: Upload,
    now: float,
    *,
    admit: Admit,
    beside: Beside,
    check: Check = _nothing_more,
    number: Number = _as_numbered,
) -> Kept:
    """Keeps a post and gives its receipt. The same head again gives the same receipt.

    `admit` says who may post, and gives the case as stored, None for a new one; `check` what only this door knows.
    `number` draws the register number, `beside` writes what belongs to a fresh post, both in its own transaction:
    what they raise for keeps nothing. Raises one of REFUSALS, or StorageError when trying again is right.
    """
    try:
        return await _join(docket, upload, now, admit, check, number, beside)
    except REFUSALS:
        known = await _known(docket, upload.post)
        if known is None:
            raise
        return known


async def _known(docket: Docket, post: Post) -> Kept | None:
    """What this very head was given before."""
    head = post.head
    receipt = await docket.db.read_now(lambda tx: appending.known(tx, head["case"], head["prev"], post.hash))
    return Kept(receipt, False) if receipt else None


async def _join(
    docket: Docket, upload: Upload, now: float, admit: Admit, check: Check, number: Number, beside: Beside
) -> Kept:
    directories = await docket.published.current()
    if len(upload.post.items) > ITEMS:
        raise Rejected("too_large")
    loaded = await admit(directories)
    joining = _allowed(docket, loaded, upload.post, directories, now)
    await check(joining)
    post = rows.record(joining.standing.chain, joining.checked.act, upload)
    channel = channel_of(directories, loaded.row.channel if loaded else upload.post.fields["channel"])
    merged = await load(docket, joining.folded.parent) if joining.folded.parent else None
    parent = merged.folded if merged else None

    def keep(tx: Connection) -> Appended:
        drawn = number(tx, joining)
        appended = _append(tx, docket, joining, post, channel, drawn, parent)
        if not appended.fresh:
            raise Conflict("again")  # gives back what was drawn; the receipt is looked up where refusals are
        beside(tx, joining, drawn)
        return appended

    appended = await docket.db.write(keep)
    _remember(docket, joining)
    return Kept(appended.receipt, True)


def _allowed(docket: Docket, loaded: Loaded | None, post: Post, directories: Directories, now: float) -> Joining:
    """Checks the post against directory, place, chain and table, the cheapest first."""
    if post.head["dir"] != directories.newest_hash:
        raise Rejected("stale_directory", no=directories.newest["no"])
    standing, today = loaded.standing if loaded else empty(docket, directories), clock.zone_day(now)
    _in_place(standing, post)
    checked = standing.chain.check(post)
    if post.author == REPORTER:
        _of_the_office(standing, post, directories, today)
    seen, folded = fold_with(standing.seen, standing.folded, checked.act, today)
    row = loaded.row if loaded else None
    hour = row.hour if row else clock.zone_hour(now) if post.fields["urgent"] else -1
    return Joining(row, standing, checked, post, folded, seen, today, hour)


def _of_the_office(standing: Standing, post: Post, directories: Directories, today: str) -> None:
    """The table's rules for her new posts: what the office that she writes to offers."""
    named = standing.folded.channel or post.fields["channel"]
    office = kind_of(last_channel(directories, named)["policy"])
    code = newposts.refused(standing.seen, post.kind, post.fields, Now(today, office=office))
    if code:
        raise Refused(code, {"kind": post.kind, "seen": standing.seen.seen})


def _in_place(standing: Standing, post: Post) -> None:
    """Somebody was quicker, before or after `prev` was asked for: its client reads what came in and signs again."""
    head = post.head
    first = {"no": 0, "prev": head["case"], "last": head["case"]}
    place = standing.chain.next(head["vis"]) if standing.chain.acts else first
    if any(head[name] != value for name, value in place.items()):
        raise Rejected("conflict", what="prev")


def fold_with(seen: Case, folded: Case, act: Act, today: str) -> tuple[Case, Case]:
    """The reporter's fold and the office's with one more act. Raises Refused.

    What she is refused is a function of what she is served: her own fold speaks first, and where only the office's
    says no, the answer names nothing of why."""
    after = case.apply(seen, act, today) if act.vis == "all" else seen
    try:
        return after, case.apply(folded, act, today)
    except Refused:
        if act.author != REPORTER:
            raise
        raise Refused("state", {"kind": act.kind, "seen": seen.seen}) from None


def _append(
    tx: Connection,
    docket: Docket,
    joining: Joining,
    post: NewPost,
    channel: Channel,
    drawn: tuple[int, int],
    parent: Case | None,
) -> Appended:
    said = rows.told(docket, channel, joining.seen, joining.folded, joining.hour)
    cached = rows.cached(docket, channel, joining.folded, said, *drawn, joining.hour, parent=parent)
    stamp = rows.stamp(docket, joining.post, joining.today)
    if joining.row:
        return appending.append_post(tx, post, cached, stamp=stamp)
    fields = joining.post.fields
    return appending.append_report(
        tx,
        post,
        cached,
        channel=fields["channel"],
        office=office_of(channel["policy"]),
        access=fields["access"],
        urgent=fields["urgent"],
        hour=joining.hour,
        stamp=stamp,
    )


def _remember(docket: Docket, joining: Joining) -> None:
    """The case on the shelf goes on with its new post, unless another task has read it from the store meanwhile."""
    standing, head = joining.standing, joining.post.head
    if standing.chain.newest == (head["prev"] if joining.row else ""):
        standing.chain.keep(joining.checked)
        standing.folded, standing.seen = joining.folded, joining.seen
    docket.shelf.put(head["case"], standing)
