"""Parts of large files.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parts",
        sa.Column("case_seq", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("pid", sa.String(), nullable=False),
        sa.Column("idx", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False, unique=True),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_seq"], ["cases.seq"]),
        sa.PrimaryKeyConstraint("case_seq", "author", "pid", "idx", "n"),
        sqlite_with_rowid=False,
    )
    op.create_index("parts_item", "parts", ["case_seq", "item", "n"])
    unposted = sa.text("item = ''")
    op.create_index("parts_unposted", "parts", ["day"], sqlite_where=unposted, postgresql_where=unposted)


def downgrade() -> None:
    op.drop_table("parts")
