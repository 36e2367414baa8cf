"""Acting on a case: a reviewer's signed post, checked, kept, and with it whatever money moves."""

from __future__ import annotations

from sqlalchemy import Connection

from whistle import docket
from whistle.casework import money, standards
from whistle.casework.desk import Casework, Reviewer
from whistle.casework.reading import sighted
from whistle.casework.standards import Asked
from whistle.core.case import Refused
from whistle.core.clock import seconds, zone_day
from whistle.core.errors import RuleError
from whistle.crypto import posts
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.posts import Upload
from whistle.docket import Kept, Rejected
from whistle.storage import appending, audit
from whistle.storage.errors import Conflict
from whistle.storage.records import Appended, CaseRow

CLOCK_SECONDS = 900


async def post(desk: Casework, who: Reviewer, data: bytes, now: float) -> Kept:
    """Keeps a reviewer's post and gives its receipt. The same head again gives the same receipt."""
    upload = posts.unpack_upload(data)
    if upload.post.author != who.rid:
        raise Rejected("wrong_role")
    try:
        kept = await _keep(desk, who, upload, now)
    except (Rejected, Refused, RuleError, EnvelopeError, Conflict):
        known = await docket.known(desk.docket, upload.post)
        if known is None:
            raise
        return known
    return docket.kept(kept)


async def _keep(desk: Casework, who: Reviewer, upload: Upload, now: float) -> Appended:
    today, directories = zone_day(now), await desk.docket.register.current()
    _timely(upload, directories.newest["expires"], now)
    loaded = await sighted(desk, who, upload.post.head["case"])
    folded = docket.admit(desk.docket, loaded.chain, upload, directories, today)
    money.check(desk, directories, folded, upload.post)
    await standards.check(Asked(desk, who, loaded, folded, upload.post, now))
    post, row = docket.record(loaded.chain, upload), loaded.row
    channel = docket.channel_of(directories, row.channel)
    stamp = docket.stamp(desk.docket, upload.post, today)
    told = docket.told(desk.docket, loaded.chain.acts, folded, today, row.hour)

    def keep(tx: Connection) -> Appended:
        year, number = _numbered(tx, row, today)
        cached = docket.cached(desk.docket, channel, folded, told, year, number, row.hour)
        appended = appending.append_post(tx, post, cached, stamp=stamp)
        if appended.fresh:
            money.book(tx, desk.large, docket.register_number(year, number), folded, upload.post, today)
            audit.record(tx, day=today, rid=who.rid, act=upload.post.kind, case=row.case)
        return appended

    return await desk.docket.db.write(keep)


def _numbered(tx: Connection, row: CaseRow, today: str) -> tuple[int, int]:
    """The case's number in the office's register, drawn with the office's first act on it."""
    if row.number:
        return row.year, row.number
    year = int(today[:4])
    return year, appending.office_number(tx, year, "case")


def _timely(upload: Upload, expires: str, now: float) -> None:
    if expires < zone_day(now):
        raise Rejected("expired_directory")
    if abs(seconds(upload.post.when) - now) > CLOCK_SECONDS:
        raise Rejected("refused", reason="clock")
