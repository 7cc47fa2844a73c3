"""Boards of several recommendations at once: all of them or none, each at the version that was seen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import select

from ilacs_app.db import db
from ilacs_app.editing.bulk.commands import Chosen, record_together, together_key
from ilacs_app.editing.governing_boards.rules import BoardChange, Governing, governed_after
from ilacs_app.editing.recommendations.commands import RecommendationChange, change_recommendations
from ilacs_app.editing.recommendations.queries import contents_of
from ilacs_app.errors import Refused, Stale
from ilacs_app.history import Author, Cause
from ilacs_app.plan.model import Recommendation
from ilacs_app.plan.writing import open_plan


def change_boards(by: Author, chosen: Collection[Chosen], change: BoardChange, says: str) -> None:
    """Change a board of each chosen recommendation; an unchanged one gets no history event.

    ``says`` is the change in words, for the one history event by which all are undone together.

    Raises:
        Refused: nothing was chosen, or a plan is closed.
        Stale: someone changed one of them since the version that was seen.
    """
    if not chosen:
        raise Refused("Select at least one recommendation")
    going = sorted(chosen)
    ids = [item.id for item in going]
    columns = select(Recommendation.id, Recommendation.plan_id, Recommendation.version)
    stands = {row.id: row for row in db.session.execute(columns.where(Recommendation.id.in_(ids)))}
    for plan_id in sorted({row.plan_id for row in stands.values()}):
        open_plan(plan_id)
    if any(item.id not in stands or stands[item.id].version != item.version for item in going):
        raise Stale
    key, contents = together_key(), contents_of(ids)
    wanted = []
    for item in going:
        content = contents[item.id]
        now = Governing(content.board_ids, content.lead_board_id)
        then = governed_after(now, change)
        if then != now:
            after = replace(content, board_ids=then.ids, lead_board_id=then.lead)
            wanted.append(RecommendationChange(item.id, item.version, after, cause=Cause(together=key)))
    change_recommendations(by, wanted)
    changed = {each.recommendation_id for each in wanted}
    record_together(by, key, says, ((stands[item.id].plan_id, item) for item in going if item.id in changed))
