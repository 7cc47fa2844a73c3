"""Boards decide at their meetings, and what was on the agenda then is kept.

Revision: 0016, after 0015
"""

import sqlalchemy as sa
from alembic import op
revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

BEFORE = "'move', 'claim', 'sent_back', 'taken_back', 'verification', 'slip', 'pause', 'withdrawal', 'return'"


def upgrade():
    with op.batch_alter_table('status_move') as table:
        table.add_column(sa.Column('meeting_id', sa.Integer(), nullable=True))
        table.create_foreign_key(op.f('fk_status_move_meeting_id_meeting'), 'meeting', ['meeting_id'], ['id'])
        table.drop_constraint(op.f('ck_status_move_kind'), type_='check')
        table.create_check_constraint(op.f('ck_status_move_kind'), f"kind in ({BEFORE}, 'acceptance')")
    # a move of before has the new column from its first row of history on, so that it is rebuilt with it
    op.execute("""
        insert into history_change (event_id, entity, key, recommendation_id, action_id, after)
        select first.event_id, 'status_move', first.key, first.recommendation_id, first.action_id,
            '{"meeting_id": null}'
        from history_change first
        where first.entity = 'status_move' and first.id = (
            select min(other.id) from history_change other
            where other.entity = 'status_move' and other.key = first.key)
    """)
    op.create_table('meeting_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=True),
    sa.Column('recommendation_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_item_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_meeting_item_action_id_action')),
    sa.ForeignKeyConstraint(['recommendation_id'], ['recommendation.id'],
                            name=op.f('fk_meeting_item_recommendation_id_recommendation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_item')),
    sa.UniqueConstraint('meeting_id', 'key', name='uq_meeting_item_key')
    )
    op.create_table('decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=True),
    sa.Column('recommendation_id', sa.Integer(), nullable=True),
    sa.Column('referred_to_id', sa.Integer(), nullable=True),
    sa.Column('corrects_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint(
        "kind in ('agree', 'agree_earlier', 'refuse', 'embed', 'not_embed', 'pause', 'slip', 'withdraw', 'restore',"
        " 'defer', 'invite', 'refer', 'note')", name=op.f('ck_decision_kind')),
    sa.CheckConstraint("(kind = 'refer') = (referred_to_id is not null)", name=op.f('ck_decision_referred_to_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_decision_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_decision_action_id_action')),
    sa.ForeignKeyConstraint(['recommendation_id'], ['recommendation.id'],
                            name=op.f('fk_decision_recommendation_id_recommendation')),
    sa.ForeignKeyConstraint(['referred_to_id'], ['board.id'], name=op.f('fk_decision_referred_to_id_board')),
    sa.ForeignKeyConstraint(['corrects_id'], ['decision.id'], name=op.f('fk_decision_corrects_id_decision')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_decision_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision'))
    )
    op.create_index('ix_decision_meeting', 'decision', ['meeting_id', 'id'], unique=False)
    op.create_index('ix_decision_action', 'decision', ['action_id'], unique=False)
    op.create_index('ix_decision_recommendation', 'decision', ['recommendation_id'], unique=False)
    op.create_index('ix_decision_referred_to', 'decision', ['referred_to_id'], unique=False)


def downgrade():
    op.drop_table('decision')
    op.drop_table('meeting_item')
    op.execute("delete from status_move where kind = 'acceptance'")
    with op.batch_alter_table('status_move') as table:
        table.drop_constraint(op.f('ck_status_move_kind'), type_='check')
        table.create_check_constraint(op.f('ck_status_move_kind'), f"kind in ({BEFORE})")
        table.drop_constraint(op.f('fk_status_move_meeting_id_meeting'), type_='foreignkey')
        table.drop_column('meeting_id')
