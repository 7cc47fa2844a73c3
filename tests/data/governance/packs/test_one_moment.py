"""Papers show the record at one moment, though others write meanwhile."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, or_, select

from ilacs_app import clock
from ilacs_app.as_at import queries as as_at
from ilacs_app.as_at import replica
from ilacs_app.db import db, transaction
from ilacs_app.governance.challenges.commands import QuestionWish, ask_question
from ilacs_app.governance.decisions.commands import DecisionWish, decide
from ilacs_app.governance.decisions.rules import DecisionKind
from ilacs_app.governance.meetings.commands import set_meeting
from ilacs_app.governance.meetings.queries import meeting_of
from ilacs_app.governance.packs.contents import pack_material
from ilacs_app.governance.packs.document import to_json
from ilacs_app.governance.packs.documents import pack_documents
from ilacs_app.governance.packs.model import Pack, PackFile
from ilacs_app.governance.packs.queries import pack_files_named
from ilacs_app.history import HistoryChange, hold_still
from ilacs_app.history.replay import RowChange, folded
from ilacs_app.people.boards.commands import board_named
from ilacs_app.people.boards.queries import board_by_slug
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import NoteText
from tests.conftest import BY, CHARACTERS, TODAY
from tests.factories import fact, set_fact, token
from tests.rebuilt import differences, from_history, from_tables

DAY = TODAY + timedelta(days=7)
PAPERS = f"/boards/mash-board/meetings/{DAY.isoformat()}/pack"
CLIENTS, ROUNDS, VERSIONS = 8, 6, 3


@pytest.fixture
def meeting(world) -> int:
    with transaction():
        return set_meeting(BY, board_named(BY, "MASH Board"), DAY, "14:00", "Room 1")


def publisher(world, day: date = DAY):
    """Return what publishes a version, in a browser of its own."""
    papers = f"/boards/mash-board/meetings/{day.isoformat()}/pack"
    client = world.client("secretary")
    csrf = Context().run(token, client)
    return lambda number: (
        client.post(papers, data={"csrf_token": csrf, "once": uuid4().hex, "number": str(number)}).status_code
    )


def write_pairs(world, client: int, begin: threading.Barrier) -> None:
    """Write a note, and ask a question in the same words, in one transaction; many times."""
    with world.app.app_context():
        begin.wait(30)
        for number in range(ROUNDS):
            with transaction(60):
                text, action = f"Pair {client} {number}", world.actions["5.1"]
                log_progress(world.author("lead"), action, NoteText(text, "", "Next."))
                board = board_named(BY, "MASH Board")
                wish = QuestionWish(board, text, CHARACTERS["lead"], due_on=DAY, action_id=action)
                ask_question(world.author("board_member"), wish)
        db.session.remove()


def stored_document(world, pack: Pack) -> bytes:
    """Return the bytes of the page of a pack, as they are stored."""
    named = select(PackFile).where(PackFile.pack_id == pack.id, PackFile.format == "page", ~PackFile.exempt)
    file = db.session.scalars(named).one()
    with world.app.extensions["evidence"].open(file.store_key, file.sha256) as opened:
        return opened.read()


def as_it_was_then(pack: Pack, meeting_id: int) -> bytes:
    """Return the document of a pack, made from history alone up to the newest line that the pack shows."""
    up_to = or_(HistoryChange.event_id.is_(None), HistoryChange.event_id <= pack.last_event_id)
    columns = (HistoryChange.entity, HistoryChange.key, HistoryChange.after)
    rows = db.session.execute(select(*columns).where(up_to).order_by(HistoryChange.id)).all()
    connection = replica._connection()
    for statement in replica._schema():
        connection.execute(statement)
    replica._write(connection, folded(RowChange(row.entity, row.key, row.after) for row in rows))
    board = board_by_slug("mash-board")
    assert board is not None
    with as_at._session_on(connection):
        material = pack_material(board, meeting_of(board.id, meeting_id), TODAY)
    connection.close()
    material = replace(material, at=pack.as_at, last_event_id=pack.last_event_id)
    made = pack_documents(material, published_by=CHARACTERS["secretary"], number=pack.number)
    return to_json(made.whole)


def test_papers_published_while_eight_others_write_are_the_record_at_one_moment(world, meeting):
    publish = publisher(world)
    begin = threading.Barrier(CLIENTS + 1)
    with ThreadPoolExecutor(CLIENTS + 1) as threads:
        writers = [threads.submit(write_pairs, world, number, begin) for number in range(CLIENTS)]
        begin.wait(30)
        assert [publish(number + 1) for number in range(VERSIONS)] == [303] * VERSIONS
        for writer in writers:
            writer.result(120)
    db.session.rollback()
    packs = list(db.session.scalars(select(Pack).order_by(Pack.number)))
    assert len(packs) == VERSIONS
    for pack in packs:
        assert stored_document(world, pack) == as_it_was_then(pack, meeting)


def test_papers_published_while_the_board_decides_are_the_record_before_or_after_each_decision(world):
    for ref in ("5.1", "5.2"):
        set_fact(world.actions[ref], due_on=date(2018, 3, 31), status="in_progress")
    with transaction():
        meeting = set_meeting(BY, board_named(BY, "MASH Board"), TODAY)
    publish = publisher(world, TODAY)
    begin = threading.Barrier(2)

    def pause_each() -> None:
        with world.app.app_context():
            begin.wait(30)
            for ref in ("5.1", "5.2"):
                with transaction(60):
                    wish = DecisionWish(
                        f"late-{world.actions[ref]}",
                        DecisionKind.PAUSE,
                        words=f"{ref} waits for the audit.",
                        until=TODAY + timedelta(days=60),
                        version=fact(world.actions[ref], "version"),
                    )
                    decide(world.author("chair"), meeting, wish)
            db.session.remove()

    with ThreadPoolExecutor(1) as threads:
        deciding = threads.submit(pause_each)
        begin.wait(30)
        assert [publish(number + 1) for number in range(VERSIONS)] == [303] * VERSIONS
        deciding.result(120)
    db.session.rollback()
    packs = list(db.session.scalars(select(Pack).order_by(Pack.number)))
    assert [stored_document(world, pack) for pack in packs] == [as_it_was_then(pack, meeting) for pack in packs]
    assert publish(VERSIONS + 1) == 303
    db.session.rollback()
    last = db.session.scalars(select(Pack).where(Pack.number == VERSIONS + 1)).one()
    assert stored_document(world, last) == as_it_was_then(last, meeting)
    assert not differences(from_tables(), from_history())


def test_what_one_transaction_wrote_is_never_torn_in_what_papers_are_made_of(world, meeting):
    """A note and a question of one transaction are both in the papers, or neither is, though two queries read them."""
    board = board_by_slug("mash-board")
    assert board is not None
    begin = threading.Barrier(CLIENTS + 1)
    reads = 0
    with ThreadPoolExecutor(CLIENTS + 1) as threads:
        writers = [threads.submit(write_pairs, world, number, begin) for number in range(CLIENTS)]
        begin.wait(30)
        while not all(writer.done() for writer in writers) or not reads:
            with transaction(60):
                hold_still()
                material = pack_material(board, meeting_of(board.id, meeting), TODAY)
            newest = material.newest_words.get(world.actions["5.1"])
            last = max(material.questions, key=lambda question: question.id, default=None)
            assert (newest.latest.text.did if newest else "") == (last.question if last else "")
            reads += 1
        for writer in writers:
            writer.result(120)


def test_no_one_writes_between_two_reads_of_what_papers_are_made_of(world, meeting):
    """Once papers have read the newest notes, a note and a question of one transaction wait for all other reads."""
    publish, begun, written = publisher(world), threading.Event(), threading.Event()
    publishing = threading.get_ident()

    def write() -> None:
        with world.app.app_context():
            begun.wait(30)
            with transaction(60):
                log_progress(world.author("lead"), world.actions["5.1"], NoteText("One pair", "", "Next."))
                board = board_named(BY, "MASH Board")
                wish = QuestionWish(board, "One pair", CHARACTERS["lead"], due_on=DAY, action_id=world.actions["5.1"])
                ask_question(world.author("board_member"), wish)
            written.set()
            db.session.remove()

    def pause(_connection, _cursor, statement, *_rest) -> None:
        notes = "FROM progress_note" in statement and "progress_note.did" in statement
        if notes and threading.get_ident() == publishing and not begun.is_set():
            begun.set()
            written.wait(2)

    event.listen(db.engine, "after_cursor_execute", pause)
    try:
        with ThreadPoolExecutor(1) as threads:
            writing = threads.submit(write)
            assert publish(1) == 303
            assert begun.is_set()
            writing.result(60)
    finally:
        begun.set()
        event.remove(db.engine, "after_cursor_execute", pause)
    db.session.rollback()
    pack = db.session.scalars(select(Pack)).one()
    assert stored_document(world, pack) == as_it_was_then(pack, meeting)
    assert b"One pair" not in stored_document(world, pack), "it came after"


def test_everything_of_published_papers_can_be_rebuilt_from_history(world, meeting, whole_history):
    assert publisher(world)(1) == 303
    db.session.rollback()
    assert db.session.scalars(select(Pack)).one().published_at <= clock.now()
    assert not differences(from_history(), from_tables())


def test_the_check_of_the_evidence_folder_knows_the_files_of_papers(world, meeting):
    assert publisher(world)(1) == 303
    db.session.rollback()
    store, later = world.app.extensions["evidence"], clock.real_now() + timedelta(hours=2)
    assert store.sweep(pack_files_named(), later).orphans == ()
    key = next(iter(pack_files_named()))
    store._path(key).write_bytes(b"Other bytes")
    assert store.sweep(pack_files_named(), later).wrong == (key,)
