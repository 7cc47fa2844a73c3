"""A date request keeps in what capacity it was decided, and at which meeting where a board did.

Until now only the programme manager decided.

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op
revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('date_request') as table:
        table.add_column(sa.Column('decided_as', sa.Text(), nullable=False, server_default=''))
        table.add_column(sa.Column('decided_meeting_id', sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f('fk_date_request_decided_meeting_id_meeting'), 'meeting', ['decided_meeting_id'], ['id'])
    op.execute("update date_request set decided_as = 'manager' where state in ('agreed', 'agreed_shorter', 'refused')")
    with op.batch_alter_table('date_request') as table:
        table.alter_column('decided_as', server_default=None)
        table.create_check_constraint(
            op.f('ck_date_request_decided_as'), "decided_as in ('', 'manager', 'board', 'no_board')")
        table.create_check_constraint(
            op.f('ck_date_request_decided_meeting_id'), "(decided_as = 'board') = (decided_meeting_id is not null)")


def downgrade():
    with op.batch_alter_table('date_request') as table:
        table.drop_constraint(op.f('ck_date_request_decided_meeting_id'), type_='check')
        table.drop_constraint(op.f('ck_date_request_decided_as'), type_='check')
        table.drop_constraint(op.f('fk_date_request_decided_meeting_id_meeting'), type_='foreignkey')
        table.drop_column('decided_meeting_id')
        table.drop_column('decided_as')
