"""Pure rules of date changes: what can be requested, who decides, at which meeting, when a request is marked.

Source: product rule 4, date requests.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ilacs_app.access import Act, who_may
from ilacs_app.dates import add_months_end, last_day_of_month, long_date
from ilacs_app.plan.parsing.timescales import Timescale, Timing
from ilacs_app.plan.rules import OPEN

SHORTLY_BEFORE_DAYS = 14


@dataclass(frozen=True)
class Dated:
    """An action's current timescale; ``stages`` are the due dates of its stages."""

    status: str
    kind: str
    words: str
    due_on: date | None
    moves: int
    stages: tuple[date, ...] = ()


def needs_board(at: Dated, asked: date | None) -> bool:
    """Return whether only a board at a meeting may agree to ``asked`` as the new due date.

    The programme manager may agree a first change of up to one month; the end of a month to the end of the next counts
    as one. The board decides on anything longer, on any later change, and on an end that has no date.
    """
    if at.moves or at.due_on is None or asked is None:
        return True
    return asked > one_month_after(at.due_on)


def one_month_after(day: date) -> date:
    """Return the same day of the next month; for the last day of a month, the last day of the next."""
    end = add_months_end(day, 1)
    return end if day == last_day_of_month(day) else min(end, end.replace(day=min(day.day, end.day)))


_NOT_OPEN = "You can only change the date of an open action. Change its status first."


def why_not_asked(at: Dated, asked: Timescale, today: date) -> str | None:
    """Return why these words cannot be requested, with what to enter instead; None if they can."""
    if at.status not in OPEN:
        return _NOT_OPEN
    if at.due_on is None and at.kind in {Timing.NONE, Timing.NOT_UNDERSTOOD}:
        return "This action has no due date yet. Ask the programme manager to set its first date."
    if asked.kind in {Timing.NONE, Timing.NOT_UNDERSTOOD}:
        return "Enter a month or a date, like End June 2026 or 30 June 2026."
    if asked.due_on is None:
        return None if at.due_on else "This action has no end date. Enter the month or date it will be done by."
    if asked.due_on < today:
        return f"{long_date(asked.due_on)} is in the past. Enter a date or month in the future."
    if at.due_on is None:
        return None
    return _why_not_later(at, at.due_on, asked, asked.due_on)


def _why_not_later(at: Dated, now: date, asked: Timescale, then: date) -> str | None:
    if then < now:
        return (
            f"This is before the current due date, {long_date(now)}. You do not need a new date to finish sooner. "
            "To move it, enter a later date or month."
        )
    if then == now and asked.kind == at.kind and tuple(stage.due_on for stage in asked.stages) == at.stages:
        return f"The action is already due on {long_date(now)}. Enter a later date or month."
    return None


def why_not_shorter(at: Dated, asked_on: date | None, offered: Timescale, today: date) -> str | None:
    """Return why these words cannot be agreed in place of what was requested; None if they can."""
    wrong = why_not_asked(at, offered, today)
    if wrong:
        return wrong
    if offered.due_on is None:
        return "Enter the date or month that you agree."
    if asked_on is not None and offered.due_on >= asked_on:
        return f"Enter a date or month before {long_date(asked_on)}, or agree the date that was requested."
    return None


def why_not_agreed(at: Dated, asked: Timescale) -> str | None:
    """Return why a request can only be refused or agreed for an earlier date; None if it can be agreed in full."""
    if at.status not in OPEN:
        return _NOT_OPEN
    if asked.kind in {Timing.NONE, Timing.NOT_UNDERSTOOD}:
        return "The requested timescale has no clear date. Agree a month or a date instead, or refuse it."
    return None


class DecidedBy(StrEnum):
    """In what capacity a request is decided; kept with the decision."""

    MANAGER = "manager"
    """The programme manager: a first change of up to one month."""
    BOARD = "board"
    """The chair or secretary records what a board decided at a meeting."""
    NO_BOARD = "no_board"
    """The programme manager, because no board leads or oversees the action."""


def boards_to_decide(leading: Collection[int], overseeing: Collection[int]) -> frozenset[int]:
    """Return the ids of the boards that may decide: the lead boards, or the oversight boards where none leads."""
    return frozenset(leading) or frozenset(overseeing)


def who_decides(needs_board: bool, boards: Collection[int]) -> DecidedBy:
    """Return who decides a request; ``boards`` are those of ``boards_to_decide``."""
    if not needs_board:
        return DecidedBy.MANAGER
    return DecidedBy.BOARD if boards else DecidedBy.NO_BOARD


@dataclass(frozen=True)
class Decider:
    """How one person relates to a request.

    ``manager``: programme manager of its plan. ``leads``: leads or owns the action. ``asked``: it is their own request.
    ``for_asker``: they are a delegate of the person who asked. ``officer_of``: the boards that they chair or are
    secretary of, by id.
    """

    manager: bool = False
    leads: bool = False
    asked: bool = False
    for_asker: bool = False
    officer_of: frozenset[int] = frozenset()

    @property
    def has_part(self) -> bool:
        """Whether the action or the request is their own."""
        return self.leads or self.asked or self.for_asker

    def acts_for(self, by: DecidedBy, boards: Collection[int]) -> bool:
        """Return whether they hold the role that decides, whatever part they have in the action."""
        return not self.officer_of.isdisjoint(boards) if by == DecidedBy.BOARD else self.manager

    def may_open(self, boards: Collection[int]) -> bool:
        """Return whether they are told why they cannot decide, and not only that it is not their task."""
        return self.manager or not self.officer_of.isdisjoint(boards)


OWN_REQUEST = "You cannot decide on a date for your own action or your own request."
MEETING_WANTED = "The board can decide this at a meeting that it has held since the request."
AT_THE_MEETING = "The board decides this at its meeting. Record the decision on the page of the meeting."
BOARD_AGREES = "The lead board must agree this: it is more than a month, or a second change."


_ANOTHER = {True: "Ask another chair or secretary.", False: "Ask another programme manager."}


def why_not_decide(who: Decider, by: DecidedBy, boards: Collection[int]) -> str | None:
    """Return why this person cannot decide a request; None if they can."""
    if who.acts_for(by, boards):
        return f"{OWN_REQUEST} {_ANOTHER[by == DecidedBy.BOARD]}" if who.has_part else None
    if by == DecidedBy.BOARD:
        return BOARD_AGREES if who.manager else who_may(Act.DECIDE_DATES)
    return "The programme manager decides this: it is a first change of up to one month."


@dataclass(frozen=True)
class MeetingDay:
    """A meeting of a board. ``on_day`` is the day it was held, or is to be held."""

    id: int
    board_id: int
    on_day: date
    cancelled: bool = False


def meetings_to_choose(
    meetings: Iterable[MeetingDay], who: Decider, boards: Collection[int], asked_on: date, today: date
) -> list[int]:
    """Return the ids of the meetings at which a request may have been decided, in the order given.

    Those of the deciding boards that this person is an officer of, from the day of the request until today, and not
    cancelled.
    """
    own = who.officer_of.intersection(boards)
    return [m.id for m in meetings if m.board_id in own and not m.cancelled and asked_on <= m.on_day <= today]


def is_shortly_before(day: date, meets_on: date) -> bool:
    """Return whether a day is one of the 14 before a meeting, or the day of the meeting itself."""
    return timedelta() <= meets_on - day <= timedelta(days=SHORTLY_BEFORE_DAYS)


def asked_shortly_before(asked_on: date, meetings: Iterable[tuple[int, date]]) -> int | None:
    """Return the id of the first meeting, of (id, day) in their order, that ``asked_on`` is shortly before."""
    return next((id_ for id_, day in meetings if is_shortly_before(asked_on, day)), None)


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
    "waiting": "Awaiting decision",
    "agreed": "Agreed",
    "agreed_shorter": "Agreed for an earlier date",
    "refused": "Refused",
    "taken_back": "Withdrawn",
}
