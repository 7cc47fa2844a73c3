"""A form that was saved knows what it held, so that other words under the same key are saved too; a draft knows its form.

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')


def upgrade():
    with op.batch_alter_table('submission') as table:
        table.add_column(sa.Column('content', sa.Text(), nullable=False, server_default=''))
        table.add_column(sa.Column('typed', DOCUMENT, nullable=False, server_default='{}'))
        table.drop_constraint('uq_submission_once', type_='unique')
        table.create_unique_constraint('uq_submission_once', ['person_id', 'once', 'content'])
    with op.batch_alter_table('draft') as table:
        table.add_column(sa.Column('once', sa.Text(), nullable=False, server_default=''))
    # the rows that are there have their values; new ones get theirs from the program
    with op.batch_alter_table('submission') as table:
        table.alter_column('content', server_default=None)
        table.alter_column('typed', server_default=None)
    with op.batch_alter_table('draft') as table:
        table.alter_column('once', server_default=None)


def downgrade():
    # of several contents under one key the first stays
    op.execute('delete from submission where id not in (select min(id) from submission group by person_id, once)')
    with op.batch_alter_table('draft') as table:
        table.drop_column('once')
    with op.batch_alter_table('submission') as table:
        table.drop_constraint('uq_submission_once', type_='unique')
        table.create_unique_constraint('uq_submission_once', ['person_id', 'once'])
        table.drop_column('typed')
        table.drop_column('content')
