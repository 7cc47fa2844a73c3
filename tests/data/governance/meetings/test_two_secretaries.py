"""A chair and a secretary change one meeting at one moment: nothing that either of them did is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from typing import Any

from sqlalchemy import func, select

from ilacs_app.access import OPERATOR
from ilacs_app.db import db, transaction
from ilacs_app.governance.agenda.model import AgendaEntry
from ilacs_app.governance.agenda.queries import agenda_facts, agenda_for
from ilacs_app.governance.attendance.model import MeetingAttendance
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.history import HistoryEvent
from ilacs_app.people.boards.commands import board_named
from tests.conftest import BY, TODAY, World
from tests.factories import set_fact, token
from tests.rebuilt import differences, from_history, from_tables

ROUNDS = 6


def at_once(*acts: Callable[[], int]) -> list[int]:
    """Begin all of these at one moment, each in a thread of its own."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], int]) -> int:
        barrier.wait(10)
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [done.result(60) for done in [threads.submit(run, act) for act in acts]]


def sent(world: World, role: str, meeting: int, part: str, **fields: Any) -> Callable[[], int]:
    client = world.client(role)
    data = {"csrf_token": Context().run(token, client), **fields}
    return lambda: client.post(f"/boards/mash-board/meetings/{meeting}/{part}", data=data).status_code


def the_meeting() -> int:
    with transaction():
        return set_meeting(BY, board_named(BY, "MASH Board"), TODAY)


def attendance(world: World, who: str, seen: int, attendance: str, interest: str = "") -> dict[str, Any]:
    """Return the fields of one member's row, with a checksum that says that it was changed."""
    id_ = world.people[who]
    return {f"attendance-{id_}": attendance, f"interest-{id_}": interest, f"seen-{id_}": f"{seen}:other"}


def test_attendance_of_two_members_recorded_at_one_moment_is_all_kept(world, whole_history):
    meeting = the_meeting()
    for n in range(ROUNDS):
        interest = f"Round {n}"
        codes = at_once(
            sent(world, "chair", meeting, "attendance", **attendance(world, "board_member", n, "present", interest)),
            sent(world, "secretary", meeting, "attendance", **attendance(world, "partner", n, "apologies", interest)),
        )
        assert codes == [303, 303]
        db.session.rollback()
        rows = {row.person_id: row for row in db.session.scalars(select(MeetingAttendance))}
        assert {row.version for row in rows.values()} == {n + 1} and {row.interest for row in rows.values()} == {
            interest
        }
        assert rows[world.people["partner"]].attendance == "apologies"
    assert not differences(from_tables(), from_history())


def test_of_two_who_record_one_member_at_one_moment_one_is_asked_again(world, whole_history):
    meeting = the_meeting()
    for n in range(ROUNDS):
        codes = at_once(
            sent(world, "chair", meeting, "attendance", **attendance(world, "partner", n, "present", f"Chair {n}")),
            sent(world, "secretary", meeting, "attendance", **attendance(world, "partner", n, "absent", f"Clerk {n}")),
        )
        assert sorted(codes) == [303, 409]
        db.session.rollback()
        row = db.session.scalars(select(MeetingAttendance)).one()
        assert (row.version, row.interest) == (n + 1, f"Chair {n}" if codes[0] == 303 else f"Clerk {n}")
        events = select(func.count()).select_from(HistoryEvent).where(HistoryEvent.verb == "attendance_recorded")
        assert db.session.scalar(events) == n + 1
    assert not differences(from_tables(), from_history())


def test_items_moved_and_struck_at_one_moment_are_all_changed(world):
    for ref in ("5.1", "5.2", "5.3", "5.4"):
        set_fact(world.actions[ref], due_on=TODAY.replace(month=3), status="in_progress")
    meeting, board = the_meeting(), board_named(BY, "MASH Board")
    facts = agenda_facts(OPERATOR, board, meeting, TODAY)
    first, second, third = (fact.key for fact in facts[:3])
    for _ in range(ROUNDS):
        codes = at_once(
            sent(world, "chair", meeting, "agenda", key=first, change="strike"),
            sent(world, "secretary", meeting, "agenda", key=third, change="up"),
        )
        assert codes == [303, 303]
        db.session.rollback()
        agenda = agenda_for(OPERATOR, board, meeting, TODAY)
        assert [fact.key for fact in agenda.struck] == [first]
        assert [fact.key for fact in agenda.items][:2] == [third, second]
        places = list(db.session.scalars(select(AgendaEntry.place).where(AgendaEntry.place.is_not(None))))
        assert len(places) == len(set(places))
        db.session.rollback()
        codes = at_once(
            sent(world, "chair", meeting, "agenda", key=first, change="restore"),
            sent(world, "secretary", meeting, "agenda", key=third, change="down"),
        )
        assert codes == [303, 303]
        db.session.rollback()
        agenda = agenda_for(OPERATOR, board, meeting, TODAY)
        assert not agenda.struck and {fact.key for fact in agenda.items} == {fact.key for fact in facts}
        for place, key in enumerate((first, second, third)):
            while [fact.key for fact in agenda_for(OPERATOR, board, meeting, TODAY).items].index(key) > place:
                assert sent(world, "chair", meeting, "agenda", key=key, change="up")() == 303
                db.session.rollback()
    assert not differences(from_tables(), from_history())
