"""Everything that the page of one action shows, and the form on it that was refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from ilacs_app import clock
from ilacs_app.access import Act, Actor, may
from ilacs_app.editing.twins.queries import linked_into
from ilacs_app.editing.undo.pages import action_history
from ilacs_app.forms.conflicts import Conflict
from ilacs_app.forms.drafts import take_up_each
from ilacs_app.history import Event
from ilacs_app.plan.lists.rows import ActionRow, action_row
from ilacs_app.plan.queries import action_detail, board_parts, lead_names
from ilacs_app.plan.rules import OPEN
from ilacs_app.progress.completion.forms import MonthForm
from ilacs_app.progress.completion.rules import why_month_unsure
from ilacs_app.progress.dates.forms import DecideForm
from ilacs_app.progress.dates.queries import AskedDate, dates_asked, decisions_on, ledger
from ilacs_app.progress.evidence.queries import evidence, proof
from ilacs_app.progress.help.forms import HelpForm
from ilacs_app.progress.help.queries import Call, calls
from ilacs_app.progress.help.rules import CallState, why_not_reply
from ilacs_app.progress.notes.queries import newest_words, notes
from ilacs_app.progress.notes.rules import may_correct
from ilacs_app.progress.queries import ActionAccess, action_for
from ilacs_app.progress.ratings.forms import RatingForm
from ilacs_app.progress.ratings.queries import judged_by
from ilacs_app.progress.ratings.rules import ratings_open
from ilacs_app.progress.stages.forms import StageForm
from ilacs_app.progress.stages.queries import stages
from ilacs_app.progress.status.rules import TESTS, Move, MoveKind, form_title, moves
from ilacs_app.rows.open_row import OpenRow, may_open
from ilacs_app.rows.place import RowPlace
from ilacs_app.web import actor
from ilacs_app.worklist.queries import what_waits


def action_page(action_id: int, opened: OpenRow | None, typed: RejectedForm | None = None) -> dict[str, Any]:
    """Everything that the page of one action shows. The caller has checked that it is theirs to see.

    ``typed`` is one of its smaller forms that could not be saved.
    """
    who, today = actor(), clock.today()
    row = action_row(who, action_id, today)
    home = row.recommendation_id
    stand = action_for(who, action_id)
    detail = action_detail(who, action_id)
    edits = may(who, Act.EDIT_PLAN, row.plan_id) and row.plan_state != "closed"
    past = action_history(who, action_id, may_undo=edits and not detail.linked_into_id)
    written = notes(action_id)
    forms = panels(who, row, stand, past["events"], typed) | rating_panel(stand, row, today, typed)
    return {
        "row": row,
        "detail": detail,
        "leads": lead_names([home]).get(home, ()),
        "boards": board_parts([home]).get(home, ()),
        "notes": written,
        "mine_to_correct": {
            note.id
            for note in written
            if stand.standing.may_write
            and not note.corrected
            and may_correct(who.id, (note.person_id, note.for_person_id))
        },
        "evidence": evidence(who, action_id),
        **past,
        "place": RowPlace("action", f"/actions/{action_id}"),
        "opened": opened,
        "note": newest_words([action_id]).get(action_id),
        "may_open": may_open(stand),
        "form_title": form_title(stand.position, stand.standing),
        "edits": edits,
        "twins": linked_into(who, [action_id]),
        "today": today,
        **forms,
        **left_open(action_id, forms, typed),
    }


def replies(helps: Sequence[tuple[ActionRow, Call]], typed: RejectedForm | None = None) -> dict[str, Any]:
    """The calls with the form of each reply by its action, as it was left; ``typed`` is one that could not be saved."""
    forms = {row.id: HelpForm(formdata=None) for row, _ in helps}
    left = {str(id_): (form, url_for("help.reply", action_id=id_)) for id_, form in forms.items()}
    if typed:
        forms[typed.at] = typed.form
        left.pop(str(typed.at), None)
    return {
        "helps": helps,
        "replies": forms,
        "reply_drafts": take_up_each(**left),
        "typed": typed,
        "waits": what_waits(actor(), clock.today()),
    }


@dataclass(frozen=True)
class RejectedForm:
    """A form of the page that could not be saved; ``theirs`` is what somebody else saved meanwhile, in words;
    ``clash`` both, by field."""

    form: DecideForm | RatingForm | StageForm | HelpForm | MonthForm
    theirs: str = ""
    at: int = 0
    clash: Conflict | None = None


def panels(
    who: Actor, row: ActionRow, stand: ActionAccess, events: Iterable[Event], typed: RejectedForm | None
) -> dict[str, Any]:
    """What ``plan/action.html`` needs beyond the row, the notes and the evidence."""
    asked = dates_asked(row.id)
    waiting = next((request for request in asked if request.state == "waiting"), None)
    known, called = proof(row.id), calls(row.id)
    asked_by = {call.asked_by_id for call in called if call.is_waiting}
    cannot_reply = why_not_reply(stand.standing, who.id, asked_by)
    return {
        "ledger": ledger(row.id, asked),
        "not_agreed": [request for request in asked if request.state in {"refused", "taken_back"}],
        "waiting": waiting,
        **(_deciding(who, row, waiting, typed) if waiting else {}),
        **_completion(row, stand, typed),
        "stages": stages(row.id),
        "may_tick": stand.standing.may_write and row.status in OPEN,
        "last_proved_on": known.last_proved_on,
        "last_sent_back": known.last_sent_back,
        "judged": judged_by(row.id) if row.facts.brag_override else None,
        "undo": undone_by(stand, events),
        "calls": called,
        "may_reply": bool(asked_by) and cannot_reply is None,
        "may_judge": stand.standing.may_write and any(call.state == CallState.REPLIED for call in called),
        "settles": who.id in asked_by and row.status in OPEN,
        "help_form": typed.form if typed and isinstance(typed.form, HelpForm) else HelpForm(formdata=None),
        "typed": typed,
        "version": stand.version,
        "writes_here": stand.standing.may_write,
        "stage_form": StageForm(formdata=None),
    }


def left_open(action_id: int, shown: Mapping[str, Any], typed: RejectedForm | None) -> dict[str, Any]:
    """The smaller forms of the page as this person left them, and their drafts by the names that the page gives them.

    ``shown`` is what ``panels`` and ``rating_panel`` answered; ``reopen`` is the form that opens a stage again.
    """
    reopen = StageForm(formdata=None)
    forms = {"reopen": (reopen, url_for("stages.set_stage", action_id=action_id))} if shown["may_tick"] else {}
    if shown["may_reply"]:
        forms["help"] = (shown["help_form"], url_for("help.reply", action_id=action_id))
    if shown["rate"]:
        forms["rate"] = (shown["rate"], url_for("ratings.set_rating", action_id=action_id))
    if shown["month_form"]:
        forms["month"] = (shown["month_form"], url_for("completion.set_month", action_id=action_id))
    if shown.get("may_decide"):
        forms["decide"] = (shown["decide_form"], url_for("dates.decide", request_id=shown["waiting"].id))
    sent = typed.form if typed else None
    drafts = take_up_each(**{name: one for name, one in forms.items() if one[0] is not sent})
    return {"reopen": reopen, "drafts": drafts}


def _deciding(who: Actor, row: ActionRow, waiting: AskedDate, typed: RejectedForm | None) -> dict[str, Any]:
    decision = decisions_on(who, [waiting], {row.id: row}, clock.today())[waiting.id]
    sent = typed.form if typed and isinstance(typed.form, DecideForm) else None
    return {
        "decision": decision,
        "may_decide": decision.may_decide,
        "own_request": who.id in {waiting.asked_by_id, waiting.for_person_id},
        "decide_form": (sent or DecideForm(formdata=None)).offering(decision),
    }


def _completion(row: ActionRow, stand: ActionAccess, typed: RejectedForm | None) -> dict[str, Any]:
    """Why the month of completion has to be confirmed, and the form for those who may."""
    sent = typed.form if typed and isinstance(typed.form, MonthForm) else None
    unsure = why_month_unsure(row.facts, clock.today())
    asks = bool(unsure) and stand.standing.may_write
    form = (sent or MonthForm(formdata=None)) if asks else None
    return {"month_unsure": unsure, "month_form": form, "month_sent": sent if not asks else None}


def rating_panel(stand: ActionAccess, row: ActionRow, today: date, typed: RejectedForm | None) -> dict[str, Any]:
    """The form that sets a rating by judgement, for those who may."""
    if not stand.standing.may_override:
        return {"rate": None}
    may = ratings_open(row.facts, today)
    form = typed.form if typed and isinstance(typed.form, RatingForm) else None
    if not form and not may and row.facts.brag_override is None:
        return {"rate": None}
    return {"rate": (form or RatingForm(formdata=None)).offering(may, lift=row.facts.brag_override is not None)}


def undone_by(stand: ActionAccess, events: Iterable[Event]) -> tuple[int, Move] | None:
    """The newest status move of the history, by the id of its line, and the legal move that goes back; or nothing."""
    last = next((event for event in events if event.before.get("status")), None)
    if last is None or last.after.get("status") != stand.position.status:
        return None
    for move in moves(stand.position, stand.standing):
        back = move.to == last.before["status"] and move.kind not in TESTS
        if back or (last.verb == MoveKind.CLAIM and move.kind == MoveKind.TAKEN_BACK):
            return last.id, move
    return None
