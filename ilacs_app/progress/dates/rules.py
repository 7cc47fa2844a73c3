"""The pure rules of new dates: what can be asked for, who agrees it, when a request is marked (product rule 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ilacs_app.access import Act, who_may
from ilacs_app.dates import add_months_end, last_day_of_month, long_date
from ilacs_app.plan.parsing.timescales import Kind, Timescale
from ilacs_app.plan.rules import OPEN, STATUS_WORDS

SHORTLY_BEFORE_DAYS = 14


@dataclass(frozen=True)
class Dated:
    """An action's timescale as it stands; ``stages`` are the due dates of its stages."""

    status: str
    kind: str
    words: str
    due_on: date | None
    moves: int
    stages: tuple[date, ...] = ()


def needs_board(at: Dated, asked: date | None) -> bool:
    """Whether only the lead board at a meeting may agree to ``asked`` as the new due date.

    A first move of up to one month is the programme manager's; the end of a month to the end of the next counts as
    one. Anything longer, any later move, and an end that cannot be named are the board's.
    """
    if at.moves or at.due_on is None or asked is None:
        return True
    return asked > one_month_after(at.due_on)


def one_month_after(day: date) -> date:
    """The same day of the next month; from the last day of a month, the last day of the next."""
    end = add_months_end(day, 1)
    return end if day == last_day_of_month(day) else min(end, end.replace(day=min(day.day, end.day)))


_CLOSED = "{}: its date stands still, so no new one can be asked for or agreed."


def why_not_asked(at: Dated, asked: Timescale, today: date) -> str | None:
    """Why these words cannot be asked for, and what to write instead; nothing where they can be."""
    if at.status not in OPEN:
        return _CLOSED.format(STATUS_WORDS[at.status])
    if at.due_on is None and at.kind in {Kind.NONE, Kind.NOT_UNDERSTOOD}:
        return "This action has no date yet. Ask the programme manager to give it its first one; that is no move."
    if asked.kind in {Kind.NONE, Kind.NOT_UNDERSTOOD}:
        return "We read no date in these words. Write a month or a day, such as End June 2026 or 30 June 2026."
    if asked.due_on is None:
        return None if at.due_on else "It has no end date now. Write the month or day by which it will be done."
    if asked.due_on < today:
        return f"{long_date(asked.due_on)} has passed. Write a day or month that lies ahead."
    if at.due_on is None:
        return None
    return _why_not_later(at, at.due_on, asked, asked.due_on)


def _why_not_later(at: Dated, now: date, asked: Timescale, then: date) -> str | None:
    if then < now:
        return f"That is before {long_date(now)}, its date now. To finish sooner, no new date is needed."
    if then == now and asked.kind == at.kind and tuple(stage.due_on for stage in asked.stages) == at.stages:
        return f"It is due on {long_date(now)} already. Write a later day or month."
    return None


def why_not_shorter(at: Dated, asked_on: date | None, offered: Timescale, today: date) -> str | None:
    """Why these words cannot be agreed in place of what was asked; nothing where they can be."""
    wrong = why_not_asked(at, offered, today)
    if wrong:
        return wrong
    if offered.due_on is None:
        return "Write the day or month that you agree to."
    if asked_on is not None and offered.due_on >= asked_on:
        return f"Write a day or month before {long_date(asked_on)}, which was asked for. To agree that, choose Agree."
    return None


def why_not_agreed(at: Dated, asked: Timescale) -> str | None:
    """Why a request can only be refused or shortened as things stand; nothing where it can be agreed as asked."""
    if at.status not in OPEN:
        return _CLOSED.format(STATUS_WORDS[at.status])
    if asked.kind in {Kind.NONE, Kind.NOT_UNDERSTOOD}:
        return "We read no date in the words that were asked for. Agree other words, with a day or month, or refuse."
    return None


@dataclass(frozen=True)
class Decider:
    """How one person stands to a request. ``leads``: leads or owns the action; ``asked``: it is their own request.

    ``for_asker``: they stand in for whose request it is.
    """

    manager: bool = False
    leads: bool = False
    asked: bool = False
    for_asker: bool = False


def why_not_decide(who: Decider, board: bool) -> str | None:
    """Why this person may not decide a request; nothing where they may. ``board``: only the lead board may agree."""
    if not who.manager:
        return who_may(Act.DECIDE_DATES)
    if who.leads or who.asked or who.for_asker:
        return "Nobody decides on a new date of an action that they lead or own, or that they asked for themselves."
    if board:
        return "This is for the lead board at its meeting: the move is longer than a month, or not the first."
    return None


def asked_shortly_before(asked_on: date, meetings: Iterable[tuple[int, date]]) -> int | None:
    """The id of the first meeting, of (id, day) in their order, that lies at most 14 days ahead."""
    last = asked_on + timedelta(days=SHORTLY_BEFORE_DAYS)
    return next((id_ for id_, day in meetings if asked_on <= day <= last), None)


REASON_CLASSES: Mapping[str, str] = {
    "vacancy": "Vacancy",
    "competing_demand": "Competing demand",
    "partner_or_supplier": "Partner or supplier",
    "system_or_data": "System or data",
    "decision_awaited": "Decision awaited",
    "scope_changed": "Scope changed",
    "under_estimated": "Under-estimated",
    "external_event": "External event",
    "other": "Other",
}
REQUEST_STATES: Mapping[str, str] = {
    "waiting": "Waiting",
    "agreed": "Agreed",
    "agreed_shorter": "Agreed, shorter than asked",
    "refused": "Refused",
    "taken_back": "Taken back",
}
