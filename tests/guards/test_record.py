"""No command changes the record without its event, and history holds all that a command changed."""

from __future__ import annotations

import inspect
import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from ilacs_app.db import db, transaction, write_rows
from ilacs_app.history.catalogue import OUTSIDE, RECORD
from ilacs_app.people.model import Person
from ilacs_app.people.teams.model import Team
from ilacs_app.plan.model import Action, ActionPerson, ActionPlace, Recommendation
from ilacs_app.progress.evidence.model import Evidence
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.model import ProgressNote
from ilacs_app.progress.notes.rules import NoteText
from ilacs_app.search.index import SearchKind, as_kept, place
from tests.conftest import CHARACTERS
from tests.factories import all_rows, changed
from tests.guards.calls import (
    CALLED_BY,
    CALLS,
    EXEMPT,
    PARTS_OF_COMMANDS,
    drawn_commands,
    public_commands,
    running,
    wish_status,
)
from tests.rebuilt import differences, from_history, from_tables


def test_every_command_is_called_or_exempt_for_a_reason():
    commands, called = set(public_commands()), set().union(*CALLS.values())
    exempt = set().union(*EXEMPT.values())
    assert not called & exempt
    assert not commands - called - exempt - PARTS_OF_COMMANDS, "a command that no test of history calls"
    assert not called - commands, "what is called here is no command any more"
    assert not (exempt | PARTS_OF_COMMANDS) - commands, "what is exempt is no command any more"


def test_every_table_is_of_the_record_or_outside_it_for_a_reason():
    assert {*RECORD, *OUTSIDE} == set(db.metadata.tables)
    assert not set(RECORD) & set(OUTSIDE)
    for name, never in RECORD.items():
        assert set(never) <= set(db.metadata.tables[name].columns.keys()), name


def test_a_transaction_that_changes_the_record_without_an_event_is_refused(world, whole_history):
    for change in (
        lambda: db.session.execute(update(Action).where(Action.id == world.actions["5.2"]).values(text="Other")),
        lambda: db.session.execute(delete(ActionPerson)),
        lambda: write_rows(
            ActionPerson, [{"action_id": world.actions["5.2"], "part": "owner", "name": "A", "person_id": None}]
        ),
        lambda: db.session.add(Team(name="A team")),
        lambda: setattr(db.session.get_one(Person, world.people["lead"]), "title", "Head of Service"),
    ):
        before = all_rows()
        with pytest.raises(RuntimeError, match="changed without an event"), transaction():
            change()
        assert all_rows() == before


def test_every_command_writes_its_event_in_the_same_transaction(world, whole_history):
    wrong, after = [], all_rows()
    commands, drawn = public_commands(), drawn_commands()
    for feature, calls in CALLS.items():
        for name, call in calls.items():
            before = after
            with transaction(), running() as begun:
                call(world)
            if commands[name].__code__ not in begun:
                wrong.append(f"{feature}.{name} is not called")
            after = all_rows()
            tables = changed(before, after)
            if not tables - {"history_event"}:
                wrong.append(f"{feature}.{name} changed nothing here")
            earlier, events = (set(map(repr, rows["history_event"])) for rows in (before, after))
            if not events - earlier:
                wrong.append(f"{feature}.{name} changed {sorted(tables)} without an event")
            if earlier - events:
                wrong.append(f"{feature}.{name} changed what history says")
            lost = differences(from_tables(), from_history())
            if lost:
                wrong.append(f"{feature}.{name} cannot be made again from history: {lost[:3]}")
            if tables & set(RECORD) and name not in drawn | CALLED_BY.keys():
                wrong.append(
                    f"{feature}.{name} changes the record and is not drawn: see tests/data/history/commands.py"
                )
    assert not wrong, "\n".join(wrong)


def test_what_is_drawn_through_another_command_is_called_by_it():
    commands, drawn = public_commands(), drawn_commands()
    assert len(drawn) > 60 and not drawn & CALLED_BY.keys()
    for name, caller in CALLED_BY.items():
        assert caller in drawn, f"{caller}, which calls {name}, is not drawn"
        module = inspect.getmodule(commands[caller])
        assert module and re.search(rf"(?<!def )\b{name}\(", inspect.getsource(module)), f"{caller}: {name}"


def _findable() -> dict[int, set[str]]:
    """Return what the index keeps: the words at each place."""
    db.session.execute(
        text("create virtual table if not exists temp.kept using fts5vocab(main, search_text, instance)")
    )
    found: dict[int, set[str]] = {}
    for at, word in db.session.execute(text("select doc, term from temp.kept")):
        found.setdefault(at, set()).add(word)
    return found


def _should_be_findable() -> dict[int, set[str]]:
    """The same, from what the record says now."""
    wanted: dict[int, set[str]] = {}

    def said(kind: SearchKind, rows: Any) -> None:
        for item_id, *texts in rows:
            wanted.setdefault(place(kind, item_id), set()).update(as_kept("sqlite", texts).split())

    ask = db.session.execute
    said(SearchKind.RECOMMENDATION, ask(select(Recommendation.id, Recommendation.number, Recommendation.text)))
    said(SearchKind.ACTION, ask(select(Action.id, Action.text, Action.imported_note)))
    said(SearchKind.ACTION, ask(select(ActionPlace.action_id, ActionPlace.ref)))
    note = ProgressNote
    said(SearchKind.NOTE, ask(select(note.id, note.did, note.difference, note.next_step, note.blocker)))
    said(SearchKind.EVIDENCE, ask(select(Evidence.id, Evidence.shows, Evidence.file_name, Evidence.url)))
    return {at: words for at, words in wanted.items() if words}


def test_every_command_hands_its_words_to_the_index(world):
    assert _findable() == _should_be_findable()
    for feature, calls in CALLS.items():
        for name, call in calls.items():
            with transaction():
                call(world)
            kept, wanted = _findable(), _should_be_findable()
            assert kept == wanted, f"{feature}.{name} left words behind: see ilacs_app/search/index.py, keep"


def test_every_kind_of_status_move_writes_its_event_with_before_and_after(world):
    for role, ref, to, more in (
        ("lead", "5.2", "in_progress", {}),
        ("lead", "5.2", "not_started", {"reason": "Set by mistake."}),
        ("secretary", "5.2", "paused", {"reason": "Vacancy.", "review_on": date(2018, 6, 1)}),
        ("chair", "5.2", "not_started", {"reason": "Filled."}),
        ("chair", "5.2", "withdrawn", {"reason": "Not needed."}),
        ("chair", "5.2", "not_started", {"reason": "It is."}),
        ("verifier", "6.1", "verified", {"reason": "Twenty records held."}),
        ("programme_manager", "6.1", "slipped_back", {"reason": "It no longer holds."}),
    ):
        before = all_rows()["history_event"]
        with transaction():
            wish_status(world, role, ref, to, **more)
        new = [row for row in all_rows()["history_event"] if row not in before]
        assert len(new) == 1, to
        assert CHARACTERS[role] in new[0]
        assert any(isinstance(value, dict) and value.get("status") == to for value in new[0]), new[0]


def test_a_command_that_is_rolled_back_leaves_no_event(world):
    before = all_rows()
    try:
        with transaction():
            log_progress(world.author("lead"), world.actions["5.2"], NoteText("Done"))
            raise KeyError
    except KeyError:
        pass
    assert all_rows() == before
