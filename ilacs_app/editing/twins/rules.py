"""Which actions repeat each other: the same words after tidying, in different recommendations. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ilacs_app.text import plain


@dataclass(frozen=True)
class Placed:
    """An action in one of its places."""

    id: int
    recommendation_id: int
    text: str


def twins(placed: Iterable[Placed]) -> list[tuple[int, ...]]:
    """The ids of actions that share their words and are in different recommendations, in the plan's order.

    An action that is in several places is one; actions of one recommendation are never offered.
    """
    by_words: dict[str, dict[int, set[int]]] = {}
    for place in placed:
        by_words.setdefault(plain(place.text), {}).setdefault(place.id, set()).add(place.recommendation_id)
    return [
        tuple(actions) for actions in by_words.values() if len(actions) > 1 and len(set().union(*actions.values())) > 1
    ]
