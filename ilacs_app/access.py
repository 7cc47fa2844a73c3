"""Permissions: who somebody is, what a mark on a view asks for, and the two refusals.

Roles are data (``membership`` rows). What a person may *see* of the plan is one SQL clause in ``plan/visibility.py``;
what they may *do* to an item is a pure rule of the feature that does it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

GRANTED_ROLES: dict[str, str] = {
    "verifier": "Verifier",
    "board_member": "Board member",
    "chair": "Board chair",
    "secretary": "Board secretary",
    "programme_manager": "Programme manager",
    "administrator": "Administrator",
    "viewer": "Viewer",
    "inspector": "Inspector",
}
BOARD_ROLES = frozenset({"board_member", "chair", "secretary"})


@dataclass(frozen=True)
class Grant:
    """A role that somebody has today, for a plan or a board or neither."""

    role: str
    plan_id: int | None = None
    board_id: int | None = None


@dataclass(frozen=True)
class ActsAs:
    """Whose items somebody works on: of these people (themselves, and whom they stand in for) and of these teams."""

    person_ids: tuple[int, ...]
    team_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Actor:
    """The person that a request, letter or export speaks for.

    ``has_items``: leads, owns or contributes, by name, in a team or as a stand-in. ``stands_for`` are the ids of the
    people that they stand in for today; ``team_ids`` the teams of them all.
    """

    id: int
    name: str
    email: str
    partner: bool = False
    grants: tuple[Grant, ...] = ()
    has_items: bool = False
    stands_for: tuple[int, ...] = ()
    team_ids: tuple[int, ...] = ()

    @property
    def acts_as(self) -> ActsAs:
        return ActsAs((self.id, *self.stands_for), self.team_ids)

    def is_a(self, role: str, *, plan_id: int | None = None) -> bool:
        """Whether they have ``role`` for every plan, or for the one given."""
        return any(g.role == role and (g.plan_id is None or g.plan_id == plan_id) for g in self.grants)

    def has(self, role: str) -> bool:
        """Whether they have ``role`` for any plan or board."""
        return any(g.role == role for g in self.grants)

    @property
    def keeps_shared(self) -> bool:
        """Whether they keep what belongs to no single plan: teams, boards, stand-ins for others, inspections."""
        return self.is_a("programme_manager")

    @property
    def reads_shared(self) -> bool:
        """Whether they read how teams and boards are kept: a programme manager of any plan, or an administrator."""
        return self.has("programme_manager") or self.has("administrator")

    @property
    def board_ids(self) -> frozenset[int]:
        return frozenset(g.board_id for g in self.grants if g.board_id is not None and g.role in BOARD_ROLES)

    def holds_on(self, board_id: int, *roles: str) -> bool:
        """Whether they have one of ``roles`` on this board."""
        return any(g.board_id == board_id and g.role in roles for g in self.grants)

    @property
    def belongs(self) -> bool:
        """Whether they have any role or item; without one, only their own account page is theirs."""
        return bool(self.grants) or self.has_items


@dataclass(frozen=True)
class Mark:
    """What a view declares: who may open it (``anyone``, ``signed_in``, ``belongs``) and whether it writes."""

    who: str
    writes: bool


def mark_of(view: Any) -> Mark | None:
    """The mark of a view, if it carries one."""
    return getattr(view, "mark", None)


View = TypeVar("View", bound=Callable[..., Any])


def requires(who: str, *, writes: bool = False) -> Callable[[View], View]:
    """Mark a view. ``create_app`` refuses to start with an unmarked one."""
    if who not in {"anyone", "signed_in", "belongs"}:
        raise ValueError(f"unknown mark {who!r}")

    def mark(view: View) -> View:
        view.mark = Mark(who, writes)  # type: ignore[attr-defined]
        return view

    return mark


OPERATOR = Actor(0, "command line", "", grants=(Grant("programme_manager"),))
"""Whoever runs a command on the server: sees every plan. Stands for no account and signs no note."""
