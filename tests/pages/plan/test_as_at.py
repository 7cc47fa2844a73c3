"""Pages as they were at the end of a past day: what was there, with a band, without a form, and for whom."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from ilacs_app import clock
from ilacs_app.as_at.replica import copy_before, forget_copies
from ilacs_app.db import db, transaction
from ilacs_app.editing.actions.commands import change_action
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.recommendations.commands import change_recommendation, move_recommendation
from ilacs_app.editing.recommendations.queries import editable_recommendation
from ilacs_app.plan.model import Recommendation
from ilacs_app.progress.evidence.commands import EvidenceText, attach_evidence
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import NoteText
from tests.auditor import read
from tests.conftest import TODAY
from tests.data.history.commands import Everybody
from tests.factories import NOTE, send, version_of
from tests.rebuilt import rows_of

PAST = "2018-04-10"
LATER = date(2018, 6, 3)
ROLES = (
    "lead",
    "verifier",
    "chair",
    "secretary",
    "programme_manager",
    "administrator",
    "viewer",
    "inspector",
    "partner",
)


def pages(world) -> tuple[str, ...]:
    action = world.actions["5.2"]
    return "/plans/twin", "/plans/twin/recommendations/5", f"/actions/{action}", "/boards/mash-board"


def content(text: str) -> str:
    return text.partition("<main")[2].partition("</main>")[0]


def writes(text: str) -> list[str]:
    """Forms, and links to pages that change something."""
    links = re.findall(r'href="(/[^"]*)"', text)
    ways = re.compile(
        r"/(edit|new|withdraw|correct|state|owners|boards|twins|hand-over|undo)(\?|$)|[?&](open|keep)=|^/import"
    )
    return [link for link in links if ways.search(link)] + re.findall(r"<form[^>]*>|hx-(?:post|put)", text)


def test_each_page_says_what_was_there_then_and_not_what_came_after(world, on):
    on(date(2018, 5, 3))
    assert send(world.client("lead"), world.actions["5.2"], **NOTE).status_code == 303
    with transaction():
        change_action(
            world.author("programme_manager"),
            world.actions["5.2"],
            version_of(world.actions["5.2"]),
            ActionContent("Brief every team anew."),
        )
    on(LATER)
    reader = world.client("viewer")
    for path in ("/plans/twin/recommendations/5", f"/actions/{world.actions['5.2']}"):
        now, then, after = (reader.get(f"{path}{at}").text for at in ("", f"?at={PAST}", "?at=2018-05-03"))
        assert "Brief every team anew." in now and "Brief every team anew." in after
        assert "Brief every team anew." not in then
        assert NOTE["did"] in after and NOTE["did"] not in then
        assert "at the end of 10 April 2018" in read(then).text


def test_ratings_and_lateness_are_those_of_the_day(world, on):
    on(date(2018, 10, 1))
    reader = world.client("viewer")
    then = read(reader.get(f"/plans/twin?at={TODAY.isoformat()}").text)
    on(TODAY)
    was = read(reader.get("/plans/twin").text)
    (then_bar,), (was_bar,) = then.all("section", id="summary"), was.all("section", id="summary")
    assert then_bar.text == was_bar.text


def test_no_one_can_change_anything_in_the_past(world, on):
    lead, action = world.client("lead"), world.actions["5.2"]
    send(lead, action, answer="need_help", blocker="No trainer.")
    send(lead, action, part="date-requests", words="End June 2018", reason_class="vacancy", effect="None.", cover="X")
    on(LATER)
    for role in ROLES:
        client = world.client(role)
        for path in pages(world):
            answer = client.get(f"{path}?at={clock.london_day(clock.now()).isoformat()}")
            assert answer.status_code == client.get(path).status_code, (role, path)
            if answer.status_code == 200:
                assert writes(content(answer.text)) == [], (role, path)


def test_links_in_the_past_stay_in_the_past(world, on):
    on(LATER)
    text = content(world.client("viewer").get(f"/plans/twin?at={PAST}").text)
    links = re.findall(r'href="(/(?:plans/twin|actions|boards)[^"]*)"', text)
    inside = [link for link in links if link != "/plans/twin"]
    assert len(inside) > 10 and all(f"at={PAST}" in link for link in inside), inside


@pytest.mark.parametrize(
    ("at", "status", "says"),
    [
        ("2030-01-01", 422, "1 January 2030 is in the future"),
        ("Spring", 422, "Enter a past date, such as 14 May 2026"),
        ("", 422, "Enter a past date"),
        ("2018-02-30", 422, "Enter a past date"),
        ("2018-02-21", 404, "This is not recorded before 22 February 2018"),
    ],
)
def test_a_date_that_cannot_be_shown_gets_a_sentence(world, at, status, says):
    for path in ("/plans/twin", "/plans/twin/recommendations/5", f"/actions/{world.actions['5.2']}"):
        answer = world.client("viewer").get(path, query_string={"at": at})
        assert answer.status_code == status, path
        assert says in read(answer.text).text


def test_a_date_is_read_as_people_write_it(world, on):
    on(LATER)
    answer = world.client("viewer").get("/plans/twin?at=10 April 2018")
    assert answer.status_code == 200 and "10 April 2018" in answer.text


def test_a_recommendation_is_found_by_its_number_of_today_and_shows_that_of_the_day(world, on):
    with transaction():
        found = db.session.scalars(select(Recommendation).where(Recommendation.number == "5")).one()
        move_recommendation(world.author("programme_manager"), found.id, found.version, "77", 1)
    on(LATER)
    assert "Recommendation 77" in world.client("viewer").get("/plans/twin/recommendations/77").text
    then = world.client("viewer").get("/plans/twin/recommendations/77?at=2018-03-01")
    assert then.status_code == 200 and read(then.text).all("h1")[0].text != ""
    assert "Recommendation 5" in then.text and "Recommendation 77" not in content(then.text)


CANARY = "Canary that is hidden"


def test_what_is_hidden_today_is_hidden_in_the_past(world, on):
    """A recommendation that the partner's board governed until lately, and evidence that is restricted."""
    manager, action = world.author("programme_manager"), world.actions["5.2"]
    on(date(2018, 4, 9))
    with transaction():
        log_progress(manager, action, NoteText(f"{CANARY} note"))
        for sensitivity in ("open", "restricted"):
            text = EvidenceText(f"{CANARY} {sensitivity}", "audit", sensitivity, "https://intranet.example/canary")
            attach_evidence(manager, action, text)
    on(date(2018, 5, 9))
    partner, viewer, road = world.client("partner"), world.client("viewer"), f"/actions/{action}?at=2018-04-20"
    assert f"{CANARY} note" in partner.get(road).text, "its board governs the action"
    assert f"{CANARY} open" in viewer.get(road).text and f"{CANARY} restricted" not in viewer.get(road).text
    assert f"{CANARY} restricted" in world.client("programme_manager").get(road).text
    id_ = db.session.scalar(select(Recommendation.id).where(Recommendation.number == "5"))
    facts = editable_recommendation(id_)
    with transaction():
        change_recommendation(manager, id_, facts.version, replace(facts.text, board_ids=(), lead_board_id=None))
    on(LATER)
    for page in pages(world):
        for at in ("", "?at=2018-04-20", "?at=2018-05-20"):
            assert CANARY not in partner.get(page + at).text, (page, at)
    assert f"{CANARY} note" in viewer.get(road).text


def test_a_copy_is_made_again_where_history_before_it_grew_or_the_database_is_another(world, on):
    """With a clock that is moved back, as in training, a past day can change."""
    on(LATER)
    reader, road = world.client("viewer"), f"/actions/{world.actions['5.2']}?at={PAST}"
    assert NOTE["did"] not in reader.get(road).text
    on(date(2018, 4, 9))
    assert send(world.client("lead"), world.actions["5.2"], **NOTE).status_code == 303
    on(LATER)
    assert NOTE["did"] in reader.get(road).text


def test_a_later_day_made_from_an_earlier_copy_is_the_same_as_one_made_from_the_beginning(world, on):
    everybody = Everybody(world, 7)
    for day in range(8, 29, 4):
        on(date(2018, 4, day))
        for _ in range(6):
            everybody.command()
    on(LATER)
    days = [clock.end_of(date(2018, 4, day)) for day in (9, 14, 19, 24)]
    forget_copies()
    from_copies = [rows_of(copy_before(until)) for until in days]
    for until, rows in zip(days, from_copies, strict=True):
        forget_copies()
        assert rows_of(copy_before(until)) == rows


def test_the_band_leads_back_to_the_page_as_it_is_now(world, on):
    on(LATER)
    reader = world.client("viewer")
    for road in (*pages(world), "/plans/twin?brag=red"):
        (band,) = read(reader.get(f"{road}{'&' if '?' in road else '?'}at={PAST}").text).all("div", id="past")
        assert [link.attrs["href"] for link in band.all("a")] == [road]


def test_what_changed_between_two_days_is_shown_in_words(world, on):
    on(date(2018, 5, 3))
    action = world.actions["5.2"]
    with transaction():
        content = ActionContent("Brief every team anew.", ("Quality Lead",))
        change_action(world.author("programme_manager"), action, version_of(action), content)
    assert send(world.client("lead"), action, **NOTE, status="in_progress").status_code == 303
    on(LATER)
    reader = world.client("viewer")
    for road in ("/plans/twin", "/plans/twin/recommendations/5", f"/actions/{action}", "/boards/mash-board"):
        (said,) = read(reader.get(f"{road}?at=2018-05-20&since={PAST}").text).all("section", id="differences")
        for words in (
            "to Brief every team anew.",
            "owners added: Quality Lead",
            "delivery status changed from Not started to In progress",
            "number of notes added: 1",
        ):
            assert words in said.text, (road, words, said.text)
        (none,) = read(reader.get(f"{road}?at=2018-06-01&since=2018-05-20").text).all("section", id="differences")
        assert "Nothing changed" in none.text


@pytest.mark.parametrize(
    ("since", "says"),
    [
        ("Spring", "Enter the date to compare with"),
        ("2018-05-20", "before 20 May 2018"),
        ("2019-01-01", "before 20 May"),
    ],
)
def test_a_day_that_cannot_be_compared_gets_a_sentence_and_is_kept(world, on, since, says):
    on(LATER)
    answer = world.client("viewer").get(f"/plans/twin?at=2018-05-20&since={since}")
    assert answer.status_code == 422 and says in read(answer.text).text and f'value="{since}"' in answer.text
