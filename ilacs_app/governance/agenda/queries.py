"""What belongs on a board's agenda today, what was on it when the meeting began, and what was changed in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from ilacs_app.access import Actor
from ilacs_app.dates import long_date
from ilacs_app.db import db
from ilacs_app.governance.agenda.model import AgendaEntry, MeetingItem
from ilacs_app.governance.agenda.rules import (
    OF_MEETINGS,
    Agenda,
    AgendaFact,
    AgendaKind,
    Arranged,
    Earlier,
    ExemptItems,
    about_of,
    agenda_of,
    carried,
    come_since,
    id_in,
    still_exempt,
    with_carried,
    with_the_same_subject,
)
from ilacs_app.governance.challenges.items import askable_of
from ilacs_app.governance.challenges.queries import questions_for_meeting, readable_questions
from ilacs_app.governance.challenges.question import BoardQuestion
from ilacs_app.governance.decisions.acceptance import turned_down
from ilacs_app.governance.decisions.model import Decision
from ilacs_app.governance.decisions.rules import DecisionKind
from ilacs_app.governance.minutes.model import Minutes
from ilacs_app.people.boards.model import Board, Meeting
from ilacs_app.plan.lists.filters import Filter
from ilacs_app.plan.lists.rows import ActionRow, People, action_rows, people_of_actions
from ilacs_app.plan.model import ActionPlace, Plan, Recommendation
from ilacs_app.plan.queries import lead_names
from ilacs_app.plan.rules import Status, Timeliness
from ilacs_app.plan.visibility import visible_to
from ilacs_app.progress.dates.deciders.queries import deciding_boards
from ilacs_app.progress.dates.deciders.waiting import WaitingDate, waiting_dates
from ilacs_app.progress.dates.model import DateRequest
from ilacs_app.progress.dates.queries import asked_anew


def agenda_for(actor: Actor, board_id: int, meeting_id: int, today: date) -> Agenda:
    """Return the agenda of a meeting as this person sees it.

    It has what was on it when the meeting began and, until the day of the meeting is over, what belongs on it by what
    is in live plans today.
    """
    facts = facts_at(actor, board_id, meeting_id, today)
    return agenda_of(facts, arrangement(meeting_id, facts))


def facts_at(actor: Actor, board_id: int, meeting_id: int, today: date) -> list[AgendaFact]:
    """Return the items that ``agenda_for`` puts in order."""
    begun = begun_facts(actor, meeting_id)
    on_day = db.session.execute(select(Meeting.on_day).where(Meeting.id == meeting_id)).scalar_one()
    if on_day < today:
        return begun
    return [*begun, *come_since(begun, agenda_facts(actor, board_id, meeting_id, today))]


def begun_facts(actor: Actor, meeting_id: int) -> list[AgendaFact]:
    """Return what was on the agenda of a meeting when it began, of what this person may see; nothing before then."""
    rows = db.session.execute(
        select(
            MeetingItem.key,
            MeetingItem.kind,
            MeetingItem.title,
            MeetingItem.why,
            MeetingItem.action_id,
            MeetingItem.recommendation_id,
        )
        .where(MeetingItem.meeting_id == meeting_id)
        .order_by(MeetingItem.id)
    ).all()
    seen = items_seen(actor, rows)
    facts = []
    for row in rows:
        address = seen.address_of(row)
        if address is not None:
            facts.append(AgendaFact(**{**row._mapping, "kind": AgendaKind(row.kind), "address": address}))
    return facts


@dataclass(frozen=True)
class ItemsSeen:
    """Which items of agendas someone may see, by id: recommendations and minutes with the addresses of their pages."""

    action_ids: Collection[int]
    recommendations: dict[int, str]
    question_ids: Collection[int]
    minutes: dict[int, str]
    asked_first: Mapping[str, int]
    """The question that an item is about which another board referred, by the item's key."""

    def address_of(self, item: Any) -> str | None:
        """Return the page of an item, which has a key and one of two ids; None where it is not theirs to see."""
        if item.key in self.asked_first and self.asked_first[item.key] not in self.question_ids:
            return None
        if item.key.startswith(f"{AgendaKind.QUESTION}-"):
            return f"/challenges/{id_in(item.key)}" if id_in(item.key) in self.question_ids else None
        if _is_of_meeting(item.key):
            return self.minutes.get(id_in(item.key))
        if item.action_id is not None:
            return f"/actions/{item.action_id}" if item.action_id in self.action_ids else None
        return self.recommendations.get(item.recommendation_id)


def items_seen(actor: Actor, items: Collection[Any]) -> ItemsSeen:
    """Return which of these items, each with a key and one of two ids, this person may see.

    At most four queries, and one for each time that an item was referred on. Minutes are for everyone who sees the
    board, as the meeting on whose agenda they are.
    """
    action_ids = {item.action_id for item in items if item.action_id is not None}
    recommendation_ids = {item.recommendation_id for item in items if item.recommendation_id is not None}
    asked_first = _questions_referred({item.key for item in items})
    asked = {id_in(item.key) for item in items if item.key.startswith(f"{AgendaKind.QUESTION}-")}
    asked.update(asked_first.values())
    placed = (
        select(ActionPlace.action_id)
        .join(Recommendation, Recommendation.id == ActionPlace.recommendation_id)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(ActionPlace.action_id.in_(action_ids), visible_to(actor))
    )
    numbered = (
        select(Recommendation.id, Recommendation.number, Plan.slug)
        .join(Plan, Plan.id == Recommendation.plan_id)
        .where(Recommendation.id.in_(recommendation_ids), visible_to(actor))
    )
    rows = db.session.execute(numbered) if recommendation_ids else ()
    return ItemsSeen(
        action_ids=frozenset(db.session.scalars(placed)) if action_ids else frozenset(),
        recommendations={row.id: f"/plans/{row.slug}/recommendations/{row.number}" for row in rows},
        question_ids=readable_questions(actor, asked) if asked else frozenset(),
        minutes=_minutes_pages({id_in(item.key) for item in items if _is_of_meeting(item.key)}),
        asked_first=asked_first,
    )


def _is_of_meeting(key: str) -> bool:
    return key.partition("-")[0] in OF_MEETINGS


def _questions_referred(keys: Collection[str]) -> dict[str, int]:
    """Return the question that was referred, of those of these keys that are about one, however often it was."""
    now = {key: key for key in keys if key.startswith(f"{AgendaKind.REFERRED}-")}
    asked_first: dict[str, int] = {}
    while now:
        ids = {id_in(key) for key in now.values()}
        before = {row.id: row.key for row in db.session.execute(_KEYS.where(Decision.id.in_(ids)))}
        now = {key: before[id_in(referred)] for key, referred in now.items() if id_in(referred) in before}
        asked_first |= {key: id_in(first) for key, first in now.items() if first.startswith(f"{AgendaKind.QUESTION}-")}
        now = {key: referred for key, referred in now.items() if referred.startswith(f"{AgendaKind.REFERRED}-")}
    return asked_first


_KEYS = select(Decision.id, Decision.key)


def _minutes_pages(meeting_ids: Collection[int]) -> dict[int, str]:
    wanted = (
        select(Meeting.id, Meeting.on_day, Board.slug)
        .join(Board, Board.id == Meeting.board_id)
        .where(Meeting.id.in_(meeting_ids))
    )
    rows = db.session.execute(wanted) if meeting_ids else ()
    return {row.id: f"/boards/{row.slug}/meetings/{row.on_day.isoformat()}/minutes" for row in rows}


def arranged_at(meeting_id: int) -> list[Arranged]:
    """Return what was changed in the agenda of a meeting."""
    rows = db.session.execute(
        select(AgendaEntry.key, AgendaEntry.place, AgendaEntry.struck, AgendaEntry.exempt, AgendaEntry.opened).where(
            AgendaEntry.meeting_id == meeting_id
        )
    )
    return [Arranged(**row._mapping) for row in rows]


def arrangement(meeting_id: int, facts: Collection[AgendaFact]) -> list[Arranged]:
    """Return what was changed in the agenda of a meeting, with what is exempt because it was so before.

    ``facts`` are what is on the agenda. What is about the same action or recommendation as an exempt item is exempt.
    """
    arranged = arranged_at(meeting_id)
    if not facts:
        return arranged
    return with_the_same_subject(with_carried(arranged, carried(facts, _earlier(meeting_id))), facts)


def exempt_items(meeting_id: int) -> ExemptItems:
    """Return what was put into the exempt part of a meeting, and what was exempt before and was not opened since.

    It stays exempt where it is on no agenda: papers tell of all that a board governs.
    """
    return still_exempt(_made_exempt(meeting_id, Meeting.on_day <= _HERE.on_day))


def _earlier(meeting_id: int) -> list[Earlier]:
    """Return what was exempt or opened at earlier meetings of the board, in their order."""
    return _made_exempt(meeting_id, Meeting.on_day < _HERE.on_day)


_HERE = aliased(Meeting)


def _made_exempt(meeting_id: int, when: ColumnElement[bool]) -> list[Earlier]:
    """Return what was exempt or opened at those meetings of the board of this one: three queries at most."""
    entries = db.session.execute(
        select(AgendaEntry.key, AgendaEntry.exempt, AgendaEntry.action_id, AgendaEntry.recommendation_id)
        .join(Meeting, Meeting.id == AgendaEntry.meeting_id)
        .join(_HERE, and_(_HERE.id == meeting_id, _HERE.board_id == Meeting.board_id, when))
        .where(or_(AgendaEntry.exempt, AgendaEntry.opened))
        .order_by(Meeting.on_day, AgendaEntry.exempt)
    ).all()
    dates = {id_in(entry.key) for entry in entries if entry.key.startswith(f"{AgendaKind.DATE}-")}
    wanted = select(DateRequest.id, DateRequest.action_id).where(DateRequest.id.in_(dates))
    moved = {row.id: row.action_id for row in db.session.execute(wanted)} if dates else {}
    referred = _items_referred(
        {id_in(entry.key) for entry in entries if entry.key.startswith(f"{AgendaKind.REFERRED}-")}
    )
    made = []
    for entry in entries:
        chosen = (entry.action_id, entry.recommendation_id)
        action_id, recommendation_id = about_of(entry.key, moved, referred, chosen)
        made.append(Earlier(entry.key, entry.exempt, action_id=action_id, recommendation_id=recommendation_id))
    return made


def _items_referred(decision_ids: Collection[int]) -> dict[int, tuple[int | None, int | None]]:
    """Return what these decisions refer to another board: the id of an action or of a recommendation."""
    wanted = select(Decision.id, Decision.action_id, Decision.recommendation_id).where(Decision.id.in_(decision_ids))
    rows = db.session.execute(wanted) if decision_ids else ()
    return {row.id: (row.action_id, row.recommendation_id) for row in rows}


def agenda_facts(actor: Actor, board_id: int, meeting_id: int, today: date) -> list[AgendaFact]:
    """Return what belongs on the agenda of this board that this person may see.

    Minutes that it has to approve, what arises from the newest of them, date changes that it decides, overdue actions
    without a request, verified actions that it may accept as embedded (but for ``turned_down``), its questions that are
    not settled, the deep dives chosen for the meeting, and what other boards referred to it.
    """
    asked = asked_anew()
    waiting = waiting_dates(actor, today, board_id=board_id, among=asked)
    late = _rows(actor, Filter(board_id=board_id, timeliness=Timeliness.OVERDUE), today)
    verified = _rows(actor, Filter(board_id=board_id, status=Status.VERIFIED), today)
    without_news = {entry.action_id for entry in turned_down(board_id)} if verified else frozenset[int]()
    leading = deciding_boards([row.id for row in verified if row.id not in without_news], today)
    return [
        *_minutes(board_id, meeting_id),
        *(_of_date(wait) for wait in waiting if wait.decision.led_by(board_id)),
        *(_of_late(row) for row in late if row.id not in asked and row.is_open),
        *(_of_verified(row) for row in verified if any(board.id == board_id for board in leading.get(row.id, ()))),
        *(_of_question(question) for question in questions_for_meeting(actor, board_id, today)),
        *_deep_dives(actor, board_id, meeting_id),
        *_referred(actor, board_id),
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
        exempt=question.exempt,
    )


def _deep_dives(actor: Actor, board_id: int, meeting_id: int) -> Iterable[AgendaFact]:
    """Yield the deep dives chosen for a meeting, and those that the board put off before and has not come back to."""
    rows = db.session.execute(
        select(AgendaEntry.key, AgendaEntry.action_id, AgendaEntry.recommendation_id)
        .join(Meeting, Meeting.id == AgendaEntry.meeting_id)
        .where(or_(AgendaEntry.meeting_id == meeting_id, _put_off(board_id, meeting_id)))
        .where(or_(AgendaEntry.action_id.is_not(None), AgendaEntry.recommendation_id.is_not(None)))
        .order_by(AgendaEntry.id)
    )
    chosen = {row.key: row for row in rows}.values()
    action_ids = {row.action_id for row in chosen if row.action_id is not None}
    recommendation_ids = {row.recommendation_id for row in chosen if row.recommendation_id is not None}
    items = {
        (item.action_id, item.recommendation_id): item
        for item in askable_of(actor, board_id, action_ids, recommendation_ids)
    }
    for row in chosen:
        item = items.get((row.action_id, row.recommendation_id))
        if item is not None:
            at = f"/plans/{item.plan_slug}/recommendations/{item.ref}"
            yield AgendaFact(
                row.key,
                AgendaKind.DEEP_DIVE,
                f"{item.ref} {item.text}",
                f"/actions/{item.action_id}" if item.action_id else at,
                "Chosen by the chair or secretary",
                action_id=row.action_id,
                recommendation_id=row.recommendation_id,
            )


def _put_off(board_id: int, meeting_id: int) -> ColumnElement[bool]:
    """Match the items of ``AgendaEntry`` that a board deferred before this meeting and has decided nothing on since."""
    put_off, corrects, since = aliased(Decision), aliased(Decision), aliased(Decision)
    at = aliased(Meeting)
    here = select(Meeting.on_day).where(Meeting.id == meeting_id).scalar_subquery()
    deferred = (
        exists()
        .where(put_off.meeting_id == Meeting.id, put_off.key == AgendaEntry.key, put_off.kind == DecisionKind.DEFER)
        .where(~exists().where(corrects.corrects_id == put_off.id).correlate(put_off))
    )
    come_back_to = exists().where(
        since.meeting_id == at.id,
        at.board_id == board_id,
        at.on_day > Meeting.on_day,
        since.key == AgendaEntry.key,
        since.kind != DecisionKind.DEFER,
    )
    before = and_(Meeting.board_id == board_id, Meeting.on_day < here)
    return and_(before, deferred.correlate(Meeting, AgendaEntry), ~come_back_to.correlate(Meeting, AgendaEntry))


def _referred(actor: Actor, board_id: int) -> Iterable[AgendaFact]:
    """Yield what other boards referred to this one and it has not dealt with: it may put that off."""
    dealt_with, later = aliased(Decision), aliased(Decision)
    at = aliased(Meeting)
    key = f"{AgendaKind.REFERRED}-" + cast(Decision.id, Text)
    answered = (
        exists()
        .where(dealt_with.meeting_id == at.id, at.board_id == board_id, dealt_with.key == key)
        .where(dealt_with.kind != DecisionKind.DEFER)
        .correlate(Decision)
    )
    corrected = exists().where(later.corrects_id == Decision.id).correlate(Decision)
    rows = db.session.execute(
        select(
            Decision.id,
            Decision.key,
            Decision.title,
            Decision.action_id,
            Decision.recommendation_id,
            Board.name.label("board"),
            Meeting.on_day,
            func.coalesce(AgendaEntry.exempt, False).label("exempt"),
        )
        .join(Meeting, Meeting.id == Decision.meeting_id)
        .join(Board, Board.id == Meeting.board_id)
        .outerjoin(AgendaEntry, and_(AgendaEntry.meeting_id == Meeting.id, AgendaEntry.key == Decision.key))
        .where(Decision.referred_to_id == board_id, ~answered, ~corrected)
        .order_by(Decision.id)
    ).all()
    seen = items_seen(actor, rows)
    for row in rows:
        address = seen.address_of(row)
        if address is not None:
            yield AgendaFact(
                f"{AgendaKind.REFERRED}-{row.id}",
                AgendaKind.REFERRED,
                row.title,
                address,
                f"By the {row.board}, {long_date(row.on_day)}",
                action_id=row.action_id,
                recommendation_id=row.recommendation_id,
                exempt=bool(row.exempt),
            )


def people_named(facts: Iterable[AgendaFact]) -> dict[str, People]:
    """Return who is named for the action or recommendation of each of these items, by its key: two queries at most.

    A question says itself whom it asks, and an earlier meeting is no one's.
    """
    names_itself = OF_MEETINGS | {AgendaKind.QUESTION}
    about = {fact.key: (fact.action_id, fact.recommendation_id) for fact in facts if fact.kind not in names_itself}
    action_ids = {action_id for action_id, _ in about.values() if action_id is not None}
    recommendation_ids = {recommendation_id for _, recommendation_id in about.values() if recommendation_id is not None}
    of_actions = people_of_actions(action_ids) if action_ids else {}
    leads = lead_names(recommendation_ids) if recommendation_ids else {}
    return {
        key: of_actions.get(action_id, People()) if action_id is not None else People(leads=leads.get(number or 0, ()))
        for key, (action_id, number) in about.items()
    }


def approvals(meeting_id: Any) -> Any:
    """The days of the meetings at which the minutes of a meeting were approved, by its id or a column of ids."""
    later, at = aliased(Decision), aliased(Meeting)
    corrected = exists().where(later.corrects_id == Decision.id).correlate(Decision)
    return (
        select(at.on_day)
        .join(Decision, Decision.meeting_id == at.id)
        .where(Decision.key == f"{AgendaKind.MINUTES}-" + cast(meeting_id, Text))
        .where(Decision.kind == DecisionKind.APPROVE, ~corrected)
    )


def _minutes(board_id: int, meeting_id: int) -> Iterable[AgendaFact]:
    """Yield the published minutes of earlier meetings that a board has not approved, and what arises from the last."""
    here = select(Meeting.on_day).where(Meeting.id == meeting_id).scalar_subquery()
    earlier = aliased(Meeting)
    published = exists().where(Minutes.meeting_id == earlier.id)
    approved = approvals(earlier.id).correlate(earlier).exists()
    rows = db.session.execute(
        select(earlier.id, earlier.on_day, approved.label("approved"), Board.slug)
        .join(Board, Board.id == earlier.board_id)
        .where(earlier.board_id == board_id, earlier.on_day < here, earlier.cancelled_on.is_(None))
        .where(published.correlate(earlier))
        .order_by(earlier.on_day)
    ).all()
    newest = max((row.on_day for row in rows), default=None)
    kinds = [(row, AgendaKind.MINUTES, "Minutes of") for row in rows if not row.approved]
    kinds += [(row, AgendaKind.MATTERS, "Matters arising from the minutes of") for row in rows if row.on_day == newest]
    for row, kind, title in kinds:
        address = f"/boards/{row.slug}/meetings/{row.on_day.isoformat()}/minutes"
        yield AgendaFact(f"{kind}-{row.id}", kind, f"{title} {long_date(row.on_day)}", address)
