"""Numbers of official papers.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "papers",
        sa.Column("case_seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_seq"], ["cases.seq"]),
        sa.PrimaryKeyConstraint("case_seq", "kind"),
        sa.UniqueConstraint("year", "kind", "number", name="papers_number"),
    )


def downgrade() -> None:
    op.drop_table("papers")
