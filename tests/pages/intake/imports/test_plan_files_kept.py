"""A plan file stays with the import that was committed, however the request ended, and goes where none was."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import func, select

from ilacs_app.db import db
from ilacs_app.intake.cli import _take_in
from ilacs_app.intake.imports.commands import Destination
from ilacs_app.intake.imports.model import PlanImport
from ilacs_app.intake.reader.choices import Choices
from ilacs_app.intake.reader.read import read_or_ask
from tests.conftest import BY
from tests.factories import PLAN_FILE, files_in
from tests.pages.intake.merging.test_import_again import NEWER, bring, choices, send, version

DAY = date(2018, 2, 22)


class Lost(RuntimeError):
    """The connection went, or the process was told to stop."""


@contextmanager
def lost(when: str) -> Iterator[None]:
    """Make the next commit fail, before it reaches the database or after it was done there."""
    commit = db.session.commit

    def fail() -> None:
        db.session.commit = commit
        if when == "after":
            commit()
        raise Lost

    db.session.commit = fail
    with pytest.raises(Lost):
        yield


def kept(world) -> tuple[int, int]:
    """Return how many imports name a file, and how many files there are."""
    db.session.rollback()
    named = db.session.scalar(select(func.count()).where(PlanImport.store_key.is_not(None)))
    return named, len(files_in(world.app.config["ILACS"].evidence_folder))


@pytest.mark.parametrize(("when", "there"), [("before", 0), ("after", 1)])
def test_a_file_that_is_uploaded_stays_exactly_where_its_row_does(world, when, there):
    client = world.client("programme_manager")
    fields = {"into": "", "title": "New plan", "dated_on": "22 February 2018", "once": "k"}
    with lost(when):
        send(client, "/import", file=(io.BytesIO(PLAN_FILE.encode()), "plan.csv"), **fields)
    assert kept(world) == (there, there)
    again = send(client, "/import", file=(io.BytesIO(PLAN_FILE.encode()), "plan.csv"), **fields)
    assert again.status_code == 303 and kept(world) == (1, 1)


@pytest.mark.parametrize(("when", "there"), [("before", 0), ("after", 1)])
def test_a_file_that_the_command_line_imports_stays_exactly_where_its_row_does(world, tmp_path, when, there):
    file = tmp_path / "plan.csv"
    file.write_text(PLAN_FILE)
    reading = read_or_ask(file, DAY, {})
    with lost(when):
        _take_in(BY, file, reading, Choices(), Destination(DAY, None, "New plan", "new-plan"))
    assert kept(world) == (there, there)


def test_a_merge_or_a_confirmation_that_is_sent_twice_is_answered_the_second_time_as_the_first(world):
    client = world.client("programme_manager")
    address = bring(client, PLAN_FILE, "first.csv")
    seen = version()
    confirmed = [send(client, f"{address}/confirm", version=seen, once="c") for _ in range(2)]
    assert [(one.status_code, one.location) for one in confirmed] == [(303, "/plans/new-plan")] * 2
    address = bring(client, NEWER, "newer.csv", into="new-plan")
    fields = {"version": version(), "once": "m", **choices(client.get(address).text)}
    merged = []
    for _ in range(2):
        merged.append(send(client, f"{address}/merge", **fields))
        page = client.get("/plans/new-plan").text
        assert "changes imported into New plan" in page, "it says the same again"
    assert [(one.status_code, one.location) for one in merged] == [(303, "/plans/new-plan")] * 2
