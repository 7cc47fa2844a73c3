"""New dates: asked for, taken back, agreed or refused. A date moves nowhere else (product rule 4, date requests).

Each command locks the action first, so that two of them on one action follow each other, and decides on what is true
inside its transaction. The version of the request that somebody saw stands in the UPDATE's WHERE.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update

from ilacs_app import clock
from ilacs_app.dates import long_date
from ilacs_app.db import db, write_at
from ilacs_app.errors import Refused, Stale
from ilacs_app.history import Author, record
from ilacs_app.people.model import Person
from ilacs_app.plan.model import Action, ActionStage, DateEntry, Plan
from ilacs_app.plan.parsing.timescales import Timescale, read_timescale
from ilacs_app.plan.writing import reread
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.dates.queries import meetings_ahead
from ilacs_app.progress.dates.rules import (
    Dated,
    Decider,
    asked_shortly_before,
    needs_board,
    why_not_agreed,
    why_not_asked,
    why_not_decide,
    why_not_shorter,
)
from ilacs_app.progress.queries import check_may_write


class WrongDate(Refused):
    """The new date cannot be asked for or agreed as it was written; the message says what to write instead."""


@dataclass(frozen=True)
class DateWish:
    """The new words that somebody asks for, and why."""

    words: str
    reason_class: str
    effect: str = ""
    cover: str = ""


def ask_new_date(by: Author, action_id: int, wish: DateWish) -> int:
    """Ask for new words; the clock runs on the old date until they are agreed. Returns the request's id.

    One request waits for an action: a second one by the same person takes the first back.

    Raises:
        Refused: nobody signs it, or who signs it may not write on the action.
        WrongDate: the words cannot be asked for, or somebody else's request waits.
    """
    if by.person_id is None:
        raise Refused("A new date needs the person who asks for it.")
    at = _locked(action_id)
    check_may_write(by, action_id)
    wrong = why_not_asked(at.dated, read_timescale(wish.words, at.plan_dated_on), clock.today())
    if wrong:
        raise WrongDate(wrong)
    waits = _waiting(action_id)
    if waits is not None and waits.asked_by_id != by.person_id:
        raise WrongDate(_another_waits(waits))
    if waits is not None:
        _close(by, at, waits, "taken_back", says="Another date is asked for instead.")
    return _open(by, at, wish)


def ask_from_file(by: Author, action_id: int, words: str, source: str) -> int | None:
    """Enter the other timescale of a plan that is imported again as a waiting request, signed by nobody.

    Returns its id; nothing where somebody's own request waits, which a file does not replace.
    """
    at = _locked(action_id)
    waits = _waiting(action_id)
    if waits is not None and waits.asked_by_id is not None:
        return None
    if waits is not None:
        _close(by, at, waits, "taken_back", says=f"{source} was imported after it.")
    return _open(by, at, DateWish(words, "other"), source=source)


def take_back_request(by: Author, request_id: int, version: int) -> None:
    """Take back one's own waiting request.

    Raises:
        Refused: it is somebody else's.
        Stale: it was decided, or taken back, since the version that was seen.
    """
    request = _seen(request_id, version)
    at = _locked(request.action_id)
    if by.person_id is None or by.person_id not in {request.asked_by_id, request.for_person_id}:
        raise Refused("Only who asked for a new date may take it back.")
    _close(by, at, request, "taken_back")


def agree_new_date(by: Author, request_id: int, version: int, who: Decider, words: str = "") -> date | None:
    """Agree a waiting request as it was asked, or for the shorter ``words``. Returns the new due date.

    The action takes the new words; its original date stays, and its ledger says who agreed and when.

    Raises:
        Refused: this person may not decide it; the message says who may.
        WrongDate: the words do not fit.
        Stale: it was decided, or taken back, since the version that was seen.
    """
    request = _seen(request_id, version)
    at = _locked(request.action_id)
    _may_decide(who, at, request)
    scale = read_timescale(words or request.words, at.plan_dated_on)
    if words:
        wrong = why_not_shorter(at.dated, request.due_on, scale, clock.today())
    else:
        wrong = why_not_agreed(at.dated, scale)
    if wrong:
        raise WrongDate(wrong)
    _close(by, at, request, "agreed_shorter" if words else "agreed", agreed=scale)
    _move(by, at, scale, request)
    return scale.due_on


def refuse_new_date(by: Author, request_id: int, version: int, who: Decider, reason: str) -> None:
    """Refuse a waiting request; the old date stays.

    Raises:
        Refused: this person may not decide it, or the reason is missing.
        Stale: it was decided, or taken back, since the version that was seen.
    """
    request = _seen(request_id, version)
    at = _locked(request.action_id)
    _may_decide(who, at, request)
    if not reason:
        raise Refused("Write why the new date is refused. Who asked for it reads this.")
    _close(by, at, request, "refused", says=reason)


@dataclass(frozen=True)
class _Locked:
    """An action under the lock of this transaction."""

    id: int
    plan_id: int
    plan_dated_on: date
    version: int
    last_word_on: date
    dated: Dated
    stages: tuple[tuple[str, date, date | None, int | None], ...]

    @property
    def facts(self) -> dict[str, Any]:
        """The timescale as history keeps it."""
        facts: dict[str, Any] = {"timescale": self.dated.words, "due_on": _iso(self.dated.due_on)}
        if self.stages:
            facts["stages"] = [[label, due_on.isoformat(), _iso(done_on)] for label, due_on, done_on, _ in self.stages]
        return facts


def _locked(action_id: int) -> _Locked:
    found = db.session.execute(
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
    rows = db.session.execute(
        select(ActionStage.label, ActionStage.due_on, ActionStage.done_on, ActionStage.done_by_id)
        .where(ActionStage.action_id == action_id)
        .order_by(ActionStage.position)
    )
    stages = tuple((row[0], row[1], row[2], row[3]) for row in rows)
    return _Locked(action_id, *found[:4], Dated(*found[4:], tuple(stage[1] for stage in stages)), stages)


def _waiting(action_id: int) -> DateRequest | None:
    found = select(DateRequest).where(DateRequest.action_id == action_id, DateRequest.state == "waiting")
    return db.session.scalars(found.execution_options(populate_existing=True)).first()


def _seen(request_id: int, version: int) -> DateRequest:
    found = select(DateRequest).where(
        DateRequest.id == request_id, DateRequest.version == version, DateRequest.state == "waiting"
    )
    request = db.session.scalars(found).first()
    if request is None:
        raise Stale
    return request


def _another_waits(request: DateRequest) -> str:
    name = db.session.scalar(select(Person.name).where(Person.id == request.asked_by_id))
    who = name or request.source or "A file"
    asked = long_date(clock.london_day(request.asked_at))
    return (
        f"{who} asked for “{request.words}” on {asked}, and that is not decided yet. "
        "One new date can wait at a time: let them take theirs back, or wait for the decision."
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


def _may_decide(who: Decider, at: _Locked, request: DateRequest) -> None:
    """Weigh the move again: a reading may have been corrected since it was asked for."""
    wrong = why_not_decide(who, request.needs_board or needs_board(at.dated, request.due_on))
    if wrong:
        raise Refused(wrong)


_VERBS = {
    "taken_back": "date_taken_back",
    "refused": "date_refused",
    "agreed": "date_agreed",
    "agreed_shorter": "date_agreed",
}


def _close(
    by: Author, at: _Locked, request: DateRequest, state: str, *, says: str = "", agreed: Timescale | None = None
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
            **({"timescale": agreed.text, "due_on": _iso(agreed.due_on)} if agreed else {}),
        },
    )


def _say_second(at: _Locked, *, asked: bool) -> None:
    """Keep beside the action whether a move beyond its first waits: its rating asks for it."""
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
        )
    )
    db.session.flush()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
