"""Evidence is added by itself, withdrawn, listed for a recommendation, bundled, and given out.

Each file is checked against what was stored before its first byte goes out, and always goes out as a download.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

from flask import Blueprint, Response, current_app, render_template, request, url_for

from ilacs_app import clock
from ilacs_app.access import requires
from ilacs_app.errors import NotKnown
from ilacs_app.files.filetypes import safe_name
from ilacs_app.files.store import FileKept, StoreError, pieces
from ilacs_app.files.uploads import discard, evidence_store
from ilacs_app.forms.drafts import drafted, take_up
from ilacs_app.forms.fields import HouseForm
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.forms.saving import SAVED, author, save_once, saved_before, write_once
from ilacs_app.personal_data import child_warning
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_row, action_rows
from ilacs_app.plan.queries import recommendation_page
from ilacs_app.plan.visibility import PlanHead, plan_for, recommendation_for
from ilacs_app.progress.evidence import bundle
from ilacs_app.progress.evidence.commands import attach_each, note_bundle, withdraw_evidence
from ilacs_app.progress.evidence.forms import EvidenceForm, WithdrawForm
from ilacs_app.progress.evidence.queries import (
    ActionEvidence,
    EvidenceItem,
    PieceLine,
    evidence,
    evidence_by_action,
    last_proved,
    piece_for,
)
from ilacs_app.progress.evidence.rules import EVIDENCE_KINDS, SENSITIVITIES
from ilacs_app.progress.queries import action_for
from ilacs_app.rows.saving import author_on, writable
from ilacs_app.web import actor, after_saving, as_download, fragment, page, wants_fragment

NAMED = 3
blueprint = Blueprint("evidence", __name__)


@blueprint.get("/actions/<item:action_id>/evidence/new")
@requires("belongs")
def new_evidence(action_id: int) -> Response:
    writable(action_id)
    form = EvidenceForm()
    form.begin_evidence()
    return _new_page(action_id, form, draft=take_up(form, "evidence.add_one"))


@blueprint.post("/actions/<item:action_id>/evidence/new")
@requires("belongs", writes=True)
@drafted(EvidenceForm, writable)
def add_one(action_id: int) -> Response:
    """Files, or one link. With scripts each file comes in a request of its own, and its line gets the answer."""
    who, stand, form = actor(), writable(action_id), EvidenceForm()
    message = saved_before(form)
    if message is not None:
        return _added(action_id, message, form)
    files = form.keep() if form.check() else None
    if files is None:
        if wants_fragment():
            return fragment("progress/evidence/_refused.html", status=422, form=form)
        return _new_page(action_id, form, 422)
    message = f"Saved: {_listed([file.name for file in files]) or form.url.data}. {child_warning(form.written)}".strip()
    by = author_on(who, stand)

    spare: list[FileKept] = []

    def write(changed: bool) -> None:
        spare.extend(attach_each(by, action_id, form.evidence_text(), files, changed=changed))

    saved = write_once(form, message, write, further=True)
    discard(spare if saved.wrote else files)
    return _added(action_id, saved.message, form)


def _listed(names: list[str]) -> str:
    """The names of files in a sentence: of many only the first, because the sentence is sent in a cookie."""
    more = len(names) - NAMED
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:NAMED])} and {more} more files"


def _added(action_id: int, message: str, form: EvidenceForm) -> Response:
    if wants_fragment():
        here = evidence(actor(), action_id)
        return fragment("progress/evidence/_saved.html", warning=child_warning(form.written), evidence=here)
    return after_saving(message, url_for("evidence.new_evidence", action_id=action_id))


def _new_page(action_id: int, form: EvidenceForm, status: int = 200, draft: KeptDraft | None = None) -> Response:
    who, today = actor(), clock.today()
    return page(
        "progress/evidence/new.html",
        status=status,
        has_errors=status == 422,
        row=action_row(who, action_id, today),
        form=form,
        draft=draft,
        evidence=evidence(who, action_id),
    )


def _withdrawable(evidence_id: int) -> EvidenceItem:
    piece = piece_for(actor(), evidence_id)
    writable(piece.action_id)
    return piece


@blueprint.get("/evidence/<item:evidence_id>/withdraw")
@requires("belongs")
def ask_to_withdraw(evidence_id: int) -> Response:
    piece, form = _withdrawable(evidence_id), WithdrawForm()
    return _withdraw_page(piece, form, draft=take_up(form, "evidence.withdraw"))


@blueprint.post("/evidence/<item:evidence_id>/withdraw")
@requires("belongs", writes=True)
@drafted(WithdrawForm, _withdrawable)
def withdraw(evidence_id: int) -> Response:
    """Withdraw a piece of evidence; it stays in the record with the reason."""
    who, piece, form = actor(), _withdrawable(evidence_id), WithdrawForm()
    back = f"{url_for('plan.action', action_id=piece.action_id)}#evidence"
    message = saved_before(form)
    if message is not None:
        return after_saving(message, back)
    if not form.validate():
        return _withdraw_page(piece, form, 422)
    message = f"Withdrawn: {piece.title}. {child_warning(form.written)}".strip()
    by = author_on(who, action_for(who, piece.action_id))
    status = save_once(
        form, message, lambda: withdraw_evidence(by, evidence_id, form.reason.data or ""), form.reason, further=True
    )
    if status != SAVED:
        return _withdraw_page(piece_for(who, evidence_id), form, status)
    return after_saving(message, back)


def _withdraw_page(
    piece: EvidenceItem, form: WithdrawForm, status: int = 200, draft: KeptDraft | None = None
) -> Response:
    return page(
        "progress/evidence/withdraw.html",
        status=status,
        has_errors=status == 422,
        row=action_row(actor(), piece.action_id, clock.today()),
        piece=piece,
        form=form,
        draft=draft,
    )


@blueprint.get("/evidence/<item:evidence_id>")
@requires("belongs")
def read_evidence(evidence_id: int) -> Response:
    """A file, checked against what was stored, always as a download and never as a page."""
    piece = piece_for(actor(), evidence_id)
    if piece.store_key is None:
        raise NotKnown(str(evidence_id))
    try:
        file = evidence_store().open(piece.store_key, piece.sha256 or "")
    except StoreError as wrong:
        current_app.logger.error("evidence %s: %s", evidence_id, wrong)
        return page("web/problem.html", status=500, title="This file cannot be opened", says=str(wrong))
    return _download(_all_of(file), piece.file_name or "", piece.media_type or "", piece.size, file)


def _all_of(file: BinaryIO) -> Iterator[bytes]:
    with file:
        yield from pieces(file)


def _download(
    body: Iterator[bytes], name: str, media_type: str, size: int | None = None, file: BinaryIO | None = None
) -> Response:
    answer = Response(body, mimetype=media_type)
    if file is not None:
        answer.call_on_close(file.close)
        if request.method == "HEAD":  # nothing will be read, and an answer without a body is never closed
            file.close()
    if size is not None:
        answer.content_length = size
    return as_download(answer, safe_name(name))


@dataclass(frozen=True)
class EvidenceIndex:
    """Every piece of a recommendation that someone may see, by action in the plan's order."""

    plan: PlanHead
    recommendation: Any
    actions: list[ActionEvidence]


def _index(plan_slug: str, number: str) -> EvidenceIndex:
    who, today = actor(), clock.today()
    plan = plan_for(who, plan_slug)
    recommendation = recommendation_page(who, recommendation_for(who, plan.id, number))
    rows = action_rows(who, Filter(plan_id=plan.id, recommendation_id=recommendation.id), today, size=None)
    return EvidenceIndex(plan, recommendation, evidence_by_action(who, rows))


@blueprint.get("/plans/<plan_slug>/recommendations/<number>/evidence")
@requires("belongs")
def evidence_index(plan_slug: str, number: str) -> Response:
    """Every piece of evidence of a recommendation, with its hash and what became of the claim it supports."""
    index = _index(plan_slug, number)
    return page(
        "progress/evidence/index.html",
        plan=index.plan,
        recommendation=index.recommendation,
        actions=index.actions,
        proved=last_proved([each.row.id for each in index.actions]),
        today=clock.today(),
    )


@blueprint.post("/plans/<plan_slug>/recommendations/<number>/evidence")
@requires("belongs", writes=True)
def evidence_bundle(plan_slug: str, number: str) -> Response:
    """The same as a zip with every file, the index and the hashes; who took it away is in history."""
    who, form = actor(), HouseForm()
    index = _index(plan_slug, number)
    members: list[bundle.Member] = []
    sums: list[tuple[str, str]] = []
    lines: list[tuple[str, ...]] = []
    left_out = 0
    for action in index.actions:
        for count, line in enumerate(action.lines, start=1):
            piece, place = line.piece, ""
            if piece.store_key is not None:
                try:
                    checked = evidence_store().checked(piece.store_key, piece.sha256 or "")
                except StoreError as wrong:
                    current_app.logger.error("evidence %s: %s", piece.id, wrong)
                    place = f"Not in this bundle: {wrong}"
                    left_out += 1
                else:
                    place = bundle.name_in_bundle(action.row.ref, count, piece.file_name or "")
                    members.append(bundle.Member(place, piece.at, checked.open))
                    sums.append((place, piece.sha256 or ""))
            lines.append(_line(action.row, line, place))
    plan_id, recommendation_id = index.plan.id, index.recommendation.id
    noted = partial(note_bundle, author(), plan_id, recommendation_id, len(sums), left_out)
    write_once(form, "Downloaded", lambda _changed: noted(), further=True)
    html = render_template(
        "progress/evidence/_bundle.html",
        plan=index.plan,
        recommendation=index.recommendation,
        columns=bundle.COLUMNS,
        lines=lines,
        who=who,
        today=clock.today(),
    )
    name = f"{index.plan.slug}-recommendation-{number}-evidence.zip"
    return _download(bundle.zipped([*_front(html, lines, sums), *members]), name, "application/zip")


def _front(html: str, lines: list[tuple[str, ...]], sums: list[tuple[str, str]]) -> list[bundle.Member]:
    """Return what comes first in a bundle: the index, as a page and as a table, and the hashes."""
    now = clock.now()
    texts = (("index.html", html.encode()), ("index.csv", bundle.as_csv(lines)), ("SHA256SUMS", bundle.as_sums(sums)))
    return [bundle.Member(name, now, partial(io.BytesIO, data)) for name, data in texts]


def _line(row: ActionRow, line: PieceLine, place: str) -> tuple[str, ...]:
    piece, verdict = line.piece, line.verdict
    when = f"{verdict.outcome}{f', {clock.london_day(verdict.at).isoformat()}' if verdict.at else ''}"
    return (
        row.ref,
        piece.shows,
        EVIDENCE_KINDS[piece.kind],
        piece.period,
        SENSITIVITIES[piece.sensitivity],
        piece.who,
        clock.london_day(piece.at).isoformat(),
        piece.title,
        place,
        piece.sha256 or "",
        f"{when}{f' ({verdict.who})' if verdict.who else ''}",
        _withdrawal(piece),
    )


def _withdrawal(piece: EvidenceItem) -> str:
    if piece.withdrawn_on is None:
        return ""
    return f"{piece.withdrawn_on.isoformat()}, {piece.withdrawn_by}: {piece.withdrawn_reason}"
