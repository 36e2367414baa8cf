"""What finance signed for the ledger rows it entered itself.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bookings",
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pid", sa.String(), nullable=False, unique=True),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("sig", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["no"], ["ledger.no"]),
        sa.PrimaryKeyConstraint("no"),
    )


def downgrade() -> None:
    op.drop_table("bookings")
