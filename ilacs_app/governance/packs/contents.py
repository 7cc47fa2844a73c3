"""What a pack tells, read from the record for a board."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select

from ilacs_app import clock
from ilacs_app.access import Actor, Grant
from ilacs_app.db import db
from ilacs_app.governance.agenda.queries import agenda_for, exempt_items
from ilacs_app.governance.agenda.rules import AgendaFact, AgendaKind, ExemptItems, id_in
from ilacs_app.governance.challenges.model import Challenge
from ilacs_app.governance.challenges.queries import arisen_at, questions_of_board
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.governance.meetings.queries import MeetingLine, MeetingsAround, meetings_around
from ilacs_app.governance.since.queries import EVERY_CHANGE, SinceMet, changed_since_met
from ilacs_app.history import HistoryEvent
from ilacs_app.people.boards.queries import BoardName
from ilacs_app.plan.lists.counts import Counts, counts
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.model import ActionPlace, Plan
from ilacs_app.plan.queries import council_name
from ilacs_app.plan.rules import STATUS_WORDS
from ilacs_app.progress.dates.deciders.waiting import WaitingDate, waiting_dates
from ilacs_app.progress.notes.queries import Words, newest_words, plan_words
from ilacs_app.progress.notes.rules import PlanWords
from ilacs_app.progress.status.queries import MoveMade, last_moves


@dataclass(frozen=True)
class PackPlan:
    """A live plan of which a board governs something, with the council's key to its status words and its glossary."""

    id: int
    title: str
    short_name: str
    key: tuple[tuple[str, str], ...]
    glossary: Mapping[str, str]


@dataclass(frozen=True)
class PackMaterial:
    """Everything that the pack of a meeting is made of, as it is at one instant.

    ``rows`` are the board's actions, each once; ``plan_words`` is what the imported plan says of those of which no one
    has said more.
    """

    board: BoardName
    meeting: MeetingLine
    today: date
    at: datetime
    last_event_id: int | None
    council: str
    plans: tuple[PackPlan, ...]
    rows: tuple[ActionRow, ...]
    newest_words: Mapping[int, Words]
    plan_words: Mapping[int, PlanWords]
    moves: Mapping[int, MoveMade]
    counts: Counts
    waiting: tuple[WaitingDate, ...]
    questions: tuple[BoardQuestion, ...]
    since: SinceMet
    agenda: tuple[AgendaFact, ...]
    exempt: ExemptItems
    arisen: tuple[BoardQuestion, ...] = ()
    """The actions that arose at the meeting whose minutes are the newest."""

    @property
    def by_id(self) -> dict[int, ActionRow]:
        return {row.id: row for row in self.rows}

    @property
    def hidden(self) -> frozenset[int]:
        """The ids of the actions that only the exempt part tells of."""
        theirs = (row.id for row in self.rows if row.recommendation_id in self.exempt.recommendations)
        return self.exempt.actions | frozenset(theirs)

    def hides(self, question: BoardQuestion) -> bool:
        """Return whether only the exempt part tells of a question."""
        about = question.action_id in self.hidden or question.recommendation_id in self.exempt.recommendations
        return about or question.exempt or question.id in self.exempt.questions

    def ref(self, row: ActionRow) -> str:
        """Return how the pack names an action: with its plan where it is of several plans."""
        return f"{row.plan_short} {row.ref}" if len(self.plans) > 1 else row.ref


def reader_of(board_id: int) -> Actor:
    """Return for whom a pack is made: someone who sees what the board governs, and nothing else."""
    return Actor(0, "", "", partner=True, grants=(Grant("board_member", board_id=board_id),))


_SEES_NOTHING_RESTRICTED = Actor(0, "", "", grants=(Grant("viewer"),))
"""For whom changes of evidence are counted: packs hold nothing of restricted evidence."""


def pack_material(board: BoardName, meeting: MeetingLine, today: date) -> PackMaterial:
    """Return what the pack of a meeting is made of. The caller makes sure that nothing is written meanwhile."""
    reader, ours = reader_of(board.id), Filter(board_id=board.id)
    at, last_event_id = clock.now(), db.session.scalar(select(func.max(HistoryEvent.id)))
    rows: dict[int, ActionRow] = {}
    for row in action_rows(reader, ours, today, size=None):
        rows.setdefault(row.id, row)
    met_on = meetings_around(today).get(board.id, MeetingsAround()).last_on
    agenda = agenda_for(reader, board.id, meeting.id, today)
    since = changed_since_met(
        _SEES_NOTHING_RESTRICTED, board.id, today, met_on=met_on, meets_on=meeting.on_day, most=EVERY_CHANGE
    )
    newest = newest_words(rows)
    return PackMaterial(
        board=board,
        meeting=meeting,
        today=today,
        at=at,
        last_event_id=last_event_id,
        council=db.session.scalar(council_name()) or "",
        plans=_plans({row.plan_id for row in rows.values()}),
        rows=tuple(rows.values()),
        newest_words=newest,
        plan_words=plan_words(rows.keys() - newest.keys()),
        moves=last_moves(rows),
        counts=counts(reader, ours, today),
        waiting=tuple(waiting_dates(reader, today, board_id=board.id)),
        questions=questions_of_board(reader, board.id, size=None).questions,
        since=since,
        agenda=(*agenda.items, *agenda.exempt),
        exempt=_with_agenda(exempt_items(meeting.id), agenda.exempt),
        arisen=_arisen(reader, (*agenda.items, *agenda.exempt)),
    )


def _arisen(reader: Actor, facts: Iterable[AgendaFact]) -> tuple[BoardQuestion, ...]:
    matters = [fact for fact in facts if fact.kind == AgendaKind.MATTERS]
    return tuple(question for fact in matters for question in arisen_at(reader, id_in(fact.key)))


def _with_agenda(exempt: ExemptItems, facts: Iterable[AgendaFact]) -> ExemptItems:
    """Return also what the exempt part of today's agenda is about, for whatever reason it is there."""
    about = [fact for fact in facts if fact.kind != AgendaKind.QUESTION]
    return replace(
        exempt,
        actions=exempt.actions | {fact.action_id for fact in about if fact.action_id},
        recommendations=exempt.recommendations | {fact.recommendation_id for fact in about if fact.recommendation_id},
    )


def exempt_now(board_id: int, meeting_id: int, today: date) -> ExemptItems:
    """Return what the exempt part of a meeting is about today, with every action of its recommendations."""
    agenda = agenda_for(reader_of(board_id), board_id, meeting_id, today)
    exempt = _with_agenda(exempt_items(meeting_id), agenda.exempt)
    placed = select(ActionPlace.action_id).where(ActionPlace.recommendation_id.in_(exempt.recommendations))
    inside = db.session.scalars(placed) if exempt.recommendations else ()
    asked = select(Challenge.id).where(Challenge.board_id == board_id, Challenge.exempt)
    return replace(
        exempt, actions=exempt.actions.union(inside), questions=exempt.questions.union(db.session.scalars(asked))
    )


def _plans(ids: Iterable[int]) -> tuple[PackPlan, ...]:
    columns = (Plan.id, Plan.title, Plan.short_name, Plan.status_key, Plan.glossary)
    rows = db.session.execute(select(*columns).where(Plan.id.in_(ids)).order_by(Plan.dated_on.desc(), Plan.id.desc()))
    return tuple(
        PackPlan(
            id=row.id,
            title=row.title,
            short_name=row.short_name,
            key=tuple(
                (line["word"], STATUS_WORDS.get(line.get("means", ""), line.get("means", "")))
                for line in row.status_key or ()
            ),
            glossary=dict(row.glossary or {}),
        )
        for row in rows
    )


def glossary_of(plans: Iterable[PackPlan]) -> dict[str, list[str]]:
    """Return what each abbreviation stands for in these plans, each meaning once."""
    meanings: dict[str, list[str]] = defaultdict(list)
    for plan in plans:
        for letters, meaning in plan.glossary.items():
            if meaning not in meanings[letters]:
                meanings[letters].append(meaning)
    return meanings
