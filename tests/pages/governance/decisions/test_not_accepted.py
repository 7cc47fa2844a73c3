"""What a board did not accept as embedded: it comes back to its agenda, its numbers and its list once there is news."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.governance.decisions.queries import newest_decision
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.people.boards.commands import board_named
from ilacs_app.plan.model import ActionPlace, RecommendationBoard
from ilacs_app.progress.evidence.commands import EvidenceText, attach_evidence
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import NoteText
from ilacs_app.progress.status.model import StatusMove
from tests.conftest import BY
from tests.factories import fact, set_fact
from tests.pages.governance.meetings.test_agenda import DAY, embed, items, post


@pytest.fixture
def meeting(world) -> int:
    """A meeting next week, with 5.4 verified."""
    set_fact(world.actions["5.4"], status="verified")
    with transaction():
        return set_meeting(BY, board_named(BY, "MASH Board"), DAY, "14:00", "Room 1")


def refuse_embedding(world, meeting: int, kind: str = "not_embed", **fields: str) -> None:
    """Decide at a meeting that 5.4 is not embedded."""
    sent = {"words": "One more quarter.", "seen": "0", "once": uuid4().hex, **fields}
    sent["version"] = str(fact(world.actions["5.4"], "version"))
    assert post(world, meeting, part=f"items/{embed(world)}/decisions", kind=kind, **sent).status_code == 303


NEWS = {
    "a report": lambda world: note(world, NoteText("Two more audits were read.", "", "")),
    "on track": lambda world: note(world, NoteText("", "", "", answer="on_track")),
    "evidence": lambda world: evidence(world),
    "another verification": lambda world: verify_anew(world),
}
NO_NEWS = {
    "nothing": lambda world: None,
    "no change": lambda world: note(world, NoteText("", "", "", answer="no_change")),
    "a request for help": lambda world: note(world, NoteText("", "", "", answer="need_help", blocker="No analyst.")),
}


def note(world, text: NoteText) -> None:
    with transaction():
        log_progress(world.author("lead"), world.actions["5.4"], text)


def evidence(world) -> None:
    with transaction():
        piece = EvidenceText("The audit", "audit", "open", url="https://intranet.example/audit")
        attach_evidence(world.author("lead"), world.actions["5.4"], piece)


def verify_anew(world) -> None:
    """Put a further verification into the record, as after the action slipped back and was completed again."""
    with transaction():
        moved = {"from_status": "completed", "to_status": "verified", "kind": "verification", "at": clock.now()}
        db.session.add(StatusMove(action_id=world.actions["5.4"], person_id=world.people["verifier"], **moved))


@pytest.mark.parametrize("told", [*NEWS, *NO_NEWS])
def test_what_is_not_accepted_as_embedded_comes_back_once_there_is_news_of_it(world, meeting, on, told):
    board = board_named(BY, "MASH Board")
    later = DAY + timedelta(days=28)
    with transaction():
        set_meeting(BY, board, later)
    on(DAY)
    waits, listed = "1 verified, to accept as embedded", "/boards/mash-board?status=verified&to_embed=1"
    assert waits in world.client("chair").get("/governance").text
    assert f"action-{world.actions['5.4']}" in world.client("chair").get(listed).text
    refuse_embedding(world, meeting)
    assert embed(world) in items(world), "it stays on the agenda of the meeting that did not accept it"
    on(DAY + timedelta(days=7))
    {**NEWS, **NO_NEWS}[told](world)
    db.session.rollback()
    is_back = told in NEWS
    page = world.client("viewer").get(f"/boards/mash-board/meetings/{later}").text
    assert (f'id="agenda-{embed(world)}"' in page) == is_back
    assert (waits in world.client("chair").get("/governance").text) == is_back
    assert (f"action-{world.actions['5.4']}" in world.client("chair").get(listed).text) == is_back


def test_what_was_reported_before_a_late_record_of_the_meeting_is_news(world, meeting, on):
    later = DAY + timedelta(days=28)
    with transaction():
        set_meeting(BY, board_named(BY, "MASH Board"), later)
    on(DAY + timedelta(days=2))
    note(world, NoteText("Two more audits were read.", "", ""))
    refuse_embedding(world, meeting)
    assert f'id="agenda-{embed(world)}"' in world.client("viewer").get(f"/boards/mash-board/meetings/{later}").text


def test_a_corrected_refusal_to_accept_an_action_is_none(world, meeting, on):
    later = DAY + timedelta(days=28)
    with transaction():
        set_meeting(BY, board_named(BY, "MASH Board"), later)
    on(DAY)
    refuse_embedding(world, meeting)
    db.session.rollback()
    first = str(newest_decision(meeting, embed(world)))
    refuse_embedding(world, meeting, "defer", seen=first, corrects=first)
    assert f'id="agenda-{embed(world)}"' in world.client("viewer").get(f"/boards/mash-board/meetings/{later}").text


def test_another_board_that_leads_an_action_is_asked_though_the_first_did_not_accept_it(world, meeting, on):
    on(DAY)
    refuse_embedding(world, meeting)
    lac, later = board_named(BY, "LAC Strategy Group"), DAY + timedelta(days=14)
    with transaction():
        db.session.execute(update(RecommendationBoard).values(lead=False))
        recommendation = select(ActionPlace.recommendation_id).where(ActionPlace.action_id == world.actions["5.4"])
        led = {"recommendation_id": db.session.scalars(recommendation).one(), "board_id": lac, "lead": True}
        db.session.add(RecommendationBoard(**led, position=9, named_as="LAC Strategy Group"))
        set_meeting(BY, lac, later)
    page = world.client("viewer").get(f"/boards/lac-strategy-group/meetings/{later}").text
    assert f'id="agenda-{embed(world)}"' in page
