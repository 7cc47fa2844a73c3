"""Date changes agreed or refused, by the programme manager or by a board at a meeting.

Source: product rule 4, date requests.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from ilacs_app import clock
from ilacs_app.access import Act, who_may
from ilacs_app.db import db, write_at
from ilacs_app.errors import Refused
from ilacs_app.history import Author
from ilacs_app.people.boards.model import Meeting
from ilacs_app.plan.model import Action, DateEntry, Plan
from ilacs_app.plan.parsing.timescales import Timescale, read_timescale
from ilacs_app.plan.visibility import actor_with
from ilacs_app.plan.writing import hold, reread
from ilacs_app.progress.dates.commands import WrongDate
from ilacs_app.progress.dates.deciders.queries import access_to_request
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.dates.open_request import (
    DatedAction,
    DecidedAt,
    close_request,
    locked_action,
    request_as_seen,
)
from ilacs_app.progress.dates.queries import date_now
from ilacs_app.progress.dates.rules import (
    MEETING_WANTED,
    DecidedBy,
    MeetingDay,
    meetings_to_choose,
    needs_board,
    who_decides,
    why_not_agreed,
    why_not_decide,
    why_not_shorter,
)


class NoMeeting(Refused):
    """A board decides, and no meeting of it was chosen that was held since the request."""


def agree_new_date(
    by: Author, request_id: int, version: int, *, earlier: str = "", meeting_id: int | None = None
) -> date | None:
    """Agree an open request in full, or for the earlier date that ``earlier`` says. Returns the new due date.

    The action takes the new words; its original date stays, and its ledger says who agreed, when and at which meeting.
    Where a board decides, ``meeting_id`` is the meeting at which it did.

    Raises:
        Refused: this person may not decide it; the message says who may.
        NoMeeting: the board did not decide at this meeting.
        WrongDate: the words do not fit.
        Stale: it was decided or withdrawn since the version that was seen.
    """
    request = request_as_seen(request_id, version)
    decided = _decided(by, request, meeting_id)
    at = locked_action(request.action_id)
    scale = read_timescale(earlier or request.words, at.plan_dated_on)
    if earlier:
        wrong = why_not_shorter(at.dated, request.due_on, scale, clock.today())
    else:
        wrong = why_not_agreed(at.dated, scale)
    if wrong:
        raise WrongDate(wrong)
    close_request(by, at, request, "agreed_shorter" if earlier else "agreed", agreed=scale, decided=decided)
    _move(by, at, scale, request)
    return scale.due_on


def refuse_new_date(by: Author, request_id: int, version: int, reason: str, *, meeting_id: int | None = None) -> None:
    """Refuse an open request; the old date stays. Where a board decides, ``meeting_id`` is the meeting.

    Raises:
        Refused: this person may not decide it, or the reason is missing.
        NoMeeting: the board did not decide at this meeting.
        Stale: it was decided or withdrawn since the version that was seen.
    """
    request = request_as_seen(request_id, version)
    decided = _decided(by, request, meeting_id)
    at = locked_action(request.action_id)
    if not reason:
        raise Refused("Enter why the new date is refused. The person who requested it will see this.")
    close_request(by, at, request, "refused", says=reason, decided=decided)


def _decided(by: Author, request: DateRequest, meeting_id: int | None) -> DecidedAt:
    """Check, on what is true in this transaction, that this person decides, and at which meeting.

    The plan, the action, its recommendations and the meeting stay as they are until the transaction ends.
    """
    today = clock.today()
    plan_id = select(Action.plan_id).where(Action.id == request.action_id).scalar_subquery()
    db.session.execute(select(Plan.id).where(Plan.id == plan_id).with_for_update(read=True)).one()
    hold(request.action_id)
    request_as_seen(request.id, request.version)
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
        return DecidedAt(who, None)
    if meeting_id not in meetings_to_choose(
        _held(meeting_id), access.decider, access.board_ids, access.asked.asked_on, today
    ):
        raise NoMeeting(MEETING_WANTED)
    return DecidedAt(who, meeting_id)


def _held(meeting_id: int | None) -> list[MeetingDay]:
    rows = db.session.execute(
        select(Meeting.id, Meeting.board_id, Meeting.on_day, Meeting.cancelled_on.is_not(None).label("cancelled"))
        .where(Meeting.id == meeting_id)
        .with_for_update(read=True)
    )
    return [MeetingDay(**row._mapping) for row in rows]


def _move(by: Author, at: DatedAction, scale: Timescale, request: DateRequest) -> None:
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
