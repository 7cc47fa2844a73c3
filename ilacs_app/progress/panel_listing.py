"""What the page of one action shows of its dates, stages, proof and rating, and of its newest move that can be undone.

A top-layer file like ``listing.py``: the forms in it are those of ``date_routes``, ``stage_routes`` and
``rating_routes``, which show the page again where one of them cannot be saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from ..access import Actor
from ..differing import Clash
from ..drafting import take_up_each
from ..history import Event
from ..plan.queries import ActionRow
from ..plan.rules import OPEN
from .date_forms import DecideForm
from .date_queries import AskedDate, dates_asked, ledger, waits_for_board
from .date_rules import Decider, why_not_decide
from .help_forms import HelpForm
from .help_queries import calls
from .item_queries import judged_by, proof, stages
from .queries import Stand
from .rating_forms import RatingForm
from .rating_rules import may_override, ratings_open
from .rules import TESTS, Move, MoveKind, moves, why_not_reply
from .stage_forms import StageForm


@dataclass(frozen=True)
class Typed:
    """A form of the page that could not be saved; ``theirs`` is what somebody else saved meanwhile, in words;
    ``clash`` both, by field."""

    form: DecideForm | RatingForm | StageForm | HelpForm
    theirs: str = ""
    at: int = 0
    clash: Clash | None = None


def panels(who: Actor, row: ActionRow, stand: Stand, events: Iterable[Event], typed: Typed | None) -> dict[str, Any]:
    """What ``plan/action.html`` needs beyond the row, the notes and the evidence."""
    asked = dates_asked(row.id)
    waiting = next((one for one in asked if one.state == "waiting"), None)
    known, called = proof(row.id), calls(row.id)
    asked_by = {call.asked_by_id for call in called if call.closed_at is None}
    cannot_reply = why_not_reply(stand.standing, who.id, asked_by)
    return {
        "ledger": ledger(row.id, asked),
        "not_agreed": [one for one in asked if one.state in {"refused", "taken_back"}],
        "waiting": waiting,
        **(_deciding(who, stand, row, waiting) if waiting else {}),
        "stages": stages(row.id),
        "may_tick": stand.standing.may_write and row.status in OPEN,
        "last_proved_on": known.last_proved_on,
        "last_sent_back": known.last_sent_back,
        "judged": judged_by(row.id) if row.facts.brag_override else None,
        "undo": undone_by(stand, events),
        "calls": called,
        "may_reply": bool(asked_by) and cannot_reply is None,
        "settles": who.id in asked_by and row.status in OPEN,
        "help_form": typed.form if typed and isinstance(typed.form, HelpForm) else HelpForm(formdata=None),
        "typed": typed,
        "version": stand.version,
        "writes_here": stand.standing.may_write,
        "decide_form": typed.form if typed and isinstance(typed.form, DecideForm) else DecideForm(formdata=None),
        "stage_form": StageForm(formdata=None),
    }


def left_open(action_id: int, shown: Mapping[str, Any], typed: Typed | None) -> dict[str, Any]:
    """The smaller forms of the page as this person left them, and their drafts by the names that the page gives them.

    ``shown`` is what ``panels`` and ``rating_panel`` answered; ``reopen`` is the form that opens a stage again.
    """
    reopen = StageForm(formdata=None)
    forms = {"reopen": (reopen, url_for("stages.set_stage", action_id=action_id))} if shown["may_tick"] else {}
    if shown["may_reply"]:
        forms["help"] = (shown["help_form"], url_for("help.reply", action_id=action_id))
    if shown["rate"]:
        forms["rate"] = (shown["rate"], url_for("ratings.set_rating", action_id=action_id))
    if shown.get("may_decide"):
        forms["decide"] = (shown["decide_form"], url_for("dates.decide", request_id=shown["waiting"].id))
    sent = typed.form if typed else None
    drafts = take_up_each(**{name: one for name, one in forms.items() if one[0] is not sent})
    return {"reopen": reopen, "drafts": drafts}


def _deciding(who: Actor, stand: Stand, row: ActionRow, waiting: AskedDate) -> dict[str, Any]:
    standing = stand.standing
    own = who.id in {waiting.asked_by_id, waiting.for_person_id}
    board = waits_for_board(row, waiting)
    cannot = why_not_decide(Decider(standing.manager, standing.leads, own), board)
    return {
        "for_board": board,
        "may_decide": cannot is None,
        "manages": standing.manager,
        "own_request": own,
        "cannot_decide": cannot,
    }


def rating_panel(stand: Stand, row: ActionRow, today: date, typed: Typed | None) -> dict[str, Any]:
    """The form that sets a rating by judgement, for those who may."""
    if not may_override(stand.standing):
        return {"rate": None}
    may = ratings_open(row.facts, today)
    form = typed.form if typed and isinstance(typed.form, RatingForm) else None
    if not form and not may and row.facts.brag_override is None:
        return {"rate": None}
    return {"rate": (form or RatingForm(formdata=None)).offering(may, lift=row.facts.brag_override is not None)}


def undone_by(stand: Stand, events: Iterable[Event]) -> tuple[int, Move] | None:
    """The newest status move of the history, by the id of its line, and the legal move that goes back; or nothing."""
    last = next((event for event in events if event.before.get("status")), None)
    if last is None or last.after.get("status") != stand.position.status:
        return None
    for move in moves(stand.position, stand.standing):
        back = move.to == last.before["status"] and move.kind not in TESTS
        if back or (last.verb == MoveKind.CLAIM and move.kind == MoveKind.TAKEN_BACK):
            return last.id, move
    return None
