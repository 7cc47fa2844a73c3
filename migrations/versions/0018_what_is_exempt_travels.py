"""What is exempt at one meeting is exempt at the next, until someone opens it; so is an action that arises from it.

A question that arose says on which item of the agenda it did. Those of before get the item that is about the same.

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

FIRST_ROWS = """
    select first.event_id, first.entity, first.key, first.recommendation_id, first.action_id
    from history_change first
    where first.entity = :entity and first.id = (
        select min(other.id) from history_change other
        where other.entity = first.entity and other.key = first.key)
"""
CHANGES = sa.table(
    'history_change', sa.column('event_id'), sa.column('entity'), sa.column('key'), sa.column('recommendation_id'),
    sa.column('action_id'), sa.column('after', sa.JSON().with_variant(JSONB(), 'postgresql')))
AROSE = """
    select challenge.id, challenge.meeting_id, min(meeting_item.key) as key
    from challenge join meeting_item on meeting_item.meeting_id = challenge.meeting_id
        and (meeting_item.action_id = challenge.action_id
            or meeting_item.recommendation_id = challenge.recommendation_id)
    group by challenge.id, challenge.meeting_id
"""


def upgrade():
    with op.batch_alter_table('agenda_entry') as table:
        table.add_column(sa.Column('opened', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('challenge') as table:
        table.add_column(sa.Column('item_key', sa.Text(), nullable=False, server_default=''))
        table.add_column(sa.Column('exempt', sa.Boolean(), nullable=False, server_default=sa.false()))
    for name, column in (('agenda_entry', 'opened'), ('challenge', 'item_key'), ('challenge', 'exempt')):
        with op.batch_alter_table(name) as table:
            table.alter_column(column, server_default=None)
    asked = op.get_bind()
    exempt = {tuple(row) for row in asked.execute(sa.text('select meeting_id, key from agenda_entry where exempt'))}
    arose = {}
    for row in asked.execute(sa.text(AROSE)).all():
        arose[row.id] = {'item_key': row.key, 'exempt': (row.meeting_id, row.key) in exempt}
        asked.execute(sa.text('update challenge set item_key = :item_key, exempt = :exempt where id = :id'),
                      {**arose[row.id], 'id': row.id})
    # rows of before have the new columns from their first row of history on, so that they are rebuilt with them
    for row in asked.execute(sa.text(FIRST_ROWS), {'entity': 'agenda_entry'}).all():
        asked.execute(sa.insert(CHANGES), {**row._mapping, 'after': {'opened': False}})
    for row in asked.execute(sa.text(FIRST_ROWS), {'entity': 'challenge'}).all():
        after = arose.get(int(row.key), {'item_key': '', 'exempt': False})
        asked.execute(sa.insert(CHANGES), {**row._mapping, 'after': after})


def downgrade():
    with op.batch_alter_table('challenge') as table:
        table.drop_column('exempt')
        table.drop_column('item_key')
    with op.batch_alter_table('agenda_entry') as table:
        table.drop_column('opened')
