"""Record what a board decides at a meeting. Each decision is at once the move of the date or status that it stands for.

A decision locks the plan, the item, the board and the meeting, in this order. So who is named as a lead or owner of
the item, who came, the quorum and what others decided stay as they are until it is written. Who serves on the board, is
in a team or acts for someone is read once in the same transaction, and not locked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from ilacs_app import clock
from ilacs_app.access import OPERATOR, Act, Actor, Standing, check_may, who_may
from ilacs_app.db import db
from ilacs_app.errors import NotAllowed, Refused, Stale
from ilacs_app.governance.agenda.commands import keep_items
from ilacs_app.governance.agenda.model import AgendaEntry
from ilacs_app.governance.agenda.queries import agenda_facts, begun_facts
from ilacs_app.governance.agenda.rules import AgendaFact, AgendaKind, id_in
from ilacs_app.governance.attendance.queries import attendees, quorum_at
from ilacs_app.governance.challenges.commands import QuestionWish, ask_question
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.governance.decisions.model import Decision
from ilacs_app.governance.decisions.queries import ItemNow, detail_of, item_now, newest_decision, sitting_of
from ilacs_app.governance.decisions.rules import (
    DECISION_WORDS,
    MOVES_TO,
    NEEDS_WORDS,
    ON_DATES,
    DecisionKind,
    Recorder,
    Sitting,
    kinds_for,
    why_not_at,
    why_not_by,
    why_not_decided,
    why_only_notes,
)
from ilacs_app.governance.meetings.queries import lock_meeting, meeting_of
from ilacs_app.governance.minutes.queries import NotAsPublished, is_all_published
from ilacs_app.history import Author, record
from ilacs_app.people.boards.model import Board, Meeting
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.plan.model import Action, Recommendation
from ilacs_app.plan.visibility import actor_with
from ilacs_app.plan.writing import hold, open_plan
from ilacs_app.progress.dates.commands import WrongDate
from ilacs_app.progress.dates.deciders.commands import agree_new_date, refuse_new_date
from ilacs_app.progress.status.commands import StatusWish, WrongMove, move_status

KEPT_APART = "Decided in the exempt part of the meeting."
"""The reason that others read where a board gives its reason in the exempt part."""


class WrongDecision(Refused):
    """A decision lacks something, or something typed for it is wrong; ``field`` is that field of ``DecisionWish``."""

    def __init__(self, field: str, says: str) -> None:
        super().__init__(says)
        self.field = field


@dataclass(frozen=True)
class DecisionWish:
    """A decision as it is typed on the item ``key`` of an agenda.

    What was seen: ``seen`` is the newest decision on the item, ``version`` that of the action or of the minutes,
    ``request_id`` and ``request_version`` the date change that waits (0 where there was none). ``earlier`` is the
    timescale agreed in place of the one requested, ``until`` the day to review a pause, ``board_id`` the board that the
    item is referred to, ``corrects_id`` the decision that this one corrects.
    """

    key: str
    kind: DecisionKind
    words: str = ""
    seen: int = 0
    version: int = 0
    request_id: int = 0
    request_version: int = 0
    earlier: str = ""
    until: date | None = None
    board_id: int | None = None
    corrects_id: int | None = None


def decide(by: Author, meeting_id: int, wish: DecisionWish) -> int:
    """Record a decision of the board whose meeting this is. Return its id.

    Raises:
        Refused: it cannot be decided; the message says why, and who can.
        WrongDecision: something that it needs is missing or wrong.
        Stale: someone else decided on the item, or changed it, since it was seen.
        NotAllowed: they do not run the board's meetings.
    """
    today = clock.today()
    agenda = _on_agenda(meeting_id, wish.key, today)
    fact = agenda.fact
    meeting = _locked(meeting_id, fact, today)
    person = _officer(by, meeting.board_id)
    if newest_decision(meeting_id, wish.key) != wish.seen and wish.kind != DecisionKind.NOTE:
        raise Stale
    item = item_now(person, meeting.board_id, fact, today)
    _check_as_seen(wish, item)
    _check_decidable(wish.kind, item, sitting=meeting.sitting, today=today)
    board = _checked(wish, meeting, item.who)
    if wish.kind == DecisionKind.APPROVE:
        _check_all_published(meeting.board, id_in(fact.key), item.version)
    keep_items(meeting_id, agenda.to_keep)
    due_on = _apply(by, meeting_id, wish, item=item)
    decision = Decision(
        meeting_id=meeting_id,
        key=wish.key,
        kind=wish.kind,
        title=fact.title,
        detail=detail_of(
            wish.kind,
            due_on=due_on,
            agreed=wish.earlier or (item.asked.words if item.asked else ""),
            until=wish.until,
            board=board,
            version=item.version,
        ),
        words=wish.words,
        action_id=fact.action_id,
        recommendation_id=fact.recommendation_id,
        referred_to_id=wish.board_id if wish.kind == DecisionKind.REFER else None,
        corrects_id=wish.corrects_id,
        person_id=by.person_id,
        at=clock.now(),
    )
    _add_decision(by, meeting, decision, kind=wish.kind, plan_id=item.plan_id)
    return decision.id


def _check_as_seen(wish: DecisionWish, item: ItemNow) -> None:
    """Check that what is decided has not changed since it was seen."""
    if wish.kind == DecisionKind.APPROVE and item.version != wish.version:
        raise Stale
    if wish.kind in ON_DATES and wish.request_id and (item.asked is None or item.asked.id != wish.request_id):
        raise Stale
    if wish.kind not in kinds_for(item.state) and item.version != wish.version:
        raise Stale


def _check_decidable(kind: DecisionKind, item: ItemNow, *, sitting: Sitting, today: date) -> None:
    """Check that the meeting and the state of the item allow this decision."""
    refusal = why_not_decided(kind, item.state, meeting=sitting, who=item.who, today=today)
    if refusal:
        raise Refused(refusal)


def _add_decision(
    by: Author, meeting: _MeetingHeld, decision: Decision, *, kind: DecisionKind, plan_id: int | None
) -> None:
    """Add the decision, and record it in history."""
    db.session.add(decision)
    db.session.flush()
    label = DECISION_WORDS[kind].label
    detail = f": {decision.detail}" if decision.detail else ""
    record(
        by,
        _VERBS.get(kind, "decision_made"),
        plan_id=plan_id,
        recommendation_id=decision.recommendation_id,
        action_id=decision.action_id,
        about=f"{meeting.about}: {label}{detail}",
        after={
            "meeting_id": meeting.id,
            "decision_id": decision.id,
            "decision_kind": str(kind),
            "board_id": meeting.board_id,
            **({"corrects_id": decision.corrects_id} if decision.corrects_id else {}),
            **({"referred_to_id": decision.referred_to_id} if decision.referred_to_id else {}),
        },
    )


_VERBS = {
    DecisionKind.INVITE: "decision_owner_invited",
    DecisionKind.DEFER: "decision_deferred",
    DecisionKind.REFER: "decision_referred",
    DecisionKind.NOT_EMBED: "decision_not_embedded",
}
"""The verbs of decisions that people are told about, and that move neither a date nor a status."""


@dataclass(frozen=True)
class ArisingWish:
    """An action that arises from the item ``key``: what is to be done or answered, by whom and by when."""

    key: str
    text: str
    owner: str
    due_on: date


def add_action_arising(by: Author, meeting_id: int, wish: ArisingWish) -> int:
    """Give someone an action that arises at a meeting: it is a question of the board. Return the question's id.

    Raises:
        Refused: as ``ask_question``, or the meeting is cancelled or to come.
        NotAllowed: they do not run the board's meetings.
    """
    today = clock.today()
    agenda = _on_agenda(meeting_id, wish.key, today)
    fact = agenda.fact
    meeting = _locked(meeting_id, fact, today)
    _officer(by, meeting.board_id)
    refusal = why_not_at(meeting.sitting, today) or why_only_notes(meeting.sitting)
    if refusal:
        raise Refused(refusal)
    keep_items(meeting_id, agenda.to_keep)
    question = QuestionWish(
        meeting.board_id,
        wish.text,
        wish.owner,
        wish.due_on,
        action_id=fact.action_id,
        recommendation_id=fact.recommendation_id,
        meeting_id=meeting_id,
        item_key=wish.key,
        exempt=_is_arranged(meeting_id, wish.key, AgendaEntry.exempt),
    )
    return ask_question(by, question)


@dataclass(frozen=True)
class _MeetingHeld:
    """A meeting under the lock of this transaction."""

    id: int
    board: BoardName
    about: str
    sitting: Sitting

    @property
    def board_id(self) -> int:
        return self.board.id


def _locked(meeting_id: int, fact: AgendaFact, today: date) -> _MeetingHeld:
    """Lock the item, the board and the meeting.

    Raises:
        Stale: the item was struck from the agenda.
    """
    _hold_item(fact)
    locked = lock_meeting(meeting_id)
    meeting = locked.meeting
    if _is_arranged(meeting_id, fact.key, AgendaEntry.struck):
        raise Stale
    sitting = sitting_of(meeting, quorum_at(meeting.board_id, attendees(meeting_id)), today)
    return _MeetingHeld(meeting_id, locked.board, locked.about, sitting)


def _hold_item(fact: AgendaFact) -> None:
    """Lock the plan of an item and the item, if it is in one: who leads or owns it stays until the transaction ends."""
    if fact.action_id is None and fact.recommendation_id is None:
        return
    item, table = (fact.action_id, Action) if fact.action_id is not None else (fact.recommendation_id, Recommendation)
    plan_id = db.session.execute(select(table.plan_id).where(table.id == item)).scalar_one()
    open_plan(plan_id, held=True)
    if fact.action_id is not None:
        hold(fact.action_id)
    else:
        held = select(Recommendation.id).where(Recommendation.id == fact.recommendation_id)
        db.session.execute(held.with_for_update(read=True)).one()


@dataclass(frozen=True)
class _OnAgenda:
    """An item of an agenda, and the items to keep as they are before it is decided."""

    fact: AgendaFact
    to_keep: tuple[AgendaFact, ...] = ()


def _on_agenda(meeting_id: int, key: str, today: date) -> _OnAgenda:
    """Return the item of an agenda: as it was when the meeting began, or else as it belongs on the agenda today.

    On the day of the meeting the whole agenda is to be kept with the first decision, later only what is decided.

    Raises:
        Stale: it is on the agenda no more.
    """
    begun = {fact.key: fact for fact in begun_facts(OPERATOR, meeting_id)}
    if key in begun:
        return _OnAgenda(begun[key])
    meeting = db.session.execute(select(Meeting.board_id, Meeting.on_day).where(Meeting.id == meeting_id)).one()
    live = {fact.key: fact for fact in agenda_facts(OPERATOR, meeting.board_id, meeting_id, today)}
    if key not in live:
        raise Stale
    whole = meeting.on_day == today and not begun
    return _OnAgenda(live[key], tuple(live.values()) if whole else (live[key],))


def _officer(by: Author, board_id: int) -> Actor:
    person = actor_with(by.person_id, clock.today()) if by.person_id is not None else None
    if person is None:
        raise NotAllowed(who_may(Act.RUN_MEETING))
    check_may(person, Act.RUN_MEETING, board_id)
    return person


def _checked(wish: DecisionWish, meeting: _MeetingHeld, who: Recorder) -> str:
    """Check what was typed; return the name of the board that an item is referred to, empty for other decisions.

    Raises:
        WrongDecision: something is missing or wrong.
        Refused: the decision to correct was corrected before, or is not theirs to correct.
    """
    if not wish.words and wish.kind in NEEDS_WORDS:
        raise WrongDecision("words", NEEDS_WORDS[wish.kind])
    if wish.kind == DecisionKind.AGREE_EARLIER and not wish.earlier:
        raise WrongDecision("earlier", "Enter the date or month that the board agreed.")
    if wish.corrects_id is not None:
        corrected = select(Decision.kind).where(
            Decision.id == wish.corrects_id, Decision.meeting_id == meeting.id, Decision.key == wish.key
        )
        again = select(Decision.id).where(Decision.corrects_id == wish.corrects_id)
        kind = db.session.scalar(corrected)
        if kind is None or db.session.scalar(again) is not None:
            raise Refused("The decision that you want to correct was corrected already. Refresh the page.")
        refusal = why_not_by(DecisionKind(kind), meeting.sitting, who)
        if refusal:
            raise Refused(refusal)
    if wish.kind != DecisionKind.REFER:
        return ""
    if _is_exempt_question(wish.key):
        raise WrongDecision(
            "board", "This question is exempt, so another board cannot read it. Ask its chair or secretary directly."
        )
    name = db.session.scalar(select(Board.name).where(Board.id == wish.board_id, Board.id != meeting.board_id))
    if name is None:
        raise WrongDecision("board", "Select the board to refer this to.")
    return name


def _check_all_published(board: BoardName, meeting_id: int, number: int) -> None:
    """Go on only if the newest version of these minutes holds all that is recorded: nothing is published after it.

    Raises:
        Refused: more was recorded since, or what is stored is not what was published.
    """
    try:
        complete = is_all_published(board, meeting_of(board.id, meeting_id))
    except NotAsPublished as wrong:
        raise Refused(str(wrong)) from wrong
    if not complete:
        raise Refused(
            f"More was recorded after version {number} of these minutes was published. Its chair or secretary "
            f"publishes version {number + 1} first, so that the board approves all of it."
        )


def _is_exempt_question(key: str) -> bool:
    """Return whether an item is a question that only its board and who is asked can read."""
    if not key.startswith(f"{AgendaKind.QUESTION}-"):
        return False
    return bool(db.session.scalar(select(Challenge.exempt).where(Challenge.id == id_in(key))))


def _is_arranged(meeting_id: int, key: str, how: InstrumentedAttribute[bool]) -> bool:
    """Return whether an item of an agenda is struck or exempt, as the column ``how`` says."""
    return bool(db.session.scalar(select(how).where(AgendaEntry.meeting_id == meeting_id, AgendaEntry.key == key)))


def _apply(by: Author, meeting_id: int, wish: DecisionWish, *, item: ItemNow) -> date | None:
    """Move the date or the delivery status as the board decided; return the new due date, if it agreed one."""
    reason = KEPT_APART if wish.words and _is_arranged(meeting_id, wish.key, AgendaEntry.exempt) else wish.words
    if wish.kind in ON_DATES:
        return _on_date(by, meeting_id, wish, item=item, reason=reason)
    to = item.state.status_before if wish.kind == DecisionKind.RESTORE else MOVES_TO.get(wish.kind)
    if to is None or item.access is None:
        return None
    move = StatusWish(to, wish.version, reason=reason, review_on=wish.until)
    board = Standing(governs=True, at_meeting=True)
    try:
        move_status(by, item.access.action_id, move, item.access.position, board, meeting_id=meeting_id)
    except WrongMove as wrong:
        field = "until" if wrong.field == "review_on" else "words"
        raise WrongDecision(field, str(wrong)) from wrong
    return None


def _on_date(by: Author, meeting_id: int, wish: DecisionWish, *, item: ItemNow, reason: str) -> date | None:
    if item.asked is None:
        raise Stale
    request_id, version = item.asked.id, wish.request_version or item.asked.version
    if wish.kind == DecisionKind.REFUSE:
        refuse_new_date(by, request_id, version, reason, meeting_id=meeting_id)
        return None
    earlier = wish.earlier if wish.kind == DecisionKind.AGREE_EARLIER else ""
    try:
        return agree_new_date(by, request_id, version, earlier=earlier, meeting_id=meeting_id)
    except WrongDate as wrong:
        raise WrongDecision("earlier" if earlier else "kind", str(wrong)) from wrong
