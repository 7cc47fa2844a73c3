"""Every changed row stands in history, so that the record can be made again as it was; what is older, as it is found.

Until now an event kept what people read of it: an added action its text, and not its owners. Each plan, recommendation,
action, person, team, board and inspection gets one event with its whole state, so that replay starts there. A password
hash is in none. In a new database there is nothing older: its three boards belong to no event.

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

# what an item holds: table -> how its rows name the item
ITEMS = {
    'person': {'person': 't.id', 'membership': 't.person_id', 'stand_in': 't.person_id'},
    'team': {'team': 't.id', 'team_member': 't.team_id'},
    'board': {'board': 't.id', 'meeting': 't.board_id'},
    'inspection': {'inspection': 't.id'},
    'plan': {'plan': 't.id'},
    'recommendation': {'recommendation': 't.id', 'recommendation_lead': 't.recommendation_id',
                       'recommendation_board': 't.recommendation_id'},
    'action': {'action': 't.id', 'action_place': 't.action_id', 'action_stage': 't.action_id',
               'action_person': 't.action_id', 'date_entry': 't.action_id', 'date_request': 't.action_id',
               'progress_note': 't.action_id', 'evidence': 't.action_id', 'help_call': 't.action_id',
               'help_reply': '(select c.action_id from help_call c where c.id = t.call_id)',
               'status_move': 't.action_id', 'claim_hand': 't.action_id'},
}
SECRET = {('person', 'password_hash')}
NAMES = {'person': 'i.name', 'team': 'i.name', 'board': 'i.name', 'inspection': "i.authority || ', ' || i.framework",
         'plan': 'i.title', 'recommendation': 'i.number', 'action': 'i.text'}
OF_PLAN = {'plan': 'i.id', 'recommendation': 'i.plan_id', 'action': 'i.plan_id'}


def upgrade():
    op.create_table('history_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=True),
    sa.Column('entity', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('recommendation_id', sa.Integer(), nullable=True),
    sa.Column('action_id', sa.Integer(), nullable=True),
    sa.Column('after', sa.JSON().with_variant(JSONB(), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['history_event.id'], name=op.f('fk_history_change_event_id_history_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_history_change'))
    )
    op.create_index('ix_history_change_event', 'history_change', ['event_id', 'id'], unique=False)
    op.create_index('ix_history_change_action', 'history_change', ['action_id', 'id'], unique=False)
    op.create_index('ix_history_change_recommendation', 'history_change', ['recommendation_id', 'id'], unique=False)
    op.create_index('ix_history_change_entity', 'history_change', ['entity', 'id'], unique=False)
    postgres = op.get_bind().dialect.name == 'postgresql'
    if postgres:
        op.execute("set local time zone 'UTC'")
    used = op.get_bind().scalar(sa.text('select count(*) from history_event')) > 0
    used = used or op.get_bind().scalar(sa.text('select count(*) from plan')) > 0
    for item, tables in ITEMS.items():
        if used:
            _found(item, postgres)
        for table, of in tables.items():
            _kept(item, table, of, postgres, used)


def _found(item, postgres):
    """One event for each item."""
    now = "now()" if postgres else "strftime('%Y-%m-%d %H:%M:%f', 'now') || '000'"
    after = f"jsonb_build_object('{item}_id', i.id)" if postgres else f"json_object('{item}_id', i.id)"
    itself = {'recommendation': ('i.id', 'null'), 'action': ('null', 'i.id')}.get(item, ('null', 'null'))
    if not postgres:
        itself = [f'cast({value} as integer)' if value == 'null' else value for value in itself]
    else:
        itself = [f'{value}::integer' for value in itself]
    op.execute('insert into history_event (at, who, via, verb, plan_id, recommendation_id, action_id, about, before,'
               f" after) select {now}, 'upgrade', 'upgrade', 'as_found', {OF_PLAN.get(item, 'null')},"
               f" {itself[0]}, {itself[1]}, {NAMES[item]}, null, {after} from {item} i order by i.id")


def _kept(item, table, of, postgres, used):
    """Every row of a table, whole, with the event of the item that it belongs to."""
    look = sa.inspect(op.get_bind())
    columns = [c for c in look.get_columns(table) if (table, c['name']) not in SECRET]
    keys = look.get_pk_constraint(table)['constrained_columns']
    key = " || '/' || ".join(f'cast(t.{name} as text)' for name in keys)
    if postgres:
        after = "to_jsonb(t)" + ''.join(f" - '{name}'" for of_, name in SECRET if of_ == table)
        its = f"(e.after ->> '{item}_id')::integer"
    else:
        pairs = (f"'{column['name']}', {_value(column)}" for column in columns)
        after = f"json_object({', '.join(pairs)})"
        its = f"json_extract(e.after, '$.{item}_id')"
    names = {column['name'] for column in columns}
    action = of if item == 'action' else 'null'
    recommendation = 't.id' if table == 'recommendation' else (
        't.recommendation_id' if 'recommendation_id' in names else 'null')
    event = f"(select max(e.id) from history_event e where e.verb = 'as_found' and {its} = {of})" if used else 'null'
    if used and item in ('recommendation', 'action'):  # by the index, for there may be many
        event = (f'(select max(e.id) from history_event e where e.{item}_id = {of} and e.verb = \'as_found\''
                 f" and {its} = {of})")
    order = ', '.join(f't.{name}' for name in keys)
    integer = '::integer' if postgres else ''
    op.execute('insert into history_change (event_id, entity, key, recommendation_id, action_id, after)'
               f" select {event}{integer}, '{table}', {key}, {recommendation}{integer}, {action}{integer}, {after}"
               f' from {table} t order by {order}')


def _value(column):
    """A column in SQLite as its JSON value: days and instants in ISO 8601, truth as truth."""
    name, kind = f"t.{column['name']}", column['type']
    if isinstance(kind, sa.DateTime):
        return f"case when {name} is not null then replace({name}, ' ', 'T') || '+00:00' end"
    if isinstance(kind, sa.Boolean):
        return f"json(case {name} when 1 then 'true' when 0 then 'false' else 'null' end)"
    return f'json({name})' if isinstance(kind, sa.JSON) else name


def downgrade():
    op.drop_table('history_change')
    op.execute("delete from history_event where verb = 'as_found'")
