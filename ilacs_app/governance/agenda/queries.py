"""What belongs on a board's agenda today, and what was changed in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from ilacs_app.access import Actor
from ilacs_app.dates import long_date
from ilacs_app.db import db
from ilacs_app.governance.agenda.model import AgendaEntry
from ilacs_app.governance.agenda.rules import Agenda, AgendaFact, AgendaKind, Arranged, agenda_of
from ilacs_app.governance.challenges.items import askable
from ilacs_app.governance.challenges.queries import BoardQuestion, questions_for_meeting
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, action_rows
from ilacs_app.plan.rules import Status, Timeliness
from ilacs_app.progress.dates.deciders.queries import WaitingDate, deciding_boards, waiting_dates
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.dates.queries import asked_anew


def agenda_for(actor: Actor, board_id: int, meeting_id: int, today: date) -> Agenda:
    """Return the agenda of a meeting as this person sees it, by what stands in live plans today."""
    return agenda_of(agenda_facts(actor, board_id, meeting_id, today), arranged_at(meeting_id))


def arranged_at(meeting_id: int) -> list[Arranged]:
    """Return what was changed in the agenda of a meeting."""
    rows = db.session.execute(
        select(AgendaEntry.key, AgendaEntry.place, AgendaEntry.struck, AgendaEntry.exempt).where(
            AgendaEntry.meeting_id == meeting_id
        )
    )
    return [Arranged(**row._mapping) for row in rows]


@dataclass(frozen=True)
class ExemptItems:
    """What the exempt part of a meeting is about, by id, whether or not it is on the agenda today."""

    actions: frozenset[int] = frozenset()
    recommendations: frozenset[int] = frozenset()
    questions: frozenset[int] = frozenset()


def exempt_items(meeting_id: int) -> ExemptItems:
    """Return what was put into the exempt part of a meeting."""
    entries = db.session.execute(
        select(AgendaEntry.key, AgendaEntry.action_id, AgendaEntry.recommendation_id).where(
            AgendaEntry.meeting_id == meeting_id, AgendaEntry.exempt
        )
    ).all()
    by_kind: dict[str, set[int]] = {kind: set() for kind in AgendaKind}
    for entry in entries:
        kind, _, about = entry.key.partition("-")
        if about.isdigit():  # a deep dive has its ids in columns of their own
            by_kind[kind].add(int(about))
    dates = by_kind[AgendaKind.DATE]
    moved = db.session.scalars(select(DateRequest.action_id).where(DateRequest.id.in_(dates))) if dates else ()
    deep = {entry.action_id for entry in entries if entry.action_id}
    return ExemptItems(
        actions=frozenset({*by_kind[AgendaKind.LATE], *by_kind[AgendaKind.EMBED], *moved, *deep}),
        recommendations=frozenset(entry.recommendation_id for entry in entries if entry.recommendation_id),
        questions=frozenset(by_kind[AgendaKind.QUESTION]),
    )


def agenda_facts(actor: Actor, board_id: int, meeting_id: int, today: date) -> list[AgendaFact]:
    """Return what belongs on the agenda of this board that this person may see.

    Date changes that it decides, overdue actions without a request, verified actions that it may accept as embedded,
    its questions that are not settled, and the deep dives chosen for the meeting.
    """
    asked = asked_anew()
    waiting = waiting_dates(actor, today, board_id=board_id, among=asked)
    late = _rows(actor, Filter(board_id=board_id, timeliness=Timeliness.OVERDUE), today)
    verified = _rows(actor, Filter(board_id=board_id, status=Status.VERIFIED), today)
    leading = deciding_boards([row.id for row in verified], today)
    return [
        *(_of_date(wait) for wait in waiting if wait.decision.led_by(board_id)),
        *(_of_late(row) for row in late if row.id not in asked and row.is_open),
        *(_of_verified(row) for row in verified if any(board.id == board_id for board in leading.get(row.id, ()))),
        *(_of_question(question) for question in questions_for_meeting(actor, board_id, today)),
        *_deep_dives(actor, board_id, meeting_id),
    ]


def _rows(actor: Actor, wanted: Filter, today: date) -> Iterable[ActionRow]:
    rows: dict[int, ActionRow] = {}
    for row in action_rows(actor, wanted, today, size=None):
        rows.setdefault(row.id, row)
    return rows.values()


def _title(row: ActionRow) -> str:
    return f"{row.plan_short} {row.ref} {row.text}" if row.several else f"{row.ref} {row.text}"


def _of_row(row: ActionRow, key: str, kind: AgendaKind, why: str) -> AgendaFact:
    return AgendaFact(key, kind, _title(row), f"/actions/{row.id}", why, action_id=row.id)


def _of_date(wait: WaitingDate) -> AgendaFact:
    now = long_date(wait.row.due_on) if wait.row.due_on else "no date"
    why = f"From {now} to {wait.asked.words}"
    return _of_row(wait.row, f"date-{wait.asked.id}", AgendaKind.DATE, why)


def _of_late(row: ActionRow) -> AgendaFact:
    why = f"{row.days} {'day' if row.days == 1 else 'days'} overdue"
    return _of_row(row, f"late-{row.id}", AgendaKind.LATE, why)


def _of_verified(row: ActionRow) -> AgendaFact:
    return _of_row(row, f"embed-{row.id}", AgendaKind.EMBED, "")


def _of_question(question: BoardQuestion) -> AgendaFact:
    why = f"{question.item}. {question.label}. {question.owner}, by {long_date(question.due_on)}"
    return AgendaFact(
        f"question-{question.id}",
        AgendaKind.QUESTION,
        question.question,
        question.address,
        why,
        action_id=question.action_id,
        recommendation_id=question.recommendation_id,
    )


def _deep_dives(actor: Actor, board_id: int, meeting_id: int) -> Iterable[AgendaFact]:
    chosen = db.session.execute(
        select(AgendaEntry.key, AgendaEntry.action_id, AgendaEntry.recommendation_id)
        .where(AgendaEntry.meeting_id == meeting_id)
        .where(or_(AgendaEntry.action_id.is_not(None), AgendaEntry.recommendation_id.is_not(None)))
        .order_by(AgendaEntry.id)
    ).all()
    for row in chosen:
        item = askable(actor, board_id, action_id=row.action_id, recommendation_id=row.recommendation_id)
        if item is not None:
            at = f"/plans/{item.plan_slug}/recommendations/{item.ref}"
            yield AgendaFact(
                row.key,
                AgendaKind.DEEP_DIVE,
                f"{item.ref} {item.text}",
                f"/actions/{item.action_id}" if item.action_id else at,
                item.label.split()[0],
                action_id=row.action_id,
                recommendation_id=row.recommendation_id,
            )
