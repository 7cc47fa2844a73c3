"""The append-only ledger of every change.

A command calls ``record`` in the transaction that makes the change, with a verb from ``VERBS``. No event is ever
changed or deleted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Text, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from ilacs_app import clock
from ilacs_app.db import Document, Model, UtcInstant, db, write_rows


@dataclass(frozen=True)
class Author:
    """Who makes a change: an account, the channel it came by (empty for a screen), and for whom, if they stand in."""

    person_id: int | None
    name: str
    via: str = ""
    for_person_id: int | None = None
    for_name: str = ""

    @property
    def signed(self) -> str:
        """The name that a change carries; both names where someone writes on another's behalf."""
        return f"{self.name}, for {self.for_name}" if self.for_name else self.name


@dataclass(frozen=True)
class Cause:
    """Where a change comes from, if not from its own form: a line of history, a file, or a change of many items."""

    undoes: int | None = None
    imported_from: str = ""
    together: str = ""
    """What all lines of one change of many items have in common."""

    @property
    def kept(self) -> dict[str, Any]:
        """As an event keeps it beside the values after the change."""
        return {name: value for name, value in vars(self).items() if value}


BY_FORM = Cause()


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
_STATUS = "status month tested_on sample successor"
_NOTE = "note_id did difference next_step answer blocker"
_DATE_REQUEST = "request_id timescale due_on stages reason_class effect cover state decided_as meeting_id"
_READING = "timescale due_on review_on guessed reason draft"

VERBS: Mapping[str, Verb] = {
    # accounts, teams and boards
    "account_added": _verb("Account added", "email partner"),
    "account_linked": _verb("Account linked", "items"),
    "role_given": _verb("Role given", "role board_id plan_id"),
    "team_made": _verb("Team added", "team_id members"),
    "team_changed": _verb("Team changed", "name members"),
    "team_linked": _verb("Team linked", "items"),
    "stand_in_named": _verb("Delegate added", "from until reason"),
    "stand_in_ended": _verb("Delegate removed", "until"),
    "board_made": _verb("Board added", "slug"),
    "board_changed": _verb("Board changed", "board_id name other_names"),
    # plans and plan files
    "plan_made": _verb("Plan created", "state dated_on"),
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
    "recommendation_added": _verb("Recommendation added", "text leads boards"),
    "recommendation_changed": _verb("Recommendation changed", f"{_RECOMMENDATION} {_CAUSE}"),
    "recommendation_moved": _verb("Recommendation moved", "number place"),
    "recommendation_withdrawn": _verb("Recommendation withdrawn", "withdrawn_on"),
    "recommendation_returned": _verb("Recommendation restored", "withdrawn_on"),
    "imported": _verb("Imported", "text timescale status"),
    "action_added": _verb("Action added", "text timescale status"),
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
    # meetings, letters and what people set up for themselves
    "meeting_set": _verb("Meeting added", "meeting_id on_day at_time place"),
    "meeting_changed": _verb("Meeting changed", "meeting_id on_day at_time place"),
    "meeting_cancelled": _verb("Meeting cancelled", "meeting_id reason"),
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
}
"""Every kind of change that history records. A command that records another first adds it here."""


class HistoryEvent(Model):
    __tablename__ = "history_event"
    __table_args__ = (
        Index("ix_history_event_action", "action_id", "id"),
        Index("ix_history_event_recommendation", "recommendation_id", "id"),
        Index("ix_history_event_plan", "plan_id", "id"),
        Index("ix_history_event_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcInstant)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    who: Mapped[str] = mapped_column(Text)
    via: Mapped[str] = mapped_column(Text, default="")
    verb: Mapped[str] = mapped_column(Text)
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plan.id"))
    recommendation_id: Mapped[int | None] = mapped_column(ForeignKey("recommendation.id"))
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"))
    about: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[dict[str, Any] | None] = mapped_column(Document)
    after: Mapped[dict[str, Any] | None] = mapped_column(Document)


@dataclass(frozen=True)
class Event:
    """One line of a history page; ``at`` is a UTC instant."""

    id: int
    at: datetime
    who: str
    via: str
    verb: str
    about: str
    before: dict[str, Any]
    after: dict[str, Any]
    plan_id: int | None = None


def record(
    by: Author,
    verb: str,
    *,
    plan_id: int | None = None,
    recommendation_id: int | None = None,
    action_id: int | None = None,
    about: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Append one event to the open transaction: who did what to which item, with the values before and after.

    Raises:
        ValueError: the verb is not in ``VERBS``, or a key is not one of the verb's.
    """
    _check(verb, before, after)
    items = {"plan_id": plan_id, "recommendation_id": recommendation_id, "action_id": action_id}
    db.session.add(HistoryEvent(**_signed(by, verb), **items, about=about, before=before, after=after))


def record_each(by: Author, verb: str, events: Iterable[Mapping[str, Any]]) -> None:
    """Append many events of one verb, each with the items and values that ``record`` takes, all with the same keys.

    Raises:
        ValueError: as ``record``.
    """
    rows = [{**_signed(by, verb), "before": None, **event} for event in events]
    for row in rows:
        _check(verb, row["before"], row.get("after"))
    write_rows(HistoryEvent, rows)


def _check(verb: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> None:
    if verb not in VERBS:
        raise ValueError(f"{verb!r} is not a verb of history")
    unknown = {*(before or {}), *(after or {})} - VERBS[verb].keys
    if unknown:
        raise ValueError(f"{verb!r} has no key {', '.join(sorted(unknown))}")


def _signed(by: Author, verb: str) -> dict[str, Any]:
    return {"at": clock.now(), "person_id": by.person_id, "who": by.signed, "via": by.via, "verb": verb}


def changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of the values before and after a change those that differ, as an event keeps them; two empty ones if none do."""
    names = [name for name, value in after.items() if before.get(name) != value]
    return {name: _kept(before.get(name)) for name in names}, {name: _kept(after[name]) for name in names}


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def of_action(action_id: int, *, newest: int | None = None) -> list[Event]:
    """The events of one action, newest first; at most ``newest`` of them."""
    return _events(HistoryEvent.action_id == action_id, newest=newest)


def of_recommendation(recommendation_id: int, *, newest: int | None = None) -> list[Event]:
    """The events of one recommendation itself, not of its actions, newest first; at most ``newest`` of them."""
    own = (HistoryEvent.recommendation_id == recommendation_id, HistoryEvent.action_id.is_(None))
    return _events(*own, newest=newest)


def of_actions(ids: Collection[int], verbs: Collection[str]) -> dict[int, list[Event]]:
    """The events with these verbs of each of several actions, newest first."""
    return _of_each(HistoryEvent.action_id, HistoryEvent.action_id.in_(ids), HistoryEvent.verb.in_(verbs))


def of_recommendations(ids: Collection[int], verbs: Collection[str]) -> dict[int, list[Event]]:
    """The events with these verbs of each of several recommendations themselves, newest first."""
    own = (HistoryEvent.recommendation_id.in_(ids), HistoryEvent.action_id.is_(None))
    return _of_each(HistoryEvent.recommendation_id, *own, HistoryEvent.verb.in_(verbs))


def of_plan(plan_id: int, *, newest: int | None = None) -> list[Event]:
    """The events of one plan itself, not of what is in it, newest first; at most ``newest`` of them."""
    own = (HistoryEvent.recommendation_id.is_(None), HistoryEvent.action_id.is_(None))
    return _events(HistoryEvent.plan_id == plan_id, *own, newest=newest)


def of_plans(plan_ids: Collection[int], verbs: Collection[str], *, newest: int | None = None) -> list[Event]:
    """The events with these verbs of several plans themselves, newest first; at most ``newest`` of them."""
    own = (HistoryEvent.recommendation_id.is_(None), HistoryEvent.action_id.is_(None))
    return _events(HistoryEvent.plan_id.in_(plan_ids), HistoryEvent.verb.in_(verbs), *own, newest=newest)


def lines(ids: Collection[int]) -> list[Event]:
    """The events with these ids, newest first."""
    return _events(HistoryEvent.id.in_(ids), newest=None) if ids else []


def _events(*which: ColumnElement[bool], newest: int | None) -> list[Event]:
    found = select(HistoryEvent).where(*which).order_by(HistoryEvent.id.desc()).limit(newest)
    return [_line(one) for one in db.session.scalars(found)]


def _of_each(item: InstrumentedAttribute[int | None], *which: ColumnElement[bool]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = {}
    rows = select(item, HistoryEvent).where(*which).order_by(HistoryEvent.id.desc())
    for id_, one in db.session.execute(rows):
        if id_ is not None:
            found.setdefault(id_, []).append(_line(one))
    return found


def _line(e: HistoryEvent) -> Event:
    return Event(e.id, e.at, e.who, e.via, e.verb, e.about, e.before or {}, e.after or {}, e.plan_id)
