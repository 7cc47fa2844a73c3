"""Boards publish packs for their meetings: who, when, as at, and the hash of each format.

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

instant = sa.DateTime(timezone=True)


def upgrade():
    op.create_table('pack',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('as_at', instant, nullable=False),
    sa.Column('as_at_day', sa.Date(), nullable=False),
    sa.Column('last_event_id', sa.Integer(), nullable=True),
    sa.Column('published_at', instant, nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('published_by', sa.Text(), nullable=False),
    sa.Column('plan_ids', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_pack_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['last_event_id'], ['history_event.id'], name=op.f('fk_pack_last_event_id_history_event')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_pack_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pack')),
    sa.UniqueConstraint('meeting_id', 'number', name='uq_pack_number')
    )
    op.create_table('pack_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pack_id', sa.Integer(), nullable=False),
    sa.Column('format', sa.Text(), nullable=False),
    sa.Column('exempt', sa.Boolean(), nullable=False),
    sa.Column('store_key', sa.Text(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.CheckConstraint("format in ('page', 'pdf', 'docx')", name=op.f('ck_pack_file_format')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_pack_file_pack_id_pack')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pack_file')),
    sa.UniqueConstraint('pack_id', 'format', 'exempt', name='uq_pack_file_format')
    )


def downgrade():
    op.drop_table('pack_file')
    op.drop_table('pack')
