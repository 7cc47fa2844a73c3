"""What every write to the plan also does: check the version, read the timescale again, feed the search."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select

from ilacs_app import clock
from ilacs_app.db import db, write_rows
from ilacs_app.errors import Refused
from ilacs_app.history import Author, HistoryEvent
from ilacs_app.plan.model import Action, ActionPlace, ActionStage, DateEntry, Plan, Recommendation
from ilacs_app.plan.parsing.timescales import Stage, Timescale, next_review
from ilacs_app.plan.rules import keeps_submitted_words
from ilacs_app.search.index import SearchKind, keep_all


def index_recommendation(recommendation_id: int) -> None:
    """Keep a recommendation's number and words as they are now in the index."""
    index_recommendations([recommendation_id])


def index_recommendations(ids: Collection[int]) -> None:
    """Keep the numbers and words of these recommendations as they are now in the index."""
    rows = select(Recommendation.id, Recommendation.number, Recommendation.text).where(Recommendation.id.in_(ids))
    keep_all(SearchKind.RECOMMENDATION, [(row.id, (row.number, row.text)) for row in db.session.execute(rows)])


def index_action(action_id: int) -> None:
    """Keep an action's references, words and first note as they are now in the index."""
    index_actions([action_id])


def index_actions(ids: Collection[int]) -> None:
    """Keep the references, words and first notes of these actions as they are now in the index."""
    db.session.flush()
    refs: dict[int, list[str]] = {id_: [] for id_ in ids}
    places = select(ActionPlace.action_id, ActionPlace.ref).where(ActionPlace.action_id.in_(ids))
    for place in db.session.execute(places.order_by(ActionPlace.recommendation_id)):
        refs[place.action_id].append(place.ref)
    rows = select(Action.id, Action.text, Action.imported_note).where(Action.id.in_(ids))
    keep_all(
        SearchKind.ACTION, [(row.id, (*refs[row.id], row.text, row.imported_note)) for row in db.session.execute(rows)]
    )


Ticks = Mapping[str, tuple[date | None, int | None]]
"""The label of a stage in small letters -> when it was done, and by whom."""


def timescale_columns(scale: Timescale, last_word_on: date) -> dict[str, Any]:
    """The columns that keep a reading; the council's words, the original date and the moves are not among them."""
    return {
        "timescale_kind": scale.kind,
        "timescale_guessed": scale.guessed,
        "starts_on": scale.starts_on,
        "due_on": scale.due_on,
        "first_review_on": scale.review_on,
        "review_on": next_review(scale.review_on, last_word_on) if scale.review_on else None,
        "stage_due_on": min((stage.due_on for stage in scale.stages), default=None),
    }


def word_columns(first_review_on: date | None, today: date) -> dict[str, Any]:
    """The columns that an update of ``today`` sets: its day, and the next review of an ongoing action."""
    columns: dict[str, Any] = {"last_word_on": today}
    if first_review_on is not None:
        columns["review_on"] = next_review(first_review_on, today)
    return columns


def reread(action_id: int, scale: Timescale, last_word_on: date) -> dict[str, Any]:
    """Replace the stages by those of another reading, keeping ticks by label. Returns the columns to set."""
    rows = db.session.execute(
        select(ActionStage.label, ActionStage.done_on, ActionStage.done_by_id).where(
            ActionStage.action_id == action_id, ActionStage.done_on.is_not(None)
        )
    )
    ticked = {label.casefold(): (done_on, done_by_id) for label, done_on, done_by_id in rows}
    db.session.execute(delete(ActionStage).where(ActionStage.action_id == action_id))
    write_rows(ActionStage, stage_rows(action_id, scale.stages, ticked))
    ahead = [stage.due_on for stage in scale.stages if stage.label.casefold() not in ticked]
    return {**timescale_columns(scale, last_word_on), "stage_due_on": min(ahead, default=None)}


def stage_rows(action_id: int, stages: Sequence[Stage], ticked: Ticks | None = None) -> Iterator[dict[str, Any]]:
    """The stages of an action, those that were ticked by label."""
    for position, stage in enumerate(stages):
        done_on, done_by_id = (ticked or {}).get(stage.label.casefold(), (None, None))
        yield {
            "action_id": action_id,
            "position": position,
            "label": stage.label,
            "due_on": stage.due_on,
            "done_on": done_on,
            "done_by_id": done_by_id,
        }


def first_dates(by: Author, action_id: int, scale: Timescale, says: str = "") -> Iterator[dict[str, Any]]:
    """The first lines of an action's ledger: its original date, and a move that was agreed before this system."""
    line = {"action_id": action_id, "person_id": by.person_id, "at": clock.now(), "words": scale.text, "says": says}
    yield {**line, "kind": "original", "due_on": scale.original_due_on or scale.due_on}
    if scale.original_due_on:
        yield {**line, "kind": "move", "due_on": scale.due_on, "says": "agreed before this system"}


def draft_dates(by: Author, action: Action, plan: Plan, scale: Timescale, says: str = "") -> dict[str, Any]:
    """Give an action of a draft plan another timescale and return the columns to set.

    Its ledger begins again, so that the original date is the one the plan has when it leaves draft, and moves are
    counted from it. Where the plan left draft before, the older lines stay above the new ones. Product rule: section 4.
    """
    moved, left_draft = scale.original_due_on is not None, _left_draft(plan.id)
    values: dict[str, Any] = {
        **reread(action.id, scale, action.last_word_on),
        "timescale_text": scale.text,
        "original_due_on": scale.original_due_on or scale.due_on,
        "moves": int(moved),
        "last_moved_on": plan.dated_on if moved else None,
    }
    if left_draft:
        says = says or "changed while the plan was a draft again"
    else:
        db.session.execute(delete(DateEntry).where(DateEntry.action_id == action.id))
    write_rows(DateEntry, first_dates(by, action.id, scale, says))
    return values


def _left_draft(plan_id: int) -> bool:
    """Return whether a plan that is a draft was something else before."""
    moved = select(HistoryEvent.id).where(HistoryEvent.plan_id == plan_id, HistoryEvent.verb == "plan_moved")
    return db.session.scalar(moved.limit(1)) is not None


def hold(action_id: int) -> None:
    """Lock an action and the recommendations in which it is, until this transaction ends.

    Who leads, owns or contributes to it cannot change between the decision and the write.
    """
    hold_each([action_id])


def hold_each(action_ids: Collection[int]) -> None:
    """As ``hold``, for several actions."""
    homes = select(ActionPlace.recommendation_id).where(ActionPlace.action_id.in_(action_ids))
    held = select(Recommendation.id).where(Recommendation.id.in_(homes)).order_by(Recommendation.id)
    db.session.execute(held.with_for_update(read=True)).all()
    actions = select(Action.id).where(Action.id.in_(action_ids)).order_by(Action.id)
    db.session.execute(actions.with_for_update(key_share=True)).all()


CLOSED = "This plan is closed, so it cannot be changed. The programme manager can open it again."


def open_plan(plan_id: int, *, held: bool = False) -> Plan:
    """Return the plan, if its content may be changed.

    ``held``: its state stays as it is until this transaction ends. Whoever holds a plan does so before its actions.

    Raises:
        Refused: it is closed.
    """
    lock = {"read": True} if held else None
    plan = db.session.get_one(Plan, plan_id, with_for_update=lock, populate_existing=held)
    if plan.state == "closed":
        raise Refused(CLOSED)
    return plan


def submitted_words(plan: Plan, item: Recommendation | Action, new: str) -> str | None:
    """Return the submitted text to keep beside new text; none if they are equal or nothing was submitted.

    What was added after the plan was submitted has no submitted words. What counts is when it was submitted here, not
    the day that was typed for it: a plan may have been submitted before it came here.
    """
    if not keeps_submitted_words(plan.state):
        return None
    if item.submitted_text is None and _added_at(item) > _submitted_at(plan.id):
        return None
    submitted = item.submitted_text if item.submitted_text is not None else item.text
    return submitted if submitted != new else None


def _added_at(item: Recommendation | Action) -> int:
    """The id of the event that added an item to its plan; 0 if the item is older than its history."""
    its = {"action_id": item.id} if isinstance(item, Action) else {"recommendation_id": item.id, "action_id": None}
    added = select(func.min(HistoryEvent.id)).filter_by(plan_id=item.plan_id, **its)
    return db.session.scalar(added.where(HistoryEvent.verb.in_(_ADDING))) or 0


def _submitted_at(plan_id: int) -> int:
    """The id of the event that last submitted the plan here.

    Where it never was: with which it first became live, or else was imported or made.
    """
    steps = db.session.execute(
        select(HistoryEvent.id, HistoryEvent.verb, HistoryEvent.before, HistoryEvent.after)
        .where(HistoryEvent.plan_id == plan_id, HistoryEvent.verb.in_(("plan_moved", "plan_imported", "plan_made")))
        .order_by(HistoryEvent.id)
    ).all()
    moved = [(id_, before["state"], after["state"]) for id_, verb, before, after in steps if verb == "plan_moved"]
    submitted = [id_ for id_, before, after in moved if (before, after) == ("draft", "submitted")]
    live = [id_ for id_, _, after in moved if after == "live"]
    came = [id_ for id_, verb, _, _ in steps if verb != "plan_moved"]
    return next(iter((*submitted[-1:], *live[:1], *came[-1:])), 0)


_ADDING = ("action_added", "imported", "recommendation_added")
