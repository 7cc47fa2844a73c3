"""Items change hands: a leaver’s go to another name, chosen actions get another owner; all of them or none.

Each item carries the version that was seen: one that somebody changed meanwhile stops the whole, and nothing is saved.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from ilacs_app.db import db, write_at
from ilacs_app.editing.bulk.commands import Chosen, record_together, together_key
from ilacs_app.errors import Refused, Stale
from ilacs_app.history import Author, changes, record
from ilacs_app.plan.assignments import set_assigned, set_leads
from ilacs_app.plan.model import Action, ActionPerson, Recommendation, RecommendationLead
from ilacs_app.plan.queries import assigned
from ilacs_app.plan.writing import open_plan
from ilacs_app.text import plain_name


def hand_over(by: Author, from_person: int, chosen: Collection[Chosen], to: str) -> None:
    """Put a name in a person's place wherever they stand in the chosen items; an accountable lead's successor is one.

    Raises:
        Refused: nothing was chosen, no name was given, or a plan is closed.
        Stale: somebody changed one of the items since the version that was seen.
    """
    _check(chosen, to)
    plans, key, name = _at_their_versions(chosen), together_key(), ""
    for one in sorted(chosen):
        leads = one.part == "lead"
        rows = _leads(one.id) if leads else _workers(one.id, one.part)
        leaving = [name for name, person_id, _ in rows if person_id == from_person]
        if not leaving:
            raise Stale
        name = name or leaving[0]
        names = _without_twins([to if person_id == from_person else name for name, person_id, _ in rows])
        before: dict[str, Any] = {f"{one.part}s": [name for name, _, _ in rows]}
        after: dict[str, Any] = {f"{one.part}s": names}
        if leads:
            was = next((name for name, _, accountable in rows if accountable), "")
            first = next((to if p == from_person else name for name, p, accountable in rows if accountable), "")
            set_leads(one.id, names, first)
            before, after = changes(before | {"accountable": was}, after | {"accountable": first})
        else:
            set_assigned(one.id, one.part, names)
        record(
            by,
            "handed_over",
            plan_id=plans[(leads, one.id)],
            recommendation_id=one.id if leads else None,
            action_id=None if leads else one.id,
            about=f"{one.part}, {leaving[0]} to {to}",
            before=before,
            after=after | {"together": key, "from": [from_person, leaving[0]]},
        )
    record_together(by, key, f"{name} to {to}", ((plans[(one.part == "lead", one.id)], one) for one in chosen))


def change_owners(by: Author, chosen: Collection[Chosen], to: str) -> None:
    """Make a name the one owner of each chosen action; one that it owns alone already stays, without a line of history.

    Raises:
        Refused: nothing was chosen, no name was given, or a plan is closed.
        Stale: somebody changed one of the actions since the version that was seen.
    """
    _check(chosen, to)
    had, key = {id_: one.owners for id_, one in assigned([one.id for one in chosen]).items()}, together_key()
    going = sorted(one for one in chosen if had[one.id] != (to,))
    _as_they_were_seen(set(chosen).difference(going))
    plans = _at_their_versions(going)
    for one in going:
        set_assigned(one.id, "owner", [to])
        record(
            by,
            "owner_changed",
            plan_id=plans[(False, one.id)],
            action_id=one.id,
            before={"owners": list(had[one.id])},
            after={"owners": [to], "together": key},
        )
    record_together(by, key, f"Owner: {to}", ((plans[(False, one.id)], one) for one in going))


def _check(chosen: Collection[Chosen], to: str) -> None:
    if not to:
        raise Refused("Write the name that these items go to.")
    if not chosen:
        raise Refused("Choose at least one item.")


def _as_they_were_seen(chosen: Collection[Chosen]) -> None:
    """Raises ``Stale`` if one of these actions was changed since it was seen."""
    now = dict(
        db.session.execute(select(Action.id, Action.version).where(Action.id.in_([one.id for one in chosen]))).all()
    )
    if any(now.get(one.id) != one.version for one in chosen):
        raise Stale


def _at_their_versions(chosen: Collection[Chosen]) -> dict[tuple[bool, int], int]:
    """Move each item on from the version that was seen, once where it was chosen for two parts; answers their plans."""
    plans: dict[tuple[bool, int], int] = {}
    for one in sorted(chosen, key=lambda one: (one.part != "lead", one.id)):
        key = (one.part == "lead", one.id)
        if key in plans:
            continue
        table: type[Recommendation] | type[Action] = Recommendation if key[0] else Action
        plan_id = db.session.scalar(select(table.plan_id).where(table.id == one.id))
        if plan_id is None:
            raise Stale
        open_plan(plan_id)
        write_at(table, one.id, one.version)
        plans[key] = plan_id
    return plans


def _leads(recommendation_id: int) -> list[tuple[str, int | None, bool]]:
    lead = RecommendationLead
    rows = db.session.execute(
        select(lead.name, lead.person_id, lead.accountable)
        .where(lead.recommendation_id == recommendation_id)
        .order_by(lead.position)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _workers(action_id: int, part: str) -> list[tuple[str, int | None, bool]]:
    rows = db.session.execute(
        select(ActionPerson.name, ActionPerson.person_id)
        .where(ActionPerson.action_id == action_id, ActionPerson.part == part)
        .order_by(ActionPerson.id)
    )
    return [(row[0], row[1], False) for row in rows]


def _without_twins(names: list[str]) -> list[str]:
    """Each name once, where it first stands."""
    seen: dict[str, str] = {}
    for name in names:
        seen.setdefault(plain_name(name), name)
    return list(seen.values())
