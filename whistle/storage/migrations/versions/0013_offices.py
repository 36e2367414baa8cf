"""Every case, number, paper, row of the ledger and of the audit belongs to an office; what stands already is the zone's own, but for
cases in a channel whose policy names another office: these are that office's, and its numbers go on behind theirs.

A primary key is changed by a new table into which the rows are copied, on both databases alike.

Revision ID: 0013
"""

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ZONE = "zone"
NUMBERS = """
INSERT INTO numbers (office, year, kind, last)
SELECT office, year, 'case', MAX(number) FROM cases WHERE office <> 'zone' AND number > 0 GROUP BY office, year
"""
PAPERS = """
INSERT INTO numbers (office, year, kind, last)
SELECT office, year, 'paper.' || kind, MAX(number) FROM papers WHERE office <> 'zone' GROUP BY office, year, kind
"""


def upgrade() -> None:
    op.add_column("cases", sa.Column("office", sa.String(), nullable=False, server_default=ZONE))
    op.add_column("audit", sa.Column("office", sa.String(), nullable=False, server_default=ZONE))
    op.create_index("audit_office", "audit", ["office", "no"])
    for channel, office in elsewhere(op.get_bind()).items():
        moved = sa.text("UPDATE cases SET office = :office WHERE channel = :channel")
        op.get_bind().execute(moved, {"office": office, "channel": channel})
    rebuild(with_office, add=f"'{ZONE}'")
    op.execute("UPDATE papers SET office = (SELECT office FROM cases WHERE cases.id = papers.case_id)")
    op.execute(NUMBERS)
    op.execute(PAPERS)


def downgrade() -> None:
    tables = ("cases", "ledger", "numbers")
    if any(op.get_bind().execute(sa.text(f"SELECT 1 FROM {name} WHERE office <> 'zone'")).first() for name in tables):
        # An earlier release would give two cases one number, and has one ledger: nothing may be lost in between.
        raise sa.exc.IntegrityError("another office has cases or money of its own", None, ValueError())
    rebuild(without_office, add="")
    op.drop_column("cases", "office")
    op.drop_index("audit_office", "audit")
    op.drop_column("audit", "office")


def elsewhere(tx: sa.Connection) -> dict[str, str]:
    """The channels that ever belonged to another office, by their id (envelope.md: policy is kind ":" office)."""
    found = {}
    for document in tx.execute(sa.text("SELECT document FROM channels")).scalars():
        name, policy = place(document)
        _, colon, office = policy.partition(":")
        if colon and office != ZONE:
            found[name] = office
    return found


def place(document: bytes) -> tuple[str, str]:
    """Id and policy of a channel; what cannot be read is no reason to stop, doctor names it."""
    try:
        channel = json.loads(bytes(document))
        return str(channel["id"]), str(channel["policy"])
    except (ValueError, KeyError, TypeError):
        return "", ""


def rebuild(shaped: Callable[[sa.MetaData], None], add: str) -> None:
    """Copy the rows of four tables into tables of another shape under their old names: `add` is what a column holds
    that the old shape lacks."""
    made = sa.MetaData()
    made.reflect(op.get_bind(), only=["cases"])
    shaped(made)
    for name in ("bookings", "ledger_sums", "ledger", "numbers", "papers"):
        op.rename_table(name, f"{name}_before")
    for index in ("ledger_case", "ledger_kind", "ledger_year"):
        op.drop_index(index, "ledger_before")
    for name in ("ledger", "ledger_sums", "bookings", "numbers", "papers"):
        clear_names(name)
        made.tables[name].create(op.get_bind())
        columns = [f'"{column.name}"' for column in made.tables[name].columns]
        held = [add if column == '"office"' and add else column for column in columns]
        op.execute(f"INSERT INTO {name} ({', '.join(columns)}) SELECT {', '.join(held)} FROM {name}_before")
    for name in ("bookings", "ledger_sums", "ledger", "numbers", "papers"):
        op.drop_table(f"{name}_before")
    refuse_changes("ledger")


def clear_names(name: str) -> None:
    """PostgreSQL keeps a renamed table's constraints under their old names, which the new one needs."""
    if op.get_bind().dialect.name != "postgresql":
        return
    found = sa.text("SELECT conname FROM pg_constraint WHERE conrelid = CAST(:table AS regclass)")
    for constraint in op.get_bind().execute(found, {"table": f"{name}_before"}).scalars().all():
        op.execute(f'ALTER TABLE {name}_before RENAME CONSTRAINT "{constraint}" TO "{constraint}_before"')


def refuse_changes(table: str) -> None:
    """As migration 0001: what was entered stays. The triggers went with the old table."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'append only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
    )


def with_office(made: sa.MetaData) -> None:
    tables(made, "office")


def without_office(made: sa.MetaData) -> None:
    tables(made)


def tables(made: sa.MetaData, *office: str) -> None:
    """The five tables, `office` first in every key or not at all."""
    shape(made, "ledger", [*office, "no"], {"document": B, "hash": B, "kind": S, "corrects_kind": S, "year": I, "fen": L, "case": S})
    for name in ("case", "kind", "year"):
        sa.Index(f"ledger_{name}", *(made.tables["ledger"].c[each] for each in (*office, name, "no")))
    shape(made, "ledger_sums", [*office, "year", "month", "kind", "corrects_kind"], {"n": I, "fen": L})
    ledger = sa.ForeignKeyConstraint([*office, "no"], [f"ledger.{each}" for each in (*office, "no")])
    shape(made, "bookings", [*office, "no"], {"pid": S, "document": B, "sig": B}, sa.UniqueConstraint("pid"), ledger)
    shape(made, "numbers", [*office, "year", "kind"], {"last": I})
    case = sa.ForeignKeyConstraint(["case_id"], ["cases.id"], deferrable=True)
    one = sa.UniqueConstraint(*office, "year", "kind", "number", name="papers_number")
    shape(made, "papers", ["case_id", "kind"], {**dict.fromkeys(office, S), "year": I, "number": I}, one, case)


Kind = sa.types.TypeEngine[Any]
S, I, L, B = sa.String(), sa.Integer(), sa.BigInteger(), sa.LargeBinary()
KEYS: dict[str, Kind] = {"no": I, "year": I, "case_id": ID}


def shape(made: sa.MetaData, name: str, key: list[str], columns: dict[str, Kind], *rules: sa.Constraint) -> None:
    """A table of this primary key and these columns, none of which may be empty."""
    first = [sa.Column(each, KEYS.get(each, S), autoincrement=False, nullable=False) for each in key]
    rest: list[sa.Column[Any]] = [sa.Column(each, kind, nullable=False) for each, kind in columns.items()]
    sa.Table(name, made, *first, *rest, sa.PrimaryKeyConstraint(*key), *rules)
