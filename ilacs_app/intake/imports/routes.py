"""Upload a plan file, discard it, or download it. ``checking`` reads and checks it."""

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
from ilacs_app.intake.pages import save_import, shown
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
    """The upload form and the files not imported yet; ``?into=`` names the plan that the file updates."""
    _manager()
    form = UploadForm(formdata=None)
    form.into.data = request.args.get("into", "")
    return _start(form, draft=take_up(form, "intake.upload"))


def _my_plans() -> list[PlanHead]:
    """The plans that this person may import into."""
    who = actor()
    return [plan for plan in plans(who) if plan.state != "closed" and may(who, Act.IMPORT_PLAN, plan.id)]


def _start(form: UploadForm, status: int = 200, draft: KeptDraft | None = None) -> Response:
    uploads = imports(actor())
    return page(
        "intake/imports/start.html",
        status=status,
        form=form.offer({plan.slug: plan.title for plan in _my_plans()}, new=may(actor(), Act.IMPORT_PLAN)),
        draft=draft,
        not_imported=[upload for upload in uploads if upload.is_open],
        past=[upload for upload in uploads if not upload.is_open],
        today=clock.today(),
        has_errors=status == 422,
    )


@blueprint.post("")
@requires("belongs", writes=True)
@drafted(UploadForm, _manager)
def upload() -> Response:
    """Store the file. A file that breaks a limit is refused first, and nothing is stored."""
    _manager()
    form = UploadForm()
    into = next((plan.id for plan in _my_plans() if plan.slug == form.into.data), None)
    valid = form.check(clock.today())
    if form.into.data and into is None:
        valid = form.bad(form.into, "Select a plan you manage, or a new plan")
    if not form.into.data and not may(actor(), Act.IMPORT_PLAN):
        valid = form.bad(form.into, "Select the plan that this file updates")
    if not valid:
        return _start(form, 422)
    try:
        stored = _stored(form.file.data, form.file_name)
    except (NotAPlan, StoreError) as refusal:
        form.bad(form.file, str(refusal))
        return _start(form, 422)
    made: list[int] = []
    message = f"{form.file_name} is already uploaded. It is in the list below."
    by, to = author(), form.destination(into)
    seen = [plan.id for plan in plans(actor())]
    try:
        saved = write_once(
            form,
            message,
            lambda _: made.append(keep_plan_file(by, form.file_name, stored, to, seen=seen)),
            further=True,
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
        return after_saving(saved.message, url_for("intake.start"))
    return go_on(url_for("intake.import_page", import_id=made[0]))


def _stored(file: FileStorage, name: str) -> Stored:
    """Store an upload once it has passed the limits under its own name."""
    with tempfile.TemporaryDirectory(prefix="ilacs-import-") as folder:
        path = Path(folder) / name
        file.save(path)
        check_limits(path)
        check_kind(path)
        with path.open("rb") as stream:
            return evidence_store().put(stream)


@blueprint.get("/<item:import_id>")
@requires("belongs")
def import_page(import_id: int) -> Response:
    """The file as it is now: to be read, to be checked, or what became of it."""
    return shown(import_of(actor(), import_id))


@blueprint.post("/<item:import_id>/put-away")
@requires("belongs", writes=True)
def put_away(import_id: int) -> Response:
    """Discard the import and delete the file."""
    upload, form = import_of(actor(), import_id), ImportForm()
    if not upload.is_open:
        return go_on(url_for("intake.import_page", import_id=upload.id))
    message = f"{upload.file_name} discarded. Nothing was imported."
    to = url_for("intake.start")
    answer = save_import(upload, form, message, lambda by, seen: put_away_plan_file(by, upload.id, seen), to=to)
    if answer.status_code in {204, 303} and upload.store_key:
        evidence_store().discard(upload.store_key)
    return answer


@blueprint.get("/<item:import_id>/file")
@requires("belongs")
def file(import_id: int) -> Response:
    """The file as it was uploaded, always as a download."""
    upload = import_of(actor(), import_id)
    if upload.store_key is None:
        raise NotKnown(str(import_id))
    try:
        with evidence_store().open(upload.store_key, upload.sha256 or "") as stored:
            data = stored.read()
    except StoreError as refusal:
        return page("web/problem.html", status=500, title="You cannot download this file", says=str(refusal))
    answer = Response(data, mimetype="application/octet-stream")
    return as_download(answer, upload.file_name)
