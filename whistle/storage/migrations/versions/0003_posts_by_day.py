"""Posts by their day: a month's cases without reading all of them.

Revision ID: 0003
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("posts_day", "posts", ["day", "case_seq"])


def downgrade() -> None:
    op.drop_index("posts_day", "posts")
