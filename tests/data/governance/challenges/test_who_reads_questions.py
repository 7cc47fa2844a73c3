"""Who reads a question, whom it waits for, and that the states kept for SQL are those of the rules."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from ilacs_app.access import Actor
from ilacs_app.db import db, transaction
from ilacs_app.editing.bulk.commands import Chosen
from ilacs_app.editing.handover.commands import change_owners, hand_over
from ilacs_app.editing.handover.queries import held_by
from ilacs_app.errors import NotAllowed, NotKnown, Refused, Stale
from ilacs_app.governance.challenges.commands import (
    NotTheirs,
    QuestionWish,
    answer_question,
    ask_question,
    judge_answer,
    withdraw_question,
)
from ilacs_app.governance.challenges.model import Challenge, ChallengeAnswer
from ilacs_app.governance.challenges.queries import (
    number_of_answers,
    number_of_questions,
    question_for,
    questions_for_meeting,
    questions_of_board,
    questions_to_answer,
    questions_to_judge,
    unanswered_by_board,
)
from ilacs_app.governance.challenges.rules import ChallengeState, is_late, state_of
from ilacs_app.history import HistoryEvent
from ilacs_app.people.boards.queries import board_by_slug
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.people.teams.commands import let_stand_in, make_team
from ilacs_app.plan.assignments import link_account, link_team, name_people
from tests.conftest import BY, CHARACTERS, TODAY
from tests.factories import set_plan, set_recommendation, token, version_of

ROLES = tuple(CHARACTERS)
ASKED = "How many referrals wait longer than a day?"


def board_id(slug: str) -> int:
    board = board_by_slug(slug)
    assert board
    return board.id


def wish(world, **fields) -> QuestionWish:
    values = {
        "board_id": board_id("mash-board"),
        "question": ASKED,
        "owner": CHARACTERS["lead"],
        "due_on": TODAY + timedelta(days=9),
        "action_id": world.actions["5.3"],
    }
    return QuestionWish(**{**values, **fields})


def asked(world, role: str = "board_member", **fields) -> int:
    with transaction():
        return ask_question(world.author(role), wish(world, **fields))


def elsewhere(world, role: str = "viewer") -> dict[str, Any]:
    """Make someone a member of the board of 6.2, and return what their question about it is."""
    mscb = board_id("mscb")
    with transaction():
        grant_role(BY, world.people[role], "board_member", board_id=mscb)
    return {"board_id": mscb, "action_id": world.actions["6.2"], "owner": CHARACTERS["other_lead"]}


def readers(world, challenge_id: int) -> set[str]:
    found = set()
    for role in ROLES:
        try:
            question_for(world.actor(role), challenge_id)
        except NotKnown:
            continue
        found.add(role)
    return found


EVERYBODY = {*ROLES} - {"inspector", "nobody"}


def test_a_question_is_read_by_the_readers_of_the_item_and_the_board_and_by_no_one_else(world):
    here = asked(world)
    there = asked(world, "viewer", **elsewhere(world))
    assert readers(world, here) == EVERYBODY
    assert readers(world, there) == EVERYBODY - {"partner"}
    with transaction():
        name_people(BY, world.actions["6.2"], "contributor", [CHARACTERS["partner"]])
    assert readers(world, there) == EVERYBODY, "a partner reads questions about items that it has a part in"


def test_a_question_of_another_board_about_an_item_that_both_govern_is_not_a_partners(world):
    with transaction():
        lac = board_id("lac-strategy-group")
        grant_role(BY, world.people["viewer"], "board_member", board_id=lac)
    set_plan(world.plan_id, oversight_board_id=lac)
    question = asked(world, "viewer", board_id=lac)
    assert readers(world, question) == EVERYBODY - {"partner"}


def test_a_question_waits_for_whom_it_is_asked_of_or_else_for_those_who_lead_and_the_manager(world):
    def waits_for(id_: int) -> set[str]:
        db.session.rollback()
        return {role for role in ROLES if id_ in {q.id for q in questions_to_answer(world.actor(role), TODAY)}}

    assert waits_for(asked(world)) == {"lead"}
    assert waits_for(asked(world, owner=CHARACTERS["contributor"])) == {"contributor"}
    unknown = asked(world, owner="Somebody Nobody Knows")
    assert waits_for(unknown) == {"lead", "programme_manager"}
    with transaction():
        person = add_person(BY, "later@tests.example", "Somebody  nobody knows", "a password of tests")
        grant_role(BY, person, "viewer")
        link_account(BY, person)
    assert waits_for(unknown) == set(), "the account now has it"


def test_an_account_that_cannot_see_the_item_is_not_asked(world):
    with pytest.raises(NotTheirs, match="Police Partner cannot see this action"):
        asked(world, "viewer", **{**elsewhere(world), "owner": CHARACTERS["partner"]})


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"question": ""}, "Enter your question"),
        ({"owner": ""}, "Enter who"),
        ({"due_on": TODAY - timedelta(days=1)}, "today or in the future"),
    ],
)
def test_a_question_needs_its_words_a_name_and_a_day_to_come(world, changes, says):
    with pytest.raises(Refused, match=says):
        asked(world, **changes)


def test_nothing_is_asked_of_drafts_closed_plans_and_what_was_withdrawn_or_another_board_governs(world):
    outside = {"action_id": world.actions["6.2"]}
    with pytest.raises(Refused, match="this board governs"):
        asked(world, **outside)
    for state in ("draft", "submitted", "closed"):
        set_plan(world.plan_id, state=state)
        with pytest.raises(Refused, match="live plan"):
            asked(world)
    set_plan(world.plan_id, state="live")
    set_recommendation(world.plan_id, "5", withdrawn_on=TODAY, withdrawn_reason="Merged.")
    with pytest.raises(Refused):
        asked(world)


def test_the_question_of_a_plan_that_is_no_longer_live_waits_for_no_one_and_is_answered_by_no_one(world):
    id_ = asked(world)
    set_plan(world.plan_id, state="closed")
    assert not questions_to_answer(world.actor("lead"), TODAY)
    assert unanswered_by_board(world.actor("chair")) == {}
    assert questions_of_board(world.actor("chair"), board_id("mash-board")).total == 0
    with transaction(), pytest.raises(NotAllowed):
        answer_question(world.author("lead"), id_, "Three.")


@pytest.mark.parametrize("seed", range(6))
def test_the_states_and_lists_in_sql_are_those_of_the_rules(world, seed):
    """Random acts on some questions; after each that changes one, every list and count is what the pure rules give."""
    dice = Random(seed)
    there = elsewhere(world)
    mash = board_id("mash-board")
    ids = [asked(world), asked(world, "chair", owner=CHARACTERS["contributor"]), asked(world, "viewer", **there)]
    ids.append(asked(world, "board_member", owner="Nobody Here", due_on=TODAY))
    before: dict[int, Any] = {}
    for step in range(25):
        role, id_ = dice.choice(ROLES), dice.choice(ids)
        try:
            with transaction():
                match dice.randrange(3):
                    case 0:
                        answer_question(world.author(role), id_, f"Answer {step}.")
                    case 1:
                        last = db.session.scalars(
                            select(ChallengeAnswer.id).where(ChallengeAnswer.challenge_id == id_)
                        ).all()
                        satisfied = dice.random() < 0.3
                        judge_answer(world.author(role), id_, max(last, default=0), satisfied=satisfied, comment="So.")
                    case _:
                        if dice.random() < 0.1:
                            withdraw_question(world.author(role), id_, "Settled elsewhere.")
        except (NotAllowed, NotKnown, Refused, Stale):
            pass
        db.session.rollback()
        seen = {id_: question_for(world.actor("programme_manager"), id_) for id_ in ids}
        if seen == before:  # the act was refused; all was checked as it stands
            continue
        before = seen
        for question in seen.values():
            said = [answer.satisfied for answer in question.answers]
            assert question.state == state_of(said, withdrawn=question.withdrawn_at is not None)
        later = TODAY + timedelta(days=dice.randrange(20))
        for reader in ROLES:
            actor = world.actor(reader)
            theirs = {id_: q for id_ in ids if (q := _seen(actor, id_))}
            unanswered = {q.id for q in theirs.values() if q.board_id == mash and q.state == ChallengeState.OPEN}
            for_meeting = questions_for_meeting(actor, mash, later)
            assert {q.id for q in for_meeting if q.state == ChallengeState.OPEN} == unanswered
            assert {q.id for q in for_meeting if q.is_late(later)} == {
                id_ for id_ in unanswered if is_late(ChallengeState.OPEN, theirs[id_].due_on, later)
            }
            assert unanswered_by_board(actor).get(mash, 0) == len(unanswered)
            to_judge = {q.id for q in theirs.values() if q.offers_verdict}
            assert {q.id for q in questions_to_judge(actor, TODAY)} == to_judge
            assert _number(number_of_answers(actor)) == len(to_judge)
            to_answer = questions_to_answer(actor, TODAY)
            assert _number(number_of_questions(actor, TODAY)) == len(to_answer)
            for question in to_answer:
                assert question.state == ChallengeState.OPEN and question.offers_answer
            for state in ("", *ChallengeState):
                log = questions_of_board(actor, mash, state)
                wanted = {q.id for q in theirs.values() if q.board_id == mash and state in {"", q.state}}
                assert {q.id for q in log.questions} == wanted and log.total == len(wanted)


def _seen(actor: Actor, id_: int) -> Any:
    try:
        return question_for(actor, id_)
    except NotKnown:
        return None


def _number(asked: Any) -> int:
    return (db.session.scalar(asked) or 0) if asked is not None else 0


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        barrier.wait(10)
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [done.result(60) for done in [threads.submit(run, act) for act in acts]]


def posts(client, address: str, **fields: Any) -> Callable[[], Any]:
    data = {"csrf_token": Context().run(token, client), "once": uuid4().hex, **fields}
    return lambda: client.post(address, data=data)


def sends(client, address: str, **fields: Any) -> Callable[[], int]:
    post = posts(client, address, **fields)
    return lambda: post().status_code


def answers_of(id_: int) -> list[ChallengeAnswer]:
    db.session.rollback()
    found = select(ChallengeAnswer).where(ChallengeAnswer.challenge_id == id_).order_by(ChallengeAnswer.id)
    return list(db.session.scalars(found))


def verbs_of(action_id: int) -> list[str]:
    found = select(HistoryEvent.verb).where(HistoryEvent.action_id == action_id).order_by(HistoryEvent.id)
    return [verb for verb in db.session.scalars(found) if verb.startswith("challenge_")]


def test_of_two_answers_at_once_both_are_kept(world):
    for _ in range(5):
        id_ = asked(world)
        codes = at_once(
            sends(world.client("lead"), f"/challenges/{id_}/answers", answer="Three."),
            sends(world.client("contributor"), f"/challenges/{id_}/answers", answer="Four."),
        )
        assert codes == [303, 303]
        assert sorted(answer.words for answer in answers_of(id_)) == ["Four.", "Three."]
        assert db.session.get_one(Challenge, id_).state == "answered"


def test_of_a_verdict_and_a_further_answer_at_once_nothing_is_lost_and_the_verdict_is_on_what_was_seen(world):
    outcomes = set()
    for round_ in range(6):
        id_ = asked(world)
        with transaction():
            seen = answer_question(world.author("lead"), id_, "Three.")
        verdict = {"answer": str(seen), "satisfied": "yes" if round_ % 2 else "not_yet", "words": "So."}
        codes = at_once(
            sends(world.client("board_member"), f"/challenges/{id_}/verdict", **verdict),
            sends(world.client("contributor"), f"/challenges/{id_}/answers", answer="Four."),
        )
        assert codes[1] == 303 and codes[0] in {303, 409}
        first, second = answers_of(id_)
        assert (first.words, second.words, second.satisfied) == ("Three.", "Four.", None)
        assert (first.satisfied is not None) == (codes[0] == 303)
        said = [first.satisfied, None]
        assert db.session.get_one(Challenge, id_).state == state_of(said, withdrawn=False)
        outcomes.add(codes[0])
    assert outcomes <= {303, 409}


def test_of_two_verdicts_at_once_one_counts_and_the_other_is_told(world):
    for _ in range(5):
        id_ = asked(world)
        with transaction():
            seen = answer_question(world.author("lead"), id_, "Three.")
        codes = at_once(
            sends(world.client("board_member"), f"/challenges/{id_}/verdict", answer=seen, satisfied="yes", words="A."),
            sends(world.client("chair"), f"/challenges/{id_}/verdict", answer=seen, satisfied="not_yet", words="B."),
        )
        assert sorted(codes) == [303, 409]
        verdicts = [verb for verb in verbs_of(world.actions["5.3"]) if "satisfied" in verb]
        assert len(verdicts) == _ + 1


def test_every_change_has_its_event_with_all_that_makes_the_row_again(world):
    id_ = asked(world)
    with transaction():
        first = answer_question(world.author("lead"), id_, "Three.")
    with transaction():
        judge_answer(world.author("chair"), id_, first, satisfied=False, comment="Of how many?")
    with transaction():
        withdraw_question(world.author("board_member"), id_, "Answered in the report.")
    events = db.session.scalars(
        select(HistoryEvent).where(HistoryEvent.verb.startswith("challenge_")).order_by(HistoryEvent.id)
    ).all()
    assert [event.verb.removeprefix("challenge_") for event in events] == [
        "asked",
        "answered",
        "not_satisfied",
        "withdrawn",
    ]
    row = db.session.get_one(Challenge, id_)
    kept = events[0].after
    for name in ("board_id", "meeting_id", "question", "owner", "owner_person_id", "owner_team_id"):
        assert kept[name] == getattr(row, name)
    assert (kept["due_on"], events[0].action_id) == (row.due_on.isoformat(), row.action_id)
    assert events[1].after == {
        "challenge_id": id_,
        "board_id": row.board_id,
        "answer_id": first,
        "words": "Three.",
        "for_person_id": None,
    }
    assert all(event.after["board_id"] == row.board_id for event in events)


def test_a_question_follows_when_its_owner_is_reassigned_and_when_a_team_takes_the_name(world):
    action = world.actions["5.3"]
    id_, other = asked(world), asked(world, owner=CHARACTERS["contributor"])
    held = held_by(world.actor("programme_manager"), world.people["lead"])
    chosen = {Chosen(item.part, item.id, item.version) for item in held if item.part == "lead"}
    with transaction():
        hand_over(BY, world.people["lead"], chosen, "Duty Team")
    db.session.rollback()
    row = db.session.get_one(Challenge, id_)
    assert (row.owner, row.owner_person_id, row.owner_team_id) == ("Duty Team", None, None)
    assert db.session.get_one(Challenge, other).owner == CHARACTERS["contributor"]
    with transaction():
        team = make_team(BY, "Duty  team", [world.people["verifier"]])
        link_team(BY, team)
    db.session.rollback()
    assert db.session.get_one(Challenge, id_).owner_team_id == team
    assert id_ in {q.id for q in questions_to_answer(world.actor("verifier"), TODAY)}
    assert verbs_of(action).count("challenge_owner_changed") == 2


def test_a_question_to_the_owner_of_an_action_follows_to_its_next_owner(world):
    action = world.actions["5.3"]
    with transaction():
        name_people(BY, action, "owner", [CHARACTERS["contributor"]])
    id_, settled = (asked(world, owner=CHARACTERS["contributor"]) for _ in range(2))
    with transaction():
        withdraw_question(world.author("board_member"), settled, "Answered in the report.")
    with transaction():
        change_owners(BY, {Chosen("owner", action, version_of(action))}, CHARACTERS["verifier"])
    db.session.rollback()
    assert db.session.get_one(Challenge, id_).owner_person_id == world.people["verifier"]
    assert db.session.get_one(Challenge, settled).owner == CHARACTERS["contributor"], "what is settled stays as it was"


def test_a_delegate_answers_under_both_names(world):
    id_ = asked(world, "chair")
    with transaction():
        let_stand_in(BY, world.people["viewer"], world.people["lead"], TODAY, None, "Leave")
    with transaction():
        answer_question(world.author("viewer"), id_, "Three.")
    (answer,) = question_for(world.actor("chair"), id_).answers
    assert answer.who == "Scrutiny Officer, for MASH Service Manager"


@pytest.mark.parametrize("satisfied", ["yes", "not_yet"])
def test_of_a_verdict_and_a_withdrawal_at_once_each_counts_or_is_told_with_its_text(world, satisfied):
    for _ in range(4):
        id_ = asked(world)
        with transaction():
            seen = answer_question(world.author("lead"), id_, "Three.")
        verdict = {"answer": seen, "satisfied": satisfied, "words": "The waiting list is shorter."}
        judged, withdrawn = at_once(
            posts(world.client("chair"), f"/challenges/{id_}/verdict", **verdict),
            posts(world.client("board_member"), f"/challenges/{id_}/withdraw", reason="It is in the report."),
        )
        codes = (judged.status_code, withdrawn.status_code)
        assert codes in {(303, 409), (409, 303)} | ({(303, 303)} if satisfied == "not_yet" else set())
        (answer,) = answers_of(id_)
        row = db.session.get_one(Challenge, id_)
        assert (answer.satisfied is not None, row.withdrawn_at is not None) == (codes[0] == 303, codes[1] == 303)
        assert row.state == state_of([answer.satisfied], withdrawn=row.withdrawn_at is not None)
        if codes[0] == 409:
            assert "The waiting list is shorter." in judged.text and "withdrew the question" in judged.text
        if codes[1] == 409:
            assert "It is in the report." in withdrawn.text and "The waiting list is shorter." in withdrawn.text


def test_of_an_answer_and_a_change_of_the_lead_at_once_the_answer_counts_or_its_text_is_shown(world):
    held = held_by(world.actor("programme_manager"), world.people["lead"])
    chosen = {Chosen(item.part, item.id, item.version) for item in held}
    id_ = asked(world)

    def change() -> None:
        with world.app.app_context(), transaction():
            hand_over(BY, world.people["lead"], chosen, "Duty Team")

    answered, _ = at_once(
        posts(world.client("lead"), f"/challenges/{id_}/answers", answer="Three of them wait."), change
    )
    counts = answered.status_code == 303
    refused = answered.status_code in {403, 404}  # 404: who leads nothing any more may not know of the question
    assert counts or (refused and "Three of them wait." in answered.text)
    assert [answer.words for answer in answers_of(id_)] == ["Three of them wait."] * counts
    assert db.session.get_one(Challenge, id_).owner == "Duty Team"
    verbs = verbs_of(world.actions["5.3"])
    assert (verbs.count("challenge_owner_changed"), verbs.count("challenge_answered")) == (1, counts)
