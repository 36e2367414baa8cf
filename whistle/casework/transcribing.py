"""代录: a report that came by phone, letter, visit or hotline, sealed by intake's client for the caller."""

from __future__ import annotations

from sqlalchemy import Connection

from whistle.casework.looking import Look, entry_of
from whistle.casework.reviewers import Casework, Reviewer
from whistle.core.clock import zone_day
from whistle.crypto import posts
from whistle.crypto.directory import Directories
from whistle.crypto.posts import Upload
from whistle.docket import TRANSCRIBED, Joining, Kept, Rejected, join
from whistle.storage import audit


async def transcribe(casework: Casework, who: Reviewer, data: bytes, now: float) -> Kept:
    """Keeps a report that intake took down and gives its receipt. The same head again gives the same receipt.

    The checks are those of the public door but for the work: here a session stands for it. What it raises
    for was not kept.
    """
    upload = posts.unpack_upload(data)
    post, today = upload.post, zone_day(now)

    async def admit(directories: Directories) -> None:
        _entitled(who, casework.office, upload)
        if post.day != today:
            raise Rejected("refused", reason="clock")
        if directories.newest["expires"] < today:
            raise Rejected("expired_directory")

    def beside(tx: Connection, joining: Joining, _number: tuple[int, int]) -> None:
        """The officer stands in the audit, for ever: the post itself is the reporter's."""
        look = Look("enter", post.head["case"])
        audit.enter(tx, entry_of(casework, who, look, now, note=post.fields["source"]))

    return await join(casework.docket, upload, now, admit=admit, beside=beside)


def _entitled(who: Reviewer, office: str, upload: Upload) -> None:
    """A report by a source that comes to the office, into a channel where he is intake, not naming him."""
    post = upload.post
    if post.author != "reporter" or post.kind != "report":
        raise Rejected("wrong_role")
    if post.fields["source"] not in TRANSCRIBED:
        raise Rejected("refused", reason="source")
    if post.fields["channel"] not in who.channels_as(office, "intake") or who.person in post.fields["exclude"]:
        raise Rejected("wrong_role")
