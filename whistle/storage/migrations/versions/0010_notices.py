"""Where reviewers are told, and what waits to be sent there.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "destinations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("rid", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("added", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("dropped", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_destinations_rid", "destinations", ["rid"])
    op.create_table(
        "notices",
        sa.Column("rid", sa.String(), nullable=False),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.BigInteger(), nullable=False),
        sa.Column("claimed_until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["destination"], ["destinations.id"]),
        sa.PrimaryKeyConstraint("rid", "destination", "slot"),
        sqlite_with_rowid=False,
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index("notices_waiting", "notices", ["next_try"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_table("notices")
    op.drop_table("destinations")
