"""A line of history in words: what kind of change it is, and each value before and after. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ilacs_app.dates import long_date
from ilacs_app.plan.rules import BRAG_WORDS, STATUS_WORDS

VERB_GROUPS: Mapping[str, tuple[str, frozenset[str]]] = {
    "people": (
        "Accounts, teams and delegates",
        frozenset(
            [
                "account_added",
                "account_linked",
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
                "attendance_recorded",
                "agenda_item_moved",
                "agenda_item_struck",
                "agenda_item_restored",
                "agenda_item_closed",
                "agenda_item_opened",
                "deep_dive_added",
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
                "stage_done",
                "stage_undone",
                "month_confirmed",
                "rating_set",
                "rating_lifted",
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

_LABELS: Mapping[str, str] = {
    "about": "About",
    "accountable": "Accountable lead",
    "brag": "Rating",
    "bring": "Brought",
    "cover": "Meanwhile",
    "dated_on": "Date of the plan",
    "did": "What we did",
    "difference": "What difference it made",
    "due_on": "Due",
    "effect": "Effect on children",
    "impact": "Impact wanted",
    "link_plans": "Linked plans",
    "monitoring": "Performance management framework",
    "next_step": "What next",
    "on": "Day",
    "on_day": "Day",
    "ref": "Reference",
    "sample": "Looked at",
    "slug": "Address",
    "text": "Wording",
}
_SHOWN_NOWHERE = frozenset(
    [
        "together",
        "undoes",
        "sha256",
        "seed",
        "reviews_read_again",
        "position",
        "place",
        "via",
        "imported_from",
        "decided_as",
        "draft",
        "action",
        "recommendations",
        "actions",
        "items",
    ]
)


@dataclass(frozen=True)
class Difference:
    """One value that changed, in words; an empty text is none."""

    label: str
    before: str
    after: str


def change_words(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return what an event changed, value by value, without the ids that mean nothing to a reader."""
    out = []
    for key in dict.fromkeys((*before, *after)):
        if key in _SHOWN_NOWHERE or key.endswith("_id"):
            continue
        was, now = value_words(key, before.get(key)), value_words(key, after.get(key))
        if was != now:
            out.append(Difference(_LABELS.get(key, key.replace("_", " ").capitalize()), was, now))
    return tuple(out)


def value_words(key: str, value: Any) -> str:
    """Return a value of an event as people read it."""
    match value:
        case None | "":
            return ""
        case bool():
            return "Yes" if value else "No"
        case list() | tuple():
            return ", ".join(filter(None, (value_words(key, part) for part in value)))
        case dict():
            return ", ".join(f"{name}: {value_words(name, part)}" for name, part in value.items())
        case str() if key in {"status", "from_status", "to_status"}:
            return STATUS_WORDS.get(value, value)
        case str() if key == "brag":
            return BRAG_WORDS.get(value, value)
        case str():
            return _day(value) or value.replace("_", " ") if key in {"state", "reason_class"} else _day(value) or value
        case _:
            return str(value)


def _day(value: str) -> str:
    try:
        return long_date(date.fromisoformat(value)) if len(value) == len("2026-04-30") else ""
    except ValueError:
        return ""


def groups_of(names: Sequence[str]) -> frozenset[str]:
    """Return the verbs of these groups."""
    return frozenset().union(*(VERB_GROUPS[name][1] for name in names if name in VERB_GROUPS))
