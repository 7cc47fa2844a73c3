"""The number in the navigation, My work and the weekly letter tell each person the same, whatever waits for them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.digests.letters import letter_drafts
from ilacs_app.digests.pages import letters_of
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.commands import grant_role
from ilacs_app.people.teams.commands import let_stand_in
from ilacs_app.plan.assignments import link_account
from ilacs_app.worklist import queries as worklist_queries
from ilacs_app.worklist.queries import what_waits
from ilacs_app.worklist.rules import GROUP_WORDS, Group
from tests.auditor import AuditedClient, read
from tests.conftest import BY, TODAY
from tests.data.digests.mail import BASE
from tests.factories import send, set_fact

pytestmark = pytest.mark.usefixtures("own_clients")
REQUEST = {"reason_class": "vacancy", "effect": "None.", "cover": "The duty team."}
NOT_IN_LETTERS = GROUP_WORDS[Group.NEEDS_WORD]


@pytest.fixture
def own_clients(app) -> None:
    """A client for each character, none signed in as the one before; every answer is audited."""
    app.test_client_class = AuditedClient


def weekly(day: date) -> dict[int, object]:
    """The weekly letters by the person they are for."""
    db.session.rollback()
    drafts, _ = letter_drafts(BASE, day)
    return {draft.to.person_id: draft for draft in drafts if draft.kind == "lead"}


def my_work(world, role: str) -> tuple[int, str, dict[str, list[str]]]:
    """The number beside My work, its first line, and the references in each of its groups."""
    answer = world.client(role).get("/")
    if answer.status_code == 302:  # someone who only reads goes on to the plan
        return 0, "You’re up to date.", {}
    page = read(answer.text)
    groups = {}
    for section in page.all("section", class_="group"):
        title = section.one("h2").text.rpartition(" ")[0]
        rows = section.one("ul", class_="work-list").all("li", class_="row")
        groups[title] = [row.all("span", class_="row__ref")[0].text for row in rows]
    beside = page.all("span", class_="nav-count")
    shown = beside[0].text.split() if beside else []
    return (int(shown[0]) if shown else 0), page.one(id="waiting").text, groups


def all_agree(world) -> dict[str, dict[str, list[str]]]:
    """Assert that each person is told the same in the three places; return the groups of each role's letter."""
    today = clock.today()
    letters, told = weekly(today), {}
    for role in world.people:
        if role == "nobody":
            assert world.people[role] not in letters
            continue
        number, line, groups = my_work(world, role)
        waits = what_waits(world.actor(role), today)
        assert number == waits.total == sum(map(len, groups.values())), role
        assert line == f"{waits.sentence}.", role
        pressing = {title: refs for title, refs in groups.items() if title != NOT_IN_LETTERS}
        letter = letters.get(world.people[role])
        if letter is None:
            assert pressing == {}, role
            continue
        listed = {g.heading: [item.ref for item in g.items] for g in letter.groups if not g.heading.startswith("Up")}
        assert listed == pressing, role
        assert list(listed) == list(pressing), f"{role}: in the order of My work"
        if number:
            assert letter.heading == waits.sentence, role
        told[role] = listed
    return told


def ask_for_dates(world) -> None:
    for ref, words in (("5.4", "End May 2018"), ("5.5", "End September 2018"), ("5.6", "End October 2018")):
        asked = send(world.client("lead"), world.actions[ref], "date-requests", words=words, **REQUEST)
        assert asked.status_code == 303


def test_requests_for_help_claims_and_date_changes_are_in_the_letter_as_in_my_work(world, on):
    told = all_agree(world)
    assert list(told["verifier"]) == ["Actions to verify"] and len(told["verifier"]["Actions to verify"]) == 4

    helped = send(world.client("contributor"), world.actions["5.3"], answer="need_help", blocker="No trainer.")
    assert helped.status_code == 303
    assert all_agree(world)["lead"]["Requests for help"] == ["5.3"]
    helped = send(world.client("lead"), world.actions["5.2"], answer="need_help", blocker="No room.")
    assert helped.status_code == 303
    assert all_agree(world)["programme_manager"] == {"Requests for help": ["5.2"]}

    ask_for_dates(world)
    told = all_agree(world)
    assert told["programme_manager"] == {"Requests for help": ["5.2"], "Date changes to decide": ["5.4"]}
    assert "chair" not in told and "secretary" not in told, "the board has not met since"
    with transaction():
        set_meeting(BY, board_named(BY, "MASH Board"), TODAY)
    told = all_agree(world)
    assert told["chair"] == told["secretary"] == {"Date changes to decide": ["5.5", "5.6"]}

    on(TODAY + timedelta(days=30))
    all_agree(world)


def test_the_letter_says_what_was_requested_when_and_where_it_is_answered(world):
    assert send(world.client("contributor"), world.actions["5.3"], answer="need_help", blocker="No room.").status_code
    ask_for_dates(world)
    letters = {x.draft.to.person_id: x for x in letters_of(BASE, TODAY).letters if x.draft.kind == "lead"}
    manager, lead = letters[world.people["programme_manager"]], letters[world.people["lead"]]
    assert manager.draft.subject == "Improvement plan: 1 date change to decide, 7 April"
    assert manager.draft.why == "You get this email every week while the plan has something for you to do."
    (change,) = manager.draft.groups[0].items
    assert "/date-requests/" in change.url
    for form in (manager.text, manager.html):
        assert "Date change to 31 May 2018 requested on 7 April 2018." in form and change.url in form
        assert "The duty team." not in form, "nothing that anybody wrote is mailed"
    for form in (lead.text, lead.html):
        assert "Help requested on 7 April 2018." in form
        assert f"{BASE}/actions/{world.actions['5.3']}#help" in form
        assert "No room." not in form
    assert "request for help to answer" in lead.draft.subject and "to update" in lead.draft.subject


def test_what_a_lead_has_answered_no_longer_needs_an_update_in_the_letter_and_is_named_apart(world, on):
    on(day := date(2018, 5, 1))
    overdue = weekly(day)[world.people["lead"]]
    number = next(len(group.items) for group in overdue.groups if group.heading == "Overdue")
    assert send(world.client("lead"), world.actions["5.3"], answer="no_change").status_code == 303
    all_agree(world)
    letter = weekly(day)[world.people["lead"]]
    groups = {group.heading: [item.ref for item in group.items] for group in letter.groups}
    assert len(groups["Overdue"]) == number - 1
    assert groups["Updated in the last 7 days"] == ["5.3"]


def test_an_update_that_is_due_is_counted_in_the_letter_and_listed_in_my_work(world):
    set_fact(world.actions["5.7"], status="in_progress", due_on=date(2019, 1, 31), last_word_on=date(2018, 1, 1))
    set_fact(world.actions["5.2"], status="in_progress", due_on=TODAY - timedelta(days=1), last_word_on=TODAY)
    all_agree(world)
    letter = weekly(TODAY)[world.people["lead"]]
    assert "Update due: 1, listed in My work." in letter.intro
    assert world.actions["5.7"] not in letter.action_ids


def test_those_who_act_for_others_and_partners_are_told_the_same_too(world):
    with transaction():
        let_stand_in(BY, world.people["viewer"], world.people["lead"], TODAY, TODAY, "Leave.")
        grant_role(BY, world.people["partner"], "verifier")
        grant_role(BY, world.people["partner"], "programme_manager")
        grant_role(BY, world.people["administrator"], "verifier", plan_id=world.plan_id)
        for person_id in world.people.values():
            link_account(BY, person_id)
    assert send(world.client("contributor"), world.actions["5.3"], answer="need_help", blocker="No room.").status_code
    ask_for_dates(world)
    told = all_agree(world)
    assert told["viewer"]["Requests for help"] == ["5.3"], "a delegate answers for the lead"
    assert len(told["administrator"]["Actions to verify"]) == 4
    assert len(told["partner"].get("Actions to verify", ())) < 4, "a partner counts what it sees"


def test_a_request_that_only_a_board_may_agree_by_now_is_the_boards_in_all_three(world):
    asked = send(world.client("lead"), world.actions["5.4"], "date-requests", words="End May 2018", **REQUEST)
    assert asked.status_code == 303
    with transaction():
        set_meeting(BY, board_named(BY, "MASH Board"), TODAY)
    assert all_agree(world)["programme_manager"] == {"Date changes to decide": ["5.4"]}
    set_fact(world.actions["5.4"], due_on=date(2018, 3, 31))
    told = all_agree(world)
    assert "programme_manager" not in told
    assert told["chair"] == {"Date changes to decide": ["5.4"]}


def test_many_actions_to_verify_are_counted_and_the_first_are_listed(world, monkeypatch):
    monkeypatch.setattr(worklist_queries, "CLAIMS_SHOWN", 3)
    letter = next(x for x in letters_of(BASE, TODAY).letters if x.draft.to.person_id == world.people["verifier"])
    assert letter.draft.heading == "4 completed actions to verify"
    assert letter.draft.intro == "Actions to verify: 4."
    assert len(letter.draft.groups[0].items) == 3
    for form in (letter.text, letter.html):
        assert "1 more in My work" in form


@pytest.mark.parametrize("role", ["verifier", "chair"])
def test_without_anything_to_do_no_one_is_written_to(world, role):
    for ref in world.actions:
        set_fact(world.actions[ref], status="not_started", due_on=date(2019, 1, 31), completed_on=None)
    assert world.people[role] not in weekly(TODAY)
