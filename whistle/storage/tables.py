"""Every table. Nothing of a reporter's is kept finer than a day, but the hour of an urgent report.

Ids, keys and hashes are canonical b64u text as in the documents; documents, signatures and sealed things are
bytes. Inside the database a case is its sequence number and a post its order of arrival, so that new
rows land
at the end of their trees, however many cases there are.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import BigInteger, Index, MetaData, Table, UniqueConstraint, text
from sqlmodel import Field, SQLModel

NO_DUE = "9999-12-31"  # a case without a deadline sorts last


def _only(column: str) -> dict[str, Any]:
    """An index of the rows where a boolean holds."""
    return {"sqlite_where": text(f"{column} = 1"), "postgresql_where": text(column)}


class Row(SQLModel):
    """The base of all tables: its own metadata, so that no other SQLModel in the process is created here."""

    metadata = MetaData()


class Meta(Row, table=True):
    __tablename__ = "meta"
    key: str = Field(primary_key=True)  # epoch, zone, restored_from
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
        Index("cases_due", "due", "seq"),
        Index("cases_urgent", "urgent", "due", "seq", **_only("urgent")),
        Index("cases_state", "state", "due", "seq"),
        Index("cases_category", "category", "due", "seq"),
        Index("cases_sector", "sector", "due", "seq"),
        Index("cases_number", "year", "number", "seq"),
    )
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})  # order of receipt, from 1
    case: str = Field(unique=True)
    access: str  # H("access v1\0" ‖ access), never a lookup key
    channel: str
    day: str
    hour: int  # -1 unless urgent
    urgent: bool
    salt: bytes  # opens seqc of the receipt to the auditor
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
    """(case, pid) is unique whoever the author is, as the envelope asks; (case, author, pid) follows."""

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("case_seq", "vis", "no", name="posts_no"),
        UniqueConstraint("case_seq", "prev", name="posts_prev"),
        UniqueConstraint("case_seq", "pid", name="posts_pid"),
        Index("posts_day", "day", "case_seq"),
    )
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})  # order of arrival, from 1
    case_seq: int = Field(foreign_key="cases.seq")
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


class Item(Row, table=True):
    __tablename__ = "items"
    case_seq: int = Field(primary_key=True, foreign_key="cases.seq")
    id: str = Field(primary_key=True)
    post_id: int = Field(foreign_key="posts.id")
    idx: int
    comp: str
    length: int
    tree: str
    blob: bytes | None


class Grant(Row, table=True):
    __tablename__ = "grants"
    case_seq: int = Field(primary_key=True, foreign_key="cases.seq")  # a case has few: no index by reader is needed
    post_id: int = Field(primary_key=True, foreign_key="posts.id")
    row: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reader: str
    covers: str  # [[id, part], …] as in the body
    sealed: bytes


class Reader(Row, table=True):
    """What one reviewer has to do with one case: holds a grant, is shut out, is seated, has not read it."""

    __tablename__ = "readers"
    __table_args__ = (
        Index("readers_case", "case_seq"),
        Index("readers_unread", "rid", "unread", "case_seq", **_only("unread")),
        Index("readers_mine", "rid", "mine", "case_seq", **_only("mine")),
        {"sqlite_with_rowid": False},
    )
    rid: str = Field(primary_key=True)
    case_seq: int = Field(primary_key=True, foreign_key="cases.seq")
    granted: bool
    hidden: bool
    mine: bool
    unread: bool
    card_item: str
    card_post: int  # the granting post
    card_row: int


class Tally(Row, table=True):
    """How many cases of a channel are in a state: as one reader sees it, or "" for all."""

    __tablename__ = "tallies"
    whose: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    state: str = Field(primary_key=True)
    n: int


class Number(Row, table=True):
    """The office's own numbers 〔2026〕n号, without gaps."""

    __tablename__ = "numbers"
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(primary_key=True)
    last: int


class Paper(Row, table=True):
    """An official paper of a case has one number, however often it is printed."""

    __tablename__ = "papers"
    __table_args__ = (UniqueConstraint("year", "kind", "number", name="papers_number"),)
    case_seq: int = Field(primary_key=True, foreign_key="cases.seq")
    kind: str = Field(primary_key=True)
    year: int
    number: int


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
    """Append-only: triggers refuse UPDATE and DELETE. The columns behind the hash repeat the row, for sums."""

    __tablename__ = "ledger"
    __table_args__ = (Index("ledger_case", "case", "no"), Index("ledger_kind", "kind", "no"))
    no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    document: bytes
    hash: bytes
    kind: str
    corrects_kind: str
    year: int
    fen: int = Field(sa_type=BigInteger)
    case: str


class AuditEntry(Row, table=True):
    """Append-only like the ledger. Staff's acts; never anything of a reporter."""

    __tablename__ = "audit"
    no: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    document: bytes
    hash: bytes


class OutboxRow(Row, table=True):
    """Notices without content, waiting to be sent. A worker claims a row by a conditional update."""

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_waiting", "worker", "day"),)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str
    rid: str
    day: str
    data: str
    worker: str
    tries: int


def _table(model: type[Row]) -> Table:
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


meta, counters = _table(Meta), _table(Counter)
directories, channels, roster = _table(DirectoryRow), _table(ChannelRow), _table(RosterRow)
cases, posts, items, grants = _table(Case), _table(Post), _table(Item), _table(Grant)
readers, tallies, numbers, papers = _table(Reader), _table(Tally), _table(Number), _table(Paper)
spent = _table(SpentNonce)
staff, invites, sessions = _table(StaffRow), _table(InviteRow), _table(SessionRow)
ledger, audit, outbox = _table(LedgerEntry), _table(AuditEntry), _table(OutboxRow)
ALL = Row.metadata.sorted_tables
