"""Calls for help: asked with an answer, open until somebody replies or a later answer says that it goes on."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select, update

from ilacs_app import clock
from ilacs_app.db import db
from ilacs_app.errors import Refused, Stale
from ilacs_app.history import Author, record
from ilacs_app.people.model import Person
from ilacs_app.plan.model import Action, ActionPlace, Recommendation, RecommendationLead
from ilacs_app.progress.help.model import HelpCall
from ilacs_app.progress.help.rules import why_not_reply
from ilacs_app.progress.rules import Standing


def call_for_help(by: Author, action_id: int, note_id: int, blocker: str) -> int:
    """Open a call for the accountable lead; where there is none or that is the asker, for the programme manager.

    Returns its id.
    """
    to_person_id = db.session.scalar(
        select(Person.id)
        .join(RecommendationLead, RecommendationLead.person_id == Person.id)
        .join(Recommendation, Recommendation.id == RecommendationLead.recommendation_id)
        .join(ActionPlace, ActionPlace.recommendation_id == Recommendation.id)
        .where(ActionPlace.action_id == action_id, RecommendationLead.accountable, Person.active)
        .order_by(Recommendation.position)
        .limit(1)
    )
    if to_person_id in {by.person_id, by.for_person_id}:
        to_person_id = None
    call = HelpCall(
        action_id=action_id,
        note_id=note_id,
        asked_by_id=by.person_id,
        asked_at=clock.now(),
        blocker=blocker,
        to_person_id=to_person_id,
    )
    db.session.add(call)
    db.session.flush()
    plan_id = db.session.scalar(
        update(Action)
        .where(Action.id == action_id)
        .values(help_asked_on=func.coalesce(Action.help_asked_on, clock.today()))
        .returning(Action.plan_id)
    )
    record(by, "help_asked", plan_id=plan_id, action_id=action_id, about=blocker, after={"to": to_person_id})
    return call.id


def reply_to_help(by: Author, action_id: int, reply: str, standing: Standing) -> None:
    """Answer every call that others opened on an action; then none is open.

    Raises:
        Refused: they may not reply, there is no call, or it is their own.
        Stale: somebody replied, or the call ended, after this person saw it.
    """
    asked_by = set(db.session.scalars(select(HelpCall.asked_by_id).where(*_open(action_id))))
    cannot = why_not_reply(standing, by.person_id, asked_by)
    if cannot:
        raise Refused(cannot)
    if not reply:
        raise Refused("Write a reply.")
    if not asked_by:
        raise Stale
    _close(by, action_id, "help_answered", reply, reply=reply)


def end_help(by: Author, action_id: int, why: str) -> None:
    """Close what is open on an action without a reply, because a later answer made it needless."""
    if db.session.scalar(select(HelpCall.id).where(*_open(action_id)).limit(1)):
        _close(by, action_id, "help_ended", why, reply="")


def _open(action_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return HelpCall.action_id == action_id, HelpCall.closed_at.is_(None)


def _close(by: Author, action_id: int, verb: str, about: str, *, reply: str) -> None:
    db.session.execute(
        update(HelpCall).where(*_open(action_id)).values(reply=reply, closed_by_id=by.person_id, closed_at=clock.now())
    )
    plan_id = db.session.scalar(
        update(Action).where(Action.id == action_id).values(help_asked_on=None).returning(Action.plan_id)
    )
    record(by, verb, plan_id=plan_id, action_id=action_id, about=about)
