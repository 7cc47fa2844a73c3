"""Date changes: requested, withdrawn, agreed or refused. Once a plan has left draft, no date moves anywhere else.

Each command locks the action first, so that two of them on one action follow each other, and decides on what is true
inside its transaction. The version of the request that someone saw is in the UPDATE's WHERE. Source: product rule 4,
date requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update

from ilacs_app import clock
from ilacs_app.access import Act, who_may
from ilacs_app.dates import long_date
from ilacs_app.db import db, write_at
from ilacs_app.errors import Refused, Stale
from ilacs_app.history import Author, record
from ilacs_app.people.boards.model import Meeting
from ilacs_app.people.model import Person
from ilacs_app.plan.model import Action, ActionStage, DateEntry, Plan
from ilacs_app.plan.parsing.timescales import Timescale, read_timescale
from ilacs_app.plan.visibility import actor_with
from ilacs_app.plan.writing import hold, reread
from ilacs_app.progress.dates.deciders.queries import access_to_request, meetings_ahead
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.dates.queries import date_now
from ilacs_app.progress.dates.rules import (
    MEETING_WANTED,
    Dated,
    DecidedBy,
    MeetingDay,
    asked_shortly_before,
    meetings_to_choose,
    needs_board,
    who_decides,
    why_not_agreed,
    why_not_asked,
    why_not_decide,
    why_not_shorter,
)
from ilacs_app.progress.queries import check_may_write

ONLY_ASKER = "Only the person who requested this date can withdraw it."


class WrongDate(Refused):
    """The new date cannot be requested or agreed as it was written; the message says what to enter instead."""


class NoMeeting(Refused):
    """A board decides, and no meeting of it was chosen that was held since the request."""


@dataclass(frozen=True)
class DateWish:
    """The new words that someone requests, and why."""

    words: str
    reason_class: str
    effect: str = ""
    cover: str = ""


def ask_new_date(by: Author, action_id: int, wish: DateWish) -> int:
    """Request new words; the current date applies until they are agreed. Returns the request's id.

    An action has one open request: a second one by the same person replaces the first.

    Raises:
        Refused: no one signs it, or the person who does may not write on the action.
        WrongDate: the words cannot be requested, or someone else's request is open.
    """
    if by.person_id is None:
        raise Refused("A date request needs the person who makes it.")
    at = _locked(action_id)
    check_may_write(by, action_id)
    wrong = why_not_asked(at.dated, read_timescale(wish.words, at.plan_dated_on), clock.today())
    if wrong:
        raise WrongDate(wrong)
    waits = _waiting(action_id)
    if waits is not None and waits.asked_by_id != by.person_id:
        raise WrongDate(_another_waits(waits))
    if waits is not None:
        _close(by, at, waits, "taken_back", says="Replaced by another request.")
    return _open(by, at, wish)


def ask_from_file(by: Author, action_id: int, words: str, source: str) -> int | None:
    """Open a request for the different timescale in a re-imported plan; no one signs it.

    Returns its id, or None if a person's own request is open: a file does not replace that.
    """
    at = _locked(action_id)
    waits = _waiting(action_id)
    if waits is not None and waits.asked_by_id is not None:
        return None
    if waits is not None:
        _close(by, at, waits, "taken_back", says=f"Replaced by {source}, which was imported later.")
    return _open(by, at, DateWish(words, "other"), source=source)


def take_back_request(by: Author, request_id: int, version: int) -> None:
    """Withdraw one's own open request.

    Raises:
        Refused: it is someone else's.
        Stale: it was decided or withdrawn since the version that was seen.
    """
    request = _seen(request_id, version)
    at = _locked(request.action_id)
    if by.person_id is None or by.person_id not in {request.asked_by_id, request.for_person_id}:
        raise Refused(ONLY_ASKER)
    _close(by, at, request, "taken_back")


def agree_new_date(
    by: Author, request_id: int, version: int, *, words: str = "", meeting_id: int | None = None
) -> date | None:
    """Agree an open request in full, or for the earlier date that ``words`` name. Returns the new due date.

    The action takes the new words; its original date stays, and its ledger says who agreed, when and at which meeting.
    Where a board decides, ``meeting_id`` is the meeting at which it did.

    Raises:
        Refused: this person may not decide it; the message says who may.
        NoMeeting: the board did not decide at this meeting.
        WrongDate: the words do not fit.
        Stale: it was decided or withdrawn since the version that was seen.
    """
    request = _seen(request_id, version)
    decided = _decided(by, request, meeting_id)
    at = _locked(request.action_id)
    scale = read_timescale(words or request.words, at.plan_dated_on)
    if words:
        wrong = why_not_shorter(at.dated, request.due_on, scale, clock.today())
    else:
        wrong = why_not_agreed(at.dated, scale)
    if wrong:
        raise WrongDate(wrong)
    _close(by, at, request, "agreed_shorter" if words else "agreed", agreed=scale, decided=decided)
    _move(by, at, scale, request)
    return scale.due_on


def refuse_new_date(by: Author, request_id: int, version: int, reason: str, *, meeting_id: int | None = None) -> None:
    """Refuse an open request; the old date stays. Where a board decides, ``meeting_id`` is the meeting.

    Raises:
        Refused: this person may not decide it, or the reason is missing.
        NoMeeting: the board did not decide at this meeting.
        Stale: it was decided or withdrawn since the version that was seen.
    """
    request = _seen(request_id, version)
    decided = _decided(by, request, meeting_id)
    at = _locked(request.action_id)
    if not reason:
        raise Refused("Enter why the new date is refused. The person who requested it will see this.")
    _close(by, at, request, "refused", says=reason, decided=decided)


@dataclass(frozen=True)
class _Decided:
    """In what capacity a request is decided, and at which meeting."""

    by: DecidedBy
    meeting_id: int | None


def _decided(by: Author, request: DateRequest, meeting_id: int | None) -> _Decided:
    """Check, on what is true in this transaction, that this person decides, and at which meeting.

    The plan, the action, its recommendations and the meeting stay as they are until the transaction ends.
    """
    today = clock.today()
    plan_id = select(Action.plan_id).where(Action.id == request.action_id).scalar_subquery()
    db.session.execute(select(Plan.id).where(Plan.id == plan_id).with_for_update(read=True)).one()
    hold(request.action_id)
    _seen(request.id, request.version)
    actor = actor_with(by.person_id, today) if by.person_id is not None else None
    if actor is None:
        raise Refused(who_may(Act.DECIDE_DATES))
    access = access_to_request(actor, request.id, today)
    at, _ = date_now(request.action_id)
    who = who_decides(request.needs_board or needs_board(at, request.due_on), access.board_ids)
    wrong = why_not_decide(access.decider, who, access.board_ids)
    if wrong:
        raise Refused(wrong)
    if who != DecidedBy.BOARD:
        return _Decided(who, None)
    if meeting_id not in meetings_to_choose(
        _held(meeting_id), access.decider, access.board_ids, access.asked.asked_on, today
    ):
        raise NoMeeting(MEETING_WANTED)
    return _Decided(who, meeting_id)


def _held(meeting_id: int | None) -> list[MeetingDay]:
    rows = db.session.execute(
        select(Meeting.id, Meeting.board_id, Meeting.on_day, Meeting.cancelled_on.is_not(None).label("cancelled"))
        .where(Meeting.id == meeting_id)
        .with_for_update(read=True)
    )
    return [MeetingDay(**row._mapping) for row in rows]


@dataclass(frozen=True)
class _Locked:
    """An action under the lock of this transaction."""

    id: int
    plan_id: int
    plan_dated_on: date
    version: int
    last_word_on: date
    dated: Dated
    stages: tuple[ActionStage, ...]

    @property
    def facts(self) -> dict[str, Any]:
        """The timescale as history keeps it."""
        facts: dict[str, Any] = {"timescale": self.dated.words, "due_on": _iso(self.dated.due_on)}
        if self.stages:
            facts["stages"] = [[stage.label, stage.due_on.isoformat(), _iso(stage.done_on)] for stage in self.stages]
        return facts


def _locked(action_id: int) -> _Locked:
    row = db.session.execute(
        select(
            Action.plan_id,
            Plan.dated_on,
            Action.version,
            Action.last_word_on,
            Action.status,
            Action.timescale_kind,
            Action.timescale_text,
            Action.due_on,
            Action.moves,
        )
        .join(Plan, Plan.id == Action.plan_id)
        .where(Action.id == action_id)
        .with_for_update(of=Action, key_share=True)
    ).one()
    stages = tuple(
        db.session.scalars(select(ActionStage).where(ActionStage.action_id == action_id).order_by(ActionStage.position))
    )
    return _Locked(
        id=action_id,
        plan_id=row.plan_id,
        plan_dated_on=row.dated_on,
        version=row.version,
        last_word_on=row.last_word_on,
        dated=Dated(
            status=row.status,
            kind=row.timescale_kind,
            words=row.timescale_text,
            due_on=row.due_on,
            moves=row.moves,
            stages=tuple(stage.due_on for stage in stages),
        ),
        stages=stages,
    )


def _waiting(action_id: int) -> DateRequest | None:
    waiting = select(DateRequest).where(DateRequest.action_id == action_id, DateRequest.state == "waiting")
    return db.session.scalars(waiting.execution_options(populate_existing=True)).first()


def _seen(request_id: int, version: int) -> DateRequest:
    seen = select(DateRequest).where(
        DateRequest.id == request_id, DateRequest.version == version, DateRequest.state == "waiting"
    )
    request = db.session.scalars(seen.execution_options(populate_existing=True)).first()
    if request is None:
        raise Stale
    return request


def _another_waits(request: DateRequest) -> str:
    name = db.session.scalar(select(Person.name).where(Person.id == request.asked_by_id))
    who = name or request.source or "A file"
    asked = long_date(clock.london_day(request.asked_at))
    return (
        f"{who} requested “{request.words}” on {asked}, and it is not decided yet. "
        "An action can have one open request. Ask them to withdraw theirs, or ask again after the decision."
    )


def _open(by: Author, at: _Locked, wish: DateWish, *, source: str = "") -> int:
    due_on = read_timescale(wish.words, at.plan_dated_on).due_on
    today = clock.today()
    request = DateRequest(
        action_id=at.id,
        asked_by_id=None if source else by.person_id,
        for_person_id=None if source else by.for_person_id,
        asked_at=clock.now(),
        words=wish.words,
        due_on=due_on,
        reason_class=wish.reason_class,
        effect=wish.effect,
        cover=wish.cover,
        source=source,
        needs_board=needs_board(at.dated, due_on),
        asked_before_id=asked_shortly_before(today, meetings_ahead(at.id, today)),
    )
    db.session.add(request)
    db.session.flush()
    _say_second(at, asked=at.dated.moves > 0)
    record(
        by,
        "date_asked",
        plan_id=at.plan_id,
        action_id=at.id,
        about=wish.words,
        before=at.facts,
        after={
            "request_id": request.id,
            "timescale": wish.words,
            "due_on": _iso(due_on),
            "reason_class": wish.reason_class,
            "effect": wish.effect,
            "cover": wish.cover,
        },
    )
    return request.id


_VERBS = {
    "taken_back": "date_taken_back",
    "refused": "date_refused",
    "agreed": "date_agreed",
    "agreed_shorter": "date_agreed",
}


def _close(
    by: Author,
    at: _Locked,
    request: DateRequest,
    state: str,
    *,
    says: str = "",
    agreed: Timescale | None = None,
    decided: _Decided | None = None,
) -> None:
    words = agreed.text if agreed else ""
    write_at(
        DateRequest,
        request.id,
        request.version,
        DateRequest.state == "waiting",
        state=state,
        decided_by_id=by.person_id,
        decided_at=clock.now(),
        decided_words=words,
        decided_as=decided.by if decided else "",
        decided_meeting_id=decided.meeting_id if decided else None,
        says=says,
    )
    _say_second(at, asked=False)
    record(
        by,
        _VERBS[state],
        plan_id=at.plan_id,
        action_id=at.id,
        about=says or words or request.words,
        before=at.facts,
        after={
            "request_id": request.id,
            "state": state,
            **({"decided_as": decided.by, "meeting_id": decided.meeting_id} if decided else {}),
            **({"timescale": agreed.text, "due_on": _iso(agreed.due_on)} if agreed else {}),
        },
    )


def _say_second(at: _Locked, *, asked: bool) -> None:
    """Mark on the action whether a second or later move awaits a decision: its rating depends on it."""
    db.session.execute(update(Action).where(Action.id == at.id).values(second_move_asked=asked))


def _move(by: Author, at: _Locked, scale: Timescale, request: DateRequest) -> None:
    values: dict[str, Any] = {
        **reread(at.id, scale, at.last_word_on),
        "timescale_text": scale.text,
        "moves": at.dated.moves + 1,
        "last_moved_on": clock.today(),
    }
    write_at(Action, at.id, at.version, **values)
    db.session.add(
        DateEntry(
            action_id=at.id,
            kind="move",
            words=scale.text,
            due_on=scale.due_on,
            person_id=by.person_id,
            at=clock.now(),
            request_id=request.id,
            meeting_id=request.decided_meeting_id,
        )
    )
    db.session.flush()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
