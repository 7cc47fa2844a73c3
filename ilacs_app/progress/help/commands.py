"""Requests for help: asked, replied to, judged, and ended.

Each keeps ``help_asked_on`` and ``help_replied_on`` of the action, from which its rating and every list are computed.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import and_, select, update

from ilacs_app import clock
from ilacs_app.access import Act, Standing, who_may
from ilacs_app.db import db
from ilacs_app.errors import Refused, Stale
from ilacs_app.history import Author, record
from ilacs_app.plan.model import Action
from ilacs_app.plan.rules import REPLY_DAYS, help_is_open
from ilacs_app.plan.writing import hold, word_columns
from ilacs_app.progress.help.model import HelpCall, HelpReply, waits_for_reply
from ilacs_app.progress.help.queries import asked_of
from ilacs_app.progress.help.rules import why_not_reply


def call_for_help(by: Author, action_id: int, note_id: int, blocker: str) -> int:
    """Ask the accountable lead for help; or the programme manager if there is none or they are asking.

    Returns the id of the request. The 28 days run from today, or go on where an older request still waits for a reply.
    """
    _close_replied(by, action_id)
    to = asked_of(action_id, (by.person_id, by.for_person_id))
    call = HelpCall(
        action_id=action_id,
        note_id=note_id,
        asked_by_id=by.person_id,
        asked_at=clock.now(),
        blocker=blocker,
        to_person_id=to.person_id,
    )
    db.session.add(call)
    db.session.flush()
    asked_on, replied_on, plan_id = _dates(action_id)
    waits = asked_on is not None and replied_on is None
    _set_dates(action_id, help_asked_on=asked_on if waits else clock.today(), help_replied_on=None)
    record(by, "help_asked", plan_id=plan_id, action_id=action_id, about=blocker, after={"to": to.person_id})
    return call.id


def reply_to_help(by: Author, action_id: int, reply: str, standing: Standing) -> None:
    """Reply to every request on an action that waits for one. They stay open until someone says that it helped.

    Raises:
        Refused: they may not reply, they write nothing, or all of the requests are their own.
        Stale: someone replied, or the request ended, after this person saw it.
    """
    hold(action_id)
    waiting = db.session.execute(
        select(HelpCall.id, HelpCall.asked_by_id).where(HelpCall.action_id == action_id, waits_for_reply())
    ).all()
    cannot = why_not_reply(standing, by.person_id, {call.asked_by_id for call in waiting})
    if cannot:
        raise Refused(cannot)
    if not reply:
        raise Refused("Enter your reply.")
    if not waiting:
        raise Stale
    for call in waiting:
        db.session.add(HelpReply(call_id=call.id, person_id=by.person_id, at=clock.now(), words=reply))
    _set_dates(action_id, help_replied_on=clock.today())
    _record(by, "help_answered", action_id, reply)


def judge_help(by: Author, action_id: int, standing: Standing, *, helped: bool) -> None:
    """Say whether the current reply helped: yes closes the request, not yet starts its 28 days today.

    Raises:
        Refused: they may not write on the action.
        Stale: no reply waits to be judged: someone did, the request ended, or 14 days have passed since the reply.
    """
    hold(action_id)
    if not standing.may_write:
        raise Refused(who_may(Act.WRITE))
    today = clock.today()
    asked_on, replied_on, _ = _dates(action_id)
    if replied_on is None or not help_is_open(asked_on, replied_on, today):
        raise Stale
    calls = select(HelpCall.id).where(HelpCall.action_id == action_id, HelpCall.closed_at.is_(None))
    db.session.execute(
        update(HelpReply)
        .where(HelpReply.call_id.in_(calls), HelpReply.helped.is_(None))
        .values(helped=helped, judged_by_id=by.person_id, judged_at=clock.now())
    )
    if not helped:
        _set_dates(action_id, help_asked_on=today, help_replied_on=None)
        _record(by, "help_not_yet", action_id)
        return
    _close(by, action_id)
    first_review = db.session.scalar(select(Action.first_review_on).where(Action.id == action_id))
    db.session.execute(update(Action).where(Action.id == action_id).values(word_columns(first_review, today)))
    _record(by, "help_worked", action_id)


def end_help(by: Author, action_id: int, why: str) -> None:
    """Close the open requests of an action that a later answer made unnecessary."""
    asked_on, replied_on, _ = _dates(action_id)
    if help_is_open(asked_on, replied_on, clock.today()):
        _close(by, action_id)
        _record(by, "help_ended", action_id, why)


def _close_replied(by: Author, action_id: int) -> None:
    """Close the requests that were replied to: a new one takes their place.

    One whose 14 days have passed closed by itself, on the last of them.
    """
    row = db.session.execute(
        select(HelpCall, HelpReply.at)
        .join(HelpReply, and_(HelpReply.call_id == HelpCall.id, HelpReply.helped.is_(None)))
        .where(HelpCall.action_id == action_id, HelpCall.closed_at.is_(None))
    )
    for call, replied_at in row:
        lapses_at = replied_at + timedelta(days=REPLY_DAYS)
        lapsed = clock.london_day(lapses_at) <= clock.today()
        call.closed_at, call.closed_by_id = (lapses_at, None) if lapsed else (clock.now(), by.person_id)
    db.session.flush()


def _close(by: Author, action_id: int) -> None:
    db.session.execute(
        update(HelpCall)
        .where(HelpCall.action_id == action_id, HelpCall.closed_at.is_(None))
        .values(closed_by_id=by.person_id, closed_at=clock.now())
    )
    _set_dates(action_id, help_asked_on=None, help_replied_on=None)


def _dates(action_id: int) -> tuple[date | None, date | None, int]:
    """Return when help was asked for and replied to, as the action keeps it, and the action's plan."""
    row = db.session.execute(
        select(Action.help_asked_on, Action.help_replied_on, Action.plan_id).where(Action.id == action_id)
    ).one()
    return row.help_asked_on, row.help_replied_on, row.plan_id


def _set_dates(action_id: int, **days: date | None) -> None:
    db.session.execute(update(Action).where(Action.id == action_id).values(**days))


def _record(by: Author, verb: str, action_id: int, about: str = "") -> None:
    record(by, verb, plan_id=_dates(action_id)[2], action_id=action_id, about=about)
