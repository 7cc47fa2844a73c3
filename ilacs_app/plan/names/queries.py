"""The names that may be suggested to someone, and who each name reaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from ilacs_app.access import Actor
from ilacs_app.db import db
from ilacs_app.people.queries import Account, active_people
from ilacs_app.people.teams.queries import teams
from ilacs_app.plan.assignments import NameMatched, match_names
from ilacs_app.plan.model import Action, ActionPerson, ActionPlace, Plan, Recommendation, RecommendationLead
from ilacs_app.plan.names.rules import NameReach, Reach, may_be_several, names_typed
from ilacs_app.plan.visibility import visible_to, visible_with_questions
from ilacs_app.text import plain_name


def names_used(actor: Actor, *which: ColumnElement[bool]) -> list[str]:
    """Return who leads, owns or contributes to what this person sees, as the plans name them; ``which`` narrows it."""
    return _names(visible_to(actor), *which)


def names_to_ask(actor: Actor) -> list[str]:
    """Return the names that a member of a board may be offered: those in what they see of live plans."""
    return _names(visible_with_questions(actor), Plan.state == "live", Recommendation.withdrawn_on.is_(None))


def _names(*which: ColumnElement[bool]) -> list[str]:
    leads = (
        select(RecommendationLead.name)
        .join(Recommendation, Recommendation.id == RecommendationLead.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(*which)
    )
    works = (
        select(ActionPerson.name)
        .join(Action, Action.id == ActionPerson.action_id)
        .join(ActionPlace, ActionPlace.action_id == Action.id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(*which)
    )
    return sorted(db.session.scalars(leads.union(works)), key=plain_name)


@dataclass(frozen=True)
class KnownNames:
    """The names that may be meant: of the active accounts, of the teams, and those that plans use already."""

    accounts: tuple[Account, ...]
    teams: tuple[str, ...]
    used: tuple[str, ...]

    @property
    def all(self) -> list[str]:
        """Every name once; accounts and teams before the rest, and spelt as they are."""
        every = (*(account.name for account in self.accounts), *self.teams, *self.used)
        once: dict[str, str] = {}
        for name in every:
            once.setdefault(plain_name(name), name)
        return list(once.values())


def known_names(actor: Actor, plan_id: int | None = None) -> KnownNames:
    """Return the names for someone who names people in a plan, or in all that they manage. The caller checks that."""
    used = names_used(actor, *([Plan.id == plan_id] if plan_id is not None else []))
    return KnownNames(tuple(active_people()), tuple(team.name for team in teams()), tuple(used))


def names_in(text: str | None, plan_id: int) -> tuple[str, ...]:
    """Return the names in a field of this plan, as ``names_typed``; asks only where a line may hold several.

    The name of an account or a team, and one that the plan has already, is one name whatever signs are in it.
    """
    if not may_be_several(text):
        return names_typed(text)
    named = _names(Plan.id == plan_id)
    every = (*(account.name for account in active_people()), *(team.name for team in teams()), *named)
    return names_typed(text, {plain_name(name) for name in every})


def names_reached(names: Iterable[str], today: date, links: Mapping[str, NameMatched] | None = None) -> list[NameReach]:
    """Return who each name reaches; ``links`` are those that are linked already where they are named."""
    once = list(dict.fromkeys(names))
    if not once:
        return []
    people = {account.id: account for account in active_people()}
    members = {team.id: len(team.members) for team in teams(today)}
    matches = {**match_names(once), **{name: link for name, link in (links or {}).items() if _is_linked(link)}}
    return [_reach(name, matches[name], people, members) for name in once]


def _is_linked(link: NameMatched) -> bool:
    return link["person_id"] is not None or link["team_id"] is not None


def _reach(name: str, match: NameMatched, people: Mapping[int, Account], members: Mapping[int, int]) -> NameReach:
    person_id, team_id = match["person_id"], match["team_id"]
    account = people.get(person_id or 0)
    if account is not None:
        is_same = plain_name(account.name) == plain_name(name)
        return NameReach(name, Reach.ACCOUNT, account="" if is_same else account.name)
    if team_id is not None:
        number = members.get(team_id, 0)
        return NameReach(name, Reach.TEAM if number else Reach.EMPTY_TEAM, number=number)
    sharing = sum(plain_name(account.name) == plain_name(name) for account in people.values())
    if sharing > 1:
        return NameReach(name, Reach.SEVERAL, number=sharing)
    return NameReach(name, Reach.LEFT if person_id is not None else Reach.NO_ONE)
