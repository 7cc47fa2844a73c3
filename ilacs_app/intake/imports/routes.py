"""A plan file on its way in: uploaded and kept, and put away again. What is read of it is in ``check_routes``."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Blueprint, Response, request, url_for
from werkzeug.datastructures import FileStorage

from ilacs_app import clock
from ilacs_app.access import ANY_PLAN, Act, check_may, may, requires
from ilacs_app.errors import NotKnown, Refused
from ilacs_app.files.store import Stored, StoreError
from ilacs_app.files.uploads import evidence_store
from ilacs_app.forms.drafts import drafted, take_up
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import author, write_once
from ilacs_app.intake.imports.commands import discard_unnamed, keep_plan_file, put_away_plan_file
from ilacs_app.intake.imports.forms import ImportForm, UploadForm
from ilacs_app.intake.imports.queries import import_of, imports
from ilacs_app.intake.pages import kept, shown
from ilacs_app.intake.reader.contents.refusal import NotAPlan, check_kind
from ilacs_app.intake.reader.limits import check_limits
from ilacs_app.plan.visibility import PlanHead, plans
from ilacs_app.web import actor, after_saving, as_download, go_on, page

blueprint = Blueprint("intake", __name__, url_prefix="/import")


def _manager() -> None:
    check_may(actor(), Act.IMPORT_PLAN, ANY_PLAN)


@blueprint.get("")
@requires("belongs")
def start() -> Response:
    """The form for a file, and the files on their way; ``?into=`` names the plan that it is a newer file of."""
    _manager()
    form = UploadForm(formdata=None)
    form.into.data = request.args.get("into", "")
    return _start(form, draft=take_up(form, "intake.upload"))


def _my_plans() -> list[PlanHead]:
    """The plans that this person may import into."""
    who = actor()
    return [plan for plan in plans(who) if plan.state != "closed" and may(who, Act.IMPORT_PLAN, plan.id)]


def _start(form: UploadForm, status: int = 200, draft: KeptDraft | None = None) -> Response:
    every = imports(actor())
    return page(
        "intake/imports/start.html",
        status=status,
        form=form.offer([(plan.slug, plan.title) for plan in _my_plans()], new=may(actor(), Act.IMPORT_PLAN)),
        draft=draft,
        on_the_way=[one for one in every if one.is_open],
        past=[one for one in every if not one.is_open],
        today=clock.today(),
        has_errors=status == 422,
    )


@blueprint.post("")
@requires("belongs", writes=True)
@drafted(UploadForm, _manager)
def upload() -> Response:
    """Keep the file in the evidence store; a file that breaks a limit is refused before and leaves nothing."""
    _manager()
    form = UploadForm()
    into = next((plan.id for plan in _my_plans() if plan.slug == form.into.data), None)
    good = form.check(clock.today())
    if form.into.data and into is None:
        good = form.bad(form.into, "Choose a plan that you keep, or a new one.")
    if not form.into.data and not may(actor(), Act.IMPORT_PLAN):
        good = form.bad(form.into, "Choose the plan that this is a newer file of.")
    if not good:
        return _start(form, 422)
    try:
        stored = _stored(form.file.data, form.file_name)
    except (NotAPlan, StoreError) as refusal:
        form.bad(form.file, str(refusal))
        return _start(form, 422)
    made: list[int] = []
    said = f"{form.file_name} is kept already: it stands below."
    by, to = author(), form.destination(into)
    try:
        saved = write_once(
            form, said, lambda _: made.append(keep_plan_file(by, form.file_name, stored, to)), further=True
        )
    except Refused as refusal:
        evidence_store().discard(stored.key)
        form.bad(form.title, str(refusal))
        return _start(form, 422)
    except BaseException:
        discard_unnamed(evidence_store(), stored.key)
        raise
    if not saved.wrote:
        evidence_store().discard(stored.key)
        return after_saving(saved.said, url_for("intake.start"))
    return go_on(url_for("intake.one", import_id=made[0]))


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
    return shown(found)


@blueprint.post("/<item:import_id>/put-away")
@requires("belongs", writes=True)
def put_away(import_id: int) -> Response:
    """Give the import up; the file is taken away."""
    found, form = import_of(actor(), import_id), ImportForm()
    if not found.is_open:
        return go_on(url_for("intake.one", import_id=found.id))
    said = f"{found.file_name} is put away. Nothing of it was written."
    answer = kept(found, form, said, lambda by, seen: put_away_plan_file(by, found.id, seen), url_for("intake.start"))
    if answer.status_code in {204, 303} and found.store_key:
        evidence_store().discard(found.store_key)
    return answer


@blueprint.get("/<item:import_id>/file")
@requires("belongs")
def file(import_id: int) -> Response:
    """The file as it was uploaded, always as a download."""
    found = import_of(actor(), import_id)
    if found.store_key is None:
        raise NotKnown(str(import_id))
    try:
        with evidence_store().open(found.store_key, found.sha256 or "") as stored:
            data = stored.read()
    except StoreError as refusal:
        return page("web/problem.html", status=500, title="This file cannot be given out", says=str(refusal))
    answer = Response(data, mimetype="application/octet-stream")
    return as_download(answer, found.file_name)
