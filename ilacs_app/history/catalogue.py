"""What history may hold: every kind of change with the keys of its payload, and the tables of the record.

Pure. ``RECORD`` and ``OUTSIDE`` together name every table of the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Verb:
    """A kind of change: what history pages call it, and the only keys that its events may hold before and after."""

    label: str
    keys: frozenset[str]


def _verb(label: str, keys: str = "") -> Verb:
    return Verb(label, frozenset(keys.split()))


_CAUSE = "undoes imported_from together"
_RECOMMENDATION = (
    "text kind judgement_area leads accountable monitoring measures partnership_focus link_plans boards lead_board"
    " impact exit_criteria carried_forward_from"
)
_INSPECTION = "authority framework on_site_from on_site_until received_on published_on"
_PLAN = (
    "title short_name dated_on reporting_window inspection_id oversight_board_id reporting_committee link_plans"
    " glossary role_titles status_key reviews_read_again"
)
_ADDED_ACTION = "text timescale status owners stages due_on month note status_text brag_text evidence extra"
_STATUS = "status month tested_on sample successor meeting_id"
_NOTE = "note_id did difference next_step answer blocker"
_DATE_REQUEST = "request_id timescale due_on stages reason_class effect cover state decided_as meeting_id"
_CHALLENGE = "challenge_id board_id"
_DECISION = "meeting_id decision_id decision_kind corrects_id board_id referred_to_id"
_CHALLENGE_OWNER = f"{_CHALLENGE} owner owner_person_id owner_team_id"
_READING = "timescale due_on review_on guessed reason draft"

VERBS: Mapping[str, Verb] = {
    # accounts, teams and boards
    "account_added": _verb("Account added", "email partner"),
    "account_linked": _verb("Account linked", "items"),
    "name_matched": _verb("Name matched to an account", "name account items"),
    "name_unmatched": _verb("Name no longer matched to an account", "name account items"),
    "role_given": _verb("Role given", "role board_id plan_id"),
    "team_made": _verb("Team added", "team_id members"),
    "team_changed": _verb("Team changed", "name members"),
    "team_linked": _verb("Team linked", "items"),
    "stand_in_named": _verb("Delegate added", "from until reason"),
    "stand_in_ended": _verb("Delegate removed", "until"),
    "board_made": _verb("Board added", "slug"),
    "board_changed": _verb("Board changed", "board_id name other_names quorum"),
    # plans and plan files
    "plan_made": _verb("Plan created", "state dated_on title short_name slug inspection_id status_key"),
    "plan_changed": _verb("Plan changed", _PLAN),
    "plan_moved": _verb("Plan status changed", "state on"),
    "plan_imported": _verb("Plan imported", "recommendations actions"),
    "plan_imported_again": _verb("Plan imported again", "taken kept"),
    "plan_file_uploaded": _verb("Plan file uploaded", "sha256"),
    "plan_file_read": _verb("Plan file read"),
    "plan_file_corrected": _verb("Plan file choices changed", "columns words boards rows"),
    "plan_file_refused": _verb("Plan file refused"),
    "plan_file_put_away": _verb("Plan file discarded"),
    "plan_file_kept": _verb("Plan file saved", "sha256"),
    "sample_loaded": _verb("Sample loaded", "actions seed"),
    "inspection_entered": _verb("Inspection added", "inspection_id"),
    "inspection_changed": _verb("Inspection changed", f"inspection_id {_INSPECTION}"),
    # recommendations and actions
    "recommendation_added": _verb("Recommendation added", f"{_RECOMMENDATION} extra"),
    "recommendation_changed": _verb("Recommendation changed", f"{_RECOMMENDATION} {_CAUSE}"),
    "recommendation_moved": _verb("Recommendation moved", "number place"),
    "recommendation_withdrawn": _verb("Recommendation withdrawn", "withdrawn_on"),
    "recommendation_returned": _verb("Recommendation restored", "withdrawn_on"),
    "imported": _verb("Imported", _ADDED_ACTION),
    "action_added": _verb("Action added", _ADDED_ACTION),
    "action_changed": _verb("Action changed", f"text owners contributors timescale due_on {_CAUSE}"),
    "action_moved": _verb("Action moved", f"recommendation ref place {_CAUSE}"),
    "owner_named": _verb("Owner added", "names"),
    "contributor_named": _verb("Contributor added", "names"),
    "owner_changed": _verb("Owner changed", "owners together"),
    "handed_over": _verb("Reassigned", "leads accountable owners contributors together from"),
    "twin_linked": _verb("Linked with a repeated action", "kept"),
    "twin_parted": _verb("Unlinked from a repeated action", "kept"),
    "changed_together": _verb("Bulk change", "together actions recommendations"),
    "undone_together": _verb("Bulk change undone", "undoes back stay"),
    # progress
    "note_logged": _verb("Note added", _NOTE),
    "note_corrected": _verb("Note corrected", _NOTE),
    "evidence_added": _verb("Evidence added", "evidence_id sha256"),
    "evidence_withdrawn": _verb("Evidence withdrawn", "evidence_id withdrawn_on"),
    "evidence_bundled": _verb("Evidence downloaded", "files left_out"),
    "move": _verb("Delivery status", _STATUS),
    "claim": _verb("Marked as completed", _STATUS),
    "sent_back": _verb("Sent back", _STATUS),
    "taken_back": _verb("Completion withdrawn", _STATUS),
    "verification": _verb("Verified", _STATUS),
    "slip": _verb("Slipped back", _STATUS),
    "pause": _verb("Paused", _STATUS),
    "withdrawal": _verb("Withdrawn", _STATUS),
    "return": _verb("Restored", _STATUS),
    "acceptance": _verb("Accepted as embedded", _STATUS),
    "stage_done": _verb("Stage done", "stage done_on"),
    "stage_undone": _verb("Stage reopened", "stage done_on"),
    "month_confirmed": _verb("Month of completion confirmed", "month"),
    "date_asked": _verb("Date change requested", _DATE_REQUEST),
    "date_taken_back": _verb("Date change request withdrawn", _DATE_REQUEST),
    "date_agreed": _verb("Date change agreed", _DATE_REQUEST),
    "date_refused": _verb("Date change refused", _DATE_REQUEST),
    "first_date_given": _verb("First date given", _READING),
    "reading_corrected": _verb("Due date reading corrected", _READING),
    "help_asked": _verb("Help requested", "to"),
    "help_answered": _verb("Request for help answered"),
    "help_worked": _verb("Help received"),
    "help_not_yet": _verb("Help still needed"),
    "help_ended": _verb("Help no longer needed"),
    "rating_set": _verb("Rating overridden", "brag"),
    "rating_lifted": _verb("Rating override removed", "brag"),
    # questions of boards; ``board_id`` says whose, because not everyone who reads an item may read them
    "challenge_asked": _verb("Question asked by a board", f"{_CHALLENGE_OWNER} meeting_id question due_on"),
    "challenge_answered": _verb("Question answered", f"{_CHALLENGE} answer_id words for_person_id"),
    "challenge_satisfied": _verb("Board satisfied with the answer", f"{_CHALLENGE} answer_id words"),
    "challenge_not_satisfied": _verb("Board asked for more", f"{_CHALLENGE} answer_id words"),
    "challenge_withdrawn": _verb("Question withdrawn", f"{_CHALLENGE} reason"),
    "challenge_owner_changed": _verb("Question reassigned", f"{_CHALLENGE_OWNER} together"),
    # meetings, letters and what people set up for themselves
    "meeting_set": _verb("Meeting added", "meeting_id on_day at_time place"),
    "meeting_changed": _verb("Meeting changed", "meeting_id on_day at_time place"),
    "meeting_cancelled": _verb("Meeting cancelled", "meeting_id reason"),
    "agenda_item_moved": _verb("Agenda item moved", "meeting_id item"),
    "agenda_item_struck": _verb("Agenda item struck", "meeting_id item"),
    "agenda_item_restored": _verb("Agenda item restored", "meeting_id item"),
    "agenda_item_closed": _verb("Agenda item made exempt", "meeting_id item"),
    "agenda_item_opened": _verb("Agenda item no longer exempt", "meeting_id item"),
    "deep_dive_added": _verb("Deep dive added", "meeting_id item"),
    "pack_published": _verb("Papers published", "meeting_id pack_id version as_at last_event_id hashes"),
    "meeting_begun": _verb("Meeting begun", "meeting_id items"),
    "minutes_published": _verb("Minutes published", "meeting_id minutes_id version hashes"),
    # what a board decides, ``board_id``; never what it wrote for its minutes, which not everyone may read
    "decision_made": _verb("Decision of a board", _DECISION),
    "decision_owner_invited": _verb("Owner invited to a board", _DECISION),
    "decision_deferred": _verb("Deferred by a board", _DECISION),
    "decision_referred": _verb("Referred to another board", _DECISION),
    "decision_not_embedded": _verb("Not accepted as embedded", _DECISION),
    "attendance_recorded": _verb("Attendance recorded", "meeting_id attendance"),
    "letter_queued": _verb("Email queued", "letter_id actions"),
    "letter_rewritten": _verb("Email updated before sending", "letter_id actions"),
    "letter_sent": _verb("Email sent", "letter_id"),
    "letter_refused": _verb("Email refused", "letter_id problem"),
    "letter_unsure": _verb("Email may not have been sent", "letter_id problem"),
    "letter_queued_again": _verb("Email queued again", "letter_id problem"),
    "filter_kept": _verb("View saved", "address"),
    "filter_taken_away": _verb("Saved view removed", "address"),
    "calendar_address_made": _verb("Calendar link created", "board_id"),
    "calendar_address_stopped": _verb("Calendar link removed", "board_id"),
    # what is older than what history keeps of it
    "as_found": _verb(
        "Recorded as it was",
        "person_id team_id board_id inspection_id plan_id recommendation_id action_id",
    ),
}
"""Every kind of change that history records. A command that records another first adds it here."""

Kept = Mapping[str, str]
"""Columns that history does not hold, each with the reason."""

RECORD: Mapping[str, Kept] = {
    "person": {"password_hash": "a secret"},
    "membership": {},
    "team": {},
    "team_member": {},
    "stand_in": {},
    "board": {},
    "meeting": {},
    "inspection": {},
    "plan": {},
    "recommendation": {},
    "recommendation_lead": {},
    "recommendation_board": {},
    "action": {},
    "action_place": {},
    "action_stage": {},
    "action_person": {},
    "date_entry": {},
    "date_request": {},
    "progress_note": {},
    "evidence": {},
    "help_call": {},
    "help_reply": {},
    "status_move": {},
    "claim_hand": {},
    "challenge": {},
    "challenge_answer": {},
    "meeting_attendance": {},
    "agenda_entry": {},
    "pack": {},
    "pack_file": {},
    "meeting_item": {},
    "decision": {},
    "minutes": {},
    "minutes_file": {"content": "stored bytes; history has their SHA-256"},
}
"""The tables of the record: every column can be rebuilt from history, but those that are named here."""

OUTSIDE: Kept = {
    "history_event": "history itself",
    "history_change": "history itself",
    "session": "a sign-in, with the hash of its token",
    "submission": "a form that was saved once; what it saved has its own event",
    "draft": "what was typed and not saved",
    "letter": "the outbox; that a letter was queued or sent has its own event",
    "plan_import": "a plan file that waits; what it brought to the plan has its own events",
    "saved_filter": "a view that a person saved for their own use",
    "calendar_feed": "a calendar link of one person, with the hash of its token",
}
"""The tables that are not part of the record, each with the reason."""
