"""An action is found by the one that it replaced, without reading every action.

Revision: 0007, after 0006
"""

from alembic import op
revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    op.create_index('ix_action_successor', 'action', ['successor_id'], unique=False)


def downgrade():
    op.drop_index('ix_action_successor', table_name='action')
