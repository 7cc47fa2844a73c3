"""Change the agenda of a meeting: move, strike and restore items, keep them apart as exempt, add deep dives; begin it.

Every command locks the meeting first, so that of two secretaries at once each change is made to what the other left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from ilacs_app import clock
from ilacs_app.dates import long_date
from ilacs_app.db import db, insert_or_update, write_rows
from ilacs_app.errors import Refused
from ilacs_app.governance.agenda.model import AgendaEntry, MeetingItem
from ilacs_app.governance.agenda.queries import arranged_at, arrangement
from ilacs_app.governance.agenda.rules import Agenda, AgendaChange, AgendaFact, AgendaKind, Arranged, agenda_of, moved
from ilacs_app.governance.challenges.items import Askable
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.governance.decisions.model import Decision
from ilacs_app.governance.meetings.queries import LockedMeeting, lock_meeting
from ilacs_app.history import Author, record

_VERBS = {
    AgendaChange.UP: "agenda_item_moved",
    AgendaChange.DOWN: "agenda_item_moved",
    AgendaChange.STRIKE: "agenda_item_struck",
    AgendaChange.RESTORE: "agenda_item_restored",
    AgendaChange.CLOSE: "agenda_item_closed",
    AgendaChange.OPEN: "agenda_item_opened",
}


def change_agenda(by: Author, meeting_id: int, key: str, *, change: AgendaChange, facts: Sequence[AgendaFact]) -> bool:
    """Change one item of an agenda; ``facts`` are what belongs on it now. Return whether anything changed.

    Raises:
        Refused: the item is no longer on the agenda, the board has decided on an item that is to be struck, or the
            agenda of this meeting can no longer be changed.
    """
    locked = _locked(meeting_id)
    arranged = arrangement(meeting_id, facts)
    agenda = agenda_of(facts, arranged)
    if key not in agenda.order:
        raise Refused("This item is no longer on the agenda. Refresh the page.")
    if change == AgendaChange.STRIKE and _is_decided(meeting_id, key):
        raise Refused(
            "The board has already decided on this item at this meeting. "
            "It stays on the agenda. Correct the decision if it is wrong."
        )
    if change in {AgendaChange.UP, AgendaChange.DOWN}:
        changed = _reorder(meeting_id, agenda, moved(agenda, key, change))
    else:
        now = next((entry for entry in arranged if entry.key == key), Arranged(key))
        changed = _set(meeting_id, now, change)
        if change == AgendaChange.CLOSE:
            _close_begun(meeting_id, facts)
    if changed:
        title = EXEMPT_ITEM if change == AgendaChange.CLOSE else _title(agenda, key)
        record(by, _VERBS[change], about=locked.about, after={"meeting_id": meeting_id, "item": title})
    return changed


def add_deep_dive(by: Author, meeting_id: int, item: Askable) -> None:
    """Put an action or recommendation of the board on the agenda as a deep dive; one that was struck is restored.

    Raises:
        Refused: it is on the agenda already, or the agenda of this meeting can no longer be changed.
    """
    locked = _locked(meeting_id)
    kind, item_id = ("action", item.action_id) if item.action_id else ("recommendation", item.recommendation_id)
    key = f"dive-{kind}-{item_id}"
    if any(entry.key == key and not entry.struck for entry in arranged_at(meeting_id)):
        raise Refused(f"{item.label} is a deep dive on this agenda already. Choose another item.")
    _put(meeting_id, key, struck=False, action_id=item.action_id, recommendation_id=item.recommendation_id)
    record(
        by, "deep_dive_added", about=locked.about, after={"meeting_id": meeting_id, "item": f"{item.ref} {item.text}"}
    )


def begin_meeting(by: Author, meeting_id: int, facts: Sequence[AgendaFact]) -> bool:
    """Keep the agenda as it is on the day of the meeting; ``facts`` are what belongs on it. Return whether it began.

    What is settled from now on stays on it, with what the board decided. A meeting begins once.

    Raises:
        Refused: it is not the day of the meeting, or it is cancelled.
    """
    locked = _locked(meeting_id)
    if locked.meeting.on_day > clock.today():
        raise Refused(f"You can begin the meeting on its day, {long_date(locked.meeting.on_day)}.")
    number = keep_items(meeting_id, facts)
    if number:
        record(by, "meeting_begun", about=locked.about, after={"meeting_id": meeting_id, "items": number})
    return bool(number)


def keep_items(meeting_id: int, facts: Sequence[AgendaFact]) -> int:
    """Keep these items as they are now, but for those that are kept already. Return how many were added.

    What is exempt because it was so before is so from now on by an entry of its own, whatever becomes of that. The
    caller has locked the meeting and records the event.
    """
    explicit = {entry.key for entry in arranged_at(meeting_id) if entry.exempt}
    for entry in arrangement(meeting_id, facts):
        if entry.exempt and entry.key not in explicit:
            _put(meeting_id, entry.key, exempt=True)
    known = set(db.session.scalars(select(MeetingItem.key).where(MeetingItem.meeting_id == meeting_id)))
    rows = [
        {
            "meeting_id": meeting_id,
            "key": fact.key,
            "kind": str(fact.kind),
            "title": fact.title,
            "why": fact.why,
            "action_id": fact.action_id,
            "recommendation_id": fact.recommendation_id,
        }
        for fact in facts
        if fact.key not in known
    ]
    write_rows(MeetingItem, rows)
    return len(rows)


def _locked(meeting_id: int) -> LockedMeeting:
    """Lock a meeting whose agenda can be changed.

    Raises:
        Refused: it is cancelled or over.
    """
    locked = lock_meeting(meeting_id)
    if locked.meeting.cancelled_on is not None:
        raise Refused("This meeting is cancelled. You cannot change its agenda. Add the item to a later meeting.")
    if locked.meeting.on_day < clock.today():
        raise Refused("This meeting is over. You cannot change its agenda. Add the item to a later meeting.")
    return locked


def _is_decided(meeting_id: int, key: str) -> bool:
    decided = select(Decision.id).where(Decision.meeting_id == meeting_id, Decision.key == key)
    return db.session.scalar(decided.limit(1)) is not None


EXEMPT_ITEM = "An exempt item"


def _title(agenda: Agenda, key: str) -> str:
    """Return what history calls an item: of an exempt one or a question no more than that."""
    if any(fact.key == key for fact in agenda.exempt):
        return EXEMPT_ITEM
    fact = next(fact for fact in (*agenda.items, *agenda.struck) if fact.key == key)
    return fact.label if fact.kind == AgendaKind.QUESTION else fact.title  # not everyone reads questions


def _reorder(meeting_id: int, agenda: Agenda, order: Sequence[str]) -> bool:
    if tuple(order) == agenda.order:
        return False
    places = {entry.key: entry.place for entry in arranged_at(meeting_id)}
    for place, key in enumerate(order, start=1):
        if places.get(key) != place:
            _put(meeting_id, key, place=place)
    return True


def _set(meeting_id: int, now: Arranged, change: AgendaChange) -> bool:
    if change in {AgendaChange.STRIKE, AgendaChange.RESTORE}:
        wanted = change == AgendaChange.STRIKE
        if now.struck == wanted:
            return False
        _put(meeting_id, now.key, struck=wanted)
        return True
    wanted = change == AgendaChange.CLOSE
    if now.exempt == wanted:
        return False
    _put(meeting_id, now.key, exempt=wanted, opened=not wanted)
    arose = (Challenge.meeting_id == meeting_id, Challenge.item_key == now.key, Challenge.exempt != wanted)
    db.session.execute(update(Challenge).where(*arose).values(exempt=wanted))
    return True


def _close_begun(meeting_id: int, facts: Sequence[AgendaFact]) -> None:
    """Make exempt for good, of what is on the agenda since the meeting began, all that is exempt by the rules now."""
    begun = set(db.session.scalars(select(MeetingItem.key).where(MeetingItem.meeting_id == meeting_id)))
    explicit = {entry.key for entry in arranged_at(meeting_id) if entry.exempt}
    for entry in arrangement(meeting_id, facts):
        if entry.exempt and entry.key in begun - explicit:
            _set(meeting_id, replace(entry, exempt=False), AgendaChange.CLOSE)


def _put(meeting_id: int, key: str, **values: Any) -> None:
    insert_or_update(AgendaEntry, {"meeting_id": meeting_id, "key": key}, **values)
