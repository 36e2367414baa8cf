"""A reviewer's own drawer: one sealed box for each of his offices, which nobody else opens.

Revision ID: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drawers",
        sa.Column("rid", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("rid", "office"),
    )


def downgrade() -> None:
    op.drop_table("drawers")
