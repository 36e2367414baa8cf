"""Who opened what: the audit's rows are found by person, case and day, and what may not tell its minute waits for the
night. Rows that are there keep their bytes; the columns repeat them.

Revision ID: 0011
"""

import json
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

COLUMNS = ("rid", "case", "day", "minute")
INDEXES = {"audit_case": ("case", "day", "minute"), "audit_rid": ("rid", "day", "minute"), "audit_day": ("day", "minute")}
WAITING = ("case", "rid", "day", "act", "item", "note", "outcome", "office")
ROWS = sa.text("SELECT no, document FROM audit WHERE no > :after ORDER BY no LIMIT 1000")
FILL = sa.text('UPDATE audit SET rid = :rid, "case" = :case, day = :day, minute = :minute WHERE no = :no')


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("audit", sa.Column(name, sa.String(), nullable=False, server_default=""))
    let_changes(fill)
    for name, columns in INDEXES.items():
        op.create_index(name, "audit", list(columns))
    op.create_table(
        "today_audit",
        *(sa.Column(name, sa.String(), nullable=False) for name in WAITING),
        sa.PrimaryKeyConstraint(*WAITING),
        sqlite_with_rowid=False,
    )


def fill() -> None:
    bind, after = op.get_bind(), 0
    while found := bind.execute(ROWS, {"after": after}).all():
        bind.execute(FILL, [{"no": no, **told(document)} for no, document in found])
        after = found[-1].no


def told(document: bytes) -> dict[str, str]:
    """A row that cannot be read is found by nothing; doctor names it."""
    try:
        said = json.loads(bytes(document))
        return {name: str(said[name]) for name in ("rid", "case", "day")} | {"minute": str(said.get("minute", ""))}
    except (ValueError, KeyError, TypeError):
        return dict.fromkeys(COLUMNS, "")


def let_changes(change: Callable[[], None]) -> None:
    """The triggers that refuse every change of a row are set aside for this one."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute("ALTER TABLE audit DISABLE TRIGGER audit_append_only")
        change()
        op.execute("ALTER TABLE audit ENABLE TRIGGER audit_append_only")
        return
    op.execute("DROP TRIGGER audit_no_update")
    change()
    op.execute(
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END"
    )


def downgrade() -> None:
    """What waits for the night is lost with its table: run the jobs after midnight first."""
    op.drop_table("today_audit")
    for name in INDEXES:
        op.drop_index(name, "audit")
    for name in COLUMNS:
        op.drop_column("audit", name)
