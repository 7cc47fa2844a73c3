"""Which boards govern the recommendations of a plan, to choose from and to look at before they change."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.editing.governing_boards.rules import BoardChange, Governing, governed_after
from ilacs_app.plan.lists.filters import Filter, recommendation_clauses, with_matching_action
from ilacs_app.plan.model import Plan, Recommendation, RecommendationBoard
from ilacs_app.plan.visibility import visible_to


@dataclass(frozen=True)
class Governed:
    """A recommendation with its boards."""

    id: int
    version: int
    ref: str
    text: str
    boards: Governing
    part: str = "board"

    @property
    def key(self) -> tuple[str, int]:
        return self.part, self.id

    def after(self, change: BoardChange) -> Governing:
        return governed_after(self.boards, change)


def governed(actor: Actor, wanted: Filter, today: date, *, only: Collection[int] | None = None) -> list[Governed]:
    """The recommendations that fit and were not withdrawn, in the plan's order; ``only`` those of these ids.

    A filter about actions keeps those that have one that fits.
    """
    clauses = [visible_to(actor), *recommendation_clauses(wanted), Recommendation.withdrawn_on.is_(None)]
    if wanted.of_actions:
        clauses.append(Recommendation.id.in_(with_matching_action(wanted, today)))
    if only is not None:
        clauses.append(Recommendation.id.in_(only))
    heads = db.session.execute(
        select(Recommendation.id, Recommendation.version, Recommendation.number.label("ref"), Recommendation.text)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(*clauses)
        .order_by(Recommendation.position, Recommendation.id)
    ).all()
    board = RecommendationBoard
    rows = db.session.execute(
        select(board.recommendation_id, board.board_id, board.lead)
        .where(board.recommendation_id.in_([row.id for row in heads]))
        .order_by(board.recommendation_id, board.position)
    )
    parts: dict[int, list[Any]] = {}
    for row in rows:
        parts.setdefault(row.recommendation_id, []).append(row)
    return [Governed(**row._mapping, boards=_governing(parts.get(row.id, []))) for row in heads]


def _governing(parts: list[Any]) -> Governing:
    lead = next((part.board_id for part in parts if part.lead), None)
    return Governing(ids=tuple(part.board_id for part in parts), lead=lead)
