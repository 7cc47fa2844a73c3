"""Two lead boards decide at one moment, or a meeting is cancelled while it is chosen: the first of the two counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from datetime import date
from typing import Any

from sqlalchemy import func, select, update

from ilacs_app.db import db, transaction
from ilacs_app.errors import Stale
from ilacs_app.governance.meetings.commands import cancel_meeting, set_meeting
from ilacs_app.history import HistoryEvent
from ilacs_app.people.boards.queries import board_by_slug
from ilacs_app.people.commands import grant_role
from ilacs_app.plan.model import ActionPlace, RecommendationBoard
from ilacs_app.progress.dates.model import DateRequest
from tests.conftest import BY, TODAY
from tests.factories import fact, send, set_fact, token

ASK = {"words": "End June 2018", "reason_class": "vacancy", "effect": "None.", "cover": "The duty team."}
ROUNDS = 6


def at_once(world: Any, *acts: Callable[[], Any]) -> list[Any]:
    """Begin all of these at one moment, each in a thread of its own; an error is answered, not raised."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        barrier.wait(10)
        try:
            return act()
        except Stale as late:
            return late

    with ThreadPoolExecutor(len(acts)) as threads:
        return [done.result(60) for done in [threads.submit(run, act) for act in acts]]


def ask(world: Any) -> DateRequest:
    assert send(world.client("lead"), world.actions["5.3"], "date-requests", **ASK).status_code == 303
    db.session.rollback()
    return db.session.scalars(select(DateRequest).where(DateRequest.state == "waiting")).one()


def decide(
    world: Any, role: str, request: DateRequest, meeting: int, once: str, slug: str = "mash-board", **fields: str
) -> Callable[[], Any]:
    client = world.client(role)
    data = {"csrf_token": Context().run(token, client), "once": once, "asked": f"{request.id}.{request.version}"}
    path = f"/boards/{slug}/meetings/{meeting}/items/date-{request.id}/decisions"
    return lambda: client.post(path, data={**data, "seen": "0", "kind": "agree", **fields}).status_code


def test_of_two_lead_boards_at_one_moment_one_decides(world):
    action, lac, mash = world.actions["5.3"], board_by_slug("lac-strategy-group").id, board_by_slug("mash-board").id
    with transaction():
        home = db.session.scalar(select(ActionPlace.recommendation_id).where(ActionPlace.action_id == action))
        lead = {"position": 9, "lead": True, "named_as": "LAC"}
        db.session.merge(RecommendationBoard(recommendation_id=home, board_id=lac, **lead))
        grant_role(BY, world.people["viewer"], "chair", board_id=lac)
        meetings = set_meeting(BY, mash, TODAY), set_meeting(BY, lac, TODAY)
    for n in range(ROUNDS):
        set_fact(action, moves=0, last_moved_on=None)
        request = ask(world)
        codes = at_once(
            world,
            decide(world, "chair", request, meetings[0], f"a{n}"),
            decide(
                world, "viewer", request, meetings[1], f"b{n}", "lac-strategy-group", kind="refuse", words="Not yet."
            ),
        )
        assert sorted(codes) == [303, 409]
        db.session.rollback()
        verbs = select(HistoryEvent.verb).where(HistoryEvent.verb.in_(("date_agreed", "date_refused")))
        events = list(db.session.scalars(verbs.order_by(HistoryEvent.id)))
        assert len(events) == n + 1, "one decision is written for each request"
        assert (events[-1] == "date_agreed") == (fact(action, "moves") == 1) == (codes[0] == 303)
        set_fact(action, due_on=date(2018, 4, 30), timescale_text="End April 2018")


def test_a_decision_is_never_at_a_meeting_that_was_cancelled_before_it(world):
    action, mash = world.actions["5.3"], board_by_slug("mash-board").id
    for n in range(ROUNDS):
        set_fact(action, moves=0, last_moved_on=None)
        request = ask(world)
        with transaction():
            meeting = set_meeting(BY, mash, TODAY)

        def cancel(meeting: int = meeting, version: int = 2 * n + 1) -> None:
            with world.app.app_context(), transaction():
                cancel_meeting(BY, meeting, version, "Election week.")

        code, _ = at_once(
            world, decide(world, "chair", request, meeting, f"c{n}", kind="refuse", words="Not yet."), cancel
        )
        assert code in {303, 422}
        db.session.rollback()
        last = select(func.max(HistoryEvent.id))
        cancelled = db.session.scalar(last.where(HistoryEvent.verb == "meeting_cancelled"))
        refused = db.session.scalar(last.where(HistoryEvent.verb == "date_refused")) or 0
        decided = code == 303
        assert not decided or refused < cancelled, "the decision came before the meeting was cancelled"
        if not decided:
            with transaction():
                db.session.execute(update(DateRequest).values(state="taken_back"))
