"""The ledger's sums by year, month and kind, kept beside its rows: made here once from all of them.

A row that cannot be read counts in no month; doctor names it, as before.

Revision ID: 0009
"""

import json
from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = ("year", "month", "kind", "corrects_kind")
ROWS = sa.text("SELECT year, kind, corrects_kind, fen, document FROM ledger")
A_THOUSAND = {"yield_per": 1000}


def upgrade() -> None:
    made = op.create_table(
        "ledger_sums",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("corrects_kind", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY),
    )
    counted, fens = Counter[tuple[object, ...]](), Counter[tuple[object, ...]]()
    for year, kind, corrects_kind, fen, document in op.get_bind().execute(ROWS, execution_options=A_THOUSAND):
        key = (year, month(document), kind, corrects_kind)
        counted[key] += 1
        fens[key] += fen
    rows = [{**dict(zip(KEY, key, strict=True)), "n": n, "fen": fens[key]} for key, n in counted.items()]
    op.bulk_insert(made, rows)


def month(document: bytes) -> str:
    try:
        return str(json.loads(bytes(document))["day"])[:7]
    except (ValueError, KeyError, TypeError):
        return ""


def downgrade() -> None:
    op.drop_table("ledger_sums")
