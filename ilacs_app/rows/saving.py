"""Saving the form of a row: refused with the reason, in conflict, or written in one transaction."""

from __future__ import annotations

from flask import Response, url_for

from ilacs_app import clock
from ilacs_app.access import Act, Actor, who_may
from ilacs_app.errors import NotAllowed, Refused, Stale
from ilacs_app.files.store import FileKept
from ilacs_app.files.uploads import discard
from ilacs_app.forms.saving import saved_before, write_once
from ilacs_app.history import Author
from ilacs_app.personal_data import child_warning
from ilacs_app.plan.lists.rows import ActionRow, action_row
from ilacs_app.plan.parsing.timescales import describe, read_timescale
from ilacs_app.plan.rules import STATUS_WORDS
from ilacs_app.plan.visibility import anew
from ilacs_app.plan.writing import hold
from ilacs_app.progress.dates.commands import ask_new_date
from ilacs_app.progress.evidence.commands import attach_each
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.rules import ANSWERS
from ilacs_app.progress.queries import ActionAccess, action_for
from ilacs_app.progress.status.commands import move_status, stands_already
from ilacs_app.progress.status.rules import MoveKind, moves, why_not_open
from ilacs_app.rows.answer import row_not_saved, row_saved
from ilacs_app.rows.form import UpdateForm
from ilacs_app.rows.next_row import next_to_answer
from ilacs_app.rows.open_row import OpenRow, may_open, opened, row_conflict
from ilacs_app.rows.place import RowPlace
from ilacs_app.web import (
    actor,
    asked_from,
    local_address,
)


def save(action_id: int, part: str) -> Response:
    """Save the form of a row and answer with the row; ``part`` is what must be in it (see ``UpdateForm.check``)."""
    access = action_for(actor(), action_id)
    form = UpdateForm.for_stand(access, clock.today())
    place = _place_of(form, action_id)
    before = saved_before(form)
    following = next_to_answer(place, action_id, testing=bool(form.verdict.data)) if form.goes_on else []
    if before is not None:
        return row_saved(action_id, place, before, following, warning=child_warning(form.written))
    problem = _problem(form, access, part)
    files = form.keep() if problem is None else []
    if problem is None and files is None:
        problem = 422, opened(form, access)
    if problem is not None:
        status, row = problem
        return row_not_saved(action_id, place, row, status)
    unsaved = action_row(actor(), action_id, clock.today())
    stored = _store(action_id, form, access, files or [], _message(unsaved, form, access))
    if isinstance(stored, str):
        return row_saved(action_id, place, stored, following, unsaved=unsaved, warning=child_warning(form.written))
    status, row = stored
    return row_not_saved(action_id, place, row, status)


Problem = tuple[int, OpenRow]
"""The status to answer with where a form is not saved, and its row."""


def _problem(form: UpdateForm, access: ActionAccess, part: str) -> Problem | None:
    """Return what is wrong with a form before anything is written, and its row; nothing if it can be saved.

    Raises:
        NotAllowed: it is not theirs to send.
    """
    decided = form.settle(access)
    writes = bool(part in {"note", "evidence", "date"} or form.note or form.has_evidence or form.asks_date)
    decides = access.standing.decides and not writes
    if not may_open(access) and decides and form.is_stale(access):
        return 409, opened(form, access, row_conflict(form, access))
    if not (may_open(access) or (decides and form.given_up)) or (writes and not access.standing.may_write):
        raise NotAllowed(who_may(Act.WRITE) if writes else why_not_open(access.position, access.standing))
    if not decided:
        return 422, opened(form, access, row_conflict(form, access))
    return None if form.check(part, access) else (422, opened(form, access))


def _store(
    action_id: int, form: UpdateForm, access: ActionAccess, files: list[FileKept], message: str
) -> str | Problem:
    """Write what the form holds. Returns the confirmation, or why it was not saved."""
    by = author_on(actor(), access)
    spare: list[FileKept] = []

    def write(changed: bool) -> None:
        spare.extend(_write(by, action_id, form, files, changed=changed))

    try:
        told = write_once(form, message, write, further=True)
    except (Refused, Stale) as refusal:
        discard(files)
        now = action_for(actor(), action_id)
        if isinstance(refusal, Refused):
            form.refuse(refusal)
            return 422, opened(form, now)
        return 409, opened(form, now, row_conflict(form, now))
    discard(spare if told.wrote else files)
    return told.message


def _write(by: Author, action_id: int, form: UpdateForm, files: list[FileKept], *, changed: bool) -> list[FileKept]:
    """Write all that the form holds, in the open transaction, with checks made inside it.

    Where the form was saved before and ``changed`` since, a note and files that were saved then word for word are
    not written again. Returns the files that no row names for that reason.
    """
    spare: list[FileKept] = []
    wish = form.wish()
    if wish:
        hold(action_id)
    if form.note and not (changed and stands_already(by, action_id, form.note)):
        log_progress(by, action_id, form.note)
    if form.has_evidence:
        spare = attach_each(by, action_id, form.evidence_text(), files, changed=changed)
    date_wish = form.date_wish()
    if date_wish:
        ask_new_date(by, action_id, date_wish)
    if wish:
        access = action_for(anew(actor(), clock.today()), action_id)
        if wish.version != access.version:
            raise Stale
        move_status(by, action_id, wish, access.position, access.standing)
    return spare


def _message(row: ActionRow, form: UpdateForm, access: ActionAccess) -> str:
    """Return the confirmation of a saved form; ``row`` is the action before."""
    done = []
    if form.answer.data:
        done.append(f"{ANSWERS.get(form.answer.data, '')}.")
    if form.note and form.note.has_text:
        done.append("Note added.")
    if form.has_evidence:
        done.append(f"Evidence added: {len(form.uploads)} files." if len(form.uploads) > 1 else "Evidence added.")
    if form.words.data:
        reading = describe(read_timescale(form.words.data, row.facts.plan_dated_on))
        done.append(f"New date requested: {reading}. The current date applies until this is agreed.")
    if form.given_up:
        done.append(f"Delivery status: {STATUS_WORDS[row.status]}, as someone else set it.")
    if form.status_wanted:
        done.append(_moved(form, access))
    done.append(child_warning(form.written))
    return f"Saved: {row.ref} {_shortened(row.text)} {' '.join(filter(None, done))}"


def _moved(form: UpdateForm, access: ActionAccess) -> str:
    """Return the confirmation of the status move that the form asks for."""
    move = next((move for move in moves(access.position, access.standing) if move.to == form.status_wanted), None)
    if move and move.kind == MoveKind.SENT_BACK:
        return "Sent back."
    return f"Delivery status: {STATUS_WORDS.get(form.status_wanted, '')}."


def _shortened(text: str, most: int = 80) -> str:
    line = " ".join(text.split())
    whole = line if len(line) <= most else line[: line.rfind(" ", 0, most)] + "…"
    return whole if whole.endswith((".", "…", "?", "!")) else whole + "."


def _place_of(form: UpdateForm, action_id: int) -> RowPlace:
    back = local_address(form.back.data) or asked_from() or url_for("plan.action", action_id=action_id)
    return RowPlace(form.view_name, back)


def author_on(who: Actor, stand: ActionAccess) -> Author:
    """Return who signs a change of this action: with both names where they stand in for someone."""
    person_id, name = stand.behalf or (None, "")
    return Author(who.id, who.name, for_person_id=person_id, for_name=name)


def writable(action_id: int) -> ActionAccess:
    """Return where an action is, to someone who may write on it.

    Raises:
        NotAllowed: they may only read it.
    """
    return action_for(actor(), action_id, to=Act.WRITE)
