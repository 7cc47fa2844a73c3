"""One change of many items: which were chosen, each at the version that was seen, and the line of history for all."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from ilacs_app.history import Author, record


@dataclass(frozen=True, order=True)
class Chosen:
    """An item as it was seen; ``part`` is lead or board of a recommendation, or owner or contributor of an action."""

    part: str
    id: int
    version: int

    @property
    def of_action(self) -> bool:
        return self.part in {"owner", "contributor"}


def together_key() -> str:
    """A new key for the lines of one change of many items (``Cause.together``)."""
    return secrets.token_hex(8)


def record_together(by: Author, key: str, says: str, items: Iterable[tuple[int, Chosen]]) -> None:
    """One line in the history of each plan (the first of each pair) that names all its items that changed together."""
    of: dict[int, list[Chosen]] = {}
    for plan_id, item in items:
        of.setdefault(plan_id, []).append(item)
    for plan_id, some in of.items():
        ids = {name: sorted({item.id for item in some if item.of_action is is_it}) for name, is_it in _ITEMS}
        record(by, "changed_together", plan_id=plan_id, about=says, after={"together": key, **ids})


_ITEMS = (("actions", True), ("recommendations", False))
