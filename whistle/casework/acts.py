"""Acting on a case: a reviewer's signed post, checked, kept, and with it whatever money moves."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection

from whistle.casework import custody, money, refold, standards
from whistle.casework.looking import Look, entry_of
from whistle.casework.reading import sighted
from whistle.casework.reviewers import Casework, Reviewer
from whistle.casework.standards import Asked
from whistle.core.clock import seconds, zone_day
from whistle.crypto import posts
from whistle.crypto.directory import Directories
from whistle.crypto.posts import Upload
from whistle.docket import Joining, Kept, Loaded, Rejected, join, register_number
from whistle.storage import appending, audit
from whistle.storage.ledger import Book

CLOCK_SECONDS = 900
# What tells the earlier reporter of one matter that there is no award after all, or again one: whoever was refused as
# the second waits for a leader, or no more.
CANCELLED = "award.cancel"
AWARD_TOLD = (CANCELLED, "award.notify")


async def post(casework: Casework, who: Reviewer, data: bytes, now: float, *, strand: bool = False) -> Kept:
    """Keeps a reviewer's post and gives its receipt. The same head again gives the same receipt. `strand`: he steps
    back though something opens for nobody afterwards."""
    upload = posts.unpack_upload(data)
    post, known = upload.post, await casework.docket.published.current()
    if post.author != who.rid:
        raise Rejected("wrong_role")

    async def admit(directories: Directories) -> Loaded:
        _timely(upload, directories.newest["expires"], now)
        return await sighted(casework, who, post.head["case"])

    async def check(joining: Joining) -> None:
        money.check(casework, known.newest, joining.folded, post)
        await standards.check(Asked(casework, who, joining, now, strand))

    def beside(tx: Connection, joining: Joining, drawn: tuple[int, int]) -> None:
        book = Book(tx, casework.office)
        money.book(book, casework.sums, register_number(*drawn), joining.folded, post, joining.today)
        if post.kind in AWARD_TOLD and CANCELLED in joining.folded.acted:
            refold.renew_merged(casework.docket, known, tx, post.head["case"])
        custody.carry_out(tx, joining, now)
        audit.enter(tx, entry_of(casework, who, Look(post.kind, post.head["case"]), now))

    return await join(
        casework.docket,
        upload,
        now,
        admit=admit,
        check=check,
        number=partial(_numbered, casework.office),
        beside=beside,
    )


def _numbered(office: str, tx: Connection, joining: Joining) -> tuple[int, int]:
    """The case's register number, drawn with the office's first act on it."""
    row = joining.row
    if row and row.number:
        return row.year, row.number
    year = int(joining.today[:4])
    return year, appending.office_number(tx, office, year, "case")


def _timely(upload: Upload, expires: str, now: float) -> None:
    if expires < zone_day(now):
        raise Rejected("expired_directory")
    if abs(seconds(upload.post.when) - now) > CLOCK_SECONDS:
        raise Rejected("refused", reason="clock")
