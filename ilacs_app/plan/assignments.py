"""Who and what a plan names: people matched to accounts and teams by full name, and boards. Part of larger commands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from ilacs_app.db import db, write_rows
from ilacs_app.errors import Refused
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.history import Author, record
from ilacs_app.people.model import Person
from ilacs_app.people.queries import active_people
from ilacs_app.people.teams.model import Team
from ilacs_app.people.teams.queries import teams
from ilacs_app.plan.model import Action, ActionPerson, Recommendation, RecommendationBoard, RecommendationLead
from ilacs_app.text import plain_name

_Row = dict[str, Any]
NameMatched = Mapping[str, int | None]
"""The account and the team that a name reaches, as the columns of whoever is named."""


def person_named(name: str) -> int | None:
    """The one active account with this full name; none where two share it, so that nothing goes to a namesake."""
    return match_name(name)["person_id"]


def match_name(name: str) -> NameMatched:
    """Return who a name reaches."""
    return match_names([name])[name]


def match_names(names: Iterable[str]) -> dict[str, NameMatched]:
    """Return who each of many names reaches."""
    people: dict[str, list[int]] = defaultdict(list)
    for person in active_people():
        people[plain_name(person.name)].append(person.id)
    of_team = {plain_name(team.name): team.id for team in reversed(teams())}
    reached: dict[str, NameMatched] = {}
    for name in names:
        ids = people.get(plain_name(name), [])
        reached[name] = {
            "person_id": ids[0] if len(ids) == 1 else None,
            "team_id": of_team.get(plain_name(name)),
        }
    return reached


def lead_rows(
    recommendation_id: int, names: Sequence[str], reached: Mapping[str, NameMatched], accountable: str = ""
) -> Iterator[_Row]:
    """Yield who leads a recommendation, in this order; the first is accountable unless another is named."""
    first = plain_name(accountable or (names[0] if names else ""))
    chosen = next((place for place, name in enumerate(names) if plain_name(name) == first), 0)
    for place, name in enumerate(names):
        yield dict(
            recommendation_id=recommendation_id,
            position=place,
            name=name,
            accountable=place == chosen,
            **reached[name],
        )


def assigned_rows(
    action_id: int, part: str, names: Collection[str], reached: Mapping[str, NameMatched]
) -> Iterator[_Row]:
    """Yield who owns an action or contributes to it (``part``), in this order; a name given twice stays one."""
    for name in dict.fromkeys(names):
        yield dict(action_id=action_id, part=part, name=name, **reached[name])


def board_rows(recommendation_id: int, named_as: Mapping[int, str], lead_board_id: int | None = None) -> Iterator[_Row]:
    """The boards that govern a recommendation, in this order, each under the plan's own words.

    The first is the lead board unless another is named.
    """
    lead = lead_board_id if lead_board_id in named_as else next(iter(named_as), None)
    for place, (board_id, named) in enumerate(named_as.items()):
        yield {
            "recommendation_id": recommendation_id,
            "board_id": board_id,
            "position": place,
            "lead": board_id == lead,
            "named_as": named,
        }


def set_leads_of(leads: Mapping[int, tuple[Sequence[str], str]]) -> None:
    """Make exactly these the leads of each recommendation: by its id, the names in order and the accountable one.

    A name keeps the account that it has here; ``lead_rows`` says the rest.
    """
    theirs = RecommendationLead.recommendation_id.in_(leads)
    known = _known(RecommendationLead, RecommendationLead.recommendation_id, theirs)
    matches = _matches({id_: names for id_, (names, _) in leads.items()}, known)
    db.session.execute(delete(RecommendationLead).where(theirs))
    rows = (
        lead_rows(id_, names, {**matches, **known.get(id_, {})}, accountable)
        for id_, (names, accountable) in leads.items()
    )
    write_rows(RecommendationLead, chain.from_iterable(rows))


def set_assigned_of(part: str, assigned: Mapping[int, Collection[str]]) -> None:
    """Make exactly these the owners or contributors (``part``) of each action: their names, by the action's id."""
    theirs = (ActionPerson.action_id.in_(assigned), ActionPerson.part == part)
    known = _known(ActionPerson, ActionPerson.action_id, *theirs)
    matches = _matches(assigned, known)
    db.session.execute(delete(ActionPerson).where(*theirs))
    rows = (assigned_rows(id_, part, names, {**matches, **known.get(id_, {})}) for id_, names in assigned.items())
    write_rows(ActionPerson, chain.from_iterable(rows))


def set_boards_of(boards: Mapping[int, tuple[Mapping[int, str], int | None]]) -> None:
    """Make exactly these boards govern each recommendation: by its id, the boards' words and the lead board."""
    db.session.execute(delete(RecommendationBoard).where(RecommendationBoard.recommendation_id.in_(boards)))
    rows = (board_rows(id_, named_as, lead_board_id) for id_, (named_as, lead_board_id) in boards.items())
    write_rows(RecommendationBoard, chain.from_iterable(rows))


def relink(person_id: int, name: str, *, action_id: int | None = None, recommendation_id: int | None = None) -> None:
    """Link a name that has no account here to the account that it had before, active or not."""
    for table, owner, id_ in (
        (ActionPerson, ActionPerson.action_id, action_id),
        (RecommendationLead, RecommendationLead.recommendation_id, recommendation_id),
    ):
        if id_ is not None:
            lost = (owner == id_, table.name == name, table.person_id.is_(None), table.team_id.is_(None))
            db.session.execute(update(table).where(*lost).values(person_id=person_id))


def _matches(
    wanted: Mapping[int, Iterable[str]], known: Mapping[int, Mapping[str, NameMatched]]
) -> dict[str, NameMatched]:
    """Return who the names that are new to an item reach; asks once, and only where there are any."""
    new = {name for id_, names in wanted.items() for name in names if name not in known.get(id_, {})}
    return match_names(new) if new else {}


def _known(
    table: type[RecommendationLead] | type[ActionPerson],
    item: InstrumentedAttribute[int],
    *which: ColumnElement[bool],
) -> dict[int, dict[str, NameMatched]]:
    """Return who the names that are there reach already, by the item's id."""
    known: dict[int, dict[str, NameMatched]] = defaultdict(dict)
    for row in db.session.execute(select(item.label("item"), table.name, table.person_id, table.team_id).where(*which)):
        known[row.item][row.name] = {"person_id": row.person_id, "team_id": row.team_id}
    return known


def names_linked(*, recommendation_id: int | None = None, action_id: int | None = None) -> dict[str, NameMatched]:
    """Return who the names of one item reach: the leads of a recommendation, or the owners and contributors."""
    if recommendation_id is not None:
        lead = RecommendationLead
        known = _known(lead, lead.recommendation_id, lead.recommendation_id == recommendation_id)
        return known.get(recommendation_id, {})
    return _known(ActionPerson, ActionPerson.action_id, ActionPerson.action_id == action_id).get(action_id or 0, {})


def name_people(by: Author, action_id: int, part: str, names: list[str]) -> None:
    """Add owners or contributors (``part``) to an action; a name given twice stays one."""
    plan_id = db.session.scalar(select(Action.plan_id).where(Action.id == action_id))
    known = set(
        db.session.scalars(
            select(ActionPerson.name).where(ActionPerson.action_id == action_id, ActionPerson.part == part)
        )
    )
    new = [name for name in dict.fromkeys(names) if name not in known]
    if new:
        write_rows(ActionPerson, assigned_rows(action_id, part, new, match_names(new)))
        record(
            by,
            f"{part}_named",
            plan_id=plan_id,
            action_id=action_id,
            about=", ".join(new),
            after={"names": new},
        )


def link_account(by: Author, person_id: int) -> int:
    """Give an account what already names it: what it leads, owns or contributes to, and questions asked of it.

    Returns how many.
    """
    name = db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""
    if person_named(name) != person_id:
        return 0
    linked = 0
    for table in (RecommendationLead, ActionPerson):
        unlinked = db.session.execute(select(table.id, table.name).where(table.person_id.is_(None)))
        ids = [id_ for id_, known in unlinked if plain_name(known) == plain_name(name)]
        db.session.execute(update(table).where(table.id.in_(ids)).values(person_id=person_id))
        linked += len(ids)
    asked = [id_ for id_, its in _questions_to(name).items() if its["owner_person_id"] is None]
    linked += ask_instead(by, asked, {"owner_person_id": person_id})
    if linked:
        record(by, "account_linked", about=name, after={"items": linked})
    return linked


def match_account(by: Author, plan_id: int, name: str, person_id: int) -> int:
    """Give an account of another name what a name leads, owns, contributes to or is asked in a plan.

    The plan keeps the name as it writes it. What reaches an active account or a team already stays as it is. Returns
    how many were linked.

    Raises:
        Refused: the account is not active, or the name has nothing left to link.
    """
    linked = match_where_unreached(by, plan_id, name, person_id)
    if not linked:
        raise Refused(
            f"Nothing in this plan waits to be matched for “{name}”. Refresh the page to see the names that do."
        )
    return linked


def match_where_unreached(by: Author, plan_id: int, name: str, person_id: int) -> int:
    """As ``match_account``; return 0 where the name has nothing left to link.

    Raises:
        Refused: the account is not active.
    """
    account = db.session.scalar(select(Person.name).where(Person.id == person_id, Person.active))
    if account is None:
        raise Refused("This account is no longer active. Choose another.")
    inactive = select(Person.id).where(~Person.active)

    def unreached(column: Any, team: Any) -> ColumnElement[bool]:
        return and_(team.is_(None), or_(column.is_(None), column.in_(inactive)))

    linked = _give(plan_id, name, person_id, unreached)
    asked = _questions_in(plan_id, name, unreached(Challenge.owner_person_id, Challenge.owner_team_id))
    linked += ask_instead(by, asked, {"owner_person_id": person_id})
    if linked:
        after = {"name": name, "account": account, "items": linked}
        record(by, "name_matched", plan_id=plan_id, about=f"{name}: {account}", after=after)
    return linked


def part_account(by: Author, plan_id: int, name: str, person_id: int) -> int:
    """Take back ``match_account``: what a name has in a plan reaches this account no longer. Returns how many.

    Raises:
        Refused: the account alone has this name, or reaches nothing by it.
    """
    account = db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""
    if plain_name(account) == plain_name(name) and person_named(name) == person_id:
        raise Refused(
            "This account has the same name as the plan uses, so "
            "it cannot be unmatched. Change the name in the plan instead."
        )

    def theirs(column: Any, _: Any) -> ColumnElement[bool]:
        matched: ColumnElement[bool] = column == person_id
        return matched

    parted = _give(plan_id, name, None, theirs)
    asked = _questions_in(plan_id, name, Challenge.owner_person_id == person_id)
    parted += ask_instead(by, asked, {"owner_person_id": None})
    if not parted:
        raise Refused(f"“{name}” is not matched to {account} any more. Refresh the page.")
    after = {"name": name, "account": account, "items": parted}
    record(by, "name_unmatched", plan_id=plan_id, about=f"{name}: {account}", after=after)
    return parted


def _give(plan_id: int, name: str, person_id: int | None, which: Callable[[Any, Any], ColumnElement[bool]]) -> int:
    """Link to an account, or to none, where a plan has this name and ``which`` holds. Returns how many parts.

    The rows are locked as they are chosen, so that of two at once the second finds what the first has left.
    """
    given = 0
    for table, item, of in (
        (RecommendationLead, RecommendationLead.recommendation_id, Recommendation),
        (ActionPerson, ActionPerson.action_id, Action),
    ):
        here = select(of.id).where(of.plan_id == plan_id)
        rows = db.session.execute(
            select(table.id, table.name)
            .where(item.in_(here), which(table.person_id, table.team_id))
            .order_by(table.id)
            .with_for_update()
        )
        ids = [id_ for id_, written in rows if plain_name(written) == plain_name(name)]
        db.session.execute(update(table).where(table.id.in_(ids)).values(person_id=person_id))
        given += len(ids)
    return given


def _questions_in(plan_id: int, name: str, which: ColumnElement[bool]) -> list[int]:
    """The unsettled questions of boards about a plan's items that are asked of a name and for which ``which`` holds."""
    rows = db.session.execute(
        select(Challenge.id, Challenge.owner)
        .where(Challenge.plan_id == plan_id, Challenge.state.in_(("open", "answered")), which)
        .order_by(Challenge.id)
        .with_for_update()
    )
    return [id_ for id_, owner in rows if plain_name(owner) == plain_name(name)]


def link_team(by: Author, team_id: int) -> int:
    """Give a team the items that name it, and unlink those that no longer do. Returns how many changed."""
    name = db.session.scalars(select(Team.name).where(Team.id == team_id)).one()
    changed = 0
    for table in (RecommendationLead, ActionPerson):
        rows = db.session.execute(select(table.id, table.name, table.team_id)).all()
        gained = [id_ for id_, known, its in rows if plain_name(known) == plain_name(name) and its is None]
        lost = [id_ for id_, known, its in rows if plain_name(known) != plain_name(name) and its == team_id]
        db.session.execute(update(table).where(table.id.in_(gained)).values(team_id=team_id))
        db.session.execute(update(table).where(table.id.in_(lost)).values(team_id=None))
        changed += len(gained) + len(lost)
    named = _questions_to(name)
    gained = [id_ for id_, its in named.items() if its["owner_team_id"] is None]
    its_own = select(Challenge.id).where(Challenge.owner_team_id == team_id, Challenge.id.not_in(named))
    lost = list(db.session.scalars(its_own))
    changed += ask_instead(by, gained, {"owner_team_id": team_id}) + ask_instead(by, lost, {"owner_team_id": None})
    if changed:
        record(by, "team_linked", about=name, after={"items": changed})
    return changed


def _questions_to(name: str) -> dict[int, dict[str, int | None]]:
    """The questions of boards that are asked of a name, and whom it reaches there, by the question's id."""
    rows = db.session.execute(select(Challenge.id, Challenge.owner, Challenge.owner_person_id, Challenge.owner_team_id))
    return {
        row.id: {"owner_person_id": row.owner_person_id, "owner_team_id": row.owner_team_id}
        for row in rows
        if plain_name(row.owner) == plain_name(name)
    }


def ask_instead(by: Author, challenge_ids: Collection[int], owner: Mapping[str, Any], *, together: str = "") -> int:
    """Ask these questions of someone else, or of the account or team that a name now reaches. Returns how many.

    ``owner`` holds those of the columns ``owner``, ``owner_person_id`` and ``owner_team_id`` that change; ``together``
    is the key of the bulk change that this belongs to.
    """
    asked = db.session.scalars(
        select(Challenge)
        .where(Challenge.id.in_(challenge_ids))
        .order_by(Challenge.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for challenge in asked:
        before = {name: getattr(challenge, name) for name in ("owner", "owner_person_id", "owner_team_id")}
        db.session.execute(update(Challenge).where(Challenge.id == challenge.id).values(**owner))
        after = {**before, **owner, "challenge_id": challenge.id, "board_id": challenge.board_id}
        record(
            by,
            "challenge_owner_changed",
            plan_id=challenge.plan_id,
            recommendation_id=challenge.recommendation_id,
            action_id=challenge.action_id,
            about=str(after["owner"]),
            before=before,
            after=after | ({"together": together} if together else {}),
        )
    return len(asked)
