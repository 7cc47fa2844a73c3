"""Date changes that a board decides: who sees them where, who records the decision, and at which meeting."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from ilacs_app.db import db, transaction
from ilacs_app.governance.meetings.commands import cancel_meeting, set_meeting
from ilacs_app.people.boards.queries import board_by_slug
from ilacs_app.people.commands import grant_role
from ilacs_app.people.model import Membership, Person
from ilacs_app.plan.assignments import name_people
from ilacs_app.plan.model import ActionPlace, DateEntry, Plan, RecommendationBoard
from ilacs_app.progress.dates.deciders.waiting import dates_for_boards, dates_to_decide, number_to_decide
from ilacs_app.progress.dates.model import DateRequest
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, TODAY
from tests.factories import fact, fresh, send, the_record, token

ASK = {"words": "End June 2018", "reason_class": "vacancy", "effect": "None.", "cover": "The duty team."}
MASH, LAC = "mash-board", "lac-strategy-group"


@pytest.fixture
def asked(world) -> int:
    """A request for two months on 5.3, which the MASH Board leads; answers its id."""
    assert send(world.client("lead"), world.actions["5.3"], "date-requests", **ASK).status_code == 303
    db.session.rollback()
    return db.session.scalar(select(DateRequest.id))


def meets(slug: str, day: date = TODAY) -> int:
    with transaction():
        return set_meeting(BY, board_by_slug(slug).id, day)


def officer(world, slug: str, role: str = "programme_manager", part: str = "secretary") -> None:
    with transaction():
        grant_role(BY, world.people[role], part, board_id=board_by_slug(slug).id)


KINDS = {"agreed": "agree", "agreed_shorter": "agree_earlier", "refused": "refuse", "": ""}


def decide(world, request_id: int, role: str = "chair", answer: str = "agreed", **fields):
    """Decide a request: at the ``meeting`` of the board ``slug`` on the day ``day``, or else as the manager does."""
    client = world.client(role)
    data = {"csrf_token": token(client), "once": uuid4().hex}
    if "meeting" not in fields:
        data |= {"version": 1, "answer": answer, **fields}
        return client.post(f"/date-requests/{request_id}/decide", data=data)
    slug, meeting = fields.pop("slug", MASH), fields.pop("meeting")
    data |= {"kind": KINDS[answer], "asked": f"{request_id}.1", "seen": "0", **fields}
    return client.post(f"/boards/{slug}/meetings/{meeting}/items/date-{request_id}/decisions", data=data)


def links(world, role: str, path: str) -> list[str]:
    """Return where a page leads to record a decision on a date, or to the agenda that has it."""
    page = read(world.client(role).get(path).text)
    return [n.attrs["href"] for n in page.walk() if n.tag == "a" and "/items/date-" in n.attrs.get("href", "")]


def text_of(world, role: str, path: str) -> str:
    return " ".join(read(world.client(role).get(path).text).text.split())


def request_row(request_id: int) -> DateRequest:
    db.session.rollback()
    return db.session.get_one(DateRequest, request_id, populate_existing=True)


def leads_no_board(world, ref: str = "5.3") -> None:
    with transaction():
        homes = select(ActionPlace.recommendation_id).where(ActionPlace.action_id == world.actions[ref])
        rows = update(RecommendationBoard).where(RecommendationBoard.recommendation_id.in_(homes))
        db.session.execute(rows.values(lead=False))


def lead_board_too(world, slug: str, ref: str = "5.3") -> None:
    with transaction():
        home = db.session.scalar(
            select(ActionPlace.recommendation_id).where(ActionPlace.action_id == world.actions[ref])
        )
        board = board_by_slug(slug).id
        db.session.merge(
            RecommendationBoard(recommendation_id=home, board_id=board, position=9, lead=True, named_as=slug)
        )


@pytest.mark.parametrize("role", ["chair", "secretary"])
def test_the_lead_boards_officers_record_its_decision_at_its_meeting(world, asked, role):
    meeting = meets(MASH)
    item = f"/boards/{MASH}/meetings/2018-04-07/items/date-{asked}"
    assert links(world, role, f"/boards/{MASH}") == [item]
    assert not read(world.client(role).get(f"/boards/{MASH}").text).all("form", action=f"/date-requests/{asked}/decide")
    answer = decide(world, asked, role, meeting=meeting)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{item}#decided")
    action = world.actions["5.3"]
    assert (fact(action, "due_on"), fact(action, "moves")) == (date(2018, 6, 30), 1)
    kept = request_row(asked)
    assert (kept.state, kept.decided_as, kept.decided_meeting_id) == ("agreed", "board", meeting)
    assert db.session.scalar(select(DateEntry.meeting_id).where(DateEntry.request_id == asked)) == meeting
    assert (
        f"Agreed on 7 April 2018 by MASH Board, at its meeting on 7 April 2018 (recorded by {CHARACTERS[role]})."
        in text_of(world, "viewer", f"/actions/{action}")
    )
    assert "Date changes for this board to agree" not in text_of(world, role, f"/boards/{MASH}")


@pytest.mark.parametrize("role", ["board_member", "programme_manager", "administrator", "viewer", "lead"])
def test_others_see_the_request_on_the_boards_page_without_a_form(world, asked, role):
    meets(MASH)
    page = read(world.client(role).get(f"/boards/{MASH}").text)
    assert "MASH Board decides at a meeting." in " ".join(page.text.split())
    assert not page.all("form", action=f"/date-requests/{asked}/decide")
    before = the_record()
    assert decide(world, asked, role).status_code == (422 if role == "programme_manager" else 403)
    assert decide(world, asked, role, meeting=1).status_code == 403
    assert the_record() == before


def test_the_officers_of_another_board_see_it_without_a_form_and_cannot_decide(world, asked):
    with transaction():
        db.session.execute(update(Plan).values(oversight_board_id=board_by_slug(LAC).id))
    officer(world, LAC, "viewer")
    meeting = meets(LAC)
    page = read(world.client("viewer").get(f"/boards/{LAC}").text)
    assert "Date changes that others decide" in page.text
    assert links(world, "viewer", f"/boards/{LAC}") == []
    refused = decide(world, asked, "viewer", meeting=meeting, slug=LAC)
    assert refused.status_code == 409 and "no longer on the agenda" in refused.text
    assert decide(world, asked, "viewer", meeting=1).status_code == 403
    assert request_row(asked).state == "waiting"


def test_only_a_meeting_held_since_the_request_decides(world, asked):
    earlier, today, later = meets(MASH, date(2018, 4, 6)), meets(MASH), meets(MASH, date(2018, 4, 8))
    elsewhere = meets(LAC)
    assert links(world, "chair", f"/boards/{MASH}") == [f"/boards/{MASH}/meetings/2018-04-07/items/date-{asked}"]
    for wrong, says in ((earlier, "after the meeting."), (later, "from the day of the meeting, 8 April 2018.")):
        answer = decide(world, asked, meeting=wrong)
        assert answer.status_code == 422 and says in answer.text
    for unknown in (elsewhere, 999):
        assert decide(world, asked, meeting=unknown).status_code == 404
    with transaction():
        cancel_meeting(BY, today, 1, "Election week.")
        cancel_meeting(BY, later, 1, "Election week.")
    off = decide(world, asked, meeting=today)
    assert off.status_code == 422 and "This meeting is cancelled" in off.text
    assert request_row(asked).state == "waiting"
    said = text_of(world, "chair", f"/boards/{MASH}")
    assert "You can record the decision once the board has met since the request." in said
    assert dates_to_decide(world.actor("chair"), TODAY) == []


def test_a_refusal_and_an_earlier_date_carry_the_meeting_too(world, asked):
    meeting = meets(MASH)
    for fields, says in (
        ({"answer": "refused"}, "Enter why the new date is refused."),
        ({"answer": "agreed_shorter"}, "Enter the date or month that the board agreed."),
        ({"answer": ""}, "Select what the board decided."),
    ):
        answer = decide(world, asked, meeting=meeting, **fields)
        assert answer.status_code == 422 and says in answer.text
    kept = decide(world, asked, answer="", meeting=meeting, words="Two posts are filled.")
    assert kept.status_code == 422 and "Two posts are filled." in kept.text, "nothing typed is lost"
    assert decide(world, asked, answer="refused", meeting=meeting, words="Posts are filled.").status_code == 303
    assert "refused on 7 April 2018 by MASH Board, at its meeting on 7 April 2018" in text_of(
        world, "lead", f"/actions/{world.actions['5.3']}"
    )
    send(world.client("lead"), world.actions["5.4"], "date-requests", **ASK)
    assert decide(world, 2, answer="agreed_shorter", earlier="End May 2018", meeting=meeting).status_code == 303
    assert fact(world.actions["5.4"], "due_on") == date(2018, 5, 31)
    assert request_row(2).decided_meeting_id == meeting


def test_without_a_lead_board_the_oversight_board_decides(world, asked):
    leads_no_board(world)
    with transaction():
        db.session.execute(update(Plan).values(oversight_board_id=board_by_slug(LAC).id))
    officer(world, LAC, "viewer", "chair")
    meeting, wrong = meets(LAC), meets(MASH)
    assert "Date changes that others decide" in text_of(world, "chair", f"/boards/{MASH}")
    assert decide(world, asked, "chair", meeting=wrong).status_code == 409, "it is not on their agenda"
    assert decide(world, asked, "viewer", meeting=meeting, slug=LAC).status_code == 303
    assert fact(world.actions["5.3"], "due_on") == date(2018, 6, 30)


def test_without_any_such_board_the_programme_manager_decides_and_the_ledger_says_so(world, asked):
    leads_no_board(world)
    page = text_of(world, "programme_manager", "/date-requests")
    assert "No board leads this action, so the programme manager decides." in page
    assert decide(world, asked, "chair").status_code == 403
    assert decide(world, asked, "programme_manager").status_code == 303
    assert request_row(asked).decided_as == "no_board"
    assert "by Programme Manager, because no board leads this action." in text_of(
        world, "viewer", f"/actions/{world.actions['5.3']}"
    )


def test_of_several_lead_boards_the_first_decision_counts(world, asked):
    lead_board_too(world, LAC)
    officer(world, LAC, "viewer", "chair")
    mash, lac = meets(MASH), meets(LAC)
    assert "LAC Strategy Group or MASH Board decides at a meeting." in text_of(
        world, "lead", f"/actions/{world.actions['5.3']}"
    )
    for role, slug in (("chair", MASH), ("viewer", LAC)):
        assert links(world, role, f"/boards/{slug}") == [f"/boards/{slug}/meetings/2018-04-07/items/date-{asked}"]
    begun = world.client("chair").post(
        f"/boards/{MASH}/meetings/{mash}/begin", data={"csrf_token": token(world.client("chair"))}
    )
    assert begun.status_code == 303
    refused = decide(world, asked, "viewer", answer="refused", words="Not before the review.", meeting=lac, slug=LAC)
    assert refused.status_code == 303
    late = decide(world, asked, "chair", meeting=mash, words="We agree.")
    assert late.status_code == 409
    text = " ".join(read(late.text).text.split())
    assert "Refused by LAC Strategy Group." in text and "We agree." in text
    assert fact(world.actions["5.3"], "moves") == 0


def test_a_board_without_a_chair_or_secretary_says_who_to_ask(world, asked):
    with transaction():
        db.session.execute(
            update(Membership).where(Membership.role.in_(["chair", "secretary"])).values(until_on=date(2018, 4, 6))
        )
    says = "MASH Board has no chair or secretary. Ask the administrator to add one."
    for role, path in (
        ("board_member", f"/boards/{MASH}"),
        ("programme_manager", "/date-requests"),
        ("lead", f"/actions/{world.actions['5.3']}"),
        ("lead", f"/date-requests/{asked}"),
    ):
        assert says in text_of(world, role, path), path
    assert decide(world, asked, "chair").status_code in {403, 404}


def test_an_officer_cannot_decide_on_their_own_action_and_is_told_who_to_ask(world, asked):
    meeting = meets(MASH)
    with transaction():
        name_people(BY, world.actions["5.3"], "owner", [CHARACTERS["chair"]])
    said = text_of(world, "chair", f"/boards/{MASH}")
    assert "You cannot decide on a date for your own action or your own request. Ask Governance Officer." in said
    answer = decide(world, asked, "chair", meeting=meeting)
    assert answer.status_code == 422
    assert "You cannot decide on an item that you lead or own. Ask Governance Officer." in answer.text
    assert decide(world, asked, "secretary", meeting=meeting).status_code == 303


def test_an_officer_cannot_decide_on_their_own_request(world):
    with transaction():
        grant_role(BY, world.people["lead"], "secretary", board_id=board_by_slug(MASH).id)
        name_people(BY, world.actions["6.2"], "contributor", [CHARACTERS["secretary"]])
    send(world.client("lead"), world.actions["5.3"], "date-requests", **ASK)
    meeting = meets(MASH)
    assert decide(world, 1, "lead", meeting=meeting).status_code == 422
    assert decide(world, 1, "secretary", meeting=meeting).status_code == 303


def test_a_manager_who_is_also_an_officer_of_the_board_decides_with_a_meeting(world, asked):
    officer(world, MASH)
    assert decide(world, asked, "programme_manager").status_code == 422
    assert decide(world, asked, "programme_manager", meeting=meets(MASH)).status_code == 303
    assert request_row(asked).decided_as == "board"


def test_a_short_first_change_is_not_the_boards(world):
    send(world.client("lead"), world.actions["5.3"], "date-requests", **{**ASK, "words": "End May 2018"})
    meeting = meets(MASH)
    assert "Date changes" not in text_of(world, "chair", f"/boards/{MASH}")
    answer = decide(world, 1, "chair")
    assert answer.status_code == 422
    assert "The programme manager decides this: it is a first change of up to one month." in answer.text
    gone = decide(world, 1, "chair", meeting=meeting, words="We would agree.")
    assert gone.status_code == 409 and "You entered: We would agree." in gone.text


def test_the_page_of_one_request_serves_everyone_who_sees_the_action(world, asked):
    meets(MASH)
    path = f"/date-requests/{asked}"
    assert links(world, "secretary", path) == [f"/boards/{MASH}/meetings/2018-04-07/items/date-{asked}"]
    assert "MASH Board decides at a meeting." in text_of(world, "viewer", path)
    assert world.client("nobody").get(path).status_code == 404
    assert world.client("viewer").get("/date-requests/999").status_code == 404
    decide(world, asked, "chair", meeting=1)
    closed = world.client("viewer").get(path)
    assert (closed.status_code, closed.headers["Location"]) == (302, f"/actions/{world.actions['5.3']}#dates")


def test_the_form_of_before_records_nothing_for_a_board_and_keeps_what_was_typed(world, asked):
    meets(MASH)
    before = the_record()
    answer = decide(world, asked, "secretary", "refused", refusal="Not before the review.", back="/date-requests")
    assert answer.status_code == 422 and "Not before the review." in answer.text
    assert "Record the decision on the page of the meeting." in answer.text
    assert the_record() == before


def test_requests_that_a_person_can_decide_now_are_listed_for_them(world, asked):
    send(world.client("lead"), world.actions["5.4"], "date-requests", **{**ASK, "words": "End May 2018"})
    meets(MASH)

    def ready(role: str) -> list[str]:
        return [wait.row.ref for wait in fresh(dates_to_decide)(world.actor(role), TODAY)]

    assert (ready("chair"), ready("programme_manager"), ready("lead"), ready("viewer")) == (["5.3"], ["5.4"], [], [])


def test_a_request_that_needed_a_board_when_it_was_made_still_waits_for_one(world, asked):
    send(world.client("lead"), world.actions["5.4"], "date-requests", **{**ASK, "words": "End May 2018"})
    with transaction():
        of_action = DateRequest.action_id == world.actions["5.4"]
        db.session.execute(update(DateRequest).where(of_action).values(needs_board=True))
    meets(MASH)

    def counted(role: str) -> tuple[list[str], int]:
        actor = world.actor(role)
        return [wait.row.ref for wait in fresh(dates_to_decide)(actor, TODAY)], fresh(number_to_decide)(actor, TODAY)

    assert (counted("chair"), counted("programme_manager")) == ((["5.3", "5.4"], 2), ([], 0))
    assert [bool(waiting.boards) for waiting in fresh(dates_for_boards)(world.actor("chair"))] == [True, True]


def test_an_account_that_is_not_active_is_no_officer(world, asked):
    with transaction():
        officers = [world.people["chair"], world.people["secretary"]]
        db.session.execute(update(Person).where(Person.id.in_(officers)).values(active=False))
    said = text_of(world, "lead", f"/actions/{world.actions['5.3']}")
    assert "MASH Board has no chair or secretary." in said
