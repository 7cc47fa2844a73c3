"""Boards have a quorum, and it is recorded who came to their meetings.

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op
revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('board') as table:
        table.add_column(sa.Column('quorum', sa.Integer(), nullable=True))
        table.create_check_constraint(op.f('ck_board_quorum'), 'quorum is null or quorum > 0')
    # a board of before has the new column from its first row of history on, so that it is rebuilt with it
    op.execute("""
        insert into history_change (event_id, entity, key, recommendation_id, action_id, after)
        select first.event_id, 'board', first.key, null, null, '{"quorum": null}'
        from history_change first
        where first.entity = 'board' and first.id = (
            select min(other.id) from history_change other where other.entity = 'board' and other.key = first.key)
    """)
    op.create_table('meeting_attendance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('attendance', sa.Text(), nullable=False),
    sa.Column('deputy', sa.Text(), nullable=False),
    sa.Column('interest', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("attendance in ('', 'present', 'apologies', 'absent')",
                       name=op.f('ck_meeting_attendance_attendance')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_attendance_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_meeting_attendance_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_attendance')),
    sa.UniqueConstraint('meeting_id', 'person_id', name='uq_meeting_attendance_person')
    )


def downgrade():
    op.drop_table('meeting_attendance')
    with op.batch_alter_table('board') as table:
        table.drop_constraint(op.f('ck_board_quorum'), type_='check')
        table.drop_column('quorum')
