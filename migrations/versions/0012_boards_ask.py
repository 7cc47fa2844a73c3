"""Members of a board ask questions about recommendations and actions, and are answered; letters name them.

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('challenge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('board_id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=True),
    sa.Column('recommendation_id', sa.Integer(), nullable=True),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('owner', sa.Text(), nullable=False),
    sa.Column('owner_person_id', sa.Integer(), nullable=True),
    sa.Column('owner_team_id', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_reason', sa.Text(), nullable=False),
    sa.CheckConstraint("state in ('open', 'answered', 'satisfied', 'withdrawn')", name=op.f('ck_challenge_state')),
    sa.CheckConstraint('(action_id is null) <> (recommendation_id is null)', name=op.f('ck_challenge_about')),
    sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_at is not null)", name=op.f('ck_challenge_withdrawn')),
    sa.ForeignKeyConstraint(['board_id'], ['board.id'], name=op.f('fk_challenge_board_id_board')),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_challenge_plan_id_plan')),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_challenge_action_id_action')),
    sa.ForeignKeyConstraint(['recommendation_id'], ['recommendation.id'],
                            name=op.f('fk_challenge_recommendation_id_recommendation')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_challenge_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_challenge_asked_by_id_person')),
    sa.ForeignKeyConstraint(['owner_person_id'], ['person.id'], name=op.f('fk_challenge_owner_person_id_person')),
    sa.ForeignKeyConstraint(['owner_team_id'], ['team.id'], name=op.f('fk_challenge_owner_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_challenge'))
    )
    op.create_index('ix_challenge_board', 'challenge', ['board_id', 'state'], unique=False)
    op.create_index('ix_challenge_action', 'challenge', ['action_id'], unique=False)
    op.create_index('ix_challenge_recommendation', 'challenge', ['recommendation_id'], unique=False)
    op.create_index('ix_challenge_state', 'challenge', ['state', 'owner_person_id'], unique=False)
    op.create_index('ix_challenge_asked_at', 'challenge', ['asked_at'], unique=False)
    op.create_table('challenge_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('challenge_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('for_person_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('satisfied', sa.Boolean(), nullable=True),
    sa.Column('judged_by_id', sa.Integer(), nullable=True),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('judged_words', sa.Text(), nullable=False),
    sa.CheckConstraint('(satisfied is null) = (judged_at is null)', name=op.f('ck_challenge_answer_judged')),
    sa.ForeignKeyConstraint(['challenge_id'], ['challenge.id'], name=op.f('fk_challenge_answer_challenge_id_challenge')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_challenge_answer_person_id_person')),
    sa.ForeignKeyConstraint(['for_person_id'], ['person.id'], name=op.f('fk_challenge_answer_for_person_id_person')),
    sa.ForeignKeyConstraint(['judged_by_id'], ['person.id'], name=op.f('fk_challenge_answer_judged_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_challenge_answer'))
    )
    op.create_index('ix_challenge_answer_challenge', 'challenge_answer', ['challenge_id', 'id'], unique=False)
    op.create_index('ix_challenge_answer_at', 'challenge_answer', ['at'], unique=False)
    op.create_index('ix_challenge_answer_judged_at', 'challenge_answer', ['judged_at'], unique=False)
    with op.batch_alter_table('letter') as table:
        table.add_column(sa.Column('challenge_ids', sa.JSON().with_variant(
            postgresql.JSONB(), 'postgresql'), nullable=False, server_default='[]'))
    with op.batch_alter_table('letter') as table:
        table.alter_column('challenge_ids', server_default=None)


def downgrade():
    with op.batch_alter_table('letter') as table:
        table.drop_column('challenge_ids')
    op.drop_table('challenge_answer')
    op.drop_table('challenge')
