"""The words by which a recommendation or an action is found. Commands call this after they have written them."""

from __future__ import annotations

from sqlalchemy import select

from ..db import db
from ..search import Kind, keep
from .model import Action, ActionPlace, Recommendation


def keep_recommendation(recommendation_id: int) -> None:
    """Keep a recommendation's number and words as they stand now in the index."""
    found = select(Recommendation.number, Recommendation.text).where(Recommendation.id == recommendation_id)
    keep(Kind.RECOMMENDATION, recommendation_id, *db.session.execute(found).one())


def keep_action(action_id: int) -> None:
    """Keep an action's references, words and first note as they stand now in the index."""
    db.session.flush()
    refs = select(ActionPlace.ref).where(ActionPlace.action_id == action_id).order_by(ActionPlace.recommendation_id)
    text, note = db.session.execute(select(Action.text, Action.imported_note).where(Action.id == action_id)).one()
    keep(Kind.ACTION, action_id, *db.session.scalars(refs), text, note)
