"""An index on the day of a change, so that My work reads the last 14 days and not all of history.

Revision: 0009, after 0008
"""

from alembic import op
revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade():
    op.create_index('ix_history_event_at', 'history_event', ['at'], unique=False)


def downgrade():
    op.drop_index('ix_history_event_at', table_name='history_event')
