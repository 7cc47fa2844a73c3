"""Papers and minutes, with and without their exempt part: every changed byte is found, and none is served."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from ilacs_app.db import db, transaction
from ilacs_app.governance.agenda.commands import change_agenda
from ilacs_app.governance.agenda.queries import facts_at
from ilacs_app.governance.agenda.rules import AgendaChange
from ilacs_app.governance.decisions.commands import DecisionWish, decide
from ilacs_app.governance.decisions.rules import DecisionKind
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.governance.minutes.model import Minutes, MinutesFile
from ilacs_app.governance.packs.model import PackFile
from ilacs_app.people.boards.commands import board_named
from ilacs_app.plan.visibility import actor_with
from tests.auditor import AuditedClient
from tests.conftest import BY, TODAY
from tests.factories import set_fact, token

SEED = 17
MEETING = f"/boards/mash-board/meetings/{TODAY.isoformat()}"
CANARY = "Officer suspended"
OPENED_BY = {False: "viewer", True: "board_member"}
DAMAGED = {
    "pack": ("These papers cannot be opened", "This file is different from what was stored"),
    "minutes": ("These minutes cannot be opened", "These minutes are different from what was published"),
}
ADDRESSES = {
    ("pack", "page"): f"{MEETING}/pack/1",
    ("pack", "pdf"): f"{MEETING}/pack/1/file?format=pdf",
    ("pack", "docx"): f"{MEETING}/pack/1/file?format=docx",
    ("minutes", "json"): f"{MEETING}/minutes",
    ("minutes", "docx"): f"{MEETING}/minutes/1/file",
}
CHANGES = f"{MEETING}/pack/1/changes"


@dataclass(frozen=True)
class PublishedCopy:
    """One format of papers or minutes as it is stored, and what puts other bytes in its place."""

    of: str
    format: str
    exempt: bool
    content: bytes
    write: Callable[[bytes], object]


@pytest.fixture
def meeting(world) -> int:
    """A meeting today with a note on 5.1 in its exempt part, and papers and minutes that are published."""
    set_fact(world.actions["5.1"], due_on=TODAY - timedelta(days=30), status="in_progress")
    set_fact(world.actions["5.2"], due_on=TODAY - timedelta(days=30), status="in_progress")
    with transaction():
        held = set_meeting(BY, board_named(BY, "MASH Board"), TODAY, "14:00", "Room 1")
    close(world, held, "5.1")
    with transaction():
        wish = DecisionWish(f"late-{world.actions['5.1']}", DecisionKind.NOTE, words=CANARY)
        decide(world.author("secretary"), held, wish)
    world.app.test_client_class = AuditedClient
    client = world.client("secretary")
    for path, field in ((f"{MEETING}/pack", {"number": "1"}), (f"/boards/mash-board/meetings/{held}/minutes", {})):
        sent = {"csrf_token": token(client), "once": uuid4().hex, "seen": "0", **field}
        assert client.post(path, data=sent).status_code == 303
    db.session.rollback()
    return held


def close(world, meeting: int, ref: str) -> None:
    """Make an overdue action exempt at a meeting."""
    secretary = actor_with(world.people["secretary"], TODAY)
    assert secretary is not None
    with transaction():
        facts = facts_at(secretary, board_named(BY, "MASH Board"), meeting, TODAY)
        key = f"late-{world.actions[ref]}"
        assert change_agenda(world.author("secretary"), meeting, key, change=AgendaChange.CLOSE, facts=facts)


def rewrite(file_id: int, content: bytes) -> None:
    """Change stored minutes in the database, past all commands."""
    with transaction():
        db.session.execute(update(MinutesFile).where(MinutesFile.id == file_id).values(content=content))


def published(world) -> list[PublishedCopy]:
    """Return every copy of the papers and minutes: five formats, each with and without the exempt part."""
    store, copies = world.app.extensions["evidence"], []
    for part in db.session.scalars(select(PackFile).order_by(PackFile.id)):
        path = store._path(part.store_key)
        copies.append(PublishedCopy("pack", part.format, part.exempt, path.read_bytes(), path.write_bytes))
    for file in db.session.scalars(select(MinutesFile).join(Minutes).order_by(MinutesFile.id)):
        write = lambda content, file_id=file.id: rewrite(file_id, content)  # noqa: E731
        copies.append(PublishedCopy("minutes", file.format, file.exempt, bytes(file.content), write))
    db.session.rollback()
    assert len(copies) == 10
    return copies


@contextmanager
def damaged(copy: PublishedCopy, chance: Random) -> Iterator[None]:
    """Flip one byte of a copy, and put it back."""
    at = chance.randrange(len(copy.content))
    flipped = bytes([copy.content[at] ^ chance.randrange(1, 256)])
    copy.write(copy.content[:at] + flipped + copy.content[at + 1 :])
    try:
        yield
    finally:
        copy.write(copy.content)


def _flipped(world, number: int, record_property) -> None:
    """Flip this many bytes of every copy, one at a time, and open it as someone who may."""
    chance, flipped, reported, served = Random(SEED), 0, 0, 0
    for copy in published(world):
        role, address = OPENED_BY[copy.exempt], ADDRESSES[copy.of, copy.format]
        whole = world.client(role).get(address)
        assert whole.status_code == 200, (copy.of, copy.format, copy.exempt)
        if copy.format in {"page", "json"}:
            assert (CANARY in whole.text or "5.1" in whole.text) == copy.exempt
        for _ in range(number):
            with damaged(copy, chance):
                answer = world.client(role).get(address)
            flipped += 1
            reported += answer.status_code == 500 and all(text in answer.text for text in DAMAGED[copy.of])
            served += answer.status_code == 200 or "Content-Disposition" in answer.headers
        again = world.client(role).get(address)
        assert again.status_code == 200
        assert again.data == whole.data or copy.format in {"page", "json"}, "the token in a page is new each time"
    assert (reported, served) == (flipped, 0)
    for name, value in (("seed", SEED), ("bytes_flipped", flipped), ("reported", reported), ("served", served)):
        record_property(name, value)


def test_a_flipped_byte_of_each_copy_of_papers_and_minutes_is_found_and_not_served(world, meeting, record_property):
    _flipped(world, 1, record_property)


@pytest.mark.proof
def test_100_flipped_bytes_of_each_copy_are_all_found_and_none_is_served(world, meeting, record_property):
    _flipped(world, 100, record_property)


@pytest.mark.parametrize("exempt", [False, True])
def test_no_changes_are_shown_since_papers_whose_page_was_changed(world, meeting, exempt):
    page = next(copy for copy in published(world) if (copy.format, copy.exempt) == ("page", exempt))
    assert world.client(OPENED_BY[exempt]).get(CHANGES).status_code == 200
    with damaged(page, Random(SEED)):
        answer = world.client(OPENED_BY[exempt]).get(CHANGES)
    assert answer.status_code == 500 and "These papers cannot be opened" in answer.text


@pytest.mark.parametrize("file_format", ["page", "pdf", "docx"])
def test_papers_of_what_was_made_exempt_stay_closed_though_a_page_of_theirs_was_changed(world, meeting, file_format):
    """A page of the papers says which of their items are exempt now: where it is damaged, no copy is opened."""
    close(world, meeting, "5.2")
    address = ADDRESSES["pack", file_format]
    answer = world.client("viewer").get(address)
    assert answer.status_code == 403 and "You cannot open this" in answer.text
    for page in [copy for copy in published(world) if copy.format == "page"]:
        with damaged(page, Random(SEED)):
            answer = world.client("viewer").get(address)
        assert answer.status_code in {403, 500} and "Content-Disposition" not in answer.headers, page.exempt


def test_members_open_the_files_of_papers_whose_page_was_changed(world, meeting):
    page = next(copy for copy in published(world) if copy.format == "page" and copy.exempt)
    with damaged(page, Random(SEED)):
        assert world.client("board_member").get(ADDRESSES["pack", "pdf"]).status_code == 200
