"""History as a page and as a file: what changed in words, narrowed, a page at a time, and for whom."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from ilacs_app.changes.labels import change_words
from ilacs_app.changes.queries import PAGE_LINES
from ilacs_app.changes.rules import VERB_GROUPS
from ilacs_app.db import transaction
from ilacs_app.editing.actions.commands import change_action
from ilacs_app.editing.actions.rules import ActionContent
from ilacs_app.governance.challenges.commands import QuestionWish, ask_question
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.history import VERBS
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.teams.commands import make_team
from ilacs_app.progress.evidence.commands import EvidenceText, attach_evidence
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import NoteText
from tests.auditor import read
from tests.conftest import BY, CHARACTERS
from tests.factories import NOTE, send, version_of

ROADS = ("/history", "/plans/twin/history", "/boards/mash-board/history", "/history/file", "/history?person=1")


def rows(text: str) -> list[str]:
    """The lines of a page, in order."""
    return [row.text for row in read(text).all("tr") if row.attrs.get("id", "").startswith("change-")]


def lines_of(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_each_verb_is_in_one_group():
    grouped = [verb for _, verbs in VERB_GROUPS.values() for verb in verbs]
    assert sorted(grouped) == sorted(VERBS)


def test_a_change_is_told_with_what_was_before_and_after(world):
    action = world.actions["5.2"]
    with transaction():
        change_action(
            world.author("programme_manager"),
            action,
            version_of(action),
            ActionContent("Brief every team anew.", ("Quality Lead",)),
        )
    newest = rows(world.client("viewer").get("/history").text)[0]
    assert "Action changed" in newest and "Programme Manager" in newest and "5.2" in newest
    assert "→ Brief every team anew." in newest and "Quality Lead" in newest


def test_history_is_narrowed_by_day_kind_person_plan_board_and_reference(world, on):
    on(date(2018, 5, 3))
    assert send(world.client("lead"), world.actions["5.2"], **NOTE).status_code == 303
    on(date(2018, 5, 9))
    with transaction():
        log_progress(world.author("other_lead"), world.actions["6.2"], NoteText("Other words."))
        set_meeting(world.author("chair"), board_named(BY, "MASH Board"), date(2018, 6, 1))
    client = world.client("programme_manager")

    def found(query: str, path: str = "/history") -> list[str]:
        return rows(client.get(f"{path}?{query}").text)

    assert len(found("since=9 May 2018")) == 2 and len(found("since=3 May 2018&until=3 May 2018")) == 1
    assert len(found("group=updates")) == 2 and len(found("group=boards&since=2018-05-01")) == 1
    assert len(found(f"person={world.people['lead']}")) == 1
    assert [("5.2" in row) for row in found("ref=5.2&group=updates")] == [True]
    assert len(found("group=updates", "/plans/twin/history")) == 2
    of_board = found("since=2018-05-01", "/boards/mash-board/history")
    assert len(of_board) == 2 and not [row for row in of_board if "Other words." in row]
    assert len(found(f"action={world.actions['6.2']}&group=updates")) == 1


@pytest.mark.parametrize("road", ["/history", "/plans/twin/history", "/boards/mash-board/history"])
@pytest.mark.parametrize(
    ("asked", "field", "problem"),
    [
        ("since=Spring", "h-since", "Enter “Spring” as a date, such as 14 May 2026."),
        ("until=2018-02-30", "h-until", "Enter “2018-02-30” as a date, such as 14 May 2026."),
        ("since=3 May 2018&until=2 May 2018", "h-until", "Enter 3 May 2018 or a later date."),
    ],
)
def test_a_wrong_day_is_reported_at_its_field_and_stays_there(world, road, asked, field, problem):
    answer = world.client("viewer").get(f"{road}?{asked}")
    page = read(answer.text)
    assert answer.status_code == 422 and page.all("title")[0].text.startswith("Error: ")
    (day,) = page.all("input", id=field)
    assert day.attrs["aria-invalid"] == "true" and day.attrs["aria-describedby"] == f"{field}-error"
    assert day.attrs["value"] == asked.rpartition("=")[2]
    assert problem in page.all("p", id=f"{field}-error")[0].text
    (link,) = page.all("div", class_="govuk-error-summary")[0].all("a")
    assert (link.attrs["href"], link.text) == (f"#{field}", problem)
    assert len([one for one in page.all("input") if "aria-invalid" in one.attrs]) == 1


def test_a_file_with_a_wrong_day_is_refused(world):
    assert world.client("viewer").get("/history/file?since=Spring").status_code == 422


def test_the_history_of_a_person_is_what_they_changed(world):
    send(world.client("lead"), world.actions["5.2"], **NOTE)
    with transaction():
        log_progress(world.author("other_lead"), world.actions["6.2"], NoteText("By someone else."))
    road = f"/people/{world.people['lead']}/history"
    listed = rows(world.client("viewer").get(road).text)
    assert len(listed) == 1 and NOTE["did"] in listed[0]
    assert world.client("partner").get(road).status_code == 404
    own = f"/people/{world.people['partner']}/history"
    assert world.client("partner").get(own).status_code == 200
    assert f'href="{own}"' in world.client("partner").get("/account").text
    assert f'href="{road}"' in world.client("programme_manager").get("/people/hand-over").text


def test_values_are_shown_by_name_and_in_words(world):
    with transaction():
        make_team(world.author("programme_manager"), "Front door", [world.people["lead"]])
    newest = rows(world.client("administrator").get("/history").text)[0]
    assert "Members: " in newest and CHARACTERS["lead"] in newest


def test_the_pages_follow_each_other_without_a_gap_and_the_file_holds_them_all(world):
    client, seen = world.client("viewer"), []
    address = "/history"
    while address:
        page = read(client.get(address).text)
        seen += [row.attrs["id"] for row in page.all("tr") if row.attrs.get("id", "").startswith("change-")]
        links = [link.attrs["href"] for link in page.all("a") if link.attrs.get("rel") == "next"]
        address = links[0] if links else ""
    numbers = [int(id_.removeprefix("change-")) for id_ in seen]
    assert len(numbers) > PAGE_LINES and numbers == sorted(set(numbers), reverse=True)
    file = client.get("/history/file")
    assert file.mimetype == "text/csv"
    assert len({tuple(line.items())[:8] for line in lines_of(file)}) <= len(numbers) <= len(lines_of(file))


def test_the_file_is_the_filtered_list(world):
    send(world.client("lead"), world.actions["5.2"], **NOTE)
    lines = lines_of(world.client("viewer").get("/history/file?group=updates"))
    assert {line["Change"] for line in lines} == {"Note added"}
    assert {(line["Value"], line["After"]) for line in lines} >= {("What we did", NOTE["did"])}


CANARY = "Canary of history"


def test_a_partner_reads_the_history_of_its_items_alone(world):
    manager = world.author("programme_manager")
    with transaction():
        log_progress(manager, world.actions["6.2"], NoteText(f"{CANARY} elsewhere"))
        log_progress(manager, world.actions["5.2"], NoteText("Of the MASH Board"))
        make_team(manager, f"{CANARY} team", [])
        set_meeting(manager, board_named(BY, f"{CANARY} board"), date(2018, 6, 1))
        restricted = EvidenceText(f"{CANARY} secret", "audit", "restricted", "https://intranet.example/canary")
        attach_evidence(manager, world.actions["5.2"], restricted)
    partner = world.client("partner")
    assert "Of the MASH Board" in partner.get("/history").text
    for road in ROADS:
        answer = partner.get(road)
        assert CANARY not in answer.get_data(as_text=True), road
        assert "https://intranet.example/canary" not in answer.get_data(as_text=True), road


@pytest.mark.parametrize(
    ("role", "reads"), [("administrator", True), ("programme_manager", True), ("viewer", False), ("inspector", False)]
)
def test_accounts_and_teams_are_read_by_administrators_and_managers_of_all_plans(world, role, reads):
    with transaction():
        make_team(BY, "A team of its own", [])
    text = world.client(role).get("/history").text
    assert ("A team of its own" in text) == reads
    assert ("Accounts, teams and delegates" in text) == reads


@pytest.mark.parametrize(("role", "reads"), [("viewer", True), ("partner", True), ("inspector", False)])
def test_questions_of_boards_are_read_by_those_who_may_read_them(world, role, reads):
    action = world.actions["5.3"]
    with transaction():
        for n in range(PAGE_LINES + 5):
            log_progress(world.author("lead"), action, NoteText(did=f"Update {n} before the question"))
        board_id = board_named(BY, "MASH Board")
    with transaction():
        wish = QuestionWish(board_id, "Why is it late?", CHARACTERS["lead"], date(2018, 4, 20), action_id=action)
        ask_question(world.author("board_member"), wish)
    for road in ("/history", "/plans/twin/history", "/boards/mash-board/history", "/history/file"):
        answer = world.client(role).get(road)
        assert answer.status_code == 200, road
        assert ("Why is it late?" in answer.get_data(as_text=True)) == reads, road
    assert len(rows(world.client(role).get("/history").text)) == PAGE_LINES


def test_ids_and_hashes_are_in_no_line():
    words = change_words(
        "note_logged", {}, {"note_id": 4, "sha256": "ab" * 32, "did": "Done", "due_on": "2018-04-30", "brag": "red"}
    )
    assert [(one.label, one.after) for one in words] == [
        ("What we did", "Done"),
        ("Due", "30 April 2018"),
        ("Rating", "Red: off track"),
    ]


def test_evidence_says_what_it_shows_but_restricted_evidence_does_not(world):
    link = "https://intranet.example/sample"
    with transaction():
        for sensitivity in ("open", "restricted"):
            text = EvidenceText(f"Dip sample, {sensitivity}", "audit", sensitivity, link)
            attach_evidence(world.author("lead"), world.actions["5.2"], text)
    restricted, described = rows(world.client("programme_manager").get("/history").text)[:2]
    assert "What it shows: Dip sample, open" in described and link in described
    assert "Evidence added: restricted evidence" in restricted and "Dip sample" not in restricted
