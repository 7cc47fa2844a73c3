"""The pure rules of a request for help: who may reply, who may say that it helped, and when it is open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ilacs_app.access import Act, Standing, who_may
from ilacs_app.dates import LONDON
from ilacs_app.plan.rules import REPLY_DAYS

YES, NOT_YET = "yes", "not_yet"
JUDGEMENTS = {YES: "Yes, it helped", NOT_YET: "Not yet"}


class CallState(StrEnum):
    """The state of a request for help."""

    WAITING = "waiting"
    REPLIED = "replied"
    CLOSED = "closed"


@dataclass(frozen=True)
class Reply:
    """A reply to a request; instants are UTC. ``helped`` is empty while no one has said."""

    id: int
    call_id: int
    who: str
    at: datetime
    words: str
    helped: bool | None
    judged_by: str
    judged_at: datetime | None

    @property
    def lapses_at(self) -> datetime:
        """When the request closes by itself, unless someone says more."""
        return self.at.astimezone(LONDON) + timedelta(days=REPLY_DAYS)


def call_state(closed_at: datetime | None, replies: Sequence[Reply], now: datetime) -> CallState:
    """Return the state of a request at an instant; ``replies`` are all of its replies, oldest first."""
    if closed_at is not None:
        return CallState.CLOSED
    if not replies or replies[-1].helped is False:
        return CallState.WAITING
    lapsed = replies[-1].lapses_at.date() <= now.astimezone(LONDON).date()
    return CallState.CLOSED if lapsed else CallState.REPLIED


def why_not_reply(who: Standing, person_id: int | None, asked_by: Collection[int]) -> str | None:
    """Return why someone may not reply to the open requests made by ``asked_by``; nothing if they may."""
    if not who.may_reply:
        return who_may(Act.ANSWER_HELP)
    if set(asked_by) == {person_id}:
        return "This is your own request. When you no longer need help, choose On track."
    return None
