"""Reassign a leaver’s items, or give chosen actions another owner: all of them or none.

Each item carries the version that was seen: one that someone changed meanwhile stops the whole, and nothing is saved.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import or_, select

from ilacs_app.db import db, write_at
from ilacs_app.editing.bulk.commands import Chosen, record_together, together_key
from ilacs_app.errors import Refused, Stale
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.history import Author, changes, record
from ilacs_app.plan.assignments import ask_instead, match_name, match_where_unreached, set_assigned_of, set_leads_of
from ilacs_app.plan.model import Action, ActionPerson, ActionPlace, Recommendation, RecommendationLead
from ilacs_app.plan.queries import assigned
from ilacs_app.plan.writing import open_plan
from ilacs_app.text import plain_name


def hand_over(
    by: Author, from_person: int, chosen: Collection[Chosen], to: str, *, account_id: int | None = None
) -> None:
    """Put a name in a person's place in each chosen item. Whoever replaces the accountable lead is accountable.

    ``account_id`` is who is meant where several accounts share the name; in these plans it is theirs from now on.

    Raises:
        Refused: nothing was chosen, no name was given, or a plan is closed.
        Stale: someone changed one of the items since the version that was seen.
    """
    _check(chosen, to)
    plans, key = _at_their_versions(chosen), together_key()
    moved = {item: _put_in_place(held, from_person, to) for item, held in _held_by_part(chosen).items()}
    if not all(change.left for change in moved.values()):
        raise Stale
    leads = {item.id: change for item, change in moved.items() if item.part == "lead"}
    set_leads_of({id_: (change.names, change.accountable) for id_, change in leads.items()})
    for part in ("owner", "contributor"):
        set_assigned_of(part, {item.id: change.names for item, change in moved.items() if item.part == part})
    for item in sorted(chosen):
        _record(by, plans[(item.part == "lead", item.id)], item, moved[item], to, key, from_person)
    _hand_over_questions(by, chosen, from_person, to, key)
    _match_in(by, plans, to, account_id)
    left = moved[min(chosen)].left
    record_together(by, key, f"{left} to {to}", ((plans[(item.part == "lead", item.id)], item) for item in chosen))


@dataclass(frozen=True)
class _Holder:
    """One name in a part of an item; ``person_id`` is the account it reaches."""

    name: str
    person_id: int | None
    accountable: bool = False


@dataclass(frozen=True)
class _Change:
    """The names of one part of an item before and after; ``left`` is the removed name, "" if there is none."""

    was: list[str]
    names: list[str]
    was_accountable: str
    accountable: str
    left: str


def _put_in_place(held: Sequence[_Holder], from_person: int, to: str) -> _Change:
    after = [replace(holder, name=to) if holder.person_id == from_person else holder for holder in held]
    return _Change(
        was=[holder.name for holder in held],
        names=_without_twins([holder.name for holder in after]),
        was_accountable=next((holder.name for holder in held if holder.accountable), ""),
        accountable=next((holder.name for holder in after if holder.accountable), ""),
        left=next((holder.name for holder in held if holder.person_id == from_person), ""),
    )


def _record(by: Author, plan_id: int, item: Chosen, change: _Change, to: str, key: str, from_person: int) -> None:
    leads, part = item.part == "lead", f"{item.part}s"
    before: dict[str, Any] = {part: change.was}
    after: dict[str, Any] = {part: change.names}
    if leads:
        was, now = {"accountable": change.was_accountable}, {"accountable": change.accountable}
        before, after = changes(before | was, after | now)
    record(
        by,
        "handed_over",
        plan_id=plan_id,
        recommendation_id=item.id if leads else None,
        action_id=None if leads else item.id,
        about=f"{item.part}, {change.left} to {to}",
        before=before,
        after=after | {"together": key, "from": [from_person, change.left]},
    )


def _match_in(by: Author, plans: Mapping[Any, int], name: str, account_id: int | None) -> None:
    """Match a name that several accounts share to one of them, in each of these plans."""
    if account_id is not None:
        for plan_id in sorted(set(plans.values())):
            match_where_unreached(by, plan_id, name, account_id)


def change_owners(by: Author, chosen: Collection[Chosen], to: str, *, account_id: int | None = None) -> None:
    """Make a name the one owner of each chosen action; one that it owns alone already stays, without a line of history.

    ``account_id`` as in ``hand_over``.

    Raises:
        Refused: nothing was chosen, no name was given, or a plan is closed.
        Stale: someone changed one of the actions since the version that was seen.
    """
    _check(chosen, to)
    had, key = {id_: item.owners for id_, item in assigned([item.id for item in chosen]).items()}, together_key()
    going = sorted(item for item in chosen if had[item.id] != (to,))
    _as_they_were_seen(set(chosen).difference(going))
    plans = _at_their_versions(going)
    set_assigned_of("owner", {item.id: [to] for item in going})
    for item in going:
        record(
            by,
            "owner_changed",
            plan_id=plans[(False, item.id)],
            action_id=item.id,
            before={"owners": list(had[item.id])},
            after={"owners": [to], "together": key},
        )
    former = {item.id: {plain_name(name) for name in had[item.id]} for item in going}
    asked = select(Challenge.id, Challenge.action_id, Challenge.owner).where(
        Challenge.action_id.in_(former), *_UNSETTLED
    )
    rows = db.session.execute(asked)
    _ask_instead(by, [row.id for row in rows if plain_name(row.owner) in former[row.action_id]], to, key)
    _match_in(by, plans, to, account_id)
    record_together(by, key, f"Owner: {to}", ((plans[(False, item.id)], item) for item in going))


_UNSETTLED = (Challenge.state.in_(("open", "answered")),)


def _hand_over_questions(by: Author, chosen: Collection[Chosen], from_person: int, to: str, key: str) -> None:
    """Ask the name of what was asked of the person about these items, and about actions of what they led."""
    led = [item.id for item in chosen if item.part == "lead"]
    inside = select(ActionPlace.action_id).where(ActionPlace.recommendation_id.in_(led))
    here = or_(
        Challenge.recommendation_id.in_(led),
        Challenge.action_id.in_(inside),
        Challenge.action_id.in_([item.id for item in chosen if item.part != "lead"]),
    )
    asked = select(Challenge.id).where(here, Challenge.owner_person_id == from_person, *_UNSETTLED)
    _ask_instead(by, db.session.scalars(asked).all(), to, key)


def _ask_instead(by: Author, challenge_ids: Collection[int], to: str, key: str) -> None:
    if challenge_ids:
        match = match_name(to)
        owner = {"owner": to, "owner_person_id": match["person_id"], "owner_team_id": match["team_id"]}
        ask_instead(by, challenge_ids, owner, together=key)


def _check(chosen: Collection[Chosen], to: str) -> None:
    if not to:
        raise Refused("Enter the name to reassign to")
    if not chosen:
        raise Refused("Select at least one")


def _as_they_were_seen(chosen: Collection[Chosen]) -> None:
    """Raises ``Stale`` if one of these actions was changed since it was seen."""
    now = dict(
        db.session.execute(select(Action.id, Action.version).where(Action.id.in_([item.id for item in chosen]))).all()
    )
    if any(now.get(item.id) != item.version for item in chosen):
        raise Stale


def _at_their_versions(chosen: Collection[Chosen]) -> dict[tuple[bool, int], int]:
    """Raise the version of each item from the one that was seen, only once if it was chosen for two parts.

    Returns the plan of each, by whether it is a recommendation and its id.
    """
    plans: dict[tuple[bool, int], int] = {}
    for leads, table in ((True, Recommendation), (False, Action)):
        seen = {item.id: item.version for item in chosen if (item.part == "lead") == leads}
        rows = db.session.execute(select(table.id, table.plan_id).where(table.id.in_(seen)).order_by(table.id)).all()
        if len(rows) < len(seen):
            raise Stale
        for plan_id in {row.plan_id for row in rows}:
            open_plan(plan_id)
        for row in rows:
            write_at(table, row.id, seen[row.id])
            plans[(leads, row.id)] = row.plan_id
    return plans


def _held_by_part(chosen: Collection[Chosen]) -> dict[Chosen, list[_Holder]]:
    """Return who leads, owns or contributes to each of these, in order."""
    held: dict[Chosen, list[_Holder]] = {item: [] for item in chosen}
    at = {(item.part, item.id): item for item in chosen}
    lead = RecommendationLead
    leads = db.session.execute(
        select(lead.recommendation_id.label("id"), lead.name, lead.person_id, lead.accountable)
        .where(lead.recommendation_id.in_([item.id for item in chosen if item.part == "lead"]))
        .order_by(lead.position)
    )
    for row in leads:
        held[at["lead", row.id]].append(_Holder(row.name, row.person_id, row.accountable))
    people = db.session.execute(
        select(ActionPerson.action_id.label("id"), ActionPerson.part, ActionPerson.name, ActionPerson.person_id)
        .where(ActionPerson.action_id.in_([item.id for item in chosen if item.part != "lead"]))
        .order_by(ActionPerson.id)
    )
    for id_, part, name, person_id in people:
        if (part, id_) in at:
            held[at[part, id_]].append(_Holder(name, person_id))
    return held


def _without_twins(names: list[str]) -> list[str]:
    """Return each name once, in the order of first appearance."""
    seen: dict[str, str] = {}
    for name in names:
        seen.setdefault(plain_name(name), name)
    return list(seen.values())
