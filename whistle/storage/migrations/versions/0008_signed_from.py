"""From which row of the ledger on finance's own rows must be signed: the one behind the last that is not, before the
first that is. Going down and up again finds the same row, unless signatures were lost in between.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# A reversal by an act of a case corrects another kind of row, and rests on its post.
SIGNED_FROM = """
INSERT INTO meta (key, value)
SELECT 'signed_from', CAST(COALESCE(MAX(no), 0) + 1 AS VARCHAR) FROM ledger
WHERE (kind IN ('budget', 'lock', 'concur', 'amend') OR (kind = 'reverse' AND corrects_kind = 'budget'))
AND no < (SELECT COALESCE(MIN(no), 9999999999) FROM bookings)
"""


def upgrade() -> None:
    op.execute(sa.text(SIGNED_FROM))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM meta WHERE key = 'signed_from'"))
