"""The people, teams and reassigned actions of the tests of own items."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.editing.actions.commands import put_action
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.recommendations.commands import put_recommendation
from ilacs_app.editing.recommendations.rules import RecommendationContent
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.people.teams.commands import make_team
from ilacs_app.plan.model import Recommendation
from tests.auditor import PlainClient
from tests.conftest import BY, PASSWORD, sign_in
from tests.factories import token

PEOPLE = ("First", "Second", "Third", "Fourth", "Fifth")
TEAMS = ("Front Door Team", "Practice Team")
NAMES = (*(f"{one} Manager" for one in PEOPLE), *TEAMS)
MOVED = ("End June 2018", "End July 2018", "End August 2018", "End September 2018")


def make_cast(app: Any) -> dict[str, Any]:
    """Three recommendations, four actions of which two repeat each other, five people and two teams."""
    with transaction():
        plan_id = db.session.scalars(select(Recommendation.plan_id)).first()
        ids = [add_person(BY, f"p{n}@tests.example", f"{one} Manager", PASSWORD) for n, one in enumerate(PEOPLE)]
        for id_ in ids:
            grant_role(BY, id_, "viewer")
        teams = [make_team(BY, name, []) for name in TEAMS]
        recs = [put_recommendation(BY, plan_id, f"9{n}", RecommendationContent("Visits are made.")) for n in range(3)]
        given = ((0, "Write the rota.", MOVED[0]), (1, "Check it.", "TBC"), (1, "Twin.", MOVED[0]), (2, "Twin.", "TBC"))
        actions = [
            put_action(BY, recs[home], f"9{home}.{n}", ActionContent(text), words)
            for n, (home, text, words) in enumerate(given)
        ]
        for role, who in (("verifier", 0), ("verifier", 1), ("programme_manager", 1), ("programme_manager", 2)):
            grant_role(BY, ids[who], role)
    app.test_client_class = PlainClient
    clients = [sign_in(app, f"p{n}@tests.example") for n in range(len(PEOPLE))]
    for client in clients:
        token(client)
    return {"people": ids, "teams": teams, "recs": recs, "actions": actions, "clients": clients}
