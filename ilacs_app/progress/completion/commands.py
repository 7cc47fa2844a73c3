"""Confirm the month in which an action was completed, if the plan's own month is missing or cannot be right."""

from __future__ import annotations

from datetime import date

from ilacs_app import clock
from ilacs_app.dates import last_day_of_month, month_year
from ilacs_app.db import db, write_at
from ilacs_app.errors import Refused
from ilacs_app.history import Author, in_history, record
from ilacs_app.plan.model import Action, Plan
from ilacs_app.plan.rules import Facts
from ilacs_app.plan.writing import hold
from ilacs_app.progress.completion.rules import why_month_unsure
from ilacs_app.progress.queries import check_may_write


def confirm_month(by: Author, action_id: int, version: int, month: date) -> None:
    """Record the month in which a completed action was completed. ``month`` is any day of it.

    Raises:
        Refused: this person may not write on the action, its month is certain already, or the month has not begun.
        Stale: someone changed the action since the version that was seen.
    """
    hold(action_id)
    check_may_write(by, action_id)
    action = db.session.get_one(Action, action_id, populate_existing=True)
    plan = db.session.get_one(Plan, action.plan_id)
    facts = Facts(
        action.status,
        due_on=action.due_on,
        completed_on=action.completed_on,
        completion_imported=action.completion_imported,
        plan_dated_on=plan.dated_on,
    )
    today = clock.today()
    if action.version == version and why_month_unsure(facts, today) is None:
        raise Refused("The month of completion is already confirmed. Refresh the page to see it.")
    completed_on = last_day_of_month(month)
    if completed_on > last_day_of_month(today):
        raise Refused("Select a month that has begun.")
    before = action.completed_on
    write_at(Action, action_id, version, completed_on=completed_on, completion_imported=False)
    record(
        by,
        "month_confirmed",
        plan_id=plan.id,
        action_id=action_id,
        about=month_year(completed_on),
        before={"month": in_history(before)},
        after={"month": completed_on.isoformat()},
    )
