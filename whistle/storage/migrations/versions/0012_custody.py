"""Which items a signed `destroy` has emptied, and what of them is still to be removed from the disk.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("items", sa.Column("gone", sa.Boolean(), nullable=False, server_default=sa.false()))
    taken = sa.text("kind = 'withdraw.take'")
    op.create_index("posts_withdrawn", "posts", ["case_id"], sqlite_where=taken, postgresql_where=taken)
    op.create_table(
        "removals",
        sa.Column("case_id", ID, nullable=False, autoincrement=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], deferrable=True),
        sa.PrimaryKeyConstraint("case_id", "object"),
    )


    op.create_table(
        "tombs",
        sa.Column("case_id", ID, nullable=False, autoincrement=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("sig", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], deferrable=True),
        sa.PrimaryKeyConstraint("case_id", "hash"),
    )


def downgrade() -> None:
    op.drop_index("posts_withdrawn", "posts")
    op.drop_table("tombs")
    op.drop_table("removals")
    op.drop_column("items", "gone")
