"""What is exempt stays with the board: what arises from it, later meetings, other boards, and papers that are out."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from ilacs_app.db import db, transaction
from ilacs_app.governance.agenda.model import AgendaEntry
from ilacs_app.governance.challenges.commands import QuestionWish, ask_question
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.governance.decisions.model import Decision
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, TODAY
from tests.factories import set_fact, token
from tests.pages.governance.packs.test_papers import pdf_text, word_text

MASH, LAC = "mash-board", "lac-strategy-group"
CANARY = "Officer suspended"
OUTSIDE = ("viewer", "programme_manager", "administrator", "verifier", "inspector")
BOARD = ("chair", "secretary", "board_member", "partner")


@pytest.fixture
def meeting(world) -> int:
    """A meeting today; 5.1 is late, and 5.3 asks for a date."""
    set_fact(world.actions["5.1"], due_on=date(2018, 3, 31), status="in_progress")
    with transaction():
        board = board_named(BY, "MASH Board")
        ask_new_date(world.author("lead"), world.actions["5.3"], DateWish("End June 2018", "vacancy", "None."))
        return set_meeting(BY, board, TODAY, "14:00", "Room 1")


def late(world) -> str:
    return f"late-{world.actions['5.1']}"


def page_of(day: date = TODAY, slug: str = MASH) -> str:
    return f"/boards/{slug}/meetings/{day.isoformat()}"


def post(world, meeting: int, part: str, role: str = "secretary", slug: str = MASH, **fields: str):
    client = world.client(role)
    data = {"csrf_token": token(client), "once": uuid4().hex, **fields}
    answer = client.post(f"/boards/{slug}/meetings/{meeting}/{part}", data=data, follow_redirects=True)
    db.session.rollback()
    return answer


def close(world, meeting: int, key: str, slug: str = MASH, change: str = "close"):
    answer = post(world, meeting, "agenda", slug=slug, key=key, change=change)
    assert answer.status_code == 200
    return answer


def decide(world, meeting: int, key: str, kind: str, role: str = "secretary", slug: str = MASH, **fields: str):
    return post(world, meeting, f"items/{key}/decisions", role, slug, kind=kind, seen="0", **fields)


def arise(world, meeting: int, key: str, text: str = CANARY, owner: str = CHARACTERS["other_lead"]):
    return post(world, meeting, f"items/{key}/arising", task=text, owner=owner, due="21 May 2018")


def says(world, role: str, path: str) -> bool:
    return CANARY in world.client(role).get(path, follow_redirects=True).text


def parts(world, role: str, day: date, slug: str = MASH) -> tuple[str, str]:
    """Return the open and the exempt part of an agenda as someone reads it."""
    text = read(world.client(role).get(page_of(day, slug)).text).one(id="agenda").text
    apart = text.find("Exempt part")
    return (text, "") if apart < 0 else (text[:apart], text[apart:])


def test_an_action_that_arises_from_an_exempt_item_is_for_the_board_and_who_is_asked(world, meeting, on):
    close(world, meeting, late(world))
    assert arise(world, meeting, late(world)).status_code == 200
    asked = db.session.scalars(select(Challenge)).one()
    assert (asked.exempt, asked.item_key) == (True, late(world))
    action = world.actions["5.1"]
    place = f"/plans/{world.slug}/recommendations/5"
    paths = [
        "/",
        f"/challenges/{asked.id}",
        f"/boards/{MASH}/challenges",
        f"/boards/{MASH}",
        f"/actions/{action}",
        place,
    ]
    paths += ["/history", f"/actions/{action}/history", f"/boards/{MASH}/history", page_of(), "/governance"]
    for role in (*OUTSIDE, "lead", "contributor"):
        for path in paths:
            assert not says(world, role, path), (role, path)
    for role in BOARD:
        assert says(world, role, f"/challenges/{asked.id}"), role
        assert says(world, role, f"/boards/{MASH}/challenges"), role
    assert says(world, "other_lead", "/"), "who is asked finds it in their work"
    client = world.client("other_lead")
    sent = {"csrf_token": token(client), "once": uuid4().hex, "answer": "It is done."}
    assert client.post(f"/challenges/{asked.id}/answers", data=sent).status_code == 303
    assert "It is done." not in world.client("lead").get(f"/actions/{action}").text
    assert (
        "Only this board and Private Fostering Manager can read"
        in world.client("chair").get(f"/challenges/{asked.id}").text
    )
    on(TODAY + timedelta(days=3))
    assert not says(world, "viewer", f"/actions/{action}?at=2018-04-08")


def test_an_exempt_action_is_given_to_no_one_without_an_account(world, meeting):
    close(world, meeting, late(world))
    answer = arise(world, meeting, late(world), owner="Somebody Else")
    assert answer.status_code == 422 and CANARY in answer.text
    assert "Enter someone who has an account." in answer.text
    assert db.session.scalar(select(Challenge.id)) is None


def test_an_item_that_is_made_exempt_later_takes_what_arose_from_it_with_it(world, meeting):
    assert arise(world, meeting, "date-1").status_code == 200
    action = f"/actions/{world.actions['5.3']}"
    assert says(world, "viewer", action)
    close(world, meeting, "date-1")
    assert not says(world, "viewer", action) and says(world, "board_member", action)
    close(world, meeting, "date-1", change="open")
    assert says(world, "viewer", action)


@pytest.mark.parametrize("kind", ["defer", "note"])
def test_an_exempt_item_is_exempt_at_the_next_meeting_until_it_is_opened(world, meeting, on, kind):
    close(world, meeting, late(world))
    assert decide(world, meeting, late(world), kind, words="Not today.").status_code == 200
    on(TODAY + timedelta(days=5))
    with transaction():
        board = board_named(BY, "MASH Board")
        after, later = TODAY + timedelta(days=10), TODAY + timedelta(days=40)
        then, further = set_meeting(BY, board, after), set_meeting(BY, board, later)
    for day in (after, later):
        for role in ("viewer", "lead", "programme_manager"):
            assert "5.1 " not in "".join(parts(world, role, day)), (role, day)
        shown, exempt = parts(world, "board_member", day)
        assert "5.1 " not in shown and "5.1 " in exempt
    close(world, then, late(world), change="open")
    for day in (after, later):
        assert "5.1 " in parts(world, "viewer", day)[0], day
    close(world, further, late(world))
    assert "5.1 " in parts(world, "viewer", after)[0] and "5.1 " not in parts(world, "viewer", later)[0]


def test_another_item_about_what_was_exempt_is_exempt_too(world, meeting, on):
    close(world, meeting, late(world))
    assert decide(world, meeting, late(world), "note", words="A date is asked for.").status_code == 200
    on(TODAY + timedelta(days=5))
    with transaction():
        wish = DateWish("End August 2018", "vacancy", "None.")
        asked = ask_new_date(world.author("lead"), world.actions["5.1"], wish)
        after = TODAY + timedelta(days=10)
        set_meeting(BY, board_named(BY, "MASH Board"), after)
    shown, exempt = parts(world, "secretary", after)
    assert "5.1 " not in shown and "5.1 " in exempt
    assert world.client("viewer").get(f"{page_of(after)}/items/date-{asked}").status_code == 404


def test_what_is_exempt_at_the_next_meeting_stays_so_once_it_has_begun(world, meeting, on):
    close(world, meeting, late(world))
    assert decide(world, meeting, late(world), "defer").status_code == 200
    on(TODAY + timedelta(days=7))
    with transaction():
        then = set_meeting(BY, board_named(BY, "MASH Board"), TODAY + timedelta(days=7))
    assert decide(world, then, late(world), "withdraw", words=CANARY, version="1").status_code == 200
    kept = db.session.scalars(select(AgendaEntry).where(AgendaEntry.meeting_id == then)).all()
    assert [(entry.key, entry.exempt) for entry in kept] == [(late(world), True)]
    assert (
        "Decided in the exempt part of the meeting."
        in world.client("viewer").get(f"/actions/{world.actions['5.1']}").text
    )
    for role in (*OUTSIDE, "lead"):
        for path in (f"/actions/{world.actions['5.1']}", page_of(TODAY + timedelta(days=7))):
            assert not says(world, role, path), (role, path)
    assert post(world, then, "minutes", seen="0").status_code == 200
    minutes = f"{page_of(TODAY + timedelta(days=7))}/minutes"
    assert says(world, "board_member", minutes) and not says(world, "viewer", minutes)


def test_an_exempt_item_is_exempt_at_the_board_that_it_is_referred_to(world, meeting, on):
    with transaction():
        lac = board_named(BY, "LAC Strategy Group")
        other = add_person(BY, "lac@council.example", "Strategy Chair", "a password of tests")
        grant_role(BY, other, "chair", board_id=lac)
        grant_role(BY, world.people["chair"], "secretary", board_id=lac)
        there = set_meeting(BY, lac, TODAY)
    close(world, meeting, late(world))
    assert decide(world, meeting, late(world), "refer", board=str(lac), words=CANARY).status_code == 200
    shown, exempt = parts(world, "chair", TODAY, LAC)
    assert "5.1 " not in shown and "Referred by another board" in exempt
    assert "5.1 " not in "".join(parts(world, "viewer", TODAY, LAC))
    assert decide(world, there, "refer-1", "note", "chair", LAC, words=CANARY).status_code == 200
    for path in (page_of(TODAY, LAC), f"/actions/{world.actions['5.1']}", f"/boards/{LAC}/history"):
        for role in ("viewer", "lead", "board_member"):
            assert not says(world, role, path) or (role == "board_member" and "actions" in path), (role, path)


def test_an_exempt_question_is_not_referred_to_those_who_cannot_read_it(world, meeting, on):
    close(world, meeting, late(world))
    assert arise(world, meeting, late(world)).status_code == 200
    on(TODAY + timedelta(days=7))
    with transaction():
        board = board_named(BY, "MASH Board")
        then = set_meeting(BY, board, TODAY + timedelta(days=7))
    shown, exempt = parts(world, "secretary", TODAY + timedelta(days=7))
    assert CANARY not in shown and CANARY in exempt, "what arose is on the next agenda, in the exempt part"
    to = str(board_named(BY, "LAC Strategy Group"))
    answer = decide(world, then, "question-1", "refer", board=to, words="For them.")
    assert answer.status_code == 422 and "another board cannot read it" in answer.text
    assert db.session.scalar(select(Decision.id)) is None


def publish(world, day: date, number: int = 1) -> None:
    client = world.client("secretary")
    data = {"csrf_token": token(client), "once": uuid4().hex, "number": str(number)}
    assert client.post(f"{page_of(day)}/pack", data=data).status_code == 303


def test_papers_that_are_out_are_for_the_board_alone_once_something_in_them_is_exempt(world, meeting):
    day = TODAY + timedelta(days=7)
    with transaction():
        ahead = set_meeting(BY, board_named(BY, "MASH Board"), day)
    publish(world, day)
    pack = f"{page_of(day)}/pack"
    old = [f"{pack}/1", f"{pack}/1/file?format=pdf", f"{pack}/1/file?format=docx", f"{pack}/1/changes"]
    outside = ("viewer", "lead", "programme_manager", "administrator")
    for role in outside:
        for path in (pack, *old):
            assert world.client(role).get(path).status_code == 200, (role, path)
    bytes_before = world.client("board_member").get(old[1]).data
    said = close(world, ahead, late(world)).text
    assert "Papers that are published already may show it" in said
    for role in outside:
        for path in (pack, *old):
            answer = world.client(role).get(path)
            assert answer.status_code == 403 and "You cannot open this" in answer.text, (role, path)
            assert "has been made exempt since" in answer.text and "Ask Governance Officer or" in answer.text
    for role in BOARD:
        answer = world.client(role).get(pack)
        assert answer.status_code == 200 and "Only members of this board can open this version now." in answer.text
    assert 'href="#publish"' in world.client("secretary").get(pack).text
    assert world.client("board_member").get(old[1]).data == bytes_before, "its bytes never change"
    publish(world, day, 2)
    text = read(world.client("viewer").get(pack).text).one("div", class_="pack").text
    assert "5.3" in text and "5.1" not in text
    assert world.client("viewer").get(old[0]).status_code == 403, "the old version stays closed"
    assert "made exempt since" not in world.client("chair").get(pack).text
    close(world, ahead, late(world), change="open")
    assert world.client("viewer").get(old[0]).status_code == 200


def test_the_exempt_part_of_papers_has_no_heading_with_nothing_under_it(world, meeting):
    day = TODAY + timedelta(days=7)
    with transaction():
        ahead = set_meeting(BY, board_named(BY, "MASH Board"), day)
    close(world, ahead, late(world))
    publish(world, day)
    page = read(world.client("board_member").get(f"{page_of(day)}/pack").text).one("div", class_="pack")
    apart = page.text[page.text.index("Only the chair, secretary and members") :]
    assert "What the board is asked to do" in apart and "Where the plan is now" not in apart


def test_papers_hold_what_arose_from_an_exempt_item_in_the_exempt_copy_alone(world, meeting, on):
    close(world, meeting, late(world))
    assert arise(world, meeting, late(world)).status_code == 200
    set_fact(world.actions["5.1"], due_on=date(2018, 12, 31))
    on(TODAY + timedelta(days=5))
    day = TODAY + timedelta(days=7)
    with transaction():
        set_meeting(BY, board_named(BY, "MASH Board"), day)
    publish(world, day)
    pack = f"{page_of(day)}/pack"
    assert says(world, "board_member", pack)
    for role in ("viewer", "lead", "programme_manager", "administrator"):
        assert world.client(role).get(pack).status_code == 200 and not says(world, role, pack), role
        files = [world.client(role).get(f"{pack}/1/file?format={name}").data for name in ("pdf", "docx")]
        assert CANARY.replace(" ", "") not in pdf_text(files[0]) and CANARY not in word_text(files[1])


def test_later_papers_show_what_was_exempt_in_their_exempt_copy_alone_though_it_is_on_no_agenda(world, meeting, on):
    close(world, meeting, late(world))
    assert decide(world, meeting, late(world), "note", words="Heard.").status_code == 200
    set_fact(world.actions["5.1"], status="completed")
    on(TODAY + timedelta(days=5))
    day = TODAY + timedelta(days=7)
    with transaction():
        then = set_meeting(BY, board_named(BY, "MASH Board"), day)
    assert "5.1 " not in "".join(parts(world, "board_member", day)), "nothing of it is to be settled"
    publish(world, day)
    pack = f"{page_of(day)}/pack"
    for role in ("viewer", "lead", "programme_manager", "administrator"):
        text = read(world.client(role).get(pack).text).one("div", class_="pack").text
        assert "5.3" in text and "5.1" not in text, role
        files = [world.client(role).get(f"{pack}/1/file?format={name}").data for name in ("pdf", "docx")]
        assert "5.1" not in pdf_text(files[0]) and "5.1" not in word_text(files[1]), role
    assert "5.1" in world.client("board_member").get(pack).text
    assert post(world, then, "deep-dives", about="5.1").status_code == 200
    assert "5.1 " in parts(world, "board_member", day)[1], "what is chosen is exempt as it was"
    close(world, then, f"dive-action-{world.actions['5.1']}", change="open")
    publish(world, day, 2)
    assert "5.1" in read(world.client("viewer").get(pack).text).one("div", class_="pack").text


@pytest.mark.parametrize("begins", ["before", "after"])
def test_a_question_about_an_action_that_is_exempt_at_a_meeting_is_exempt_there_too(world, meeting, begins):
    """In the open copies of its agenda, minutes and papers: whenever it was asked, until someone opens it."""
    with transaction():
        board = board_named(BY, "MASH Board")
        wish = QuestionWish(board, CANARY, CHARACTERS["lead"], TODAY, action_id=world.actions["5.1"])
        asked = ask_question(world.author("board_member"), wish)
        wish = QuestionWish(board, "How many wait?", CHARACTERS["lead"], TODAY, action_id=world.actions["5.5"])
        ask_question(world.author("board_member"), wish)
    assert CANARY in parts(world, "viewer", TODAY)[0]
    if begins == "before":
        assert post(world, meeting, "begin").status_code == 200
    close(world, meeting, late(world))
    if begins == "after":
        assert post(world, meeting, "begin").status_code == 200
    assert decide(world, meeting, f"question-{asked}", "note", words="Heard.").status_code == 200
    assert post(world, meeting, "minutes", seen="0").status_code == 200
    publish(world, TODAY)
    for role in ("viewer", "lead", "programme_manager", "administrator"):
        for path in (page_of(), f"{page_of()}/minutes", f"{page_of()}/pack"):
            text = world.client(role).get(path).text
            assert CANARY not in text and "How many wait?" in text, (role, path)
    for role in BOARD:
        shown, apart = parts(world, role, TODAY)
        assert CANARY in apart and CANARY not in shown and "How many wait?" in shown, role
        assert says(world, role, f"{page_of()}/minutes"), role
    close(world, meeting, f"question-{asked}", change="open")
    assert CANARY in parts(world, "viewer", TODAY)[0]
    assert "5.1 " not in parts(world, "viewer", TODAY)[0], "what the question is about stays exempt"


def test_an_action_is_not_exempt_because_a_question_about_it_is(world, meeting):
    with transaction():
        board = board_named(BY, "MASH Board")
        wish = QuestionWish(board, CANARY, CHARACTERS["lead"], TODAY, action_id=world.actions["5.1"])
        asked = ask_question(world.author("board_member"), wish)
    close(world, meeting, f"question-{asked}")
    shown, apart = parts(world, "board_member", TODAY)
    assert "5.1 " in shown and CANARY in apart
