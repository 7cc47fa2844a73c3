"""Pages as they were at the end of a past day: what was there, with a band, without a form, and for whom."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import select

from ilacs_app import clock
from ilacs_app.access import ActsAs
from ilacs_app.as_at.replica import copy_before, forget_copies
from ilacs_app.db import db, transaction
from ilacs_app.editing.actions.commands import change_action
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.editing.recommendations.commands import change_recommendation, move_recommendation
from ilacs_app.editing.recommendations.queries import editable_recommendation
from ilacs_app.editing.timescales.commands import correct_timescale
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


WRONG_DATES = (
    ("at=Spring", {"at": "Enter a past date, such as 14 May 2026."}),
    ("at=", {"at": "Enter a past date, such as 14 May 2026."}),
    ("at=2030-01-01", {"at": "1 January 2030 is in the future. Enter today’s date or an earlier one."}),
    ("at=2018-04-02&since=lately", {"since": "Enter the date to compare with as a date, such as 14 May 2026."}),
    ("at=2018-04-02&since=2018-04-02", {"since": "Enter a date to compare with that is before 2 April 2018."}),
    (
        "at=Spring&since=lately",
        {
            "at": "Enter a past date, such as 14 May 2026.",
            "since": "Enter the date to compare with as a date, such as 14 May 2026.",
        },
    ),
)


@pytest.mark.parametrize(("asked", "problems"), WRONG_DATES)
def test_a_wrong_date_is_reported_at_its_field_and_stays_there(world, asked, problems):
    for path in pages(world):
        text = world.client("viewer").get(f"{path}?{asked}").text
        fields = {field.attrs["name"]: field for field in read(text).all("input") if field.attrs.get("id")}
        typed = dict(parse_qsl(asked, keep_blank_values=True))
        for name in ("at", "since"):
            field = fields[name]
            assert field.attrs["value"] == typed.get(name, "")
            assert ("aria-invalid" in field.attrs) == (name in problems)
            assert (f"{name}-error" in field.attrs["aria-describedby"].split()) == (name in problems)
        summary = read(text).all("div", class_="govuk-error-summary")[0]
        assert {link.attrs["href"][1:]: link.text for link in summary.all("a")} == problems
        for name, problem in problems.items():
            assert problem in read(text).all("p", id=f"{name}-error")[0].text


def test_a_day_before_an_item_was_recorded_is_reported_at_the_date_too(world):
    text = world.client("viewer").get("/plans/twin?at=2018-02-21").text
    assert "aria-invalid" in read(text).all("input", id="at")[0].attrs
    assert "This is not recorded before 22 February 2018" in read(text).all("p", id="at-error")[0].text


def turns(text: str) -> dict[str, str]:
    """Return where previous and next lead, by ``rel``."""
    navs = read(text).all("nav", class_="crumbs__turn")
    return {link.attrs["rel"]: link.attrs["href"] for nav in navs for link in nav.all("a")}


def paths(text: str) -> set[str]:
    return {urlsplit(href).path for href in turns(text).values()}


def test_previous_and_next_lead_through_the_list_as_it_was_and_stay_on_the_day(world, on):
    on(LATER)
    reader = world.client("viewer")
    for listed, what in (
        ("/plans/twin?brag=red", "recommendations"),
        ("/boards/mash-board", "actions"),
        ("/plans/twin/recommendations/5", "actions"),
    ):
        mark = "&" if "?" in listed else "?"
        page = content(reader.get(f"{listed}{mark}at={PAST}").text)
        rows = re.findall(rf'href="(/[^"?]*{what}/\d+\?from=[^"]*)"', page)
        walked = [html.unescape(rows[0])]
        while "next" in (ends := turns(reader.get(walked[-1]).text)):
            walked.append(ends["next"])
            assert f"at={PAST}" in ends["next"] and len(walked) < 100
        assert len(walked) > 2, listed
        back = turns(reader.get(walked[-1]).text)["prev"]
        assert back == walked[-2]


def test_a_recommendation_of_the_past_leads_to_the_one_before_and_after_it_then(world, on):
    on(LATER)
    reader = world.client("viewer")
    ends = turns(reader.get(f"/plans/twin/recommendations/5?at={PAST}").text)
    assert {rel: urlsplit(href).path for rel, href in ends.items()} == {
        "prev": "/plans/twin/recommendations/4",
        "next": "/plans/twin/recommendations/6",
    }
    assert all(f"at={PAST}" in href for href in ends.values())
    partner, address = world.client("partner"), "/plans/twin/recommendations/5"
    assert paths(partner.get(f"{address}?at={PAST}").text) == paths(partner.get(address).text)


def test_a_link_of_the_past_to_a_recommendation_that_has_another_number_now_leads_to_that_recommendation(world, on):
    manager = world.author("programme_manager")
    wording = db.session.scalars(select(Recommendation.text).where(Recommendation.number == "5")).one()
    with transaction():
        for number, new in (("5", "77"), ("6", "5")):
            moved = db.session.scalars(select(Recommendation).where(Recommendation.number == number)).one()
            move_recommendation(manager, moved.id, moved.version, new, 1)
    on(LATER)
    reader = world.client("viewer")
    page = content(reader.get("/plans/twin?at=2018-03-01").text)
    (link,) = {link for link in re.findall(r'href="([^"]*)"', page) if "/recommendations/77?" in link}
    assert wording in html.unescape(reader.get(html.unescape(link)).text)


def test_the_form_for_a_past_date_keeps_the_list_that_the_page_shows_and_the_one_it_was_opened_from(world):
    action = world.actions["5.2"]
    for path, kept in (
        ("/plans/twin?brag=red&page=2", {"brag": "red"}),
        (f"/actions/{action}?from=%2Fplans%2Ftwin", {"from": "/plans/twin"}),
    ):
        text = content(world.client("viewer").get(path).text)
        form = next(form for form in read(text).all("form") if form.all("input", id="at"))
        hidden = {f.attrs["name"]: f.attrs["value"] for f in form.all("input") if f.attrs.get("type") == "hidden"}
        assert hidden == kept


def test_a_board_of_the_past_shows_the_readings_that_were_corrected_by_then(world, on):
    action = world.actions["5.2"]
    on(date(2018, 4, 12))
    with transaction():
        correct_timescale(
            world.author("programme_manager"),
            action,
            version_of(action),
            "20 March 2018",
            reason="The service means the 20th.",
            acts_as=ActsAs((0,)),
        )
    on(LATER)
    board = world.client("viewer")
    assert "The service means the 20th." in board.get("/boards/mash-board").text
    assert "The service means the 20th." in board.get("/boards/mash-board?at=2018-04-20").text
    assert "The service means the 20th." not in board.get(f"/boards/mash-board?at={PAST}").text
