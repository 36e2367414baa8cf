"""What goes into the case tables and comes out. Ids and hashes are b64u text, documents and blobs bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Bytes = bytes  # documents are called by their name below
Covers = tuple[tuple[str, int], ...]  # (item id, part): what a grant hands over


@dataclass(frozen=True, slots=True)
class NewItem:
    """`blob` is None for a large item, whose parts are here already."""

    id: str
    comp: str
    index: int
    length: int
    tree: str
    blob: bytes | None


@dataclass(frozen=True, slots=True)
class NewGrant:
    """`card`: id of the item of this grant that is the reader's list row, "" when it brings none."""

    row: int
    reader: str
    items: Covers
    sealed: bytes
    card: str = ""


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post the caller has checked against the chain: storage checks only that nothing came in between."""

    case: str
    hash: str
    vis: str
    no: int
    prev: str
    author: str
    pid: str
    kind: str
    day: str
    head: bytes
    sig: bytes
    body: bytes
    items: tuple[NewItem, ...] = ()
    grants: tuple[NewGrant, ...] = ()


@dataclass(frozen=True, slots=True)
class Cached:
    """What a case's row repeats of its fold. `hidden`: rids shut out for good; `seated`: whose it is now; `told`:
    the clocks as the reporter may know them, JSON."""

    state: str
    seen: str
    due: str = ""
    step: str = ""
    provisional: bool = False
    year: int = 0
    number: int = 0
    category: str = ""
    sector: str = ""
    since: str = ""
    told: str = "[]"
    hidden: tuple[str, ...] = ()
    seated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post stands: `seq` is the case's number in order of receipt, 0 on any post but the report; `arrival` is
    the post's own in the order of all posts, `place` where it stands in its case."""

    epoch: str
    seq: int
    arrival: int
    place: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """A signed receipt, and what only the process reads again, sealed: the order of receipt (crypto/order.py)."""

    bytes: Bytes
    sig: Bytes
    arrival: Bytes


Stamper = Callable[[Place], Stamp]


@dataclass(frozen=True, slots=True)
class Receipt:
    bytes: Bytes
    sig: Bytes


@dataclass(frozen=True, slots=True)
class Appended:
    """`fresh` is False when this very head was already there: the receipt is the first one's."""

    receipt: Receipt
    fresh: bool


@dataclass(frozen=True, slots=True)
class CaseRow:
    """`id` is the case's number inside the store, its day and bits drawn at random: it says no more than the day."""

    id: int
    case: str
    access: str
    channel: str
    office: str
    day: str
    hour: int
    urgent: bool
    head: str
    head_all: str
    count: int
    count_all: int
    state: str
    seen: str
    step: str
    due: str
    provisional: bool
    year: int
    number: int
    category: str
    sector: str
    since: str
    told: str


@dataclass(frozen=True, slots=True)
class PostRow:
    hash: str
    kind: str
    vis: str
    no: int
    prev: str
    author: str
    pid: str
    day: str
    head: bytes
    sig: bytes
    body: bytes | None
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class GrantRow:
    """`post` is the hash of the granting post, `row` the place in its body."""

    post: str
    row: int
    reader: str
    items: Covers
    sealed: bytes


@dataclass(frozen=True, slots=True)
class ReporterView:
    case: CaseRow
    posts: list[PostRow]
    grants: list[GrantRow]
    items: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Card:
    """A list row's sealed card: opened with author, pid, index of `carrier` and the grant of `granter`."""

    item: str
    index: int
    blob: bytes
    carrier: PostRow
    granter: PostRow
    row: int
    grant: bytes
