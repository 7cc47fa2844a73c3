"""Which recommendations a letter tells of is kept with it, so that who has no part in them by then is not told.

Letters of before tell of none that has no action: theirs is an empty list.

Revision: 0019, after 0018
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('letter') as table:
        table.add_column(sa.Column('recommendation_ids', sa.JSON().with_variant(JSONB(), 'postgresql'),
                                   nullable=False, server_default='[]'))
    with op.batch_alter_table('letter') as table:
        table.alter_column('recommendation_ids', server_default=None)


def downgrade():
    with op.batch_alter_table('letter') as table:
        table.drop_column('recommendation_ids')
