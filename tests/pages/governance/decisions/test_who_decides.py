"""Who may record what a board decides, whatever became of them, the item and the plan: a refusal says who can."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from ilacs_app.db import db, transaction
from ilacs_app.governance.decisions.model import Decision
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.commands import grant_role
from ilacs_app.people.model import Membership
from ilacs_app.people.teams.commands import let_stand_in, make_team
from ilacs_app.plan.assignments import link_team, name_people
from ilacs_app.plan.model import ActionPlace, RecommendationBoard, RecommendationLead
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from ilacs_app.progress.dates.model import DateRequest
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, TODAY, World
from tests.factories import set_fact, token

MASH, LAC = "mash-board", "lac-strategy-group"
OWN, REQUESTED = "You cannot decide on an item that you lead or own.", "You cannot decide on a date that you requested."
CHAIR, SECRETARY = CHARACTERS["chair"], CHARACTERS["secretary"]
RUNS = "Only the chair or secretary of this board can run its meetings."
Arranged = Callable[[World], None]


@pytest.fixture
def meeting(world) -> int:
    """A meeting of the MASH Board that began today: 5.3 asks for a date (date-1), 5.1 is late, 5.4 is verified."""
    set_fact(world.actions["5.1"], due_on=date(2018, 3, 31), status="in_progress")
    set_fact(world.actions["5.4"], status="verified")
    with transaction():
        ask_new_date(world.author("lead"), world.actions["5.3"], DateWish("End June 2018", "vacancy", "None."))
        held = set_meeting(BY, board_named(BY, "MASH Board"), TODAY)
    client = world.client("secretary")
    begun = client.post(f"/boards/{MASH}/meetings/{held}/begin", data={"csrf_token": token(client)})
    assert begun.status_code == 303
    return held


def recommendation(world: World) -> int:
    place = select(ActionPlace.recommendation_id).where(ActionPlace.action_id == world.actions["5.1"])
    return db.session.scalars(place).one()


def serve(who: str, role: str, board: str = "MASH Board", **dates: date) -> Arranged:
    """Give someone a role on a board."""

    def arrange(world: World) -> None:
        board_id = board_named(BY, board)
        grant_role(BY, world.people[who], role, board_id=board_id)
        if dates:
            theirs = Membership.person_id == world.people[who], Membership.board_id == board_id
            db.session.execute(update(Membership).where(*theirs, Membership.role == role).values(**dates))

    return arrange


def own(who: str, ref: str, part: str = "owner") -> Arranged:
    return lambda world: name_people(BY, world.actions[ref], part, [CHARACTERS[who]])


def stand_in(who: str, for_whom: str) -> Arranged:
    return lambda world: let_stand_in(BY, world.people[who], world.people[for_whom], TODAY, TODAY, "Leave")


def lead_as_team(who: str) -> Arranged:
    def arrange(world: World) -> None:
        team_id = make_team(BY, "Front Door Team", [world.people[who]])
        db.session.add(
            RecommendationLead(
                recommendation_id=recommendation(world), position=9, name="Front Door Team", team_id=team_id
            )
        )
        link_team(BY, team_id)

    return arrange


def asked_by(who: str) -> Arranged:
    return lambda world: db.session.execute(update(DateRequest).values(asked_by_id=world.people[who])) and None


def led_by_lac(world: World) -> None:
    """Make another board lead the item, after the agenda was built."""
    lac, at = board_named(BY, "LAC Strategy Group"), recommendation(world)
    here = RecommendationBoard.recommendation_id == at
    db.session.execute(update(RecommendationBoard).where(here).values(lead=False))
    db.session.add(
        RecommendationBoard(recommendation_id=at, board_id=lac, position=9, lead=True, named_as="LAC Strategy Group")
    )


@dataclass(frozen=True)
class Case:
    """Someone decides after the world was arranged so; ``says`` is what a refusal tells them, with who can."""

    name: str
    role: str
    key: str
    kind: str
    status: int
    says: tuple[str, ...] = ()
    arranged: tuple[Arranged, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)


CASES = (
    Case("the chair", "chair", "date-1", "agree", 303),
    Case("the secretary", "secretary", "embed", "embed", 303),
    Case("a lead who chairs", "lead", "date-1", "agree", 422, (OWN, "Ask ", CHAIR), (serve("lead", "chair"),)),
    Case("an owner who chairs", "chair", "late", "withdraw", 422, (OWN, f"Ask {SECRETARY}"), (own("chair", "5.1"),)),
    Case("an owner who only notes", "chair", "late", "note", 303, (), (own("chair", "5.1"),)),
    Case(
        "a delegate of the lead",
        "secretary",
        "late",
        "pause",
        422,
        (OWN, f"Ask {CHAIR}"),
        (stand_in("secretary", "lead"),),
        {"until": "31 July 2018"},
    ),
    Case(
        "a delegate of an owner",
        "secretary",
        "late",
        "defer",
        422,
        (OWN, CHAIR),
        (own("other_lead", "5.1"), stand_in("secretary", "other_lead")),
    ),
    Case(
        "a member of the team that leads",
        "secretary",
        "late",
        "withdraw",
        422,
        (OWN, CHAIR),
        (lead_as_team("secretary"),),
    ),
    Case(
        "a delegate of a member of that team",
        "secretary",
        "late",
        "withdraw",
        422,
        (OWN, CHAIR),
        (lead_as_team("viewer"), stand_in("secretary", "viewer")),
    ),
    Case(
        "who requested the date",
        "chair",
        "date-1",
        "refuse",
        422,
        (REQUESTED, f"Ask {SECRETARY}"),
        (asked_by("chair"),),
    ),
    Case(
        "a delegate of who requested it",
        "chair",
        "date-1",
        "agree",
        422,
        (REQUESTED, SECRETARY),
        (asked_by("other_lead"), stand_in("chair", "other_lead")),
    ),
    Case("a contributor who chairs", "chair", "date-1", "agree", 303, (), (own("chair", "5.3", "contributor"),)),
    Case(
        "a contributor who chairs, on what they delivered",
        "chair",
        "embed",
        "embed",
        422,
        ("that you delivered or marked as completed", SECRETARY),
        (lambda world: set_claimed(world, "chair"),),
    ),
    Case("a partner who chairs", "partner", "date-1", "agree", 303, (), (serve("partner", "chair"),)),
    Case(
        "a chair whose term ends today",
        "viewer",
        "date-1",
        "agree",
        303,
        (),
        (serve("viewer", "chair", until_on=TODAY),),
    ),
    Case(
        "a chair whose term ended yesterday",
        "viewer",
        "date-1",
        "agree",
        403,
        (RUNS,),
        (serve("viewer", "chair", from_on=TODAY - timedelta(days=9), until_on=TODAY - timedelta(days=1)),),
    ),
    Case(
        "a chair whose term begins tomorrow",
        "viewer",
        "date-1",
        "agree",
        403,
        (RUNS,),
        (serve("viewer", "chair", from_on=TODAY + timedelta(days=1)),),
    ),
    Case(
        "a chair of another board",
        "viewer",
        "date-1",
        "agree",
        403,
        (RUNS,),
        (serve("viewer", "chair", "LAC Strategy Group"),),
    ),
    Case(
        "a chair of both boards, here",
        "chair",
        "late",
        "withdraw",
        303,
        (),
        (serve("chair", "chair", "LAC Strategy Group"),),
    ),
    Case(
        "the board that led it before",
        "chair",
        "late",
        "withdraw",
        422,
        ("Only LAC Strategy Group can decide this.",),
        (led_by_lac,),
    ),
    Case("the board that led it before, which notes", "chair", "late", "note", 303, (), (led_by_lac,)),
    Case(
        "an action withdrawn meanwhile",
        "chair",
        "late",
        "pause",
        409,
        ("changed this item",),
        (lambda world: set_fact_in(world, "5.1", status="withdrawn", status_before="in_progress", version=2),),
        {"until": "31 July 2018"},
    ),
    Case(
        "a date change withdrawn meanwhile",
        "chair",
        "date-1",
        "agree",
        409,
        ("Someone else has already decided",),
        (lambda world: db.session.execute(update(DateRequest).values(state="taken_back", version=2)) and None,),
    ),
    Case(
        "a plan closed meanwhile",
        "chair",
        "late",
        "withdraw",
        422,
        ("This plan is closed", "programme manager"),
        (lambda world: set_plan_in(world, state="closed"),),
    ),
    Case(
        "a plan that is a draft again",
        "chair",
        "late",
        "withdraw",
        404,
        ("You can copy what you wrote from here.",),
        (lambda world: set_plan_in(world, state="draft"),),
    ),
    Case("something that is on no agenda", "chair", "late-999", "note", 409, ("no longer on the agenda",)),
    *(
        Case(f"someone who is {role}", role, "date-1", "agree", 403, (RUNS,))
        for role in (
            "board_member",
            "partner",
            "lead",
            "contributor",
            "verifier",
            "programme_manager",
            "administrator",
            "viewer",
            "inspector",
        )
    ),
)


def set_claimed(world: World, who: str) -> None:
    db.session.execute(
        update(db.metadata.tables["action"])
        .where(db.metadata.tables["action"].c.id == world.actions["5.4"])
        .values(claimed_by_id=world.people[who])
    )


def set_fact_in(world: World, ref: str, **values: object) -> None:
    table = db.metadata.tables["action"]
    db.session.execute(update(table).where(table.c.id == world.actions[ref]).values(**values))


def set_plan_in(world: World, **values: object) -> None:
    table = db.metadata.tables["plan"]
    db.session.execute(update(table).where(table.c.id == world.plan_id).values(**values))


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_who_decides(world, meeting, case):
    keys = {"late": f"late-{world.actions['5.1']}", "embed": f"embed-{world.actions['5.4']}"}
    key = keys.get(case.key, case.key)
    with transaction():
        for arrange in case.arranged:
            arrange(world)
    client = world.client(case.role)
    data = {
        "csrf_token": token(client),
        "once": uuid4().hex,
        "kind": case.kind,
        "seen": "0",
        "version": "1",
        "asked": "1.1" if case.key == "date-1" else "",
        "words": "As the board said.",
        **case.fields,
    }
    answer = client.post(f"/boards/{MASH}/meetings/{meeting}/items/{key}/decisions", data=data)
    db.session.rollback()
    assert answer.status_code == case.status, read(answer.text).one("main").text
    assert len(db.session.scalars(select(Decision)).all()) == (1 if case.status == 303 else 0)
    if case.status != 303:
        text = " ".join(read(answer.text).one("main").text.split())
        for sentence in case.says:
            assert sentence in text, text
        if case.status != 403:
            assert "As the board said." in answer.text, "nothing typed is lost"


def test_the_chair_of_two_boards_decides_only_where_the_lead_board_meets(world, meeting):
    with transaction():
        lac = board_named(BY, "LAC Strategy Group")
        grant_role(BY, world.people["chair"], "chair", board_id=lac)
        there = set_meeting(BY, lac, TODAY)
    client = world.client("chair")
    for key in (f"late-{world.actions['5.1']}", "date-1"):
        data = {"csrf_token": token(client), "once": uuid4().hex, "kind": "withdraw", "seen": "0", "version": "1"}
        path = f"/boards/{LAC}/meetings/{there}/items/{key}/decisions"
        answer = client.post(path, data={**data, "words": "As the board said."})
        assert answer.status_code == 409 and "As the board said." in answer.text
        elsewhere = client.post(f"/boards/{LAC}/meetings/{meeting}/items/{key}/decisions", data=data)
        assert elsewhere.status_code == 404, "that meeting is another board's"
    assert db.session.scalars(select(Decision)).all() == []
