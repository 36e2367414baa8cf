"""What is written of a post that joins: its rows, its receipt, and what the case's row repeats of its fold."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from whistle.core import deadlines
from whistle.core.case import Case
from whistle.core.offices import kind_of
from whistle.core.waiting import Around, waits_for
from whistle.crypto import order, receipts
from whistle.crypto.chain import Act, Chain
from whistle.crypto.encoding import SUITE, b64, unb64
from whistle.crypto.order import Arrival
from whistle.crypto.posts import Post, Upload
from whistle.docket.serving import clocks
from whistle.docket.state import Channel, Docket
from whistle.storage.records import Cached, NewGrant, NewItem, NewPost, Place, Stamp


def record(chain: Chain, act: Act, upload: Upload) -> NewPost:
    """The rows of a post that was checked against this chain; an item of which no bytes came is None."""
    post = upload.post
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
            NewItem(each["id"], each["comp"], index, each["len"], each["tree"], upload.items.get(each["id"]))
            for index, each in enumerate(post.items)
        ),
        grants=tuple(
            _grant(chain, act, index, entry, sealed)
            for index, (entry, sealed) in enumerate(zip(post.grants, upload.grants, strict=True))
        ),
    )


def _grant(chain: Chain, act: Act, row: int, entry: dict[str, Any], sealed: bytes) -> NewGrant:
    keys = tuple((item, part) for item, part in entry["items"])
    mine = [item for item, _ in keys if _is_card(chain, act, item)]
    return NewGrant(row, entry["to"], keys, sealed, mine[-1] if mine else "")


def _is_card(chain: Chain, act: Act, item: str) -> bool:
    """An item that a list row shows: every card, and the copy that `extract` carries in `work` for the others."""
    own = [each["id"] for each in act.items]
    carrier, index = (act, own.index(item)) if item in own else chain.carrier(item) or (act, -1)
    return index >= 0 and (carrier.comps[index] == "card" or (carrier.kind == "extract" and index == 1))


def stamp(docket: Docket, post: Post, today: str) -> Callable[[Place], Stamp]:
    """The door's receipt for a post, signed inside the transaction that keeps it (envelope.md, RECEIPT)."""

    def sign(place: Place) -> Stamp:
        salt = secrets.token_bytes(order.SALT)
        document = {
            "v": 1,
            "suite": SUITE,
            "zone": b64(docket.published.zone),
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
        arrival = order.seal(docket.order, post.head["case"], place.place, Arrival(place.arrival, place.seq, salt))
        return Stamp(body, sig, arrival)

    return sign


def _commitment(docket: Docket, place: Place, salt: bytes) -> str:
    if not place.seq:
        return ""
    return b64(receipts.seq_commitment(docket.published.zone, unb64(place.epoch), place.seq, salt))


def cached(
    docket: Docket,
    channel: Channel,
    folded: Case,
    told: str,
    year: int,
    number: int,
    hour: int = -1,
    *,
    parent: Case | None = None,
) -> Cached:
    """What the store keeps beside the posts so that lists need no folding; ``doctor`` folds again and compares.

    `hour` of receipt is known for urgent reports only; `since` is the first day of the clock shown, "" when it is
    the reporter's own time, which is never overdue. `parent`: the case it is merged into."""
    clock, due = deadlines.soonest(folded.clocks, docket.process_of(channel), docket.years, hour)
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
        seated=_turn(docket, channel, folded, parent),
    )


def told(docket: Docket, channel: Channel, seen: Case, folded: Case, hour: int = -1) -> str:
    """The clocks of the case as its reporter may know them, JSON: those of the fold of what she is served, and of
    the office's pauses nothing but what they did to her days. `hour` is that of receipt of an urgent report."""
    clocks_told = deadlines.as_told(seen.clocks, folded.clocks)
    return json.dumps(clocks(docket, channel, replace(seen, clocks=clocks_told), hour), separators=(",", ":"))


def _turn(docket: Docket, channel: Channel, folded: Case, parent: Case | None) -> tuple[str, ...]:
    """The readers for whom something waits on the case: theirs to do, whatever it is."""
    listed = frozenset(each["person"] for each in channel["readers"])
    around = Around(docket.cosign, parent, listed, kind_of(channel["policy"]))
    return tuple(
        sorted(each["rid"] for each in channel["readers"] if waits_for(folded, each["roles"], each["person"], around))
    )


def _readers(channel: Channel, people: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted({each["rid"] for each in channel["readers"] if each["person"] in people}))
