"""Letters: who is told what, and what is put into the outbox."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select, update

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.digests.model import Letter
from ilacs_app.digests.pages import letters_of
from ilacs_app.digests.queries import unreached
from ilacs_app.history import HistoryEvent
from ilacs_app.intake.imports.commands import take_in
from ilacs_app.intake.reader.read import read_plan
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.people.model import Person
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import action_rows
from ilacs_app.plan.model import Action, Plan
from ilacs_app.plan.visibility import actor_of
from ilacs_app.progress.status.model import StatusMove
from tests.conftest import BY, CHARACTERS, DATED_ON, PASSWORD, SAMPLES, email_of
from tests.data.digests.mail import BASE, on_sqlite, queued, states

DAYS = {date(2018, 2, 22): 4, date(2018, 4, 7): 16, date(2018, 5, 1): 42, date(2018, 10, 1): 48}
OVERDUE_ROW = re.compile(rf"Overdue by \d+ days?\. ◆ Red: off track\n +{BASE}/actions/(\d+)$", re.M)


# Who is told what


def test_all_letters_together_hold_exactly_what_is_overdue(world, on):
    for day, number in DAYS.items():
        on(day)
        wanted = Filter(timeliness="overdue")
        overdue = {row.id for row in action_rows(world.actor("programme_manager"), wanted, day, size=None)}
        post = letters_of(BASE, day)
        told = {int(id_) for letter in post.letters for id_ in OVERDUE_ROW.findall(letter.text)}
        assert (len(overdue), told, post.untold) == (number, overdue, 0)


def test_without_any_lead_s_account_all_of_it_is_the_programme_manager_s(app, on):
    on(DATED_ON)
    with transaction():
        take_in(BY, read_plan(SAMPLES / "plan.csv", DATED_ON), "twin", DATED_ON, state="live")
    for day, number in DAYS.items():
        post = letters_of(BASE, day)
        assert post.letters == ()
        assert post.untold >= number
    with transaction():
        manager = add_person(BY, "pm@tests.example", "Programme Manager", PASSWORD)
        grant_role(BY, manager, "programme_manager")
    for day, number in DAYS.items():
        post = letters_of(BASE, day)
        (letter,) = post.letters
        assert letter.draft.kind == "manager"
        assert len(set(OVERDUE_ROW.findall(letter.text))) == number
        assert post.untold == 0


def test_what_was_sent_back_comes_first_and_quotes_no_one(world, on):
    on(day := date(2018, 5, 1))
    with transaction():
        id_ = world.actions["5.3"]
        db.session.execute(update(Action).where(Action.id == id_).values(status="in_progress"))
        db.session.add(
            StatusMove(
                action_id=id_,
                person_id=world.people["verifier"],
                at=clock.now(),
                kind="sent_back",
                from_status="completed",
                to_status="in_progress",
                reason="Test twenty records",
            )
        )
    letter = next(x for x in letters_of(BASE, day).letters if x.draft.to.person_id == world.people["lead"])
    first = letter.draft.groups[0]
    assert (first.heading, [item.ref for item in first.items]) == ("Sent back to you", ["5.3"])
    assert str(id_) in OVERDUE_ROW.findall(letter.text)
    assert "Test twenty records" not in letter.text + letter.html


def test_a_leads_letter_lists_what_they_are_to_update(world, on):
    on(day := date(2018, 4, 7))
    letter = next(x for x in letters_of(BASE, day).letters if x.draft.to.person_id == world.people["lead"])
    assert letter.draft.kind == "lead"
    assert {item.ref.split(".")[0] for group in letter.draft.groups for item in group.items} == {"5"}
    assert letter.draft.period == "2018-W14"


def test_no_one_gets_an_empty_letter(world, on):
    for day in DAYS:
        on(day)
        letters = letters_of(BASE, day).letters
        assert all(letter.draft.action_ids for letter in letters)
        to = {letter.draft.to.email for letter in letters}
        for role in ("nobody", "viewer", "board_member", "secretary", "administrator", "inspector"):
            assert email_of(role) not in to
        assert email_of("verifier") in to, "four claims were imported"


def test_everyone_is_told_only_what_they_may_see(world, on):
    with transaction():
        grant_role(BY, world.people["partner"], "chair", board_id=board_named(BY, "MASH Board"))
    on(day := date(2018, 10, 1))
    letters = letters_of(BASE, day).letters
    roles = {id_: role for role, id_ in world.people.items()}
    for letter in letters:
        actor = world.actor(roles[letter.draft.to.person_id])
        seen = {row.id for row in action_rows(actor, Filter(), day, size=None)}
        assert set(letter.draft.action_ids) <= seen
    partner = next(x for x in letters if x.draft.to.person_id == world.people["partner"])
    mine = action_rows(
        world.actor("partner"), Filter(timeliness="overdue", board_id=board_named(BY, "MASH Board")), day, size=None
    )
    assert partner.draft.kind == "chair"
    assert set(partner.draft.action_ids) == {row.id for row in mine}


def test_a_chair_reads_what_is_overdue_at_their_boards_in_one_letter(world, on):
    on(day := date(2018, 10, 1))
    with transaction():
        grant_role(BY, world.people["chair"], "chair", board_id=board_named(BY, "LAC Strategy Group"))
    on(day)
    (letter,) = [x for x in letters_of(BASE, day).letters if x.draft.to.person_id == world.people["chair"]]
    actor = world.actor("chair")
    assert (letter.draft.kind, letter.draft.period) == ("chair", "2018-10")
    assert [group.heading for group in letter.draft.groups] == ["LAC Strategy Group", "MASH Board"]
    for group in letter.draft.groups:
        wanted = Filter(board_id=board_named(BY, group.heading), timeliness="overdue")
        assert {item.action_id for item in group.items} == {
            row.id for row in action_rows(actor, wanted, day, size=None)
        }


@pytest.mark.parametrize("state", ["draft", "submitted", "closed"])
def test_a_plan_that_is_not_live_is_in_no_letter(world, on, state):
    with transaction():
        db.session.execute(update(Plan).values(state=state))
    on(date(2018, 10, 1))
    assert letters_of(BASE, date(2018, 10, 1)).letters == ()
    assert unreached(date(2018, 10, 1)) == frozenset()


def test_with_two_live_plans_references_carry_the_short_name(world, on):
    on(day := date(2018, 5, 1))
    assert "Twin 5." not in letters_of(BASE, day).letters[0].text
    with transaction():
        take_in(BY, read_plan(SAMPLES / "plan.csv", DATED_ON), "other-plan", DATED_ON, state="live")
    post = letters_of(BASE, day)
    letter = next(x for x in post.letters if x.draft.to.person_id == world.people["lead"])
    assert re.search(r"^Twin 5\.\d  ", letter.text, re.M)
    assert re.search(r"^Other plan 5\.\d  ", letter.text, re.M)
    assert re.search(r"<strong>Twin 5\.\d</strong>", letter.html)
    told = {int(id_) for each in post.letters for id_ in OVERDUE_ROW.findall(each.text)}
    assert len(told) == 2 * DAYS[day]


def test_what_an_inactive_account_led_goes_to_the_programme_manager(world, on):
    on(day := date(2018, 5, 1))
    before = letters_of(BASE, day).letters
    lead = next(set(x.draft.action_ids) for x in before if x.draft.to.person_id == world.people["lead"])
    with transaction():
        db.session.execute(
            update(Person).where(Person.name.in_([CHARACTERS["lead"], CHARACTERS["contributor"]])).values(active=False)
        )
    after = {x.draft.to.person_id: x.draft for x in letters_of(BASE, day).letters}
    assert world.people["lead"] not in after
    assert lead <= set(after[world.people["programme_manager"]].action_ids)


def test_a_programme_manager_of_one_plan_is_not_told_of_another(world, on):
    on(DATED_ON)
    with transaction():
        other = take_in(BY, read_plan(SAMPLES / "plan.csv", DATED_ON), "other-plan", DATED_ON, state="live")
        manager = add_person(BY, "one@tests.example", "Manager of one", PASSWORD)
        grant_role(BY, manager, "programme_manager", plan_id=other)
    on(day := date(2018, 5, 1))
    (letter,) = [x for x in letters_of(BASE, day).letters if x.draft.to.person_id == manager]
    seen = action_rows(actor_of(manager, "", "", False, day), Filter(plan_id=other), day, size=None)
    assert set(letter.draft.action_ids) <= {row.id for row in seen}


def test_a_letter_holds_no_note_and_escapes_what_the_plan_says(world, on):
    with transaction():
        db.session.execute(
            update(Action)
            .where(Action.id == world.actions["5.1"])
            .values(text="Test <b>& tell</b>\nin two lines", imported_note="A note nobody mails")
        )
    on(day := date(2018, 5, 1))
    letter = next(x for x in letters_of(BASE, day).letters if x.draft.to.person_id == world.people["lead"])
    assert "Test &lt;b&gt;&amp; tell&lt;/b&gt; in two lines" in letter.html
    assert "5.1  Test <b>& tell</b> in two lines\n" in letter.text
    assert not any("A note nobody mails" in part for part in (letter.html, letter.text))


# Queue


def test_queueing_twice_doubles_nothing_and_writes_history(world, ilacs):
    first = ilacs("queue")
    assert first.returncode == 0, first.stderr
    number = sum(states().values())
    assert f"Queued: {number} emails" in first.stdout
    events = select(func.count()).select_from(HistoryEvent).where(HistoryEvent.verb == "letter_queued")
    assert db.session.scalar(events) == number
    again = ilacs("queue")
    assert "Queued: 0 emails." in again.stdout
    assert f"Already in the outbox: {number} emails." in again.stdout
    assert states() == {"queued": number}
    assert db.session.scalar(events) == number


def test_a_new_week_writes_to_leads_again_and_a_new_month_to_chairs(world):
    def kinds() -> Counter[str]:
        db.session.rollback()
        return Counter(db.session.scalars(select(Letter.kind)))

    queued(date(2018, 4, 7))
    first = kinds()
    assert first["chair"] == 1
    assert queued(date(2018, 4, 8)) == 0
    queued(date(2018, 4, 9))
    second = kinds()
    assert second["chair"] == 1
    assert second["lead"] > first["lead"]
    assert second["manager"] == first["manager"] + 1
    queued(date(2018, 5, 1))
    assert kinds()["chair"] == 2


@on_sqlite
def test_queue_show_and_send_name_the_address_that_they_lack(world, ilacs):
    for command in ("queue", "show", "send"):
        told = ilacs(command, ILACS_BASE_URL="")
        assert told.returncode == 1
        assert "ILACS_BASE_URL is not set" in told.stderr
    assert states() == {}


@on_sqlite
def test_queue_warns_of_what_no_one_at_all_is_told(world, ilacs):
    with transaction():
        db.session.execute(update(Person).where(Person.name == "Programme Manager").values(active=False))
    told = ilacs("queue")
    assert told.returncode == 0
    assert re.search(r"warning: \d+ actions have no one to update them", told.stderr)


@on_sqlite
def test_show_previews_and_writes_nothing(world, ilacs):
    told = ilacs("show", "--person", email_of("lead"), "--kind", "lead")
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("To: lead@tests.example\nSubject: ")
    assert "improvement plan actions to update, 7 April" in told.stdout
    assert "=" * 72 not in told.stdout
    page = ilacs("show", "--person", email_of("lead"), "--html").stdout
    assert page.startswith("<!doctype html>")
    assert 'aria-hidden="true"' in page
    assert states() == {}
    unknown = ilacs("show", "--person", "who@tests.example")
    assert unknown.returncode == 1
    assert "There is no account for who@tests.example" in unknown.stderr
    nothing = ilacs("show", "--person", email_of("viewer"))
    assert (nothing.returncode, nothing.stdout) == (0, "")
