"""A letter says what its reader may read when it is handed over, and not what they could when it was queued."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from ilacs_app.db import db, transaction
from ilacs_app.digests.model import Letter
from ilacs_app.digests.pages import letters_of
from ilacs_app.editing.recommendations.commands import withdraw_recommendation
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.people.model import Membership
from ilacs_app.plan.commands import make_plan
from ilacs_app.plan.model import ActionPerson, ActionPlace, Plan, Recommendation, RecommendationLead
from tests.conftest import BY, PASSWORD, TODAY, email_of
from tests.data.digests.mail import BASE, on_sqlite, queued, states


def end_role(world, role: str) -> None:
    with transaction():
        db.session.execute(
            update(Membership)
            .where(Membership.person_id == world.people[role])
            .values(until_on=TODAY - timedelta(days=1))
        )


def letter_to(role: str, kind: str) -> Letter:
    db.session.rollback()
    return db.session.scalars(select(Letter).where(Letter.to_email == email_of(role), Letter.kind == kind)).one()


def titles_of(world, kind: str, role: str) -> list[str]:
    """The titles of the actions that a queued letter names."""
    letter = letter_to(role, kind)
    return [f"{BASE}/actions/{id_}" for id_ in letter.action_ids]


@pytest.mark.parametrize(("role", "kind"), [("chair", "chair"), ("programme_manager", "manager"), ("verifier", "lead")])
def test_a_letter_whose_reader_lost_the_role_is_not_sent(world, ilacs, server, role, kind):
    number = queued()
    titles = titles_of(world, kind, role)
    assert titles
    end_role(world, role)
    for told in (ilacs("status").stdout, ilacs("show").stderr):
        assert f"queued: {kind}, " in told and "no longer theirs" in told
    assert len(json.loads(ilacs("status", "--json").stdout)["changed"]) == 1
    told = ilacs("send", mail=server.url)
    assert told.returncode == 1
    assert f"Not sent to {email_of(role)}: Since it was queued, this person has lost the role" in told.stderr
    assert states() == {"sent": number - 1, "refused": 1}
    assert not [m for m in server.mail if m["To"] == email_of(role)]
    assert f"refused: {kind}, " in ilacs("status").stdout
    assert json.loads(ilacs("status", "--json").stdout)["changed"] == []
    ilacs("retry")
    assert ilacs("send", mail=server.url).returncode == 1, "queued again, it is held again"
    assert not [m for m in server.mail if m["To"] == email_of(role)]


@on_sqlite
def test_a_letter_whose_reader_lost_every_item_is_not_sent(world, ilacs, server):
    queued()
    with transaction():
        db.session.execute(delete(RecommendationLead).where(RecommendationLead.person_id == world.people["lead"]))
        db.session.execute(delete(ActionPerson).where(ActionPerson.person_id == world.people["lead"]))
    assert ilacs("send", mail=server.url).returncode == 1
    assert letter_to("lead", "lead").state == "refused"
    assert not [m for m in server.mail if m["To"] == email_of("lead")]


@on_sqlite
def test_a_letter_whose_reader_lost_one_item_is_written_again_without_it(world, ilacs, server):
    lead = world.people["lead"]
    with transaction():
        other = db.session.scalars(select(Recommendation.id).where(Recommendation.number == "6")).one()
        db.session.add(
            RecommendationLead(recommendation_id=other, name="MASH Service Manager", person_id=lead, position=99)
        )
    number = queued()
    before = letter_to("lead", "lead")
    subject, message_id = before.subject, before.message_id
    assert world.actions["6.2"] in before.action_ids
    with transaction():
        db.session.execute(
            delete(RecommendationLead).where(
                RecommendationLead.recommendation_id == other, RecommendationLead.person_id == lead
            )
        )
    told = ilacs("send", mail=server.url)
    assert told.returncode == 0, told.stderr
    assert f"Written again for {email_of('lead')}" in told.stderr
    assert states() == {"sent": number}
    message = next(m for m in server.mail if m["To"] == email_of("lead"))
    body = "".join(part.get_content() for part in message.iter_parts())
    assert f"/actions/{world.actions['6.2']}" not in body and f"/actions/{world.actions['5.2']}" in body
    assert message["Subject"] != subject and message["Message-ID"] == message_id
    after = letter_to("lead", "lead")
    assert world.actions["6.2"] not in after.action_ids and after.subject == message["Subject"]


@on_sqlite
def test_a_withdrawn_recommendation_is_in_the_letter_only_of_who_still_has_a_part_in_it(world, ilacs, server):
    with transaction():
        withdrawn = db.session.scalars(select(Recommendation).where(Recommendation.number == "5")).one()
        withdraw_recommendation(BY, withdrawn.id, withdrawn.version, "Recommendation 6 covers it.")
        id_ = withdrawn.id
    number = queued()
    for role in ("lead", "contributor"):
        assert letter_to(role, "lead").recommendation_ids == [id_], role
    with transaction():
        leads = RecommendationLead.recommendation_id == id_, RecommendationLead.person_id == world.people["lead"]
        db.session.execute(delete(RecommendationLead).where(*leads))
        places = select(ActionPlace.action_id).where(ActionPlace.recommendation_id == id_)
        theirs = ActionPerson.person_id == world.people["lead"], ActionPerson.action_id.in_(places)
        db.session.execute(delete(ActionPerson).where(*theirs))
    assert "1 recommendation in it is no longer theirs" in ilacs("status").stdout
    told = ilacs("send", mail=server.url)
    assert states() == {"sent": number - 1, "refused": 1}, told.stderr
    (message,) = [m for m in server.mail if m["To"] == email_of("contributor")]
    for part in message.iter_parts():
        assert "Recommendation withdrawn." in part.get_content() and "covers it" not in part.get_content()
    assert not [m for m in server.mail if m["To"] == email_of("lead")]


@on_sqlite
def test_what_was_queued_of_a_plan_that_is_no_longer_live_is_not_sent(world, ilacs, server):
    number = queued()
    with transaction():
        db.session.execute(update(Plan).values(state="submitted"))
    assert ilacs("send", mail=server.url).returncode == 1
    assert states() == {"refused": number}
    assert server.mail == []


@on_sqlite
def test_the_manager_of_one_plan_is_written_to_about_that_plan_alone(world):
    with transaction():
        id_ = add_person(BY, "one@tests.example", "Manager of One", PASSWORD)
        other = make_plan(BY, "alpha", "Alpha", TODAY, state="live")
        grant_role(BY, id_, "programme_manager", plan_id=other)
        db.session.add(
            ActionPerson(action_id=world.actions["5.2"], part="contributor", name="Manager of One", person_id=id_)
        )
    db.session.rollback()
    kinds = [letter.draft.kind for letter in letters_of(BASE, TODAY).letters if letter.draft.to.person_id == id_]
    assert kinds == ["lead"], "they see the other plan, and do not manage it"
