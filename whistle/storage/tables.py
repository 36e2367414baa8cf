"""Every table. Nothing of a reporter's is kept finer than a day, but the hour of an urgent report.

Ids, keys and hashes are canonical b64u text as in the documents; documents, signatures and sealed things are
bytes. Inside the database a case is a random number and a post its place in the case, and SQLite's
row numbers of posts, items and grants are drawn (rownumbers.py): the order in which reporters' posts came is kept
nowhere but sealed, in `posts.arrival` (crypto/order.py).
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

NO_DUE = "9999-12-31"  # a case without a deadline sorts last
_ID = BigInteger().with_variant(Integer, "sqlite")  # SQLite's INTEGER PRIMARY KEY is the row number itself


def _only(condition: str) -> dict[str, Any]:
    """An index of the rows where a boolean column, or a comparison, holds."""
    is_column = condition.isidentifier()
    return {"sqlite_where": text(f"{condition} = 1" if is_column else condition), "postgresql_where": text(condition)}


def _case_id() -> Any:
    """The case of a row, first in its key. References wait for the end of a transaction that asks for it: the nightly
    move takes a case out and puts it back (moving.py)."""
    link = ForeignKey("cases.id", deferrable=True)
    return Field(sa_column=Column("case_id", _ID, link, primary_key=True, autoincrement=False))


def _of_post() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["case_id", "place"], ["posts.case_id", "posts.place"], deferrable=True)


class Row(SQLModel):
    """The base of all tables: its own metadata, so that no other SQLModel in the process is created here."""

    metadata = MetaData()


class Meta(Row, table=True):
    __tablename__ = "meta"
    key: str = Field(primary_key=True)  # epoch, zone, restored_…, calendar:…, enterprises and the like
    value: str


class Counter(Row, table=True):
    """case, post, notice: raised inside the transaction that uses the number. Never max()+1."""

    __tablename__ = "counters"
    name: str = Field(primary_key=True)
    value: int


class DirectoryRow(Row, table=True):
    __tablename__ = "directories"
    no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hash: str = Field(unique=True)
    document: bytes
    sig: bytes
    roster: str  # hash of the roster it names


class ChannelRow(Row, table=True):
    __tablename__ = "channels"
    hash: str = Field(primary_key=True)
    id: str
    document: bytes


class RosterRow(Row, table=True):
    __tablename__ = "roster"
    hash: str = Field(primary_key=True)
    document: bytes
    sig: bytes


class Case(Row, table=True):
    """One row a case. All from `state` on is a cache of the fold: cases.cache_case alone writes it."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("cases_due", "due", "id"),
        Index("cases_urgent", "urgent", "due", "id", **_only("urgent")),
        Index("cases_state", "state", "due", "id"),
        Index("cases_category", "category", "due", "id"),
        Index("cases_sector", "sector", "due", "id"),
        Index("cases_number", "year", "number", "id"),
    )
    id: int = Field(primary_key=True, sa_type=_ID, sa_column_kwargs={"autoincrement": False})  # its day, then drawn
    case: str = Field(unique=True)
    access: str  # H("access v1\0" ‖ access), never a lookup key
    channel: str
    office: str  # that the channel belongs to, for ever
    day: str
    hour: int  # -1 unless urgent
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
    since: str  # first day of the clock that `due` ends, "" when it is the reporter's
    told: str  # the clocks as the reporter may know them, JSON


class Post(Row, table=True):
    """A case's posts by their place in it, 0, 1, 2 … (case, pid) is unique whoever the author is, as the envelope
    asks; (case, author, pid) follows."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("case_id", "prev", name="posts_prev"),
        UniqueConstraint("case_id", "pid", name="posts_pid"),
        Index("posts_day", "day", "case_id"),
        Index("posts_merges", "case_id", "place", **_only("kind = 'merge'")),
        Index("posts_withdrawn", "case_id", **_only("kind = 'withdraw.take'")),
    )
    case_id: int = _case_id()
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
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
    body: bytes | None  # forgotten on schedule; the head stays
    receipt: bytes
    receipt_sig: bytes
    arrival: bytes  # sealed: the order of receipt of post and case, and the salt of the receipt's seqc


class Item(Row, table=True):
    __tablename__ = "items"
    __table_args__ = (_of_post(),)
    case_id: int = _case_id()
    id: str = Field(primary_key=True)
    place: int  # of its post
    idx: int
    comp: str
    length: int
    tree: str
    blob: bytes | None  # None: a large one, which lies in parts, or a destroyed one
    gone: bool = False  # emptied by a signed `destroy`


class Part(Row, table=True):
    """A slice of a large item. It arrives before its post: `item` is "" until then, and its bytes lie in `object`."""

    __tablename__ = "parts"
    __table_args__ = (
        Index("parts_item", "case_id", "item", "n"),
        Index("parts_unposted", "day", **_only("item = ''")),
        {"sqlite_with_rowid": False},  # row numbers would keep the order of arrival
    )
    case_id: int = _case_id()
    author: str = Field(primary_key=True)
    pid: str = Field(primary_key=True)
    idx: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    n: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    length: int = Field(sa_type=BigInteger)  # of the whole blob, as part 0 declared it
    size: int
    hash: bytes
    name: str  # on part 0 the id that its bytes give the item
    object: str = Field(unique=True)
    day: str
    item: str


class Grant(Row, table=True):
    __tablename__ = "grants"
    __table_args__ = (_of_post(),)
    case_id: int = _case_id()  # a case has few: no index by reader is needed
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    row: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reader: str
    covers: str  # [[id, part], …] as in the body
    sealed: bytes


class Reader(Row, table=True):
    """What one reviewer has to do with one case: holds a grant, is shut out, is seated, has not read it."""

    __tablename__ = "readers"
    __table_args__ = (
        Index("readers_case", "case_id"),
        Index("readers_unread", "rid", "unread", "case_id", **_only("unread")),
        Index("readers_mine", "rid", "mine", "case_id", **_only("mine")),
        {"sqlite_with_rowid": False},
    )
    rid: str = Field(primary_key=True)
    case_id: int = _case_id()
    granted: bool
    hidden: bool
    mine: bool
    unread: bool
    card_item: str
    card_place: int  # of the granting post
    card_row: int


class Tally(Row, table=True):
    """How many cases of a channel are in a state: as one reader sees it, or "" for all."""

    __tablename__ = "tallies"
    whose: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    state: str = Field(primary_key=True)
    n: int


class Number(Row, table=True):
    """An office's own numbers 〔2026〕n号, without gaps."""

    __tablename__ = "numbers"
    office: str = Field(primary_key=True)
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(primary_key=True)
    last: int


class Paper(Row, table=True):
    """An official paper of a case has one number, however often it is printed."""

    __tablename__ = "papers"
    __table_args__ = (UniqueConstraint("office", "year", "kind", "number", name="papers_number"),)
    case_id: int = _case_id()
    kind: str = Field(primary_key=True)
    office: str
    year: int
    number: int


class Removal(Row, table=True):
    """What a destruction still leaves on the disk: an object to unlink, or "" for what the database's own files keep of
    the rows that were emptied."""

    __tablename__ = "removals"
    case_id: int = _case_id()
    object: str = Field(primary_key=True)
    since: int = Field(sa_type=BigInteger)


class Tomb(Row, table=True):
    """A signed `destroy` that the chain of a case lacks, for the case came back from a backup made before it: head,
    signature and body as they were signed, and how many posts the case had when it was carried out again."""

    __tablename__ = "tombs"
    case_id: int = _case_id()
    hash: str = Field(primary_key=True)
    head: bytes
    sig: bytes
    body: bytes
    place: int


class SpentNonce(Row, table=True):
    """Only a hash and the day: an expiry to the second would date a report."""

    __tablename__ = "spent"
    __table_args__ = {"sqlite_with_rowid": False}  # row numbers would keep the order of arrival
    nonce: str = Field(primary_key=True)
    day: str


class StaffRow(Row, table=True):
    __tablename__ = "staff"
    rid: str = Field(primary_key=True)
    login: str = Field(unique=True)
    person: str
    label: str
    status: str
    kem: bytes
    sig: bytes
    proof: bytes
    slots: str  # key slot documents, sealed by their owner


class InviteRow(Row, table=True):
    __tablename__ = "invites"
    id_hash: str = Field(primary_key=True)
    label: str
    login: str
    expires: str
    used_by: str


class SessionRow(Row, table=True):
    __tablename__ = "sessions"
    token_hash: str = Field(primary_key=True)
    rid: str = Field(index=True)
    expires: int = Field(sa_type=BigInteger)


class LedgerEntry(Row, table=True):
    """Each office's rows are a chain of their own. Append-only: triggers refuse UPDATE and DELETE. The columns behind
    the hash repeat the row, to find it."""

    __tablename__ = "ledger"
    __table_args__ = (
        Index("ledger_case", "office", "case", "no"),
        Index("ledger_kind", "office", "kind", "no"),
        Index("ledger_year", "office", "year", "no"),
    )
    office: str = Field(primary_key=True)
    no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    document: bytes
    hash: bytes
    kind: str
    corrects_kind: str
    year: int
    fen: int = Field(sa_type=BigInteger)
    case: str


class LedgerSum(Row, table=True):
    """What the ledger's rows of a fiscal year that are dated in a month add up to, by kind: entered with the row, so
    that no sum is made from all rows. Doctor makes them anew and compares."""

    __tablename__ = "ledger_sums"
    office: str = Field(primary_key=True)
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    month: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    corrects_kind: str = Field(primary_key=True)
    n: int
    fen: int = Field(sa_type=BigInteger)


class BookingRow(Row, table=True):
    """What finance signed for a ledger row it entered itself; rows of acts rest on their posts."""

    __tablename__ = "bookings"
    __table_args__ = (ForeignKeyConstraint(["office", "no"], ["ledger.office", "ledger.no"]),)
    office: str = Field(primary_key=True)
    no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    pid: str = Field(unique=True)
    document: bytes
    sig: bytes


class AuditEntry(Row, table=True):
    """Append-only like the ledger. What staff did and opened; never anything of a reporter. The columns behind the hash
    repeat the row, to find it: who opened a case, what a person opened, what was opened on a day, in which office."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("audit_case", "case", "day", "minute"),
        Index("audit_rid", "rid", "day", "minute"),
        Index("audit_day", "day", "minute"),
        Index("audit_office", "office", "no"),
    )
    no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    document: bytes
    hash: bytes
    rid: str
    case: str
    day: str
    minute: str  # hh:mm in the zone, "" where a minute would tell when a report came
    office: str


class WaitingEntry(Row, table=True):
    """What was opened before the office acted on it: its minute, or its place among other rows, would say when the
    report was there already. It joins the audit at night, in random order; the same again on one day is one row."""

    __tablename__ = "today_audit"
    __table_args__ = ({"sqlite_with_rowid": False},)  # row numbers would keep the order
    case: str = Field(primary_key=True)
    rid: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    act: str = Field(primary_key=True)
    item: str = Field(primary_key=True)
    note: str = Field(primary_key=True)
    outcome: str = Field(primary_key=True)
    office: str = Field(primary_key=True)


class OutboxRow(Row, table=True):
    """Of an earlier release, which wrote nothing into it; `notices` took its place. Migrations only add."""

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_waiting", "worker", "day"),)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str
    rid: str
    day: str
    data: str
    worker: str
    tries: int


class DestinationRow(Row, table=True):
    """Where a reviewer wants to be told that there is something to look at: his own address, never a reporter's."""

    __tablename__ = "destinations"
    id: str = Field(primary_key=True)
    rid: str = Field(index=True)
    kind: str  # mail, wecom, dingtalk, feishu, json
    address: str
    secret: str  # with which a webhook's messages are signed, "" for none
    label: str
    added: str  # day
    active: bool
    urgent: bool
    said: str  # how the last try ended: a code, "" before the first
    dropped: int  # given up since the last that arrived


class NoticeRow(Row, table=True):
    """A message that is due, without content: a person, a destination and a slot have one, drawn once. A worker claims
    a row by a conditional update. Rows of urgent messages go soon: their minute is that of a report."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("notices_waiting", "next_try", **_only("state = 'waiting'")),
        {"sqlite_with_rowid": False},
    )
    rid: str = Field(primary_key=True)
    destination: str = Field(primary_key=True, foreign_key="destinations.id")
    slot: str = Field(primary_key=True)  # minute of the zone, then what it is (notices/schedule.py)
    message: str  # what stands before the @ of its Message-ID
    state: str  # waiting, sent, dropped
    tries: int
    next_try: int = Field(sa_type=BigInteger)  # Unix seconds, as the next
    claimed_until: int = Field(sa_type=BigInteger)


class DrawerRow(Row, table=True):
    """What a reviewer keeps for himself, by office; sealed to his key, so that nobody else opens it."""

    __tablename__ = "drawers"
    rid: str = Field(primary_key=True)
    office: str = Field(primary_key=True)
    rev: int
    sealed: bytes


def _table(model: type[Row]) -> Table:
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


meta, counters = _table(Meta), _table(Counter)
directories, channels, roster = _table(DirectoryRow), _table(ChannelRow), _table(RosterRow)
cases, posts, items, grants = _table(Case), _table(Post), _table(Item), _table(Grant)
parts, removals, tombs = _table(Part), _table(Removal), _table(Tomb)
readers, tallies, numbers, papers = _table(Reader), _table(Tally), _table(Number), _table(Paper)
spent = _table(SpentNonce)
staff, invites, sessions = _table(StaffRow), _table(InviteRow), _table(SessionRow)
ledger, audit, outbox = _table(LedgerEntry), _table(AuditEntry), _table(OutboxRow)
ledger_sums, bookings = _table(LedgerSum), _table(BookingRow)
destinations, notices = _table(DestinationRow), _table(NoticeRow)
today_audit, drawers = _table(WaitingEntry), _table(DrawerRow)
ALL = Row.metadata.sorted_tables
