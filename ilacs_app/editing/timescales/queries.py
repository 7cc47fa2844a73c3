"""Whether the reading of a timescale may still be corrected, what is left to choose, and what was corrected lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, select

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.dates import LONDON, long_date
from ilacs_app.db import db
from ilacs_app.editing.timescales import rules
from ilacs_app.history import HistoryEvent
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.model import Action, DateEntry, Plan
from ilacs_app.plan.parsing.timescales import Timescale, read_timescale
from ilacs_app.progress.dates.queries import new_dates


@dataclass(frozen=True)
class TimescaleReading:
    """How the words of a timescale are read by themselves. ``certain``: what is corrected was no guess.

    ``settled`` says why nothing is corrected here any more; None if it may be.
    """

    by_itself: Timescale
    certain: bool
    draft: bool
    settled: str | None

    @property
    def choices(self) -> str:
        """What is left to choose from; "" if any date is, or none."""
        return rules.choices_left(self.by_itself, clock.today()) if self.limited else ""

    @property
    def limited(self) -> bool:
        return (
            self.certain and not self.draft and not self.by_itself.guessed and self.by_itself.kind not in rules.NO_DATE
        )

    @property
    def cannot(self) -> str | None:
        """Why this reading cannot be corrected; None if it can be."""
        return self.settled or (rules.A_DAY if self.limited and not self.choices else None)


def timescale_reading(action_id: int) -> TimescaleReading:
    """Return how an action's timescale is read, and whether that may be corrected today."""
    action = db.session.get_one(Action, action_id)
    plan = db.session.get_one(Plan, action.plan_id)
    certain = action.timescale_kind not in rules.NO_DATE and not action.timescale_guessed
    return TimescaleReading(
        by_itself=read_timescale(action.timescale_text, plan.dated_on),
        certain=certain and not _guessed_today(action_id),
        draft=plan.state == "draft",
        settled=_why_settled(action_id, draft=plan.state == "draft"),
    )


@dataclass(frozen=True)
class CorrectedReading:
    """One corrected reading: the row of its action as it is now, and what the manager said.

    ``read_as`` is what they entered. ``was_due_on`` and ``due_on`` are its dates before and after: None for ongoing
    work. ``at`` is a UTC instant.
    """

    event_id: int
    row: ActionRow
    read_as: str
    was_due_on: date | None
    due_on: date | None
    reason: str
    who: str
    at: datetime


def corrected_readings(actor: Actor, today: date, board_id: int) -> list[CorrectedReading]:
    """Return the readings corrected in the last 60 days of actions that a board governs, newest first.

    Only in live plans, and of actions that this person may see.
    """
    events = _events(today - timedelta(days=rules.BOARDS_SEE_IT_DAYS))
    ids = frozenset(event.action_id for event in events if event.action_id is not None)
    rows: dict[int, ActionRow] = {}
    if ids:
        for row in action_rows(actor, Filter(board_id=board_id, action_ids=ids), today, size=None):
            rows.setdefault(row.id, row)
    return [_corrected(event, rows[event.action_id]) for event in events if event.action_id in rows]


def any_corrected(today: date) -> ColumnElement[bool]:
    """A column that says whether any reading was corrected in the last 60 days; usually none was."""
    since = today - timedelta(days=rules.BOARDS_SEE_IT_DAYS)
    return select(HistoryEvent.id).where(*_corrected_since(since)).correlate(None).exists()


def _corrected_since(since: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    began = datetime.combine(since, time(), LONDON).astimezone(UTC)
    return HistoryEvent.verb == "reading_corrected", HistoryEvent.at >= began


def _events(since: date) -> list[HistoryEvent]:
    lines = select(HistoryEvent).where(*_corrected_since(since))
    events = db.session.scalars(lines.order_by(HistoryEvent.id.desc()))
    return [event for event in events if not (event.after or {}).get("draft")]


def _corrected(event: HistoryEvent, row: ActionRow) -> CorrectedReading:
    before, after = event.before or {}, event.after or {}
    return CorrectedReading(
        event_id=event.id,
        row=row,
        read_as=event.about,
        was_due_on=_day(before.get("due_on")),
        due_on=_day(after.get("due_on")),
        reason=after.get("reason", ""),
        who=event.who,
        at=event.at,
    )


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _why_settled(action_id: int, *, draft: bool) -> str | None:
    if new_dates([action_id]):
        return rules.REQUEST_WAITS
    corrected = select(DateEntry.at).where(DateEntry.action_id == action_id, DateEntry.kind == "reading")
    days = {clock.london_day(at) for at in db.session.scalars(corrected)} - {clock.today()}
    return rules.CORRECTED_ONCE.format(day=long_date(max(days))) if days and not draft else None


def _guessed_today(action_id: int) -> bool:
    """Return whether a guessed reading was corrected today: it may then be corrected again."""
    events = select(HistoryEvent.at, HistoryEvent.before).where(
        HistoryEvent.action_id == action_id, HistoryEvent.verb == "reading_corrected"
    )
    return any(
        (event.before or {}).get("guessed") and clock.london_day(event.at) == clock.today()
        for event in db.session.execute(events)
    )
