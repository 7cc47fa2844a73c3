"""The agenda of a meeting: made by the rules, arranged by the chair and the secretary, on the meeting's page."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, select

from ilacs_app.db import db, transaction
from ilacs_app.governance.agenda.model import AgendaEntry
from ilacs_app.governance.challenges.commands import QuestionWish, ask_question
from ilacs_app.governance.decisions.queries import newest_decision
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.history import HistoryEvent
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.commands import grant_role
from ilacs_app.plan.model import ActionPerson
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, TODAY
from tests.factories import BOTH_WAYS, fact, set_fact, token

DAY = TODAY + timedelta(days=7)
PAGE = f"/boards/mash-board/meetings/{DAY.isoformat()}"


@pytest.fixture
def meeting(world) -> int:
    """A meeting next week, with one item of each kind: 5.3 asks for a date, 5.1 is late, 5.4 verified, one question."""
    set_fact(world.actions["5.3"], due_on=date(2018, 3, 31), status="in_progress")
    set_fact(world.actions["5.1"], due_on=date(2018, 3, 31), status="in_progress")
    set_fact(world.actions["5.4"], status="verified")
    with transaction():
        board = board_named(BY, "MASH Board")
        ask_new_date(world.author("lead"), world.actions["5.3"], DateWish("End August 2018", "vacancy", "None."))
        wish = QuestionWish(board, "How many wait?", CHARACTERS["lead"], DAY, action_id=world.actions["5.5"])
        ask_question(world.author("board_member"), wish)
        return set_meeting(BY, board, DAY, "14:00", "Room 1")


def items(world, role: str = "secretary") -> list[str]:
    """Return the keys of what is on the agenda, as the page lists them."""
    section = read(world.client(role).get(PAGE).text).one(id="agenda")
    return [n.attrs["id"].removeprefix("agenda-") for n in section.walk() if n.tag == "li" and "id" in n.attrs]


def post(world, meeting: int, role: str = "secretary", headers=None, part: str = "agenda", **fields: str):
    client = world.client(role)
    data = {"csrf_token": token(client), **fields}
    return client.post(f"/boards/mash-board/meetings/{meeting}/{part}", data=data, headers=headers or {})


def line(world, key: str, role: str = "viewer") -> str:
    return read(world.client(role).get(PAGE).text).one("li", id=f"agenda-{key}").text


def late(world) -> str:
    return f"late-{world.actions['5.1']}"


def embed(world) -> str:
    return f"embed-{world.actions['5.4']}"


def set_owner(world, ref: str, name: str) -> None:
    with transaction():
        db.session.add(ActionPerson(action_id=world.actions[ref], part="owner", name=name))


def test_each_item_says_whose_it_is(world, meeting):
    """An owner is named, or else the leads of the recommendation."""
    set_owner(world, "5.1", "Police Liaison Officer")
    assert "Owner: Police Liaison Officer" in line(world, late(world))
    assert "Leads: MASH Service Manager, Detective Superintendent" in line(world, "date-1")
    assert post(world, meeting, part="deep-dives", about="5").status_code == 303
    deep = next(key for key in items(world) if key.startswith("dive-recommendation"))
    assert "Leads: MASH Service Manager, Detective Superintendent" in line(world, deep)
    assert "Lead" not in line(world, "question-1"), "a question says itself whom it asks"
    item = read(world.client("viewer").get(f"{PAGE}/items/{late(world)}").text).one("main").text
    assert "Owner: Police Liaison Officer" in item


def test_the_agenda_builds_itself_from_the_rules(world, meeting):
    keys = items(world, "viewer")
    assert [key.partition("-")[0] for key in keys if key in {"date-1", late(world), embed(world), "question-1"}] == [
        "date",
        "late",
        "embed",
        "question",
    ]
    assert f"late-{world.actions['5.3']}" not in keys, "a late action with a request is there for its request"
    assert "to End August 2018" in line(world, "date-1") and "7 days overdue" in line(world, late(world))
    section = read(world.client("viewer").get(PAGE).text).one(id="agenda").text
    opening = ("Apologies and deputies", "Interests declared", "Minutes of the last meeting", "Matters arising")
    places = [section.index(text) for text in (*opening, "5.3 ")]
    assert places == sorted(places)
    assert "for acceptance as embedded" in line(world, embed(world)) and "Action 5.5" in line(world, "question-1")


def test_an_item_leaves_the_agenda_when_its_reason_is_gone(world, meeting):
    assert late(world) in items(world)
    set_fact(world.actions["5.1"], due_on=date(2018, 12, 31))
    assert late(world) not in items(world)


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
@pytest.mark.parametrize("role", ["chair", "secretary"])
def test_items_are_moved_struck_and_put_back(world, meeting, role, _way, headers):
    before = items(world)
    key = late(world)
    at = before.index(key)
    assert post(world, meeting, role, headers, key=key, change="up").status_code == 303
    assert items(world).index(key) == at - 1
    assert post(world, meeting, role, headers, key=key, change="down").status_code == 303
    assert items(world) == before
    assert post(world, meeting, role, headers, key=key, change="strike").status_code == 303
    assert key not in items(world, "viewer"), "what is struck is not on the agenda"
    struck = read(world.client(role).get(PAGE).text).one(id="agenda").text
    assert struck.index("Struck from the agenda") < struck.index("Put back on the agenda")
    assert post(world, meeting, role, headers, key=key, change="restore").status_code == 303
    assert items(world) == before
    verbs = list(db.session.scalars(select(HistoryEvent.verb).where(HistoryEvent.verb.like("agenda%"))))
    assert verbs == ["agenda_item_moved"] * 2 + ["agenda_item_struck", "agenda_item_restored"]


def test_changes_of_two_secretaries_are_all_kept(world, meeting):
    """Each page was drawn before the other's change."""
    before = items(world)
    assert post(world, meeting, "chair", key=late(world), change="strike").status_code == 303
    assert post(world, meeting, key=embed(world), change="up").status_code == 303
    assert post(world, meeting, key=late(world), change="strike").status_code == 303, "it is struck already"
    after = items(world, "viewer")
    assert set(after) == set(before) - {late(world)}
    assert after.index(embed(world)) < len(after) - 1
    rows = list(db.session.scalars(select(AgendaEntry).where(AgendaEntry.key == late(world))))
    assert len(rows) == 1 and rows[0].struck
    struck = select(HistoryEvent.id).where(HistoryEvent.verb == "agenda_item_struck")
    assert len(list(db.session.scalars(struck))) == 1


def test_the_exempt_part_is_kept_from_whoever_is_not_on_the_board(world, meeting):
    assert post(world, meeting, key=late(world), change="close").status_code == 303
    for role in ("chair", "board_member", "partner"):
        section = read(world.client(role).get(PAGE).text).one(id="agenda").text
        assert section.index("Exempt part") < section.index(line(world, late(world), role)[:12]), role
    for role in ("viewer", "lead", "programme_manager", "administrator", "inspector"):
        section = read(world.client(role).get(PAGE).text).one(id="agenda").text
        assert "Exempt part" not in section and "5.1 " not in section, role
    told = db.session.scalars(select(HistoryEvent).where(HistoryEvent.verb == "agenda_item_closed")).one()
    assert told.after["item"] == "An exempt item", "whoever reads history does not learn which"
    assert post(world, meeting, key=late(world), change="open").status_code == 303
    assert late(world) in items(world, "viewer")


def test_a_member_who_leads_or_owns_an_item_is_marked_there(world, meeting):
    with transaction():
        grant_role(BY, world.people["lead"], "board_member", board_id=board_named(BY, "MASH Board"))
    assert f"Interest: {CHARACTERS['lead']} leads or owns this" in line(world, late(world))
    assert "Interest:" in line(world, "question-1")


@pytest.mark.parametrize("typed", ["5.2", "5"])
def test_the_chair_chooses_deep_dives_by_their_number(world, meeting, typed):
    assert post(world, meeting, "chair", part="deep-dives", about=typed).status_code == 303
    (key,) = [key for key in items(world, "viewer") if key.startswith("dive-")]
    assert f"{typed} " in line(world, key)
    assert "Deep dive. Chosen by the chair or secretary" in line(world, key)
    again = post(world, meeting, "chair", part="deep-dives", about=typed)
    assert again.status_code == 422 and "on this agenda already" in read(again.text).one("main").text
    assert post(world, meeting, "chair", key=key, change="strike").status_code == 303
    assert key not in items(world, "viewer")
    assert post(world, meeting, "chair", part="deep-dives", about=typed).status_code == 303
    assert key in items(world, "viewer")


@pytest.mark.parametrize(("typed", "says"), [("", "Enter the number"), ("6.2", "no action or rec"), ("x", "no action")])
def test_a_number_that_the_board_does_not_govern_is_refused_and_stays(world, meeting, typed, says):
    answer = post(world, meeting, part="deep-dives", about=typed)
    assert answer.status_code == 422 and says in read(answer.text).one("main").text
    assert f'value="{typed}"' in answer.text
    assert list(db.session.scalars(select(AgendaEntry))) == []


def test_an_item_that_is_gone_and_a_meeting_that_is_over_are_refused(world, meeting, on):
    assert post(world, meeting, key="late-999", change="up").status_code == 422
    assert post(world, meeting, key=late(world), change="burn").status_code == 422
    for role in ("viewer", "lead", "board_member", "programme_manager", "administrator"):
        assert "Strike" not in world.client(role).get(PAGE).text
        assert post(world, meeting, role, key=late(world), change="strike").status_code == 403
    on(DAY + timedelta(days=1))
    answer = post(world, meeting, key=late(world), change="strike")
    assert (
        answer.status_code == 422
        and "This meeting is over. You cannot change its agenda. Add the item to a later meeting"
        in read(answer.text).one("main").text
    )
    told = read(world.client("viewer").get(PAGE).text).one(id="agenda").text
    assert "The agenda was not recorded when this meeting began." in told and "5.1 " not in told
    assert "Strike" not in read(world.client("secretary").get(PAGE).text).one(id="agenda").text
    assert list(db.session.scalars(select(AgendaEntry))) == []


def test_deep_dives_are_read_in_the_same_number_of_queries(world, meeting):
    def queries() -> int:
        run: list[str] = []

        def note(_connection, _cursor, statement, *_rest) -> None:
            run.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            world.client("viewer").get(PAGE)
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(run)

    for about in ("5.2", "Recommendation 5"):
        assert post(world, meeting, part="deep-dives", about=about).status_code == 303
    queries()
    few = queries()
    for about in ("5.1", "5.3", "5.4", "5.5"):
        assert post(world, meeting, part="deep-dives", about=about).status_code == 303
    assert queries() == few


@pytest.mark.parametrize("typed", ["5.2", "5"])
def test_a_deep_dive_that_is_put_off_is_on_each_agenda_until_the_board_comes_back_to_it(world, meeting, on, typed):
    assert post(world, meeting, part="deep-dives", about=typed).status_code == 303
    (key,) = [key for key in items(world) if key.startswith("dive-")]
    board = board_named(BY, "MASH Board")
    days = [DAY + timedelta(days=7 * weeks) for weeks in (1, 2, 3)]
    with transaction():
        following = [set_meeting(BY, board, day) for day in days]

    def is_on(day: date) -> bool:
        return f'id="agenda-{key}"' in world.client("viewer").get(f"/boards/mash-board/meetings/{day}").text

    def decide(there: int, kind: str) -> None:
        answer = post(world, there, part=f"items/{key}/decisions", kind=kind, words="Later.", seen="0", once=key + kind)
        assert answer.status_code == 303, kind

    assert [is_on(day) for day in days] == [False, False, False]
    on(DAY)
    decide(meeting, "defer")
    assert [is_on(day) for day in days] == [True, True, True]
    on(days[0])
    decide(following[0], "note")
    assert [is_on(day) for day in days] == [True, False, False], "it stays where it was dealt with"


class PutOff:
    """A deep dive on 5.2 and four meetings a week apart, of which each may put it off, strike it or come back to it."""

    def __init__(self, world, on) -> None:
        self.world, self.on = world, on
        self.days = [DAY + timedelta(days=7 * weeks) for weeks in range(4)]
        with transaction():
            board = board_named(BY, "MASH Board")
            self.meetings = [set_meeting(BY, board, day) for day in self.days]
        assert post(world, self.meetings[0], part="deep-dives", about="5.2").status_code == 303
        self.key = f"dive-action-{world.actions['5.2']}"

    def decide(self, week: int, kind: str, corrects: int = 0) -> int:
        """Decide at the meeting of a week, on its day. Return the id of the decision."""
        self.on(self.days[week])
        sent = {"kind": kind, "words": "Later.", "seen": str(corrects), "once": uuid4().hex}
        sent |= {"corrects": str(corrects)} if corrects else {}
        sent["version"] = str(fact(self.world.actions["5.2"], "version"))
        answer = post(self.world, self.meetings[week], part=f"items/{self.key}/decisions", **sent)
        assert answer.status_code == 303, kind
        db.session.rollback()
        return newest_decision(self.meetings[week], self.key)

    def change(self, week: int, change: str) -> None:
        sent = {"key": self.key, "change": change, "once": uuid4().hex}
        assert post(self.world, self.meetings[week], **sent).status_code == 303

    def weeks(self) -> list[int]:
        """Return the weeks on whose agenda it is."""
        pages = [self.world.client("viewer").get(f"/boards/mash-board/meetings/{day}").text for day in self.days]
        return [week for week, page in enumerate(pages) if f'id="agenda-{self.key}"' in page]


@pytest.fixture
def put_off(world, on) -> PutOff:
    return PutOff(world, on)


def test_a_deep_dive_that_is_put_off_twice_comes_back_twice(put_off):
    put_off.decide(0, "defer")
    put_off.decide(1, "defer")
    assert put_off.weeks() == [0, 1, 2, 3]
    put_off.decide(2, "note")
    assert put_off.weeks() == [0, 1, 2], "it stays where it was put off and where it was dealt with"


def test_a_deep_dive_whose_putting_off_is_corrected_does_not_come_back(put_off):
    first = put_off.decide(0, "defer")
    assert put_off.weeks() == [0, 1, 2, 3]
    put_off.decide(0, "invite", corrects=first)
    assert put_off.weeks() == [0]


def test_a_deep_dive_that_was_dealt_with_and_is_then_put_off_comes_back(put_off):
    first = put_off.decide(0, "invite")
    assert put_off.weeks() == [0]
    put_off.decide(0, "defer", corrects=first)
    assert put_off.weeks() == [0, 1, 2, 3]


def test_a_deep_dive_that_was_put_off_and_is_then_struck_is_struck_there_alone(put_off):
    put_off.decide(0, "defer")
    put_off.on(put_off.days[1])
    put_off.change(1, "strike")
    assert put_off.weeks() == [0, 2, 3], "striking takes it off one agenda, and the board has not come back to it"
    put_off.decide(2, "note")
    assert put_off.weeks() == [0, 2]
