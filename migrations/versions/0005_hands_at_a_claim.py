"""Who had an action in hand when it was claimed is kept; of the claims that are there, who made them.

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op
revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('claim_hand',
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_claim_hand_action_id_action')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_claim_hand_person_id_person')),
    sa.PrimaryKeyConstraint('action_id', 'person_id', name=op.f('pk_claim_hand'))
    )
    op.execute('insert into claim_hand (action_id, person_id)'
               ' select id, claimed_by_id from action where claimed_by_id is not null')


def downgrade():
    op.drop_table('claim_hand')
