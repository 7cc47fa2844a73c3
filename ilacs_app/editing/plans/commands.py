"""What changes a plan as a whole: its words and its state."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import exists, or_, select, update

from ilacs_app import clock
from ilacs_app.db import db, write_at
from ilacs_app.editing.plans.queries import PlanContent
from ilacs_app.editing.plans.rules import plan_move
from ilacs_app.errors import Refused
from ilacs_app.history import Author, HistoryEvent, changes, record
from ilacs_app.plan.model import Action, DateEntry, Plan, Recommendation
from ilacs_app.plan.parsing.timescales import Timing, next_review, read_timescale
from ilacs_app.plan.writing import open_plan


def change_plan(by: Author, plan_id: int, version: int, text: PlanContent) -> None:
    """Change what a plan says of itself; nothing is written where nothing differs.

    Another date of the plan changes what was counted from it: the first update of imported actions, moves agreed
    before this system, and the reviews of ongoing work that names no review.

    Raises:
        Refused: the plan is closed.
        Stale: someone changed it since the version that was seen.
    """
    plan = open_plan(plan_id)
    values = asdict(text)
    before, after = changes({name: getattr(plan, name) for name in values}, values)
    if not after and plan.version == version:
        return
    old = plan.dated_on
    write_at(Plan, plan_id, version, **values)
    if text.dated_on != old:
        after["reviews_read_again"] = _follow(plan_id, old, text.dated_on)
    record(by, "plan_changed", plan_id=plan_id, about=text.title, before=before, after=after)


def _follow(plan_id: int, old: date, new: date) -> int:
    """Count again what depends on the plan's own date. Returns how many reviews changed."""
    noted = exists().where(HistoryEvent.action_id == Action.id, HistoryEvent.verb == "note_logged")
    imported = (Action.plan_id == plan_id, Action.at != "")
    db.session.execute(update(Action).where(*imported, Action.last_word_on == old, ~noted).values(last_word_on=new))
    db.session.execute(update(Action).where(*imported, Action.last_moved_on == old).values(last_moved_on=new))
    by_hand = exists().where(
        DateEntry.action_id == Action.id,
        or_(DateEntry.kind.in_(("reading", "first_date")), (DateEntry.kind == "original") & (DateEntry.says != "")),
    )
    rows = db.session.execute(
        select(Action.id, Action.timescale_text, Action.first_review_on, Action.last_word_on).where(
            Action.plan_id == plan_id, Action.timescale_kind == Timing.ONGOING, ~by_hand
        )
    ).all()
    followed = 0
    for action_id, text, first, last_word in rows:
        review = read_timescale(text, new).review_on
        counted = first == read_timescale(text, old).review_on  # otherwise it was chosen when the file was checked
        if review is not None and review != first and counted:
            values = {"first_review_on": review, "review_on": next_review(review, last_word)}
            db.session.execute(update(Action).where(Action.id == action_id).values(**values))
            followed += 1
    return followed


def move_plan(by: Author, plan_id: int, version: int, to: str, *, on: date | None = None, reason: str = "") -> None:
    """Move a plan one step on, on a day (today if none is given), or one step back with a reason.

    Submitting it stores its current text as the submitted text.

    Raises:
        Refused: there is no such step, the reason is missing, or the day has not come yet.
        Stale: someone changed the plan since the version that was seen.
    """
    plan = db.session.get_one(Plan, plan_id, with_for_update=True, populate_existing=True)
    state, move, day = plan.state, plan_move(plan.state, to), on or clock.today()
    if isinstance(move, str):
        raise Refused(move)
    if move.back and not reason:
        raise Refused("Enter a reason")
    if day > clock.today():
        raise Refused("Enter a date that is today or in the past")
    values: dict[str, Any] = {"state": to}
    if to == "live":
        values |= {"live_on": plan.live_on or day, "closed_on": None}
    elif to == "draft":
        values["submitted_on"] = None
    elif to == "submitted" and not move.back:
        values["submitted_on"] = day
        for table in (Recommendation, Action):
            db.session.execute(update(table).where(table.plan_id == plan_id).values(submitted_text=None))
    elif to == "closed":
        values["closed_on"] = day
    write_at(Plan, plan_id, version, **values)
    record(
        by,
        "plan_moved",
        plan_id=plan_id,
        about=reason,
        before={"state": state},
        after={"state": to, "on": day.isoformat()},
    )
