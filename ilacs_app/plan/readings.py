"""How a timescale as read is kept beside an action: its columns and its stages. Part of larger commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from ..db import db, write_rows
from .model import ActionStage
from .timescale import Stage, Timescale, next_review

Ticks = Mapping[str, tuple[date | None, int | None]]
"""The label of a stage in small letters -> when it was done, and by whom."""


def reading_of(scale: Timescale, last_word_on: date) -> dict[str, Any]:
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


def read_anew(action_id: int, scale: Timescale, last_word_on: date) -> dict[str, Any]:
    """Put the stages of another reading in place of those that stand, ticks kept by label; the columns of it."""
    rows = db.session.execute(
        select(ActionStage.label, ActionStage.done_on, ActionStage.done_by_id).where(
            ActionStage.action_id == action_id, ActionStage.done_on.is_not(None)
        )
    )
    ticked = {label.casefold(): (done_on, done_by_id) for label, done_on, done_by_id in rows}
    db.session.execute(delete(ActionStage).where(ActionStage.action_id == action_id))
    write_rows(ActionStage, stage_rows(action_id, scale.stages, ticked))
    ahead = [stage.due_on for stage in scale.stages if stage.label.casefold() not in ticked]
    return {**reading_of(scale, last_word_on), "stage_due_on": min(ahead, default=None)}


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
