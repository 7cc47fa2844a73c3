"""Who was at a meeting, and which of the board's actions they lead or own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, cast, null, or_, select, union_all

from ilacs_app.access import BOARD_ROLES, GRANTED_ROLES
from ilacs_app.db import db
from ilacs_app.governance.attendance.model import MeetingAttendance
from ilacs_app.governance.attendance.rules import Attended, Quorum, quorum_of
from ilacs_app.people.boards.model import Board, Meeting
from ilacs_app.people.model import Membership, Person
from ilacs_app.people.queries import during
from ilacs_app.people.teams.model import StandIn, TeamMember
from ilacs_app.plan.model import ActionPerson, ActionPlace, RecommendationLead

_ORDER = {"chair": 0, "board_member": 1, "secretary": 2}


@dataclass(frozen=True)
class Attendee:
    """Someone on a board on the day of its meeting, and what is recorded of them; ``version`` 0: nothing yet.

    ``counts``: whether they count towards the quorum, as its chair or a member.
    """

    person_id: int
    name: str
    roles: tuple[str, ...]
    attended: Attended
    version: int

    @property
    def counts(self) -> bool:
        return bool({"chair", "board_member"}.intersection(self.roles))

    @property
    def role(self) -> str:
        """``Board chair``; what else they are on the board, after a comma."""
        return ", ".join(GRANTED_ROLES[role] for role in self.roles) or "No longer on the board"


def attendees(meeting_id: int) -> list[Attendee]:
    """Return who is on the board on the day of this meeting, or has something recorded; the chair first, then by name.

    An account that is not in use any more is listed only where something is recorded of it.
    """
    meeting = db.session.execute(select(Meeting.board_id, Meeting.on_day).where(Meeting.id == meeting_id)).one()
    recorded = {
        row.person_id: row
        for row in db.session.execute(
            select(
                MeetingAttendance.person_id,
                Person.name,
                MeetingAttendance.attendance,
                MeetingAttendance.deputy,
                MeetingAttendance.interest,
                MeetingAttendance.version,
            )
            .join(Person, Person.id == MeetingAttendance.person_id)
            .where(MeetingAttendance.meeting_id == meeting_id)
        )
    }
    names = {person_id: row.name for person_id, row in recorded.items()}
    roles: dict[int, set[str]] = defaultdict(set)
    serving = (
        select(Person.id, Person.name, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.board_id == meeting.board_id, Membership.role.in_(BOARD_ROLES))
        .where(*during(Membership, meeting.on_day), or_(Person.active, Person.id.in_(list(recorded))))
    )
    for member in db.session.execute(serving):
        names[member.id] = member.name
        roles[member.id].add(member.role)
    listed = []
    for person_id, name in names.items():
        row = recorded.get(person_id)
        listed.append(
            Attendee(
                person_id=person_id,
                name=name,
                roles=tuple(sorted(roles[person_id], key=lambda role: _ORDER[role])),
                attended=Attended(row.attendance, row.deputy, row.interest) if row else Attended(),
                version=row.version if row else 0,
            )
        )
    return sorted(listed, key=lambda each: (_ORDER[each.roles[0]] if each.roles else 3, each.name.lower()))


def quorum_at(board_id: int, people: Iterable[Attendee]) -> Quorum:
    """Return whether a meeting of this board has its quorum; ``people`` are its ``attendees``."""
    needed = db.session.scalar(select(Board.quorum).where(Board.id == board_id))
    return quorum_of(needed, (each.attended for each in people if each.counts))


@dataclass(frozen=True)
class _Holder:
    """Who leads or owns an action: a person or a team, so one of the first two is set."""

    person_id: int | None
    team_id: int | None
    action_id: int
    recommendation_id: int | None


@dataclass(frozen=True)
class Interests:
    """The ids of the actions that someone leads or owns, and of the recommendations that they lead."""

    actions: frozenset[int] = frozenset()
    recommendations: frozenset[int] = frozenset()

    def include(self, action_id: int | None, recommendation_id: int | None) -> bool:
        """Return whether they lead or own the item, of which one id is given."""
        return action_id in self.actions or recommendation_id in self.recommendations


def interests_of(person_ids: Collection[int], on_day: date) -> Mapping[int, Interests]:
    """Return what each of these people leads or owns on a day, by the person's id.

    By name, in a team, or as a delegate of someone who does.
    """
    acts_for: dict[int, set[int]] = {person_id: {person_id} for person_id in person_ids}
    stand_ins = select(StandIn.person_id, StandIn.for_person_id).where(
        StandIn.person_id.in_(person_ids), *during(StandIn, on_day)
    )
    for row in db.session.execute(stand_ins):
        acts_for[row.person_id].add(row.for_person_id)
    them = {id_ for ids in acts_for.values() for id_ in ids}
    teams: dict[int, set[int]] = defaultdict(set)
    members = select(TeamMember.person_id, TeamMember.team_id).where(
        TeamMember.person_id.in_(them), *during(TeamMember, on_day)
    )
    for row in db.session.execute(members):
        teams[row.person_id].add(row.team_id)
    holders = _holders(them, {id_ for ids in teams.values() for id_ in ids})
    interests = {}
    for person_id, ids in acts_for.items():
        own_teams = {team_id for id_ in ids for team_id in teams.get(id_, ())}
        theirs = [each for each in holders if each.person_id in ids or each.team_id in own_teams]
        led = (each.recommendation_id for each in theirs if each.recommendation_id is not None)
        interests[person_id] = Interests(frozenset(each.action_id for each in theirs), frozenset(led))
    return interests


def _holders(person_ids: Collection[int], team_ids: Collection[int]) -> list[_Holder]:
    leads = (
        select(
            RecommendationLead.person_id,
            RecommendationLead.team_id,
            ActionPlace.action_id,
            RecommendationLead.recommendation_id,
        )
        .join(ActionPlace, ActionPlace.recommendation_id == RecommendationLead.recommendation_id)
        .where(or_(RecommendationLead.person_id.in_(person_ids), RecommendationLead.team_id.in_(team_ids)))
    )
    owners = select(
        ActionPerson.person_id,
        ActionPerson.team_id,
        ActionPerson.action_id,
        cast(null(), Integer).label("recommendation_id"),
    ).where(
        ActionPerson.part == "owner",
        or_(ActionPerson.person_id.in_(person_ids), ActionPerson.team_id.in_(team_ids)),
    )
    rows: Any = db.session.execute(union_all(leads, owners))
    return [_Holder(**row._mapping) for row in rows]
