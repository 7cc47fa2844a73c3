"""Who and what a plan names: people matched to accounts and teams by full name, and boards. Part of larger commands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, delete, select, update

from ..db import db
from ..people.queries import active_people, plain_name, team_named
from .model import ActionPerson, RecommendationBoard, RecommendationLead


def person_named(name: str) -> int | None:
    """The one active account with this full name; none where two share it, so that nothing goes to a namesake."""
    found = [person_id for person_id, known, _ in active_people() if plain_name(known) == plain_name(name)]
    return found[0] if len(found) == 1 else None


def reached_by(name: str) -> dict[str, int | None]:
    """The account and the team that a name reaches, as the columns of whoever is named."""
    return {"person_id": person_named(name), "team_id": team_named(name)}


def name_leads(recommendation_id: int, names: Sequence[str], accountable: str = "") -> None:
    """Let exactly these lead a recommendation, in this order; the first is accountable unless another is named."""
    theirs = RecommendationLead.recommendation_id == recommendation_id
    known = _known(RecommendationLead, theirs)
    first = plain_name(accountable or (names[0] if names else ""))
    chosen = next((place for place, name in enumerate(names) if plain_name(name) == first), 0)
    db.session.execute(delete(RecommendationLead).where(theirs))
    for place, name in enumerate(names):
        db.session.add(
            RecommendationLead(
                recommendation_id=recommendation_id,
                position=place,
                name=name,
                accountable=place == chosen,
                **(known.get(name) or reached_by(name)),
            )
        )
    db.session.flush()


def name_workers(action_id: int, part: str, names: Collection[str]) -> None:
    """Let exactly these own an action or contribute to it (``part``), in this order; a name given twice stays one."""
    theirs = (ActionPerson.action_id == action_id, ActionPerson.part == part)
    known = _known(ActionPerson, *theirs)
    db.session.execute(delete(ActionPerson).where(*theirs))
    for name in dict.fromkeys(names):
        who = known.get(name) or reached_by(name)
        db.session.add(ActionPerson(action_id=action_id, part=part, name=name, **who))
    db.session.flush()


def name_boards(recommendation_id: int, named_as: Mapping[int, str], lead_board_id: int | None = None) -> None:
    """Let exactly these boards govern a recommendation, in this order, each under the plan's own words.

    The first is the lead board unless another is named.
    """
    db.session.execute(delete(RecommendationBoard).where(RecommendationBoard.recommendation_id == recommendation_id))
    lead = lead_board_id if lead_board_id in named_as else next(iter(named_as), None)
    for place, (board_id, words) in enumerate(named_as.items()):
        db.session.add(
            RecommendationBoard(
                recommendation_id=recommendation_id,
                board_id=board_id,
                position=place,
                lead=board_id == lead,
                named_as=words,
            )
        )
    db.session.flush()


def reach_again(
    person_id: int, name: str, *, action_id: int | None = None, recommendation_id: int | None = None
) -> None:
    """Let a name that reaches nobody here reach the account that it reached before, active or not."""
    for table, owner, id_ in (
        (ActionPerson, ActionPerson.action_id, action_id),
        (RecommendationLead, RecommendationLead.recommendation_id, recommendation_id),
    ):
        if id_ is not None:
            lost = (owner == id_, table.name == name, table.person_id.is_(None), table.team_id.is_(None))
            db.session.execute(update(table).where(*lost).values(person_id=person_id))


def _known(
    table: type[RecommendationLead] | type[ActionPerson], *which: ColumnElement[bool]
) -> dict[str, dict[str, int | None]]:
    """Whom the names that stand there reach already."""
    rows = db.session.execute(select(table.name, table.person_id, table.team_id).where(*which))
    return {name: {"person_id": person_id, "team_id": team_id} for name, person_id, team_id in rows}
