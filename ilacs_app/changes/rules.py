"""The groups of changes by which history is filtered. Pure."""

from __future__ import annotations

from collections.abc import Mapping

VERB_GROUPS: Mapping[str, tuple[str, frozenset[str]]] = {
    "people": (
        "Accounts, teams and delegates",
        frozenset(
            [
                "account_added",
                "account_linked",
                "name_matched",
                "name_unmatched",
                "role_given",
                "team_made",
                "team_changed",
                "team_linked",
                "stand_in_named",
                "stand_in_ended",
            ]
        ),
    ),
    "boards": (
        "Boards and meetings",
        frozenset(
            [
                "board_made",
                "board_changed",
                "meeting_set",
                "meeting_changed",
                "meeting_cancelled",
                "pack_published",
                "attendance_recorded",
                "agenda_item_moved",
                "agenda_item_struck",
                "agenda_item_restored",
                "agenda_item_closed",
                "agenda_item_opened",
                "deep_dive_added",
                "meeting_begun",
                "minutes_published",
            ]
        ),
    ),
    "plans": (
        "Plans, plan files and inspections",
        frozenset(
            [
                "plan_made",
                "plan_changed",
                "plan_moved",
                "plan_imported",
                "plan_imported_again",
                "plan_file_uploaded",
                "plan_file_read",
                "plan_file_corrected",
                "plan_file_refused",
                "plan_file_put_away",
                "plan_file_kept",
                "sample_loaded",
                "inspection_entered",
                "inspection_changed",
                "as_found",
            ]
        ),
    ),
    "content": (
        "Recommendations and actions",
        frozenset(
            [
                "recommendation_added",
                "recommendation_changed",
                "recommendation_moved",
                "recommendation_withdrawn",
                "recommendation_returned",
                "imported",
                "action_added",
                "action_changed",
                "action_moved",
                "owner_named",
                "contributor_named",
                "owner_changed",
                "handed_over",
                "twin_linked",
                "twin_parted",
                "changed_together",
                "undone_together",
            ]
        ),
    ),
    "updates": (
        "Notes, evidence and help",
        frozenset(
            [
                "note_logged",
                "note_corrected",
                "evidence_added",
                "evidence_withdrawn",
                "evidence_bundled",
                "help_asked",
                "help_answered",
                "help_worked",
                "help_not_yet",
                "help_ended",
            ]
        ),
    ),
    "status": (
        "Delivery status and ratings",
        frozenset(
            [
                "move",
                "claim",
                "sent_back",
                "taken_back",
                "verification",
                "slip",
                "pause",
                "withdrawal",
                "return",
                "acceptance",
                "stage_done",
                "stage_undone",
                "month_confirmed",
                "rating_set",
                "rating_lifted",
            ]
        ),
    ),
    "decisions": (
        "Decisions of boards",
        frozenset(
            [
                "decision_made",
                "decision_owner_invited",
                "decision_deferred",
                "decision_referred",
                "decision_not_embedded",
            ]
        ),
    ),
    "questions": (
        "Questions from boards",
        frozenset(
            [
                "challenge_asked",
                "challenge_answered",
                "challenge_satisfied",
                "challenge_not_satisfied",
                "challenge_withdrawn",
                "challenge_owner_changed",
            ]
        ),
    ),
    "dates": (
        "Dates",
        frozenset(
            ["date_asked", "date_taken_back", "date_agreed", "date_refused", "first_date_given", "reading_corrected"]
        ),
    ),
    "emails": (
        "Emails",
        frozenset(
            [
                "letter_queued",
                "letter_rewritten",
                "letter_sent",
                "letter_refused",
                "letter_unsure",
                "letter_queued_again",
            ]
        ),
    ),
    "own": (
        "Saved views and calendar links",
        frozenset(["filter_kept", "filter_taken_away", "calendar_address_made", "calendar_address_stopped"]),
    ),
}
"""The groups by which history is filtered: address -> what the filter calls it, and its verbs. Each verb is in one."""

ITEMLESS = VERB_GROUPS["people"][1] | VERB_GROUPS["emails"][1] | {"board_made", "board_changed"}
"""What belongs to no plan: for administrators and programme managers of all plans."""
MEETINGS = VERB_GROUPS["boards"][1] - ITEMLESS
