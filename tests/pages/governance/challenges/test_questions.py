"""A board's question: who asks, who answers, who judges, and where it shows meanwhile."""

from __future__ import annotations

import re
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import delete, select

from ilacs_app.db import db, transaction
from ilacs_app.digests.letters import still_asked
from ilacs_app.digests.pages import letters_of
from ilacs_app.governance.challenges.commands import QuestionWish, answer_question, ask_question, judge_answer
from ilacs_app.governance.challenges.queries import questions_of_board
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.people.boards.queries import board_by_slug
from ilacs_app.people.model import Membership
from ilacs_app.plan.model import Recommendation
from ilacs_app.worklist.queries import what_waits
from tests.auditor import read
from tests.conftest import BY, CHARACTERS, TODAY, email_of
from tests.factories import BOTH_WAYS, HTMX, the_record, token

WAYS = pytest.mark.parametrize(("way", "headers"), BOTH_WAYS, ids=["plain", "htmx"])
ASKED = "How many referrals wait longer than a day?"
BASE = "https://plan.example.gov.uk"
SAID = "Eleven last week, three this week."


def post(client, address: str, *, htmx: bool = False, **fields):
    data = {"csrf_token": token(client), "once": uuid4().hex, **fields}
    return client.post(address, data=data, headers=HTMX if htmx else {})


def ask(client, *, board: str = "mash-board", **fields):
    return post(client, f"/boards/{board}/challenges", **{"question": ASKED, **fields})


def board_id(slug: str = "mash-board") -> int:
    board = board_by_slug(slug)
    assert board
    return board.id


def asked(world, role: str = "board_member", **fields) -> int:
    """A question about 5.3 (or what ``fields`` say), asked by this member; return its id."""
    values = {"action_id": world.actions["5.3"], "owner": CHARACTERS["lead"], "due_on": date(2018, 4, 20), **fields}
    with transaction():
        return ask_question(world.author(role), QuestionWish(board_id=board_id(), question=ASKED, **values))


def recommendation_of(world, number: str = "5") -> int:
    at = (Recommendation.plan_id == world.plan_id, Recommendation.number == number)
    return db.session.scalars(select(Recommendation.id).where(*at)).one()


def answered(world, role: str = "lead", **fields) -> int:
    challenge_id = asked(world, **fields)
    with transaction():
        answer_question(world.author(role), challenge_id, SAID)
    return challenge_id


def nav_number(client) -> int:
    pill = read(client.get("/").text).one("span", class_="nav-count").text.split()
    return int(pill[0]) if pill else 0


def text_of(client, address: str) -> str:
    return read(client.get(address).text).one("main").text


@WAYS
def test_a_question_is_asked_answered_in_place_judged_not_enough_answered_again_and_satisfies(world, way, headers):
    member, lead, chair = world.client("board_member"), world.client("lead"), world.client("chair")
    action, htmx = world.actions["5.3"], bool(headers)
    form = read(member.get(f"/boards/mash-board/challenges/new?action={action}").text)
    assert form.one("input", name="owner").attrs["value"] == CHARACTERS["lead"], "5.3 has no owner: its lead is asked"
    waited = nav_number(lead)

    sent = ask(member, action=str(action), owner=CHARACTERS["lead"], due="20 April 2018")
    assert sent.status_code == 303
    assert nav_number(lead) == waited + 1
    mine = read(lead.get("/").text).one(id="updates")
    assert "Asked by a board" in mine.text and ASKED in mine.text and "Answer by 20 April 2018" in mine.text
    assert ASKED in text_of(member, f"/actions/{action}") and ASKED in text_of(chair, "/boards/mash-board")
    asked = [found[1] for node in mine.walk() if (found := re.fullmatch(r"asked-(\d+)", node.attrs.get("id", "")))]
    (id_,) = map(int, asked)

    sent = post(lead, f"/challenges/{id_}/answers", htmx=htmx, answer=SAID, view="work", back="/")
    assert sent.status_code == (200 if htmx else 303)
    if htmx:
        assert ASKED not in sent.text and "Answer sent" in sent.text
    assert nav_number(lead) == waited
    assert SAID in read(member.get("/").text).one(id="asked").text and SAID in text_of(chair, "/")

    answer = read(member.get("/").text).one("input", name="answer").attrs["value"]
    judged = {"answer": answer, "satisfied": "not_yet", "view": "work", "back": "/"}
    refused = post(member, f"/challenges/{id_}/verdict", htmx=htmx, **judged)
    assert refused.status_code == 422 and "Enter what is still missing." in refused.text
    sent = post(member, f"/challenges/{id_}/verdict", htmx=htmx, words="And over a week?", **judged)
    assert sent.status_code == (200 if htmx else 303)
    again = read(lead.get("/").text).one(id="updates").text
    assert "And over a week?" in again and SAID in again

    assert post(lead, f"/challenges/{id_}/answers", answer="None since May.").status_code == 303
    answer = read(chair.get(f"/challenges/{id_}").text).one("input", name="answer").attrs["value"]
    sent = post(chair, f"/challenges/{id_}/verdict", answer=answer, satisfied="yes", words="A daily check is in place.")
    assert sent.status_code == 303
    log = text_of(world.client("viewer"), "/boards/mash-board/challenges")
    for words in (ASKED, SAID, "And over a week?", "None since May.", "Satisfied", "A daily check is in place."):
        assert words in log
    assert ASKED not in text_of(chair, "/boards/mash-board"), "what is settled is not for the next meeting"
    shown = read(lead.get(f"/actions/{action}?history=all").text).one("ol", class_="history").text
    for words in ("Question asked by a board", "Question answered", "Board asked for more", "Board satisfied"):
        assert words in shown


def test_the_day_to_answer_by_is_shown_until_there_is_an_answer(world):
    chair, lead = world.client("chair"), world.client("lead")
    ask(world.client("board_member"), action=str(world.actions["5.3"]), owner=CHARACTERS["lead"], due="20 April 2018")
    (question,) = questions_of_board(world.actor("chair"), board_id()).questions
    page = f"/challenges/{question.id}"
    assert "Answer by 20 April 2018" in text_of(chair, page)
    assert post(lead, f"{page}/answers", answer=SAID, view="work", back="/").status_code == 303
    assert SAID in text_of(chair, "/") and SAID in text_of(chair, page)
    assert "Answer by" not in text_of(chair, "/") and "Answer by" not in text_of(chair, page)


def test_the_form_offers_whom_and_by_when_and_loses_nothing_where_something_is_wrong(world):
    member, action = world.client("board_member"), world.actions["5.3"]
    with transaction():
        set_meeting(BY, board_id(), date(2018, 5, 3))
    form = read(member.get(f"/boards/mash-board/challenges/new?action={action}").text)
    assert form.one("input", name="due").attrs["value"] == "2 May 2018", "the day before the board meets"
    before = the_record()
    for fields, says in (
        ({"about": "5.3", "question": ""}, "Enter your question."),
        ({"about": "", "owner": "X"}, "Enter the number of the action or recommendation."),
        ({"about": "6.2"}, "This board has no action or recommendation with this number."),
        ({"about": "5.3", "due": "6 April 2018"}, "Enter a date that is today or in the future."),
        ({"about": "5.3", "due": "soon"}, "Enter a real date, like 21 May 2027."),
    ):
        refused = ask(member, **{"owner": "A Name", **fields})
        page = read(refused.text)
        assert refused.status_code == 422 and says in page.one("main").text
        if fields.get("question") != "":
            assert ASKED in page.one("textarea", name="question").text
        assert page.one("input", name="owner").attrs["value"] == fields.get("owner", "A Name")
    assert {name: rows for name, rows in the_record().items() if name != "draft"} == {
        name: rows for name, rows in before.items() if name != "draft"
    }
    sent = ask(member, about="Action 5.3", owner="", due="")
    assert sent.status_code == 303
    (question,) = questions_of_board(world.actor("chair"), board_id()).questions
    assert (question.ref, question.owner, question.due_on) == ("5.3", CHARACTERS["lead"], date(2018, 5, 2))


def test_a_question_about_a_recommendation_is_on_its_page_and_answered_there(world):
    member, lead = world.client("board_member"), world.client("lead")
    assert ask(member, about="5", owner="", due="30 April 2018").status_code == 303
    address = "/plans/twin/recommendations/5"
    page = read(lead.get(address).text)
    id_ = int(page.one("section", id="questions").all("li")[0].attrs["id"].removeprefix("question-"))
    sent = post(lead, f"/challenges/{id_}/answers", answer=SAID, view="action", back=f"{address}#questions")
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{address}#questions")
    assert SAID in text_of(world.client("viewer"), address)
    assert ASKED not in lead.get(f"/actions/{world.actions['5.3']}").text, "it is the recommendation's"


def test_the_same_form_sent_twice_asks_and_answers_once(world):
    member, lead = world.client("board_member"), world.client("lead")
    for _ in range(2):
        sent = ask(member, about="5.3", owner=CHARACTERS["lead"], due="20 April 2018", once="the same")
        assert sent.status_code == 303
    (question,) = questions_of_board(world.actor("chair"), board_id()).questions
    for words in (SAID, SAID, "Five now."):
        sent = post(lead, f"/challenges/{question.id}/answers", answer=words, once="an answer")
        assert sent.status_code == 303
    db.session.rollback()
    (question,) = questions_of_board(world.actor("chair"), board_id()).questions
    assert [answer.words for answer in question.answers] == [SAID, "Five now."], "other content is a further answer"


@WAYS
def test_a_verdict_on_an_answer_that_was_followed_by_another_shows_both_texts_and_writes_nothing(world, way, headers):
    id_ = answered(world)
    seen = questions_of_board(world.actor("chair"), board_id()).questions[0].newest.id
    with transaction():
        answer_question(world.author("contributor"), id_, "Four, since Monday.")
    before = the_record()
    fields = {"answer": str(seen), "satisfied": "not_yet", "words": "Of how many?", "view": "work", "back": "/"}
    stale = post(world.client("board_member"), f"/challenges/{id_}/verdict", htmx=bool(headers), **fields)
    assert stale.status_code == 409
    assert read(stale.text).text.count("You wrote:") == 1, "what they typed, and no token of the form"
    assert "You wrote: “Of how many?”" in read(stale.text).text
    assert "Training Officer has answered again: Four, since Monday." in read(stale.text).text
    after = the_record()
    assert {name for name in after if after[name] != before[name]} <= {"draft", "submission"}
    newest = read(stale.text).one("input", name="answer").attrs["value"]
    assert int(newest) > seen, "sent again, it judges what is shown now"


def test_whoever_writes_about_a_question_is_told_if_it_seems_to_name_a_child(world):
    born, member, lead = "He was born on 3 May 2014.", world.client("board_member"), world.client("lead")
    to_judge = answered(world)
    answer_id = read(member.get(f"/challenges/{to_judge}").text).one("input", name="answer").attrs["value"]
    verdict = {"satisfied": "not_yet", "answer": answer_id, "words": born}
    for client, send in (
        (lead, lambda: post(lead, f"/challenges/{asked(world)}/answers", answer=born)),
        (member, lambda: ask(member, action=world.actions["5.3"], question=born)),
        (member, lambda: post(member, f"/challenges/{to_judge}/verdict", **verdict)),
        (member, lambda: post(member, f"/challenges/{asked(world)}/withdraw", reason=born)),
    ):
        sent = send()
        assert sent.status_code == 303
        assert "This seems to include a date of birth." in read(client.get(sent.location).text).text


def test_an_answer_to_a_question_that_was_withdrawn_meanwhile_is_not_lost_from_the_page(world):
    id_ = asked(world)
    assert post(world.client("board_member"), f"/challenges/{id_}/withdraw", reason="In the report.").status_code == 303
    late = post(world.client("lead"), f"/challenges/{id_}/answers", answer=SAID)
    assert late.status_code == 409
    assert f"You wrote: “{SAID}”" in read(late.text).text
    assert "Elected Member withdrew the question: In the report." in read(late.text).text
    assert ASKED not in text_of(world.client("chair"), "/boards/mash-board")
    assert "Withdrawn: In the report." in text_of(world.client("chair"), "/boards/mash-board/challenges")


def test_unanswered_questions_are_counted_for_each_board_and_overdue_ones_are_marked(world, on):
    viewer = world.client("viewer")
    asked(world)
    answered(world, due_on=date(2018, 4, 9))
    on(date(2018, 4, 23))
    page = read(viewer.get("/governance").text).one("main").text
    assert "1 unanswered question." in page and "unanswered questions, MASH Board" in page
    board = read(viewer.get("/boards/mash-board").text).one("section", id="questions").text
    assert "Questions for the next meeting" in board and board.count("Answer overdue") == 1
    assert board.index("Answer overdue") < board.index("Answered"), "what nobody has answered comes first"
    assert "read the answer" in board and "say whether you are satisfied" not in board
    assert "say whether you are satisfied" in text_of(world.client("chair"), "/boards/mash-board")
    for address in ("/governance", "/boards/mash-board", "/challenges", "/boards/mash-board/challenges"):
        inspected = text_of(world.client("inspector"), address)
        assert "hared with you" in inspected, f"{address}: an inspector reads none"
        assert not re.search(r"\d (unanswered )?questions?", inspected), f"{address}: and no number of them"


def test_the_log_is_narrowed_to_a_state_paged_and_downloaded_as_it_is_shown(world):
    chair = world.client("chair")
    first = answered(world)
    for number in range(61):
        asked(world, owner=f"Name {number}")
    page = read(chair.get("/boards/mash-board/challenges").text)
    assert "62 questions" in page.one("main").text and len(page.all("tbody")[0].all("tr")) == 60
    assert "Page 1 of 2" in page.one("main").text
    narrowed = read(chair.get("/boards/mash-board/challenges?state=answered").text)
    assert [row.attrs["id"] for row in narrowed.all("tbody")[0].all("tr")] == [f"question-{first}"]
    second = read(chair.get("/boards/mash-board/challenges?state=open&page=2").text)
    assert len(second.all("tbody")[0].all("tr")) == 1
    rows = chair.get("/boards/mash-board/challenges/file?format=csv&state=answered").data.decode("utf-8-sig")
    assert ASKED in rows and SAID in rows and rows.count("Twin") <= 2 and "Name 3" not in rows
    book = chair.get("/boards/mash-board/challenges/file?format=xlsx")
    assert book.status_code == 200 and book.data[:2] == b"PK"
    assert chair.get("/boards/mash-board/challenges?state=nonsense&page=0").status_code == 200


def test_what_became_of_a_question_is_told_to_those_it_concerns_and_to_no_one_else(world):
    def told(role: str) -> str:
        side = read(world.client(role).get("/").text).all(id="news")
        return side[0].text if side else ""

    id_ = asked(world)
    assert "Question from the MASH Board" in told("lead") and "Answer by 20 April 2018" in told("lead")
    assert "Question from the MASH Board" in told("contributor"), "who has a part in the action is told"
    for role in ("other_lead", "board_member", "viewer", "partner", "chair"):
        assert "Question" not in told(role)
    with transaction():
        seen = answer_question(world.author("lead"), id_, SAID)
    for role in ("board_member", "chair"):
        assert "Question answered" in told(role) and SAID in told(role)
    assert "Question answered" not in told("lead") + told("secretary")
    with transaction():
        judge_answer(world.author("chair"), id_, seen, satisfied=True, comment="Good.")
    assert "The board is satisfied with the answer" in told("lead")


def test_a_letter_says_what_my_work_says_of_questions_in_the_same_numbers(world):
    asked(world)
    answered(world, action_id=None, recommendation_id=recommendation_of(world), owner=CHARACTERS["lead"])
    asked(world, owner="Nobody Here")
    letters = {
        letter.draft.to.email: letter for letter in letters_of(BASE, TODAY).letters if letter.draft.kind == "lead"
    }
    for role in CHARACTERS:
        if role == "nobody":
            continue
        waits = what_waits(world.actor(role), TODAY)
        letter = letters.get(email_of(role))
        if not waits.questions + waits.answers:
            assert letter is None or "question" not in letter.draft.heading
            continue
        assert letter and letter.draft.heading == waits.sentence
        assert ASKED not in letter.text + letter.html and SAID not in letter.text + letter.html
    lead = letters[email_of("lead")]
    assert "Asked by a board: 2." in lead.draft.intro and "Answer by 20 April 2018." in lead.text
    assert "1 answer to check" in letters[email_of("board_member")].draft.heading
    assert f"{BASE}/challenges/" in letters[email_of("chair")].text


def test_a_question_that_the_reader_may_no_longer_read_is_left_out_of_a_queued_letter(world):
    there = asked(world)
    assert still_asked(world.actor("partner"), [there]) == {there}
    with transaction():
        db.session.execute(delete(Membership).where(Membership.person_id == world.people["partner"]))
    assert still_asked(world.actor("partner"), [there]) == frozenset()


def test_the_lines_of_a_question_are_in_the_history_of_its_readers_only(world):
    action = world.actions["5.3"]
    asked(world)
    for role in ("lead", "viewer", "partner", "chair"):
        assert "Question asked by a board" in text_of(world.client(role), f"/actions/{action}?history=all")
    page = text_of(world.client("inspector"), f"/actions/{action}?history=all")
    assert "Question" not in page and ASKED not in page
