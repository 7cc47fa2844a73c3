"""Decisions at one moment: nothing is lost, one of two counts, and who may not decide does not in any order."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from datetime import date, timedelta
from threading import Event, Thread
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select

from ilacs_app.db import db, transaction
from ilacs_app.governance.attendance.commands import AttendanceEntry, record_attendance
from ilacs_app.governance.attendance.rules import Attended
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.governance.decisions.commands import DecisionWish, decide
from ilacs_app.governance.decisions.model import Decision
from ilacs_app.governance.decisions.queries import newest_decision
from ilacs_app.governance.decisions.rules import DecisionKind
from ilacs_app.governance.meetings.commands import cancel_meeting, set_meeting
from ilacs_app.governance.minutes.model import Minutes
from ilacs_app.history import HistoryEvent
from ilacs_app.people.boards.commands import board_named, change_board
from ilacs_app.plan.assignments import name_people
from ilacs_app.progress.status.model import StatusMove
from tests.conftest import BY, CHARACTERS, TODAY, World
from tests.data.governance.meetings.test_two_secretaries import at_once
from tests.factories import fact, set_fact, token
from tests.rebuilt import differences, from_history, from_tables

ROUNDS = 6


def late_actions(world: World) -> list[str]:
    """Make 5.1 and 5.2 late, and return their places on an agenda."""
    for ref in ("5.1", "5.2"):
        set_fact(world.actions[ref], due_on=date(2018, 3, 31), status="in_progress")
    return [f"late-{world.actions[ref]}" for ref in ("5.1", "5.2")]


def the_meeting() -> int:
    with transaction():
        return set_meeting(BY, board_named(BY, "MASH Board"), TODAY)


def typed(world: World, role: str, meeting: int, key: str, kind: str, **fields: Any) -> Callable[[], int]:
    client = world.client(role)
    action = int(key.rpartition("-")[2])
    data = {
        "csrf_token": Context().run(token, client),
        "once": uuid4().hex,
        "kind": kind,
        "version": fact(action, "version"),
        "seen": newest_decision(meeting, key),
        **fields,
    }
    db.session.rollback()
    return lambda: client.post(f"/boards/mash-board/meetings/{meeting}/items/{key}/decisions", data=data).status_code


def decisions() -> list[Decision]:
    db.session.rollback()
    return list(db.session.scalars(select(Decision).order_by(Decision.id)))


def test_decisions_on_two_items_typed_at_one_moment_are_both_kept(world):
    first, second = late_actions(world)
    meeting = the_meeting()
    for n in range(ROUNDS):
        codes = at_once(
            typed(world, "chair", meeting, first, "invite", words=f"Round {n}"),
            typed(world, "secretary", meeting, second, "defer", words=f"Round {n}"),
        )
        assert codes == [303, 303]
        made = decisions()
        assert len(made) == 2 * (n + 1) and {d.key for d in made[-2:]} == {first, second}
    assert not differences(from_tables(), from_history())


def test_of_two_decisions_on_one_item_one_counts_and_the_other_is_shown_it(world):
    key, _ = late_actions(world)
    meeting = the_meeting()
    for n in range(ROUNDS):
        status = fact(world.actions["5.1"], "status")
        db.session.rollback()
        kinds = ("restore", "restore") if status == "paused" else ("pause", "withdraw")
        if status == "withdrawn":
            kinds = ("restore", "restore")
        fields = {"words": f"Round {n}", "until": "31 July 2018"}
        sent = [{k: v for k, v in fields.items() if k != "until" or kind == "pause"} for kind in kinds]
        codes = at_once(
            typed(world, "chair", meeting, key, kinds[0], **sent[0]),
            typed(world, "secretary", meeting, key, kinds[1], **sent[1]),
        )
        assert sorted(codes) == [303, 409]
        assert len(decisions()) == n + 1
        moves = db.session.scalar(select(func.count()).select_from(StatusMove))
        assert moves == n + 1, "each decision is one move"
        events = select(func.count()).select_from(HistoryEvent).where(HistoryEvent.verb == "decision_made")
        assert db.session.scalar(events) == n + 1
    assert not differences(from_tables(), from_history())


def test_notes_of_two_on_one_item_are_both_kept(world):
    key, _ = late_actions(world)
    meeting = the_meeting()
    for n in range(ROUNDS):
        codes = at_once(
            typed(world, "chair", meeting, key, "note", words=f"Chair {n}"),
            typed(world, "secretary", meeting, key, "note", words=f"Clerk {n}"),
        )
        assert codes == [303, 303]
        assert {d.words for d in decisions()[-2:]} == {f"Chair {n}", f"Clerk {n}"}


def test_who_becomes_an_owner_at_that_moment_does_not_decide_after(world):
    key, _ = late_actions(world)
    meeting = the_meeting()
    for n in range(ROUNDS):
        with transaction():
            name_people(BY, world.actions["5.1"], "owner", ["Quality Lead"])

        def own() -> int:
            with world.app.app_context(), transaction():
                name_people(BY, world.actions["5.1"], "owner", [CHARACTERS["secretary"]])
            return 0

        code, _ = at_once(typed(world, "secretary", meeting, key, "defer", words=f"Round {n}"), own)
        assert code in {303, 422}
        db.session.rollback()
        last = select(func.max(HistoryEvent.id))
        named = db.session.scalar(last.where(HistoryEvent.verb.in_(("owner_named", "owner_changed")))) or 0
        decided = db.session.scalar(last.where(HistoryEvent.verb == "decision_deferred")) or 0
        assert code == 422 or decided < named, "it was decided before they owned it"


def test_a_quorum_that_is_lost_at_that_moment_decides_nothing_after(world):
    key, _ = late_actions(world)
    meeting = the_meeting()
    with transaction():
        change_board(BY, board_named(BY, "MASH Board"), 1, "MASH Board", [], quorum=1)
    for n in range(ROUNDS):
        with transaction():
            here = AttendanceEntry(world.people["chair"], Attended("present"), 2 * n)
            record_attendance(world.author("chair"), meeting, [here])

        def leave(seen: int = 2 * n + 1) -> int:
            with world.app.app_context(), transaction():
                gone = AttendanceEntry(world.people["chair"], Attended("absent"), seen)
                record_attendance(world.author("chair"), meeting, [gone])
            return 0

        refers = {"words": f"Round {n}", "board": board_named(BY, "LAC Strategy Group")}
        code, _ = at_once(typed(world, "secretary", meeting, key, "refer", **refers), leave)
        assert code in {303, 422}
        db.session.rollback()
        last = select(func.max(HistoryEvent.id))
        left = db.session.scalar(last.where(HistoryEvent.verb == "attendance_recorded"))
        decided = db.session.scalar(last.where(HistoryEvent.verb == "decision_referred")) or 0
        assert code == 422 or decided < left, "it was decided while there was a quorum"


def test_a_meeting_that_is_cancelled_at_that_moment_decides_nothing_after(world):
    key, _ = late_actions(world)
    meeting = the_meeting()
    for n in range(ROUNDS):

        def cancel(version: int = 2 * n + 1) -> int:
            with world.app.app_context(), transaction():
                cancel_meeting(BY, meeting, version, "Election week.")
            return 0

        code, _ = at_once(typed(world, "chair", meeting, key, "defer", words=f"Round {n}"), cancel)
        assert code in {303, 422}
        db.session.rollback()
        last = select(func.max(HistoryEvent.id))
        cancelled = db.session.scalar(last.where(HistoryEvent.verb == "meeting_cancelled"))
        decided = db.session.scalar(last.where(HistoryEvent.verb == "decision_deferred")) or 0
        assert code == 422 or decided < cancelled
        with transaction():
            set_meeting(BY, board_named(BY, "MASH Board"), TODAY)


def test_of_two_who_publish_minutes_at_one_moment_one_does(world):
    key, _ = late_actions(world)
    meeting = the_meeting()

    def publish(role: str, seen: int) -> Callable[[], int]:
        client = world.client(role)
        data = {"csrf_token": Context().run(token, client), "once": uuid4().hex, "seen": seen}
        path = f"/boards/mash-board/meetings/{meeting}/minutes"
        return lambda: client.post(path, data=data).status_code

    for n in range(ROUNDS):
        assert typed(world, "chair", meeting, key, "note", words=f"Round {n}")() == 303
        codes = at_once(publish("chair", n), publish("secretary", n))
        assert sorted(codes) == [303, 409]
        db.session.rollback()
        assert list(db.session.scalars(select(Minutes.number).order_by(Minutes.number))) == list(range(1, n + 2))


def test_actions_that_arise_at_one_moment_are_both_kept(world):
    key, _ = late_actions(world)
    meeting = the_meeting()

    def arising(role: str, text: str) -> Callable[[], int]:
        client = world.client(role)
        data = {"csrf_token": Context().run(token, client), "once": uuid4().hex, "task": text, "due": "21 May 2018"}
        path = f"/boards/mash-board/meetings/{meeting}/items/{key}/arising"
        return lambda: client.post(path, data={**data, "owner": CHARACTERS["lead"]}).status_code

    for n in range(ROUNDS):
        codes = at_once(arising("chair", f"Chair {n}"), arising("secretary", f"Clerk {n}"))
        assert codes == [303, 303]
        db.session.rollback()
        asked = set(db.session.scalars(select(Challenge.question)))
        assert {f"Chair {n}", f"Clerk {n}"} <= asked


def test_minutes_that_are_being_approved_get_no_further_version(world):
    with transaction():
        earlier = set_meeting(BY, board_named(BY, "MASH Board"), TODAY - timedelta(days=7))
        record_attendance(BY, earlier, [AttendanceEntry(world.people["chair"], Attended("present"), 0)])
    meeting, client = the_meeting(), world.client("secretary")
    place = f"/boards/mash-board/meetings/{earlier}/minutes"
    sent = {"csrf_token": Context().run(token, client)}
    assert client.post(place, data={**sent, "once": uuid4().hex, "seen": "0"}).status_code == 303
    db.session.rollback()
    approved, published = Event(), Event()

    def approve() -> None:
        with world.app.app_context(), transaction():
            decide(world.author("chair"), meeting, DecisionWish(f"minutes-{earlier}", DecisionKind.APPROVE, version=1))
            approved.set()
            published.wait(2)

    approving = Thread(target=approve)
    approving.start()
    assert approved.wait(20)
    answer = client.post(place, data={**sent, "once": uuid4().hex, "seen": "1"})
    published.set()
    approving.join()
    assert answer.status_code == 422 and "The board approved these minutes on" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Minutes)) == 1
