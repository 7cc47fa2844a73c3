"""Boards of several recommendations at once: all of them or none, each at the version that was seen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import select

from ilacs_app.db import db
from ilacs_app.editing.bulk.commands import Chosen, record_together, together_key
from ilacs_app.editing.governing_boards.rules import BoardChange, Governing, governed_after
from ilacs_app.editing.recommendations.commands import change_recommendation
from ilacs_app.editing.recommendations.queries import editable_recommendation
from ilacs_app.errors import Refused, Stale
from ilacs_app.history import Author, Cause
from ilacs_app.plan.model import Recommendation
from ilacs_app.plan.writing import open_plan


def change_boards(by: Author, chosen: Collection[Chosen], change: BoardChange, says: str) -> None:
    """Change a board of each chosen recommendation; one that it leaves as it is gets no line of history.

    ``says`` is the change in words, for the line that stands for all of them and by which they are undone together.

    Raises:
        Refused: nothing was chosen, or a plan is closed.
        Stale: someone changed one of them since the version that was seen.
    """
    if not chosen:
        raise Refused("Select at least one recommendation")
    key, made = together_key(), []
    for one in sorted(chosen):
        plan_id = db.session.scalar(select(Recommendation.plan_id).where(Recommendation.id == one.id))
        if plan_id is None:
            raise Stale
        open_plan(plan_id)
        facts = editable_recommendation(one.id)
        if facts.version != one.version:
            raise Stale
        text = facts.text
        now = Governing(text.board_ids, text.lead_board_id)
        then = governed_after(now, change)
        if then != now:
            words = replace(text, board_ids=then.ids, lead_board_id=then.lead)
            change_recommendation(by, one.id, one.version, words, cause=Cause(together=key))
            made.append((plan_id, one))
    record_together(by, key, says, made)
