"""A chair and a secretary do whatever they like at one meeting at one moment, round after round: nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from ilacs_app import clock
from ilacs_app.access import OPERATOR
from ilacs_app.db import db, transaction
from ilacs_app.governance.agenda.queries import agenda_for
from ilacs_app.governance.attendance.commands import AttendanceEntry, record_attendance
from ilacs_app.governance.attendance.model import MeetingAttendance
from ilacs_app.governance.attendance.rules import Attended
from ilacs_app.governance.decisions.model import Decision
from ilacs_app.governance.decisions.queries import newest_decision
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.governance.minutes.model import Minutes
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.model import Membership
from tests.conftest import BY, TODAY, World
from tests.data.governance.meetings.test_two_secretaries import at_once
from tests.factories import set_fact, token
from tests.rebuilt import differences, from_history, from_tables

REFS = ("5.1", "5.2", "5.3", "5.5")
ROUNDS, PROOF_ROUNDS = 4, 200
ROUNDS_OF_MINUTES = 8
"""How many rounds the minutes of one earlier meeting wait for approval."""


@dataclass
class Sent:
    """A form that one of them sends: what it is to do, the text that it carries, and how it was answered."""

    what: str
    path: str
    data: dict[str, Any]
    text: str = ""
    status: int = 0
    answer: str = ""


@dataclass
class Table:
    """A board at its meeting, with minutes of the meeting before to approve; ``kept`` are the texts acknowledged."""

    world: World
    draw: Random
    board: int
    earlier: int
    meeting: int
    kept: list[str] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)

    def form(self, role: str, number: int) -> Sent:
        """Return a form as its page shows it at this moment."""
        text = f"Round {number} of the {role}"
        what = self.draw.choice(("note", "invite", "move", "attend", "publish", "approve", "restrict"))
        key = f"late-{self.world.actions[self.draw.choice(REFS)]}"
        items = f"/boards/mash-board/meetings/{self.meeting}"
        if what in {"note", "invite"}:
            data = {"kind": what, "words": text, "seen": newest_decision(self.meeting, key), "version": "1"}
            return Sent(what, f"{items}/items/{key}/decisions", data, text)
        if what in {"move", "restrict"}:
            change = self.draw.choice(("up", "down") if what == "move" else ("close", "open"))
            return Sent(what, f"{items}/agenda", {"key": key, "change": change})
        if what == "attend":
            person, at = self.world.people["board_member"], self.draw.choice((self.meeting, self.earlier))
            wanted = MeetingAttendance.person_id == person, MeetingAttendance.meeting_id == at
            seen = db.session.scalar(select(MeetingAttendance.version).where(*wanted)) or 0
            fields = {f"attendance-{person}": "present", f"interest-{person}": text, f"seen-{person}": f"{seen}:other"}
            return Sent(what, f"/boards/mash-board/meetings/{at}/attendance", fields, text)
        newest = len(db.session.scalars(select(Minutes.id).where(Minutes.meeting_id == self.earlier)).all())
        if what == "publish":
            return Sent(what, f"/boards/mash-board/meetings/{self.earlier}/minutes", {"seen": newest})
        key = f"minutes-{self.earlier}"
        data = {"kind": "approve", "words": text, "seen": newest_decision(self.meeting, key), "version": newest}
        return Sent(what, f"{items}/items/{key}/decisions", data, text)

    def sender(self, role: str, form: Sent) -> Callable[[], int]:
        client = self.world.client(role)
        data = {"csrf_token": Context().run(token, client), "once": uuid4().hex, **form.data}

        def send() -> int:
            answer = client.post(form.path, data=data)
            form.status, form.answer = answer.status_code, answer.text
            return form.status

        return send

    def check(self, forms: list[Sent]) -> None:
        """Hold what was acknowledged against the record, and what was not against its answer."""
        db.session.rollback()
        for form in forms:
            self.statuses[f"{form.what} {form.status}"] = self.statuses.get(f"{form.what} {form.status}", 0) + 1
            assert form.status in {303, 409, 422}, (form.what, form.status)
            if form.status != 303:
                assert form.text in form.answer, f"{form.what}: {form.text} is lost"
            elif form.what in {"note", "invite", "approve"}:
                self.kept.append(form.text)
        made = [decision.words for decision in db.session.scalars(select(Decision).order_by(Decision.id))]
        assert sorted(made) == sorted(self.kept), "each decision that was acknowledged is kept once, and no other"
        attended = [form.text for form in forms if form.what == "attend" and form.status == 303]
        interests = set(db.session.scalars(select(MeetingAttendance.interest)))
        assert interests.issuperset(attended), "of two that record one person, one is asked again"
        of_earlier = select(Minutes.number).where(Minutes.meeting_id == self.earlier)
        numbers = list(db.session.scalars(of_earlier.order_by(Minutes.number)))
        assert numbers == list(range(1, len(numbers) + 1))
        agenda = agenda_for(OPERATOR, self.board, self.meeting, clock.today())
        keys = {fact.key for fact in (*agenda.items, *agenda.exempt)}
        assert keys.issuperset(f"late-{self.world.actions[ref]}" for ref in REFS), "no item is lost"
        db.session.rollback()


def _table(world: World, seed: int) -> Table:
    for ref in REFS:
        set_fact(world.actions[ref], due_on=date(2018, 3, 31), status="in_progress")
    with transaction():
        board = board_named(BY, "MASH Board")
        meeting = set_meeting(BY, board, TODAY)
        served = update(Membership).where(Membership.board_id == board).values(from_on=TODAY - timedelta(days=400))
        db.session.execute(served)
    return Table(world, Random(seed), board, 0, meeting)


def _hold_another_before(table: Table, number: int) -> None:
    """Hold an earlier meeting, and publish its minutes."""
    with transaction():
        table.earlier = set_meeting(BY, table.board, TODAY - timedelta(days=number + 1))
        record_attendance(BY, table.earlier, [AttendanceEntry(table.world.people["chair"], Attended("present"), 0)])
    first = Sent("publish", f"/boards/mash-board/meetings/{table.earlier}/minutes", {"seen": 0})
    assert table.sender("secretary", first)() == 303


def _rounds(world: World, rounds: int) -> dict[str, int]:
    table = _table(world, seed=rounds)
    for number in range(rounds):
        if number % ROUNDS_OF_MINUTES == 0:
            _hold_another_before(table, number)
        forms = [table.form(role, number) for role in ("chair", "secretary")]
        db.session.rollback()
        at_once(*(table.sender(role, form) for role, form in zip(("chair", "secretary"), forms, strict=True)))
        table.check(forms)
    assert not differences(from_tables(), from_history())
    return table.statuses


def test_a_few_rounds_of_two_at_one_meeting_lose_nothing(world):
    _rounds(world, ROUNDS)


@pytest.mark.proof
def test_200_rounds_of_two_at_one_meeting_lose_nothing(world, database_kind, record_property):
    statuses = _rounds(world, PROOF_ROUNDS)
    record_property("rounds", PROOF_ROUNDS)
    record_property("answers", f"{database_kind}: {dict(sorted(statuses.items()))}")
    assert any(name.endswith(" 409") for name in statuses), "some met each other"
