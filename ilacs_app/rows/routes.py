"""In place: a row opens, takes a note, evidence and a status move, and closes again."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, make_response, redirect, request, url_for

from ilacs_app import clock
from ilacs_app.access import Act, requires, who_may
from ilacs_app.errors import NotAllowed, NotKnown, Refused, Stale
from ilacs_app.files.store import FileKept
from ilacs_app.files.uploads import discard
from ilacs_app.forms.conflicts import BOTH, MINE, THEIRS, Difference
from ilacs_app.forms.drafts import drafted
from ilacs_app.forms.fields import VIEWS
from ilacs_app.forms.saving import saved_before, write_once
from ilacs_app.governance.overview.queries import board_summary
from ilacs_app.history import Author
from ilacs_app.personal_data import child_warning
from ilacs_app.plan.lists.counts import Counts, counts, ratings_by_recommendation, summary
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_row
from ilacs_app.plan.parsing.timescales import describe, read_timescale
from ilacs_app.plan.rules import STATUS_WORDS
from ilacs_app.plan.visibility import anew, board_for, plan_for, recommendation_for, visible_action
from ilacs_app.plan.writing import hold
from ilacs_app.progress.dates.commands import ask_new_date
from ilacs_app.progress.dates.queries import new_dates
from ilacs_app.progress.evidence.commands import attach_each
from ilacs_app.progress.help.queries import open_calls
from ilacs_app.progress.notes.commands import log_progress
from ilacs_app.progress.notes.queries import newest_notes, newest_words
from ilacs_app.progress.notes.rules import ANSWERS
from ilacs_app.progress.queries import ActionAccess, action_for, testable, verb_for
from ilacs_app.progress.status.commands import move_status, stands_already
from ilacs_app.progress.status.queries import last_move, sent_back
from ilacs_app.progress.status.rules import MoveKind, moves, why_not_open
from ilacs_app.rows.action_page import action_page
from ilacs_app.rows.form import UpdateForm
from ilacs_app.rows.next_row import page_with, rows_after
from ilacs_app.rows.open_row import OpenRow, RowConflict, may_open, open_row, opened
from ilacs_app.rows.place import RowPlace
from ilacs_app.rows.writer import author_on
from ilacs_app.web import (
    actor,
    after_saving,
    asked_from,
    fragment,
    go_on,
    local_address,
    page,
    say_on_next_page,
    wants_fragment,
)
from ilacs_app.worklist.queries import count_by_group, what_waits

blueprint = Blueprint("progress", __name__)


def may_open_row(action_id: int) -> None:
    """Raises what the row of an action answers to somebody who may not write in it."""
    stand = action_for(actor(), action_id)
    if not may_open(stand):
        raise NotAllowed(why_not_open(stand.position, stand.standing))


def where_row_opens(action_id: int) -> str:
    """The page that the row of this request stands on, with the row open."""
    view = request.form.get("view", "")
    back = local_address(request.form.get("back")) or "/"
    return RowPlace(view if view in VIEWS else "action", back).opened(action_id)


@blueprint.get("/actions/<item:action_id>/row")
@requires("belongs")
def row(action_id: int) -> Response:
    """A row by itself, closed or (``?open=1``) open for writing."""
    place = _place()
    visible_action(actor(), action_id)
    row_open = None
    if request.args.get("open") == "1":
        row_open = open_row(action_id)
        if not row_open:
            stand = action_for(actor(), action_id)
            raise NotAllowed(why_not_open(stand.position, stand.standing))
    if not wants_fragment():
        return make_response(redirect(place.opened(action_id) if row_open else place.shut, 302))
    return fragment("rows/_answer.html", **_row_context(action_id, place, row_open), said=None, parts=None)


@blueprint.post("/actions/<item:action_id>/notes")
@requires("belongs", writes=True)
def add_note(action_id: int) -> Response:
    return _save(action_id, "note")


@blueprint.post("/actions/<item:action_id>/evidence")
@requires("belongs", writes=True)
def add_evidence(action_id: int) -> Response:
    return _save(action_id, "evidence")


@blueprint.post("/actions/<item:action_id>/status")
@requires("belongs", writes=True)
@drafted(UpdateForm, may_open_row, where_row_opens, beside=("progress.answer",))
def set_status(action_id: int) -> Response:
    return _save(action_id, "status")


@blueprint.post("/actions/<item:action_id>/date-requests")
@requires("belongs", writes=True)
def ask_date(action_id: int) -> Response:
    return _save(action_id, "date")


@blueprint.post("/actions/<item:action_id>/answer")
@requires("belongs", writes=True)
@drafted(UpdateForm, may_open_row, where_row_opens, beside=("progress.set_status",))
def answer(action_id: int) -> Response:
    """An answer, note, evidence, status and a new date in one form: all of it or nothing."""
    return _save(action_id, "any")


def _save(action_id: int, part: str) -> Response:
    who, today = actor(), clock.today()
    stand = action_for(who, action_id)
    form = UpdateForm.for_stand(stand, today)
    place = _place_of(form, action_id)
    before = saved_before(form)
    ways = rows_after(place, action_id, testing=bool(form.verdict.data)) if form.goes_on else []
    if before is not None:
        return _saved(action_id, place, before, ways)
    decided = form.settle(stand)
    writes = part in {"note", "evidence", "date"} or form.note or form.has_evidence or form.asks_date
    may, decides = may_open(stand), stand.standing.decides and not writes
    if not may and decides and form.is_stale(stand):
        return _again(action_id, place, opened(form, stand, _conflict(form, stand)), 409)
    if not (may or (decides and form.given_up)) or (writes and not stand.standing.may_write):
        raise NotAllowed(who_may(Act.WRITE) if writes else why_not_open(stand.position, stand.standing))
    if not decided:
        return _again(action_id, place, opened(form, stand, _conflict(form, stand)), 422)
    if not form.check(part, stand):
        return _again(action_id, place, opened(form, stand), 422)
    unsaved = action_row(who, action_id, today)
    said = _what_is_said(unsaved, form, stand)
    kept = form.keep()
    if kept is None:
        return _again(action_id, place, opened(form, stand), 422)
    by = author_on(who, stand)
    spare: list[FileKept] = []

    def write(changed: bool) -> None:
        spare.extend(_write(by, action_id, form, kept, today, changed=changed))

    try:
        saved = write_once(form, said, write, further=True)
    except (Refused, Stale) as refusal:
        discard(kept)
        stand = action_for(who, action_id)
        if isinstance(refusal, Refused):
            form.refuse(refusal)
            return _again(action_id, place, opened(form, stand), 422)
        return _again(action_id, place, opened(form, stand, _conflict(form, stand)), 409)
    discard(spare if saved.wrote else kept)
    return _saved(action_id, place, saved.said, ways, unsaved)


def _write(
    by: Author, action_id: int, form: UpdateForm, kept: list[FileKept], today: date, *, changed: bool
) -> list[FileKept]:
    """Everything that the form holds, in the open transaction, decided on what is true inside it.

    Of one that was saved before and ``changed`` since, a note and files that stand there word for word are not
    written again. Answers the files that no row names for that.
    """
    spare: list[FileKept] = []
    wish = form.wish()
    if wish:
        hold(action_id)
    if form.note and not (changed and stands_already(by, action_id, form.note)):
        log_progress(by, action_id, form.note)
    if form.has_evidence:
        spare = attach_each(by, action_id, form.evidence_text(), kept, changed=changed)
    asked = form.date_wish()
    if asked:
        ask_new_date(by, action_id, asked)
    if wish:
        stand = action_for(anew(actor(), today), action_id)
        if wish.version != stand.version:
            raise Stale
        move_status(by, action_id, wish, stand.position, stand.standing)
    return spare


def _conflict(form: UpdateForm, stand: ActionAccess) -> RowConflict:
    form.version.data = str(stand.version)
    mine = STATUS_WORDS.get(form.status_wanted, form.status_wanted)
    person_id, who, at = last_move(stand.action_id) or (None, "", None)
    move = next((one for one in moves(stand.position, stand.standing) if one.to == form.status_wanted), None)
    told = (form.reason.data or form.sample.data) and stand.standing.may_write
    options = [(MINE, "Keep mine")] if move else []
    options.append((THEIRS, "Keep theirs"))
    if told:
        options.append((BOTH, "Keep theirs, and my words as a note"))
    keep = "" if move else BOTH if told else THEIRS
    status = Difference("status", "Delivery status", mine, stand.status_words, keep)
    newest = newest_notes([stand.action_id]).get(stand.action_id)
    since = newest if newest and newest.id > form.seen_note else None
    return RowConflict(status, who, at, person_id == actor().id, move, options, since)


def _what_is_said(row: ActionRow, form: UpdateForm, stand: ActionAccess) -> str:
    done = []
    if form.answer.data:
        done.append(f"{ANSWERS.get(form.answer.data, '')}.")
    if form.note and form.note.has_text:
        done.append("Note added.")
    if form.has_evidence:
        done.append(f"Evidence added: {len(form.uploads)} files." if len(form.uploads) > 1 else "Evidence added.")
    if form.words.data:
        reading = describe(read_timescale(form.words.data, row.facts.plan_dated_on))
        done.append(f"New date asked for: {reading}. Until it is agreed, the date stays as it is.")
    if form.given_up:
        done.append(f"Delivery status: {STATUS_WORDS[row.status]}, as it was set meanwhile.")
    if form.status_wanted:
        done.append(_moved(form, stand))
    done.append(child_warning(form.written))
    return f"Saved: {row.ref} {_shortened(row.text)} {' '.join(filter(None, done))}"


def _moved(form: UpdateForm, stand: ActionAccess) -> str:
    """What is said of the status move that the form asks for."""
    move = next((move for move in moves(stand.position, stand.standing) if move.to == form.status_wanted), None)
    if move and move.kind == MoveKind.SENT_BACK:
        return "Sent back."
    return f"Delivery status: {STATUS_WORDS.get(form.status_wanted, '')}."


def _shortened(text: str, most: int = 80) -> str:
    words = " ".join(text.split())
    whole = words if len(words) <= most else words[: words.rfind(" ", 0, most)] + "…"
    return whole if whole.endswith((".", "…", "?", "!")) else whole + "."


def _place() -> RowPlace:
    """Where the row stands that is asked for by itself: on the page that asks."""
    return RowPlace.on(local_address(request.args.get("back")) or asked_from() or url_for("worklist.my_work"))


def _place_of(form: UpdateForm, action_id: int) -> RowPlace:
    back = local_address(form.back.data) or asked_from() or url_for("plan.action", action_id=action_id)
    return RowPlace(form.view_name, back)


def _row_context(action_id: int, place: RowPlace, row_open: OpenRow | None) -> dict[str, Any]:
    who, today = actor(), clock.today()
    row = action_row(who, action_id, today, _recommendation_in(place))
    return {
        "row": row,
        "today": today,
        "place": place,
        "call": open_calls([action_id]).get(action_id) if place.view == "work" else None,
        "opened": row_open,
        "note": newest_words([action_id]).get(action_id),
        "sent_back": sent_back([action_id]).get(action_id) if place.view == "work" else None,
        "new_date": new_dates([action_id]).get(action_id),
        "verb": verb_for(who, row, testable(who, [row])),
    }


def _recommendation_in(place: RowPlace) -> int | None:
    names = place.named
    if place.view != "recommendation" or "number" not in names:
        return None
    try:
        plan = plan_for(actor(), names["plan_slug"])
        return recommendation_for(actor(), plan.id, names["number"])
    except NotKnown:
        return None


def _again(action_id: int, place: RowPlace, row_open: OpenRow, status: int) -> Response:
    """The same row, open, with the text kept and what to do: in its place, or as a page of its own."""
    if place.view == "action":
        return page("plan/action.html", status=status, has_errors=status == 422, **action_page(action_id, row_open))
    context = _row_context(action_id, place, row_open)
    if wants_fragment():
        return fragment("rows/_answer.html", status=status, **context, said=None, parts=None)
    return page("rows/row.html", status=status, has_errors=status == 422, **context)


def _saved(action_id: int, place: RowPlace, said: str, ways: list[int], unsaved: ActionRow | None = None) -> Response:
    """The row closed, and the next one of ``ways`` open, if somebody walks the list."""
    onward = page_with(place, ways[0]) if ways else place
    if not wants_fragment():
        return after_saving(said, onward.opened(ways[0]) if ways else f"{place.shut}#action-{action_id}")
    if onward != place:  # the next one is on another page of the list
        say_on_next_page(said)
        return go_on(onward.opened(ways[0]))
    context = _row_context(action_id, place, None)
    parts = _parts(place, context["row"], unsaved)
    after = _row_context(ways[0], place, open_row(ways[0])) if ways else None
    return fragment("rows/_answer.html", **context, said=said, parts=parts, after=after)


def _parts(place: RowPlace, row: ActionRow, unsaved: ActionRow | None) -> dict[str, Any]:
    """What else on the page changed with the row: the counts above it and the number beside My work.

    Most notes change no rating and no status; then no count is asked for.
    """
    who, today = actor(), clock.today()
    parts: dict[str, Any] = {"view": place.view, "waits": what_waits(who, today)}
    same = unsaved and (unsaved.status, unsaved.brag, unsaved.days) == (row.status, row.brag, row.days)
    if place.view == "work":
        parts["groups"] = count_by_group(who, today)
        parts["mine"] = counts(who, Filter(delivered_by=who.acts_as), today) if who.has_items and not same else None
        return parts
    if same:
        return parts
    bars = ratings_by_recommendation([row.recommendation_id], today)
    if place.view == "recommendation":
        parts["bar"] = bars[row.recommendation_id]
    elif place.view in {"plan", "board"}:
        parts["bars"] = bars
        whole = Filter(plan_id=row.plan_id)
        parts["summary"] = summary(who, whole, today) if place.view == "plan" else _board_summary(place)
    return parts


def _board_summary(place: RowPlace) -> tuple[Counts, int] | None:
    try:
        board = board_for(actor(), place.named.get("board_slug", ""))
    except NotKnown:
        return None
    return board_summary(actor(), board.id, clock.today())
