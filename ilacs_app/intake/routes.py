"""Bringing in a plan: the file is uploaded, read, checked, corrected, and only then imported."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, request, url_for
from werkzeug.datastructures import FileStorage

from .. import clock
from ..access import NotAllowed, NotKnown, requires
from ..db import transaction
from ..forms import tidy
from ..history import Author
from ..people.commands import Refused, Stale, enter_once
from ..people.queries import said_before
from ..plan.reach import PlanHead, plans
from ..plan.words import many
from ..progress.evidence_forms import evidence_store
from ..progress.store import Stored, StoreError
from ..web import actor, after_saving, go_on, page
from .import_commands import (
    confirm_new_plan,
    correct_plan_file,
    keep_plan_file,
    keep_reading,
    put_away_plan_file,
    refuse_plan_file,
)
from .import_forms import ImportForm, RowForm, UploadForm
from .import_queries import ImportLine, choices_of, import_of, imports
from .keys import key_word
from .limits import check_limits
from .listing import CHOOSABLE, FIELD_WORDS, Checked, check_page, checked, differences_page, place_of
from .merge_commands import merge_plan_file
from .merge_queries import plan_differences
from .plan_file import NotAPlan, read_apart
from .readers import check_kind
from .reading import Choices, RowChoice

blueprint = Blueprint("intake", __name__, url_prefix="/import")
WHO_IMPORTS = "Only the programme manager brings in a plan."
MEANWHILE = "Somebody else changed this import meanwhile. It stands below as it is now; your choice was not saved."


def _me() -> Author:
    return Author(actor().id, actor().name)


def _manager() -> None:
    if not actor().has("programme_manager"):
        raise NotAllowed(WHO_IMPORTS)


@blueprint.get("")
@requires("belongs")
def start() -> Response:
    """The form for a file, and the files on their way; ``?into=`` names the plan that it is a newer file of."""
    _manager()
    form = UploadForm(formdata=None)
    form.into.data = request.args.get("into", "")
    return _start(form)


def _my_plans() -> list[PlanHead]:
    """The plans that this person may import into."""
    who = actor()
    return [plan for plan in plans(who) if plan.state != "closed" and who.is_a("programme_manager", plan_id=plan.id)]


def _start(form: UploadForm, status: int = 200) -> Response:
    every = imports(actor())
    return page(
        "intake/start.html",
        status=status,
        form=form.offer([(plan.slug, plan.title) for plan in _my_plans()], new=actor().is_a("programme_manager")),
        on_the_way=[one for one in every if one.is_open],
        past=[one for one in every if not one.is_open],
        today=clock.today(),
        has_errors=status == 422,
    )


@blueprint.post("")
@requires("belongs", writes=True)
def upload() -> Response:
    """Keep the file in the evidence store; a file that breaks a limit is refused before and leaves nothing."""
    _manager()
    form = UploadForm()
    before = said_before(actor().id, form.once.data) if form.once.data else None
    if before is not None:
        return after_saving(before, url_for("intake.start"))
    into = next((plan.id for plan in _my_plans() if plan.slug == form.into.data), None)
    good = form.check(clock.today())
    if form.into.data and into is None:
        good = form.bad(form.into, "Choose a plan that you keep, or a new one.")
    if not form.into.data and not actor().is_a("programme_manager"):
        good = form.bad(form.into, "Choose the plan that this is a newer file of.")
    if not good:
        return _start(form, 422)
    try:
        stored = _stored(form.file.data, form.file_name)
    except (NotAPlan, StoreError) as refusal:
        form.bad(form.file, str(refusal))
        return _start(form, 422)
    import_id = 0
    try:
        with transaction():
            if form.once.data:
                enter_once(actor().id, form.once.data, f"{form.file_name} is kept already: it stands below.")
            import_id = keep_plan_file(_me(), form.file_name, stored, form.destination(into))
    except Refused as refusal:
        evidence_store().discard(stored.key)
        form.bad(form.title, str(refusal))
        return _start(form, 422)
    except BaseException:
        evidence_store().discard(stored.key)
        raise
    return go_on(url_for("intake.one", import_id=import_id))


def _stored(file: FileStorage, name: str) -> Stored:
    """Put an upload into the evidence store, once it has passed the limits under its own name."""
    with tempfile.TemporaryDirectory(prefix="ilacs-import-") as folder:
        path = Path(folder) / name
        file.save(path)
        check_limits(path)
        check_kind(path)
        with path.open("rb") as stream:
            return evidence_store().put(stream)


@blueprint.get("/<item:import_id>")
@requires("belongs")
def one(import_id: int) -> Response:
    """The file as it stands: to be read, to be checked, or what became of it."""
    found = import_of(actor(), import_id)
    return _shown(found)


def _shown(
    found: ImportLine,
    *,
    status: int = 200,
    says: str = "",
    chosen: Mapping[str, str] | None = None,
) -> Response:
    if found.state != "read":
        return page("intake/state.html", status=status, found=found, says=says, has_errors=bool(says))
    now = checked(found)
    context = check_page(found, now)
    return page(
        "intake/check.html",
        status=status,
        says=says,
        form=ImportForm(formdata=None),
        row_form=_row_form(now, context["opened"]),
        has_errors=bool(says),
        **context,
        **(differences_page(found, chosen or {}) if found.plan_id else {}),
    )


def _row_form(now: Checked, opened: int | None) -> RowForm | None:
    if opened is None:
        return None
    form = RowForm(formdata=None)
    given = now.choices.rows.get(now.rows[opened].action.at, RowChoice())
    form.due.data, form.status.data = given.due, given.status or now.rows[opened].status
    return form


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
            with evidence_store().open(key, sha256) as kept, path.open("wb") as copy:
                shutil.copyfileobj(kept, copy)
            reading = read_apart(path, found.dated_on, choices.columns)
    except (NotAPlan, StoreError) as refusal:
        if found.state == "read":
            return _shown(found, status=422, says=str(refusal))
        return _refused(found, seen, str(refusal))
    try:
        with transaction():
            keep_reading(_me(), found.id, seen, reading, choices)
    except Stale:
        return _shown(import_of(actor(), found.id), status=409, says=MEANWHILE)
    return None


def _refused(found: ImportLine, seen: int, why: str) -> Response:
    try:
        with transaction():
            refuse_plan_file(_me(), found.id, seen, why)
    except Stale:
        return _shown(import_of(actor(), found.id), status=409, says=MEANWHILE)
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
        return _shown(found, status=422, says=wrong or "Load the page again, then choose once more.")
    choices = replace(now.choices, columns=columns, words=words, boards=boards)
    said = "Saved: the file is read as you chose."
    if columns != now.choices.columns:
        answer = _read(found, form.seen_version, choices)
        return answer or after_saving(said, url_for("intake.one", import_id=found.id))
    return _kept(found, form, said, lambda by, seen: correct_plan_file(by, found.id, seen, choices))


def _columns(now: Checked) -> tuple[dict[str, str], str]:
    """The columns as the form has them, and what is wrong with them."""
    chosen, taken = dict(now.choices.columns), Counter[str]()
    for place, column in enumerate(now.reading.columns):
        wanted = request.form.get(f"column-{place}", column.field or "")
        if wanted and wanted not in FIELD_WORDS:
            return chosen, "Choose what each column is from its list."
        taken[wanted] += bool(wanted)
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


@blueprint.post("/<item:import_id>/rows/<int:place>")
@requires("belongs", writes=True)
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
    try:
        with transaction():
            if not form.once.data or enter_once(actor().id, form.once.data, said) is None:
                correct_plan_file(_me(), found.id, form.seen_version, choices)
    except Stale:
        return _row_again(import_of(actor(), found.id), form, place, 409)
    query = "&".join(f"{name}={quote(request.args[name])}" for name in ("only", "page") if name in request.args)
    return after_saving(said, f"{url_for('intake.one', import_id=found.id)}?{query}#row-{place}")


def _row_again(found: ImportLine, form: RowForm, place: int, status: int) -> Response:
    """The page with the row still open and its text kept."""
    if found.state != "read":
        return _shown(found, status=status, says=MEANWHILE)
    now = checked(found)
    context = {**check_page(found, now), "opened": place}
    if not any(row.place == place for row in context["rows"]):
        context["rows"] = [now.rows[place], *context["rows"]]
    form.version.data = str(found.version)
    return page(
        "intake/check.html",
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
    before = said_before(actor().id, form.once.data) if form.once.data else None
    if before is not None or found.state != "read" or found.plan_id is not None:
        return go_on(url_for("intake.one", import_id=found.id))
    said = f"Imported: {found.title}. It is a draft until you submit it and move it to live."
    return _kept(found, form, said, lambda by, seen: confirm_new_plan(by, found.id, seen), f"/plans/{found.slug}")


@blueprint.post("/<item:import_id>/merge")
@requires("belongs", writes=True)
def merge(import_id: int) -> Response:
    """Take the chosen differences into the plan: everything or nothing."""
    found, form = import_of(actor(), import_id), ImportForm()
    before = said_before(actor().id, form.once.data) if form.once.data else None
    if before is not None or found.state != "read" or found.plan_id is None:
        return go_on(url_for("intake.one", import_id=found.id))
    asked = [one for one in plan_differences(found.plan_id, found.id) if one.asks]
    chosen = {one.key: request.form.get(f"take-{one.key}", "") for one in asked}
    open_still = [one for one in asked if chosen[one.key] not in {"file", "ours"}]
    if open_still or not form.validate() or form.seen_version is None:
        first = f", first {place_of(open_still[0])}" if open_still else ""
        says = f"Choose the file’s or ours for each line that differs{first}."
        return _shown(found, status=422, says=says, chosen=chosen)
    by, taken = _me(), [key for key, whose in chosen.items() if whose == "file"]
    try:
        with transaction():
            done = merge_plan_file(by, actor(), found.id, form.seen_version, taken)
            said = " ".join((f"Imported: {found.plan} takes {many(done.made, 'change')} of the file.", *done.left))
            if form.once.data:
                enter_once(actor().id, form.once.data, said)
    except Refused as refusal:
        return _shown(found, status=422, says=str(refusal), chosen=chosen)
    except Stale:
        says = "The plan changed meanwhile. What differs now stands below, with your choices kept where they still fit."
        return _shown(import_of(actor(), found.id), status=409, says=says, chosen=chosen)
    return after_saving(said, f"/plans/{found.plan_slug}")


@blueprint.post("/<item:import_id>/put-away")
@requires("belongs", writes=True)
def put_away(import_id: int) -> Response:
    """Give the import up; the file is taken away."""
    found, form = import_of(actor(), import_id), ImportForm()
    if not found.is_open:
        return go_on(url_for("intake.one", import_id=found.id))
    said = f"{found.file_name} is put away. Nothing of it was written."
    answer = _kept(found, form, said, lambda by, seen: put_away_plan_file(by, found.id, seen), url_for("intake.start"))
    if answer.status_code in {204, 303} and found.store_key:
        evidence_store().discard(found.store_key)
    return answer


def _kept(
    found: ImportLine, form: ImportForm, said: str, write: Callable[[Author, int], object], to: str = ""
) -> Response:
    """Save once from the version that was seen, and go on; else the page again with the reason."""
    if not form.validate() or form.seen_version is None:
        return _shown(found, status=422, says="Load the page again, then choose once more.")
    by, seen = _me(), form.seen_version
    try:
        with transaction():
            if not form.once.data or enter_once(actor().id, form.once.data, said) is None:
                write(by, seen)
    except Refused as refusal:
        return _shown(found, status=422, says=str(refusal))
    except Stale:
        return _shown(import_of(actor(), found.id), status=409, says=MEANWHILE)
    return after_saving(said, to or url_for("intake.one", import_id=found.id))


@blueprint.get("/<item:import_id>/file")
@requires("belongs")
def file(import_id: int) -> Response:
    """The file as it was uploaded, always as a download."""
    found = import_of(actor(), import_id)
    if found.store_key is None:
        raise NotKnown(str(import_id))
    try:
        with evidence_store().open(found.store_key, found.sha256 or "") as kept:
            data = kept.read()
    except StoreError as refusal:
        return page("web/problem.html", status=500, title="This file cannot be given out", says=str(refusal))
    answer = Response(data, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=found.file_name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
