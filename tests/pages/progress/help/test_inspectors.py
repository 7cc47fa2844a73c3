"""An open request for help is not shared with an inspector, wherever its words are; a closed one is."""

from __future__ import annotations

import io
import zipfile

import pytest

from ilacs_app.db import transaction
from ilacs_app.people.commands import grant_role
from tests.conftest import BY
from tests.factories import send

BLOCKER = "zqblocked by the supplier"


def _addresses(world, action: int) -> list[str]:
    return [
        f"/actions/{action}",
        "/plans/twin?q=a",
        "/plans/twin/actions",
        "/plans/twin/recommendations/5",
        "/boards/mash-board",
        "/search?q=zqblocked",
        "/history",
        "/plans/twin/history",
        f"/history?action={action}",
        "/history/file",
        "/plans/twin/export/file?format=csv",
        "/plans/twin/export/file?format=json",
        "/plans/twin/export/file?format=docx&form=progress",
        "/plans/twin/export/list?format=csv",
        "/boards/mash-board/export/list?format=csv",
    ]


def _says(client, address: str) -> bool:
    answer = client.get(address)
    assert answer.status_code == 200, address
    data = answer.data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            data = b"".join(file.read(name) for name in file.namelist())
    text = data.decode("utf-8", "replace").replace("<mark>", "").replace("</mark>", "")
    if address.startswith("/search"):
        return "by the supplier" in text
    return "zqblocked" in text


@pytest.fixture
def called(world) -> int:
    action = world.actions["5.2"]
    send(world.client("lead"), action, did="Guidance drafted with the police.")
    assert send(world.client("lead"), action, answer="need_help", blocker=BLOCKER).status_code == 303
    return action


def test_an_inspector_reads_no_word_of_it_while_it_is_open_and_a_viewer_does(world, called):
    said_to_viewer = [address for address in _addresses(world, called) if _says(world.client("viewer"), address)]
    assert len(said_to_viewer) > 10, said_to_viewer
    assert [address for address in _addresses(world, called) if _says(world.client("inspector"), address)] == []
    page = world.client("inspector").get("/plans/twin/actions").text
    assert "Guidance drafted with the police." in page, "the update before it is the latest"


PAGES = (
    "/actions/{}",
    "/plans/twin?brag=amber",
    "/plans/twin/actions",
    "/plans/twin/recommendations/12",
    "/search?q=q",
)


def test_the_reason_of_a_rating_tells_an_inspector_of_no_request(world):
    """12.4 is well before its date: the request is the only reason for its amber."""
    action = world.actions["12.4"]
    send(world.client("programme_manager"), action, did="The first homes are let.")
    assert send(world.client("programme_manager"), action, answer="need_help", blocker=BLOCKER).status_code == 303
    pages = [page.format(action) for page in PAGES]
    viewed = {page: world.client("viewer").get(page).text.casefold() for page in pages}
    assert "why: help requested" in viewed[f"/actions/{action}"]
    inspected = {page: world.client("inspector").get(page).text.casefold() for page in pages}
    assert [page for page, text in inspected.items() if "help requested" in text] == []
    assert "why: a concern about progress has been raised" in inspected[f"/actions/{action}"]
    assert "amber: at risk" in inspected[f"/actions/{action}"]


def test_once_it_is_closed_an_inspector_reads_it_as_everyone_does(world, called):
    assert send(world.client("lead"), called, answer="on_track").status_code == 303
    assert _says(world.client("inspector"), f"/actions/{called}")
    assert _says(world.client("inspector"), "/search?q=zqblocked")


def test_an_inspector_who_also_reads_the_plan_for_another_reason_sees_it(world, called):
    with transaction():
        grant_role(BY, world.people["inspector"], "viewer")
    assert _says(world.client("inspector"), f"/actions/{called}")
    assert world.client("inspector").get("/plans/twin/check").status_code == 200


def test_the_plan_check_and_delegates_are_not_offered_to_an_inspector(world):
    client = world.client("inspector")
    assert "/plans/twin/check" not in client.get("/plans/twin").text
    assert "/stand-ins" not in client.get("/account").text
    refused = client.get("/plans/twin/check")
    assert refused.status_code == 403 and "Only people who are not inspectors can read the plan check." in refused.text
    assert "/plans/twin/check" in world.client("viewer").get("/plans/twin").text
