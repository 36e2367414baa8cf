"""No order of arrival: random keys, posts by their place in the case, the order of receipt sealed.

Every row of a case is written anew, in the order of its new random key: old pages keep the order in which reports came.
In one transaction: a kill on the way leaves the earlier version as it was.

Revision ID: 0006
"""

import os
import secrets
import struct
from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import context, op
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FORM = struct.Struct(">QQ32s")  # the post's number, its case's or 0, the salt of the receipt's seqc
NONCE = 12
ASIDE = "whistle_step"  # where the tables of the other version stand meanwhile
TABLES = ("cases", "posts", "items", "grants", "readers", "parts", "papers")  # parents first
INDEXES = (
    "cases_category", "cases_due", "cases_number", "cases_sector", "cases_state", "cases_urgent",
    "posts_day", "readers_case", "readers_mine", "readers_unread", "parts_item", "parts_unposted",
)  # fmt: skip
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite's INTEGER PRIMARY KEY is the row number itself
Tables = dict[str, sa.Table]
Row = dict[str, Any]


def upgrade() -> None:
    tx = op.get_bind()
    old = put_aside(tx, "case_seq")
    new = create(tx, new_shape)
    key = needed_key(tx, old)
    cases = tx.execute(sa.select(old["cases"].c.day, old["cases"].c.seq)).all()
    tx.execute(sa.text("DELETE FROM meta WHERE key IN ('moved', 'moved_on', 'moved_files')"))
    for id_, seq in sorted((new_id(day), seq) for day, seq in cases):
        move_up(tx, old, new, key, seq, id_)
    day = tx.execute(sa.select(sa.func.max(new["posts"].c.day))).scalar()
    if day:
        tx.execute(sa.text("INSERT INTO meta (key, value) VALUES ('moved', :day)"), {"day": day})
    drop(tx, old)


def downgrade() -> None:
    tx = op.get_bind()
    old = put_aside(tx, "case_id")
    new = create(tx, old_shape)
    key = needed_key(tx, old)
    for id_ in tx.execute(sa.select(old["cases"].c.id)).scalars().all():
        move_down(tx, old, new, key, id_)
    tx.execute(sa.text("DELETE FROM meta WHERE key IN ('moved', 'moved_on', 'moved_files')"))
    drop(tx, old)


def move_up(tx: sa.Connection, old: Tables, new: Tables, key: bytes, seq: int, id_: int) -> None:
    """One case under its new key."""
    (case,) = rows(tx, old["cases"], "seq", seq)
    posts = sorted(rows(tx, old["posts"], "case_seq", seq), key=lambda post: post["id"])
    places = {post["id"]: place for place, post in enumerate(posts)}
    for post in posts:
        place = places[post["id"]]
        numbers = (post["id"], 0 if place else seq, secrets.token_bytes(32) if place else case["salt"])
        post |= {"place": place, "arrival": seal(key, case["case"], place, numbers)}
    put(tx, new["cases"], [case | {"id": id_}])
    put(tx, new["posts"], [post | {"case_id": id_} for post in posts])
    for name in ("items", "grants"):
        found = rows(tx, old[name], "case_seq", seq)
        put(tx, new[name], [row | {"case_id": id_, "place": places[row["post_id"]]} for row in found])
    found = rows(tx, old["readers"], "case_seq", seq)
    put(tx, new["readers"], [row | {"case_id": id_, "card_place": places.get(row["card_post"], 0)} for row in found])
    for name in ("parts", "papers"):
        put(tx, new[name], [row | {"case_id": id_} for row in rows(tx, old[name], "case_seq", seq)])


def move_down(tx: sa.Connection, old: Tables, new: Tables, key: bytes, id_: int) -> None:
    """One case under its number in the order of receipt."""
    (case,) = rows(tx, old["cases"], "id", id_)
    posts = rows(tx, old["posts"], "case_id", id_)
    opened = {post["place"]: open_(key, case["case"], post["place"], post["arrival"]) for post in posts}
    seq, salt = next((seq, salt) for _, seq, salt in opened.values() if seq)
    numbers = {place: number for place, (number, _, _) in opened.items()}
    put(tx, new["cases"], [case | {"seq": seq, "salt": salt}])
    put(tx, new["posts"], [post | {"case_seq": seq, "id": numbers[post["place"]]} for post in posts])
    for name in ("items", "grants"):
        found = rows(tx, old[name], "case_id", id_)
        put(tx, new[name], [row | {"case_seq": seq, "post_id": numbers[row["place"]]} for row in found])
    found = rows(tx, old["readers"], "case_id", id_)
    put(tx, new["readers"], [row | {"case_seq": seq, "card_post": card(row, numbers)} for row in found])
    for name in ("parts", "papers"):
        put(tx, new[name], [row | {"case_seq": seq} for row in rows(tx, old[name], "case_id", id_)])


def new_id(day: str) -> int:
    """The day and 43 bits at random."""
    return date.fromisoformat(day).toordinal() << 43 | secrets.randbits(43)


def card(reader: Row, numbers: dict[int, int]) -> int:
    return numbers[reader["card_place"]] if reader["card_item"] else 0


def rows(tx: sa.Connection, table: sa.Table, column: str, value: int) -> list[Row]:
    return [dict(row) for row in tx.execute(sa.select(table).where(table.c[column] == value)).mappings()]


def put(tx: sa.Connection, table: sa.Table, values: list[Row]) -> None:
    if values:
        tx.execute(sa.insert(table), [{name: row[name] for name in table.c.keys()} for row in values])


def seal(key: bytes, case: str, place: int, numbers: tuple[int, int, bytes]) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, FORM.pack(*numbers), bound(case, place))


def open_(key: bytes, case: str, place: int, sealed: bytes) -> tuple[int, int, bytes]:
    number, seq, salt = FORM.unpack(AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound(case, place)))
    return number, seq, salt


def bound(case: str, place: int) -> bytes:
    return b"order v1\0" + case.encode() + b"\0" + str(place).encode()


def needed_key(tx: sa.Connection, old: Tables) -> bytes:
    """The installation's key, asked for where posts are stored."""
    stored = tx.execute(sa.select(old["posts"].c.hash).limit(1)).first()
    key: bytes = context.config.attributes["order_key"]() if stored else b""
    return key


def put_aside(tx: sa.Connection, of_case: str) -> Tables:
    """The tables as they are, under other names: a schema of PostgreSQL, a prefix on SQLite, where an index's name is
    the whole database's. By the case, which `of_case` holds, each is found without being read to its end."""
    if tx.dialect.name == "postgresql":
        op.execute(f"CREATE SCHEMA {ASIDE}")
        for name in TABLES:
            op.execute(f"ALTER TABLE {name} SET SCHEMA {ASIDE}")
    else:
        for name in INDEXES:
            op.execute(f"DROP INDEX IF EXISTS {name}")
        for name in TABLES:
            op.execute(f"ALTER TABLE {name} RENAME TO {ASIDE}_{name}")
        op.execute(f"CREATE INDEX {ASIDE}_case ON {ASIDE}_readers ({of_case})")
    return {name: aside(tx, name) for name in TABLES}


def aside(tx: sa.Connection, name: str) -> sa.Table:
    schema = ASIDE if tx.dialect.name == "postgresql" else None
    called = name if schema else f"{ASIDE}_{name}"
    return sa.Table(called, sa.MetaData(), autoload_with=tx, resolve_fks=False, schema=schema)


def drop(tx: sa.Connection, old: Tables) -> None:
    for name in reversed(TABLES):
        op.execute(sa.schema.DropTable(old[name]))
    if tx.dialect.name == "postgresql":
        op.execute(f"DROP SCHEMA {ASIDE}")


def create(tx: sa.Connection, shape: Callable[[sa.MetaData], None]) -> Tables:
    made = sa.MetaData()
    shape(made)
    made.create_all(tx, checkfirst=False)
    return dict(made.tables)


def column(name: str, kind: type[Any], **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind(), nullable=False, **more)


def only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(f"{condition} = 1"), "postgresql_where": sa.text(condition)}


def case_id() -> sa.Column[Any]:
    return sa.Column("case_id", ID, sa.ForeignKey("cases.id", deferrable=True), primary_key=True, autoincrement=False)


def of_post() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["case_id", "place"], ["posts.case_id", "posts.place"], deferrable=True)


def case_seq() -> sa.Column[Any]:
    return sa.Column("case_seq", sa.ForeignKey("cases.seq"), primary_key=True)


def new_shape(made: sa.MetaData) -> None:
    sa.Table(
        "cases", made,
        sa.Column("id", ID, primary_key=True, autoincrement=False), column("case", sa.String, unique=True),
        *map(lambda name: column(name, sa.String), ("access", "channel", "day")),
        column("hour", sa.Integer), column("urgent", sa.Boolean),
        *map(lambda name: column(name, sa.String), ("head", "head_all")),
        column("count", sa.Integer), column("count_all", sa.Integer),
        *map(lambda name: column(name, sa.String), ("state", "seen", "step", "due")),
        column("provisional", sa.Boolean), column("year", sa.Integer), column("number", sa.Integer),
        *map(lambda name: column(name, sa.String), ("category", "sector", "since", "told")),
        sa.Index("cases_due", "due", "id"),
        sa.Index("cases_urgent", "urgent", "due", "id", **only("urgent")),
        sa.Index("cases_state", "state", "due", "id"),
        sa.Index("cases_category", "category", "due", "id"),
        sa.Index("cases_sector", "sector", "due", "id"),
        sa.Index("cases_number", "year", "number", "id"),
    )  # fmt: skip
    sa.Table(
        "posts", made,
        case_id(), sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        *map(lambda name: column(name, sa.String), ("hash", "kind", "vis")),
        column("no", sa.Integer),
        *map(lambda name: column(name, sa.String), ("prev", "author", "pid", "day")),
        column("head", sa.LargeBinary), column("sig", sa.LargeBinary), sa.Column("body", sa.LargeBinary()),
        column("receipt", sa.LargeBinary), column("receipt_sig", sa.LargeBinary),
        column("arrival", sa.LargeBinary),
        sa.UniqueConstraint("case_id", "prev", name="posts_prev"),
        sa.UniqueConstraint("case_id", "pid", name="posts_pid"),
        sa.Index("posts_day", "day", "case_id"),
    )  # fmt: skip
    sa.Table(
        "items", made,
        case_id(),
        sa.Column("id", sa.String(), primary_key=True),
        column("place", sa.Integer),
        column("idx", sa.Integer), column("comp", sa.String), column("length", sa.Integer), column("tree", sa.String),
        sa.Column("blob", sa.LargeBinary()),
        of_post(),
    )  # fmt: skip
    sa.Table(
        "grants", made,
        case_id(),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("row", sa.Integer(), primary_key=True, autoincrement=False),
        column("reader", sa.String), column("covers", sa.String), column("sealed", sa.LargeBinary),
        of_post(),
    )  # fmt: skip
    sa.Table(
        "readers", made,
        sa.Column("rid", sa.String(), primary_key=True),
        case_id(),
        *map(lambda name: column(name, sa.Boolean), ("granted", "hidden", "mine", "unread")),
        column("card_item", sa.String), column("card_place", sa.Integer), column("card_row", sa.Integer),
        sa.Index("readers_case", "case_id"),
        sa.Index("readers_unread", "rid", "unread", "case_id", **only("unread")),
        sa.Index("readers_mine", "rid", "mine", "case_id", **only("mine")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    unposted = sa.text("item = ''")
    sa.Table(
        "parts", made,
        case_id(),
        sa.Column("author", sa.String(), primary_key=True),
        sa.Column("pid", sa.String(), primary_key=True),
        sa.Column("idx", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("n", sa.Integer(), primary_key=True, autoincrement=False),
        column("length", sa.BigInteger), column("size", sa.Integer), column("hash", sa.LargeBinary),
        column("name", sa.String), column("object", sa.String, unique=True), column("day", sa.String),
        column("item", sa.String),
        sa.Index("parts_item", "case_id", "item", "n"),
        sa.Index("parts_unposted", "day", sqlite_where=unposted, postgresql_where=unposted),
        sqlite_with_rowid=False,
    )  # fmt: skip
    sa.Table(
        "papers", made,
        case_id(),
        sa.Column("kind", sa.String(), primary_key=True),
        column("year", sa.Integer), column("number", sa.Integer),
        sa.UniqueConstraint("year", "kind", "number", name="papers_number"),
    )  # fmt: skip


def old_shape(made: sa.MetaData) -> None:
    sa.Table(
        "cases", made,
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False), column("case", sa.String, unique=True),
        *map(lambda name: column(name, sa.String), ("access", "channel", "day")),
        column("hour", sa.Integer), column("urgent", sa.Boolean), column("salt", sa.LargeBinary),
        *map(lambda name: column(name, sa.String), ("head", "head_all")),
        column("count", sa.Integer), column("count_all", sa.Integer),
        *map(lambda name: column(name, sa.String), ("state", "seen", "step", "due")),
        column("provisional", sa.Boolean), column("year", sa.Integer), column("number", sa.Integer),
        *map(lambda name: column(name, sa.String), ("category", "sector", "since", "told")),
        sa.Index("cases_due", "due", "seq"),
        sa.Index("cases_urgent", "urgent", "due", "seq", **only("urgent")),
        sa.Index("cases_state", "state", "due", "seq"),
        sa.Index("cases_category", "category", "due", "seq"),
        sa.Index("cases_sector", "sector", "due", "seq"),
        sa.Index("cases_number", "year", "number", "seq"),
    )  # fmt: skip
    sa.Table(
        "posts", made,
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("case_seq", sa.ForeignKey("cases.seq"), nullable=False),
        *map(lambda name: column(name, sa.String), ("hash", "kind", "vis")),
        column("no", sa.Integer),
        *map(lambda name: column(name, sa.String), ("prev", "author", "pid", "day")),
        column("head", sa.LargeBinary), column("sig", sa.LargeBinary), sa.Column("body", sa.LargeBinary()),
        column("receipt", sa.LargeBinary), column("receipt_sig", sa.LargeBinary),
        sa.UniqueConstraint("case_seq", "vis", "no", name="posts_no"),
        sa.UniqueConstraint("case_seq", "prev", name="posts_prev"),
        sa.UniqueConstraint("case_seq", "pid", name="posts_pid"),
        sa.Index("posts_day", "day", "case_seq"),
    )  # fmt: skip
    sa.Table(
        "items", made,
        case_seq(),
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("post_id", sa.ForeignKey("posts.id"), nullable=False),
        column("idx", sa.Integer), column("comp", sa.String), column("length", sa.Integer), column("tree", sa.String),
        sa.Column("blob", sa.LargeBinary()),
    )  # fmt: skip
    sa.Table(
        "grants", made,
        case_seq(),
        sa.Column("post_id", sa.ForeignKey("posts.id"), primary_key=True),
        sa.Column("row", sa.Integer(), primary_key=True, autoincrement=False),
        column("reader", sa.String), column("covers", sa.String), column("sealed", sa.LargeBinary),
    )  # fmt: skip
    sa.Table(
        "readers", made,
        sa.Column("rid", sa.String(), primary_key=True),
        case_seq(),
        *map(lambda name: column(name, sa.Boolean), ("granted", "hidden", "mine", "unread")),
        column("card_item", sa.String), column("card_post", sa.Integer), column("card_row", sa.Integer),
        sa.Index("readers_case", "case_seq"),
        sa.Index("readers_unread", "rid", "unread", "case_seq", **only("unread")),
        sa.Index("readers_mine", "rid", "mine", "case_seq", **only("mine")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    unposted = sa.text("item = ''")
    sa.Table(
        "parts", made,
        case_seq(),
        sa.Column("author", sa.String(), primary_key=True),
        sa.Column("pid", sa.String(), primary_key=True),
        sa.Column("idx", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("n", sa.Integer(), primary_key=True, autoincrement=False),
        column("length", sa.BigInteger), column("size", sa.Integer), column("hash", sa.LargeBinary),
        column("name", sa.String), column("object", sa.String, unique=True), column("day", sa.String),
        column("item", sa.String),
        sa.Index("parts_item", "case_seq", "item", "n"),
        sa.Index("parts_unposted", "day", sqlite_where=unposted, postgresql_where=unposted),
        sqlite_with_rowid=False,
    )  # fmt: skip
    sa.Table(
        "papers", made,
        case_seq(),
        sa.Column("kind", sa.String(), primary_key=True),
        column("year", sa.Integer), column("number", sa.Integer),
        sa.UniqueConstraint("year", "kind", "number", name="papers_number"),
    )  # fmt: skip
