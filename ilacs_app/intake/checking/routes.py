"""The check of an uploaded plan file: read it, correct how we read it, and import it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, request, url_for

from ilacs_app.access import requires
from ilacs_app.db import transaction
from ilacs_app.errors import NotKnown, Refused, Stale
from ilacs_app.files.store import StoreError
from ilacs_app.files.uploads import evidence_store
from ilacs_app.forms.drafts import drafted
from ilacs_app.forms.saving import REFUSED, STALE, author, save_once, saved_before
from ilacs_app.intake.checking.answers import (
    answers_for,
    chosen_boards,
    chosen_columns,
    chosen_for_all,
    chosen_words,
    corrected_row,
)
from ilacs_app.intake.checking.forms import RowForm
from ilacs_app.intake.imports.commands import confirm_new_plan, correct_plan_file, keep_reading, refuse_plan_file
from ilacs_app.intake.imports.forms import ImportForm
from ilacs_app.intake.imports.queries import ImportLine, choices_of, import_of, ready_plan
from ilacs_app.intake.pages import (
    CHANGED_BY_OTHERS,
    CHOOSABLE,
    FIELD_WORDS,
    REFRESH,
    check_page,
    checked,
    drawn,
    save_import,
    saved_import,
    shown,
    with_open_row,
)
from ilacs_app.intake.reader.choices import Choices
from ilacs_app.intake.reader.contents.refusal import NotAPlan
from ilacs_app.intake.reader.read import read_or_ask
from ilacs_app.text import many
from ilacs_app.web import actor, after_saving, go_on

blueprint = Blueprint("check", __name__, url_prefix="/import")
ADDRESS_PARTS = ("only", "page")


@blueprint.post("/<item:import_id>/read")
@requires("belongs", writes=True)
def read(import_id: int) -> Response:
    """Read the file in a process of its own. A file we cannot read is refused, and its upload is deleted."""
    upload = import_of(actor(), import_id)
    form = ImportForm()
    here = url_for("intake.import_page", import_id=upload.id)
    if not form.validate() or upload.state != "reading":
        return go_on(here)
    return _read(upload, form.seen_version or upload.version, choices_of(upload.id)) or go_on(here)


def _read(upload: ImportLine, seen: int, choices: Choices) -> Response | None:
    """Read the stored file with these choices; return an answer only if it could not be read or saved."""
    key, sha256 = upload.store_key or "", upload.sha256 or ""
    sent = request.form
    try:
        with tempfile.TemporaryDirectory(prefix="ilacs-import-") as folder:
            path = Path(folder) / upload.file_name
            with evidence_store().open(key, sha256) as stored, path.open("wb") as copy:
                shutil.copyfileobj(stored, copy)
            reading = read_or_ask(path, upload.dated_on, choices.columns)
    except (NotAPlan, StoreError) as refusal:
        if upload.state == "read":
            return shown(upload, status=REFUSED, says=str(refusal), sent=sent)
        return _refused(upload, seen, str(refusal))
    if upload.state == "reading":
        choices = answers_for(reading, choices)
    try:
        with transaction():
            keep_reading(author(), upload.id, seen, reading, choices)
    except Stale:
        return shown(import_of(actor(), upload.id), status=STALE, says=CHANGED_BY_OTHERS, sent=sent)
    return None


def _refused(upload: ImportLine, seen: int, why: str) -> Response:
    try:
        with transaction():
            refuse_plan_file(author(), upload.id, seen, why)
    except Stale:
        return shown(import_of(actor(), upload.id), status=STALE, says=CHANGED_BY_OTHERS)
    evidence_store().discard(upload.store_key or "")
    return go_on(url_for("intake.import_page", import_id=upload.id))


@blueprint.post("/<item:import_id>/choices")
@requires("belongs", writes=True)
def choose(import_id: int) -> Response:
    """Save what the columns, status words, boards and kinds of problem mean, and read the file with it."""
    upload, form = import_of(actor(), import_id), ImportForm()
    if upload.state != "read":
        return go_on(url_for("intake.import_page", import_id=upload.id))
    sent, now = request.form, checked(upload)
    if not form.validate() or form.seen_version is None:
        return shown(upload, status=REFUSED, says=REFRESH, sent=sent)
    try:
        columns, gave_way = chosen_columns(now.reading, now.choices.columns, sent, FIELD_WORDS)
    except Refused as refusal:
        return shown(upload, status=REFUSED, says=str(refusal), sent=sent)
    check = check_page(upload, now)
    rows = chosen_for_all(
        check.groups, now.file.actions, sent, rows=now.choices.rows, statuses=CHOOSABLE, years=check.years
    )
    statuses = chosen_words(now.reading, now.choices.statuses, sent, CHOOSABLE)
    boards = chosen_boards(now.reading, now.choices.boards, sent)
    choices = replace(now.choices, columns=columns, statuses=statuses, boards=boards, rows=rows)
    message = "Saved: your choices are applied."
    if gave_way:
        message = f"{message} “{gave_way[0]}” is now kept as an extra column."
    if columns != now.choices.columns:
        return _read(upload, form.seen_version, choices) or saved_import(upload, message)
    return save_import(
        upload, form, message, lambda by, seen: correct_plan_file(by, upload.id, seen, choices), sent=sent
    )


def _my_row(import_id: int, place: int) -> None:
    if import_of(actor(), import_id).state != "read":
        raise NotKnown(str(place))


def _where_it_opens(import_id: int, place: int) -> str:
    return f"{url_for('intake.import_page', import_id=import_id)}?row={place}#row-{place}"


@blueprint.post("/<item:import_id>/rows/<int:place>")
@requires("belongs", writes=True)
@drafted(RowForm, _my_row, _where_it_opens)
def correct_row(import_id: int, place: int) -> Response:
    """Save how one row of the file is read: its date and its delivery status. The wording stays."""
    upload, form = import_of(actor(), import_id), RowForm()
    if upload.state != "read":
        return go_on(url_for("intake.import_page", import_id=upload.id))
    now = checked(upload)
    if place >= len(now.rows):
        raise NotKnown(str(place))
    form.status.choices = []
    if not form.check(upload.dated_on, set(CHOOSABLE)) or form.seen_version is None:
        return _row_again(upload, form, place, REFUSED)
    action = now.rows[place].action
    alike = len(now.alike(place)) if form.same.data and form.due.data else 0
    choices = corrected_row(now.choices, now.file.actions, action, form.choice, same=bool(alike))
    others = f" and {many(alike, 'other action')} with the same wording" if alike else ""
    message = f"Saved: {action.ref}{others}. Your file’s wording is unchanged."
    seen = form.seen_version
    if save_once(form, message, lambda: correct_plan_file(author(), upload.id, seen, choices)) == STALE:
        return _row_again(import_of(actor(), upload.id), form, place, STALE)
    query = "&".join(f"{name}={quote(request.args[name])}" for name in ADDRESS_PARTS if name in request.args)
    return after_saving(message, f"{url_for('intake.import_page', import_id=upload.id)}?{query}#row-{place}")


def _row_again(upload: ImportLine, form: RowForm, place: int, status: int) -> Response:
    """The page with the row still open and its text kept."""
    if upload.state != "read":
        return shown(upload, status=status, says=CHANGED_BY_OTHERS)
    check, row = with_open_row(check_page(upload, checked(upload)), form, place)
    form.version.data = str(upload.version)
    return drawn(check, row, status=status, says=CHANGED_BY_OTHERS if status == STALE else "")


@blueprint.post("/<item:import_id>/confirm")
@requires("belongs", writes=True)
def confirm(import_id: int) -> Response:
    """Make the plan: everything or nothing."""
    upload, form = import_of(actor(), import_id), ImportForm()
    before = saved_before(form)
    if before is not None:
        return after_saving(before, f"/plans/{upload.slug}")
    if upload.state != "read" or upload.plan_id is not None:
        return go_on(url_for("intake.import_page", import_id=upload.id))
    message = f"Imported: {upload.title}. It is a draft until you submit it and make it live."
    ready = ready_plan(upload.id)
    to = f"/plans/{upload.slug}"
    return save_import(upload, form, message, lambda by, seen: confirm_new_plan(by, upload.id, seen, ready), to=to)
