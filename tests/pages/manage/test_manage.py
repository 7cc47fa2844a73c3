"""The page Manage: who is silent, who has no account, what waits, and where everything else is."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select, update

from ilacs_app import clock
from ilacs_app.db import db, transaction
from ilacs_app.digests.model import Letter
from ilacs_app.governance.challenges.commands import QuestionWish, ask_question
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.history import HistoryEvent
from ilacs_app.manage.queries import silent_actions, silent_names, unreached_names
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.commands import add_person, grant_role
from ilacs_app.people.model import Person
from ilacs_app.people.queries import active_people
from ilacs_app.people.teams.commands import make_team
from ilacs_app.plan.assignments import link_team, name_people
from ilacs_app.plan.commands import make_plan
from ilacs_app.plan.model import ActionPerson, Plan, RecommendationLead
from ilacs_app.progress.dates.commands import DateWish, ask_new_date
from tests.auditor import read
from tests.conftest import BY, PASSWORD, TODAY, sign_in
from tests.factories import BOTH_WAYS, HTMX, all_rows, changed, send, set_fact, token

LATER = date(2018, 5, 21)
PAGES = ("/manage", "/manage/silent", "/manage/names", "/manage/help")


def main(client, path: str = "/manage") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return read(answer.text).one("main").text


def numbers(client) -> dict[str, int]:
    """Return the numbers at the top of the page, by what they count."""
    found = re.findall(
        r'number__n">(\d+)</span>(?:<a href="#\w+">|<span class="muted">)([^<]+)', client.get("/manage").text
    )
    return {label: int(number) for number, label in found}


def found_in(client, href: str) -> int:
    """Return how many actions or recommendations a list holds, as the page says."""
    text = read(client.get(href).text).one("p", class_="chosen").text
    number = re.search(r"(\d+) (?:action|recommendation)", text)
    return int(number[1]) if number else 0


def match(world, name: str, to: str, role: str = "programme_manager", headers=None, plan: str = "twin", **fields):
    client = world.client(role)
    data = {"csrf_token": token(client), "plan": plan, "name": name, "to": to, **fields}
    return client.post("/manage/names/match", data=data, headers=headers or {})


def test_every_number_leads_to_a_list_of_that_many(world, on):
    on(LATER)
    client = world.client("programme_manager")
    links = 0
    for path in ("/manage", "/manage/silent", "/manage/names"):
        for link in read(client.get(path).text).one("main").all("a"):
            number = re.match(r"(\d+) (?:action|recommendation)s?", link.text.strip())
            if number and "/plans/" in link.attrs["href"]:
                assert found_in(client, link.attrs["href"]) == int(number[1]), (path, link.attrs["href"])
                links += 1
    assert links > 20
    asked = silent_actions(world.actor("programme_manager"), LATER)
    assert numbers(client)["actions with no recent update"] == sum(asked.values()) > 0


def test_a_silent_lead_is_shown_with_sign_in_and_emails(world, on):
    on(LATER)
    with transaction():
        for week, state in ((18, "sent"), (19, "sent"), (20, "refused")):
            db.session.add(
                Letter(
                    person_id=world.people["lead"],
                    kind="lead",
                    period=f"2018-W{week}",
                    to_email="x@tests.example",
                    subject="s",
                    text="t",
                    html="h",
                    message_id=f"<{week}@tests>",
                    state=state,
                    queued_at=clock.now(),
                    sent_at=clock.now() if state == "sent" else None,
                )
            )
    text = main(world.client("programme_manager"), "/manage/silent")
    row = next(
        line
        for line in read(world.client("programme_manager").get("/manage/silent").text).all("tr")
        if "MASH Service Manager" in line.text
    )
    assert "2 sent, last on 21 May 2018" in row.text and "1 failed" in row.text
    assert "22 Feb 2018" in row.text and "No account" not in row.text
    assert "No account" in text


def test_an_update_takes_a_lead_off_the_list(world, on):
    on(LATER)
    with transaction():
        name_people(BY, world.actions["5.1"], "owner", ["Somebody Quiet"])
    who = world.actor("programme_manager")

    def owned() -> int:
        db.session.rollback()
        return next((line.owns for line in silent_names(who, LATER) if line.name == "Somebody Quiet"), 0)

    assert owned() == 1
    set_fact(world.actions["5.1"], last_word_on=LATER)
    assert owned() == 0


def test_a_name_is_matched_to_an_account_and_the_match_is_undone(world):
    with transaction():
        rina = add_person(BY, "rina@tests.example", "Rina Patel", PASSWORD)
        name_people(BY, world.actions["6.2"], "owner", ["Patel, Rina"])
    client = world.client("programme_manager")
    before = numbers(client)["names without an account"]
    assert "Did you mean:Rina Patel, rina@tests.example" in main(client, "/manage/names")
    assert match(world, "Patel, Rina", "rina@tests.example").status_code == 303
    assert "Patel, Rina in Twin is Rina Patel" in main(client, "/manage/names")
    assert numbers(client)["names without an account"] == before - 1
    theirs = sign_in(world.app, "rina@tests.example")
    assert theirs.get(f"/actions/{world.actions['6.2']}?open=1").status_code == 200
    assert send(theirs, world.actions["6.2"], did="The rota is written.", answer="on_track").status_code == 303
    event = db.session.scalars(select(HistoryEvent).where(HistoryEvent.verb == "name_matched")).one()
    assert event.after == {"name": "Patel, Rina", "account": "Rina Patel", "items": 1}

    data = {"csrf_token": token(client), "plan": "twin", "name": "Patel, Rina", "person": rina, "once": "u" * 20}
    for _ in range(2):
        assert client.post("/manage/names/unmatch", data=data).status_code == 303
    assert "no longer matched" in main(client, "/manage/names")
    assert numbers(client)["names without an account"] == before
    assert sign_in(world.app, "rina@tests.example").get("/plans").status_code == 404


def test_the_page_to_match_a_name_counts_only_what_it_has(world):
    with transaction():
        name_people(BY, world.actions["6.2"], "owner", ["Patel, Rina"])
    text = main(world.client("programme_manager"), "/manage/names/match?plan=twin&name=Patel%2C+Rina")
    assert "In Twin, Patel, Rina owns 1 action." in text


def test_all_plans_are_offered_where_there_are_several(world):
    manager = world.client("programme_manager")
    assert "All plans" not in main(manager, "/manage"), "the list would lead on to the only plan"
    assert manager.get("/plans").status_code == 302


@pytest.mark.parametrize(("_way", "headers"), BOTH_WAYS)
def test_whom_no_one_knows_is_refused_and_what_was_typed_stays(world, _way, headers):
    with transaction():
        name_people(BY, world.actions["6.2"], "owner", ["Patel, Rina"])
        for number in (1, 2):
            add_person(BY, f"sam{number}@tests.example", "Sam Twin", PASSWORD)
    before = all_rows()
    for typed, says in (
        ("", "Enter who this is"),
        ("Nobody Such", "No account has this name or email address"),
        ("Sam Twin", "2 accounts have this name. Choose one."),
    ):
        answer = match(world, "Patel, Rina", typed, headers=headers)
        assert answer.status_code == 422
        assert says in read(answer.text).one("main").text and f'value="{typed}"' in answer.text
    assert changed(before, all_rows()) <= {"session"}
    assert match(world, "Patel, Rina", "sam2@tests.example", headers=headers).status_code == 303


def test_a_name_that_reaches_someone_is_not_given_to_another(world):
    before = {row.id: row.person_id for row in db.session.scalars(select(RecommendationLead))}
    answer = match(world, "MASH Service Manager", "viewer@tests.example")
    assert answer.status_code == 422
    assert "This name reaches an account now" in read(answer.text).one("main").text
    db.session.rollback()
    assert {row.id: row.person_id for row in db.session.scalars(select(RecommendationLead))} == before
    client = world.client("programme_manager")
    data = {"csrf_token": token(client), "plan": "twin", "name": "MASH Service Manager", "person": world.people["lead"]}
    assert client.post("/manage/names/unmatch", data=data).status_code == 303
    assert "cannot be unmatched" in main(client, "/manage/names")
    db.session.rollback()
    assert {row.id: row.person_id for row in db.session.scalars(select(RecommendationLead))} == before


def test_an_account_that_was_closed_meanwhile_is_not_matched(world):
    with transaction():
        name_people(BY, world.actions["6.2"], "owner", ["Patel, Rina"])
        db.session.execute(update(Person).where(Person.id == world.people["viewer"]).values(active=False))
    assert match(world, "Patel, Rina", "viewer@tests.example").status_code == 422
    assert db.session.scalar(select(ActionPerson.person_id).where(ActionPerson.name == "Patel, Rina")) is None


def test_a_name_that_a_board_asks_is_listed_and_gets_the_question_once_it_is_matched(world):
    wish = QuestionWish(
        board_id=board_named(BY, "MASH Board"),
        question="How many wait?",
        owner="Quality Lede",
        due_on=LATER,
        action_id=world.actions["5.3"],
    )
    with transaction():
        challenge_id = ask_question(world.author("board_member"), wish)
    line = next(
        row for row in read(world.client("programme_manager").get("/manage/names").text).all("tr") if "Lede" in row.text
    )
    assert "asked 1 question by boards" in line.text
    assert match(world, "Quality Lede", "viewer@tests.example").status_code == 303
    db.session.rollback()
    asked = select(Challenge.owner_person_id).where(Challenge.id == challenge_id)
    assert db.session.scalar(asked) == world.people["viewer"]
    page = main(world.client("programme_manager"), "/manage/names")
    assert "Quality Lede" in page and "asked 1 question" not in page


def test_teams_without_members_and_leavers_are_told_apart(world):
    with transaction():
        link_team(BY, make_team(BY, "Training Team", []))
        name_people(BY, world.actions["6.2"], "owner", ["Training Team"])
        db.session.execute(update(Person).where(Person.id == world.people["other_lead"]).values(active=False))
    who = world.actor("programme_manager")
    lines = {line.name: line for line in unreached_names(who, TODAY, active_people())}
    assert lines["Training Team"].team_id and not lines["Training Team"].can_be_matched
    assert lines["Private Fostering Manager"].left
    text = main(world.client("programme_manager"), "/manage/names")
    assert "Team without members Add members" in text and "Account no longer active" in text
    with transaction():
        grant_role(BY, world.people["nobody"], "viewer")
        db.session.execute(update(Plan).values(state="closed"))
    assert main(world.client("programme_manager"), "/manage/names").endswith("Back to Manage")
    assert match(world, "Private Fostering Manager", "viewer@tests.example").status_code == 422


def test_requests_and_date_changes_wait_there(world):
    client = world.client("programme_manager")
    answer = send(world.client("lead"), world.actions["5.1"], answer="need_help", blocker="No trainer.")
    assert answer.status_code == 303
    with transaction():
        ask_new_date(world.author("lead"), world.actions["5.2"], DateWish("End June 2018", "vacancy", "None."))
    assert numbers(client)["requests for help"] == 1 and numbers(client)["date changes to decide"] == 1
    assert "No trainer." in main(client, "/manage/help") and "No trainer." in main(client)
    assert "For you to decide" in main(client) or "decides" in main(client)
    assert "1 request to decide" in main(client, "/date-requests")
    assert "1 request to decide" in main(world.client("administrator"), "/date-requests")
    assert "Agree" not in main(world.client("administrator"), "/date-requests")


def test_a_manager_of_one_plan_sees_that_plan_alone(world, on):
    on(LATER)
    with transaction():
        other = make_plan(BY, "other", "Other plan", TODAY, state="live")
        person = add_person(BY, "one@tests.example", "One Plan", PASSWORD)
        grant_role(BY, person, "programme_manager", plan_id=other)
    client = sign_in(world.app, "one@tests.example")
    for path in PAGES:
        text = main(client, path)
        assert "Private Fostering Manager" not in text and "Twin" not in text, path
    assert set(numbers(client).values()) == {0}
    assert "Add meetings" not in main(client) and "Create a plan" not in main(client)
    page = {"plan": "twin", "name": "Quality Lead"}
    assert client.get("/manage/names/match", query_string=page).status_code == 404
    data = {"csrf_token": token(client), **page, "to": "viewer@tests.example"}
    assert client.post("/manage/names/match", data=data).status_code == 404


def test_an_administrator_reads_it_and_matches_nothing(world):
    with transaction():
        name_people(BY, world.actions["6.2"], "owner", ["Patel, Rina"])
    text = main(world.client("administrator"), "/manage/names")
    assert "Patel, Rina" in text and "The programme manager matches it to an account." in text
    assert "Match to" not in text
    assert match(world, "Patel, Rina", "viewer@tests.example", role="administrator").status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_others_and_strangers(world, path):
    for role in ("lead", "chair", "viewer", "inspector", "partner", "verifier"):
        assert world.client(role).get(path).status_code == 403, role
        assert 'href="/manage"' not in world.client(role).get("/plans", follow_redirects=True).text
    assert world.client("nobody").get(path).status_code == 404
    assert world.client(None).get(path).status_code == 302
    assert world.client(None).get(path, headers=HTMX).status_code == 401
    assert world.client("programme_manager").put(path).status_code == 405


def test_a_partner_is_kept_out_whatever_its_role(world):
    with transaction():
        grant_role(BY, world.people["partner"], "programme_manager")
    for path in PAGES:
        assert world.client("partner").get(path).status_code == 403


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/manage", "Manage"),
        ("/manage/names", "Manage"),
        ("/import", "Manage"),
        ("/settings/teams", "Manage"),
        ("/settings/boards", "Manage"),
        ("/people/hand-over", "Manage"),
        ("/date-requests", "My work"),
        ("/inspections", "Plan"),
        ("/account", "Programme Manager"),
        ("/calendar", "Programme Manager"),
        ("/filters", "Programme Manager"),
        ("/stand-ins", "Programme Manager"),
    ],
)
def test_a_page_lights_its_entry(world, path, entry):
    lit = [
        link.text
        for link in read(world.client("programme_manager").get(path).text).all("a")
        if "aria-current" in link.attrs
    ]
    assert (
        any(entry in text for text in lit)
        and len({text.replace("Your account: ", "").split("  ")[0] for text in lit}) == 1
    )


def test_the_plan_keeps_four_links_and_the_rest_under_more(world):
    page = read(world.client("programme_manager").get("/plans/twin").text)
    links = page.one("ul", **{"aria-label": "This plan"})
    more = [link.text for link in links.one("details").all("a")]
    assert more == [
        "Assign owners",
        "Assign boards",
        "Import a newer file",
        "Repeated actions",
        "Plan status: live",
        "History",
        "Manage: people, boards, inspections",
    ]
    outside = [link.text for link in links.all("a") if link.text not in more]
    assert outside == ["All actions", "Download this plan", "Check this plan", "Edit this plan"]
