"""Replies to a request for help are kept one by one, with whether they helped; an action knows the day of the last.

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op
revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

RATING = ['plan_id', 'status', 'due_on', 'review_on', 'stage_due_on', 'last_word_on', 'last_moved_on',
          'linked_into_id', 'second_move_asked', 'help_asked_on']


def upgrade():
    op.create_table('help_reply',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('helped', sa.Boolean(), nullable=True),
    sa.Column('judged_by_id', sa.Integer(), nullable=True),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['help_call.id'], name=op.f('fk_help_reply_call_id_help_call')),
    sa.ForeignKeyConstraint(['judged_by_id'], ['person.id'], name=op.f('fk_help_reply_judged_by_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_help_reply_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_help_reply'))
    )
    op.create_index('ix_help_reply_call', 'help_reply', ['call_id', 'id'], unique=False)
    op.execute("insert into help_reply (call_id, person_id, at, words)"
               " select id, closed_by_id, closed_at, reply from help_call where reply <> '' order by id")
    with op.batch_alter_table('help_call') as table:
        table.drop_column('reply')
    op.add_column('action', sa.Column('help_replied_on', sa.Date(), nullable=True))
    op.drop_index('ix_action_rating', table_name='action')
    op.create_index('ix_action_rating', 'action', [*RATING, 'help_replied_on', 'brag_override'], unique=False)


def downgrade():
    op.drop_index('ix_action_rating', table_name='action')
    op.create_index('ix_action_rating', 'action', [*RATING, 'brag_override'], unique=False)
    op.drop_column('action', 'help_replied_on')
    with op.batch_alter_table('help_call') as table:
        table.add_column(sa.Column('reply', sa.Text(), nullable=False, server_default=''))
    op.execute('update help_call set reply = (select words from help_reply where call_id = help_call.id'
               ' order by id desc limit 1) where id in (select call_id from help_reply)')
    with op.batch_alter_table('help_call') as table:
        table.alter_column('reply', server_default=None)
    op.drop_table('help_reply')
