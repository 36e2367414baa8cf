"""代录: a report that came by phone, letter, visit or hotline, sealed by intake's client for the caller."""

from __future__ import annotations

from sqlalchemy import Connection

from whistle import docket, filing
from whistle.casework.desk import Casework, Reviewer
from whistle.core.case import Refused
from whistle.core.clock import zone_day
from whistle.crypto import posts
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.posts import Upload
from whistle.docket import Kept, Rejected
from whistle.storage import audit
from whistle.storage.errors import Conflict


async def enter(desk: Casework, who: Reviewer, data: bytes, now: float) -> Kept:
    """Keeps a report that intake took down and gives its receipt. The same head again gives the same receipt.

    The checks are those of the public door but for the work: here a session stands for it. What it raises
    for was not kept.
    """
    upload = posts.unpack_upload(data)
    try:
        return await _keep(desk, who, upload, now)
    except (Rejected, Refused, EnvelopeError, Conflict):
        known = await docket.known(desk.docket, upload.post)
        if known is None:
            raise
        return known


async def _keep(desk: Casework, who: Reviewer, upload: Upload, now: float) -> Kept:
    post, today = upload.post, zone_day(now)
    _entitled(who, upload)
    if post.day != today:
        raise Rejected("refused", reason="clock")
    directories = await desk.docket.register.current()
    if directories.newest["expires"] < today:
        raise Rejected("expired_directory")

    def beside(tx: Connection, fresh: bool) -> None:
        """The officer stands in the audit, for ever: the post itself is the reporter's."""
        if fresh:
            audit.record(tx, day=today, rid=who.rid, act="enter", case=post.head["case"], note=post.fields["source"])

    return await filing.file(desk.docket, upload, directories, now, beside)


def _entitled(who: Reviewer, upload: Upload) -> None:
    """A report by a source that comes to the office, into a channel where he is intake, not naming him."""
    post = upload.post
    if post.author != "reporter" or post.kind != "report":
        raise Rejected("wrong_role")
    if post.fields["source"] not in filing.ENTERED:
        raise Rejected("refused", reason="source")
    if post.fields["channel"] not in who.channels_as("intake") or who.person in post.fields["exclude"]:
        raise Rejected("wrong_role")
