"""Two people at once: whose text of each field is kept is chosen on the page that says so, and saved with it."""

from __future__ import annotations

from typing import Any

import pytest

from ilacs_app.progress.notes import queries
from tests.auditor import read
from tests.factories import BOTH_WAYS, NOTE, fact, fresh, send, set_fact, the_record, token, version_of
from tests.pages.editing.recommendations.test_keeping_the_content import fields_of

notes = fresh(queries.notes)
WAYS = pytest.mark.parametrize(("way", "headers"), BOTH_WAYS, ids=["plain", "htmx"])
PLACES = {
    "a plan": ("/plans/twin/edit", "short_name"),
    "a recommendation": ("/plans/twin/recommendations/5/edit", "impact"),
    "an action": ("/actions/{5.2}/edit", "text"),
    "a board": ("/settings/boards/{board}", "other_names"),
}


def at(world, place: str) -> tuple[str, str]:
    path, field = PLACES[place]
    return path.replace("{5.2}", str(world.actions["5.2"])).replace("{board}", "1"), field


def post(world, path: str, fields: dict[str, Any]):
    client = world.client("programme_manager")
    return client.post(path, data={"csrf_token": token(client), **fields})


def met(answer) -> dict[str, Any]:
    """Return what the page of a conflict sends on Save: its form, with the choices that are beside it."""
    main = read(answer.text).one("main")
    sent: dict[str, Any] = {"differs": [one.attrs["value"] for one in main.all("input", name="differs")]}
    for one in main.all("input"):
        if one.attrs.get("type") == "radio" and one.attrs["name"].startswith("keep-") and "checked" in one.attrs:
            sent[one.attrs["name"]] = one.attrs["value"]
    return {**{name: main.all("input", name=name)[0].attrs["value"] for name in ("version", "was")}, **sent}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("keep", ["mine", "theirs"])
def test_what_both_changed_is_kept_as_it_was_chosen(world, place, keep):
    path, field = at(world, place)
    form = fields_of(world, path)
    assert post(world, path, {**form, "once": "1", field: "What they wrote"}).status_code == 303
    mine = {**form, "once": "2", field: "What I wrote"}
    refused = post(world, path, mine)
    compared = read(refused.text).one("table", class_="compare").text
    assert refused.status_code == 409 and "What they wrote" in compared and "What I wrote" in compared
    chosen = met(refused)
    assert chosen["differs"] == [field] and f"keep-{field}" not in chosen, "nobody's is thrown away unasked"
    saved = post(world, path, {**mine, **chosen, f"keep-{field}": keep})
    assert saved.status_code == 303
    assert fields_of(world, path)[field] == ("What I wrote" if keep == "mine" else "What they wrote")


@pytest.mark.parametrize("place", PLACES)
def test_a_choice_that_lacks_is_asked_for_and_the_text_stays(world, place):
    path, field = at(world, place)
    form = fields_of(world, path)
    assert post(world, path, {**form, "once": "1", field: "What they wrote"}).status_code == 303
    mine = {**form, "once": "2", field: "What I wrote"}
    chosen = met(post(world, path, mine))
    again = post(world, path, {**mine, **chosen})
    assert again.status_code == 422 and "Choose whose to keep" in again.text and "What I wrote" in again.text
    assert fields_of(world, path)[field] == "What they wrote"
    assert met(again) == chosen, "the same question"


def test_what_only_one_of_them_changed_is_chosen_already(world):
    path = "/plans/twin/edit"
    form = fields_of(world, path)
    assert post(world, path, {**form, "once": "1", "short_name": "Theirs"}).status_code == 303
    mine = {**form, "once": "2", "title": "Mine"}
    chosen = met(post(world, path, mine))
    assert (chosen["keep-short_name"], chosen["keep-title"]) == ("theirs", "mine")
    assert post(world, path, {**mine, **chosen}).status_code == 303
    now = fields_of(world, path)
    assert (now["title"], now["short_name"]) == ("Mine", "Theirs")


def test_a_choice_is_not_followed_if_theirs_was_changed_again(world):
    path = "/plans/twin/edit"
    form = fields_of(world, path)
    assert post(world, path, {**form, "once": "1", "title": "Theirs"}).status_code == 303
    mine = {**form, "once": "2", "title": "Mine"}
    chosen = met(post(world, path, mine))
    now = fields_of(world, path)
    assert post(world, path, {**now, "once": "3", "title": "A third"}).status_code == 303
    late = post(world, path, {**mine, **chosen, "keep-title": "theirs"})
    assert (
        late.status_code == 409
        and "A third" in read(late.text).one("table", class_="compare").text
        and 'value="Mine"' in late.text
    )
    assert "keep-title" not in met(late), "they are asked again"


FIVE = "/plans/twin/recommendations/5"
PLACE = {"stood": "5", "recommendation": "6", "ref": "6.9", "place": "1"}
SMALL = {
    "its number": (f"{FIVE}/edit", f"{FIVE}/move", {"number": "5A", "place": "5"}, "number"),
    "its withdrawal": (f"{FIVE}/edit", f"{FIVE}/withdraw", {"reason": "Met by 6."}, "step"),
    "a place": ("{action}/edit", "{action}/place", PLACE, "ref"),
    "a reading": ("{action}/edit", "{action}/reading", {"words": "16 March 2018", "reason": "Typed wrongly."}, "words"),
    "a state": ("/plans/twin/edit", "/plans/twin/state", {"to": "closed", "on_day": "6 April 2018"}, "step"),
}


def small(world, what: str) -> tuple[str, dict[str, str], str, Any]:
    """A small form that is sent after someone else changed the words beside it; and the answer to it."""
    edited, path, typed, name = SMALL[what]
    action = f"/actions/{world.actions['5.2']}"
    edited, path = edited.format(action=action), path.format(action=action)
    field = "title" if what == "a state" else "text"
    form = fields_of(world, edited)
    assert post(world, edited, {**form, field: "What they wrote"}).status_code == 303
    return path, typed, name, post(world, path, {**typed, "version": form["version"]})


def asked(answer) -> dict[str, Any]:
    """Return what the page asks to be chosen, without an answer, and the version that it is chosen at."""
    main = read(answer.text).one("main")
    rows = main.all("input", name="differs")
    form = main.one("form", id=rows[0].attrs["form"])
    return {
        "differs": [one.attrs["value"] for one in rows],
        "version": form.one("input", name="version").attrs["value"],
    }


@pytest.mark.parametrize("what", SMALL)
def test_a_small_form_shows_both_and_nothing_of_it_is_lost(world, what):
    path, typed, name, met = small(world, what)
    assert met.status_code == 409 and "Someone else changed" in met.text
    choices = asked(met)
    compared = read(met.text).one("table", class_="compare").text
    last = list(typed.values())[-1] if name == "step" else typed[name]
    assert name in choices["differs"] and last in compared
    before = the_record()
    unsaid = post(world, path, {**typed, **choices})
    assert unsaid.status_code == 422 and "Choose whose to keep" in unsaid.text and the_record() == before
    given_up = post(world, path, {**typed, **choices, **{f"keep-{one}": "theirs" for one in choices["differs"]}})
    assert given_up.status_code == 303 and the_record() == before
    saved = post(world, path, {**typed, **choices, **{f"keep-{one}": "mine" for one in choices["differs"]}})
    assert saved.status_code == 303, read(saved.text).one("main").text
    assert the_record() != before


def test_what_cannot_be_done_any_more_is_beside_what_was_done_and_is_not_offered(world):
    withdraw = {"version": fields_of(world, f"{FIVE}/edit")["version"]}
    assert post(world, f"{FIVE}/withdraw", {**withdraw, "reason": "Met by 6."}).status_code == 303
    late = post(world, f"{FIVE}/withdraw", {**withdraw, "reason": "A twin of 7."})
    main = read(late.text).one("main")
    assert late.status_code == 409 and "A twin of 7." in main.one("table", class_="compare").text
    assert not main.all("input", name="differs")
    assert main.one("form", id="stands").one("textarea").whole_text == "", "it is no reason to take it up again"
    close = {"version": fields_of(world, "/plans/twin/edit")["version"], "to": "closed"}
    assert post(world, "/plans/twin/state", close).status_code == 303
    late = post(world, "/plans/twin/state", {**close, "to": "submitted", "reason": "Too early."})
    compared = read(late.text).one("table", class_="compare").text
    assert late.status_code == 409 and "Submitted: Too early." in compared and "The plan is closed." in compared


def clash(world, way: str, headers, **fields: Any):
    """A lead's form of 5.2 after the programme manager has moved it; and what it holds."""
    lead, action = world.client("lead"), world.actions["5.2"]
    mine = {"status": "in_progress", **NOTE, "version": version_of(action), **fields}
    assert send(world.client("programme_manager"), action, status="partly_complete", did="Half.").status_code == 303
    answer = send(lead, action, htmx=bool(headers), **mine)
    assert answer.status_code == 409
    return lead, action, {**mine, "version": version_of(action), "differs": "status"}, answer


@WAYS
@pytest.mark.parametrize(
    ("keep", "status", "did"),
    [
        ("mine", "in_progress", NOTE["did"]),
        ("theirs", "partly_complete", NOTE["did"]),
        ("both", "partly_complete", f"{NOTE['did']}\n\nNo trainer."),
    ],
)
def test_of_two_delivery_statuses_the_chosen_one_is_kept_and_every_note_is(world, way, headers, keep, status, did):
    lead, action, mine, answer = clash(world, way, headers, reason="No trainer.")
    compared = read(answer.text).one("table", class_="compare").text
    assert "Half." in compared and NOTE["did"] in compared and "Both are kept as notes" in compared
    saved = send(lead, action, htmx=bool(headers), **mine, **{"keep-status": keep})
    assert saved.status_code == (200 if headers else 303), saved.text
    assert fact(action, "status") == status
    assert [note.did for note in notes(action)] == [did, "Half."]


@pytest.mark.parametrize("wrote", [True, False], ids=["with a note", "without one"])
def test_theirs_is_what_was_written_since_the_form_was_opened_in_ones_own_other_window_too(world, wrote):
    lead, action = world.client("lead"), world.actions["5.2"]
    assert send(lead, action, did="Of last month.").status_code == 303
    page = f"/actions/{action}?open={action}"
    seen = {
        name: read(lead.get(page).text).one("form", id=f"a{action}-form").one("input", name=name).attrs["value"]
        for name in ("noted", "version")
    }
    other = {"did": "In the other window."} if wrote else {}
    assert send(lead, action, status="partly_complete", **other).status_code == 303
    answer = send(lead, action, status="in_progress", **NOTE, **seen)
    form = read(answer.text).one("form", id=f"a{action}-form")
    assert answer.status_code == 409 and "You changed 5.2 in another window" in form.text
    told = form.one("table", class_="compare").text
    assert ("In the other window." in told) == wrote and ("No note since you opened this" in told) != wrote
    assert "Of last month." not in told
    assert form.one("input", name="noted").attrs["value"] == seen["noted"], "asked again, it is said again"


def test_a_note_of_a_third_person_is_under_their_name(world):
    lead, action = world.client("lead"), world.actions["5.2"]
    mine = {"status": "in_progress", **NOTE, "version": version_of(action)}
    assert send(world.client("programme_manager"), action, status="partly_complete").status_code == 303
    assert send(world.fresh_client("programme_manager"), action, did="Half of it.").status_code == 303
    told = read(send(lead, action, **mine).text).one("table", class_="compare")
    assert "saved by Programme Manager" in told.text and "Half of it." in told.text


@WAYS
def test_a_delivery_status_that_no_one_chose_is_asked_for(world, way, headers):
    lead, action, mine, _ = clash(world, way, headers, reason="No trainer.")
    before = the_record()
    again = send(lead, action, htmx=bool(headers), **mine)
    assert again.status_code == 422 and "Select which delivery status to keep." in again.text
    assert NOTE["did"] in again.text and the_record() == before


def test_theirs_kept_with_nothing_else_written_saves_nothing(world):
    lead, action = world.client("lead"), world.actions["5.2"]
    set_fact(action, status="in_progress", version=2)
    kept = send(lead, action, answer="done", month="2018-04", differs="status", **{"keep-status": "theirs"})
    assert kept.status_code == 303
    assert (fact(action, "status"), fact(action, "version"), notes(action)) == ("in_progress", 2, [])
    assert "as someone else set it" in lead.get("/").text


@pytest.mark.parametrize(
    ("theirs", "says"), [("in_progress", "You both chose the same"), ("completed", "You can no longer set yours")]
)
def test_a_move_that_can_no_longer_be_made_is_not_offered(world, theirs, says):
    lead, action = world.client("lead"), world.actions["5.2"]
    seen = version_of(action)
    set_fact(action, status=theirs, version=seen + 1)
    answer = send(lead, action, status="in_progress", version=seen, **NOTE)
    form = read(answer.text).one("form", id=f"a{action}-form")
    radios = [one.attrs for one in form.all("input") if one.attrs.get("name") == "keep-status"]
    assert [one["value"] for one in radios] == ["theirs"] and "checked" in radios[0]
    assert says in form.text


def test_who_may_not_write_gains_nothing_by_a_choice(world):
    action = world.actions["5.2"]
    before = the_record()
    for role, code in (("viewer", 403), ("nobody", 404)):
        for keep in ("theirs", "both", ""):
            answer = send(world.client(role), action, status="in_progress", differs="status", **{"keep-status": keep})
            assert answer.status_code == code
    assert the_record() == before


def renumber(world, number: str, to: str) -> None:
    path = f"/plans/twin/recommendations/{number}"
    form = read(world.client("programme_manager").get(f"{path}/edit").text).one("form", id="moved")
    sent = {one.attrs["name"]: one.attrs["value"] for one in form.all("input")}
    assert post(world, f"{path}/move", {**sent, "number": to}).status_code == 303


def said(world, number: str) -> str:
    return fields_of(world, f"/plans/twin/recommendations/{number}/edit")["impact"]


def test_a_form_of_a_recommendation_whose_number_went_to_another_meets_its_own_and_never_that_one(world):
    path = "/plans/twin/recommendations/5/edit"
    mine = {**fields_of(world, path), "once": "1", "impact": "What I wrote"}
    other = said(world, "6")
    renumber(world, "5", "5x")
    renumber(world, "6", "5")
    refused = post(world, path, {**mine, "version": fields_of(world, path)["version"]})
    assert refused.status_code == 303, "the version is that of its own"
    assert (said(world, "5"), said(world, "5x")) == (other, "What I wrote")
    late = post(world, path, {**mine, "once": "2", "impact": "What I wrote then"})
    assert late.status_code == 409 and "What I wrote then" in late.text and said(world, "5") == other
    assert "/plans/twin/recommendations/5x/edit" in late.text, "it is saved from there"


def test_an_action_is_added_where_its_form_was_opened_whatever_its_number_is_now(world):
    path = "/plans/twin/recommendations/5/actions/new"
    form = {**fields_of(world, path), "ref": "5x.9", "text": "Listen to children."}
    renumber(world, "5", "5x")
    renumber(world, "6", "5")
    added = post(world, path, form)
    assert added.headers["Location"] == "/plans/twin/recommendations/5x"
    assert "Listen to children." in world.client("viewer").get("/plans/twin/recommendations/5x").text


def test_a_form_that_names_no_recommendation_of_the_plan_changes_none(world):
    path = "/plans/twin/recommendations/5/edit"
    mine = fields_of(world, path)
    for item in ("99999", str(2**31), "-1", "x"):
        before = the_record()
        answer = post(world, path, {**mine, "item": item, "version": "0", "impact": "Nowhere"})
        assert answer.status_code in {404, 409} and the_record() == before
