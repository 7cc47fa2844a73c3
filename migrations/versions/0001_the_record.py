"""The record of a plan: people, boards, plans, actions, progress, history, letters. The first tables.

Revision: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('board',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('other_names', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('leads_page', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_board')),
    sa.UniqueConstraint('slug', name=op.f('uq_board_slug'))
    )
    op.create_table('inspection',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('authority', sa.Text(), nullable=False),
    sa.Column('framework', sa.Text(), nullable=False),
    sa.Column('on_site_from', sa.Date(), nullable=True),
    sa.Column('on_site_until', sa.Date(), nullable=True),
    sa.Column('received_on', sa.Date(), nullable=True),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inspection'))
    )
    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('partner', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_person_email_lower')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('email', name=op.f('uq_person_email'))
    )
    op.create_table('letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('period', sa.Text(), nullable=False),
    sa.Column('to_email', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('message_id', sa.Text(), nullable=False),
    sa.Column('action_ids', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.CheckConstraint("kind in ('lead', 'chair', 'manager')", name=op.f('ck_letter_kind')),
    sa.CheckConstraint("state in ('queued', 'sending', 'sent', 'unsure', 'refused')", name=op.f('ck_letter_state')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_letter_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter')),
    sa.UniqueConstraint('message_id', name=op.f('uq_letter_message_id')),
    sa.UniqueConstraint('person_id', 'kind', 'period', name='uq_letter_period')
    )
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.create_index('ix_letter_state', ['state', 'id'], unique=False)

    op.create_table('plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('short_name', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('dated_on', sa.Date(), nullable=False),
    sa.Column('reporting_window', sa.Integer(), nullable=False),
    sa.Column('inspection_id', sa.Integer(), nullable=True),
    sa.Column('oversight_board_id', sa.Integer(), nullable=True),
    sa.Column('live_on', sa.Date(), nullable=True),
    sa.Column('columns', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state in ('draft', 'submitted', 'live', 'closed')", name=op.f('ck_plan_state')),
    sa.ForeignKeyConstraint(['inspection_id'], ['inspection.id'], name=op.f('fk_plan_inspection_id_inspection')),
    sa.ForeignKeyConstraint(['oversight_board_id'], ['board.id'], name=op.f('fk_plan_oversight_board_id_board')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan')),
    sa.UniqueConstraint('slug', name=op.f('uq_plan_slug'))
    )
    op.create_table('session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_session_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_session_token_hash'))
    )
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_person_id'), ['person_id'], unique=False)

    op.create_table('submission',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('once', sa.Text(), nullable=False),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_submission_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission')),
    sa.UniqueConstraint('person_id', 'once', name='uq_submission_once')
    )
    op.create_table('action',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('timescale_text', sa.Text(), nullable=False),
    sa.Column('timescale_kind', sa.Text(), nullable=False),
    sa.Column('timescale_guessed', sa.Boolean(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('original_due_on', sa.Date(), nullable=True),
    sa.Column('moves', sa.Integer(), nullable=False),
    sa.Column('last_moved_on', sa.Date(), nullable=True),
    sa.Column('first_review_on', sa.Date(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('stage_due_on', sa.Date(), nullable=True),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('status_before', sa.Text(), nullable=True),
    sa.Column('paused_until', sa.Date(), nullable=True),
    sa.Column('completed_on', sa.Date(), nullable=True),
    sa.Column('completion_imported', sa.Boolean(), nullable=False),
    sa.Column('claimed_by_id', sa.Integer(), nullable=True),
    sa.Column('last_word_on', sa.Date(), nullable=False),
    sa.Column('imported_status_text', sa.Text(), nullable=False),
    sa.Column('imported_note', sa.Text(), nullable=False),
    sa.Column('imported_brag_text', sa.Text(), nullable=True),
    sa.Column('imported_evidence', sa.Text(), nullable=True),
    sa.Column('extra', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('at', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("status in ('not_started', 'in_progress', 'partly_complete', 'completed', 'verified', 'embedded', 'slipped_back', 'paused', 'withdrawn')", name=op.f('ck_action_status')),
    sa.CheckConstraint("timescale_kind in ('date', 'window', 'stages', 'ongoing', 'not_understood', 'none')", name=op.f('ck_action_timescale_kind')),
    sa.CheckConstraint('(moves = 0) = (last_moved_on is null)', name=op.f('ck_action_moves')),
    sa.ForeignKeyConstraint(['claimed_by_id'], ['person.id'], name=op.f('fk_action_claimed_by_id_person')),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_action_plan_id_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action'))
    )
    with op.batch_alter_table('action', schema=None) as batch_op:
        batch_op.create_index('ix_action_rating', ['plan_id', 'status', 'due_on', 'review_on', 'stage_due_on', 'last_word_on', 'last_moved_on'], unique=False)

    op.create_table('membership',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=True),
    sa.Column('board_id', sa.Integer(), nullable=True),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.CheckConstraint("board_id is not null or role not in ('board_member', 'chair', 'secretary')", name=op.f('ck_membership_board')),
    sa.CheckConstraint("role in ('verifier', 'board_member', 'chair', 'secretary', 'programme_manager', 'administrator', 'viewer', 'inspector')", name=op.f('ck_membership_role')),
    sa.ForeignKeyConstraint(['board_id'], ['board.id'], name=op.f('fk_membership_board_id_board')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_membership_person_id_person')),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_membership_plan_id_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership'))
    )
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index('ix_membership_board', ['board_id', 'role'], unique=False)
        batch_op.create_index('ix_membership_person', ['person_id'], unique=False)

    op.create_table('recommendation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('monitoring', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('measures', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('partnership_focus', sa.Text(), nullable=False),
    sa.Column('link_plans', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('impact', sa.Text(), nullable=False),
    sa.Column('extra', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('at', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_recommendation_plan_id_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recommendation')),
    sa.UniqueConstraint('plan_id', 'number', name='uq_recommendation_number')
    )
    op.create_table('action_person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("part in ('owner', 'contributor')", name=op.f('ck_action_person_part')),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_action_person_action_id_action')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_action_person_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_person')),
    sa.UniqueConstraint('action_id', 'part', 'name', name='uq_action_person_name')
    )
    with op.batch_alter_table('action_person', schema=None) as batch_op:
        batch_op.create_index('ix_action_person_person', ['person_id', 'action_id'], unique=False)

    op.create_table('action_place',
    sa.Column('recommendation_id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('ref', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_action_place_action_id_action')),
    sa.ForeignKeyConstraint(['recommendation_id'], ['recommendation.id'], name=op.f('fk_action_place_recommendation_id_recommendation')),
    sa.PrimaryKeyConstraint('recommendation_id', 'action_id', name=op.f('pk_action_place')),
    sa.UniqueConstraint('recommendation_id', 'position', name='uq_action_place_position')
    )
    with op.batch_alter_table('action_place', schema=None) as batch_op:
        batch_op.create_index('ix_action_place_action', ['action_id'], unique=False)

    op.create_table('action_stage',
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_action_stage_action_id_action')),
    sa.PrimaryKeyConstraint('action_id', 'position', name=op.f('pk_action_stage'))
    )
    op.create_table('date_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('says', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind in ('original', 'move')", name=op.f('ck_date_entry_kind')),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_date_entry_action_id_action')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_date_entry_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_date_entry'))
    )
    with op.batch_alter_table('date_entry', schema=None) as batch_op:
        batch_op.create_index('ix_date_entry_action', ['action_id', 'id'], unique=False)

    op.create_table('evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('shows', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('sensitivity', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=True),
    sa.Column('store_key', sa.Text(), nullable=True),
    sa.Column('file_name', sa.Text(), nullable=True),
    sa.Column('media_type', sa.Text(), nullable=True),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.Column('sha256', sa.Text(), nullable=True),
    sa.CheckConstraint("kind in ('audit', 'data', 'voice', 'staff', 'partner', 'external')", name=op.f('ck_evidence_kind')),
    sa.CheckConstraint("sensitivity in ('open', 'restricted')", name=op.f('ck_evidence_sensitivity')),
    sa.CheckConstraint('(url is null) <> (store_key is null)', name=op.f('ck_evidence_file_or_link')),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_evidence_action_id_action')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_evidence_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence')),
    sa.UniqueConstraint('store_key', name=op.f('uq_evidence_store_key'))
    )
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.create_index('ix_evidence_action', ['action_id', 'id'], unique=False)

    op.create_table('history_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('who', sa.Text(), nullable=False),
    sa.Column('via', sa.Text(), nullable=False),
    sa.Column('verb', sa.Text(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=True),
    sa.Column('recommendation_id', sa.Integer(), nullable=True),
    sa.Column('action_id', sa.Integer(), nullable=True),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('before', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('after', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_history_event_action_id_action')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_history_event_person_id_person')),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_history_event_plan_id_plan')),
    sa.ForeignKeyConstraint(['recommendation_id'], ['recommendation.id'], name=op.f('fk_history_event_recommendation_id_recommendation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_history_event'))
    )
    with op.batch_alter_table('history_event', schema=None) as batch_op:
        batch_op.create_index('ix_history_event_action', ['action_id', 'id'], unique=False)
        batch_op.create_index('ix_history_event_plan', ['plan_id', 'id'], unique=False)
        batch_op.create_index('ix_history_event_recommendation', ['recommendation_id', 'id'], unique=False)

    op.create_table('progress_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('did', sa.Text(), nullable=False),
    sa.Column('difference', sa.Text(), nullable=False),
    sa.Column('next_step', sa.Text(), nullable=False),
    sa.CheckConstraint("did <> '' or difference <> '' or next_step <> ''", name=op.f('ck_progress_note_says_something')),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_progress_note_action_id_action')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_progress_note_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_progress_note'))
    )
    with op.batch_alter_table('progress_note', schema=None) as batch_op:
        batch_op.create_index('ix_progress_note_action', ['action_id', 'id'], unique=False)

    op.create_table('recommendation_board',
    sa.Column('recommendation_id', sa.Integer(), nullable=False),
    sa.Column('board_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('lead', sa.Boolean(), nullable=False),
    sa.Column('named_as', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['board_id'], ['board.id'], name=op.f('fk_recommendation_board_board_id_board')),
    sa.ForeignKeyConstraint(['recommendation_id'], ['recommendation.id'], name=op.f('fk_recommendation_board_recommendation_id_recommendation')),
    sa.PrimaryKeyConstraint('recommendation_id', 'board_id', name=op.f('pk_recommendation_board'))
    )
    with op.batch_alter_table('recommendation_board', schema=None) as batch_op:
        batch_op.create_index('ix_recommendation_board_board', ['board_id', 'recommendation_id'], unique=False)

    op.create_table('recommendation_lead',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('recommendation_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('accountable', sa.Boolean(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_recommendation_lead_person_id_person')),
    sa.ForeignKeyConstraint(['recommendation_id'], ['recommendation.id'], name=op.f('fk_recommendation_lead_recommendation_id_recommendation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recommendation_lead')),
    sa.UniqueConstraint('recommendation_id', 'position', name='uq_recommendation_lead_position')
    )
    with op.batch_alter_table('recommendation_lead', schema=None) as batch_op:
        batch_op.create_index('ix_recommendation_lead_person', ['person_id', 'recommendation_id'], unique=False)

    op.create_table('status_move',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('from_status', sa.Text(), nullable=False),
    sa.Column('to_status', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('month', sa.Date(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.CheckConstraint("from_status in ('not_started', 'in_progress', 'partly_complete', 'completed', 'verified', 'embedded', 'slipped_back', 'paused', 'withdrawn')", name=op.f('ck_status_move_from_status')),
    sa.CheckConstraint("kind in ('move', 'claim', 'sent_back', 'taken_back', 'verification', 'slip', 'pause', 'withdrawal', 'return')", name=op.f('ck_status_move_kind')),
    sa.CheckConstraint("to_status in ('not_started', 'in_progress', 'partly_complete', 'completed', 'verified', 'embedded', 'slipped_back', 'paused', 'withdrawn')", name=op.f('ck_status_move_to_status')),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_status_move_action_id_action')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_status_move_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_status_move'))
    )
    with op.batch_alter_table('status_move', schema=None) as batch_op:
        batch_op.create_index('ix_status_move_action', ['action_id', 'id'], unique=False)
    op.bulk_insert(
        sa.table("board", sa.column("slug"), sa.column("name"), sa.column("other_names", sa.JSON()), sa.column("leads_page")),
        [
            {"slug": "lac-strategy-group", "name": "LAC Strategy Group", "other_names": [], "leads_page": 1},
            {"slug": "mash-board", "name": "MASH Board", "other_names": ["MASH Operational Board"], "leads_page": 2},
            {"slug": "corporate-parenting-panel", "name": "Corporate Parenting Panel", "other_names": [], "leads_page": 3},
        ],
    )


def downgrade():
    with op.batch_alter_table('status_move', schema=None) as batch_op:
        batch_op.drop_index('ix_status_move_action')

    op.drop_table('status_move')
    with op.batch_alter_table('recommendation_lead', schema=None) as batch_op:
        batch_op.drop_index('ix_recommendation_lead_person')

    op.drop_table('recommendation_lead')
    with op.batch_alter_table('recommendation_board', schema=None) as batch_op:
        batch_op.drop_index('ix_recommendation_board_board')

    op.drop_table('recommendation_board')
    with op.batch_alter_table('progress_note', schema=None) as batch_op:
        batch_op.drop_index('ix_progress_note_action')

    op.drop_table('progress_note')
    with op.batch_alter_table('history_event', schema=None) as batch_op:
        batch_op.drop_index('ix_history_event_recommendation')
        batch_op.drop_index('ix_history_event_plan')
        batch_op.drop_index('ix_history_event_action')

    op.drop_table('history_event')
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_index('ix_evidence_action')

    op.drop_table('evidence')
    with op.batch_alter_table('date_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_date_entry_action')

    op.drop_table('date_entry')
    op.drop_table('action_stage')
    with op.batch_alter_table('action_place', schema=None) as batch_op:
        batch_op.drop_index('ix_action_place_action')

    op.drop_table('action_place')
    with op.batch_alter_table('action_person', schema=None) as batch_op:
        batch_op.drop_index('ix_action_person_person')

    op.drop_table('action_person')
    op.drop_table('recommendation')
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_index('ix_membership_person')
        batch_op.drop_index('ix_membership_board')

    op.drop_table('membership')
    with op.batch_alter_table('action', schema=None) as batch_op:
        batch_op.drop_index('ix_action_rating')

    op.drop_table('action')
    op.drop_table('submission')
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_person_id'))

    op.drop_table('session')
    op.drop_table('plan')
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.drop_index('ix_letter_state')

    op.drop_table('letter')
    op.drop_table('person')
    op.drop_table('inspection')
    op.drop_table('board')
