"""抽屉: what a reviewer keeps for himself in an office, sealed by his browser to his own key. Nobody here opens it."""

from __future__ import annotations

from functools import partial

from whistle.casework.reviewers import Casework, Reviewer
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.docket import Rejected
from whistle.storage import drawers

# Plain texts of these sizes are sealed: how much somebody keeps is not told by how long it is.
SIZES = (4_096, 16_384, 65_536)
OVERHEAD = 2_048
MOST = 2**31 - 1


async def read(casework: Casework, who: Reviewer) -> tuple[int, str]:
    """The number of his box and the box, (0, "") where he never kept anything."""
    rev, sealed = await casework.docket.db.read_now(partial(drawers.of, rid=who.rid, office=casework.office))
    return rev, b64(sealed)


async def put(casework: Casework, who: Reviewer, rev: object, sealed: object) -> int:
    """Puts this box in place of the `rev`-th, 0 for none; its number. Raises Rejected("malformed") for what is no box,
    Conflict when another page of his was quicker."""
    if type(rev) is not int or not 0 <= rev < MOST:
        raise Rejected("malformed")
    box, office, before = _box(sealed), casework.office, rev
    return await casework.docket.db.write(lambda tx: drawers.put(tx, who.rid, office, before, box))


def _box(sealed: object) -> bytes:
    try:
        box = unb64(sealed) if isinstance(sealed, str) else b""
    except EnvelopeError:
        raise Rejected("malformed") from None
    if not any(size < len(box) <= size + OVERHEAD for size in SIZES):
        raise Rejected("malformed")
    return box
