"""Minutes are published in versions, and approved at a later meeting.

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op
revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

BEFORE = ("'agree', 'agree_earlier', 'refuse', 'embed', 'not_embed', 'pause', 'slip', 'withdraw', 'restore',"
          " 'defer', 'invite', 'refer', 'note'")


def upgrade():
    with op.batch_alter_table('decision') as table:
        table.drop_constraint(op.f('ck_decision_kind'), type_='check')
        table.create_check_constraint(op.f('ck_decision_kind'), f"kind in ('approve', {BEFORE})")
    op.create_table('minutes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('published_by', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_minutes_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_minutes_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes')),
    sa.UniqueConstraint('meeting_id', 'number', name='uq_minutes_number')
    )
    op.create_table('minutes_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('minutes_id', sa.Integer(), nullable=False),
    sa.Column('format', sa.Text(), nullable=False),
    sa.Column('exempt', sa.Boolean(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint("format in ('json', 'docx')", name=op.f('ck_minutes_file_format')),
    sa.ForeignKeyConstraint(['minutes_id'], ['minutes.id'], name=op.f('fk_minutes_file_minutes_id_minutes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minutes_file')),
    sa.UniqueConstraint('minutes_id', 'format', 'exempt', name='uq_minutes_file_format')
    )


def downgrade():
    op.drop_table('minutes_file')
    op.drop_table('minutes')
    op.execute("delete from decision where kind = 'approve'")
    with op.batch_alter_table('decision') as table:
        table.drop_constraint(op.f('ck_decision_kind'), type_='check')
        table.create_check_constraint(op.f('ck_decision_kind'), f"kind in ({BEFORE})")
