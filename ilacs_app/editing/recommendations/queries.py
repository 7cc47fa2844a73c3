"""What the forms of a recommendation are drawn from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from ilacs_app.db import db
from ilacs_app.editing.recommendations.rules import OWN_COLUMNS, RecommendationContent
from ilacs_app.plan.model import Recommendation, RecommendationBoard
from ilacs_app.plan.queries import LeadPart, Named, lead_parts, named_recommendations


@dataclass(frozen=True)
class EditableRecommendation:
    """A recommendation as its form shows it, at a version. ``place`` counts from 1."""

    id: int
    number: str
    place: int
    text: RecommendationContent
    version: int
    withdrawn_on: date | None
    submitted_text: str | None


def editable_recommendation(recommendation_id: int) -> EditableRecommendation:
    """Return what a recommendation says. The caller has checked that it is theirs to see."""
    r = db.session.get_one(Recommendation, recommendation_id, populate_existing=True)
    order = select(Recommendation.id).where(Recommendation.plan_id == r.plan_id)
    place = list(db.session.scalars(order.order_by(Recommendation.position, Recommendation.id))).index(r.id) + 1
    return EditableRecommendation(
        id=r.id,
        number=r.number,
        place=place,
        text=_content(r, lead_parts([r.id]).get(r.id, ()), boards_of(r.id)),
        version=r.version,
        withdrawn_on=r.withdrawn_on,
        submitted_text=r.submitted_text,
    )


def contents_of(ids: Collection[int]) -> dict[int, RecommendationContent]:
    """Return what each of these recommendations says, leads and boards included, as it is in the record now."""
    leads, boards = lead_parts(ids), boards_of_each(ids)
    rows = select(Recommendation).where(Recommendation.id.in_(ids)).execution_options(populate_existing=True)
    return {r.id: _content(r, leads.get(r.id, ()), boards[r.id]) for r in db.session.scalars(rows)}


def _content(
    r: Recommendation, leads: Sequence[LeadPart], boards: Mapping[int, tuple[str, bool]]
) -> RecommendationContent:
    columns = {name: getattr(r, name) for name in OWN_COLUMNS}
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in columns.items()
    }
    return RecommendationContent(
        **values,
        leads=tuple(lead.name for lead in leads),
        accountable=next((lead.name for lead in leads[1:] if lead.accountable), ""),
        board_ids=tuple(boards),
        lead_board_id=next((board_id for board_id, (_, lead) in boards.items() if lead), None),
    )


def recommendation_says(recommendation_id: int) -> dict[str, Any]:
    """Return what each field of a recommendation says, as its history names it."""
    return recommendations_say([recommendation_id])[recommendation_id]


def recommendations_say(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """As ``recommendation_says``, of several."""
    leads, boards = lead_parts(ids), boards_of_each(ids)
    return {
        r.id: {name: getattr(r, name) for name in OWN_COLUMNS}
        | {
            "leads": [lead.name for lead in leads.get(r.id, ())],
            "accountable": next((lead.name for lead in leads.get(r.id, ()) if lead.accountable), ""),
            "boards": [named for named, _ in boards[r.id].values()],
            "lead_board": next((named for named, lead in boards[r.id].values() if lead), ""),
        }
        for r in db.session.scalars(select(Recommendation).where(Recommendation.id.in_(ids)))
    }


def boards_of(recommendation_id: int) -> dict[int, tuple[str, bool]]:
    """The boards of a recommendation in its order: id -> the plan's own words, and whether it leads."""
    return boards_of_each([recommendation_id])[recommendation_id]


def boards_of_each(ids: Collection[int]) -> dict[int, dict[int, tuple[str, bool]]]:
    """As ``boards_of``, of several."""
    board = RecommendationBoard
    rows = select(board.recommendation_id, board.board_id, board.named_as, board.lead)
    by_recommendation: dict[int, dict[int, tuple[str, bool]]] = {id_: {} for id_ in ids}
    for id_, board_id, named, lead in db.session.execute(
        rows.where(board.recommendation_id.in_(ids)).order_by(board.position)
    ):
        by_recommendation[id_][board_id] = (named, lead)
    return by_recommendation


def open_recommendations(plan_id: int) -> list[Named]:
    """The recommendations of a plan that were not withdrawn, in its order."""
    return named_recommendations(Recommendation.plan_id == plan_id, Recommendation.withdrawn_on.is_(None))


def next_number(plan_id: int) -> str:
    """The number that a new recommendation of a plan is offered: one beyond the highest."""
    numbers = db.session.scalars(select(Recommendation.number).where(Recommendation.plan_id == plan_id))
    return str(max((int(number) for number in numbers if number.isascii() and number.isdecimal()), default=0) + 1)
