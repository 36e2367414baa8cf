"""The first schema.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("ledger", "audit")


def upgrade() -> None:
    op.create_table('audit',
    sa.Column('no', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('document', sa.LargeBinary(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('no')
    )
    op.create_table('cases',
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('case', sa.String(), nullable=False),
    sa.Column('access', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('day', sa.String(), nullable=False),
    sa.Column('hour', sa.Integer(), nullable=False),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('salt', sa.LargeBinary(), nullable=False),
    sa.Column('head', sa.String(), nullable=False),
    sa.Column('head_all', sa.String(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('count_all', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('seen', sa.String(), nullable=False),
    sa.Column('step', sa.String(), nullable=False),
    sa.Column('due', sa.String(), nullable=False),
    sa.Column('provisional', sa.Boolean(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('category', sa.String(), nullable=False),
    sa.Column('sector', sa.String(), nullable=False),
    sa.Column('since', sa.String(), nullable=False),
    sa.Column('told', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('seq'),
    sa.UniqueConstraint('case')
    )
    op.create_index('cases_category', 'cases', ['category', 'due', 'seq'], unique=False)
    op.create_index('cases_due', 'cases', ['due', 'seq'], unique=False)
    op.create_index('cases_number', 'cases', ['year', 'number', 'seq'], unique=False)
    op.create_index('cases_sector', 'cases', ['sector', 'due', 'seq'], unique=False)
    op.create_index('cases_state', 'cases', ['state', 'due', 'seq'], unique=False)
    op.create_index('cases_urgent', 'cases', ['urgent', 'due', 'seq'], unique=False, sqlite_where=sa.text('urgent = 1'), postgresql_where=sa.text('urgent'))
    op.create_table('channels',
    sa.Column('hash', sa.String(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('document', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('hash')
    )
    op.create_table('counters',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('directories',
    sa.Column('no', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.Column('document', sa.LargeBinary(), nullable=False),
    sa.Column('sig', sa.LargeBinary(), nullable=False),
    sa.Column('roster', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('no'),
    sa.UniqueConstraint('hash')
    )
    op.create_table('invites',
    sa.Column('id_hash', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('login', sa.String(), nullable=False),
    sa.Column('expires', sa.String(), nullable=False),
    sa.Column('used_by', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id_hash')
    )
    op.create_table('ledger',
    sa.Column('no', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('document', sa.LargeBinary(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('corrects_kind', sa.String(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('fen', sa.BigInteger(), nullable=False),
    sa.Column('case', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('no')
    )
    op.create_index('ledger_case', 'ledger', ['case', 'no'], unique=False)
    op.create_index('ledger_kind', 'ledger', ['kind', 'no'], unique=False)
    op.create_table('meta',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_table('numbers',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('year', 'kind')
    )
    op.create_table('outbox',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('rid', sa.String(), nullable=False),
    sa.Column('day', sa.String(), nullable=False),
    sa.Column('data', sa.String(), nullable=False),
    sa.Column('worker', sa.String(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('outbox_waiting', 'outbox', ['worker', 'day'], unique=False)
    op.create_table('roster',
    sa.Column('hash', sa.String(), nullable=False),
    sa.Column('document', sa.LargeBinary(), nullable=False),
    sa.Column('sig', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('hash')
    )
    op.create_table('sessions',
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('rid', sa.String(), nullable=False),
    sa.Column('expires', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('token_hash')
    )
    op.create_index(op.f('ix_sessions_rid'), 'sessions', ['rid'], unique=False)
    op.create_table('spent',
    sa.Column('nonce', sa.String(), nullable=False),
    sa.Column('day', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('nonce'),
    sqlite_with_rowid=False
    )
    op.create_table('staff',
    sa.Column('rid', sa.String(), nullable=False),
    sa.Column('login', sa.String(), nullable=False),
    sa.Column('person', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('kem', sa.LargeBinary(), nullable=False),
    sa.Column('sig', sa.LargeBinary(), nullable=False),
    sa.Column('proof', sa.LargeBinary(), nullable=False),
    sa.Column('slots', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('rid'),
    sa.UniqueConstraint('login')
    )
    op.create_table('tallies',
    sa.Column('whose', sa.String(), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('whose', 'channel', 'state')
    )
    op.create_table('posts',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('case_seq', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('vis', sa.String(), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('prev', sa.String(), nullable=False),
    sa.Column('author', sa.String(), nullable=False),
    sa.Column('pid', sa.String(), nullable=False),
    sa.Column('day', sa.String(), nullable=False),
    sa.Column('head', sa.LargeBinary(), nullable=False),
    sa.Column('sig', sa.LargeBinary(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.Column('receipt', sa.LargeBinary(), nullable=False),
    sa.Column('receipt_sig', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_seq'], ['cases.seq'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('case_seq', 'pid', name='posts_pid'),
    sa.UniqueConstraint('case_seq', 'prev', name='posts_prev'),
    sa.UniqueConstraint('case_seq', 'vis', 'no', name='posts_no')
    )
    op.create_table('readers',
    sa.Column('rid', sa.String(), nullable=False),
    sa.Column('case_seq', sa.Integer(), nullable=False),
    sa.Column('granted', sa.Boolean(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.Column('mine', sa.Boolean(), nullable=False),
    sa.Column('unread', sa.Boolean(), nullable=False),
    sa.Column('card_item', sa.String(), nullable=False),
    sa.Column('card_post', sa.Integer(), nullable=False),
    sa.Column('card_row', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_seq'], ['cases.seq'], ),
    sa.PrimaryKeyConstraint('rid', 'case_seq'),
    sqlite_with_rowid=False
    )
    op.create_index('readers_case', 'readers', ['case_seq'], unique=False)
    op.create_index('readers_mine', 'readers', ['rid', 'mine', 'case_seq'], unique=False, sqlite_where=sa.text('mine = 1'), postgresql_where=sa.text('mine'))
    op.create_index('readers_unread', 'readers', ['rid', 'unread', 'case_seq'], unique=False, sqlite_where=sa.text('unread = 1'), postgresql_where=sa.text('unread'))
    op.create_table('grants',
    sa.Column('case_seq', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('row', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('reader', sa.String(), nullable=False),
    sa.Column('covers', sa.String(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['case_seq'], ['cases.seq'], ),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], ),
    sa.PrimaryKeyConstraint('case_seq', 'post_id', 'row')
    )
    op.create_table('items',
    sa.Column('case_seq', sa.Integer(), nullable=False),
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('idx', sa.Integer(), nullable=False),
    sa.Column('comp', sa.String(), nullable=False),
    sa.Column('length', sa.Integer(), nullable=False),
    sa.Column('tree', sa.String(), nullable=False),
    sa.Column('blob', sa.LargeBinary(), nullable=True),
    sa.ForeignKeyConstraint(['case_seq'], ['cases.seq'], ),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], ),
    sa.PrimaryKeyConstraint('case_seq', 'id')
    )
    op.execute("INSERT INTO counters (name, value) VALUES ('case', 0), ('post', 0), ('notice', 0)")
    for table in APPEND_ONLY:
        refuse_changes(table)


def refuse_changes(table: str) -> None:
    """What was entered stays: a correction is a new row. The database itself says so, whoever is connected."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'append only'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
    )
