"""Date changes requested and withdrawn. Once a plan has left draft, no date moves but by a request that is agreed.

They are agreed or refused in ``progress/dates/deciders/commands.py``. Source: product rule 4, date requests.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from ilacs_app import clock
from ilacs_app.dates import long_date
from ilacs_app.db import db
from ilacs_app.errors import Refused
from ilacs_app.history import Author, in_history, record
from ilacs_app.people.model import Person
from ilacs_app.plan.parsing.timescales import read_timescale
from ilacs_app.progress.dates.deciders.queries import meetings_ahead
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.dates.open_request import (
    DatedAction,
    close_request,
    locked_action,
    mark_second_move,
    open_request_of,
    request_as_seen,
)
from ilacs_app.progress.dates.rules import asked_shortly_before, needs_board, why_not_asked
from ilacs_app.progress.queries import check_may_write

ONLY_ASKER = "Only the person who requested this date can withdraw it."


class WrongDate(Refused):
    """The new date cannot be requested or agreed as it was written; the message says what to enter instead."""


@dataclass(frozen=True)
class DateWish:
    """The new timescale that someone requests, and why."""

    timescale: str
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
        raise Refused("Sign in to request a date. Each request needs the person who makes it.")
    at = locked_action(action_id)
    check_may_write(by, action_id)
    wrong = why_not_asked(at.dated, read_timescale(wish.timescale, at.plan_dated_on), clock.today())
    if wrong:
        raise WrongDate(wrong)
    waits = open_request_of(action_id)
    if waits is not None and waits.asked_by_id != by.person_id:
        raise WrongDate(_another_waits(waits))
    if waits is not None:
        close_request(by, at, waits, "taken_back", says="Replaced by another request.")
    return _open(by, at, wish)


def ask_from_file(by: Author, action_id: int, timescale: str, source: str) -> int | None:
    """Open a request for the different timescale in a re-imported plan; no one signs it.

    Returns its id, or None if a person's own request is open: a file does not replace that.
    """
    at = locked_action(action_id)
    waits = open_request_of(action_id)
    if waits is not None and waits.asked_by_id is not None:
        return None
    if waits is not None:
        close_request(by, at, waits, "taken_back", says=f"Replaced by {source}, which was imported later.")
    return _open(by, at, DateWish(timescale, "other"), source=source)


def take_back_request(by: Author, request_id: int, version: int) -> None:
    """Withdraw one's own open request.

    Raises:
        Refused: it is someone else's.
        Stale: it was decided or withdrawn since the version that was seen.
    """
    request = request_as_seen(request_id, version)
    at = locked_action(request.action_id)
    if by.person_id is None or by.person_id not in {request.asked_by_id, request.for_person_id}:
        raise Refused(ONLY_ASKER)
    close_request(by, at, request, "taken_back")


def _another_waits(request: DateRequest) -> str:
    name = db.session.scalar(select(Person.name).where(Person.id == request.asked_by_id))
    who = name or request.source or "A file"
    asked = long_date(clock.london_day(request.asked_at))
    return (
        f"{who} requested “{request.words}” on {asked}, and it is not decided yet. "
        "An action can have one open request. Ask them to withdraw theirs, or ask again after the decision."
    )


def _open(by: Author, at: DatedAction, wish: DateWish, *, source: str = "") -> int:
    due_on = read_timescale(wish.timescale, at.plan_dated_on).due_on
    today = clock.today()
    request = DateRequest(
        action_id=at.id,
        asked_by_id=None if source else by.person_id,
        for_person_id=None if source else by.for_person_id,
        asked_at=clock.now(),
        words=wish.timescale,
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
    mark_second_move(at, asked=at.dated.moves > 0)
    record(
        by,
        "date_asked",
        plan_id=at.plan_id,
        action_id=at.id,
        about=wish.timescale,
        before=at.facts,
        after={
            "request_id": request.id,
            "timescale": wish.timescale,
            "due_on": in_history(due_on),
            "reason_class": wish.reason_class,
            "effect": wish.effect,
            "cover": wish.cover,
        },
    )
    return request.id
