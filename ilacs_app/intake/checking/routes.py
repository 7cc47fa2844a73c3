"""A plan file that was kept is read, checked, corrected, and only then imported or merged."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, request, url_for

from ilacs_app.access import requires
from ilacs_app.db import transaction
from ilacs_app.errors import NotKnown, Stale
from ilacs_app.files.store import StoreError
from ilacs_app.files.uploads import evidence_store
from ilacs_app.forms.drafts import drafted
from ilacs_app.forms.saving import STALE, author, save_once, saved_before
from ilacs_app.intake.checking.forms import RowForm
from ilacs_app.intake.imports.commands import confirm_new_plan, correct_plan_file, keep_reading, refuse_plan_file
from ilacs_app.intake.imports.forms import ImportForm
from ilacs_app.intake.imports.queries import ImportLine, choices_of, import_of, ready_plan
from ilacs_app.intake.pages import CHOOSABLE, FIELD_WORDS, MEANWHILE, Checked, check_page, checked, kept, shown
from ilacs_app.intake.reader.choices import Choices, RowChoice
from ilacs_app.intake.reader.contents.refusal import NotAPlan
from ilacs_app.intake.reader.read import read_or_ask
from ilacs_app.intake.reader.status_key import key_word
from ilacs_app.text import tidy
from ilacs_app.web import actor, after_saving, go_on, page

blueprint = Blueprint("check", __name__, url_prefix="/import")


@blueprint.post("/<item:import_id>/read")
@requires("belongs", writes=True)
def read(import_id: int) -> Response:
    """Read the file, in a process of its own. What cannot be read is refused, and the upload is taken away."""
    found = import_of(actor(), import_id)
    form = ImportForm()
    if not form.validate() or found.state != "reading":
        return go_on(url_for("intake.one", import_id=found.id))
    return _read(found, form.seen_version or found.version, choices_of(found.id)) or go_on(
        url_for("intake.one", import_id=found.id)
    )


def _read(found: ImportLine, seen: int, choices: Choices) -> Response | None:
    """Read the kept file with these choices; an answer where it could not be read, or was changed meanwhile."""
    key, sha256 = found.store_key or "", found.sha256 or ""
    try:
        with tempfile.TemporaryDirectory(prefix="ilacs-import-") as folder:
            path = Path(folder) / found.file_name
            with evidence_store().open(key, sha256) as stored, path.open("wb") as copy:
                shutil.copyfileobj(stored, copy)
            reading = read_or_ask(path, found.dated_on, choices.columns)
    except (NotAPlan, StoreError) as refusal:
        if found.state == "read":
            return shown(found, status=422, says=str(refusal))
        return _refused(found, seen, str(refusal))
    try:
        with transaction():
            keep_reading(author(), found.id, seen, reading, choices)
    except Stale:
        return shown(import_of(actor(), found.id), status=409, says=MEANWHILE)
    return None


def _refused(found: ImportLine, seen: int, why: str) -> Response:
    try:
        with transaction():
            refuse_plan_file(author(), found.id, seen, why)
    except Stale:
        return shown(import_of(actor(), found.id), status=409, says=MEANWHILE)
    evidence_store().discard(found.store_key or "")
    return go_on(url_for("intake.one", import_id=found.id))


@blueprint.post("/<item:import_id>/choices")
@requires("belongs", writes=True)
def choose(import_id: int) -> Response:
    """What the columns, the status words and the boards of the file are taken for."""
    found, form = import_of(actor(), import_id), ImportForm()
    if found.state != "read":
        return go_on(url_for("intake.one", import_id=found.id))
    now = checked(found)
    columns, wrong = _columns(now)
    words, boards = _words(now), _boards(now)
    if wrong or not form.validate() or form.seen_version is None:
        return shown(found, status=422, says=wrong or "Load the page again, then choose once more.")
    choices = replace(now.choices, columns=columns, words=words, boards=boards)
    said = "Saved: the file is read as you chose."
    if columns != now.choices.columns:
        answer = _read(found, form.seen_version, choices)
        return answer or after_saving(said, url_for("intake.one", import_id=found.id))
    return kept(found, form, said, lambda by, seen: correct_plan_file(by, found.id, seen, choices))


def _columns(now: Checked) -> tuple[dict[str, str], str]:
    """The columns as the form has them, and what is wrong with them."""
    chosen, taken = dict(now.choices.columns), Counter[str]()
    first = {column.field: place for place, column in reversed(list(enumerate(now.reading.columns)))}
    for place, column in enumerate(now.reading.columns):
        wanted = request.form.get(f"column-{place}", column.field or "")
        if wanted and wanted not in FIELD_WORDS:
            return chosen, "Choose what each column is from its list."
        # Columns that are read as one, such as Action 1 and Action 2, may stay one.
        taken[wanted] += bool(wanted) and (wanted != column.field or first.get(wanted) == place)
        if wanted != (column.field or ""):
            chosen[column.heading] = wanted
    twice = [FIELD_WORDS[name] for name, times in taken.items() if times > 1]
    return chosen, f"Two columns are taken as “{twice[0]}”. Keep one of them beside the action." if twice else ""


def _words(now: Checked) -> dict[str, str]:
    words = dict(now.choices.words)
    for place, one in enumerate(now.reading.words()):
        wanted = request.form.get(f"word-{place}")
        if wanted in CHOOSABLE and (wanted != one.status or key_word(one.word) in words):
            words[key_word(one.word)] = wanted
        elif wanted == "":
            words.pop(key_word(one.word), None)
    return words


def _boards(now: Checked) -> dict[str, str]:
    named = dict(now.choices.boards)
    for place, name in enumerate(now.reading.board_names()):
        wanted = request.form.get(f"board-{place}")
        if wanted is None or wanted == name:
            named.pop(name, None) if wanted == name else None
        else:
            named[name] = tidy(wanted)[:300] if wanted != "-" else ""
    return named


def _my_row(import_id: int, place: int) -> None:
    if import_of(actor(), import_id).state != "read":
        raise NotKnown(str(place))


def _where_it_opens(import_id: int, place: int) -> str:
    return f"{url_for('intake.one', import_id=import_id)}?row={place}#row-{place}"


@blueprint.post("/<item:import_id>/rows/<int:place>")
@requires("belongs", writes=True)
@drafted(RowForm, _my_row, _where_it_opens)
def correct_row(import_id: int, place: int) -> Response:
    """How one row of the file is read: its date and its delivery status. Its words stay."""
    found, form = import_of(actor(), import_id), RowForm()
    if found.state != "read":
        return go_on(url_for("intake.one", import_id=found.id))
    now = checked(found)
    if place >= len(now.rows):
        raise NotKnown(str(place))
    form.status.choices = []
    if not form.check(found.dated_on, set(CHOOSABLE)) or form.seen_version is None:
        return _row_again(found, form, place, 422)
    row, rows = now.rows[place], dict(now.choices.rows)
    before = rows.pop(row.action.at, RowChoice())
    given = form.choice
    if given.status == row.status and not before.status:
        given = replace(given, status="")
    if given != RowChoice():
        rows[row.action.at] = given
    choices = replace(now.choices, rows=rows)
    said = f"Saved: {row.action.ref} is read as you said. Its words stay as they are in the file."
    seen = form.seen_version
    if save_once(form, said, lambda: correct_plan_file(author(), found.id, seen, choices)) == STALE:
        return _row_again(import_of(actor(), found.id), form, place, STALE)
    query = "&".join(f"{name}={quote(request.args[name])}" for name in ("only", "page") if name in request.args)
    return after_saving(said, f"{url_for('intake.one', import_id=found.id)}?{query}#row-{place}")


def _row_again(found: ImportLine, form: RowForm, place: int, status: int) -> Response:
    """The page with the row still open and its text kept."""
    if found.state != "read":
        return shown(found, status=status, says=MEANWHILE)
    now = checked(found)
    context = {**check_page(found, now), "opened": place}
    if not any(row.place == place for row in context["rows"]):
        context["rows"] = [now.rows[place], *context["rows"]]
    form.version.data = str(found.version)
    return page(
        "intake/checking/check.html",
        status=status,
        says=MEANWHILE if status == 409 else "",
        form=ImportForm(formdata=None),
        row_form=form,
        has_errors=True,
        **context,
    )


@blueprint.post("/<item:import_id>/confirm")
@requires("belongs", writes=True)
def confirm(import_id: int) -> Response:
    """Make the plan: everything or nothing."""
    found, form = import_of(actor(), import_id), ImportForm()
    before = saved_before(form)
    if before is not None:
        return after_saving(before, f"/plans/{found.slug}")
    if found.state != "read" or found.plan_id is not None:
        return go_on(url_for("intake.one", import_id=found.id))
    said = f"Imported: {found.title}. It is a draft until you submit it and move it to live."
    ready = ready_plan(found.id)
    return kept(found, form, said, lambda by, seen: confirm_new_plan(by, found.id, seen, ready), f"/plans/{found.slug}")
