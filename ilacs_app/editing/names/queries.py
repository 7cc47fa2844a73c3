"""The names of one item that reach no one, and whom each may mean."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from ilacs_app.access import Actor
from ilacs_app.people.queries import Account
from ilacs_app.people.rules import similar_names
from ilacs_app.plan.assignments import names_linked
from ilacs_app.plan.names.queries import known_names, names_reached
from ilacs_app.plan.names.rules import NameReach, Reach
from ilacs_app.text import plain_name


@dataclass(frozen=True)
class UnreachedHere:
    """A name of an item that reaches no one.

    ``instead`` are the names, each of which reaches someone, that may be meant; ``sharing`` the accounts that have this
    name, where it is more than one.
    """

    reach: NameReach
    instead: tuple[str, ...] = ()
    sharing: tuple[Account, ...] = ()

    @property
    def can_be_matched(self) -> bool:
        return self.reach.reach in {Reach.NO_ONE, Reach.LEFT}


def unreached_here(
    actor: Actor,
    names: Collection[str],
    today: date,
    *,
    plan_id: int,
    action_id: int | None = None,
    recommendation_id: int | None = None,
) -> list[UnreachedHere]:
    """Return those of the names of one item, an action or a recommendation, that reach no one, in their order."""
    links = names_linked(action_id=action_id, recommendation_id=recommendation_id)
    unreached = [reach for reach in names_reached(names, today, links) if not reach.is_reached]
    if not unreached:
        return []
    known = known_names(actor, plan_id)
    similar = {reach.name: _similar(reach, known.all) for reach in unreached}
    reaching = _reaching({name for some in similar.values() for name in some}, today)
    return [
        UnreachedHere(
            reach,
            instead=tuple(name for name in similar[reach.name] if name in reaching),
            sharing=tuple(each for each in known.accounts if plain_name(each.name) == plain_name(reach.name))
            if reach.reach == Reach.SEVERAL
            else (),
        )
        for reach in unreached
    ]


def _similar(reach: NameReach, known: Iterable[str]) -> list[str]:
    return similar_names(reach.name, known) if reach.reach != Reach.SEVERAL else []


def _reaching(names: Collection[str], today: date) -> set[str]:
    return {reach.name for reach in names_reached(names, today) if reach.is_reached}
