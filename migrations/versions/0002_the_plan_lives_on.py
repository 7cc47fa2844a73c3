"""The plan is edited, imported again and asked about: requests, calls, meetings, teams, drafts, files on their way in.

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('team',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team')),
    sa.UniqueConstraint('name', name=op.f('uq_team_name'))
    )
    op.create_table('calendar_feed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('board_id', sa.Integer(), nullable=True),
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['board_id'], ['board.id'], name=op.f('fk_calendar_feed_board_id_board')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_calendar_feed_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feed')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_calendar_feed_token_hash'))
    )
    with op.batch_alter_table('calendar_feed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calendar_feed_person_id'), ['person_id'], unique=False)

    op.create_table('draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('back', sa.Text(), nullable=False),
    sa.Column('fields', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_draft_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft')),
    sa.UniqueConstraint('person_id', 'address', name='uq_draft_address')
    )
    op.create_table('meeting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('board_id', sa.Integer(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('at_time', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('cancelled_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('cancelled_reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['board_id'], ['board.id'], name=op.f('fk_meeting_board_id_board')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
    sa.UniqueConstraint('board_id', 'on_day', name='uq_meeting_day')
    )
    op.create_table('saved_filter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_saved_filter_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_filter')),
    sa.UniqueConstraint('person_id', 'name', name='uq_saved_filter_name')
    )
    op.create_table('stand_in',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('for_person_id', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint('person_id <> for_person_id', name=op.f('ck_stand_in_two_people')),
    sa.ForeignKeyConstraint(['for_person_id'], ['person.id'], name=op.f('fk_stand_in_for_person_id_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_stand_in_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stand_in'))
    )
    with op.batch_alter_table('stand_in', schema=None) as batch_op:
        batch_op.create_index('ix_stand_in_person', ['person_id'], unique=False)

    op.create_table('team_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('team_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_team_member_person_id_person')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_team_member_team_id_team')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team_member'))
    )
    with op.batch_alter_table('team_member', schema=None) as batch_op:
        batch_op.create_index('ix_team_member_person', ['person_id', 'team_id'], unique=False)

    op.create_table('plan_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('plan_id', sa.Integer(), nullable=True),
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('store_key', sa.Text(), nullable=True),
    sa.Column('sha256', sa.Text(), nullable=True),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('dated_on', sa.Date(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('read', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('choices', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state in ('reading', 'read', 'refused', 'confirmed', 'discarded')", name=op.f('ck_plan_import_state')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_plan_import_person_id_person')),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_import_plan_id_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_import'))
    )
    with op.batch_alter_table('plan_import', schema=None) as batch_op:
        batch_op.create_index('ix_plan_import_plan', ['plan_id', 'id'], unique=False)

    op.create_table('date_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('for_person_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('reason_class', sa.Text(), nullable=False),
    sa.Column('effect', sa.Text(), nullable=False),
    sa.Column('cover', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('needs_board', sa.Boolean(), nullable=False),
    sa.Column('asked_before_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_words', sa.Text(), nullable=False),
    sa.Column('says', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("reason_class in ('vacancy', 'competing_demand', 'partner_or_supplier', 'system_or_data', 'decision_awaited', 'scope_changed', 'under_estimated', 'external_event', 'other')", name=op.f('ck_date_request_reason_class')),
    sa.CheckConstraint("state in ('waiting', 'agreed', 'agreed_shorter', 'refused', 'taken_back')", name=op.f('ck_date_request_state')),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_date_request_action_id_action')),
    sa.ForeignKeyConstraint(['asked_before_id'], ['meeting.id'], name=op.f('fk_date_request_asked_before_id_meeting')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_date_request_asked_by_id_person')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_date_request_decided_by_id_person')),
    sa.ForeignKeyConstraint(['for_person_id'], ['person.id'], name=op.f('fk_date_request_for_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_date_request'))
    )
    with op.batch_alter_table('date_request', schema=None) as batch_op:
        batch_op.create_index('ix_date_request_action', ['action_id', 'id'], unique=False)
        batch_op.create_index('ix_date_request_state', ['state', 'id'], unique=False)

    op.create_table('help_call',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('note_id', sa.Integer(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('blocker', sa.Text(), nullable=False),
    sa.Column('to_person_id', sa.Integer(), nullable=True),
    sa.Column('reply', sa.Text(), nullable=False),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_help_call_action_id_action')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_help_call_asked_by_id_person')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['person.id'], name=op.f('fk_help_call_closed_by_id_person')),
    sa.ForeignKeyConstraint(['note_id'], ['progress_note.id'], name=op.f('fk_help_call_note_id_progress_note')),
    sa.ForeignKeyConstraint(['to_person_id'], ['person.id'], name=op.f('fk_help_call_to_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_help_call'))
    )
    with op.batch_alter_table('help_call', schema=None) as batch_op:
        batch_op.create_index('ix_help_call_action', ['action_id', 'id'], unique=False)

    with op.batch_alter_table('action', schema=None) as batch_op:
        batch_op.add_column(sa.Column('submitted_text', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('linked_into_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('successor_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('second_move_asked', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('help_asked_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('answered_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('brag_override', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('override_reason', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('override_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('override_on', sa.Date(), nullable=True))
        batch_op.drop_index(batch_op.f('ix_action_rating'))
        batch_op.create_index('ix_action_rating', ['plan_id', 'status', 'due_on', 'review_on', 'stage_due_on', 'last_word_on', 'last_moved_on', 'linked_into_id', 'second_move_asked', 'help_asked_on', 'brag_override'], unique=False)
        batch_op.create_index('ix_action_linked_into', ['linked_into_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_action_override_by_id_person'), 'person', ['override_by_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_action_successor_id_action'), 'action', ['successor_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_action_linked_into_id_action'), 'action', ['linked_into_id'], ['id'])

    for table, item in (('recommendation_lead', 'recommendation_id'), ('action_person', 'action_id')):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column('team_id', sa.Integer(), nullable=True))
            batch_op.create_foreign_key(f'fk_{table}_team_id_team', 'team', ['team_id'], ['id'])
            batch_op.create_index(f'ix_{table}_team', ['team_id', item])

    with op.batch_alter_table('action_stage', schema=None) as batch_op:
        batch_op.add_column(sa.Column('done_by_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_action_stage_done_by_id_person'), 'person', ['done_by_id'], ['id'])

    with op.batch_alter_table('board', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default=sa.text('1')))

    with op.batch_alter_table('date_entry', schema=None) as batch_op:
        batch_op.add_column(sa.Column('request_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('meeting_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_date_entry_request_id_date_request'), 'date_request', ['request_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_date_entry_meeting_id_meeting'), 'meeting', ['meeting_id'], ['id'])

    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.add_column(sa.Column('period', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('for_person_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_evidence_for_person_id_person'), 'person', ['for_person_id'], ['id'])

    with op.batch_alter_table('inspection', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default=sa.text('1')))

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('title', sa.Text(), nullable=False, server_default=''))

    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.add_column(sa.Column('status_key', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('link_plans', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('glossary', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('role_titles', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, server_default='{}'))
        batch_op.add_column(sa.Column('reporting_committee', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('submitted_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('closed_on', sa.Date(), nullable=True))

    with op.batch_alter_table('progress_note', schema=None) as batch_op:
        batch_op.add_column(sa.Column('answer', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('blocker', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('corrects_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('for_person_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_progress_note_corrects_id_progress_note'), 'progress_note', ['corrects_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_progress_note_for_person_id_person'), 'person', ['for_person_id'], ['id'])

    with op.batch_alter_table('recommendation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('judgement_area', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('exit_criteria', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('carried_forward_from', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('submitted_text', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_reason', sa.Text(), nullable=False, server_default=''))

    with op.batch_alter_table('status_move', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sample', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('tested_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('for_person_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_status_move_for_person_id_person'), 'person', ['for_person_id'], ['id'])

    # The defaults were for the rows that was there; the program gives every new row its own values.
    with op.batch_alter_table('action') as batch_op:
        batch_op.create_check_constraint('brag_override', "brag_override is null or brag_override in ('red', 'amber', 'green')")
        batch_op.alter_column('second_move_asked', server_default=None)
        batch_op.alter_column('override_reason', server_default=None)
    with op.batch_alter_table('board') as batch_op:
        batch_op.alter_column('version', server_default=None)
    with op.batch_alter_table('evidence') as batch_op:
        batch_op.alter_column('period', server_default=None)
    with op.batch_alter_table('inspection') as batch_op:
        batch_op.alter_column('version', server_default=None)
    with op.batch_alter_table('person') as batch_op:
        batch_op.alter_column('title', server_default=None)
    with op.batch_alter_table('plan') as batch_op:
        batch_op.alter_column('status_key', server_default=None)
        batch_op.alter_column('link_plans', server_default=None)
        batch_op.alter_column('glossary', server_default=None)
        batch_op.alter_column('role_titles', server_default=None)
        batch_op.alter_column('reporting_committee', server_default=None)
    with op.batch_alter_table('progress_note') as batch_op:
        batch_op.drop_constraint(op.f('ck_progress_note_says_something'), type_='check')
        batch_op.create_check_constraint('says_something', "did <> '' or difference <> '' or next_step <> '' or blocker <> '' or answer is not null")
        batch_op.create_check_constraint('answer', "answer is null or answer in ('no_change', 'on_track', 'need_help', 'done')")
        batch_op.alter_column('blocker', server_default=None)
    with op.batch_alter_table('recommendation') as batch_op:
        batch_op.alter_column('kind', server_default=None)
        batch_op.alter_column('judgement_area', server_default=None)
        batch_op.alter_column('exit_criteria', server_default=None)
        batch_op.alter_column('carried_forward_from', server_default=None)
        batch_op.alter_column('withdrawn_reason', server_default=None)
    with op.batch_alter_table('status_move') as batch_op:
        batch_op.alter_column('sample', server_default=None)
    with op.batch_alter_table('date_entry') as batch_op:
        batch_op.drop_constraint(op.f('ck_date_entry_kind'), type_='check')
        batch_op.create_check_constraint('kind', "kind in ('original', 'move', 'reading', 'first_date')")



def downgrade():
    with op.batch_alter_table('date_entry') as batch_op:
        batch_op.drop_constraint(op.f('ck_date_entry_kind'), type_='check')
        batch_op.create_check_constraint('kind', "kind in ('original', 'move')")
    with op.batch_alter_table('progress_note') as batch_op:
        batch_op.drop_constraint(op.f('ck_progress_note_answer'), type_='check')
        batch_op.drop_constraint(op.f('ck_progress_note_says_something'), type_='check')
        batch_op.create_check_constraint('says_something', "did <> '' or difference <> '' or next_step <> ''")
    with op.batch_alter_table('action') as batch_op:
        batch_op.drop_constraint(op.f('ck_action_brag_override'), type_='check')
    with op.batch_alter_table('status_move', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_status_move_for_person_id_person'), type_='foreignkey')
        batch_op.drop_column('for_person_id')
        batch_op.drop_column('tested_on')
        batch_op.drop_column('sample')

    with op.batch_alter_table('recommendation', schema=None) as batch_op:
        batch_op.drop_column('withdrawn_reason')
        batch_op.drop_column('withdrawn_on')
        batch_op.drop_column('submitted_text')
        batch_op.drop_column('carried_forward_from')
        batch_op.drop_column('exit_criteria')
        batch_op.drop_column('judgement_area')
        batch_op.drop_column('kind')

    with op.batch_alter_table('progress_note', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_progress_note_for_person_id_person'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_progress_note_corrects_id_progress_note'), type_='foreignkey')
        batch_op.drop_column('for_person_id')
        batch_op.drop_column('corrects_id')
        batch_op.drop_column('blocker')
        batch_op.drop_column('answer')

    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.drop_column('closed_on')
        batch_op.drop_column('submitted_on')
        batch_op.drop_column('reporting_committee')
        batch_op.drop_column('role_titles')
        batch_op.drop_column('glossary')
        batch_op.drop_column('link_plans')
        batch_op.drop_column('status_key')

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('title')

    with op.batch_alter_table('inspection', schema=None) as batch_op:
        batch_op.drop_column('version')

    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_evidence_for_person_id_person'), type_='foreignkey')
        batch_op.drop_column('for_person_id')
        batch_op.drop_column('period')

    with op.batch_alter_table('date_entry', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_date_entry_meeting_id_meeting'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_date_entry_request_id_date_request'), type_='foreignkey')
        batch_op.drop_column('meeting_id')
        batch_op.drop_column('request_id')

    with op.batch_alter_table('board', schema=None) as batch_op:
        batch_op.drop_column('version')

    for table in ('action_person', 'recommendation_lead'):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_index(f'ix_{table}_team')
            batch_op.drop_constraint(f'fk_{table}_team_id_team', type_='foreignkey')
            batch_op.drop_column('team_id')

    with op.batch_alter_table('action_stage', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_action_stage_done_by_id_person'), type_='foreignkey')
        batch_op.drop_column('done_by_id')

    with op.batch_alter_table('action', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_action_linked_into_id_action'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_action_successor_id_action'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_action_override_by_id_person'), type_='foreignkey')
        batch_op.drop_index('ix_action_linked_into')
        batch_op.drop_index('ix_action_rating')
        batch_op.create_index(batch_op.f('ix_action_rating'), ['plan_id', 'status', 'due_on', 'review_on', 'stage_due_on', 'last_word_on', 'last_moved_on'], unique=False)
        batch_op.drop_column('override_on')
        batch_op.drop_column('override_by_id')
        batch_op.drop_column('override_reason')
        batch_op.drop_column('brag_override')
        batch_op.drop_column('answered_on')
        batch_op.drop_column('help_asked_on')
        batch_op.drop_column('second_move_asked')
        batch_op.drop_column('successor_id')
        batch_op.drop_column('linked_into_id')
        batch_op.drop_column('submitted_text')

    with op.batch_alter_table('help_call', schema=None) as batch_op:
        batch_op.drop_index('ix_help_call_action')

    op.drop_table('help_call')
    with op.batch_alter_table('date_request', schema=None) as batch_op:
        batch_op.drop_index('ix_date_request_state')
        batch_op.drop_index('ix_date_request_action')

    op.drop_table('date_request')
    with op.batch_alter_table('plan_import', schema=None) as batch_op:
        batch_op.drop_index('ix_plan_import_plan')

    op.drop_table('plan_import')
    with op.batch_alter_table('team_member', schema=None) as batch_op:
        batch_op.drop_index('ix_team_member_person')

    op.drop_table('team_member')
    with op.batch_alter_table('stand_in', schema=None) as batch_op:
        batch_op.drop_index('ix_stand_in_person')

    op.drop_table('stand_in')
    op.drop_table('saved_filter')
    op.drop_table('meeting')
    op.drop_table('draft')
    with op.batch_alter_table('calendar_feed', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_calendar_feed_person_id'))

    op.drop_table('calendar_feed')
    op.drop_table('team')
