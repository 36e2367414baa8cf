"""The ledger by its fiscal year, for its pages; and the few posts that merge a case, for whoever waits on them.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MERGES = sa.text("kind = 'merge'")


def upgrade() -> None:
    op.create_index("ledger_year", "ledger", ["year", "no"])
    op.create_index("posts_merges", "posts", ["case_id", "place"], sqlite_where=MERGES, postgresql_where=MERGES)


def downgrade() -> None:
    op.drop_index("posts_merges", "posts")
    op.drop_index("ledger_year", "ledger")
