"""The page of one meeting, as several routes answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, url_for

from ilacs_app import clock
from ilacs_app.access import Act, may
from ilacs_app.forms.drafts import take_up_each
from ilacs_app.forms.queries import KeptDraft
from ilacs_app.governance.agenda.forms import DeepDiveForm
from ilacs_app.governance.agenda.queries import (
    agenda_facts,
    agenda_for,
    arrangement,
    begun_facts,
    facts_at,
    people_named,
)
from ilacs_app.governance.agenda.rules import Agenda, AgendaFact, AgendaKind, agenda_of, come_since, id_in, opening_of
from ilacs_app.governance.attendance.forms import AttendanceForm
from ilacs_app.governance.attendance.queries import Attendee, Interests, attendees, interests_of, quorum_at
from ilacs_app.governance.attendance.rules import Quorum
from ilacs_app.governance.challenges.queries import arisen_at
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.governance.decisions.queries import DecisionLine, decisions_at, on_key
from ilacs_app.governance.meetings.queries import MeetingLine, met_again_on
from ilacs_app.governance.packs.queries import packs_of
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, People, action_rows
from ilacs_app.web import actor, page


@dataclass(frozen=True)
class ItemLink:
    """An action that someone leads or owns, as a link."""

    reference: str
    address: str


@dataclass(frozen=True)
class Seat:
    """Someone on the board at a meeting, with the board's open actions that they lead or own and the reader sees."""

    person: Attendee
    items: Sequence[ItemLink]


@dataclass(frozen=True)
class AttendancePart:
    """The part of a meeting's page about who came. ``form`` is there for those who run the meeting."""

    seats: Sequence[Seat]
    quorum: Quorum
    form: AttendanceForm | None
    draft: KeptDraft | None


@dataclass(frozen=True)
class AgendaLine:
    """An item of an agenda: who owns or leads it, who of them is on the board, what was decided, how it can move."""

    fact: AgendaFact
    people: People
    interested: Sequence[str]
    decisions: Sequence[DecisionLine] = ()
    moves_up: bool = False
    moves_down: bool = False
    matters: Sequence[BoardQuestion] = ()
    """Of matters arising, the actions that arose at the earlier meeting."""


@dataclass(frozen=True)
class AgendaPart:
    """The part of a meeting's page with its agenda. ``form`` is there for those who run the meeting.

    ``later``: what else is on the board's agenda today, on which they can record what a past meeting decided.
    ``begun``: whether the agenda is kept as it was when the meeting began. ``offers_begin``: whether it can begin now.
    ``offers_changes``: whether the reader can arrange it.
    """

    opening: Sequence[str]
    items: Sequence[AgendaLine]
    exempt: Sequence[AgendaLine]
    struck: Sequence[AgendaLine]
    form: DeepDiveForm | None
    draft: KeptDraft | None
    problem: str
    later: Sequence[AgendaLine] = ()
    begun: bool = False
    is_past: bool = False
    offers_begin: bool = False
    offers_changes: bool = False


@dataclass(frozen=True)
class MeetingAgenda:
    """The agenda of a meeting. ``later`` is what else is on its board's agenda today, once the meeting is over.

    It is there for those who run the meeting, because they can still record what the board decided on it.
    """

    agenda: Agenda
    later: Sequence[AgendaFact] = ()
    later_exempt: Sequence[AgendaFact] = ()

    def is_exempt(self, fact: AgendaFact) -> bool:
        """Return whether what is decided on an item is for the board alone."""
        return fact in self.agenda.exempt or fact in self.later_exempt


def meeting_agenda(board: BoardName, meeting: MeetingLine) -> MeetingAgenda:
    """Return the agenda of a meeting; for those who run it also what they can decide late, if the meeting is over.

    Once the board has met again, nothing else is decided late.
    """
    who, today = actor(), clock.today()
    runs = may(who, Act.RUN_MEETING, board.id)
    if meeting.on_day >= today or not runs or met_again_on(meeting, today) is not None:
        return MeetingAgenda(agenda_for(who, board.id, meeting.id, today))
    begun = facts_at(who, board.id, meeting.id, today)
    since = come_since(begun, agenda_facts(who, board.id, meeting.id, today))
    arranged = arrangement(meeting.id, [*begun, *since])
    later = agenda_of(since, arranged)
    return MeetingAgenda(agenda_of(begun, arranged), [*later.items, *later.exempt], later.exempt)


def meeting_page(
    board: BoardName,
    meeting: MeetingLine,
    *,
    attendance: AttendanceForm | None = None,
    deep_dive: DeepDiveForm | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    """Answer with the page of a meeting.

    ``attendance`` and ``deep_dive`` are those forms where they could not be saved; ``problem`` says why its agenda
    could not be changed.
    """
    cancelled = meeting.cancelled_on is not None
    runs = may(actor(), Act.RUN_MEETING, board.id) and not cancelled
    people = attendees(meeting.id)
    interests = interests_of([person.person_id for person in people], meeting.on_day)
    agenda = None
    if not cancelled:
        names = {person.person_id: person.name for person in people}
        who = Interested(names, interests)
        agenda = _agenda(board, meeting, people=who, sent=deep_dive, problem=problem, runs=runs)
    return page(
        "governance/meetings/meeting.html",
        status=status,
        has_errors=status == 422,
        board=board,
        meeting=meeting,
        today=clock.today(),
        runs=runs,
        agenda=agenda,
        papers=next(iter(packs_of(actor(), meeting.id)), None),
        publishes=may(actor(), Act.PUBLISH_PACK, board.id) and not (meeting.on_day < clock.today() or cancelled),
        problem="" if agenda else problem or (deep_dive and next(iter(deep_dive.about.errors), "")),
        attendance=_attendance(board, meeting, attendance, runs=runs, people=people, interests=interests),
    )


@dataclass(frozen=True)
class Interested:
    """The people on a board by id: their names, and what they lead or own."""

    names: Mapping[int, str]
    interests: Mapping[int, Interests]

    def in_item(self, fact: AgendaFact) -> list[str]:
        """Return the names of those who lead or own the item."""
        return [
            name
            for person_id, name in self.names.items()
            if self.interests[person_id].include(fact.action_id, fact.recommendation_id)
        ]


def _agenda(
    board: BoardName,
    meeting: MeetingLine,
    *,
    people: Interested,
    sent: DeepDiveForm | None,
    problem: str,
    runs: bool,
) -> AgendaPart:
    who, today = actor(), clock.today()
    shown = meeting_agenda(board, meeting)
    agenda = shown.agenda
    shows = may(who, Act.READ_EXEMPT, board.id)
    is_past, begun = meeting.on_day < today, bool(begun_facts(who, meeting.id))
    changes = runs and not is_past
    decided = decisions_at(who, meeting.id)
    named = people_named([*agenda.items, *agenda.exempt, *agenda.struck, *shown.later])
    form = sent or (DeepDiveForm(formdata=None) if changes else None)
    draft = None
    if form and not sent:
        address = url_for("agenda.deep_dive", board_slug=board.slug, meeting_id=meeting.id)
        draft = take_up_each(form=(form, address)).get("form")
    return AgendaPart(
        opening=opening_of({fact.kind for fact in (*agenda.items, *agenda.exempt)}),
        items=_lines(agenda.items, named, people, decided),
        exempt=_lines(agenda.exempt, named, people, decided) if shows else (),
        struck=_lines(agenda.struck, named, people, decided) if runs else (),
        form=form,
        draft=draft,
        problem=problem,
        later=_lines(shown.later, named, people),
        begun=begun,
        is_past=is_past,
        offers_begin=runs and not begun and meeting.on_day == today,
        offers_changes=changes,
    )


def _lines(
    facts: Sequence[AgendaFact],
    named: Mapping[str, People],
    board_people: Interested,
    decided: Sequence[DecisionLine] = (),
) -> list[AgendaLine]:
    last = len(facts) - 1
    return [
        AgendaLine(
            fact=fact,
            people=named.get(fact.key, People()),
            interested=board_people.in_item(fact),
            decisions=on_key(decided, fact.key),
            moves_up=number > 0,
            moves_down=number < last,
            matters=arisen_at(actor(), id_in(fact.key)) if fact.kind == AgendaKind.MATTERS else (),
        )
        for number, fact in enumerate(facts)
    ]


def _attendance(
    board: BoardName,
    meeting: MeetingLine,
    sent: AttendanceForm | None,
    *,
    runs: bool,
    people: Sequence[Attendee],
    interests: Mapping[int, Interests],
) -> AttendancePart:
    form = sent or (AttendanceForm(people) if runs else None)
    draft = None
    if form and not sent:
        address = url_for("meetings.attendance", board_slug=board.slug, meeting_id=meeting.id)
        draft = take_up_each(form=(form, address)).get("form")
    return AttendancePart(_seats(board, people, interests), quorum_at(board.id, people), form, draft)


def _seats(board: BoardName, people: Sequence[Attendee], interests: Mapping[int, Interests]) -> list[Seat]:
    ids = frozenset(action_id for some in interests.values() for action_id in some.actions)
    wanted = Filter(board_id=board.id, action_ids=ids)
    open_rows = [row for row in action_rows(actor(), wanted, clock.today(), size=None) if row.is_open] if ids else []
    seats = []
    for person in people:
        own = {row.id: row for row in open_rows if row.id in interests[person.person_id].actions}
        links = [ItemLink(_reference(row), f"/actions/{row.id}") for row in own.values()]
        seats.append(Seat(person, links))
    return seats


def _reference(row: ActionRow) -> str:
    return f"{row.plan_short} {row.ref}" if row.several else row.ref
