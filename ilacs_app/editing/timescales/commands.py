"""The dates that the programme manager gives without a move: a first date, a corrected reading, a draft's timescale."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from ilacs_app import clock
from ilacs_app.access import ActsAs
from ilacs_app.db import db, write_at
from ilacs_app.editing.timescales import rules
from ilacs_app.editing.timescales.queries import TimescaleReading, timescale_reading
from ilacs_app.errors import Refused, Stale
from ilacs_app.history import Author, changes, record
from ilacs_app.plan.model import Action, ActionStage, DateEntry, Plan
from ilacs_app.plan.parsing.timescales import Stage, Timescale, Timing, describe, read_timescale
from ilacs_app.plan.rules import why_not_date
from ilacs_app.plan.visibility import leads_or_owns
from ilacs_app.plan.writing import draft_dates, hold, open_plan, reread, timescale_columns
from ilacs_app.progress.dates.queries import new_dates


class Unread(Refused):
    """The words give no date that is certain, or not one that the plan's words can mean."""


def give_first_date(by: Author, action_id: int, version: int, timescale: str, *, reason: str, acts_as: ActsAs) -> None:
    """Give an action that has no date its first one, in new words. It goes into the ledger and is no move.

    Raises:
        Refused: the plan is closed, someone in ``acts_as`` leads or owns the action, it has a date already, a date
            change is requested, or the reason is empty.
        Unread: the words are no date.
        Stale: someone changed it since the version that was seen.
    """
    plan, action = _held(action_id, version, acts_as)
    if action.timescale_kind not in rules.NO_DATE:
        raise Refused(rules.HAS_A_DATE)
    if new_dates([action_id]):
        raise Refused(rules.REQUEST_WAITS)
    scale = _understood(timescale, plan)
    _check_reason(reason)
    if plan.state == "draft":
        dates = draft_dates(by, action, plan, scale)
    else:
        dates = _dates(action, scale) | {"timescale_text": scale.text}
        _add_line(by, action_id, "first_date", scale, reason)
    _write(by, action, version, dates, verb="first_date_given", about=scale.text, details={"reason": reason})


def correct_timescale(
    by: Author, action_id: int, version: int, timescale: str, *, reason: str, acts_as: ActsAs
) -> None:
    """Read an action's unchanged words as ``timescale`` would be read. It goes into the ledger and is no move.

    Once for an action, and again on the same day. A reading that was certain is only corrected to what the plan's
    words can mean (product rule: section 4). Neither holds while the plan is a draft.

    Raises:
        Refused: the plan is closed, someone in ``acts_as`` leads or owns the action, there are no words to read, a
            date change is requested, the reading was corrected on an earlier day, or the reason is empty.
        Unread: ``timescale`` is no date, or not one that the plan's words can mean.
        Stale: someone changed it since the version that was seen.
    """
    plan, action = _held(action_id, version, acts_as)
    if not action.timescale_text:
        raise Refused(rules.NO_WORDS)
    reading, scale = timescale_reading(action_id), _understood(timescale, plan)
    if reading.settled:
        raise Refused(reading.settled)
    if not reading.draft:
        scale = _meant(action, reading, scale)
    _check_reason(reason)
    says = f"read as “{timescale}”: {describe(scale)}. {reason}"
    read_so = replace(scale, text=action.timescale_text)
    if reading.draft:
        dates = draft_dates(by, action, plan, read_so, says)
    else:
        dates = _dates(action, read_so)
        _add_line(by, action_id, "reading", read_so, says)
    details = {"reason": reason} | ({"draft": True} if reading.draft else {})
    _write(by, action, version, dates, verb="reading_corrected", about=timescale, details=details)


def _held(action_id: int, version: int, acts_as: ActsAs) -> tuple[Plan, Action]:
    """Lock the plan and the action until this transaction ends, and return them.

    Raises:
        Refused: the plan is closed, or someone in ``acts_as`` leads or owns the action.
        Stale: someone changed it since the version that was seen.
    """
    plan_id = db.session.scalars(select(Action.plan_id).where(Action.id == action_id)).one()
    plan = open_plan(plan_id, held=True)
    hold(action_id)
    cannot = why_not_date(leads_or_owns(action_id, acts_as))
    if cannot:
        raise Refused(cannot)
    action = db.session.get_one(Action, action_id, populate_existing=True)
    if action.version != version:
        raise Stale
    return plan, action


def _dates(action: Action, scale: Timescale) -> dict[str, Any]:
    """The columns of another reading. Before the first move, the original date follows it."""
    original = {"original_due_on": scale.due_on} if action.moves == 0 else {}
    return reread(action.id, scale, action.last_word_on) | original


def _check_reason(reason: str) -> None:
    if not reason:
        raise Refused(rules.NO_REASON)


def _understood(text: str, plan: Plan) -> Timescale:
    scale = read_timescale(text, plan.dated_on)
    if scale.kind in rules.NO_DATE or scale.guessed or scale.original_due_on:
        raise Unread(rules.UNCLEAR)
    return scale


def _meant(action: Action, reading: TimescaleReading, scale: Timescale) -> Timescale:
    """The correction, if the words of the action can mean it; the stages of certain words keep their names."""
    if not action.timescale_guessed and _reads_so(action, scale):
        raise Unread(rules.SAME_READING)
    wrong = rules.why_not_meant(reading.by_itself, scale, clock.today(), certain=reading.certain)
    if wrong:
        raise Unread(wrong)
    if reading.limited and reading.by_itself.kind == Timing.STAGES:
        stages = zip(reading.by_itself.stages, scale.stages, strict=True)
        return replace(scale, stages=tuple(Stage(old.label, new.due_on) for old, new in stages))
    return scale


def _reads_so(action: Action, scale: Timescale) -> bool:
    """Return whether the action is read like that already."""
    stages = select(ActionStage.due_on).where(ActionStage.action_id == action.id).order_by(ActionStage.position)
    columns = timescale_columns(scale, action.last_word_on)
    same = all(getattr(action, name) == columns[name] for name in ("timescale_kind", "starts_on", "due_on"))
    same = same and action.first_review_on == scale.review_on
    return same and list(db.session.scalars(stages)) == [stage.due_on for stage in scale.stages]


def _add_line(by: Author, action_id: int, kind: str, scale: Timescale, says: str) -> None:
    line = DateEntry(action_id=action_id, kind=kind, words=scale.text, due_on=scale.due_on, says=says)
    line.person_id, line.at = by.person_id, clock.now()
    db.session.add(line)


def _write(
    by: Author, action: Action, version: int, dates: dict[str, Any], *, verb: str, about: str, details: dict[str, Any]
) -> None:
    was = {"timescale": action.timescale_text, "due_on": action.due_on, "review_on": action.review_on}
    guessed = action.timescale_guessed or action.timescale_kind in rules.NO_DATE
    write_at(Action, action.id, version, **dates)
    now = {name: dates.get(column, was[name]) for name, column in _KEPT_AS.items()}
    before, after = changes(was, now)
    if guessed:
        before["guessed"] = True
    record(by, verb, plan_id=action.plan_id, action_id=action.id, about=about, before=before, after=after | details)


_KEPT_AS = {"timescale": "timescale_text", "due_on": "due_on", "review_on": "review_on"}
