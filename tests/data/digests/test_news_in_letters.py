"""What was done about someone's actions is in one of their letters; many accounts take no more queries than few."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from ilacs_app import clock
from ilacs_app.access import Actor
from ilacs_app.db import db, transaction
from ilacs_app.digests.model import Letter
from ilacs_app.digests.pages import letters_of
from ilacs_app.history import record
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.people.teams.commands import let_stand_in, make_team
from ilacs_app.plan.assignments import link_account, name_people
from ilacs_app.plan.visibility import actors
from ilacs_app.progress.status.model import ClaimHolder
from ilacs_app.worklist import queries as worklist_queries
from ilacs_app.worklist.news.action_news import news, news_for_each
from ilacs_app.worklist.news.rules import NEWS_KINDS
from ilacs_app.worklist.queries import held_actions, tasks_for_each, tasks_of, waiting, waiting_for_each
from tests.conftest import BY, CHARACTERS, PASSWORD, TODAY
from tests.data.digests.mail import BASE, queued
from tests.factories import set_fact


def _happened(world, verb: str, ref: str, *, by: str = "programme_manager", **after: object) -> None:
    with transaction():
        record(world.author(by), verb, plan_id=world.plan_id, action_id=world.actions[ref], about="Why.", after=after)


def _to(world, role: str, day=TODAY):
    db.session.rollback()
    letters = [x for x in letters_of(BASE, day).letters if x.draft.to.person_id == world.people[role]]
    assert len(letters) <= 1
    return letters[0] if letters else None


def test_a_letter_says_what_was_done_and_nothing_that_anyone_wrote(world):
    _happened(world, "date_agreed", "5.3", due_on="2018-06-30")
    letter = _to(world, "lead")
    (item,) = letter.draft.news
    assert (item.ref, item.says) == ("5.3", "Date change agreed. Now due on 30 June 2018")
    for form in (letter.text, letter.html):
        assert "What has changed" in form
        assert "Date change agreed. Now due on 30 June 2018." in form
        assert "Programme Manager, 7 April 2018" in form
        assert f"{BASE}/actions/{world.actions['5.3']}#dates" in form
        assert "Why." not in form
    assert _to(world, "viewer") is None


def test_a_change_alone_is_reason_to_write(world):
    with transaction():
        id_ = add_person(BY, "owner@tests.example", "New Owner", PASSWORD)
        name_people(BY, world.actions["9.1"], "owner", ["New Owner"])
    _happened(world, "verification", "9.1")
    drafts = {x.draft.to.person_id: x.draft for x in letters_of(BASE, TODAY).letters}
    assert [item.says for item in drafts[id_].news] == ["Verified"]


def test_each_change_is_in_one_letter(world, on):
    _happened(world, "verification", "5.3")
    assert len(_to(world, "lead").draft.news) == 1
    assert queued(TODAY) > 0
    assert len(_to(world, "lead").draft.news) == 1, "this week's letter, composed again, says the same"
    on(next_week := TODAY + timedelta(days=7))
    assert _to(world, "lead", next_week).draft.news == ()
    _happened(world, "date_refused", "5.4")
    assert [item.ref for item in _to(world, "lead", next_week).draft.news] == ["5.4"]


def test_what_was_in_a_letter_that_was_refused_is_told_in_the_next(world, on):
    _happened(world, "verification", "5.3")
    assert queued(TODAY) > 0
    with transaction():
        db.session.execute(update(Letter).values(state="refused"))
    on(next_week := TODAY + timedelta(days=7))
    assert len(_to(world, "lead", next_week).draft.news) == 1


def _everybody(world) -> list[Actor]:
    """Every character, a delegate, a member of a team that owns an action, and a partner who owns one."""
    with transaction():
        let_stand_in(BY, world.people["viewer"], world.people["lead"], TODAY, TODAY, "Leave.")
        make_team(BY, "Quality Team", [world.people["secretary"]])
        name_people(BY, world.actions["6.1"], "owner", ["Quality Team"])
        name_people(BY, world.actions["5.4"], "owner", [CHARACTERS["partner"]])
        name_people(BY, world.actions["9.1"], "contributor", [CHARACTERS["partner"]])
        for person_id in world.people.values():
            link_account(BY, person_id)
    return [world.actor(role) for role in world.people]


def _sorted(actor: Actor) -> Actor:
    return replace(actor, grants=tuple(sorted(actor.grants, key=repr)))


def test_all_accounts_are_read_as_each_alone(world):
    everybody = {actor.id: _sorted(actor) for actor in _everybody(world)}
    assert {actor.id: _sorted(actor) for actor in actors(TODAY)} == everybody


def test_everyone_together_is_told_what_each_is_told_alone(world):
    everybody = _everybody(world)
    for ref in ("5.3", "5.4", "6.1", "9.1"):
        for verb in NEWS_KINDS:
            _happened(world, verb, ref, by="lead" if ref == "5.4" else "verifier")
    waits, held = waiting_for_each(everybody, TODAY), held_actions(everybody)
    told = news_for_each(everybody, held, TODAY)
    for actor in everybody:
        alone = waiting(actor, TODAY, resting=True)
        assert [(w.row.id, w.row.ref, w.group) for w in waits[actor.id]] == [
            (w.row.id, w.row.ref, w.group) for w in alone
        ]
        mine = [item for item in news(actor, TODAY) if item.row.id in held[actor.id]]
        assert [(item.id, item.row.ref) for item in told[actor.id]] == [(item.id, item.row.ref) for item in mine]
    assert sum(map(bool, waits.values())) >= 5 and sum(map(bool, told.values())) >= 5


def _verifiers_of_every_kind(world) -> list[Actor]:
    """Everyone, among them verifiers who claimed, had, hold or see only some of what is to be verified."""
    with transaction():
        for role in ("administrator", "lead", "viewer", "secretary", "contributor", "partner"):
            grant_role(BY, world.people[role], "verifier")
        for role in ("inspector", "nobody"):
            grant_role(BY, world.people[role], "verifier", plan_id=world.plan_id)
    for ref in ("5.1", "5.3", "5.4", "6.1", "6.2", "9.1"):
        set_fact(world.actions[ref], status="completed", completed_on=TODAY)
    set_fact(world.actions["9.1"], claimed_by_id=world.people["verifier"])
    with transaction():
        db.session.merge(ClaimHolder(action_id=world.actions["6.2"], person_id=world.people["lead"]))
    return _everybody(world)


def test_all_verifiers_together_are_told_what_each_is_told_alone(world, monkeypatch):
    everybody = _verifiers_of_every_kind(world)
    held = held_actions(everybody)
    for shown in (worklist_queries.CLAIMS_SHOWN, 3):
        monkeypatch.setattr(worklist_queries, "CLAIMS_SHOWN", shown)
        together = tasks_for_each(everybody, {}, TODAY, held=held)
        assert together == {actor.id: tasks_of(actor, TODAY) for actor in everybody}
    numbers = {role: len(together[world.people[role]].claims) for role in world.people}
    assert numbers["administrator"] > numbers["verifier"] > numbers["lead"] > 0, "each has claims that are not theirs"
    assert numbers["lead"] == numbers["viewer"], "a delegate is no freer than the lead"
    assert 0 < numbers["partner"] < numbers["nobody"] and not numbers["chair"]


def _letters_and_queries() -> tuple[int, int]:
    """Compose the letters of today; answers how many there are, and how many queries they took."""
    db.session.rollback()
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        letters = letters_of(BASE, clock.today()).letters
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(letters), len(statements)


@pytest.mark.parametrize("makes", ["owners", "verifiers"])
def test_letters_to_many_take_as_many_queries_as_letters_to_few(world, makes):
    _happened(world, "verification", "5.3")
    few, queries = _letters_and_queries()
    with transaction():
        refs = sorted(world.actions)
        for number in range(20):
            person_id = add_person(BY, f"more{number}@tests.example", f"Officer {number}", PASSWORD)
            if makes == "verifiers":
                grant_role(BY, person_id, "verifier")
            else:
                name_people(BY, world.actions[refs[number]], "owner", [f"Officer {number}"])
    assert db.session.scalar(select(Letter.id).limit(1)) is None
    many, more_queries = _letters_and_queries()
    assert many > few + 5
    assert more_queries == queries <= 30
