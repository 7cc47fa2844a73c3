"""The lines of history as one person may read them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from ..access import Actor
from ..db import db
from ..history import Event
from .model import ActionPlace, Plan, Recommendation
from .reach import sees

_TWIN_LINE = re.compile(r"(?:into )?(.*?)(?: ?is linked into this one| ?stands by itself again)?")
"""What a line about twins says: the references of the others, parted by commas, and what became of them."""


def as_seen_by(actor: Actor, events: Sequence[Event]) -> list[Event]:
    """These lines of one plan without what they say of other items that this person may not see.

    Only a partner sees a part of a plan. What people typed is left as it is.
    """
    if not actor.partner or not events:
        return list(events)
    plan_ids = {event.plan_id for event in events}
    rows = db.session.execute(
        select(ActionPlace.ref, Recommendation.number)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(Plan.id.in_(plan_ids), sees(actor))
    ).all()
    refs, numbers = {row[0] for row in rows}, {row[1] for row in rows}
    return [_without_hidden(event, refs, numbers) for event in events]


def _without_hidden(event: Event, refs: set[str], numbers: set[str]) -> Event:
    if event.verb in {"twin_linked", "twin_parted"}:
        told = _TWIN_LINE.fullmatch(event.about)
        others = set(told[1].split(", ")) - {""} if told else {event.about}
        return event if others <= refs else replace(event, about="")
    if event.after.get("successor", "") not in {"", *refs}:
        return replace(event, after={key: value for key, value in event.after.items() if key != "successor"})
    if event.verb == "action_moved":
        places = [side.get("recommendation") for side in (event.before, event.after)]
        if any(place is not None and place not in numbers for place in places):
            return replace(event, about="", before={}, after={})
    return event
