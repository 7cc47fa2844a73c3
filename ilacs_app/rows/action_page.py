"""Everything that the page of one action shows, and the form on it that was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import Response, url_for

from ilacs_app import clock
from ilacs_app.access import Act, Actor, may
from ilacs_app.editing.twins.queries import Linked, linked_into
from ilacs_app.editing.undo.pages import HistoryShown, action_history
from ilacs_app.forms.conflicts import Conflict
from ilacs_app.forms.drafts import take_up_each
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.governance.challenges.pages import (
    QuestionsShown,
    questions_about_action,
    questions_about_recommendation,
)
from ilacs_app.governance.decisions.queries import (
    DecisionLine,
    decisions_on_action,
    decisions_on_recommendation,
)
from ilacs_app.history import Event
from ilacs_app.plan.lists.rows import ActionRow, action_row
from ilacs_app.plan.queries import ActionDetail, BoardPart, action_detail, board_parts, lead_names
from ilacs_app.plan.rules import OPEN, Status
from ilacs_app.progress.completion.forms import MonthForm
from ilacs_app.progress.completion.rules import why_month_unsure
from ilacs_app.progress.dates.deciders.queries import WhoDecides, decisions_on
from ilacs_app.progress.dates.forms import DecideForm
from ilacs_app.progress.dates.queries import AskedDate, LedgerLine, dates_asked, ledger
from ilacs_app.progress.evidence.queries import EvidenceItem, evidence, proof
from ilacs_app.progress.help.forms import HelpForm
from ilacs_app.progress.help.queries import Call, CallToAnswer, calls
from ilacs_app.progress.help.rules import CallState, why_not_reply
from ilacs_app.progress.notes.queries import Note, Words, newest_words, notes
from ilacs_app.progress.notes.rules import Answer, may_correct
from ilacs_app.progress.overrides.forms import OverrideForm
from ilacs_app.progress.overrides.queries import OverriddenBy, overridden_by
from ilacs_app.progress.overrides.rules import ratings_open
from ilacs_app.progress.queries import ActionAccess, action_for, with_help_hidden
from ilacs_app.progress.stages.forms import StageForm
from ilacs_app.progress.stages.queries import StageLine, stages
from ilacs_app.progress.status.queries import reasons_set_aside
from ilacs_app.progress.status.rules import TESTS, Move, MoveKind, form_title, moves
from ilacs_app.rows.neighbours import LinksBeside
from ilacs_app.rows.open_row import OpenRow, may_open
from ilacs_app.rows.place import RowPlace
from ilacs_app.web import actor, page
from ilacs_app.worklist.queries import waiting, what_waits
from ilacs_app.worklist.rules import Waits


@dataclass(frozen=True)
class RejectedForm:
    """A form of the page that could not be saved.

    ``theirs`` is what someone else saved meanwhile, in words; ``clash`` both, by field. ``at`` is the item of the page
    that the form is about, where there are several.
    """

    form: DecideForm | OverrideForm | StageForm | HelpForm | MonthForm
    theirs: str = ""
    at: int = 0
    clash: Conflict | None = None


@dataclass(frozen=True)
class DatesPanel:
    """The dates that an action has had, and a request that waits, with the form for those who decide on it."""

    ledger: list[LedgerLine]
    not_agreed: list[AskedDate]
    waiting: AskedDate | None = None
    decision: WhoDecides | None = None
    own_request: bool = False
    form: DecideForm | None = None

    @property
    def may_decide(self) -> bool:
        return self.decision is not None and self.decision.may_decide


@dataclass(frozen=True)
class HelpPanel:
    """The requests for help, and what this person may do: reply, say whether it helped, settle their own request."""

    calls: list[Call]
    may_reply: bool
    may_judge: bool
    settles: bool
    form: HelpForm


@dataclass(frozen=True)
class MonthPanel:
    """Why the month of completion has to be confirmed; the form for those who may, or the one that came too late."""

    unsure: str | None
    form: MonthForm | None
    sent: MonthForm | None


@dataclass(frozen=True)
class StagesPanel:
    """The stages. ``form`` is the empty form, and ``reopen`` the one that opens a stage again, as it was left."""

    stages: list[StageLine]
    may_tick: bool
    form: StageForm
    reopen: StageForm


@dataclass(frozen=True)
class UndoMove:
    """The newest status move of the history, by the id of its line, and the legal move that goes back."""

    event_id: int
    move: Move


@dataclass(frozen=True)
class ActionPage:
    """Everything that the page of one action shows."""

    row: ActionRow
    detail: ActionDetail
    leads: tuple[str, ...]
    boards: tuple[BoardPart, ...]
    notes: list[Note]
    mine_to_correct: frozenset[int]
    note: Words | None
    evidence: list[EvidenceItem]
    last_proved_on: date | None
    last_sent_back: datetime | None
    history: HistoryShown
    undo: UndoMove | None
    judged: OverriddenBy | None
    place: RowPlace
    opened: OpenRow | None
    may_open: bool
    reason: str
    """Why it is paused or withdrawn."""
    sets_aside: Move | None
    """The move that withdraws it, or restores it; nothing for someone who may make neither."""
    form_title: str
    edits: bool
    writes_here: bool
    version: int
    twins: list[Linked]
    today: date
    dates: DatesPanel
    help: HelpPanel
    month: MonthPanel
    stages: StagesPanel
    rate: OverrideForm | None
    questions: QuestionsShown
    decisions: Sequence[DecisionLine]
    typed: RejectedForm | None
    drafts: dict[str, KeptDraft] = field(default_factory=dict)
    """The drafts that this person has in the smaller forms, by the names that ``_smaller_forms`` gives them."""


def answer_action_page(
    action_id: int,
    status: int = 200,
    *,
    opened: OpenRow | None = None,
    typed: RejectedForm | None = None,
    not_undone: str = "",
    place: RowPlace | None = None,
    beside: LinksBeside | None = None,
) -> Response:
    """Answer with the page of one action. The caller has checked that it is theirs to see.

    Args:
        action_id: the action.
        status: the status of the answer; 422 moves the focus to what is wrong.
        opened: the form of its row, open on the page.
        typed: one of the page's smaller forms that could not be saved.
        not_undone: why a change could not be undone.
        place: where the page is, if it was opened from a list.
        beside: the links to the actions before and after this one in that list.
    """
    shown = action_page(action_id, opened, typed, place or RowPlace("action", f"/actions/{action_id}"))
    return page(
        "plan/action.html",
        status=status,
        has_errors=status == 422,
        action=shown,
        not_undone=not_undone,
        beside=beside,
    )


def action_page(action_id: int, opened: OpenRow | None, typed: RejectedForm | None, place: RowPlace) -> ActionPage:
    """Return everything that the page of one action shows."""
    who, today = actor(), clock.today()
    row = action_row(who, action_id, today)
    home = row.recommendation_id
    access = action_for(who, action_id)
    detail = action_detail(who, action_id)
    edits = may(who, Act.EDIT_PLAN, row.plan_id) and row.plan_state != "closed"
    history = action_history(who, action_id, may_undo=edits and not detail.linked_into_id)
    hidden = with_help_hidden(who, [row])
    written, proved = notes(action_id), proof(action_id)
    if hidden:
        written = [note for note in written if note.answer != Answer.NEED_HELP]
    dates, help_ = _dates(who, row, typed), _help(who, row, access, typed)
    month, stages_ = _month(row, access, typed), _stages(row, access)
    rate = _rating(access, row, today, typed)
    return ActionPage(
        row=row,
        detail=detail,
        leads=lead_names([home]).get(home, ()),
        boards=board_parts([home]).get(home, ()),
        notes=written,
        mine_to_correct=_correctable(who, written, access),
        note=newest_words([action_id], without_help=hidden).get(action_id),
        evidence=evidence(who, action_id),
        last_proved_on=proved.last_proved_on,
        last_sent_back=proved.last_sent_back,
        history=history,
        undo=_undo_of(access, history.events),
        judged=overridden_by(row.id) if row.facts.brag_override else None,
        place=place,
        opened=opened,
        may_open=may_open(access),
        reason=reasons_set_aside([row]).get(action_id, ""),
        sets_aside=_sets_aside(access) if edits else None,
        form_title=form_title(access.position, access.standing),
        edits=edits,
        writes_here=access.standing.may_write,
        version=access.version,
        twins=linked_into(who, [action_id]),
        today=today,
        dates=dates,
        help=help_,
        month=month,
        stages=stages_,
        rate=rate,
        questions=questions_about_action(who, action_id, may_ask=not detail.linked_into_id and not detail.withdrawn),
        decisions=decisions_on_action(who, action_id),
        typed=typed,
        drafts=_left(_smaller_forms(action_id, dates, help_, month, stages_, rate), typed),
    )


def _sets_aside(access: ActionAccess) -> Move | None:
    """The move that withdraws an action, or restores a withdrawn one, if this person may make it."""
    kind = MoveKind.RETURN if access.position.status == Status.WITHDRAWN else MoveKind.WITHDRAWAL
    return next((move for move in moves(access.position, access.standing) if move.kind == kind), None)


def questions_of_recommendation(recommendation_id: int, *, withdrawn: bool) -> QuestionsShown:
    """Return what the page of a recommendation shows of boards' questions about it."""
    return questions_about_recommendation(actor(), recommendation_id, may_ask=not withdrawn)


def decisions_of_recommendation(recommendation_id: int) -> list[DecisionLine]:
    """Return what the page of a recommendation shows of boards' decisions on it."""
    return decisions_on_recommendation(actor(), recommendation_id)


def waits_now() -> Waits:
    """Return how much this person has to do, for the number and the sentence that a saved form changes."""
    return what_waits(actor(), clock.today())


def need_updates() -> frozenset[int]:
    """Return the ids of the actions that need an update from this person, which have a row on My work."""
    return frozenset(item.row.id for item in waiting(actor(), clock.today()))


def _correctable(who: Actor, written: Sequence[Note], access: ActionAccess) -> frozenset[int]:
    """The ids of the notes that this person may correct."""
    if not access.standing.may_write:
        return frozenset()
    return frozenset(
        note.id for note in written if not note.corrected and may_correct(who.id, (note.person_id, note.for_person_id))
    )


def _dates(who: Actor, row: ActionRow, typed: RejectedForm | None) -> DatesPanel:
    asked = dates_asked(row.id)
    lines = ledger(row.id, asked)
    not_agreed = [request for request in asked if request.state in {"refused", "taken_back"}]
    waiting = next((request for request in asked if request.state == "waiting"), None)
    if waiting is None:
        return DatesPanel(lines, not_agreed)
    decision = decisions_on(who, [waiting], {row.id: row}, clock.today())[waiting.id]
    sent = typed.form if typed and isinstance(typed.form, DecideForm) else None
    return DatesPanel(
        ledger=lines,
        not_agreed=not_agreed,
        waiting=waiting,
        decision=decision,
        own_request=who.id in {waiting.asked_by_id, waiting.for_person_id} and not who.looks_back,
        form=sent or DecideForm(formdata=None),
    )


def _help(who: Actor, row: ActionRow, access: ActionAccess, typed: RejectedForm | None) -> HelpPanel:
    hidden = with_help_hidden(who, [row])
    called = [call for call in calls(row.id) if not (hidden and call.is_open)]
    asked_by = {call.asked_by_id for call in called if call.is_waiting}
    sent = typed.form if typed and isinstance(typed.form, HelpForm) else None
    return HelpPanel(
        calls=called,
        may_reply=bool(asked_by) and why_not_reply(access.standing, who.id, asked_by) is None,
        may_judge=access.standing.may_write and any(call.state == CallState.REPLIED for call in called),
        settles=who.id in asked_by and row.status in OPEN and not who.looks_back,
        form=sent or HelpForm(formdata=None),
    )


def _month(row: ActionRow, access: ActionAccess, typed: RejectedForm | None) -> MonthPanel:
    sent = typed.form if typed and isinstance(typed.form, MonthForm) else None
    unsure = why_month_unsure(row.facts, clock.today())
    asks = bool(unsure) and access.standing.may_write
    form = (sent or MonthForm(formdata=None)) if asks else None
    return MonthPanel(unsure=unsure, form=form, sent=sent if not asks else None)


def _stages(row: ActionRow, access: ActionAccess) -> StagesPanel:
    return StagesPanel(
        stages=stages(row.id),
        may_tick=access.standing.may_write and row.status in OPEN,
        form=StageForm(formdata=None),
        reopen=StageForm(formdata=None),
    )


def _rating(access: ActionAccess, row: ActionRow, today: date, typed: RejectedForm | None) -> OverrideForm | None:
    """The form that overrides a rating, for those who may."""
    if not access.standing.may_override:
        return None
    ratings = ratings_open(row.facts, today)
    sent = typed.form if typed and isinstance(typed.form, OverrideForm) else None
    if not sent and not ratings and row.facts.brag_override is None:
        return None
    return (sent or OverrideForm(formdata=None)).offering(ratings, lift=row.facts.brag_override is not None)


FormSent = tuple[DecideForm | OverrideForm | StageForm | HelpForm | MonthForm, str]
"""A form, and the address that it is sent to."""


def _smaller_forms(
    action_id: int,
    dates: DatesPanel,
    help_: HelpPanel,
    month: MonthPanel,
    stages_: StagesPanel,
    rate: OverrideForm | None,
) -> dict[str, FormSent]:
    """The smaller forms that this person has on the page, by the names that ``ActionPage.drafts`` has for them."""
    forms: dict[str, FormSent] = {}
    if stages_.may_tick:
        forms["reopen"] = (stages_.reopen, url_for("stages.set_stage", action_id=action_id))
    if help_.may_reply:
        forms["help"] = (help_.form, url_for("help.reply", action_id=action_id))
    if rate:
        forms["rate"] = (rate, url_for("overrides.set_rating", action_id=action_id))
    if month.form:
        forms["month"] = (month.form, url_for("completion.set_month", action_id=action_id))
    if dates.may_decide and dates.form and dates.waiting and not (dates.decision and dates.decision.by_board):
        forms["decide"] = (dates.form, url_for("dates.decide", request_id=dates.waiting.id))
    return forms


def _left(forms: dict[str, FormSent], typed: RejectedForm | None) -> dict[str, KeptDraft]:
    """Fill the forms as this person left them, but for one that was just sent, and return the drafts."""
    sent = typed.form if typed else None
    return take_up_each(**{name: form for name, form in forms.items() if form[0] is not sent})


def _undo_of(access: ActionAccess, events: Sequence[Event]) -> UndoMove | None:
    """The newest status move, if a legal move goes back."""
    last = next((event for event in events if event.before.get("status")), None)
    if last is None or last.after.get("status") != access.position.status:
        return None
    for move in moves(access.position, access.standing):
        back = move.to == last.before["status"] and move.kind not in TESTS
        if back or (last.verb == MoveKind.CLAIM and move.kind == MoveKind.TAKEN_BACK):
            return UndoMove(event_id=last.id, move=move)
    return None


@dataclass(frozen=True)
class HelpToAnswer:
    """The requests for help that My work shows, with the form of each reply and its draft, both by the action's id.

    ``typed`` is a reply that could not be saved.
    """

    requests: Sequence[CallToAnswer]
    forms: Mapping[int, HelpForm]
    drafts: Mapping[int, KeptDraft]
    typed: RejectedForm | None = None


def help_to_answer(requests: Sequence[CallToAnswer], typed: RejectedForm | None = None) -> HelpToAnswer:
    """Return these requests with the forms that reply to them, as they were left; ``typed`` as it was sent."""
    forms = {request.row.id: HelpForm(formdata=None) for request in requests}
    drafts = take_up_each(
        **{
            str(id_): (form, url_for("help.reply", action_id=id_))
            for id_, form in forms.items()
            if not (typed and typed.at == id_)
        }
    )
    if typed and isinstance(typed.form, HelpForm):
        forms[typed.at] = typed.form
    return HelpToAnswer(requests, forms, {int(id_): draft for id_, draft in drafts.items()}, typed)
