"""What is offered is what may be done, and what may be done is decided when it is written."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from ilacs_app.access import Act, who_may
from ilacs_app.db import db, transaction
from ilacs_app.errors import Refused
from ilacs_app.people.teams.commands import end_stand_in, let_stand_in
from ilacs_app.people.teams.model import StandIn
from ilacs_app.plan.model import RecommendationLead
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from ilacs_app.progress.evidence.commands import EvidenceText, attach_evidence, withdraw_evidence
from ilacs_app.progress.help import routes as help_routes
from ilacs_app.progress.help.model import HelpCall
from ilacs_app.progress.notes.commands import correct_note, log_progress
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.progress.notes.rules import NoteText
from tests.auditor import read
from tests.conftest import BY, TODAY
from tests.factories import CLAIM, send, set_fact, the_record, token, version_of


def row_of(client, world, ref: str):
    page = read(client.get("/plans/twin/recommendations/5").text)
    return page.one("tbody", id=f"action-{world.actions[ref]}")


def offered(client, world, ref: str) -> str:
    """The page of the recommendation, from this action's row to the next."""
    page = client.get("/plans/twin/recommendations/5").text
    return page.split(f'data-ref="{ref}"', 1)[1].split("data-ref=", 1)[0]


def test_a_verifier_is_offered_a_test_only_where_they_may_test(world):
    assert send(world.client("lead"), world.actions["5.2"], **CLAIM).status_code == 303
    verifier = world.client("verifier")
    assert ">Verify<" in offered(verifier, world, "5.2")
    set_fact(world.actions["5.2"], claimed_by_id=world.people["verifier"])
    assert ">Verify<" not in offered(verifier, world, "5.2")
    answer = verifier.get(f"/actions/{world.actions['5.2']}/row?open=1")
    assert answer.status_code == 403 and who_may(Act.VERIFY) in answer.text


def test_a_verifier_who_stood_in_when_it_was_claimed_is_not_offered_a_test(world):
    with transaction():
        id_ = let_stand_in(BY, world.people["verifier"], world.people["lead"], TODAY, None, "Leave")
    assert send(world.client("lead"), world.actions["5.2"], **CLAIM).status_code == 303
    with transaction():
        end_stand_in(BY, id_)
    verifier = world.client("verifier")
    assert ">Verify<" not in offered(verifier, world, "5.2")
    fields = {"status": "verified", "reason": "It held.", "sample": "Twenty records"}
    answer = send(verifier, world.actions["5.2"], "status", **fields)
    assert answer.status_code == 403 and who_may(Act.VERIFY) in answer.text


@pytest.mark.parametrize(
    ("role", "status", "words"),
    [
        ("lead", "in_progress", "Update this action"),
        ("verifier", "completed", "Verify this action"),
        ("verifier", "verified", "Verify again"),
        ("chair", "verified", "Change the delivery status"),
        ("chair", "in_progress", "Change the delivery status"),
        ("chair", "embedded", "Change the delivery status"),
    ],
)
def test_the_button_and_the_heading_of_the_form_agree(world, role, status, words):
    action = world.actions["5.3"]
    set_fact(action, status=status)
    client = world.client(role)
    shut, opened = client.get(f"/actions/{action}").text, client.get(f"/actions/{action}?open={action}").text
    assert f">{words}</a>" in shut
    assert f"<h2>{words}</h2>" in opened


def test_a_reply_by_who_was_accountable_a_moment_ago_is_refused(world, monkeypatch):
    action = world.actions["5.3"]
    asked = {"answer": "need_help", "blocker": "Nobody answers."}
    assert send(world.client("contributor"), action, **asked).status_code == 303
    client = world.client("lead")
    csrf, write = token(client), help_routes.save_once

    def meanwhile(*args, **kwargs):
        with transaction():
            db.session.execute(
                update(RecommendationLead)
                .where(RecommendationLead.person_id == world.people["lead"])
                .values(accountable=False)
            )
        return write(*args, **kwargs)

    monkeypatch.setattr(help_routes, "save_once", meanwhile)
    answer = client.post(f"/actions/{action}/help", data={"csrf_token": csrf, "reply": "I will ring them."})
    assert answer.status_code in {403, 422}
    db.session.rollback()
    assert db.session.scalars(select(HelpCall.closed_at)).all() == [None]


def test_commands_ask_who_may_write_too(world):
    """Whatever calls them: the right ended, or was never there."""
    other, action = world.author("other_lead"), world.actions["5.2"]
    with transaction():
        link = EvidenceText("A link", "audit", "open", "https://intranet.example/")
        piece = attach_evidence(world.author("lead"), action, link)
        stood = let_stand_in(BY, world.people["other_lead"], world.people["lead"], TODAY, None, "Leave")
        note = log_progress(other, action, NoteText("Half the teams."))
        end_stand_in(BY, stood)
    assert db.session.get(StandIn, stood) and db.session.get(ProgressNote, note)
    before = the_record()
    for write in (
        lambda: log_progress(other, action, NoteText("Done.")),
        lambda: correct_note(other, note, NoteText("Most teams.")),
        lambda: attach_evidence(other, action, link),
        lambda: withdraw_evidence(other, piece, "Wrong."),
        lambda: ask_new_date(other, action, DateWish("End June 2018", "vacancy", "Nothing changes.")),
    ):
        with pytest.raises(Refused, match="can update it"), transaction():
            write()
    assert the_record() == before
    assert version_of(action)
