"""The minutes of a meeting: as they would be now, and the versions that were published."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from ilacs_app import clock
from ilacs_app.access import OPERATOR, Act, Actor, Grant, may
from ilacs_app.dates import long_date
from ilacs_app.db import db
from ilacs_app.errors import NotKnown
from ilacs_app.governance.agenda.model import MeetingItem
from ilacs_app.governance.agenda.queries import arranged_at, begun_facts, items_seen, people_named
from ilacs_app.governance.agenda.rules import AgendaFact, AgendaKind, agenda_of, id_in
from ilacs_app.governance.attendance.model import MeetingAttendance
from ilacs_app.governance.attendance.queries import Attendee, attendees, interests_of, quorum_at
from ilacs_app.governance.attendance.rules import Attendance
from ilacs_app.governance.challenges.queries import arisen_at, questions_at_meeting
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.governance.decisions.queries import DecisionLine, decisions_at, on_key
from ilacs_app.governance.meetings.queries import MeetingLine
from ilacs_app.governance.minutes.document import (
    UNRECORDED,
    MinutesDecision,
    MinutesDocument,
    MinutesItem,
    MinutesMatter,
    MinutesPerson,
    MinutesTask,
    minutes_from_json,
)
from ilacs_app.governance.minutes.model import Minutes, MinutesFile
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.plan.lists.rows import People
from ilacs_app.plan.queries import council_name


@dataclass(frozen=True)
class MinutesVersion:
    """A version that was published; ``published_at`` is a UTC instant."""

    id: int
    meeting_id: int
    number: int
    published_at: datetime
    published_by: str


NOT_AS_PUBLISHED = (
    "These minutes are different from what was published, so they cannot be opened. "
    "Ask the administrator to restore them from a backup."
)


class NotAsPublished(RuntimeError):
    """The bytes of a version are not what was published; the message is a sentence for the person who asked."""


def versions_of(meeting_id: int) -> list[MinutesVersion]:
    """Return the versions of a meeting's minutes, the newest first."""
    rows = db.session.execute(
        select(Minutes.id, Minutes.meeting_id, Minutes.number, Minutes.published_at, Minutes.published_by)
        .where(Minutes.meeting_id == meeting_id)
        .order_by(Minutes.number.desc())
    )
    return [MinutesVersion(**row._mapping) for row in rows]


def bytes_of(version: MinutesVersion, form: str, *, exempt: bool) -> bytes:
    """Return one format of a version, after it was checked against its SHA-256.

    Raises:
        NotKnown: the version has no such format.
        NotAsPublished: the bytes are not what was published.
    """
    row = db.session.execute(
        select(MinutesFile.content, MinutesFile.sha256).where(
            MinutesFile.minutes_id == version.id, MinutesFile.format == form, MinutesFile.exempt == exempt
        )
    ).first()
    if row is None:
        raise NotKnown(form)
    if hashlib.sha256(row.content).hexdigest() != row.sha256:
        raise NotAsPublished(NOT_AS_PUBLISHED)
    return bytes(row.content)


@dataclass(frozen=True)
class ReadMinutes:
    """Minutes as one person reads them. ``whole``: whether they see everything that is in this copy of them."""

    document: MinutesDocument
    exempt: bool
    whole: bool


def read_minutes(actor: Actor, board: BoardName, version: MinutesVersion) -> ReadMinutes:
    """Return a version as this person reads it: the exempt part is for the board, other items for who sees them.

    What was made exempt after it was published is for the board alone from then on.

    Raises:
        NotAsPublished: its bytes are not what was published.
    """
    exempt = may(actor, Act.READ_EXEMPT, board.id)
    document = minutes_from_json(bytes_of(version, "json", exempt=exempt))
    seen = items_seen(actor, (*document.items, *document.matters))
    closed = frozenset() if exempt else _closed_at(version.meeting_id)
    keys = [item.key for item in document.items if item.key not in closed and seen.address_of(item) is not None]
    shown = document.only(keys).with_matters(
        lambda item, matter: (
            seen.address_of(matter) is not None and (exempt or matter.key not in _closed_at(id_in(item.key)))
        )
    )
    left_out = len(keys) < len(document.items) or len(shown.matters) < len(document.matters)
    return ReadMinutes(shown, exempt, whole=not left_out)


def _closed_at(meeting_id: int) -> frozenset[str]:
    """Return the keys of what is in the exempt part of a meeting."""
    return frozenset(entry.key for entry in arranged_at(meeting_id) if entry.exempt)


def minutes_now(board: BoardName, meeting: MeetingLine) -> MinutesDocument:
    """Return the minutes of a meeting as they would be now, with all of their items, published by no one yet."""
    people = attendees(meeting.id)
    member = replace(OPERATOR, grants=(*OPERATOR.grants, Grant("secretary", board_id=board.id)))  # reads what is exempt
    decided = decisions_at(member, meeting.id)
    arisen = questions_at_meeting(OPERATOR, meeting.id)
    exempt = {entry.key for entry in arranged_at(meeting.id) if entry.exempt}
    agenda = agenda_of(begun_facts(OPERATOR, meeting.id), arranged_at(meeting.id))
    facts = [*agenda.items, *agenda.exempt]
    interests = interests_of([person.person_id for person in people], meeting.on_day)
    named = people_named(facts)
    items = tuple(
        replace(
            _item(number, fact, decided, arisen, exempt=fact.key in exempt),
            people=named.get(fact.key, People()).labelled_names,
            matters=_matters(fact),
        )
        for number, fact in enumerate(facts, start=1)
    )
    titles = {
        person.person_id: tuple(
            fact.title for fact in facts if interests[person.person_id].include(fact.action_id, fact.recommendation_id)
        )
        for person in people
    }
    return MinutesDocument(
        council=db.session.scalar(council_name()) or "",
        board=board.name,
        meeting=meeting.day_and_time,
        place=meeting.place,
        on_day=meeting.on_day.isoformat(),
        quorum=quorum_at(board.id, people).sentence,
        published="",
        people=tuple(_person(person, titles) for person in people),
        items=items,
    )


def is_all_published(board: BoardName, meeting: MeetingLine) -> bool:
    """Return whether the newest version of a meeting's minutes holds all that is recorded of the meeting.

    Raises:
        NotAsPublished: its bytes are not what was published.
    """
    newest = next(iter(versions_of(meeting.id)), None)
    if newest is None:
        return False
    published = minutes_from_json(bytes_of(newest, "json", exempt=True))
    return published.recorded == minutes_now(board, meeting).recorded


def _person(person: Attendee, titles: Mapping[int, tuple[str, ...]]) -> MinutesPerson:
    came = person.attended.attendance != Attendance.NOT_RECORDED
    return MinutesPerson(
        name=person.name,
        role=person.role,
        attended=person.attended.label if came else UNRECORDED,
        interest=person.attended.interest,
        items=titles[person.person_id],
    )


def _item(
    number: int,
    fact: AgendaFact,
    decided: Sequence[DecisionLine],
    arisen: Sequence[BoardQuestion],
    *,
    exempt: bool,
) -> MinutesItem:
    here = on_key(decided, fact.key)
    labels = {line.id: line.label for line in here}
    return MinutesItem(
        key=fact.key,
        number=number,
        title=fact.title,
        label=fact.label,
        why=fact.why,
        decisions=tuple(
            MinutesDecision(
                line.label, line.words, corrects=labels.get(line.corrects_id or 0, ""), corrected=line.corrected
            )
            for line in here
        ),
        tasks=tuple(
            MinutesTask(question.question, question.owner, long_date(question.due_on))
            for question in arisen
            if question.item_key == fact.key
        ),
        action_id=fact.action_id,
        recommendation_id=fact.recommendation_id,
        exempt=exempt,
    )


def _matters(fact: AgendaFact) -> tuple[MinutesMatter, ...]:
    if fact.kind != AgendaKind.MATTERS:
        return ()
    return tuple(
        MinutesMatter(
            key=question.item_key,
            text=question.question,
            owner=question.owner,
            due=long_date(question.due_on),
            outcome=question.outcome(clock.today()),
            action_id=question.action_id,
            recommendation_id=question.recommendation_id,
            exempt=question.exempt,
        )
        for question in arisen_at(OPERATOR, id_in(fact.key))
    )


def is_recorded(meeting_id: int) -> bool:
    """Return whether anything is recorded of a meeting: who attended, or that it began."""
    item = select(MeetingItem.id).where(MeetingItem.meeting_id == meeting_id)
    came = select(MeetingAttendance.id).where(MeetingAttendance.meeting_id == meeting_id)
    return db.session.scalar(item.limit(1)) is not None or db.session.scalar(came.limit(1)) is not None
