"""The order of receipt, which only a process with the installation's key can read (crypto/order.py)."""

from __future__ import annotations

import json
from functools import partial

from sqlalchemy import Connection

from whistle.crypto import order, receipts
from whistle.crypto.encoding import b64, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.order import Arrival
from whistle.docket.state import Docket
from whistle.storage import appending, cases
from whistle.storage.records import CaseRow


async def received(docket: Docket, row: CaseRow) -> int:
    """The case's number in the order of receipt, from 1: which of two was first. Raises EnvelopeError."""
    sealed = await docket.db.read_now(partial(cases.arrival_of, case_id=row.id))
    return order.open_(docket.order, row.case, 0, sealed).seq


def misordered(docket: Docket, tx: Connection) -> int:
    """Posts whose sealed order does not open, is another's too, or is not what their receipt binds."""
    posts, reports = (_Numbers(appending.counted(tx, which)) for which in ("post", "case"))

    def is_right(case: str, place: int, receipt: bytes, sealed: bytes) -> bool:
        try:
            arrival = order.open_(docket.order, case, place, bytes(sealed))
        except EnvelopeError:
            return False
        once = posts.is_new(arrival.post) and (not arrival.seq or reports.is_new(arrival.seq))
        return once and _is_bound(docket, arrival, json.loads(receipt))

    return sum(not is_right(*row) for row in cases.arrivals(tx))


class _Numbers:
    """Which numbers from 1 to `most` were met, a byte each: a set of millions would need a hundred times as much."""

    def __init__(self, most: int) -> None:
        self._met = bytearray(most + 1)

    def is_new(self, number: int) -> bool:
        """Whether it is one of them, met for the first time."""
        is_new = 0 < number < len(self._met) and not self._met[number]
        if is_new:
            self._met[number] = 1
        return is_new


def _is_bound(docket: Docket, arrival: Arrival, receipt: dict[str, str]) -> bool:
    if not arrival.seq:
        return receipt["seqc"] == ""
    zone, epoch = docket.published.zone, unb64(receipt["epoch"])
    return receipt["seqc"] == b64(receipts.seq_commitment(zone, epoch, arrival.seq, arrival.salt))
