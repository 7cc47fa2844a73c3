"""What the forms that name people in a plan show beside their fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wtforms import Field

from ilacs_app import clock
from ilacs_app.plan.assignments import NameMatched
from ilacs_app.plan.names.queries import names_in, names_reached
from ilacs_app.plan.names.rules import NameReach

MOST_ASKED = 20  # names: an address has its limit


def reached_beside(
    plan_id: int, fields: Iterable[Field], links: Mapping[str, NameMatched] | None = None
) -> dict[str, list[NameReach]]:
    """Return who the names in each field reach, by the field's name; ``links`` are those linked in this item."""
    names = {field.name: names_in(field.data, plan_id) for field in fields}
    reached = {
        reach.name: reach for reach in names_reached([n for some in names.values() for n in some], clock.today(), links)
    }
    return {name: [reached[each] for each in some] for name, some in names.items()}


def names_unreached(names: Iterable[str]) -> list[str]:
    """Return those of these names, which an item has just been given, that reach no one."""
    return [reach.name for reach in names_reached(names, clock.today()) if not reach.is_reached][:MOST_ASKED]
